"""Paired comparisons against hand-counted sign flips and published formulas."""

from math import inf, isnan, nan, sqrt

import numpy as np
import pytest

from cortex.analysis.comparison import adjust, compare_pairs, fewest_pairs, share, smallest_q
from cortex.analysis.statistics import Interval, mean_interval


def test_means_and_difference_are_those_of_the_pairs() -> None:
    comparison = compare_pairs([3, 5, 9, nan, 7], [1, 2, 3, 40, nan])
    assert (comparison.pairs, comparison.reference, comparison.mean) == (3, 2, pytest.approx(17 / 3))
    assert comparison.difference == mean_interval([2, 3, 6])


def test_effect_is_the_mean_difference_in_standard_deviations() -> None:
    assert compare_pairs([11, 22, 33], [10, 20, 30]).effect == pytest.approx(2)
    assert compare_pairs([10, 20, 30], [11, 22, 33]).effect == pytest.approx(-2)


@pytest.mark.parametrize(
    ("difference", "p"),
    [
        ([1, 2, 3], 2 / 8),
        ([1, 2, 4, 8, 16], 2 / 32),
        ([1, 2, 4, 8, -16], 32 / 32),
        ([-1, 2, 4, 8, 16], 4 / 32),
        ([1] * 13, 2 / 2**13),
        ([0, 0, 0], 1),
        ([0] * 20, 1),
    ],
)
def test_p_is_the_share_of_sign_flips_with_as_large_a_mean(difference: list[float], p: float) -> None:
    assert compare_pairs(difference, np.zeros(len(difference))).p == pytest.approx(p)


def test_many_pairs_are_flipped_at_random_but_the_same_every_time() -> None:
    level = np.random.default_rng(3).normal(0.3, 1, 40)
    p = compare_pairs(level, np.zeros(40)).p
    assert 0.002 < p < 0.5
    assert p == compare_pairs(level, np.zeros(40)).p


def test_what_the_seeds_share_does_not_count() -> None:
    seeds = np.array([10.0, -40.0, 700.0, 3.0])
    assert compare_pairs(seeds + np.arange(1, 5), seeds).p == pytest.approx(2 / 16)


def test_equal_differences_have_no_effect_size_whatever_their_rounding() -> None:
    comparison = compare_pairs([1.1, 2.1, 3.1], [1.0, 2.0, 3.0])
    assert isnan(comparison.effect)
    assert comparison.p == pytest.approx(2 / 8)


@pytest.mark.parametrize(("level", "pairs"), [([5.0, nan], 1), ([inf, 5.0], 2)])
def test_one_pair_and_infinite_values_have_a_mean_but_no_test(level: list[float], pairs: int) -> None:
    comparison = compare_pairs(level, [2, 2])
    assert (comparison.pairs, comparison.reference, comparison.difference.mean) == (pairs, 2, level[0] - 2)
    assert isnan(comparison.effect) and isnan(comparison.p)


@pytest.mark.parametrize("level", [[], [nan, nan]])
def test_without_pairs_nothing_is_known(level: list[float]) -> None:
    comparison = compare_pairs(level, np.ones(len(level)))
    assert comparison.pairs == 0
    assert np.isnan([comparison.reference, comparison.mean, *comparison.difference, comparison.p]).all()


def test_p_values_are_adjusted_by_rank_and_by_the_harmonic_sum() -> None:
    harmonic = 1 + 1 / 2 + 1 / 3
    assert adjust([0.03, 0.001, 0.02]) == pytest.approx(harmonic * np.array([0.03, 0.003, 0.03]))


def test_unknown_p_values_stay_unknown_and_are_not_counted() -> None:
    assert adjust([nan, 0.02, nan]) == pytest.approx([nan, 0.02, nan], nan_ok=True)
    assert np.isnan(adjust([nan, nan])).all()
    assert len(adjust([])) == 0


def test_share_has_the_interval_of_wilson() -> None:
    z, n, met = 1.959964, 5, 2
    centre = (met + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * sqrt(met * (n - met) / n + z**2 / 4)
    measured = share([0.9, 1.0, 1.2, 0.5, nan], (0.9, 1.1))
    assert measured == pytest.approx((met / n, centre - half, centre + half), rel=1e-6)


def test_share_of_an_open_band_and_of_nothing() -> None:
    assert share([1, 2, 3, 4], (2, None)).mean == 0.75
    assert share([1, 2, 3, 4], (None, None)).mean == 1
    assert isinstance(share([1], (0, 2)), Interval)
    assert np.isnan(share([], (0, 1))).all()


def test_the_smallest_p_is_that_of_the_test() -> None:
    for pairs in (2, 5, 6, 13, 14):
        found = compare_pairs(np.arange(pairs) + 1.0, np.zeros(pairs)).p
        assert smallest_q(pairs) == pytest.approx(found)
    q = adjust([smallest_q(7)] * 8)
    np.testing.assert_allclose(q, smallest_q(7, 8))


@pytest.mark.parametrize(("comparisons", "pairs"), [(1, 6), (2, 6), (3, 7), (8, 7), (100, 8)])
def test_more_comparisons_need_more_pairs(comparisons: int, pairs: int) -> None:
    assert fewest_pairs(comparisons) == pairs
    assert smallest_q(pairs, comparisons) <= 0.05 < smallest_q(pairs - 1, comparisons)
