"""What a level of a parameter changes against the reference, over seeds that both share."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from cortex.analysis.reference import Band, score
from cortex.analysis.statistics import UNKNOWN, Interval, paired_difference

FLIPPED = 50
"""Pairs up to which signs are flipped."""

RANDOM = 2e-4
"""Smallest p of 9999 random ways to flip signs."""

LEVEL = 0.05
"""Share of false claims that is accepted."""

ROUNDING = 1e-12
"""Differences that vary by less than this share of the values are equal."""


@dataclass(frozen=True)
class Comparison:
    """One measure at one level against the reference, over the seeds that have it at both."""

    pairs: int
    """Seeds that have the measure at both levels; without any, every number below is nan."""
    reference: float
    """Mean of the reference over the pairs."""
    mean: float
    """Mean of the level over the same pairs."""
    difference: Interval
    """Level - reference."""
    effect: float
    """Mean of the differences over their standard deviation, d_z of Lakens (2013); nan if they do not vary."""
    p: float
    """Two-sided p value of the sign-flip permutation test, or of the t test for many pairs."""


def compare_pairs(level: ArrayLike, reference: ArrayLike) -> Comparison:
    """Compare a level of a parameter with the reference, seed by seed.

    The permutation test flips the signs of the differences (Fisher 1935): in every way for up to 13 pairs, in 9999
    random ways, the same every time, for up to 50. With n pairs p is never below 2 / 2^n, so 5 pairs cannot reach 0.05,
    and for more than 13 never below 0.0002. For more than 50 pairs the t test is the same but for its third digit.

    Parameters
    ----------
    level, reference : array, (seed,)
        The same seeds in the same order. A seed that is nan in either is left out.

    Returns
    -------
    Comparison
        The effect and p are nan for fewer than 2 pairs and for infinite values.
    """
    paired = np.array([level, reference], dtype=float)
    paired = paired[:, ~np.isnan(paired).any(axis=0)]
    pairs = paired.shape[1]
    if not pairs:
        return Comparison(0, math.nan, math.nan, UNKNOWN, math.nan, math.nan)
    effect = p = math.nan
    if pairs > 1 and np.isfinite(paired).all():
        difference = paired[0] - paired[1]
        deviation = difference.std(ddof=1)
        if deviation > ROUNDING * np.abs(paired).max():
            effect = float(difference.mean() / deviation)
        p = _sign_flip_p(difference) if pairs <= FLIPPED else float(scipy.stats.ttest_1samp(difference, 0).pvalue)
    return Comparison(
        pairs=pairs,
        reference=float(paired[1].mean()),
        mean=float(paired[0].mean()),
        difference=paired_difference(*paired),
        effect=effect,
        p=p,
    )


def _sign_flip_p(difference: NDArray[np.float64]) -> float:
    test = scipy.stats.permutation_test(
        (difference,), np.mean, permutation_type="samples", rng=np.random.default_rng(0)
    )
    return float(test.pvalue)


def adjust(p_values: ArrayLike) -> NDArray[np.float64]:
    """Adjust p values for how many there are, however they depend on each other.

    Calling a discovery whatever is at most q keeps the expected share of false discoveries at or below q (Benjamini and
    Yekutieli 2001).

    Parameters
    ----------
    p_values : array, (comparison,)
        Those that are nan stay nan and are not counted.

    Returns
    -------
    array, (comparison,)
    """
    adjusted = np.array(p_values, dtype=float)
    known = ~np.isnan(adjusted)
    adjusted[known] = scipy.stats.false_discovery_control(adjusted[known], method="by")
    return adjusted


def smallest_q(pairs: int, comparisons: int = 1) -> float:
    """Return the smallest adjusted p value that so many pairs can have, even if all comparisons agree as they can.

    It is that of the sign-flip test, 2 / 2^n and never below 0.0002, times the factor of Benjamini and Yekutieli; 0 for
    the t test of more than 50 pairs.
    """
    if pairs > FLIPPED:
        return 0.0
    return min(1.0, max(2.0 ** (1 - pairs), RANDOM) * sum(1 / number for number in range(1, comparisons + 1)))


def fewest_pairs(comparisons: int = 1) -> int:
    """Return how many pairs are needed to tell any of so many differences from chance at 5 %; 6 for a single one."""
    return next(pairs for pairs in itertools.count(2) if smallest_q(pairs, comparisons) <= LEVEL)


def share(values: ArrayLike, criterion: Band) -> Interval:
    """Return the share of values that meet a criterion with its 95 % interval (Wilson 1927).

    Parameters
    ----------
    values : array, (seed,)
        A value that is nan does not meet the criterion.
    criterion : tuple of float or None, (low, high)
        None for an open end.

    Returns
    -------
    Interval
        All nan without values.
    """
    scores = [score(value, criterion) for value in np.asarray(values, dtype=float)]
    if not scores:
        return UNKNOWN
    test = scipy.stats.binomtest(scores.count("inside"), len(scores))
    ends = test.proportion_ci(method="wilson")
    return Interval(float(test.statistic), float(ends.low), float(ends.high))
