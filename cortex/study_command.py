"""The command ``cortex study``: read or write the study file, plan, estimate, and do what is missing."""

import difflib
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from cortex import tables
from cortex.errors import RunFailed, UsageError
from cortex.experiment import catalogue
from cortex.experiment.engine import Backend
from cortex.experiment.progress import Progress
from cortex.experiment.run_folder import to_json
from cortex.experiment.scenario import Scenario
from cortex.messages import listen
from cortex.study import engines, environment, plan, state, study_file, trials, values
from cortex.study.conduct import Result, conduct, orders
from cortex.study.engines import InProcess, LocalProcesses
from cortex.study.files import replace_text
from cortex.study.plan import Trial
from cortex.study.study_file import Study

logger = logging.getLogger(__name__)

FILE = "study.toml"


@dataclass(frozen=True)
class Options:
    """The options of the command, as typed."""

    changes: tuple[str, ...]
    seed: int | None
    seeds: int | None
    points: int | None
    nulls: tuple[str, ...]
    output: Path | None
    dry_run: bool
    jobs: int | None
    shard: str
    scheduler: str
    stop: bool
    retry_failed: bool
    accept_changes: bool
    quick: bool
    backend: Backend
    as_json: bool
    quiet: bool
    verbose: bool
    debug: bool


@dataclass(frozen=True)
class Found:
    """A study with what its names stand for.

    Attributes
    ----------
    study : Study
    text : str
        Its file.
    scenario : Scenario
    name : str
        For its folder of results.
    out : Path
    """

    study: Study
    text: str
    scenario: Scenario
    name: str
    out: Path


def study(name: str, options: Options) -> None:
    """Do what is missing of a study: a study file, a ready-made study, or a sweep over a scenario as typed."""
    listen(options.quiet, options.verbose, options.debug)
    shard = _shard(options.shard)
    found = _find(name, options)
    facts = environment.facts(options.backend, found.scenario.file)
    planned = _plan(found, facts)
    mine = [trial for number, trial in enumerate(planned) if number % shard[1] == shard[0] - 1]
    if options.dry_run:
        _tell_plan(found, planned, mine, options, facts["backend"])
        return
    _check_unchanged(found, facts, options.accept_changes)
    _keep(found, facts, planned)
    done = state.look(found.out, planned, trials.update(found.out, planned))
    todo = _todo(done, mine, options.retry_failed)
    result = _do(found, todo, facts, options) if todo else Result()
    _finish(found, planned, options, result)


def _find(name: str, options: Options) -> Found:
    """Read the study that is named; changes typed beside it give another one."""
    ready = catalogue.studies()
    path = Path(name) if name.endswith(".toml") else ready.get(name.replace("-", "_"))
    if path is None:
        return _typed(name, options)
    text = study_file.read_text(path)
    given, problems = study_file.parse(text, path.name)
    if given is None:
        raise study_file.told(path.name, problems)
    try:
        scenario = _scenario(given.scenario, path)
    except UsageError as error:
        raise study_file.told(path.name, [*problems, ("scenario", error.title)]) from None
    typed = bool(options.changes or options.nulls or options.quick) or any(
        number is not None for number in (options.seed, options.seeds, options.points)
    )
    if typed:
        given = _with_typed(given, scenario, options)
        text = study_file.write(given.model_copy(update={"scenario": str(scenario.file or scenario.name)}))
    problems += study_file.check(given, scenario)
    if problems:
        raise study_file.told(path.name, problems)
    kept = path.name == FILE and (path.parent / plan.PLAN).exists() and not typed
    label = path.stem + ("_quick" if options.quick else "")
    out = options.output or (path.parent if kept else Path("results") / label)
    return Found(given, text, scenario, label, out)


def _typed(name: str, options: Options) -> Found:
    """Make a study of what is typed after the name of a scenario."""
    if name.replace("-", "_") not in catalogue.titles("scenarios") and not name.endswith(".py"):
        known = [*catalogue.studies(), *catalogue.titles("scenarios"), *catalogue.plugins()]
        if name not in catalogue.plugins():
            from cortex.errors import did_you_mean

            hint = "give a study file, a ready-made study, or a scenario to sweep; `cortex list` shows all"
            raise UsageError(f'no study "{name}"{did_you_mean(name, known)}', hint=hint)
    scenario = catalogue.find(name)
    written = str(scenario.file or scenario.name)
    given = _with_typed(Study(scenario=written), scenario, options)
    if not given.vary and not given.conditions and given.seeds == 1:
        raise UsageError(
            f"nothing varies in this study of {scenario.name}",
            hint='vary a parameter with -p NAME=a,b,c or -p "NAME=log(1e-3,1e-1,5)", or add --seeds N or --null NAME',
        )
    if problems := study_file.check(given, scenario):
        raise study_file.told("the study", problems)
    label = f"{scenario.name}_study"
    return Found(given, study_file.write(given), scenario, label, options.output or Path("results") / label)


def _with_typed(given: Study, scenario: Scenario, options: Options) -> Study:
    """Change a study by what was typed."""
    if wrong := [f"-p {change}  has no value" for change in options.changes if "=" not in change]:
        raise UsageError("options", wrong, "give a parameter as -p name=value, or -p name=a,b,c to vary it")
    fixed, vary, conditions = dict(given.fixed), dict(given.vary), dict(given.conditions)
    lists = [name for name in scenario.parameters.names() if isinstance(scenario.parameters.get(name), tuple)]
    for name, text in (change.split("=", 1) for change in options.changes):
        name = name.strip()
        typed = values.split(text.strip(), name in lists)
        fixed.pop(name, None)
        vary.pop(name, None)
        varies = isinstance(typed, list) or values.is_call(typed)
        (vary if varies else fixed)[name] = typed
    if options.nulls:
        conditions = (conditions or {"full": {}}) | {null: {"null": null} for null in options.nulls}
    changed = {
        "fixed": fixed,
        "vary": vary,
        "conditions": conditions,
        "seed": given.seed if options.seed is None else options.seed,
        "seeds": given.seeds if options.seeds is None else options.seeds,
        "points": given.points if options.points is None else options.points,
        "quick": given.quick or options.quick,
    }
    return given.model_copy(update=changed)


def _scenario(name: str, path: Path) -> Scenario:
    """Find the scenario of a study file; a path counts from that file, or is as it was when the file was kept."""
    file = path.parent / name
    kept = environment.load(path.parent)
    if not file.exists() and kept and kept.get("scenario_file"):
        file = Path(kept["scenario_file"])
    return catalogue.find(str(file) if name.endswith(".py") else name)


def _shard(text: str) -> tuple[int, int]:
    """Read I/N."""
    if not text:
        return 1, 1
    words = text.split("/")
    if len(words) == 2 and all(word.isdecimal() for word in words) and 1 <= int(words[0]) <= int(words[1]):
        return int(words[0]), int(words[1])
    raise UsageError(
        f'--shard "{text}" is no part of a whole', hint="give I/N with I from 1 to N, such as --shard 3/10"
    )


def _plan(found: Found, facts: Mapping[str, str]) -> list[Trial]:
    """Give the plan: the one that was kept, if it is of the same study and sources, or else a new one."""
    kept = environment.load(found.out)
    same = kept is not None and kept["made_with"][-1] == facts and _kept_text(found.out) == found.text
    return (plan.load(found.out / plan.PLAN) if same else None) or plan.make(found.study, found.scenario)


def _kept_text(out: Path) -> str | None:
    try:
        return (out / FILE).read_text(encoding="utf-8")
    except OSError:
        return None


def _check_unchanged(found: Found, facts: dict[str, str], accept: bool) -> None:
    """Stop if the folder holds another study, or one that was made with something else."""
    problems = environment.changes(found.out, facts)
    before = _kept_text(found.out)
    if before is not None and before != found.text:
        lines = difflib.unified_diff(before.splitlines(), found.text.splitlines(), lineterm="", n=0)
        problems += [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    if not problems or accept:
        return
    raise UsageError(
        f"{found.out} was made with something else:",
        problems,
        "three ways on: put back what was changed; start anew in another folder with -o DIR; or go on here with "
        "--accept-changes: what is done stays as it is, and each run tells what it was made with",
    )


def _keep(found: Found, facts: dict[str, str], planned: Sequence[Trial]) -> None:
    """Keep the plan, then the study and what it is made with: by these the plan is known to be theirs."""
    if plan.load(found.out / plan.PLAN) != list(planned):
        plan.save(found.out / plan.PLAN, planned)
    if _kept_text(found.out) != found.text:
        replace_text(found.out / FILE, found.text)
    kept = environment.load(found.out)
    if kept is None or kept["made_with"][-1] != facts:
        environment.write(found.out, facts, found.scenario.file)


def _todo(done: state.State, mine: Sequence[Trial], retry: bool) -> list[Trial]:
    """Choose what is to be done: what is not complete, and has not failed unless that is tried again."""
    settled = {trial.run for trial in done.complete}
    if not retry:
        settled |= {trial.run for trial, _ in done.failed}
    return [trial for trial in mine if trial.run not in settled]


def _do(found: Found, todo: Sequence[Trial], facts: Mapping[str, str], options: Options) -> Result:
    wanted = orders(found.study, found.scenario, todo, found.out, options.backend, facts)
    with Progress(enabled=not options.quiet) as progress, _engine(options, found.study, len(todo)) as engine:
        task = progress.task(f"{found.name}: {len(todo)} runs", total=float(len(todo)))
        result = conduct(wanted, engine, task, options.stop)
        if not (options.stop and result.failed):
            task.finish()
    return result


def _processes(options: Options) -> int:
    return options.jobs or os.cpu_count() or 1


@contextmanager
def _engine(options: Options, study: Study, runs: int) -> Iterator[Any]:
    """Give an engine, and stop its work at once if ours ends early."""
    limited = study.limits.minutes is not None or study.limits.gigabytes is not None
    if options.scheduler:
        engine: Any = engines.connect(options.scheduler)
    elif options.jobs == 1 and not limited:
        engine = InProcess()
    else:
        engine = LocalProcesses(min(_processes(options), runs))
    whole = False
    try:
        yield engine
        whole = not options.stop
    except KeyboardInterrupt as interrupt:
        interrupt.add_note("runs that are complete stay; the same command does the rest")
        raise
    finally:
        engine.shutdown(wait=whole, cancel_futures=not whole)


def _finish(found: Found, planned: Sequence[Trial], options: Options, result: Result) -> None:
    """Tell what has become of the study."""
    now = state.look(found.out, planned, trials.update(found.out, planned))
    summary = {
        "study": found.name,
        "folder": str(found.out),
        "planned": len(planned),
        "complete": len(now.complete),
        "failed": len(now.failed),
        "running": len(now.running),
        "waiting": len(now.waiting),
        "causes": dict(now.causes),
    }
    if options.as_json:
        click.echo(to_json(summary))
    else:
        click.echo(tables.study_counts(now, len(planned)))
        click.echo(f"{found.out}: see it with `cortex status {found.out}` and `cortex compare {found.out}`")
    if now.failed:
        raise RunFailed(
            f"{len(now.failed)} runs failed; tracebacks are in {found.out / 'runs'}/*.failed/log.txt\n"
            "correct the cause, and repeat the command with --retry-failed"
        )


def _tell_plan(found: Found, planned: Sequence[Trial], mine: Sequence[Trial], options: Options, backend: str) -> None:
    """Tell what would be run and what it would cost."""
    from cortex.study.cost import cost

    committed = trials.update(found.out, planned) if found.out.is_dir() else trials.Trials({})
    missing = [trial for trial in mine if trial.run not in committed.rows]
    costs = cost(found.study, found.scenario, planned, missing, committed, backend, _processes(options))
    if options.as_json:
        runs = [{"run": trial.run, "what": trial.label} for trial in missing]
        click.echo(to_json({"study": found.name, "planned": len(planned), "missing": runs, "cost": dict(costs)}))
        return
    shown = planned if options.verbose else planned[:10]
    click.echo(tables.columns([("run", "what"), *((trial.run, trial.label) for trial in shown)]))
    if len(shown) < len(planned):
        click.echo(f"... and {len(planned) - len(shown)} more (-v shows all)")
    click.echo(tables.columns(costs))
    click.echo("nothing was run")
