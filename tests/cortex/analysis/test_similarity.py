"""Similarities against angles and overlaps known in closed form."""

from itertools import combinations
from math import cos, erfc, isnan, radians, sqrt

import numpy as np
import pytest

from cortex.analysis.similarity import cosine, mean_pairwise_cosine, overlap


@pytest.mark.parametrize("degrees", [0, 30, 90, 180])
def test_cosine_of_a_known_angle_at_any_length(degrees: float) -> None:
    turned = 3e-9 * np.array([cos(radians(degrees)), cos(radians(degrees - 90))])
    assert cosine([5, 0], turned) == pytest.approx(cos(radians(degrees)), abs=1e-15)


def test_cosine_of_a_time_course_keeps_the_time_axis() -> None:
    course = np.array([[1, 0], [1, 1], [0, 1]])
    assert cosine(course, [1, 0]) == pytest.approx([1, sqrt(0.5), 0])


def test_cosine_with_a_zero_vector_is_undefined() -> None:
    assert isnan(cosine([0, 0], [1, 0]))


def test_pairwise_mean_equals_the_mean_over_explicit_pairs() -> None:
    weights = np.random.default_rng(2).uniform(size=(5, 8))
    explicit = np.mean([cosine(a, b) for a, b in combinations(weights, 2)])
    assert mean_pairwise_cosine(weights) == pytest.approx(explicit, rel=1e-12)


def test_pairwise_mean_of_equal_and_of_orthogonal_cells() -> None:
    assert mean_pairwise_cosine([[1, 2], [2, 4], [3, 6]]) == pytest.approx(1)
    assert mean_pairwise_cosine(np.stack([2 * np.eye(4), np.ones((4, 4))])) == pytest.approx([0, 1], abs=1e-15)


def test_overlap_is_one_for_a_scaled_curve_and_zero_for_disjoint_ones() -> None:
    assert overlap([1, 2, 3], [10, 20, 30]) == pytest.approx(1)
    assert overlap([10, 20, 30], [1, 2, 3]) == pytest.approx(1)
    assert overlap([30, 0, 10], [1, 1, 2]) == pytest.approx(0.5)
    assert overlap([1, 0], [0, 1]) == 0
    assert isnan(overlap([0, 0], [0, 1]))


@pytest.mark.parametrize("distance", [0.5, 1, 3])
def test_overlap_of_two_gaussians(distance: float) -> None:
    """Two Gaussians of width s and distance d have the common area erfc(d / (2 sqrt(2) s))."""
    x = np.linspace(-10, 14, 24001)
    curves = (np.exp(-((x - centre) ** 2) / 2) for centre in (0, distance))
    assert overlap(*curves) == pytest.approx(erfc(distance / (2 * sqrt(2))), abs=1e-5)


def test_weights_too_small_to_have_a_length_have_no_direction() -> None:
    assert np.isnan(cosine([1e-162, 0], [1e-162, 0]))
