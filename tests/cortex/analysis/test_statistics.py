"""Intervals with known properties."""

from math import isnan, nan, sqrt

import numpy as np
import pytest

from cortex.analysis.statistics import (
    Interval,
    geometric_mean,
    known_interval,
    mean_interval,
    paired_difference,
    ratio_interval,
)


def test_interval_of_many_normal_values_is_the_normal_one() -> None:
    values = np.random.default_rng(5).normal(3, 2, 1000)
    mean, half = values.mean(), 1.96 * values.std(ddof=1) / sqrt(1000)
    assert mean_interval(values) == pytest.approx((mean, mean - half, mean + half), rel=0.005)


def test_lower_confidence_gives_a_narrower_interval() -> None:
    values = np.arange(10)
    wide, narrow = mean_interval(values), mean_interval(values, confidence=0.5)
    assert wide.low < narrow.low < 4.5 < narrow.high < wide.high


def test_interval_leans_towards_the_long_tail() -> None:
    mean, low, high = mean_interval([1, 1, 1, 2, 2, 3, 4, 20])
    assert high - mean > mean - low


def test_same_values_give_the_same_interval() -> None:
    assert mean_interval([1, 2, 4, 8]) == mean_interval([1, 2, 4, 8])


@pytest.mark.parametrize("values", [[0.3] * 5, [*[1.0] * 9, 1 + 2e-16], [-2.0, -2.0]])
@pytest.mark.filterwarnings("error")
def test_equal_values_have_an_interval_of_no_width(values: list[float]) -> None:
    mean = values[0]
    assert mean_interval(values) == pytest.approx((mean, mean, mean))
    assert ratio_interval(values, [1.0] * len(values)) == pytest.approx((mean, mean, mean))


@pytest.mark.parametrize("values", [[2.0], [1.0, float("inf")]])
def test_interval_without_ends(values: list[float]) -> None:
    interval = mean_interval(values)
    assert interval.mean == np.mean(values)
    assert isnan(interval.low)
    assert isnan(interval.high)


def test_pairing_removes_what_the_seeds_share() -> None:
    seeds = np.array([10.0, -40.0, 700.0, 3.0])
    assert paired_difference(seeds + 2, seeds) == Interval(2, 2, 2)


def test_the_geometric_mean_is_over_levels_and_then_over_seeds() -> None:
    mean, low, high = geometric_mean(np.array([[1.0, 2.0], [4.0, 8.0]]))
    assert mean == pytest.approx(sqrt(2 * 4))
    assert 2 <= low < mean < high <= 4
    assert isnan(geometric_mean(np.empty((0, 2))).mean)


def test_a_ratio_of_a_single_seed_has_no_interval() -> None:
    ratio = ratio_interval([300.0], [200.0])
    assert ratio.mean == 1.5
    assert isnan(ratio.low) and isnan(ratio.high)


def test_what_is_not_known_is_left_out_of_the_mean() -> None:
    assert known_interval([1, nan, 2, 4, 8]) == mean_interval([1, 2, 4, 8])
    assert all(map(isnan, known_interval([nan, nan])))
