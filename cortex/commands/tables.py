"""What the commands print: parameters, plans, results."""

import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cortex.report import text

if TYPE_CHECKING:
    from cortex.experiment.result import Result
    from cortex.experiment.scenario import Phase
    from cortex.studies.state import State


def phases(listed: "Sequence[Phase]") -> str:
    """Return the phases of a protocol as a table."""
    rows = [(phase.name, f"{float(phase.start):g} s", f"{float(phase.duration):g} s") for phase in listed]
    return text.columns([("phase", "start", "duration"), *rows])


def print_results(results: "Sequence[Result]", scenario_file: Path | None = None) -> None:
    """Print measures beside predictions and bands: values of one run, or means and intervals of several.

    Parameters
    ----------
    results : sequence of Result
    scenario_file : Path, optional
        What made the runs, if it is a file of the user's own.
    """
    from cortex.analysis.statistics import mean_interval
    from cortex.experiment import single_run
    from cortex.experiment.result import HEAD

    several = len(results) > 1
    head = ("measure", "mean", "95 % interval", *HEAD[2:]) if several else HEAD
    print_table([head, *(_means(results) if several else results[0].rows)], head=True)
    alone = [name for name in results[0].predictions if name not in results[0].measures]
    if alone:
        values = {name: [result.predictions[name] for result in results] for name in alone}
        click.echo("\npredicted only")
        print_table([(name, text.interval(mean_interval(values[name]))) for name in alone], indent="  ")
    told: dict[str, list[str]] = {}
    for result in results:
        for warning in result.warnings:
            told.setdefault(warning, []).append(result.run)
    for warning, runs in told.items():
        among = f", {len(runs)} of {text.count(len(results), 'run')}" if several else ""
        click.echo(f"\nwarning{among}: {warning}")
    if results[0].precision != "double":
        click.echo(f"\nin {results[0].precision} precision")
    if results[0].unscored:
        click.echo(f"\nbands are not scored: {results[0].unscored}")
    if not several and (note := single_run.note(results[0].record, results[0].folder, scenario_file)):
        click.echo(f"\n{note}")


def _means(results: "Sequence[Result]") -> "Iterator[tuple[str, ...]]":
    """Return the rows of the table of several runs."""
    from cortex.analysis.reference import ANY, score
    from cortex.analysis.statistics import mean_interval

    first = results[0]
    scored = not first.unscored
    for name in first.measures:
        values = [result.measures[name] for result in results]
        band = first.bands.get(name, ANY)
        mean = mean_interval(values)
        missing = [result.missing[name] for result in results if name in result.missing]
        shown = f"{mean.mean:.4g}" if len(missing) < len(results) else missing[0]
        ends = f"{mean.low:.4g} .. {mean.high:.4g}" if not math.isnan(mean.low) else ""
        if 0 < len(missing) < len(results):
            ends += f" ({missing[0]} in {len(missing)} of {len(results)})"
        predicted = mean_interval([result.predictions.get(name, math.nan) for result in results])
        verdict = score(mean.mean, band) if scored and band != ANY else ""
        yield name, shown, ends, text.number(predicted.mean), text.band(band), {"inside": "yes"}.get(verdict, verdict)


def study_counts(state: "State", planned: int) -> list[tuple[str, str]]:
    """Return how many runs of a study are complete, failed, running and waiting."""
    warned = ", ".join(f"{number} {what}" for what, number in state.warned.most_common())
    return [
        ("complete", f"{len(state.complete)} of {planned}"),
        ("failed", str(len(state.failed))),
        ("running", str(len(state.running))),
        ("waiting", str(len(state.waiting))),
        *([("warned", warned)] if warned else []),
    ]


def print_table(rows: Iterable[Sequence[str]], head: bool = False, indent: str = "") -> None:
    """Print a table on standard output: columns that fit a terminal, plain text in a pipe.

    Parameters
    ----------
    rows : iterable of sequence of str
    head : bool
        Whether the first row is the head of the table.
    indent : str
        Before each line of plain text.
    """
    rows = list(rows)
    if not sys.stdout.isatty():
        click.echo(text.columns(rows, indent))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    shown = Table(box=None, show_header=head, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for number, title in enumerate(rows[0]):
        shown.add_column(title if head else "", overflow="fold", no_wrap=number == 0)
    for row in rows[1:] if head else rows:
        shown.add_row(*(escape(text.printable(cell)) for cell in row))
    Console(highlight=False).print(shown)
