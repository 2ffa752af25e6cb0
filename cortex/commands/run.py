"""The command ``cortex run``: plan, run, resume, repeat, and tell the results."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cortex.commands import options
from cortex.engine.cores import cores
from cortex.engine.seed import LARGEST
from cortex.errors import UsageError

if TYPE_CHECKING:
    from cortex.engine.simulation import Backend, Precision
    from cortex.experiment.identity import Run
    from cortex.experiment.result import Result
    from cortex.experiment.scenario import Scenario


@click.command(
    epilog=options.examples(
        "cortex run copy_pair --quick",
        'cortex run copy_pair -p copies=3 -p training.hold="30 s" --seeds 4',
        "cortex run copy_pair --null no_hold",
        "cortex run results/copy_pair/runs/0123456789-r000   (repeats that run)",
    )
)
@click.argument(
    "name",
    metavar="NAME|FILE.py|RUN_FOLDER",
    shell_complete=options.completing(options.scenario_names, files=True),
)
@click.option(
    "-p", "--parameter", "parameters", multiple=True, type=options.PARAMETER, help='Set it: -p training.hold="30 s".'
)
@click.option(
    "--null",
    "--condition",
    "null",
    default="",
    metavar="NAME",
    help="A null model or condition of the scenario.",
    shell_complete=options.completing(options.null_names),
)
@click.option("--seed", type=options.Whole(0, LARGEST), default=0, show_default=True, help="Root seed.")
@click.option("--seeds", type=options.Whole(1), default=1, metavar="N", help="Run N replicates.")
@options.quick
@options.precision
@click.option("--trust", is_flag=True, help="Of a run folder: execute the scenario file that is kept in it.")
@options.scenario("Of a run folder: its scenario file, to be executed instead of what the folder keeps")
@options.output("Folder of results [results/NAME].")
@options.dry_run("Show phases and the time and memory needed")
@options.jobs("Simulations at a time")
@options.threads
@options.backend
@options.svg
@click.option("--animate", is_flag=True, help="Draw the run as a film too, figures/film.gif, if its scenario has one.")
@options.as_json
@options.messages
@click.pass_obj
def run(
    scenario: "Scenario | None",
    name: str,
    parameters: Sequence[tuple[str, str]],
    null: str,
    seed: int,
    seeds: int,
    quick: bool,
    precision: "Precision | None",
    trust: bool,
    scenario_file: Path | None,
    output: Path | None,
    dry_run: bool,
    jobs: int | None,
    threads: int | None,
    backend: "Backend",
    svg: bool,
    animate: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    debug: bool,
) -> None:
    """Run a scenario, or repeat the run of a folder."""
    from cortex.commands import repetition
    from cortex.commands.messages import listen
    from cortex.commands.told import print_results, summary
    from cortex.experiment import catalogue, film
    from cortex.experiment.identity import Run, identity
    from cortex.experiment.repeat import recorded_run
    from cortex.files import to_json
    from cortex.studies import plan

    listen(quiet, verbose, debug)
    jobs = jobs or cores()
    if scenario is None and Path(name).is_dir() and name.replace("-", "_") not in catalogue.titles("scenarios"):
        if parameters or quick or precision or null or seed or seeds > 1:
            raise UsageError(
                "a run folder is repeated as it is", hint="to change something, give the scenario's name instead"
            )
        if dry_run and not scenario_file and repetition.print_kept(Path(name)):
            return
        again, first = recorded_run(Path(name), scenario_file, trust)
        if animate:
            film.check(again.scenario)
        if dry_run:
            _print_plan(again, 1, None, backend, jobs)
            return
        same = first.record.get("backend") or backend if backend == "auto" else backend
        damage = repetition.damage(first)
        out = output or repetition.free_folder(first.folder)
        results = _run_all([again], out, same, jobs, threads, svg, quiet, debug)
        films = [film.make(again, result) for result in results if animate]
        repetition.tell(first, results[0], damage, films, as_json, quiet)
        return
    if trust or scenario_file:
        raise UsageError(f"{name} is no run folder", hint="--trust and --scenario are for the repetition of a run")
    scenario = scenario or catalogue.find(name)
    if animate:
        film.check(scenario)
    try:
        resolved = scenario.resolve(dict(parameters), quick=quick, null=null)
    except UsageError as error:
        several = next((f"{key}={value}" for key, value in parameters if "," in value), "")
        hint = f"{error.hint}; for several values of a parameter: cortex study {name} -p {several}"
        raise UsageError(error.title, error.problems, hint if several else error.hint) from None
    plan.check_number(seeds)
    first_run = Run(scenario, resolved, seed, 0, quick, null, precision or "double", identity(scenario))
    out = output or Path("results") / scenario.name
    if dry_run:
        _print_plan(first_run, seeds, out, backend, jobs)
        return
    runs = [replace(first_run, replicate=replicate) for replicate in range(seeds)]
    results = _run_all(runs, out, backend, jobs, threads, svg, quiet, debug)
    films = [film.make(run, result) for run, result in zip(runs, results, strict=True) if animate]
    if as_json:
        told = [summary(*one) for one in zip_longest(results, films)]
        click.echo(to_json(told[0] if len(results) == 1 else _joined(results, told)))
    else:
        print_results(results, films, quiet, scenario.file)


def _run_all(
    runs: "Sequence[Run]",
    out: Path,
    backend: "Backend",
    jobs: int,
    threads: int | None,
    svg: bool,
    quiet: bool,
    debug: bool,
) -> "list[Result]":
    """Return the results of all runs, after doing those that are not complete yet."""
    from cortex.engine.progress import Progress
    from cortex.experiment.run import complete, find_result
    from cortex.pages import run_page
    from cortex.report import text

    missing = {run.id for run in runs if not find_result(run, out)}
    results: list[Result] = []
    try:
        with Progress(enabled=not quiet and bool(missing)) as progress:
            whole = progress.task(f"{len(missing)} replicates", len(missing)) if len(missing) > 1 else None
            for number, run in enumerate(runs, start=1):
                progress.prefix = f"replicate {number} of {len(runs)}: " if len(runs) > 1 else ""
                result = complete(
                    run,
                    out,
                    backend=backend,
                    jobs=jobs,
                    threads=threads,
                    svg=svg,
                    progress=progress,
                    keep_program=debug,
                )
                results.append(result)
                run_page.keep(result, run.scenario)
                if whole:
                    whole.update(sum(result.run in missing for result in results))
            if whole:
                whole.finish()
    except KeyboardInterrupt as interrupt:
        done = sum(find_result(run, out) is not None for run in runs)
        interrupt.add_note(
            f"{text.share(done, len(runs), 'run')} complete in {out / 'runs'}; the same command makes the rest,"
            " and what ends in .partial is safe to delete"
        )
        raise
    if not missing and not quiet:
        folder = runs[0].folder(out)
        click.echo(f"complete already; `cortex run {folder}` repeats it, another --seed makes a new run", err=True)
    return results


def _print_plan(first: "Run", seeds: int, out: Path | None, backend: "Backend", jobs: int) -> None:
    """Print what would be run and what it would cost, without the runs that are complete in a folder of results."""
    from cortex.commands import tables
    from cortex.engine.backend import choose
    from cortex.experiment import calculation, estimate
    from cortex.experiment.run import find_result

    calculation.check(first.scenario, backend)
    if phases := first.scenario.phases(first.parameters):
        click.echo(tables.phases(phases))
    done = sum(find_result(replace(first, replicate=n), out) is not None for n in range(seeds)) if out else 0
    if done:
        click.echo(f"{done} of {seeds} complete already in {out}")
    if done < seeds:
        simulator = "numpy" if choose(backend).backend == "numpy" else "cpp"
        tables.print_table(estimate.plan(first, seeds - done, simulator, jobs))
    click.echo("nothing was run")


def _joined(results: "Sequence[Result]", told: list[dict[str, Any]]) -> dict[str, object]:
    """Join the results of several seeds: means and intervals, and what is told of each run."""
    from cortex.analysis.statistics import mean_interval

    shared = ("scenario", "status", "quick", "null", "seed")
    first = results[0].record
    intervals = {
        name: mean_interval([result.measures[name] for result in results])._asdict() for name in first["measures"]
    }
    return {
        **{key: first[key] for key in shared},
        "precision": results[0].precision,
        "seeds": len(results),
        "measures": intervals,
        "runs": told,
    }
