"""How well two classes of stimuli can be told apart from spike counts."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def d_prime(values: ArrayLike, classes: ArrayLike) -> float:
    """Give the distance of the means of two classes in units of their common standard deviation.

    Parameters
    ----------
    values : array, (trial,)
    classes : array, (trial,)
        Positive for one class, else the other.
    """
    values, first = np.asarray(values, dtype=float), np.asarray(classes) > 0
    spread = np.sqrt((values[first].var(ddof=1) + values[~first].var(ddof=1)) / 2)
    return float((values[first].mean() - values[~first].mean()) / spread)


def linear_d_prime(counts: ArrayLike, classes: ArrayLike, folds: int = 6) -> float:
    """Give d' of the best linear decoder (Fisher 1936), cross-validated.

    Parameters
    ----------
    counts : array, (trial, cell)
        Spike counts.
    classes : array, (trial,)
        Positive for one class, else the other.
    folds : int
        Every trial is decoded by weights from the other folds; trial i belongs to fold i modulo `folds`.
    """
    counts, classes = np.asarray(counts, dtype=float), np.asarray(classes)
    fold = np.arange(len(counts)) % folds
    projected = np.empty(len(counts))
    for left_out in range(folds):
        seen, first = fold != left_out, classes > 0
        one, other = counts[seen & first], counts[seen & ~first]
        pooled = (np.cov(one.T) + np.cov(other.T)).reshape(counts.shape[1], -1) / 2
        pooled += 1e-6 * np.trace(pooled) / len(pooled) * np.eye(len(pooled))
        weights = np.linalg.solve(pooled, one.mean(axis=0) - other.mean(axis=0))
        middle = weights @ (one.mean(axis=0) + other.mean(axis=0)) / 2
        projected[fold == left_out] = (counts[fold == left_out] @ weights - middle) / np.sqrt(
            weights @ pooled @ weights
        )
    return d_prime(projected, classes)


def noise_correlation(counts: ArrayLike) -> float:
    """Give the mean correlation of pairs of cells over repeats of a stimulus.

    Parameters
    ----------
    counts : array, (stimulus, repeat, cell)
        The stimulus' own mean is taken off before.
    """
    counts = np.asarray(counts, dtype=float)
    around = (counts - counts.mean(axis=1, keepdims=True)).reshape(-1, counts.shape[-1])
    correlations = np.corrcoef(around.T)
    return float(correlations[np.triu_indices(counts.shape[-1], 1)].mean())


def thin(counts: ArrayLike, share: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Keep each spike with a probability, independently: the counts of a matched number of spikes."""
    return rng.binomial(np.asarray(counts, dtype=float).round().astype(np.int64), share)
