"""Times to a criterion against worked examples."""

from math import exp, isnan, log, nan, sqrt

import numpy as np
import pytest

from cortex.analysis.survival import first_of_pair, logrank, restricted, survival


def test_share_falls_by_one_seed_among_those_still_watched() -> None:
    curve = survival([1, nan, 3, nan], [9, 2, 9, 4])
    assert curve.times == pytest.approx([0, 1, 2, 3, 4])
    assert curve.share == pytest.approx([1, 3 / 4, 3 / 4, 3 / 8, 3 / 8])
    assert curve.censored == pytest.approx([2, 4])
    assert curve.seeds == 4


def test_interval_is_that_of_greenwood_on_a_double_logarithm() -> None:
    curve = survival([1, 2, nan, nan], 5)
    share, variance = 1 / 2, 1 / (4 * 3) + 1 / (3 * 2)
    half = 1.959964 * sqrt(variance) / -log(share)
    assert curve.low[2] == pytest.approx(share ** exp(half), rel=1e-6)
    assert curve.high[2] == pytest.approx(share ** exp(-half), rel=1e-6)


def test_curve_without_arrivals_stays_at_one_until_the_watching_ends() -> None:
    curve = survival([nan, nan], 7)
    assert (list(curve.times), list(curve.share), list(curve.censored)) == ([0, 7], [1, 1], [7, 7])
    assert np.isnan([curve.low, curve.high]).all()


def test_curve_of_all_arrivals_is_the_share_above() -> None:
    curve = survival([4, 2, 8], 10)
    assert curve.times == pytest.approx([0, 2, 4, 8])
    assert curve.share == pytest.approx([1, 2 / 3, 1 / 3, 0])
    assert len(curve.censored) == 0
    assert isnan(curve.low[-1]) and isnan(curve.high[-1])


def test_arrival_after_the_watching_is_none_and_a_seed_without_limit_is_left_out() -> None:
    curve = survival([6, 1, 3], [5, 5, nan])
    assert (list(curve.times), list(curve.share), list(curve.censored)) == ([0, 1, 5], [1, 0.5, 0.5], [5])
    assert curve.seeds == 2


def test_logrank_of_a_worked_example() -> None:
    # at 1, 2: a arrives, 2 of 4 and 1 of 3 at risk are a's; at 3, 4 only b is left
    expected, variance = 2 / 4 + 1 / 3, 1 / 4 + 2 / 9
    z = (2 - expected) / sqrt(variance)
    tails = 1 - 2 * _normal_half(z)
    assert logrank([1, 2], 9, [3, 4], 9) == pytest.approx(tails, rel=1e-6)


def test_logrank_sees_no_difference_between_equals_and_none_of_what_never_happens() -> None:
    assert logrank([1, 2, nan], 5, [1, 2, nan], 5) == 1
    assert isnan(logrank([nan, nan], 5, [nan], 5))
    assert isnan(logrank([], [], [1], 5))


def test_restricted_mean_is_the_area_under_the_curve() -> None:
    times, limit = [1, 4, nan, nan], 6.0
    assert restricted(times, limit) == pytest.approx([1, 4, 6, 6])
    curve = survival(times, limit)
    assert np.mean(restricted(times, limit)) == pytest.approx(np.sum(np.diff(curve.times) * curve.share[:-1]))


def test_restricted_time_of_a_seed_that_was_not_run_is_unknown() -> None:
    assert restricted([1, nan, 9], [5, nan, 5]) == pytest.approx([1, nan, 5], nan_ok=True)


def test_first_of_pair_is_decided_as_far_as_both_were_watched() -> None:
    a = [1, 5, nan, 2, nan, 4, 3]
    b = [2, 4, 6, 2, nan, nan, nan]
    first = first_of_pair(a, 9, b, [9, 9, 9, 9, 9, 3, nan])
    assert (first.a, first.b, first.undecided) == (1, 2, 3)
    assert first.p == 1


def test_sign_test_is_exact() -> None:
    assert first_of_pair([1] * 6, 9, [nan] * 6, 9).p == pytest.approx(2 / 2**6)
    assert first_of_pair([nan] * 6, 9, [*[1] * 5, nan], 9) == (0, 5, 1, pytest.approx(2 / 2**5))
    assert isnan(first_of_pair([nan, 2], 9, [nan, 2], 9).p)


def _normal_half(z: float) -> float:
    """Return the probability of a standard normal value between 0 and z, from its power series."""
    term, total = z, 0.0
    for k in range(60):
        total += term / (2 * k + 1)
        term *= -(z**2) / (2 * (k + 1))
    return total / sqrt(2 * np.pi)
