"""Means over seeds with their intervals, and the rows of a table that scores them."""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import DegenerateDataWarning, bootstrap

from cortex.analysis.reference import ANY, Band, Score, score

MANY = 50
"""Values above which fewer resamples give the ends as exactly."""


class Interval(NamedTuple):
    """A mean and its confidence interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Row:
    """One measure over the seeds, beside its band.

    The interval is inside only if all of it is.
    """

    measure: str
    seeds: int
    interval: Interval
    band: Band
    mean_score: Score
    interval_score: Score


def mean_interval(values: ArrayLike, confidence: float = 0.95) -> Interval:
    """Give the mean of independent values with its bootstrap interval (bias-corrected and accelerated, Efron 1987).

    The resampling has a fixed seed: the same values give the same interval. There are 9999 resamples, or 1999 of more
    than 50 values.

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
    if np.ptp(values) == 0:
        return Interval(mean, mean, mean)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DegenerateDataWarning)  # the ends are nan then
        resampled = bootstrap(
            (values,),
            np.mean,
            n_resamples=9999 if len(values) <= MANY else 1999,
            confidence_level=confidence,
            rng=np.random.default_rng(0),
        )
    ends = resampled.confidence_interval
    return Interval(mean, float(ends.low), float(ends.high))


def paired_difference(a: ArrayLike, b: ArrayLike, confidence: float = 0.95) -> Interval:
    """Give the mean of a - b over seeds that both conditions share, with its interval.

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


def summarise(measures: Mapping[str, Sequence[float]], bands: Mapping[str, Band]) -> list[Row]:
    """Set every measure beside its band.

    Parameters
    ----------
    measures : mapping of str to sequence of float
        Values of each measure, one per seed.
    bands : mapping of str to band
        A measure without a band may have any value.

    Returns
    -------
    list of Row
        In the order of `measures`.
    """
    rows = []
    for measure, values in measures.items():
        interval, band = mean_interval(values), bands.get(measure, ANY)
        low, high = score(interval.low, band), score(interval.high, band)
        rows.append(
            Row(
                measure=measure,
                seeds=len(values),
                interval=interval,
                band=band,
                mean_score=score(interval.mean, band),
                interval_score=low if low == high else "outside",
            )
        )
    return rows
