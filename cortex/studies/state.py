"""What has become of the runs of a study, read from its folder alone, so from any machine that sees it."""

import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cortex.errors import RunFailed
from cortex.experiment.run_folder import FAILURE
from cortex.experiment.writer import in_the_way, writer
from cortex.files import read_json
from cortex.report.text import count
from cortex.studies import conclusion
from cortex.studies.plan import PlannedRun
from cortex.studies.table import RunTable

if TYPE_CHECKING:
    from cortex.experiment.result import Result


@dataclass(frozen=True)
class State:
    """The planned runs by what they are.

    Attributes
    ----------
    complete, waiting : list of PlannedRun
    running : list of tuple
        PlannedRun, and who writes it: ``host``, ``pid``, ``started``.
    failed : list of tuple
        PlannedRun and cause.
    warned : Counter of str
        In how many complete runs what was found that makes their numbers mean little.
    seconds_left : float, optional
        Estimate of the time left, s; None if nothing runs, or nothing is known yet.
    """

    complete: list[PlannedRun] = field(default_factory=list)
    waiting: list[PlannedRun] = field(default_factory=list)
    running: list[tuple[PlannedRun, dict[str, Any]]] = field(default_factory=list)
    failed: list[tuple[PlannedRun, str]] = field(default_factory=list)
    warned: Counter[str] = field(default_factory=Counter)
    seconds_left: float | None = None

    @property
    def causes(self) -> Counter[str]:
        """Number of failed runs by cause."""
        return Counter(cause for _, cause in self.failed)


@dataclass(frozen=True)
class StudyState:
    """What has become of a study.

    Attributes
    ----------
    name : str
    folder : Path
        Its folder of results.
    plan : list of PlannedRun
    state : State
        The planned runs by what has become of them.
    """

    name: str
    folder: Path
    plan: list[PlannedRun]
    state: State

    @property
    def summary(self) -> dict[str, Any]:
        """Return what ``cortex study --json`` prints."""
        return {
            "study": self.name,
            "folder": str(self.folder),
            "planned": len(self.plan),
            "complete": len(self.state.complete),
            "failed": len(self.state.failed),
            "running": len(self.state.running),
            "waiting": len(self.state.waiting),
            "causes": dict(self.state.causes),
        }

    @property
    def runs(self) -> "list[Result]":
        """Return the complete runs, each with its condition."""
        known = {planned.run for planned in self.plan}
        return [run for run in conclusion.load(self.folder) if run.run in known]

    def check(self) -> None:
        """Raise RunFailed if a run failed."""
        if self.state.failed:
            failed = count(len(self.state.failed), "run")
            raise RunFailed(
                f"{failed} failed; tracebacks are in {self.folder / 'runs'}/*.failed/log.txt\n"
                "correct the cause, and repeat the command with --retry-failed"
            )

    def __repr__(self) -> str:
        counts = ", ".join(f"{self.summary[name]} {name}" for name in ("complete", "failed", "running", "waiting"))
        return f"<study {self.name} in {self.folder}, {count(len(self.plan), 'run')}: {counts}>"


def look(out: Path, plan: Sequence[PlannedRun], table: RunTable) -> State:
    """Look at the folder of a study.

    Parameters
    ----------
    out : Path
    plan : sequence of PlannedRun
    table : RunTable
        Its committed runs, up to date.
    """
    endings = _endings(out)
    state = State()
    for planned in plan:
        if planned.run in table.rows:
            state.complete.append(planned)
        elif ".partial" in endings.get(planned.run, ()) and (who := writer(_with(out, planned, ".partial"))):
            state.running.append((planned, who))
        elif ".partial" in endings.get(planned.run, ()) and (what := in_the_way(_with(out, planned, ".partial"))):
            state.failed.append((planned, f"{what} stands in the place of its .partial folder: move it away"))
        elif ".failed" in endings.get(planned.run, ()):
            state.failed.append((planned, cause(_with(out, planned, ".failed"))))
        else:
            state.waiting.append(planned)
    warned = table.warned(planned.run for planned in state.complete)
    return replace(state, warned=warned, seconds_left=_left(state, table))


def cause(failed: Path) -> str:
    """Return why a run failed."""
    try:
        return str(read_json(failed / FAILURE)["cause"])
    except (OSError, ValueError, LookupError, TypeError):
        return "unknown; see its log.txt"


def _with(out: Path, planned: PlannedRun, ending: str) -> Path:
    return out / "runs" / f"{planned.run}{ending}"


def _endings(out: Path) -> dict[str, set[str]]:
    endings: dict[str, set[str]] = {}
    runs = out / "runs"
    for place in runs.iterdir() if runs.is_dir() else ():
        if place.suffix:
            endings.setdefault(place.stem, set()).add(place.suffix)
    return endings


def _left(state: State, table: RunTable) -> float | None:
    """Estimate the time left from the median time of the runs that are done."""
    if not state.running or not state.complete:
        return None
    recent = state.complete[-200:]
    each = statistics.median(sum(_seconds(table, planned.run)) for planned in recent)
    begun = sum(min(each, time.time() - who.get("started", time.time())) for _, who in state.running)
    return (each * (len(state.waiting) + len(state.running)) - begun) / len(state.running)


def _seconds(table: RunTable, run: str) -> list[float]:
    return [table.number(run, f"seconds.{part}") for part in ("build", "simulate", "analyse")]
