"""The command ``cortex new``: a first file of one's own that runs at once."""

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cortex.commands import options
from cortex.errors import UsageError

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario

EXAMPLES = 3
"""Parameters that a new file names as examples."""


@click.command(
    epilog=options.examples(
        "cortex new my_pair",
        "cortex new my_fingers --from finger_expansion",
        "cortex new my_model --model",
        "cortex new my_theory --calculation",
    )
)
@click.argument("name")
@click.option(
    "--from",
    "base",
    default="copy_pair",
    show_default=True,
    metavar="SCENARIO",
    shell_complete=options.completing(options.scenario_names),
    help="Begin with this one.",
)
@click.option(
    "--model", "template", flag_value="model", help="A model with a mechanism of its own instead, in one file."
)
@click.option(
    "--calculation", "template", flag_value="calculation", help="A scenario without a network instead, in one file."
)
def new(name: str, base: str, template: str | None) -> None:
    """Write a commented file to edit: a scenario, a whole model, or a calculation.

    The file NAME.py is written into the current folder, and nothing is ever overwritten.
    """
    path = _write(template, name, Path(), {}) if template else write_scenario(name, Path(), base)
    click.echo(f"{path} is written; edit it, and try it with `cortex run {path} --quick`")


def write_scenario(name: str, folder: Path, base: str) -> Path:
    """Write a scenario file that begins with a shipped scenario.

    Parameters
    ----------
    name : str
        Name of the scenario, with or without ``.py``; letters, digits, ``-`` and ``_``.
    folder : Path
        Where to write it.
    base : str
        Name of the scenario that it begins with.

    Returns
    -------
    path : Path
        The file.

    Raises
    ------
    UsageError
        If a name will not do, or the file exists.
    """
    from cortex.experiment.catalogue import find

    scenario = find(base)
    if scenario.file is not None:
        raise UsageError(f"{base} is no shipped scenario", hint="`cortex list` shows the names; or copy your own file")
    values = {
        "base": scenario.name,
        "module": f"scenarios.{scenario.name}",
        "examples": _examples(scenario),
    }
    return _write("scenario", name, folder, values)


def _examples(scenario: "Scenario") -> str:
    """Return some parameters with their present values, as comments."""
    text = scenario.parameters.as_text()
    names = dict.fromkeys([*(name for name in text if "." not in name), *scenario.quick, *text])
    return "\n".join(f'    # "{name}": "{text[name]}",' for name in list(names)[:EXAMPLES])


def _write(template: str, name: str, folder: Path, values: dict[str, str]) -> Path:
    from cortex.experiment.catalogue import titles
    from cortex.files import explained

    plain = name.removesuffix(".py").replace("-", "_")
    if not plain.isidentifier():
        raise UsageError(
            f'"{name}" is no name for a scenario', hint="take letters, digits and _, beginning with a letter"
        )
    if plain in titles("scenarios"):
        raise UsageError(f'"{plain}" is the name of a shipped scenario', hint="choose another name")
    path = folder / f"{plain}.py"
    if path.exists():
        raise UsageError(f"{path} exists, and is never overwritten", hint="choose another name")
    text = (resources.files("cortex.commands") / "templates" / f"{template}.txt").read_text(encoding="utf-8")
    with explained(path):
        path.write_text(text.format(name=plain, title=plain.replace("_", " "), **values), encoding="utf-8")
    return path
