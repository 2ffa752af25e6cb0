"""Copying times and fidelity against their closed forms."""

from math import isnan, sqrt

import numpy as np
import pytest

from cortex.analysis.copying import predicted_cosine, time_constant


@pytest.mark.parametrize("tau", [0.5, 12, 60])
@pytest.mark.parametrize("amplitude", [3e-9, -1.0, 40.0])
def test_time_constant_of_an_exact_decay_in_any_unit(tau: float, amplitude: float) -> None:
    t = 1000 + np.linspace(0, 40, 200)
    fitted, error = time_constant(t, 0.2 * amplitude + amplitude * np.exp(-(t - 1000) / tau))
    assert fitted == pytest.approx(tau, rel=1e-4)
    assert error < 1e-3 * tau


def test_standard_error_is_the_scatter_over_noisy_repeats() -> None:
    rng, t, tau = np.random.default_rng(3), np.linspace(0, 50, 100), 10
    fits = [time_constant(t, 0.1 + np.exp(-t / tau) + rng.normal(0, 0.05, len(t))) for _ in range(200)]
    standardised = [(fitted - tau) / error for fitted, error in fits]
    assert np.std(standardised) == pytest.approx(1, abs=0.15)
    assert np.mean(standardised) == pytest.approx(0, abs=0.25)


def test_a_distance_that_does_not_change_has_no_time_constant() -> None:
    assert all(isnan(number) for number in time_constant([0, 1, 2], [0.7, 0.7, 0.7]))


@pytest.mark.parametrize("condition", [1, 4, 15])
def test_worst_case_of_a_hebbian_copy(condition: float) -> None:
    """The weights sqrt(k), 1 on axes of variance 1, k reach the bound 2 sqrt(k) / (1 + k)."""
    measured = predicted_cosine([sqrt(condition), 1], np.diag([1, condition]))
    assert measured == pytest.approx(2 * sqrt(condition) / (1 + condition))


def test_an_eigenvector_of_the_input_is_copied_exactly() -> None:
    assert predicted_cosine([1, 1], [[2, 1], [1, 2]]) == pytest.approx(1)


def test_no_weights_are_copied_worse_than_the_condition_number_allows() -> None:
    condition, angles = 15.0, np.linspace(0, np.pi, 10001)
    cosines = [predicted_cosine([np.cos(a), np.sin(a)], np.diag([condition, 1])) for a in angles]
    assert min(cosines) == pytest.approx(2 * sqrt(condition) / (1 + condition), abs=1e-6)


def test_fewer_than_four_samples_have_no_time_constant() -> None:
    assert all(isnan(part) for part in time_constant([0, 1, 2], [4.0, 2.0, 1.0]))
    assert all(isnan(part) for part in time_constant([], []))


@pytest.mark.parametrize("shape", [1 - np.arange(9.0), np.arange(9.0) ** 2])
def test_what_is_no_approach_has_no_time_constant(shape: np.ndarray) -> None:
    assert all(isnan(part) for part in time_constant(np.arange(9.0), shape))
