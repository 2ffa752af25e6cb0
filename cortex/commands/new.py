"""The command ``cortex new``: a first scenario of one's own, a short file that runs at once."""

from pathlib import Path

import click

from cortex.commands import options
from cortex.errors import UsageError

TEMPLATE = '''"""{title}: the protocol of copy_pair with parameters of my own.

Run it with ``cortex run {name}.py`` or ``python {name}.py``; add ``--quick`` for a short version.
"""

from dataclasses import replace

from cortex import main
from scenarios.copy_pair import SCENARIO as COPY_PAIR

# Only what differs from copy_pair; `cortex show copy_pair` lists every parameter with its unit and bounds.
PARAMETERS = {{
    "copies": "3",
}}


def measure(parameters, recordings):
    """Measure what copy_pair measures, and anything else that is computed from the recordings here."""
    measures = COPY_PAIR.measure(parameters, recordings)
    # Spike times, weights and rates are arrays in SI units: list(recordings) names the arms of the run,
    # list(recordings["..."]) the arrays of one. Add a line such as measures["my_measure"] = 1.0
    return measures


SCENARIO = replace(
    COPY_PAIR,
    name="{name}",
    title="{title}",
    parameters=COPY_PAIR.parameters.override(PARAMETERS),
    measure=measure,
)

if __name__ == "__main__":
    main(SCENARIO)
'''


@click.command(epilog=options.examples("cortex new my_scenario", "cortex run my_scenario.py --quick"))
@click.argument("name")
def new(name: str) -> None:
    """Write a commented scenario file to edit."""
    path = write_scenario(name, Path())
    click.echo(f"{path} is written; edit it, and try it with `cortex run {path} --quick`")


def write_scenario(name: str, folder: Path) -> Path:
    """Write a commented scenario file.

    Parameters
    ----------
    name : str
        Name of the scenario, with or without ``.py``; letters, digits, ``-`` and ``_``.
    folder : Path
        Where to write it.

    Returns
    -------
    path : Path
        The file.

    Raises
    ------
    UsageError
        If the name will not do, or the file exists.
    """
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
    with explained(path):
        path.write_text(TEMPLATE.format(name=plain, title=plain.replace("_", " ")), encoding="utf-8")
    return path
