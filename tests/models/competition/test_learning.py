"""Kohonen's rule: one step by hand, and the law of magnification in one dimension."""

import numpy as np
import pytest

from models.competition.learning import bumps, learn, matches


def test_the_nearest_site_matches_best() -> None:
    rng = np.random.default_rng(0)
    weights, stimuli = rng.random((7, 3)), rng.random((5, 3))
    distance = np.linalg.norm(stimuli[:, None] - weights, axis=2)
    found = (stimuli**2).sum(axis=1)[:, None] / 2 - matches(weights, stimuli)
    np.testing.assert_allclose(found, distance**2 / 2)


def test_the_best_site_learns_and_its_neighbour_less() -> None:
    places = np.array([[0.0, 0.0], [0.1, 0.0], [5.0, 0.0]])
    weights = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    learned = learn(weights, np.array([[1.0, 1.0]]) * [1, 0.5], bumps(places, 0.1), 0.2)
    near = np.exp(-0.5)
    np.testing.assert_allclose(learned, [[1, 0.1], [0.2 * near, 1 - 0.1 * near], [0, 0]], atol=1e-7)
    alone = learn(weights, np.array([[1.0, 0.5]]), bumps(places, 0.0), 0.2)
    np.testing.assert_allclose(alone, [[1, 0.1], [0, 1], [0, 0]], atol=1e-7)


@pytest.mark.parametrize(("sites", "radius", "exponent"), [(60, 3.0, 2 / 3), (12, 0.0, 1 / 3)])
def test_magnification_in_one_dimension_is_the_law_of_the_papers(sites: int, radius: float, exponent: float) -> None:
    """Skin from 0 to 1 is touched with a density in proportion to the place; sites then have a power of it."""
    rng = np.random.default_rng(0)
    weights = np.linspace(0.01, 0.99, sites)[:, None]
    bump = bumps(np.stack([np.arange(sites), np.zeros(sites)], axis=1), radius)
    kept = []
    for rate in np.geomspace(0.05, 0.03, 4000):
        weights = learn(weights, np.sqrt(rng.random((20, 1))), bump, rate)
        kept.append(weights[:, 0])
    place = np.mean(kept[2500:], axis=0)
    inner = slice(sites // 5, -(sites // 5))  # near the ends the law does not hold
    density, middle = 1 / np.diff(place), (place[1:] + place[:-1]) / 2
    assert np.polyfit(np.log(middle[inner]), np.log(density[inner]), 1)[0] == pytest.approx(exponent, abs=0.08)
