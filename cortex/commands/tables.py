"""What the commands print: parameters, plans, results."""

import math
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from cortex.report import text

if TYPE_CHECKING:
    from cortex.experiment.result import Result
    from cortex.experiment.scenario import Phase
    from cortex.studies.state import State


def phases(listed: "Sequence[Phase]") -> str:
    """Tell the phases of a protocol."""
    rows = [(phase.name, f"{float(phase.start):g} s", f"{float(phase.duration):g} s") for phase in listed]
    return text.columns([("phase", "start", "duration"), *rows])


def results(results: "Sequence[Result]") -> str:
    """Set measures beside predictions and bands: values of one run, or means and intervals of several."""
    from cortex.analysis.reference import ANY
    from cortex.analysis.statistics import summarise

    record = results[0].record
    names = list(dict.fromkeys([*record["measures"], *record["predictions"]]))
    bands = {name: tuple(limits) for name, limits in record["bands"].items()}
    measured, predicted = (
        {name: [_number(result.record[kind].get(name)) for result in results] for name in names}
        for kind in ("measures", "predictions")
    )
    several = len(results) > 1
    head = ("measure", "mean", "95 % interval") if several else ("measure", "value")
    table = [(*head, "prediction", "band", "ok")]
    for row, prediction in zip(summarise(measured, bands), summarise(predicted, {}), strict=True):
        known = row.measure in record["measures"]
        interval = (f"{row.interval.low:.4g} .. {row.interval.high:.4g}",) if several else ()
        verdict = {"inside": "yes"}.get(row.mean_score, row.mean_score) if row.band != ANY else ""
        table.append(
            (
                row.measure,
                *((f"{row.interval.mean:.4g}", *interval) if known else ("",) * (len(head) - 1)),
                f"{prediction.interval.mean:.4g}" if row.measure in record["predictions"] else "",
                text.band(row.band),
                verdict,
            )
        )
    return text.columns(table)


def study_counts(state: "State", planned: int) -> list[tuple[str, str]]:
    """Return how many runs of a study are complete, failed, running and waiting."""
    return [
        ("complete", f"{len(state.complete)} of {planned}"),
        ("failed", str(len(state.failed))),
        ("running", str(len(state.running))),
        ("waiting", str(len(state.waiting))),
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
    from rich.table import Table

    shown = Table(box=None, show_header=head, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for number, title in enumerate(rows[0]):
        shown.add_column(title if head else "", overflow="fold", no_wrap=number == 0 and len(rows[0]) < 4)
    for row in rows[1:] if head else rows:
        shown.add_row(*map(escape, row))
    Console(highlight=False).print(shown)


def _number(value: float | None) -> float:
    return math.nan if value is None else value
