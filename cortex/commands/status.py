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
    from cortex.studies import plan, results_folder, state, table

    results_folder.check(folder)
    planned = plan.load(folder / plan.PLAN)
    if planned is None:
        hint = "`cortex study` writes one; single runs are compared with `cortex compare DIR --by NAME`"
        raise UsageError(f"{folder} holds no study", hint=hint)
    committed = table.update(folder, planned)
    now = state.look(folder, planned, committed)
    if as_json:
        click.echo(to_json(_summary(folder, now, len(planned))))
        return
    tables.print_table(tables.study_counts(now, len(planned)))
    if now.seconds_left is not None:
        click.echo(f"time left  about {text.duration(now.seconds_left)}")
    elif now.waiting and not now.running:
        click.echo(
            "no run is being written: the study starts, compiles, or has ended; then the same command does the rest"
        )
    if other := len(committed.rows) - len(now.complete):
        click.echo(f"beside    {other} complete runs that are not in the plan, of other commands or an earlier version")
    for cause, number in now.causes.most_common():
        runs = [planned.run for planned, reason in now.failed if reason == cause]
        click.echo(f"failed {number}: {cause}\n  {', '.join(runs[:5])}{', ...' if number > 5 else ''}")
    for run, who in now.running:
        since = text.duration(time.time() - who["started"]) if who else "?"
        click.echo(f"running {run.run} ({run.label}) for {since} on {who.get('host', '?')}, process {who.get('pid')}")


def _summary(folder: Path, now: "State", planned: int) -> dict[str, object]:
    return {
        "folder": str(folder),
        "planned": planned,
        "complete": len(now.complete),
        "failed": {run.run: cause for run, cause in now.failed},
        "causes": dict(now.causes),
        "running": [{"run": run.run, "what": run.label, **who} for run, who in now.running],
        "waiting": len(now.waiting),
        "warned": dict(now.warned),
        "seconds_left": now.seconds_left,
    }
