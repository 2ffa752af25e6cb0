"""Receptive fields of known shape."""

from math import isnan, log, pi

import numpy as np
import pytest

from cortex.analysis.receptive_fields import (
    multi_digit_fraction,
    overlap_with_distance,
    receptive_field,
    receptive_field_area,
    receptive_field_centre,
)
from cortex.analysis.similarity import overlap

SPACING = 0.05
AXIS = np.arange(-4, 4, SPACING)
SKIN = np.stack(np.meshgrid(AXIS, AXIS, indexing="ij"), axis=-1).reshape(-1, 2)
PROBE_AREA = np.full(len(SKIN), SPACING**2)


def gaussian(centre: tuple[float, float], width: float) -> np.ndarray:
    return np.asarray(np.exp(-np.sum((SKIN - centre) ** 2, axis=1) / (2 * width**2)))


@pytest.mark.parametrize("fraction", [0.2, 0.5])
@pytest.mark.parametrize("width", [0.5, 1.0])
def test_field_of_a_gaussian_site(fraction: float, width: float) -> None:
    """A Gaussian of width s exceeds a fraction f of its maximum on an area 2 pi s^2 ln(1/f)."""
    centre = (0.5, -1.0)
    field = receptive_field(7 + 30 * gaussian(centre, width)[np.newaxis], [7.0], fraction)
    assert receptive_field_area(field, PROBE_AREA) == pytest.approx(2 * pi * width**2 * log(1 / fraction), rel=0.01)
    assert receptive_field_centre(field, PROBE_AREA, SKIN)[0] == pytest.approx(centre, abs=SPACING / 10)


def test_field_is_measured_above_the_baseline() -> None:
    responses = [[4.0, 10.0, 7.0]]
    assert receptive_field(responses, [0.0]).tolist() == [[False, True, True]]
    assert receptive_field(responses, [5.0]).tolist() == [[False, True, False]]


def test_a_site_below_its_baseline_has_an_empty_field() -> None:
    field = receptive_field([[1.0, 2.0]], [2.0])
    assert receptive_field_area(field, [1.0, 1.0]).tolist() == [0]
    assert np.isnan(receptive_field_centre(field, [1.0, 1.0], [[0, 0], [1, 1]])).all()


def test_centre_weighs_each_probe_by_its_skin() -> None:
    assert receptive_field_centre([[True, True]], [1.0, 3.0], [[0, 0], [4, 8]]).tolist() == [[3, 6]]


def test_multi_digit_fraction_counts_digits_and_not_phalanges() -> None:
    probe_patch = [0, 2, 3, 8]
    field = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [1, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0]], dtype=bool)
    assert multi_digit_fraction(field, probe_patch) == pytest.approx(2 / 4)
    assert isnan(multi_digit_fraction(field[-1:], probe_patch))


def test_overlap_falls_linearly_when_fields_slide_over_the_skin() -> None:
    """Fields of 10 probes that move by one probe per 0.1 mm of cortex have nothing in common from 1 mm on."""
    field = (np.arange(40) >= np.arange(25)[:, np.newaxis]) & (np.arange(40) < np.arange(25)[:, np.newaxis] + 10)
    sites = np.stack([0.1 * np.arange(25), np.zeros(25)], axis=1)
    edges = np.arange(0.05, 1.3, 0.1)
    measured = overlap_with_distance(field, np.ones(40), sites, edges)
    assert measured == pytest.approx(np.maximum(0, 1 - np.arange(1, 13) / 10), abs=1e-12)


def test_overlap_of_a_pair_is_the_overlap_of_its_curves() -> None:
    field, area = np.array([[1, 1, 1, 0], [0, 0, 1, 1], [0, 0, 0, 0]], dtype=bool), np.array([1.0, 2.0, 3.0, 1.0])
    measured = overlap_with_distance(field, area, [[0, 0], [3, 4], [0, 1]], [0, 4, 5, 6])
    assert measured == pytest.approx([np.nan, np.nan, overlap(field[0] * area, field[1] * area)], nan_ok=True)
