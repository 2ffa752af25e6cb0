"""The command ``cortex validate``: how a model stands to published experiments and to its null models."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cortex.commands import options
from cortex.engine.seed import LARGEST

if TYPE_CHECKING:
    from cortex.engine.simulation import Backend


@click.command(
    epilog=options.examples(
        "cortex validate",
        "cortex validate copy_pair -n",
        "cortex validate copy_pair --seeds 6",
        "cortex validate results/copy_pair_study",
        "cortex validate all --shard 1/12 -j 2",
    )
)
@click.argument(
    "name",
    metavar="[SCENARIO|all|DIR]",
    default="",
    shell_complete=options.completing(options.scenario_names, files=True),
)
@click.option("--seed", type=options.Whole(0, LARGEST), help="Root seed [that of the checks; in DIR of most runs].")
@click.option("--seeds", type=options.Whole(1), metavar="N", help="Paired replicates [those of the checks].")
@click.option("--reduced", is_flag=True, help="The version for every day: fewer seeds and null models.")
@options.output("Where page, table and figure are kept [results/validation, or validation in DIR].")
@options.dry_run("Show what would be run and what it costs")
@options.jobs("Runs at a time; 1 works in this process")
@click.option("--shard", default="", metavar="I/N", help="Do only the I-th of N parts, as a job of an array.")
@click.option("--retry-failed", is_flag=True, help="Do failed runs again.")
@click.option("--accept-changes", is_flag=True, help="Go on though the study, the code or a version has changed.")
@click.option(
    "--checks",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE.toml",
    help="Checks of your own, of the scenario files beside them, which are executed.",
)
@options.backend
@options.as_json
@options.messages
def validate(
    name: str,
    seed: int | None,
    seeds: int | None,
    reduced: bool,
    output: Path | None,
    dry_run: bool,
    jobs: int | None,
    shard: str,
    retry_failed: bool,
    accept_changes: bool,
    checks: Path | None,
    backend: "Backend",
    as_json: bool,
    quiet: bool,
    verbose: bool,
    debug: bool,
) -> None:
    """Score a model against published experiments, and against null models.

    Without a name, or with a folder, by the runs that are there. With a scenario, or with `all`, the missing runs are
    done first; the same command again goes on. The exit code is 1 if a check is missed that must be passed, unless only
    a part is done, with --shard, or if runs failed.
    """
    from cortex.commands import study, tables
    from cortex.commands.messages import listen
    from cortex.engine.progress import Progress
    from cortex.files import to_json
    from cortex.pages import pages
    from cortex.studies import validating
    from cortex.studies.validation import HEAD

    listen(quiet, verbose, debug)
    how = {"jobs": jobs, "shard": shard, "retry_failed": retry_failed, "accept_changes": accept_changes}
    planned = validating.begin(
        name, seed=seed, seeds=seeds, reduced=reduced, output=output, checks=checks, backend=backend, how=how
    )
    if isinstance(planned, validating.Studies):
        if dry_run:
            study.print_plans(planned, shard, jobs, verbose, as_json)
            if not (shard or as_json) and (parts := planned.shards(jobs)) > 1:
                click.echo(f"in parts of at most {validating.SHARD / 60:g} minutes: --shard I/{parts}", err=True)
            return
        with Progress(enabled=not quiet) as progress:
            planned = planned.carry_out(progress=progress, **how)
    if not dry_run:
        validating.keep(planned)
    if as_json:
        click.echo(to_json(planned.summary))
    else:
        if planned.checks.reduced:
            click.echo("reduced version: fewer seeds and null models")
        if planned.findings:
            tables.print_table([HEAD, *planned.rows], head=True)
        for found in planned.refutations:
            click.echo(f"({found.check.name}) {found.check.sentence}: {planned.refuted(found)}")
        if not planned.checks.is_frozen:
            click.echo("warning: the bands are not those whose digest the file of the checks has", err=True)
        if planned.left_out and not quiet:
            click.echo(planned.left_out, err=True)
        if not planned.counted:
            click.echo(validating.NOTHING.format("results"), err=True)
        if planned.counted and not dry_run:
            shown = ", validation.png shows it" if planned.findings else ""
            click.echo(f"{planned.folder}: validation.md tells what each rests on{shown}")
            if not quiet:
                click.echo(f"report: {pages.write(planned.folder)}", err=True)
    planned.check_runs()
    if not shard:
        planned.check()
