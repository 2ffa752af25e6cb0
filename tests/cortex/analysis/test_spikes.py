"""Spike counts against hand counts and a brute-force count."""

import numpy as np
import pytest

from cortex.analysis.spikes import count_in_windows, rate_in_bins

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
