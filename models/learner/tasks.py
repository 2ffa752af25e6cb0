"""Touches of a fingertip and the discriminations that are asked about them.

A stimulus is a set of sites that are pressed at once. The old task asks how much is pressed; the new one, on the same
skin, asks something else of the same touches.
"""

from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np

SITES = 3

NewTask = Literal["location", "edge", "two"]


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


def task(name: Literal["pressure", "location", "edge", "two"]) -> Task:
    """Give a task by name.

    pressure
        Are most sites pressed, or few? What the cells have learned before.
    location
        Is the touch nearer to the tip or to the joint? One cell of each sign learns it without error.
    edge
        Does the touch end between the middle and the last site? Not learned without error by one cell of each sign.
    two
        Are exactly two sites pressed? Still farther from what one cell of each sign can do.
    """
    patterns = touches()
    number = patterns.sum(axis=1)
    if name == "location":
        patterns = patterns[patterns[:, 0] != patterns[:, -1]]
        return Task(patterns, patterns[:, 0] - patterns[:, -1])
    yes = {"pressure": number > SITES / 2, "edge": patterns[:, 1] != patterns[:, 2], "two": number == 2}[name]
    return Task(patterns, np.where(yes, 1.0, -1.0))
