"""Spike counts against hand counts and a brute-force count."""

import numpy as np
import pytest

from cortex.analysis.spikes import count_in_windows, interval_variation, lag, rate_in_bins

TRAIN_I = np.array([0, 1, 0, 2, 1, 1])
TRAIN_T = np.array([0.0, 0.1, 0.2, 0.2, 0.3, 0.9])


def test_a_window_holds_its_start_and_not_its_stop() -> None:
    counts = count_in_windows(TRAIN_I, TRAIN_T, 4, [0.0, 0.2], [0.2, 0.3])
    assert counts.tolist() == [[1, 1, 0, 0], [1, 0, 1, 0]]


def test_windows_may_overlap_leave_gaps_and_come_in_any_order() -> None:
    counts = count_in_windows(TRAIN_I, TRAIN_T, 3, [0.8, 0.0, 0.15, 0.5], [1.0, 1.0, 0.25, 0.6])
    assert counts.tolist() == [[0, 1, 0], [2, 3, 1], [1, 0, 1], [0, 0, 0]]


def test_no_spikes_and_no_windows_keep_the_shape() -> None:
    assert count_in_windows([], [], 3, [0.0], [1.0]).tolist() == [[0, 0, 0]]
    assert count_in_windows(TRAIN_I, TRAIN_T, 3, [], []).shape == (0, 3)


def test_random_windows_agree_with_a_brute_force_count(rng: np.random.Generator) -> None:
    t = np.sort(rng.uniform(0, 10, 2000))
    i = rng.integers(0, 7, 2000)
    starts = rng.uniform(0, 10, 50)
    stops = starts + rng.uniform(0, 2, 50)
    brute = [
        [np.sum((i == cell) & (t >= start) & (t < stop)) for cell in range(7)]
        for start, stop in zip(starts, stops, strict=True)
    ]
    assert np.array_equal(count_in_windows(i, t, 7, starts, stops), brute)


def test_rates_are_counts_per_width_of_each_bin() -> None:
    t = np.arange(0.025, 1, 0.05)  # a regular train of 20 Hz
    rates = rate_in_bins(np.zeros(len(t), dtype=int), t, 2, [0.0, 0.5, 0.7, 1.0])
    assert rates == pytest.approx(np.array([[20, 0], [20, 0], [20, 0]]))


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_intervals_of_a_clock_do_not_vary_and_those_of_a_poisson_train_vary_by_their_mean(
    rng: np.random.Generator,
) -> None:
    clock, chance = np.arange(1, 1001) * 0.1, np.cumsum(rng.exponential(0.01, 10000))
    i = np.concatenate([np.zeros(1000, int), np.ones(10000, int), np.full(10, 2)])
    t = np.concatenate([clock, chance, np.arange(10.0)])
    order = np.argsort(t, kind="stable")
    variation = interval_variation(i[order], t[order], 4, 0, 200)
    np.testing.assert_allclose(variation[:2], [0, 1], atol=0.03)
    assert np.isnan(variation[2:]).all()  # nine intervals, and none
    halved = interval_variation(i[order], t[order], 4, 0, 1.05)
    assert np.isnan(halved[0]), "spikes beyond the window are left out"


def test_a_lag_is_that_of_most_pairs_of_spikes(rng: np.random.Generator) -> None:
    leading = np.unique(rng.integers(0, 200000, 500)) * 0.0005
    following = np.sort(np.concatenate([leading + 0.002, leading[:200] - 0.001, rng.integers(0, 200000, 300) * 0.0005]))
    assert lag(leading, following, 0.02, 0.0005) == pytest.approx(0.002)
    assert lag(following, leading, 0.02, 0.0005) == pytest.approx(-0.002)
    assert np.isnan(lag([0.0, 1.0], [0.5], 0.02, 0.0005))
