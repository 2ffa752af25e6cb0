"""Telling two classes apart: closed forms for Gaussian counts, and nothing found in noise."""

import numpy as np
import pytest

from cortex.analysis.discrimination import d_prime, linear_d_prime, noise_correlation, thin

ALTERNATING = np.resize([1, -1, -1, 1], 6000)


def test_d_prime_is_the_distance_of_the_means_in_standard_deviations() -> None:
    assert d_prime([3, 0, 4, 1, 5, 2], [1, -1, 1, -1, 1, -1]) == 3
    assert d_prime([3, 0, 4, 1, 5, 2], [False, True, False, True, False, True]) == -3
    assert d_prime([0, 2, 10, 14], [0, 0, 1, 1]) == pytest.approx(11 / np.sqrt((2 + 8) / 2))


@pytest.mark.parametrize("distance", [0.5, 2.0])
def test_d_prime_of_gaussians(distance: float) -> None:
    values = np.random.default_rng(0).normal(5 + 3 * distance * (ALTERNATING > 0), 3)
    assert d_prime(values, ALTERNATING) == pytest.approx(distance, abs=0.08)


def test_the_linear_decoder_uses_correlations() -> None:
    """A second cell without a signal of its own helps by telling the noise of the first: d'^2 = m C^-1 m."""
    covariance = np.array([[1, 0.8], [0.8, 1]])
    counts = np.random.default_rng(1).multivariate_normal([0, 0], covariance, (2, 3000))
    counts[0, :, 0] += 1
    assert linear_d_prime(counts[..., :1], [1, -1]) == pytest.approx(1, abs=0.08)
    assert linear_d_prime(counts, [1, -1]) == pytest.approx(1 / 0.6, abs=0.08)
    mixed = linear_d_prime(counts @ [[2.0, 0.3], [-1, 4]], [1, -1])
    assert mixed == pytest.approx(linear_d_prime(counts, [1, -1]), rel=1e-6)


def test_independent_cells_add_the_squares_of_their_d_primes() -> None:
    counts = np.random.default_rng(2).standard_normal((2, 3000, 4)) + np.outer([1, 0], [0.5, 1, 0, -1])[:, None]
    assert linear_d_prime(counts, [1, -1]) == pytest.approx(1.5, abs=0.08)


def test_pairs_of_different_classes_are_averaged_and_the_means_of_a_class_are_no_noise() -> None:
    means = np.array([0.0, 40.0, 2.0, 43.0])
    counts = np.random.default_rng(3).standard_normal((4, 4000, 1)) + means[:, None, None]
    classes = [1, 1, -1, -1]
    assert linear_d_prime(counts, classes) == pytest.approx(np.mean([2, 43, 38, 3]), rel=0.02)


def test_few_repeats_find_nothing_in_noise() -> None:
    """Means of 24 repeats differ by chance, by d'^2 of 2 cells/repeats; that is taken off."""
    rng = np.random.default_rng(4)
    squares = [linear_d_prime(rng.standard_normal((2, 24, 3)), [1, -1]) ** 2 for _ in range(400)]
    assert np.mean(squares) < 0.6 * 2 * 3 / 24
    signal = np.array([[[2, 0, 0]], [[0, 0, 0]]])
    apart = [linear_d_prime(signal + rng.standard_normal((2, 24, 3)), [1, -1]) for _ in range(400)]
    assert np.mean(apart) == pytest.approx(2, rel=0.03)


def test_noise_shrinks_d_prime() -> None:
    """Four times the noise leaves a quarter: the measure can fail."""
    rng = np.random.default_rng(5)
    means = np.array([0.0, 6.0, 12.0, 18.0])[:, None, None]
    sharp, blunt = (linear_d_prime(means + s * rng.standard_normal((4, 200, 1)), [1, 1, -1, -1]) for s in (1, 4))
    assert blunt / sharp == pytest.approx(1 / 4, rel=0.06)


def test_noise_correlation_is_the_share_of_common_variance() -> None:
    rng = np.random.default_rng(5)
    counts = rng.standard_normal((10, 500, 4)) + 0.5 * rng.standard_normal((10, 500, 1))
    assert noise_correlation(counts) == pytest.approx(0.25 / 1.25, abs=0.02)
    assert noise_correlation(counts[..., [0, 0, 0]]) == pytest.approx(1)


def test_stimuli_are_no_noise() -> None:
    rng = np.random.default_rng(6)
    counts = rng.standard_normal((10, 500, 3))
    tuned = counts + 100 * rng.standard_normal((10, 1, 3))
    assert noise_correlation(tuned) == pytest.approx(noise_correlation(counts))
    assert abs(noise_correlation(tuned)) < 0.03


def test_thinning_keeps_a_binomial_share() -> None:
    kept = thin(np.full(20000, 12.0), 0.25, np.random.default_rng(7))
    assert kept.mean() == pytest.approx(3, abs=0.05)
    assert kept.var() == pytest.approx(12 * 0.25 * 0.75, rel=0.05)
    assert kept.max() <= 12
    counts = np.random.default_rng(8).poisson(5, (30, 4))
    assert np.array_equal(thin(counts, 1, np.random.default_rng(9)), counts)
    assert not thin(counts, 0, np.random.default_rng(9)).any()


def test_values_that_never_vary_or_are_too_few_have_no_d_prime() -> None:
    assert np.isnan(d_prime([0, 0, 0, 0], [1, 1, -1, -1]))
    assert np.isnan(d_prime([2, 2, 1, 1], [1, 1, -1, -1]))
    assert np.isnan(d_prime([1.0, 2.0, 3.0], [1, -1, -1]))


def test_silent_cells_and_too_few_repeats_have_no_linear_decoder() -> None:
    assert np.isnan(linear_d_prime(np.zeros((4, 5, 2)), [1, 1, -1, -1]))
    counts = np.random.default_rng(0).standard_normal((4, 2, 8))
    assert np.isnan(linear_d_prime(counts, [1, 1, -1, -1]))
    twice = np.repeat(np.random.default_rng(0).poisson(5, (4, 9, 1)), 2, axis=2)
    assert np.isnan(linear_d_prime(twice, [1, 1, -1, -1]))
