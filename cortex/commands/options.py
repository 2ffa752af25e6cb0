"""Options that several commands share, and what a shell completes after them."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from cortex.engine.cores import cores
from cortex.report.text import count

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario

Command = TypeVar("Command", bound=Callable[..., Any])

PATH = click.Path(path_type=Path)
FOLDER = click.Path(path_type=Path, file_okay=False)


class Assignment(click.ParamType[tuple[str, str]]):
    """``NAME=VALUE``, read as a pair of texts.

    Parameters
    ----------
    names : callable
        ``names(context)`` returns the names that a shell completes.
    """

    name = "NAME=VALUE"

    def __init__(self, names: Callable[[click.Context], Iterable[str]]) -> None:
        self.names = names

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Return name and value."""
        name, sign, text = str(value).partition("=")
        if not sign:
            self.fail(f"{value}  has no value; write {value}=VALUE", param, ctx)
        return name.strip(), text.strip()

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the names that begin like this, each with its equals sign."""
        return [CompletionItem(f"{name}=") for name in self.names(ctx) if name.startswith(incomplete)]


class Whole(click.IntRange):
    """A whole number from a least value on."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number; an error tells what is allowed."""
        try:
            return int(super().convert(value, param, ctx))
        except click.BadParameter:
            allowed = f"of {self.min} or more" if self.max is None else f"from {self.min} to {self.max}"
            self.fail(f"{value} is not a whole number {allowed}", param, ctx)


def completing(names: Callable[[click.Context], Iterable[str]], files: bool = False) -> Callable[..., Any]:
    """Return what click asks for completions: names that begin as typed, and files if none does.

    Parameters
    ----------
    names : callable
        ``names(context)`` returns all names.
    files : bool
        Whether the path of a file may stand there too.
    """

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        plain = incomplete.replace("-", "_")
        items = [CompletionItem(name) for name in names(ctx) if name.startswith(plain)]
        return items or ([CompletionItem(incomplete, type="file")] if files else [])

    return complete


def scenario_names(ctx: click.Context) -> list[str]:
    """Return the names of all scenarios."""
    from cortex.experiment import catalogue

    return [*catalogue.titles("scenarios"), *catalogue.plugins()]


def study_names(ctx: click.Context) -> list[str]:
    """Return the names of all ready-made studies and of all scenarios, which can be swept."""
    from cortex.experiment import catalogue

    return [*catalogue.studies(), *scenario_names(ctx)]


def parameter_names(ctx: click.Context) -> list[str]:
    """Return the names of all parameters of the scenario that is typed before."""
    scenario = _scenario(ctx)
    return scenario.parameters.names() if scenario else []


def null_names(ctx: click.Context) -> list[str]:
    """Return the null models and conditions of the scenario that is typed before."""
    scenario = _scenario(ctx)
    return list(scenario.settings) if scenario else []


def measure_names(ctx: click.Context) -> list[str]:
    """Return the measures of the runs in the folder that is typed before."""
    from cortex.studies import table

    return table.update(Path(_first(ctx, "folder")), write=False).measures


def compared_names(ctx: click.Context) -> list[str]:
    """Return what the runs in the folder that is typed before may be compared by."""
    from cortex.studies import selection, table

    runs = table.update(Path(_first(ctx, "folder")), write=False)
    return [selection.CONDITION, *selection.KINDS, *runs.parameters]


def _first(ctx: click.Context, name: str) -> str:
    """Return the first argument; click leaves it in ``args`` if the option before the cursor has no value yet."""
    return str(ctx.params.get(name) or next(iter(ctx.args), ""))


def _scenario(ctx: click.Context) -> "Scenario | None":
    """Return the scenario whose name, or whose study's name, is typed before; None if there is none."""
    from cortex.errors import CortexError
    from cortex.experiment import catalogue

    name = _first(ctx, "name")
    try:
        if name.endswith(".toml") or name.replace("-", "_") in catalogue.studies():
            from cortex.studies import source

            return source.find(name).scenario
        return catalogue.find(name)
    except CortexError:
        return None


PARAMETER = Assignment(parameter_names)
WHERE = Assignment(compared_names)

backend = click.option(
    "--backend",
    type=click.Choice(["auto", "cpp", "plain", "numpy"]),
    default="auto",
    help="How to simulate: cpp, numpy, or plain, which is C++ as Brian2 itself writes it [cpp if there is a compiler].",
)

precision = click.option(
    "--precision",
    type=click.Choice(["double", "single"]),
    help="Of all numbers but times, part of what a run is [double].",
)

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")

svg = click.option("--svg", is_flag=True, help="Draw figures as SVG too, beside PNG.")

quick = click.option("--quick", is_flag=True, help="A short version, for which no band is scored.")


def jobs(what: str) -> Callable[[Command], Command]:
    """Add ``--jobs``."""
    return click.option("-j", "--jobs", type=Whole(1), metavar="N", help=f"{what} [all {count(cores(), 'core')}].")


threads = click.option(
    "--threads",
    type=Whole(1),
    metavar="N",
    help="Most threads of each simulation; they change no number [the cores that --jobs leaves].",
)


def output(where: str) -> Callable[[Command], Command]:
    """Add ``--output``, with what is taken by default."""
    return click.option("-o", "--output", type=FOLDER, metavar="DIR", help=where)


def scenario(what: str) -> Callable[[Command], Command]:
    """Add ``--scenario``, a file that the user has executed."""
    kind = click.Path(path_type=Path, exists=True, dir_okay=False)
    return click.option("--scenario", "scenario_file", type=kind, metavar="FILE.py", help=f"{what}.")


def dry_run(what: str) -> Callable[[Command], Command]:
    """Add ``--dry-run``."""
    return click.option("-n", "--dry-run", is_flag=True, help=f"{what}; write nothing.")


def messages(command: Command) -> Command:
    """Add ``--quiet``, ``--verbose`` and ``--debug``."""
    for option in (
        click.option("--debug", is_flag=True, help="Tracebacks; a run keeps its generated program."),
        click.option("-v", "--verbose", is_flag=True, help="More messages."),
        click.option("-q", "--quiet", is_flag=True, help="No progress, no messages but errors."),
    ):
        command = option(command)
    return command


def examples(*lines: str) -> str:
    """Return the examples at the end of a command's help."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
