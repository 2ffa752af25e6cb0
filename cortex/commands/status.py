"""The command ``cortex status``: done, failed by cause, running, waiting, time left."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cortex.commands import options

if TYPE_CHECKING:
    from cortex.studies.state import State


@click.command(epilog=options.examples("cortex status results/hold_by_idle"))
@click.argument("folder", metavar="DIR", type=options.FOLDER)
@options.as_json
def status(folder: Path, as_json: bool) -> None:
    """Show what has become of a study's runs."""
    from cortex.commands import tables
    from cortex.errors import UsageError
    from cortex.files import to_json
    from cortex.report import text
    from cortex.studies import plan, state, table

    planned = plan.load(folder / plan.PLAN)
    if planned is None:
        raise UsageError(
            f"{folder} holds no study", hint="give the folder that `cortex study` wrote, such as results/NAME"
        )
    committed = table.update(folder, planned)
    found = state.look(folder, planned, committed)
    if as_json:
        click.echo(to_json(_summary(folder, found, len(planned))))
        return
    tables.print_table(tables.study_counts(found, len(planned)))
    if found.seconds_left is not None:
        click.echo(f"time left  about {text.duration(found.seconds_left)}")
    elif found.waiting and not found.running:
        click.echo(
            "no run is being written: the study starts, compiles, or has ended; then the same command does the rest"
        )
    if other := len(committed.rows) - len(found.complete):
        click.echo(f"beside    {other} complete runs that are not in the plan, of other commands or an earlier version")
    for cause, number in found.causes.most_common():
        runs = [trial.run for trial, its in found.failed if its == cause]
        click.echo(f"failed {number}: {cause}\n  {', '.join(runs[:5])}{', ...' if number > 5 else ''}")
    for trial, who in found.running:
        since = text.duration(time.time() - who["started"]) if who else "?"
        click.echo(
            f"running {trial.run} ({trial.label}) for {since} on {who.get('host', '?')}, process {who.get('pid')}"
        )


def _summary(folder: Path, found: "State", planned: int) -> dict[str, object]:
    return {
        "folder": str(folder),
        "planned": planned,
        "complete": len(found.complete),
        "failed": {trial.run: cause for trial, cause in found.failed},
        "causes": dict(found.causes),
        "running": [{"run": trial.run, "what": trial.label, **who} for trial, who in found.running],
        "waiting": len(found.waiting),
        "seconds_left": found.seconds_left,
    }
