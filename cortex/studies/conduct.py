"""Doing what is missing of a study: hand out runs, warm the cache, survive dying workers, and say how far it is."""

import logging
import queue
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cortex.errors import EnvironmentProblem
from cortex.experiment.writer import SILENCE, heartbeat, take_for_dead
from cortex.studies import executors, plan
from cortex.studies.plan import PlannedRun
from cortex.studies.work import Order, Outcome, warm, work

if TYPE_CHECKING:
    from cortex.engine.progress import Task
    from cortex.engine.simulation import Backend
    from cortex.experiment.scenario import Scenario
    from cortex.studies.study_model import Study

logger = logging.getLogger(__name__)

CRASHES = 10
"""Crashes of workers at one run after which the fault is the machine's: a run that crashes its worker fails before."""

PATIENCE = 1.0
"""Time between two tries of a run that another process is writing, s."""


@dataclass
class Result:
    """What became of the runs handed out.

    Attributes
    ----------
    complete : list of str
    failed : dict of str to str
        Causes by run.
    """

    complete: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def orders(
    study: "Study",
    scenario: "Scenario",
    planned_runs: Iterable[PlannedRun],
    out: Path,
    backend: "Backend",
    facts: Mapping[str, str],
    threads: int = 1,
) -> list[list[Order]]:
    """Return the order for each planned run, those together that share a compiled network; each has these threads."""
    session, folder, made_with = uuid.uuid4().hex, out.resolve(), dict(facts)
    shared: dict[Any, list[Order]] = {}
    for planned in planned_runs:
        order = Order(
            scenario=str(scenario.file or scenario.name),
            settings=plan.overrides(study, planned),
            seed=study.seed,
            replicate=planned.replicate,
            quick=study.quick,
            null=study.settings[planned.condition].get("null", ""),
            precision=study.precision,
            run=planned.run,
            out=folder,
            backend=backend,
            figures=study.figures,
            minutes=study.limits.minutes,
            gigabytes=study.limits.gigabytes,
            session=session,
            facts=made_with,
            threads=threads,
        )
        shared.setdefault(network(study, scenario, planned), []).append(order)
    return list(shared.values())


def network(study: "Study", scenario: "Scenario", planned: PlannedRun) -> tuple[tuple[str, str], ...]:
    """Return what tells the network of a planned run: with the same values at compile time it is compiled once."""
    condition = study.settings[planned.condition]
    settings = {**planned.values, **condition, **scenario.settings.get(condition.get("null", ""), {})}
    compiled = scenario.parameters.compiled_names()
    return tuple(sorted([(name, value) for name, value in settings.items() if name in compiled]))


def conduct(shared: Sequence[Sequence[Order]], engine: Executor, task: "Task", stop_at_first: bool = False) -> Result:
    """Do all runs; those of a network begin when it is compiled.

    Parameters
    ----------
    shared : sequence of sequence of Order
        See `orders`.
    engine : Executor
        See `cortex.studies.executors`.
    task : Task
        Told how many runs are done.
    stop_at_first : bool
        Whether the first failed run ends it.

    Raises
    ------
    EnvironmentProblem
        If no run can be done: the disk is full, or workers die before they begin.
    """
    return _Conductor(engine, task, stop_at_first).conduct(shared)


class _Conductor:
    def __init__(self, engine: Executor, task: "Task", stop_at_first: bool) -> None:
        self.engine, self.task, self.stop_at_first = engine, task, stop_at_first
        self.width: int = getattr(engine, "width", 1)
        self.ready: deque[Order] = deque()
        self.busy: deque[tuple[float, Order]] = deque()
        self.running: dict[Future[Any], Order | list[Order]] = {}
        self.ended: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()
        """Work that has ended, in the order in which it did; asking every running future would take longer the more
        there are.
        """
        self.beats: dict[str, tuple[float | None, float]] = {}
        self.crashes: Counter[str] = Counter()
        self.result = Result()

    def conduct(self, shared: Sequence[Sequence[Order]]) -> Result:
        cold = deque(map(list, shared))
        while not self._over() and (cold or self.ready or self.busy or self.running):
            while self.ready and len(self.running) < self.width and not self._over():
                order = self.ready.popleft()
                self._submit(work, order, order)
                self._settle()
            while cold and len(self.running) < self.width:
                waiting = cold.popleft()
                self._submit(warm, waiting[0], waiting)
            self._wait()
            self._settle()
        return self.result

    def _over(self) -> bool:
        return self.stop_at_first and bool(self.result.failed)

    def _submit(self, do: Callable[[Order], Any], order: Order, waiting: Order | list[Order]) -> None:
        """Hand out work on an order, and remember which orders wait for its end."""
        future = self.engine.submit(do, order)
        self.running[future] = waiting
        future.add_done_callback(self.ended.put)

    def _wait(self) -> None:
        """Wait until something is done, or a busy run may be tried again."""
        now = time.monotonic()
        while self.busy and self.busy[0][0] <= now:
            self.ready.append(self.busy.popleft()[1])
        if self.running:
            with suppress(queue.Empty):
                self._take(self.ended.get(timeout=PATIENCE if self.busy else None))
        elif self.busy and not self.ready:
            time.sleep(max(0.0, self.busy[0][0] - now))

    def _settle(self) -> None:
        """Take note of all that has ended."""
        while not self.ended.empty():
            self._take(self.ended.get())

    def _take(self, future: "Future[Any]") -> None:
        """Take note of one piece of work that has ended."""
        order = self.running.pop(future)
        try:
            outcome = future.result()
        except tuple(executors.DEATHS) as death:
            if isinstance(self.engine, executors.Dask):
                self.engine.check()
            self._resubmit(order, f"its worker died ({type(death).__name__})")
            return
        if isinstance(order, list):
            self.ready.extend(order)
        elif outcome.state == "killed":
            self._resubmit(order, outcome.cause)
        else:
            self._note(order, outcome)

    def _resubmit(self, order: Order | list[Order], cause: str) -> None:
        """Do again what a process died of; the run itself knows when that was often enough."""
        if isinstance(order, list):
            self.ready.extend(order)  # each compiles for itself, if it must
            return
        self.crashes[order.run] += 1
        logger.warning("%s: %s; trying again", order.run, cause)
        if self.crashes[order.run] > CRASHES:
            raise EnvironmentProblem(
                f"workers die before they begin a run: {cause}\n"
                "`cortex doctor` shows whether the installation works; -j 1 works in one process and shows the error;\n"
                'a Python script calls cortex.study below `if __name__ == "__main__":`, for its processes import it too'
            )
        self.ready.appendleft(order)

    def _note(self, order: Order, outcome: Outcome) -> None:
        if outcome.state == "busy":
            self._wait_for(order)
            return
        if outcome.state == "failed":
            self.result.failed[order.run] = outcome.cause
            logger.warning("%s failed: %s", order.run, outcome.cause)
        else:
            self.result.complete.append(order.run)
        self.task.update(len(self.result.complete) + len(self.result.failed))

    def _wait_for(self, order: Order) -> None:
        """Try a run again that another process writes, unless that has not shown for long that it is alive."""
        partial = order.out / "runs" / f"{order.run}.partial"
        now, beat = time.monotonic(), heartbeat(partial)
        if order.run not in self.beats:
            logger.warning("%s is being written by another process; waiting for it", order.run)
        last, since = self.beats.setdefault(order.run, (beat, now))
        if beat != last:
            self.beats[order.run] = beat, now
        elif beat is not None and now - since > SILENCE:  # whatever the clocks of the two machines say
            take_for_dead(partial)
        self.busy.append((now + PATIENCE, order))
