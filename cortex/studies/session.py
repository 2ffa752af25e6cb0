"""A study from its name to its runs: read or made, planned, and what is missing of it done. Nothing is printed."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cortex.engine.cores import cores
from cortex.engine.processes import threads_for
from cortex.engine.progress import Progress
from cortex.errors import UsageError
from cortex.files import replace_text, text_of
from cortex.report.text import count
from cortex.studies import environment, executors, plan, plan_file, selection, source, state, study_file, table
from cortex.studies.alike import CONDITION
from cortex.studies.conduct import conduct, orders
from cortex.studies.cost import Cost, cost
from cortex.studies.executors import InProcess, LocalProcesses
from cortex.studies.plan import PlannedRun
from cortex.studies.source import Changes, NamedStudy
from cortex.studies.state import StudyState
from cortex.studies.study_model import Study
from cortex.studies.table import RunTable

if TYPE_CHECKING:
    from cortex.engine.simulation import Backend
    from cortex.experiment.scenario import Scenario

logger = logging.getLogger(__name__)

THREE_WAYS = (
    "three ways on: put back what was changed; start anew in another folder with -o DIR; or go on here with\n"
    "--accept-changes: complete runs stay, those that the change makes other runs are done anew beside them, and each\n"
    "run tells what it was made with"
)


@dataclass(frozen=True)
class Session:
    """A study that is planned, and what its runs would be made with here and now.

    Attributes
    ----------
    named : NamedStudy
    backend : {"auto", "cpp", "plain", "numpy"}
        As asked for.
    facts : mapping of str to str
        Sources, versions and compiler, see `cortex.studies.environment`.
    plan : list of PlannedRun
    """

    named: NamedStudy
    backend: "Backend"
    facts: Mapping[str, str]
    plan: list[PlannedRun]

    @property
    def out(self) -> Path:
        """Folder of results."""
        return self.named.out

    @cached_property
    def changed(self) -> list[str]:
        """What is not as it was when the study was last worked on; more runs of the same kind are no change."""
        changes = environment.changes(self.out, dict(self.facts))
        before, now = _kept_text(self.out), self.named.text
        if before is None or before == now:
            return changes
        earlier = {planned.run for planned in plan_file.load(self.out) or [] if not planned.unknown}
        if not changes and earlier and earlier <= {planned.run for planned in self.plan}:
            return []
        return changes + study_file.differences(before, now)

    @property
    def advice(self) -> list[str]:
        """What should be known before the study is done."""
        from cortex.analysis.comparison import LEVEL, fewest_pairs

        study = self.named.study
        runs_of_a_seed = self.plan[: len(self.plan) // study.seeds]
        by = selection.default_by(runs_of_a_seed)
        levels = {planned.condition if by == CONDITION else planned.values.get(by) for planned in runs_of_a_seed}
        comparisons = max(1, len(levels) - 1) if study.primary else 1
        needed = fewest_pairs(comparisons)
        if len(runs_of_a_seed) < 2:
            return []
        seeds = count(study.seeds, "seed")
        chance = f"chance at {100 * LEVEL:g} %"
        primary = study.primary if comparisons > 1 else None
        among = f" among {comparisons} differences in {primary.measure}" if primary else ""
        if study.seeds >= needed:
            return [f"{seeds}; at least {needed} are needed to tell a difference from {chance}{among}"]
        return [
            f"with {seeds} no difference can be told from {chance}{among}: take at least {needed} (--seeds {needed})"
        ]

    def part(self, shard: str) -> list[PlannedRun]:
        """Return the runs of a shard, such as "3/10": the third of ten parts; all if it is empty."""
        number, parts = _shard(shard)
        return [planned for place, planned in enumerate(self.plan) if place % parts == number - 1]

    def missing(self, shard: str = "") -> list[PlannedRun]:
        """Return the runs of a shard that are not complete."""
        return self._missing(shard, table.update(self.out, self.plan, write=False))

    def _missing(self, shard: str, committed: RunTable) -> list[PlannedRun]:
        return [planned for planned in self.part(shard) if planned.run not in committed.rows]

    def cost(self, shard: str = "", jobs: int | None = None) -> Cost:
        """Estimate what the missing runs cost."""
        committed = table.update(self.out, self.plan, write=False)
        study, scenario = self.named.study, self.named.scenario
        processes = jobs or cores()
        missing = self._missing(shard, committed)
        return cost(study, scenario, self.plan, missing, committed, self.facts["backend"], processes)

    def carry_out(
        self,
        *,
        shard: str = "",
        jobs: int | None = None,
        scheduler: str = "",
        stop: bool = False,
        retry_failed: bool = False,
        accept_changes: bool = False,
        progress: Progress | None = None,
    ) -> StudyState:
        """Do what is missing; see `study`."""
        part = self.part(shard)
        if self.changed and not accept_changes:
            raise UsageError(f"{self.out} was made with something else:", self.changed, THREE_WAYS)
        workers = executors.connect(scheduler) if scheduler else None
        self._keep()
        before = state.look(self.out, self.plan, table.update(self.out, self.plan))
        settled = {planned.run for planned in before.complete}
        if not retry_failed:
            settled |= {planned.run for planned, _ in before.failed}
        if todo := [planned for planned in part if planned.run not in settled]:
            self._do(todo, workers or _local(jobs, self.named.study, len(todo)), stop, progress)
        return self._state()

    def _keep(self) -> None:
        """Keep the plan, then the study and what it is made with: by these the plan is known to be theirs."""
        plan_file.keep(self.out, self.plan)
        if _kept_text(self.out) != self.named.text:
            replace_text(self.out / study_file.FILE, self.named.text)
        kept = environment.load(self.out)
        if kept is None or kept["made_with"][-1] != self.facts:
            environment.write(self.out, dict(self.facts), self.named.scenario.file)

    def _do(self, todo: Sequence[PlannedRun], workers: Executor, stop: bool, progress: Progress | None) -> None:
        threads = threads_for(getattr(workers, "width", 1))
        shared = orders(self.named.study, self.named.scenario, todo, self.out, self.backend, self.facts, threads)
        title = f"{self.named.name}: {count(len(todo), 'run')}"
        with _stopping(workers, stop) as engine:
            task = (progress or Progress(enabled=False)).task(title, total=float(len(todo)))
            result = conduct(shared, engine, task, stop)
            if not (stop and result.failed):
                task.finish()

    def _state(self) -> StudyState:
        committed = table.update(self.out, self.plan)
        primary = self.named.study.primary
        if primary and committed.rows and primary.measure not in committed.measures:
            known = ", ".join(committed.measures)
            logger.warning("the primary measure %s is none of: %s", primary.measure, known)
        return StudyState(self.named.name, self.out, self.plan, state.look(self.out, self.plan, committed))


def begin(name: str, changes: Changes, output: Path | None, backend: "Backend" = "auto") -> Session:
    """Find and plan a study; nothing is taken from a plan that was kept."""
    named = source.find(name, changes, output)
    facts = environment.facts(backend, named.scenario)
    return Session(named, backend, facts, plan.make(named.study, named.scenario))


def of_scenario(
    scenario: "Scenario",
    name: str,
    out: Path,
    conditions: Iterable[str] = (),
    backend: "Backend" = "auto",
    **settings: Any,
) -> Session:
    """Plan a study that compares a scenario's full model with null models and other conditions; see `Study`."""
    compared: dict[str, dict[str, Any]] = {"full": {}} | {condition: {"null": condition} for condition in conditions}
    study = Study(scenario=str(scenario.file or scenario.name), conditions=compared, **settings)
    named = NamedStudy(study, study_file.write(study), scenario, name, out)
    return Session(named, backend, environment.facts(backend, scenario), plan.make(study, scenario))


def _shard(text: str) -> tuple[int, int]:
    """Read I/N."""
    if not text:
        return 1, 1
    words = text.split("/")
    if (
        len(words) == 2
        and all(word.isdecimal() and len(word) < 10 for word in words)
        and 1 <= int(words[0]) <= int(words[1])
    ):
        return int(words[0]), int(words[1])
    raise UsageError(
        f'--shard "{text}" is no part of a whole', hint="give I/N with I from 1 to N, such as --shard 3/10"
    )


def _kept_text(out: Path) -> str | None:
    try:
        return text_of(out / study_file.FILE)
    except (OSError, UnicodeDecodeError):
        return None


def _local(jobs: int | None, study: Study, runs: int) -> Executor:
    """Return the executor of this machine; a run can only be stopped in a process of its own."""
    limited = study.limits.minutes is not None or study.limits.gigabytes is not None
    return InProcess() if jobs == 1 and not limited else LocalProcesses(min(jobs or cores(), runs))


@contextmanager
def _stopping(engine: Executor, at_once: bool) -> Iterator[Executor]:
    """Shut an executor down, at once if the study ends early."""
    whole = False
    try:
        yield engine
        whole = not at_once
    except KeyboardInterrupt as interrupt:
        interrupt.add_note("runs that are complete stay; the same command does the rest")
        raise
    finally:
        engine.shutdown(wait=whole, cancel_futures=not whole)
