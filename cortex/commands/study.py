"""The command ``cortex study``: read or write the study file, plan, estimate, and do what is missing."""

import difflib
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from cortex.commands import tables
from cortex.commands.messages import listen
from cortex.engine.progress import Progress
from cortex.engine.simulation import Backend
from cortex.errors import RunFailed, UsageError
from cortex.files import replace_text, text_of, to_json
from cortex.report import text
from cortex.studies import environment, executors, plan, source, state, table
from cortex.studies.conduct import conduct, orders
from cortex.studies.executors import InProcess, LocalProcesses
from cortex.studies.plan import Trial
from cortex.studies.source import Found
from cortex.studies.study_file import Study

logger = logging.getLogger(__name__)


THREE_WAYS = (
    "three ways on: put back what was changed; start anew in another folder with -o DIR; or go on here with\n"
    "--accept-changes: complete runs stay, those that the change makes other runs are done anew beside them, and each\n"
    "run tells what it was made with"
)


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

    @property
    def typed(self) -> source.Typed:
        """What makes or changes a study."""
        return source.Typed(self.changes, self.nulls, self.seed, self.seeds, self.points, self.quick)


def study(name: str, options: Options) -> None:
    """Do what is missing of a study: a study file, a ready-made study, or a sweep over a scenario as typed."""
    listen(options.quiet, options.verbose, options.debug)
    shard = _shard(options.shard)
    found = source.find(name, options.typed, options.output)
    facts = environment.facts(options.backend, found.scenario.file)
    planned = _plan(found, facts)
    mine = [trial for number, trial in enumerate(planned) if number % shard[1] == shard[0] - 1]
    changes = _changes(found, facts, planned)
    if options.dry_run:
        _tell_plan(found, planned, mine, options, facts["backend"])
        for change in changes:
            click.echo(f"changed since: {change}", err=True)
        return
    if changes and not options.accept_changes:
        raise UsageError(f"{found.out} was made with something else:", changes, THREE_WAYS)
    scheduler = executors.connect(options.scheduler) if options.scheduler else None
    _keep(found, facts, planned)
    done = state.look(found.out, planned, table.update(found.out, planned))
    todo = _todo(done, mine, options.retry_failed)
    if todo:
        _do(found, todo, facts, options, scheduler)
    _finish(found, planned, options)


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
        return text_of(out / source.FILE)
    except OSError:
        return None


def _changes(found: Found, facts: dict[str, str], planned: Sequence[Trial]) -> list[str]:
    """Tell what is not as it was; more runs of the same kind are no change."""
    changes = environment.changes(found.out, facts)
    before = _kept_text(found.out)
    if before is None or before == found.text:
        return changes
    earlier = {trial.run for trial in plan.load(found.out / plan.PLAN) or []}
    if not changes and earlier and earlier <= {trial.run for trial in planned}:
        return []
    lines = difflib.unified_diff(before.splitlines(), found.text.splitlines(), lineterm="", n=0)
    return changes + [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def _keep(found: Found, facts: dict[str, str], planned: Sequence[Trial]) -> None:
    """Keep the plan, then the study and what it is made with: by these the plan is known to be theirs."""
    if plan.load(found.out / plan.PLAN) != list(planned):
        plan.save(found.out / plan.PLAN, planned)
    if _kept_text(found.out) != found.text:
        replace_text(found.out / source.FILE, found.text)
    kept = environment.load(found.out)
    if kept is None or kept["made_with"][-1] != facts:
        environment.write(found.out, facts, found.scenario.file)


def _todo(done: state.State, mine: Sequence[Trial], retry: bool) -> list[Trial]:
    """Choose what is to be done: what is not complete, and has not failed unless that is tried again."""
    settled = {trial.run for trial in done.complete}
    if not retry:
        settled |= {trial.run for trial, _ in done.failed}
    return [trial for trial in mine if trial.run not in settled]


def _do(
    found: Found, todo: Sequence[Trial], facts: Mapping[str, str], options: Options, scheduler: Executor | None
) -> None:
    wanted = orders(found.study, found.scenario, todo, found.out, options.backend, facts)
    chosen = scheduler or _local(options, found.study, len(todo))
    with Progress(enabled=not options.quiet) as progress, _stopping(chosen, options.stop) as engine:
        task = progress.task(f"{found.name}: {len(todo)} runs", total=float(len(todo)))
        result = conduct(wanted, engine, task, options.stop)
        if not (options.stop and result.failed):
            task.finish()


def _processes(options: Options) -> int:
    return options.jobs or os.cpu_count() or 1


def _local(options: Options, study: Study, runs: int) -> Executor:
    """Give the engine of this machine; a run can only be stopped in a process of its own."""
    limited = study.limits.minutes is not None or study.limits.gigabytes is not None
    in_process = options.jobs == 1 and not limited
    return InProcess() if in_process else LocalProcesses(min(_processes(options), runs))


@contextmanager
def _stopping(engine: Executor, at_once: bool) -> Iterator[Executor]:
    """Stop an engine's work at once if ours ends early."""
    whole = False
    try:
        yield engine
        whole = not at_once
    except KeyboardInterrupt as interrupt:
        interrupt.add_note("runs that are complete stay; the same command does the rest")
        raise
    finally:
        engine.shutdown(wait=whole, cancel_futures=not whole)


def _finish(found: Found, planned: Sequence[Trial], options: Options) -> None:
    """Tell what has become of the study."""
    committed = table.update(found.out, planned)
    now = state.look(found.out, planned, committed)
    primary = found.study.primary
    if primary and committed.rows and primary.measure not in committed.measures:
        logger.warning("the primary measure %s is none of: %s", primary.measure, ", ".join(committed.measures))
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
    from cortex.studies.cost import cost

    committed = table.update(found.out, planned, write=False)
    missing = [trial for trial in mine if trial.run not in committed.rows]
    costs = cost(found.study, found.scenario, planned, missing, committed, backend, _processes(options))
    if options.as_json:
        runs = [{"run": trial.run, "what": trial.label} for trial in missing]
        click.echo(to_json({"study": found.name, "planned": len(planned), "missing": runs, "cost": dict(costs)}))
        return
    shown = planned if options.verbose else planned[:10]
    click.echo(text.columns([("run", "what"), *((trial.run, trial.label) for trial in shown)]))
    if len(shown) < len(planned):
        click.echo(f"... and {len(planned) - len(shown)} more (-v shows all)")
    click.echo(text.columns(costs))
    click.echo("nothing was run")
