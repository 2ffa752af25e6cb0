"""The command ``cortex study``: do what is missing of a study, or show what it would cost."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cortex.commands import options
from cortex.engine.seed import LARGEST

if TYPE_CHECKING:
    from cortex.engine.simulation import Backend, Precision
    from cortex.studies.argument import Studies
    from cortex.studies.session import Session
    from cortex.studies.validating import Studies as Validated


@click.command(
    epilog=options.examples(
        "cortex study hold_by_idle -n",
        "cortex study hold_by_idle --quick --seeds 2",
        "cortex study copy_pair -p copies=2,3,4 --null no_hold --seeds 6",
        'cortex study copy_pair -p "copying.learning_rate=log(1e-3,16e-3,5)"',
        "cortex study my_study.toml -j 4",
    )
)
@click.argument(
    "name",
    metavar="NAME|FILE.toml|SCENARIO",
    shell_complete=options.completing(options.study_names, files=True),
)
@click.option(
    "-p",
    "--parameter",
    "parameters",
    multiple=True,
    type=options.PARAMETER,
    metavar="NAME=VALUES",
    help='Vary it: -p rate=a,b,c or -p "rate=log(1,9,3)"; one value fixes it.',
)
@click.option(
    "--null",
    "--condition",
    "nulls",
    multiple=True,
    metavar="NAME",
    shell_complete=options.completing(options.null_names),
    help="Compare the full model with a null model or condition; may be repeated.",
)
@click.option("--seed", type=options.Whole(0, LARGEST), help="Root seed.")
@click.option("--seeds", type=options.Whole(1), metavar="N", help="Paired replicates; 6 or more to tell differences.")
@click.option("--points", type=options.Whole(2), metavar="N", help="Sobol points, a power of 2.")
@options.quick
@options.precision
@options.output(
    "Folder of results [results/NAME; with --quick results/NAME_quick; of a scenario results/SCENARIO_study]."
)
@options.dry_run("Show the runs and what they cost")
@options.jobs("Runs at a time; 1 works in this process")
@click.option("--shard", default="", metavar="I/N", help="Do only the I-th of N parts, as a job of an array.")
@click.option("--scheduler", default="", metavar="ADDRESS|FILE", help="Have the workers of a dask scheduler do it.")
@click.option("-x", "--stop-on-failure", "stop", is_flag=True, help="Stop at the first failed run.")
@click.option("--retry-failed", is_flag=True, help="Do failed runs again.")
@click.option("--accept-changes", is_flag=True, help="Go on though the study, the code or a version has changed.")
@options.backend
@options.as_json
@options.messages
def study(
    name: str,
    parameters: Sequence[tuple[str, str]],
    nulls: tuple[str, ...],
    seed: int | None,
    seeds: int | None,
    points: int | None,
    quick: bool,
    precision: "Precision | None",
    output: Path | None,
    dry_run: bool,
    jobs: int | None,
    shard: str,
    scheduler: str,
    stop: bool,
    retry_failed: bool,
    accept_changes: bool,
    backend: "Backend",
    as_json: bool,
    quiet: bool,
    verbose: bool,
    debug: bool,
) -> None:
    """Do many runs; the same command again does what is missing."""
    from cortex.commands import tables
    from cortex.commands.messages import listen
    from cortex.engine.progress import Progress
    from cortex.files import to_json
    from cortex.pages import pages
    from cortex.studies import named
    from cortex.studies.argument import Answer
    from cortex.studies.source import Changes

    listen(quiet, verbose, debug)
    varied = dict(parameters)
    changes = Changes(varied, settings=nulls, seed=seed, seeds=seeds, points=points, quick=quick, precision=precision)
    planned = named.begin(name, changes, output, backend)
    if dry_run:
        print_plans(planned, shard, jobs, verbose, as_json)
        return
    with Progress(enabled=not quiet) as progress:
        after = planned.carry_out(
            shard=shard,
            jobs=jobs,
            scheduler=scheduler,
            stop=stop,
            retry_failed=retry_failed,
            accept_changes=accept_changes,
            progress=progress,
        )
    if as_json:
        click.echo(to_json(after.summary))
    elif isinstance(after, Answer):
        tables.print_table([("", "claim", "verdict"), *after.rows], head=True)
        click.echo(f"{after.folder}: conclusion.md tells what each rests on, conclusion.png shows it")
        if not quiet:
            click.echo(f"report: {pages.write(after.folder)}", err=True)
    else:
        tables.print_table(tables.study_counts(after.state, len(after.plan)))
        out = after.folder
        click.echo(f"{out}: see it with `cortex status`, `cortex compare` or `cortex report {out}`")
    after.check()


def print_plans(
    planned: "Session | Studies | Validated", shard: str, jobs: int | None, verbose: bool, as_json: bool
) -> None:
    """Print what would be run and what it would cost, of a study or of each of several studies."""
    from cortex.commands import tables
    from cortex.files import to_json
    from cortex.studies.session import Session

    if isinstance(planned, Session):
        _print_plan(planned, shard, jobs, verbose, as_json)
        return
    costs = {name: member.cost(shard, jobs) for name, member in planned.members.items()}
    if as_json:
        about = {"argument": planned.name, "folder": str(planned.out)}
        click.echo(to_json(about | {"studies": {name: cost.as_plain() for name, cost in costs.items()}}))
        return
    rows = [(name, *(dict(cost.rows).get(part, "") for part in ("runs", "time"))) for name, cost in costs.items()]
    tables.print_table([("study", "runs", "time"), *rows], head=True)
    click.echo("nothing was run")
    for name, member in planned.members.items():
        for change in member.changed:
            click.echo(f"{name}, changed since: {change}", err=True)


def _print_plan(planned: "Session", shard: str, jobs: int | None, verbose: bool, as_json: bool) -> None:
    """Print what would be run and what it would cost."""
    from cortex.commands import tables
    from cortex.files import to_json

    cost = planned.cost(shard, jobs)
    if as_json:
        runs = [{"run": run.run, "what": run.label} for run in planned.missing(shard)]
        about = {"study": planned.named.name, "folder": str(planned.out), "planned": len(planned.plan)}
        notes = {"changed": planned.changed, "advice": planned.advice}
        click.echo(to_json(about | {"missing": runs, "cost": cost.as_plain()} | notes))
        return
    first = planned.plan if verbose else planned.plan[:10]
    tables.print_table([("run", "what"), *((run.run, run.label) for run in first)], head=True)
    if len(first) < len(planned.plan):
        click.echo(f"... and {len(planned.plan) - len(first)} more (-v shows all)")
    tables.print_table(cost.rows)
    click.echo("nothing was run")
    for line in [f"changed since: {change}" for change in planned.changed] + planned.advice:
        click.echo(line, err=True)
