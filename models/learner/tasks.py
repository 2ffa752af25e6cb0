"""Touches of a fingertip and the discriminations that are asked about them.

A stimulus is a set of sites that are pressed at once. The old task asks how much is pressed; the new one, on the same
skin, asks something else of the same touches.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from cortex.experiment.registry import Registry

SITES = 3


@dataclass(frozen=True)
class Task:
    """A discrimination.

    Attributes
    ----------
    patterns : array, (pattern, site)
        Which sites are pressed, 0 or 1.
    answers : array, (pattern,)
        What the readout should say, -1 or 1.
    """

    patterns: np.ndarray
    answers: np.ndarray


def touches() -> np.ndarray:
    """List all sets of sites that can be pressed, shape (pattern, site)."""
    return np.array(list(product((0.0, 1.0), repeat=SITES)))[1:]


def _asked(yes: np.ndarray) -> Task:
    """Ask a question of all touches, whose answer is 1 where it is yes."""
    return Task(PATTERNS, np.where(yes, 1.0, -1.0))


PATTERNS = touches()
_NUMBER = PATTERNS.sum(axis=1)
_ONE_SIDE = PATTERNS[PATTERNS[:, 0] != PATTERNS[:, -1]]

OLD = _asked(_NUMBER > SITES / 2)
"""Are most sites pressed, or few? What the cells have learned before."""

TASKS: Registry[Task] = Registry(
    "task",
    {
        "location": Task(_ONE_SIDE, _ONE_SIDE[:, 0] - _ONE_SIDE[:, -1]),
        "middle": _asked(PATTERNS[:, SITES // 2] > 0),
        "edge": _asked(PATTERNS[:, 1] != PATTERNS[:, 2]),
        "two": _asked(_NUMBER == 2),
        "first_edge": _asked(PATTERNS[:, 0] != PATTERNS[:, 1]),
    },
)
"""New tasks; a user's own file adds one by ``TASKS.register("mine", Task(...))``.

location
    Is the touch nearer to the tip or to the joint? One cell of each sign learns it without error.
middle
    Is the middle site pressed? Learned without error too, but through differences of neighbouring cells.
edge
    Does the touch end between the middle and the last site? Not learned without error by one cell of each sign.
two
    Are exactly two sites pressed? Still farther from what one cell of each sign can do.
first_edge
    Does the touch end between the first and the middle site? As `edge`, at the other side.
"""
