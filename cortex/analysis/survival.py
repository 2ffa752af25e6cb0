"""How long seeds take to reach a criterion, where some had not reached it by the end of their follow-up.

A seed that was not run has neither a time nor a limit: both are nan, and it is left out.
"""

import math
import warnings
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class SurvivalCurve:
    """The share of seeds that have not yet reached the criterion, a step function of time."""

    times: NDArray[np.float64]
    """Where a step begins, s, shape (step,): 0, and every time of an event or of censoring."""
    share: NDArray[np.float64]
    """Share that has not reached the criterion by each time, shape (step,)."""
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    """95 % interval of the share, shape (step,); nan where the share is 0 or 1, for which its formula has none."""
    censored: NDArray[np.float64]
    """Follow-up time of the censored seeds, s, rising, shape (censored seed,)."""
    seeds: int


class FirstOfPair(NamedTuple):
    """How often each of two conditions was first at the criterion, over seeds that both share."""

    a: int
    b: int
    undecided: int
    """Pairs with equal times, or censored before it was known which would be first."""
    p: float
    """Exact two-sided sign test over the decided pairs; nan if there are none."""


def survival(times: ArrayLike, limits: ArrayLike) -> SurvivalCurve:
    """Estimate the share that has not yet reached the criterion (Kaplan and Meier 1958).

    The interval is that of Greenwood's variance after a log-log transformation (Kalbfleisch and Prentice 1980).

    Parameters
    ----------
    times : array, (seed,), s
        When each seed reached the criterion, nan if not within its follow-up.
    limits : float or array, (seed,), s
        Follow-up time of each seed.

    Returns
    -------
    SurvivalCurve
    """
    reached, censored = _split(times, limits)
    curve = scipy.stats.ecdf(scipy.stats.CensoredData(reached, right=censored)).sf
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The confidence interval is undefined", RuntimeWarning)
        ends = curve.confidence_interval(method="log-log")
    return SurvivalCurve(
        times=np.append(0.0, curve.quantiles),
        share=np.append(1.0, curve.probabilities),
        low=np.append(math.nan, ends.low.probabilities),
        high=np.append(math.nan, ends.high.probabilities),
        censored=np.sort(censored),
        seeds=len(reached) + len(censored),
    )


def logrank(a: ArrayLike, a_limits: ArrayLike, b: ArrayLike, b_limits: ArrayLike) -> float:
    """Test whether two conditions reach the criterion equally fast (logrank test, Mantel 1966).

    It takes the conditions for independent: seeds that they share make it cautious where they are alike. The p value is
    that of a normal approximation, rough for fewer than about 10 arrivals.

    Parameters
    ----------
    a, b : array, (seed,), s
        When each seed reached the criterion, nan if not within its follow-up.
    a_limits, b_limits : float or array, (seed,), s
        Follow-up time of each seed.

    Returns
    -------
    float
        Two-sided p value; nan where it is undefined, as when no seed of either arrived.
    """
    a_sample, b_sample = (
        scipy.stats.CensoredData(reached, right=censored)
        for reached, censored in (_split(a, a_limits), _split(b, b_limits))
    )
    with np.errstate(invalid="ignore"):
        return float(scipy.stats.logrank(a_sample, b_sample).pvalue)


def restricted(times: ArrayLike, limits: ArrayLike) -> NDArray[np.float64]:
    """Return the time to the criterion or to the end of follow-up, whichever came first (Royston and Parmar 2013).

    Its mean over seeds that all have the same follow-up time is the area under their survival curve. Unlike the time
    itself it is always known, so that conditions can be compared seed by seed.

    Parameters
    ----------
    times : array, (seed,), s
        When each seed reached the criterion, nan if not within its follow-up.
    limits : float or array, (seed,), s
        Follow-up time of each seed.

    Returns
    -------
    array, (seed,), s
        Nan for a seed without a limit.
    """
    times, limits = _both(times, limits)
    return np.where(times <= limits, times, limits)


def first_of_pair(a: ArrayLike, a_limits: ArrayLike, b: ArrayLike, b_limits: ArrayLike) -> FirstOfPair:
    """Count how often each of two conditions was first at the criterion.

    Parameters
    ----------
    a, b : array, (seed,), s
        When each seed reached the criterion, nan if not within its follow-up; the same seeds in the same order.
    a_limits, b_limits : float or array, (seed,), s
        Follow-up time of each seed. A pair without one of them is left out.

    Returns
    -------
    FirstOfPair
    """
    a, a_limits = _both(a, a_limits)
    b, b_limits = _both(b, b_limits)
    a_time, b_time = (np.where(time <= limit, time, np.inf) for time, limit in ((a, a_limits), (b, b_limits)))
    a_first = int(np.sum((a_time < b_time) & (a_time <= b_limits)))
    b_first = int(np.sum((b_time < a_time) & (b_time <= a_limits)))
    decided = a_first + b_first
    pairs = int(np.sum(~np.isnan(a_limits + b_limits)))
    p = float(scipy.stats.binomtest(a_first, decided).pvalue) if decided else math.nan
    return FirstOfPair(a_first, b_first, pairs - decided, p)


def _both(times: ArrayLike, limits: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return times and limits as arrays of one shape."""
    times, limits = np.broadcast_arrays(np.asarray(times, dtype=float), np.asarray(limits, dtype=float))
    return times, limits


def _split(times: ArrayLike, limits: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the times of the seeds that reached the criterion, and the follow-up times of the others."""
    times, limits = _both(times, limits)
    reached = times <= limits
    return times[reached], limits[~reached & ~np.isnan(limits)]
