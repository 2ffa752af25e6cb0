"""Poisson trains have the rate they are asked for, also when it changes, and the intervals of chance."""

import numpy as np
import pytest
from brian2 import Hz, NeuronGroup, SpikeMonitor, TimedArray, ms
from scipy import stats

from cortex.mechanisms import poisson

N = 1000


@pytest.fixture
def spikes(run):
    """Spike counts by interval of the rate, shape (interval, cell), and the monitor, for rates over time."""

    def count(rates, interval, every=None):
        asked = TimedArray(np.asarray(rates, dtype=float) * Hz, dt=interval * ms, name="asked")
        group = NeuronGroup(
            N, poisson.TRAIN, threshold=poisson.THRESHOLD, reset=poisson.RESET, dtype=poisson.PRECISION,
            method="exponential_euler", namespace={"asked": asked}, name="train",
        )  # fmt: skip
        poisson.begin(group)
        group.run_regularly("new_rate = asked(t)\n" + poisson.FOLLOW, dt=(every or interval) * ms, name="follow")
        monitor = SpikeMonitor(group, name="spikes")
        run(interval * len(rates), group, monitor)
        when = np.floor(monitor.t / ms / interval + 1e-9).astype(int)
        return np.array([np.bincount(monitor.i[when == k], minlength=N) for k in range(len(rates))]), monitor

    return count


def test_counts_have_the_mean_and_variance_of_a_poisson_process(spikes):
    rates = [0, 3, 60, 0.5, 200]
    counts, _ = spikes(rates, 500)
    for rate, found in zip(rates, counts, strict=True):
        expected = rate * 0.5
        assert found.mean() == pytest.approx(expected, abs=5 * np.sqrt(expected / N))
        if expected > 1:
            assert found.var() / expected == pytest.approx(1, abs=0.25)


def test_a_rate_that_changes_all_the_time_is_followed_without_bias(spikes):
    rates = np.tile([5.0, 95.0], 100)
    counts, _ = spikes(rates, 5)
    for rate, found in ((5, counts[0::2]), (95, counts[1::2])):
        expected = rate * 0.5
        assert found.sum(axis=0).mean() == pytest.approx(expected, abs=5 * np.sqrt(expected / N))


def test_intervals_are_exponential(spikes):
    _, monitor = spikes([80.0], 2000, every=2)
    trains = monitor.spike_trains().values()
    intervals = np.concatenate([np.diff(train / ms) for train in trains])
    rng = np.random.default_rng(0)
    smooth = intervals + rng.uniform(-0.25, 0.25, len(intervals)) + rng.uniform(-0.25, 0.25, len(intervals))
    within = smooth[(smooth > 2) & (smooth < 60)]
    mean = 1000 / 80
    cut = stats.truncexpon(b=(60 - 2) / mean, loc=2, scale=mean)
    assert stats.kstest(within, cut.cdf).statistic < 0.01


def test_no_cell_is_lost_at_a_rate_of_zero(spikes):
    counts, _ = spikes([0, 0, 100], 1000)
    assert counts[:2].sum() == 0
    assert counts[2].min() > 40
