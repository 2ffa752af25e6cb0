"""Means and ratios over seeds with their intervals, and the rows of a table that scores them."""

import math
import warnings
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

MANY = 50
"""Number of values above which 1999 resamples, instead of 9999, give the ends of a mean as exactly."""

ROUNDING = 1e-12
"""Share of a mean by which values differ that are equal but for rounding; resamples tell nothing about them."""


class Interval(NamedTuple):
    """A mean and its confidence interval."""

    mean: float
    low: float
    high: float


UNKNOWN = Interval(math.nan, math.nan, math.nan)


def mean_interval(values: ArrayLike, confidence: float = 0.95) -> Interval:
    """Return the mean of independent values with its bootstrap interval.

    Parameters
    ----------
    values : array, (seed,)
        One value per seed.
    confidence : float
        Coverage of the interval.

    Returns
    -------
    Interval
        Without ends (nan) for a single value or one that is not finite; of no width for equal values.
    """
    values = np.asarray(values, dtype=float)
    mean = float(values.mean())
    if len(values) < 2 or not np.isfinite(values).all():
        return Interval(mean, math.nan, math.nan)
    if np.ptp(values) <= ROUNDING * abs(mean):
        return Interval(mean, mean, mean)
    return Interval(mean, *_bootstrap_ends((values,), np.mean, 9999 if len(values) <= MANY else 1999, confidence))


def known_interval(values: ArrayLike) -> Interval:
    """Return the mean of the values that are not nan, with its 95 % interval; `UNKNOWN` if there are none.

    Parameters
    ----------
    values : array, (seed,)
    """
    values = np.asarray(values, dtype=float)
    known = values[~np.isnan(values)]
    return mean_interval(known) if len(known) else UNKNOWN


def ratio_interval(a: ArrayLike, b: ArrayLike) -> Interval:
    """Return the ratio of two means with its 95 % bootstrap interval over seeds that both share.

    Parameters
    ----------
    a, b : array, (seed,)
        Positive, the same seeds in the same order.

    Returns
    -------
    Interval
        Without ends for a single seed; of no width where every seed has the same ratio.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    ratio = float(a.mean() / b.mean())
    if len(a) < 2:
        return Interval(ratio, math.nan, math.nan)
    if np.ptp(a / b) <= ROUNDING * abs(ratio):
        return Interval(ratio, ratio, ratio)

    def of_means(x: NDArray[np.float64], y: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:
        return np.asarray(x.mean(axis=axis) / y.mean(axis=axis))

    return Interval(ratio, *_bootstrap_ends((a, b), of_means, 9999))


def geometric_mean(values: NDArray[np.float64]) -> Interval:
    """Return the geometric mean of positive values, with its 95 % interval over seeds.

    Parameters
    ----------
    values : array, (level, seed)
        A seed counts with the levels at which it is known.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        seeds = mean_of_known(np.log(values).T)
    return Interval(*(math.exp(value) for value in known_interval(seeds[np.isfinite(seeds)])))


def mean_of_known(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average the last axis over what is not nan; nan where nothing is."""
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, values, 0).sum(axis=-1) / known.sum(axis=-1))


def _bootstrap_ends(
    samples: tuple[NDArray[np.float64], ...],
    statistic: Callable[..., NDArray[np.float64]],
    resamples: int,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """Return the ends of the bias-corrected and accelerated interval (BCa bootstrap, Efron 1987).

    The resampling has a fixed seed: the same values give the same ends. Several samples are paired.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", scipy.stats.DegenerateDataWarning)  # the ends are nan then
        resampled = scipy.stats.bootstrap(
            samples,
            statistic,
            n_resamples=resamples,
            confidence_level=confidence,
            paired=len(samples) > 1,
            vectorized=True,
            rng=np.random.default_rng(0),
        )
    ends = resampled.confidence_interval
    return float(ends.low), float(ends.high)


def paired_difference(a: ArrayLike, b: ArrayLike, confidence: float = 0.95) -> Interval:
    """Return the mean of a - b over seeds that both conditions share, with its interval.

    Parameters
    ----------
    a, b : array, (seed,)
        The same seeds in the same order.
    confidence : float
        Coverage of the interval.

    Returns
    -------
    Interval
    """
    return mean_interval(np.asarray(a, dtype=float) - np.asarray(b, dtype=float), confidence)
