"""How alike two cells are: in their weights, in their tuning."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def cosine(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """Return the cosine of the angle between two weight vectors.

    Parameters
    ----------
    a, b : array, (..., afferent)
        Vectors along the last axis; the axes before it, such as time, are kept and broadcast.

    Returns
    -------
    array, (...)
        A scalar for two vectors; nan where one of them is zero.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    sizes = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    cosines: NDArray[np.float64] = (a * b).sum(axis=-1) / np.where(sizes > 0, sizes, np.nan)
    return cosines


def mean_pairwise_cosine(weights: ArrayLike) -> NDArray[np.float64]:
    """Average the cosine over all pairs of cells of a group.

    With unit vectors u_k of K cells the mean over pairs is (|sum u_k|^2 - K) / (K (K - 1)).

    Parameters
    ----------
    weights : array, (..., cell, afferent)
        Two cells or more.

    Returns
    -------
    array, (...)
    """
    weights = np.asarray(weights, dtype=float)
    cells = weights.shape[-2]
    with np.errstate(invalid="ignore"):
        resultant = (weights / np.linalg.norm(weights, axis=-1, keepdims=True)).sum(axis=-2)
    mean: NDArray[np.float64] = ((resultant**2).sum(axis=-1) - cells) / (cells * (cells - 1))
    return mean


def overlap(a: ArrayLike, b: ArrayLike) -> float:
    """Return the common part of two tuning curves, each brought to unit sum.

    The sum of the smaller of the two at every stimulus: 1 for curves that differ by a factor only, 0 for disjoint ones.

    Parameters
    ----------
    a, b : array, (stimulus,)
        Non-negative responses to the same stimuli.

    Returns
    -------
    float
        nan if one of the curves is zero everywhere.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    with np.errstate(invalid="ignore"):
        return float(np.minimum(a / a.sum(), b / b.sum()).sum())
