"""Contacts drawn by distance."""

import numpy as np
import pytest

from models.finger_area.lattice import Lattice, contacts, spread, successes


@pytest.mark.parametrize("spacing", [0.1, 0.063, 0.31])
@pytest.mark.parametrize("radius", [0.05, 0.15, 0.35])
def test_all_pairs_within_a_radius_are_found_in_order(spacing, radius) -> None:
    cells, sources = Lattice((1.7, 0.9), spacing), np.random.default_rng(0).uniform((-0.2, -0.2), (1.9, 1.1), (300, 2))
    apart = np.linalg.norm(sources[:, None] - cells.places[None], axis=2)
    np.testing.assert_array_equal(contacts(sources, cells, radius), np.nonzero(apart <= radius))


def test_each_pair_is_drawn_with_the_same_probability() -> None:
    cells = Lattice((1.0, 1.0), 0.1)
    pairs = contacts(cells.places, cells, 0.25)
    rng, drawn = np.random.default_rng(0), np.zeros((100, 100))
    for _ in range(400):
        np.add.at(drawn, tuple(contacts(cells.places, cells, 0.25, 0.3, rng)), 1)
    assert drawn.sum() == drawn[tuple(pairs)].sum()
    share = drawn[tuple(pairs)] / 400
    assert share.mean() == pytest.approx(0.3, abs=0.002)
    assert share.std() == pytest.approx(np.sqrt(0.3 * 0.7 / 400), rel=0.1)  # as many independent draws vary


def test_many_sources_draw_in_blocks_as_all_at_once(monkeypatch) -> None:
    cells = Lattice((2.0, 1.0), 0.05)
    whole = contacts(cells.places, cells, 0.2)
    monkeypatch.setattr("models.finger_area.lattice.BLOCK", 7)
    np.testing.assert_array_equal(contacts(cells.places, cells, 0.2), whole)


def test_the_cost_of_a_draw_is_that_of_its_successes() -> None:
    found = successes(10**12, 1e-9, np.random.default_rng(0))  # a list of all trials would take 8 TB
    assert len(found) == pytest.approx(1000, abs=150)
    assert (np.diff(found) > 0).all()
    assert found[-1] < 10**12
    assert found.mean() == pytest.approx(0.5e12, rel=0.1)


def test_even_draws_have_the_same_number_in_each_stretch_of_trials() -> None:
    rng, drawn = np.random.default_rng(0), np.zeros(1000)
    for _ in range(400):
        found = spread(1000, 0.1, rng)
        assert (np.bincount(found // 10) == 1).all()
        drawn[found] += 1
    assert drawn.std() == pytest.approx(np.sqrt(400 * 0.1 * 0.9), rel=0.1)  # no trial has more than its chance
