"""How well two classes of stimuli can be told apart from spike counts."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cortex.analysis.ratios import quotient


def d_prime(values: ArrayLike, classes: ArrayLike) -> float:
    """Return the distance of the means of two classes in units of their common standard deviation.

    Parameters
    ----------
    values : array, (trial,)
    classes : array, (trial,)
        Positive for one class, else the other.

    Returns
    -------
    float
        nan if a class has fewer than two trials, or no value of either varies.
    """
    values, first = np.asarray(values, dtype=float), np.asarray(classes) > 0
    if min(first.sum(), (~first).sum()) < 2:
        return math.nan
    spread = np.sqrt((values[first].var(ddof=1) + values[~first].var(ddof=1)) / 2)
    return quotient(float(values[first].mean() - values[~first].mean()), float(spread))


def linear_d_prime(counts: ArrayLike, classes: ArrayLike) -> float:
    """Return d' of the best linear decoder of pairs of stimuli, averaged over all pairs from different classes.

    The noise is that of a stimulus' repeats around its own mean, pooled over stimuli (Averbeck, Latham & Pouget 2006,
    doi:10.1038/nrn1888): d'^2 is the squared distance of two means in units of it, less what chance adds to it.

    Parameters
    ----------
    counts : array, (stimulus, repeat, cell)
        Spike counts.
    classes : array, (stimulus,)
        Positive for one class, else the other.

    Returns
    -------
    float
        nan if there are too few repeats for so many cells, or a cell (or a sum of cells) never varies.
    """
    counts, first = np.asarray(counts, dtype=float), np.asarray(classes) > 0
    means, repeats, cells = counts.mean(axis=1), counts.shape[1], counts.shape[2]
    around = (counts - means[:, None]).reshape(-1, cells)
    freedom = len(around) - len(means)
    if freedom < cells or np.linalg.matrix_rank(around) < cells:
        return math.nan
    noise = np.atleast_2d(around.T @ around) / freedom
    differences = (means[first][:, None] - means[~first]).reshape(-1, cells)
    squared = np.einsum("pc,pc->p", differences, np.linalg.solve(noise, differences.T).T)
    unbiased = squared * (freedom - cells - 1) / freedom - 2 * cells / repeats
    return float(np.sqrt(np.maximum(unbiased, 0)).mean())


def noise_correlation(counts: ArrayLike) -> float:
    """Return the mean correlation of pairs of cells over repeats of a stimulus.

    Parameters
    ----------
    counts : array, (stimulus, repeat, cell)
        The stimulus' own mean is taken off before. Pairs with a cell that never varies are left out.
    """
    counts = np.asarray(counts, dtype=float)
    around = (counts - counts.mean(axis=1, keepdims=True)).reshape(-1, counts.shape[-1])
    varying = around[:, around.std(axis=0) > 0]
    pairs = np.corrcoef(varying.T)[np.triu_indices(varying.shape[1], 1)] if varying.shape[1] > 1 else np.array([np.nan])
    return float(pairs.mean())


def thin(counts: ArrayLike, share: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Keep each spike with a probability, independently: the counts of a matched number of spikes."""
    return rng.binomial(np.asarray(counts, dtype=float).round().astype(np.int64), share)
