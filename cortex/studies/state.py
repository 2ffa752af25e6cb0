"""What has become of the runs of a study, read from its folder alone, so from any machine that sees it."""

import json
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cortex.experiment.run_folder import FAILURE
from cortex.experiment.writer import writer
from cortex.studies.plan import Trial
from cortex.studies.table import Trials


@dataclass(frozen=True)
class State:
    """The planned runs by what they are.

    Attributes
    ----------
    complete, waiting : list of Trial
    running : list of tuple
        Trial, and who writes it: ``host``, ``pid``, ``started``.
    failed : list of tuple
        Trial and cause.
    seconds_left : float, optional
        Estimate of the time left, s; None if nothing runs, or nothing is known yet.
    """

    complete: list[Trial] = field(default_factory=list)
    waiting: list[Trial] = field(default_factory=list)
    running: list[tuple[Trial, dict[str, Any]]] = field(default_factory=list)
    failed: list[tuple[Trial, str]] = field(default_factory=list)
    seconds_left: float | None = None

    @property
    def causes(self) -> Counter[str]:
        """How many runs failed of each cause."""
        return Counter(cause for _, cause in self.failed)


def look(out: Path, plan: Sequence[Trial], trials: Trials) -> State:
    """Look at the folder of a study.

    Parameters
    ----------
    out : Path
    plan : sequence of Trial
    trials : Trials
        Its committed runs, up to date.
    """
    endings = _endings(out)
    found = State()
    for trial in plan:
        if trial.run in trials.rows:
            found.complete.append(trial)
        elif ".partial" in endings.get(trial.run, ()) and (who := writer(_with(out, trial, ".partial"))):
            found.running.append((trial, who))
        elif ".failed" in endings.get(trial.run, ()):
            found.failed.append((trial, cause(_with(out, trial, ".failed"))))
        else:
            found.waiting.append(trial)
    return State(found.complete, found.waiting, found.running, found.failed, _left(found, trials))


def cause(failed: Path) -> str:
    """Tell of what a run failed."""
    try:
        return str(json.loads((failed / FAILURE).read_text(encoding="utf-8"))["cause"])
    except (OSError, ValueError, KeyError):
        return "unknown; see its log.txt"


def _with(out: Path, trial: Trial, ending: str) -> Path:
    return out / "runs" / f"{trial.run}{ending}"


def _endings(out: Path) -> dict[str, set[str]]:
    endings: dict[str, set[str]] = {}
    runs = out / "runs"
    for place in runs.iterdir() if runs.is_dir() else ():
        if place.suffix:
            endings.setdefault(place.stem, set()).add(place.suffix)
    return endings


def _left(found: State, trials: Trials) -> float | None:
    """Estimate the time left from the median time of the runs that are done."""
    if not found.running or not found.complete:
        return None
    recent = found.complete[-200:]
    each = statistics.median(sum(_seconds(trials, trial.run)) for trial in recent)
    begun = sum(min(each, time.time() - who.get("started", time.time())) for _, who in found.running)
    return (each * (len(found.waiting) + len(found.running)) - begun) / len(found.running)


def _seconds(trials: Trials, run: str) -> list[float]:
    return [trials.number(run, f"seconds.{part}") for part in ("build", "simulate", "analyse")]
