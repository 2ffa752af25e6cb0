"""Cells on a square lattice, and contacts with them, drawn by distance without a list of all that could be."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cortex.mechanisms.wiring import Contacts

BLOCK = 2048
"""So many sources draw their contacts at once, which bounds the memory that the drawing takes."""


@dataclass(frozen=True)
class Lattice:
    """A sheet that is filled with cells, column by column.

    Attributes
    ----------
    size : tuple of float, mm
        Extents of the sheet.
    spacing : float, mm
    """

    size: tuple[float, float]
    spacing: float

    @cached_property
    def axes(self) -> tuple[np.ndarray, np.ndarray]:
        """Places of the columns, and of the cells in a column, mm."""
        x, y = (np.arange(self.spacing / 2, extent, self.spacing) for extent in self.size)
        return x, y

    @cached_property
    def places(self) -> np.ndarray:
        """Places of the cells, shape (cell, 2), mm."""
        return np.stack(np.meshgrid(*self.axes, indexing="ij"), axis=-1).reshape(-1, 2)

    def near(self, points: np.ndarray, radius: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the first cell, and the number of cells, within a radius of each point in each column near it.

        The two arrays have the shape (point, column).
        """
        x, y = self.axes
        wide = 2 * int(radius / self.spacing) + 2
        column = np.ceil((points[:, :1] - radius) / self.spacing - 0.5).astype(int) + np.arange(wide)
        apart = x[np.clip(column, 0, len(x) - 1)] - points[:, :1]
        near = (column >= 0) & (column < len(x)) & (np.abs(apart) <= radius)
        half = np.sqrt(np.maximum(radius**2 - apart**2, 0))
        first = np.searchsorted(y, points[:, 1:] - half, side="left")
        last = np.searchsorted(y, points[:, 1:] + half, side="right")
        return column * len(y) + first, np.where(near, last - first, 0)


def contacts(
    sources: np.ndarray,
    targets: Lattice,
    radius: float,
    probability: float = 1.0,
    rng: np.random.Generator | None = None,
    even: bool = False,
) -> Contacts:
    """Draw contacts of sources with the targets within a radius of them, in the order of the sources.

    Parameters
    ----------
    sources : array, shape (source, 2), mm
    targets : Lattice
    radius : float, mm
    probability : float
        Of each pair.
    rng : Generator, optional
        Needed if the probability is below 1.
    even : bool
        Whether the sources shall have nearly the same share of those near them; else pairs are independent.
    """
    drawn = []
    for start in range(0, len(sources), BLOCK):
        first, count = targets.near(sources[start : start + BLOCK], radius)
        ends = np.cumsum(count)
        pair = (spread if even else successes)(ends[-1], probability, rng)
        piece = np.searchsorted(ends, pair, side="right")
        target = first.ravel()[piece] + pair - (ends - count.ravel())[piece]
        drawn.append(np.stack([start + piece // count.shape[1], target]).astype(np.int32))
    return np.concatenate(drawn, axis=1)


def successes(trials: int, probability: float, rng: np.random.Generator | None) -> np.ndarray:
    """Draw which of many trials succeed, by the number of trials from one success to the next."""
    if probability >= 1 or rng is None:
        return np.arange(trials)
    reached, places = -1, []
    while reached < trials:
        places.append(reached + np.cumsum(rng.geometric(probability, int(trials * probability) + 100)))
        reached = places[-1][-1]
    found = np.concatenate(places)
    return found[found < trials]


def spread(trials: int, probability: float, rng: np.random.Generator | None) -> np.ndarray:
    """Draw one success in each stretch of as many trials as one success needs, so that their number varies little."""
    if probability >= 1 or rng is None:
        return np.arange(trials)
    number = round(trials * probability)
    return np.minimum(((np.arange(number) + rng.random(number)) * trials / number).astype(int), trials - 1)
