"""A network of one layer of tanh cells, in the form that counting, joining and searching share."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

INPUTS = 3
"""Input weights of a cell: two, and the bias."""


def stimuli(rng: np.random.Generator, number: int) -> Floats:
    """Draw stimuli, shape (stimulus, input); the last input is 1, for the bias."""
    return np.hstack([rng.standard_normal((number, INPUTS - 1)), np.ones((number, 1))])


def teachers(rng: np.random.Generator, draws: int, cells: int, size: float) -> tuple[Floats, Floats]:
    """Draw teachers whose cells are not alike: their directions lie evenly on a half circle.

    Returns
    -------
    incoming : array, (draw, cell, input)
    outgoing : array, (draw, cell)
        From 0.5 to 1.5, with random signs.
    """
    angle = np.pi * (rng.permuted(np.tile(np.arange(cells), (draws, 1)), axis=1) + rng.random((draws, 1))) / cells
    bias = rng.uniform(-0.5, 0.5, (draws, cells))
    incoming = size * np.stack([np.cos(angle), np.sin(angle), bias], axis=2)
    return incoming, rng.choice([-1.0, 1.0], (draws, cells)) * rng.uniform(0.5, 1.5, (draws, cells))


def answers(stimuli: Floats, incoming: Floats, outgoing: Floats) -> Floats:
    """Return what networks answer, shape (..., stimulus)."""
    return np.asarray((np.tanh(stimuli @ np.swapaxes(incoming, -1, -2)) @ outgoing[..., None])[..., 0])
