"""Times and trials to a criterion, and how fast learning begins."""

import math

import numpy as np
import pytest

from cortex.analysis.learning import decay_rate, time_to_criterion, trials_to_criterion

TRIAL = np.arange(1000)


def test_the_first_sample_at_the_criterion_counts() -> None:
    assert time_to_criterion([10, 11, 12, 13], [0.1, 0.9, 0.8, 1.0], 0.9) == 1
    assert time_to_criterion([10, 11], [0.9, 0.1], 0.9) == 0


def test_a_criterion_that_is_not_reached_gives_nan() -> None:
    assert math.isnan(time_to_criterion([0, 1, 2], [0.1, 0.2, math.nan], 0.9))


def test_the_mean_over_the_last_trials_must_be_at_the_criterion() -> None:
    errors = [4, 0, 4, 1, 1, 0, 9, 9]
    assert trials_to_criterion(errors, 1, 1) == 2
    assert trials_to_criterion(errors, 1, 2) == 5
    assert trials_to_criterion(errors, 1.5, 4) == 5


@pytest.mark.parametrize(("errors", "trials"), [([1, 1, 1], 3), ([5, 1, 0, 2], 4), ([0, 0, 0, 9], 3)])
def test_no_fewer_trials_than_the_window(errors, trials) -> None:
    assert trials_to_criterion(errors, 1, 3) == trials


@pytest.mark.parametrize("errors", [[2, 2, 2, 2], [0, 0], [], [0, 0, math.nan, 0, 0]])
def test_trials_are_nan_if_the_criterion_is_not_reached(errors) -> None:
    """It is not reached in fewer trials than the window either, nor from trials that are unknown."""
    assert math.isnan(trials_to_criterion(errors, 1, 3))


@pytest.mark.parametrize("block", [1, 4, 12])
@pytest.mark.parametrize("rate", [0.0005, 0.003, 0.01])
def test_the_rate_of_an_exact_exponential(rate: float, block: int) -> None:
    assert decay_rate(np.exp(-rate * TRIAL), block) == pytest.approx(rate, rel=2e-3)


@pytest.mark.parametrize("rate", [0.003, 0.02])
def test_what_comes_after_a_quarter_does_not_count(rate: float) -> None:
    stalled = np.maximum(np.exp(-rate * TRIAL), 0.2)
    assert decay_rate(stalled, 6) == pytest.approx(rate, rel=5e-3)


def test_the_rate_of_noisy_exponentials() -> None:
    rng, rate = np.random.default_rng(0), 0.004
    noisy = np.exp(-rate * TRIAL) + 0.5 * rng.standard_normal((100, len(TRIAL)))
    rates = np.array([decay_rate(one, 6) for one in noisy])
    assert rates.mean() == pytest.approx(rate, rel=0.04)
    assert rates.std() < 0.15 * rate


def test_the_rate_has_limits() -> None:
    assert decay_rate(np.ones(1000), 6) == pytest.approx(1e-6, rel=0.01)
    assert decay_rate(1 + TRIAL / 100, 6) == pytest.approx(1e-6, rel=0.01)
    assert decay_rate(np.zeros(1000), 6) == pytest.approx(1, rel=0.01)


def test_the_rate_of_what_is_unknown_is_nan() -> None:
    known = np.exp(-0.01 * TRIAL)
    assert math.isnan(decay_rate(np.where(TRIAL == 3, math.nan, known), 6))
    assert math.isnan(decay_rate(known[:5], 6))
