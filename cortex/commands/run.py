"""The command ``cortex run``: plan, run, resume, repeat, and tell the results."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from cortex.analysis.statistics import mean_interval
from cortex.commands import tables
from cortex.commands.messages import listen
from cortex.engine.compiler import find_compiler
from cortex.engine.progress import Progress
from cortex.engine.simulation import Backend
from cortex.errors import RunFailed, UsageError
from cortex.experiment import catalogue, estimate
from cortex.experiment.repeat import differences, recorded_run
from cortex.experiment.result import Result
from cortex.experiment.run import Run, execute, find_result
from cortex.experiment.scenario import Scenario
from cortex.files import to_json
from cortex.report import text


@dataclass(frozen=True)
class Options:
    """The options of the command, as typed."""

    changes: tuple[str, ...]
    seed: int
    seeds: int
    output: Path | None
    dry_run: bool
    jobs: int
    quick: bool
    null: str
    backend: Backend
    as_json: bool
    quiet: bool
    verbose: bool
    debug: bool

    @property
    def overrides(self) -> dict[str, str]:
        """Parameter values by dotted name."""
        if wrong := [f"-p {change}  has no value" for change in self.changes if "=" not in change]:
            raise UsageError("options", wrong, 'give a parameter as -p name=value, such as -p drive.rate="20 Hz"')
        pairs = (change.split("=", 1) for change in self.changes)
        return {name.strip(): value.strip() for name, value in pairs}


def run(name: str, options: Options, scenario: Scenario | None = None) -> None:
    """Run what is named: a scenario, a scenario file, or a run folder; or the scenario at hand."""
    listen(options.quiet, options.verbose, options.debug)
    if scenario is None and Path(name).is_dir() and name.replace("-", "_") not in catalogue.titles("scenarios"):
        _repeat(Path(name), options)
        return
    scenario = scenario or catalogue.find(name)
    parameters = scenario.resolve(options.overrides, quick=options.quick, null=options.null)
    runs = [
        Run(scenario, parameters, options.seed, replicate, options.quick, options.null)
        for replicate in range(options.seeds)
    ]
    if options.dry_run:
        _plan(runs, options)
        return
    results = _run_all(runs, options.output or Path("results") / scenario.name, options)
    if options.as_json:
        click.echo(to_json(results[0].summary if len(results) == 1 else _summary(results)))
    else:
        _tell(results)


def _run_all(runs: Sequence[Run], out: Path, options: Options) -> list[Result]:
    """Run what is not complete yet."""
    complete = {one.id: result for one in runs if (result := find_result(one, out))}
    if len(complete) == len(runs):
        found = complete[runs[0].id]
        others = f", and so are the other {len(runs) - 1}" if len(runs) > 1 else ""
        raise UsageError(
            f"{found.folder} is complete already{others}: same parameters and seed, version {found.version}",
            hint="take another --seed, write to another folder with -o DIR, or move it away",
        )
    try:
        with Progress(enabled=not options.quiet) as progress:
            for one in runs:
                if one.id not in complete:
                    complete[one.id] = execute(
                        one, out, options.backend, options.jobs, progress, keep_program=options.debug
                    )
    except KeyboardInterrupt as interrupt:
        interrupt.add_note(
            f"{len(complete)} of {len(runs)} runs are complete in {out / 'runs'}; the same command makes the rest,"
            " and what ends in .partial is safe to delete"
        )
        raise
    return [complete[one.id] for one in runs]


def _repeat(folder: Path, options: Options) -> None:
    """Run what is in a run folder again, and compare."""
    if options.changes or options.quick or options.null or options.seed or options.seeds > 1:
        raise UsageError(
            "a run folder is repeated as it is", hint="to change something, give the scenario's name instead"
        )
    again, first = recorded_run(folder)
    if options.dry_run:
        _plan([again], options)
        return
    results = folder.resolve().parents[1]
    free = next(out for number in itertools.count(1) if not (out := results / f"repeat-{number}").exists())
    if options.backend == "auto":
        options = replace(options, backend=first.record["backend"])
    [second] = _run_all([again], options.output or free, options)
    differing = differences(first, second)
    if options.as_json:
        click.echo(to_json(second.summary | {"repeats": str(folder), "identical": not differing}))
    else:
        _tell([second])
        click.echo(f"compared with {folder}: {'different' if differing else 'all measures are identical'}")
    if differing:
        raise RunFailed(
            f"the repeat of {folder} came out different: {', '.join(differing)}\n"
            f"made then by version {first.version} with {first.record['backend']} {first.record['compiler']}, "
            f"now by version {second.version} with {second.record['backend']} {second.record['compiler']}"
        )


def _plan(runs: Sequence[Run], options: Options) -> None:
    """Tell what would be run and what it would cost."""
    backend = options.backend
    if backend == "auto":
        backend = "cpp" if find_compiler() else "numpy"
    click.echo(tables.phases(runs[0].scenario.phases(runs[0].parameters)))
    click.echo(text.columns(estimate.plan(runs, backend, options.jobs)))
    click.echo("nothing was run")


def _summary(results: Sequence[Result]) -> dict[str, object]:
    """Join the results of several seeds: means and intervals, and each run by itself."""
    shared = ("scenario", "status", "quick", "null", "seed")
    first = results[0].record
    intervals = {
        name: mean_interval([result.record["measures"][name] for result in results])._asdict()
        for name in first["measures"]
    }
    return {
        **{key: first[key] for key in shared},
        "seeds": len(results),
        "measures": intervals,
        "runs": [result.summary for result in results],
    }


def _tell(results: Sequence[Result]) -> None:
    click.echo(tables.results(results))
    for result in results:
        click.echo(result.folder)
