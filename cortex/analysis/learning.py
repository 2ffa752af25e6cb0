"""How long learning takes until it reaches a criterion, and how fast it begins."""

import math

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray


def time_to_criterion(t: ArrayLike, performance: ArrayLike, criterion: float) -> float:
    """Return the time from the first sample to the first one that reaches the criterion.

    Parameters
    ----------
    t : array, (sample,), s
        Rising times.
    performance : array, (sample,)
    criterion : float
        Reached by what is at least as large.

    Returns
    -------
    float, s
        Late by up to the distance of two samples; nan if the criterion is not reached: the time is then censored at the
        last sample.
    """
    t, reached = np.asarray(t, dtype=float), np.asarray(performance) >= criterion
    return float(t[np.argmax(reached)] - t[0]) if reached.any() else math.nan


def moving_average(values: ArrayLike, window: int) -> NDArray[np.float64]:
    """Average the last `window` values, from where there are as many, shape (value - window + 1,)."""
    total = np.cumsum(np.concatenate([[0.0], np.asarray(values, dtype=float)]))
    mean: NDArray[np.float64] = (total[window:] - total[:-window]) / window
    return mean


def trials_to_criterion(squared_errors: ArrayLike, criterion: float, window: int) -> float:
    """Return the first trial by which the error has been at the criterion.

    Parameters
    ----------
    squared_errors : array, (trial,)
    criterion : float
        Reached when the mean over the last `window` trials is no larger.
    window : int

    Returns
    -------
    float
        Number of trials, at least `window`; nan if the criterion is not reached.
    """
    reached = moving_average(squared_errors, window) <= criterion
    return float(np.argmax(reached) + window) if reached.any() else math.nan


def decay_rate(progress: ArrayLike, block: int) -> float:
    """Fit how fast what is left to learn begins to decay from 1.

    An exponential is fitted by least squares until it has fallen to a quarter, since later stages of learning are
    slower.

    Parameters
    ----------
    progress : array, (trial,)
        What is left to learn, relative to the beginning.
    block : int
        Trials that are averaged before the fit.

    Returns
    -------
    float
        Per trial, between 1e-6 and 1; nan if there is no whole block, or a trial is not finite.
    """
    progress = np.asarray(progress, dtype=float)
    blocks = progress[: len(progress) // block * block].reshape(-1, block).mean(axis=1)
    if not len(blocks) or not np.isfinite(blocks).all():
        return math.nan
    t = (np.arange(len(blocks)) + 0.5) * block - 0.5

    def misfit(log_rate: float, end: float) -> float:
        early = t <= end
        return float(((blocks[early] - np.exp(-math.exp(log_rate) * t[early])) ** 2).sum())

    rate = 1 / len(progress)
    for _ in range(12):
        end = max(math.log(4) / rate, 5 * block)
        rate = math.exp(
            scipy.optimize.minimize_scalar(misfit, bounds=(math.log(1e-6), 0.0), args=(end,), method="bounded").x
        )
    return rate
