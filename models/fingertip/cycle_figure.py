"""What the figure of several cycles shows of each animal."""

from collections.abc import Mapping

import numpy as np

from cortex.report.cycles import Row
from cortex.report.timeline import Span
from models.fingertip.cycle_observe import Cycled
from models.fingertip.network import SNAPSHOT
from models.fingertip.protocol import TRIAL

SHORT = {"copy": "copy", "tune": "copy", "new task": "new", "release": "release", "old task": "old"}
"""Names of phases in the figure; while the hold is tuned, copying ends."""


def rows(seen: Mapping[str, Cycled]) -> list[Row]:
    """Return what is drawn below each other."""
    named = {name.replace("_", " "): animal for name, animal in seen.items()}
    return [
        Row("Spikes of the tip\nfor each touch", {name: at_tests(one, one.total) for name, one in named.items()}),
        Row("Cells that answer", {name: at_tests(one, one.answering) for name, one in named.items()}),
        Row("Similarity of a\ngroup's members", {name: similarity(named[name]) for name in list(named)[:2]}),
        Row("Error of the\nnew task", {name: errors(one) for name, one in named.items()}, level=1.0),
        Row("Error of the best\nlinear readout", {name: best(one) for name, one in named.items()}),
        Row("Old task kept", {name: at_tests(one, one.old_kept) for name, one in named.items()}),
    ]


def tests(animal: Cycled) -> list[str]:
    """Return the stages that are drawn."""
    return [stage for stage in animal.stages if not stage.startswith("no inhibition")]


def when(animal: Cycled, stage: str) -> float:
    """Return when a test begins, s."""
    return animal.trials[f"test {stage}"].start * float(TRIAL)


def at_tests(animal: Cycled, value: object) -> tuple[np.ndarray, np.ndarray]:
    """Return times and values of all tests."""
    assert callable(value)
    stages = tests(animal)
    return np.array([when(animal, stage) for stage in stages]), np.array([value(stage) for stage in stages])


def similarity(animal: Cycled) -> tuple[np.ndarray, np.ndarray]:
    """Return times and mean cosine between the members of a group that have come so far; nothing before any has."""
    trials = SNAPSHOT * np.arange(len(animal.run["weights.w"]))
    ends = np.array([animal.trials[f"tune {number}"].start for number in range(1, animal.parameters.cycles + 1)])
    come = np.searchsorted(ends, trials, side="right").tolist()
    values = [animal.of_groups(int(n), int(trial)) if n else np.nan for n, trial in zip(come, trials, strict=True)]
    return trials * float(TRIAL), np.array(values)


def errors(animal: Cycled) -> tuple[np.ndarray, np.ndarray]:
    """Return times and errors of the new task of each cycle, with a gap between cycles."""
    times, values = [], []
    for number in range(1, animal.parameters.cycles + 1):
        for stage in ("before", "expanded", "held", "after"):
            times.append(when(animal, f"{stage} {number}"))
            values.append(animal.asked(number, f"{stage} {number}").systematic_error)
        times.append(times[-1])
        values.append(np.nan)
    return np.array(times), np.array(values)


def best(animal: Cycled) -> tuple[np.ndarray, np.ndarray]:
    """Return times and errors of the best linear readout, before any copy and in the longer tests."""
    stages = [stage for stage in tests(animal) if stage == "before 1" or stage.startswith(("held", "after"))]
    return np.array([when(animal, stage) for stage in stages]), np.array([animal.best_error(stage) for stage in stages])


def spans(animal: Cycled) -> list[Span]:
    """Return the phases that are shaded, those of one kind that follow each other as one."""
    found: list[Span] = []
    for name, trials in animal.trials.items():
        short = SHORT.get(name.rpartition(" ")[0], "")
        if short:
            start = found.pop().start if found and found[-1].name == short else trials.start * float(TRIAL)
            found.append(Span(short, start, trials.stop * float(TRIAL)))
    return found
