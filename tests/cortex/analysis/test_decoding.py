"""The best linear readout of spike counts, answering trials that it was not fitted to."""

import numpy as np
import pytest

from cortex.analysis.decoding import cross_validated


def test_what_is_linear_is_decoded() -> None:
    rng = np.random.default_rng(0)
    answers = np.array([1.0, -1, 1, -1])
    means = np.array([[4.0, 0], [0, 4], [5, 1], [1, 5]])
    counts = means[:, None] + 0.1 * rng.standard_normal((4, 16, 2))
    np.testing.assert_allclose(cross_validated(counts, answers), answers[:, None] * np.ones(16), atol=0.2)


def test_what_is_not_linear_is_not() -> None:
    rng = np.random.default_rng(0)
    answers = np.array([1.0, -1, -1, 1])  # exclusive or
    means = np.array([[0.0, 0], [0, 4], [4, 0], [4, 4]])
    outputs = cross_validated(means[:, None] + 0.5 * rng.standard_normal((4, 24, 2)), answers)
    assert np.mean((answers[:, None] - outputs) ** 2) == pytest.approx(1, abs=0.15)


def test_answers_that_the_counts_do_not_hold_are_not_made_up() -> None:
    """With as many cells as trials a fit is exact, and what it says of other trials worth nothing."""
    rng = np.random.default_rng(0)
    answers = np.array([1.0, -1.0])
    outputs = cross_validated(rng.standard_normal((2, 24, 40)), answers)
    assert np.mean((answers[:, None] - outputs) ** 2) > 0.9


def test_cells_that_never_fire_are_no_obstacle() -> None:
    outputs = cross_validated(np.zeros((2, 8, 3)), np.array([1.0, -1.0]))
    np.testing.assert_allclose(outputs, 0, atol=1e-6)


def test_two_repeats_are_too_few() -> None:
    with pytest.raises(ValueError, match="3 repeats"):
        cross_validated(np.zeros((2, 2, 3)), np.array([1.0, -1.0]))
