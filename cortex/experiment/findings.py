"""What makes the numbers of a run mean little: said with what, when, where and what to do next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from cortex.experiment.protocol import Phase

SILENT, RUNAWAY, BOUND, UNTRAINED = "no spikes", "runaway rates", "weights at their bounds", "nothing trained"
UNTOUCHED, UNFED, NO_SITE, DIVERGING = "no touch", "no input", "no responsive site", "diverging learning"
COARSE, NOT_FINITE = "time step too coarse", "values that are no numbers"
NOTHING_TO_MEASURE = (SILENT, UNTRAINED, UNTOUCHED, UNFED)
"""What leaves nothing to measure in an experiment on learning from touch."""


@dataclass(frozen=True)
class Finding:
    """What makes the numbers of a run mean little.

    Attributes
    ----------
    what : str
        In a few words, the same for all runs in which the same is found.
    when : str
        Phase or time.
    where : str
        Arm and cells, with what was seen there.
    next : str
        What to do.
    grave : bool
        Whether measures do not apply that are declared so, by `Measure.unless`.
    """

    what: str
    when: str
    where: str
    next: str
    grave: bool = True

    def __str__(self) -> str:
        return f"{self.what} ({self.when}): {self.where}; {self.next}"

    @property
    def record(self) -> dict[str, str]:
        """What ``run.json`` keeps of it."""
        return {name: text for name, text in asdict(self).items() if name != "grave"}


def joined(names: Iterable[str]) -> str:
    """Write names in a row, each once: "copy, tune"."""
    return ", ".join(dict.fromkeys(names))


def untouched(phases: "Sequence[Phase]", stimulus: np.ndarray, slot: float) -> list[str]:
    """Return the names of the phases in which a stimulus is zero throughout.

    Parameters
    ----------
    phases : sequence of Phase
    stimulus : array, (slot, ...)
    slot : float, s
    """
    pressed: np.ndarray = np.abs(np.asarray(stimulus)).reshape(len(stimulus), -1).max(axis=1) > 0
    quiet = []
    for phase in phases:
        first, last = (round(float(end) / slot) for end in (phase.start, phase.start + phase.duration))
        if last > first and not pressed[first:last].any():
            quiet.append(phase.name)
    return quiet


def kept(record: Mapping[str, Any]) -> list[Finding]:
    """Return the findings that a ``run.json`` holds."""
    told = record.get("warnings", [])
    return [Finding(f["what"], f["when"], f["where"], f["next"], grave=False) for f in told]
