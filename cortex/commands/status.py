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
@click.option("--verify", is_flag=True, help="Read the data of all runs, to see whether they are what was written.")
@options.as_json
def status(folder: Path, verify: bool, as_json: bool) -> None:
    """Show what has become of a study's runs."""
    from cortex.errors import RunFailed, UsageError
    from cortex.files import to_json
    from cortex.report import text
    from cortex.studies import plan_file, results_folder, state, table, verification

    results_folder.check(folder)
    planned = plan_file.load(folder)
    if planned is None and not verify:
        hint = "`cortex study` writes one; for single runs there are --verify and `cortex compare DIR --by NAME`"
        raise UsageError(f"{folder} holds no study", hint=hint)
    committed = table.update(folder, planned or [])
    now = state.look(folder, planned or [], committed)
    verified = verification.verify(folder, committed.rows) if verify else None
    if as_json:
        click.echo(to_json(_summary(folder, now, len(planned or [])) | (verified.summary if verified else {})))
    else:
        if planned is not None:
            _print(now, len(planned), len(committed.rows))
        if verified:
            click.echo(verified.text)
    if verified and verified.damaged:
        raise RunFailed(
            f"the data of {text.count(len(verified.damaged), 'run')} are damaged\n"
            "move what is damaged away, and give the command again that made it"
        )


def _print(now: "State", planned: int, committed: int) -> None:
    """Print the counts, then what failed and what runs."""
    from cortex.commands import tables
    from cortex.report import text

    tables.print_table(tables.study_counts(now, planned))
    if now.seconds_left is not None:
        click.echo(f"time left  about {text.duration(now.seconds_left)}")
    elif now.waiting and not now.running:
        click.echo(
            "no run is being written: the study starts, compiles, or has ended; then the same command does the rest"
        )
    if other := committed - len(now.complete):
        click.echo(
            f"beside    {text.count(other, 'complete run')} not in the plan, of other commands or an earlier version"
        )
    for cause, number in now.causes.most_common():
        runs = [run.run for run, reason in now.failed if reason == cause]
        click.echo(f"failed {number}: {cause}\n  {', '.join(runs[:5])}{', ...' if number > 5 else ''}")
    for run, who in now.running:
        since = text.duration(max(0.0, time.time() - who["started"]))
        click.echo(f"running {run.run} ({run.label}) for {since} on {who['host']}, process {who['pid']}")


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
