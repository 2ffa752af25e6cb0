"""What ``cortex run`` tells of complete runs: measures as a table or as plain values, folders and films."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from cortex.experiment.result import Result


def summary(result: "Result", film: Path | None = None) -> dict[str, Any]:
    """Return what ``--json`` prints of a run, with the file of its film if one was asked for."""
    return result.summary | ({"film": str(film)} if film else {})


def print_results(
    results: "Sequence[Result]", films: Sequence[Path], quiet: bool, scenario_file: Path | None = None
) -> None:
    """Print the table of measures, where each run is, and which file to look at."""
    from cortex.commands import tables

    tables.print_results(results, scenario_file)
    click.echo()
    for result in results:
        click.echo(result.folder)
    for film in films:
        click.echo(film)
    for result in results:
        if result.report and not quiet:
            click.echo(f"report: {result.report}", err=True)
