"""Maps of known responses."""

import numpy as np
import pytest

from cortex.analysis.maps import (
    UNRESPONSIVE,
    digit_of,
    graded_area,
    patch_response,
    threshold,
    winner_area,
    winner_take_all,
)

PATCH_RESPONSES = np.array([[9.0, 8.0, 0.0], [0.0, 6.0, 2.0], [2.0, 2.0, 5.0], [3.0, 2.0, 1.0]])
THRESHOLDS = np.array([5.0, 5.0, 4.0, 3.0])


def test_three_phalanges_make_a_digit() -> None:
    assert digit_of([0, 2, 3, 14, UNRESPONSIVE]).tolist() == [0, 0, 1, 4, UNRESPONSIVE]


def test_a_patch_is_answered_with_the_mean_of_its_strongest_quarter() -> None:
    responses = np.array([[1, 9, 1, 1, 7, 1, 1, 1, 5, 4]])
    probe_patch = np.array([0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
    assert patch_response(responses, probe_patch).tolist() == [[8, 5]]


def test_a_field_over_a_quarter_of_a_patch_counts_in_full() -> None:
    responses = np.where(np.arange(16) < 4, 12.0, 0.0)
    assert patch_response(responses[np.newaxis], np.zeros(16, dtype=int)) == pytest.approx(12)


def test_noise_passes_the_strongest_probe_but_not_the_strongest_quarter() -> None:
    """The reason for the choice: undriven Poisson sites, 16 probes to a patch, threshold 3 standard deviations."""
    noise = np.random.default_rng(4).poisson(2.0, size=(4000, 16))
    limit = threshold(2.0, np.sqrt(2.0), floor=0)
    by_quarter = patch_response(noise, np.zeros(16, dtype=int))[:, 0] > limit
    by_maximum = noise.max(axis=1) > limit
    assert by_quarter.mean() < 0.005
    assert by_maximum.mean() > 0.05


def test_threshold_uses_the_floor_for_quiet_sites() -> None:
    assert threshold([1.0, 4.0], [0.0, 2.0], floor=0.5).tolist() == [2.5, 10]
    assert threshold([1.0], [2.0], floor=0.5, z=2).tolist() == [5]


def test_graded_area_counts_a_site_for_each_patch_it_answers_to_but_once_for_a_set() -> None:
    areas = [graded_area(PATCH_RESPONSES, THRESHOLDS, patches, 0.5) for patches in ([0], [1], [2], [0, 1], [0, 1, 2])]
    assert areas == [0.5, 1.0, 0.5, 1.0, 1.5]


def test_the_winner_takes_each_responsive_site() -> None:
    assert winner_take_all(PATCH_RESPONSES, THRESHOLDS).tolist() == [0, 1, 2, UNRESPONSIVE]


def test_winner_area_sums_the_areas_of_its_sites() -> None:
    assert winner_area([0, 1, 2, UNRESPONSIVE, 0], [0, 2], [1, 10, 100, 1000, 10000]) == 10101


def test_dropping_a_competitor_expands_the_winner_map_and_not_the_graded_one() -> None:
    """The artefact that two measures guard against."""
    without = PATCH_RESPONSES.copy()
    without[:, 0] = 0

    def winner(responses: np.ndarray) -> float:
        return winner_area(winner_take_all(responses, THRESHOLDS), [1], 1.0)

    assert winner(without) == 2 * winner(PATCH_RESPONSES)
    assert graded_area(without, THRESHOLDS, [1], 1.0) == graded_area(PATCH_RESPONSES, THRESHOLDS, [1], 1.0)
