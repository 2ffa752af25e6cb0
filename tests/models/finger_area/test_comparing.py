"""Comparisons of maps against maps made by hand: an orderly hand, shared sites, a sharp border, a power law."""

from types import SimpleNamespace

import numpy as np
import pytest

from cortex.mechanisms.skin import DIGITS, HAND
from models.finger_area import comparing
from models.finger_area.protocol import probe_places

WIDTH = 0.6


@pytest.fixture(scope="module")
def orderly(p):
    """A row of sites along which each answers to the skin at its own place and nothing else."""
    places = probe_places(p)
    across = np.unique(places[:, 0])
    digit = np.repeat(np.arange(DIGITS), len(across))
    probe_x = np.tile(across, DIGITS)
    sites = np.stack([(digit + 0.5 + probe_x / HAND.width) * WIDTH, np.full(len(digit), 0.8)], axis=1)
    return SimpleNamespace(
        sites=sites,
        probe_digit=digit,
        probe_place=np.stack([probe_x, np.full(len(digit), 19.0)], axis=1),
        probe_patch=digit * 3 + 2,
        field=np.eye(len(digit), dtype=bool),
        winner=digit * 3 + 2,
    )


def changed(cortical_map, **values):
    return SimpleNamespace(**{**vars(cortical_map), **values})


def shared(orderly, reach):
    """Let sites within a reach of the border between D2 and D3 answer to the skin within that reach of it."""
    near = np.abs(orderly.sites[:, 0] - 2 * WIDTH) < reach
    field = orderly.field.copy()
    field[np.ix_(near, near)] = True
    return changed(orderly, field=field), near


def test_patches_of_digits() -> None:
    assert comparing.tips(2, 3) == [5, 8]
    assert comparing.whole(1) == [0, 1, 2]
    assert comparing.others(1, 2, 3, 4) == [12, 13, 14]


def test_sites_that_answer_to_two_digits_are_counted_among_those_that_respond(p, orderly) -> None:
    cortical_map, near = shared(orderly, 0.2)
    around = comparing.near_border(p, cortical_map, 2, 0.4)
    assert comparing.two_digits(orderly, around) == 0
    assert comparing.two_digits(cortical_map, near) == 1
    assert comparing.two_digits(cortical_map, around) == pytest.approx(near.sum() / around.sum())
    silent = changed(cortical_map, winner=np.where(near, -1, cortical_map.winner))
    assert comparing.two_digits(silent, around) == 0


def test_at_a_border_fields_over_other_digits_do_not_count(p, orderly) -> None:
    cortical_map, near = shared(orderly, 0.2)
    counted = {b: comparing.over_border(cortical_map.field, cortical_map.probe_digit, b).sum() for b in (1, 2, 3)}
    assert counted == {1: 0, 2: near.sum(), 3: 0}
    wide = {b: comparing.near_border(p, cortical_map, b, 0.9) for b in (2, 3)}
    assert comparing.two_digits(cortical_map, wide[3] & near) == 1
    assert comparing.at_borders(cortical_map, {3: wide[3]}) == (0, wide[3].sum())
    assert comparing.at_borders(cortical_map, wide) == (near.sum(), wide[2].sum() + wide[3].sum())
    silent = changed(cortical_map, winner=np.where(near, -1, cortical_map.winner))
    assert comparing.at_borders(silent, wide) == (0, (wide[2] & ~near).sum() + (wide[3] & ~near).sum())


def test_the_zone_of_the_tips_is_that_of_the_distal_pads(p, orderly) -> None:
    assert comparing.tip_zone(p, orderly).all()
    y = np.where(orderly.probe_digit == 1, 0.57, 0.59)
    moved = changed(orderly, sites=np.stack([orderly.sites[:, 0], y], axis=1))
    np.testing.assert_array_equal(comparing.tip_zone(p, moved), orderly.probe_digit != 1)


def test_an_orderly_map_has_no_step_and_one_without_order_at_the_border_has(p, orderly) -> None:
    assert comparing.border_step(p, orderly, 2) == pytest.approx(0, abs=1e-9)
    digit = orderly.probe_digit
    middle = np.abs(orderly.probe_place[:, 0]) < 1
    middles = changed(orderly, field=(digit[:, None] == digit[None]) & middle[None])
    assert comparing.border_step(p, middles, 2) == pytest.approx(WIDTH, abs=0.01)


def test_order_is_a_rank_correlation_of_sites_with_a_field(p, orderly) -> None:
    every = np.ones(len(orderly.sites), bool)
    assert comparing.order(p, orderly, every) == pytest.approx(1)
    assert comparing.order(p, changed(orderly, field=orderly.field[:, ::-1]), every) == pytest.approx(-1)
    assert np.isnan(comparing.order(p, changed(orderly, winner=np.full(len(every), -1)), every))


def test_sites_lie_in_the_strip_of_a_digit(p, orderly) -> None:
    np.testing.assert_array_equal(comparing.zone_sites(p, orderly, 2, 4), np.isin(orderly.probe_digit, (1, 3)))


def test_fields_are_compared_at_sites_that_answer_twice() -> None:
    def answers(*driven):
        patches = np.zeros((4, 15))
        patches[list(driven), 5] = 5
        return patches

    before = SimpleNamespace(patches=answers(0, 1, 2), thresholds=np.ones(4), field_area=np.array([2.0, 4, 100, 1]))
    after = SimpleNamespace(patches=answers(0, 1, 3), thresholds=np.ones(4), field_area=np.array([1.0, 2, 1, 100]))
    assert comparing.field_ratio(before, after, [5]) == 0.5
    assert np.isnan(comparing.field_ratio(before, SimpleNamespace(**{**vars(after), "patches": answers()}), [5]))


def test_area_counts_a_site_once_for_a_part_of_the_skin(orderly) -> None:
    tips = SimpleNamespace(
        sites=orderly.sites, probe_digit=orderly.probe_digit, probe_place=orderly.probe_place, site_area=0.02,
        responses=orderly.field * 10.0, thresholds=np.ones(len(orderly.sites)),
    )  # fmt: skip
    third = orderly.probe_digit == 2
    assert comparing.area_of(tips, third) == pytest.approx(0.02 * third.sum())
    assert comparing.area_of(tips, np.isin(orderly.probe_digit, (2, 3))) == pytest.approx(0.02 * 2 * third.sum())


def test_equal_values_share_a_rank() -> None:
    assert comparing.rank_correlation(np.array([1.0, 2, 3]), np.array([5.0, 6, 60])) == pytest.approx(1)
    assert comparing.rank_correlation(np.array([1.0, 2, 3]), np.array([1.0, 1, 2])) == pytest.approx(np.sqrt(3) / 2)
    assert np.isnan(comparing.rank_correlation(np.array([1.0, 2]), np.array([1.0, 1])))


def test_a_power_law_is_found_and_none_where_nothing_is() -> None:
    x = np.array([1.0, 4, 16])
    assert comparing.slope(x, 3 * x**0.5) == pytest.approx(0.5)
    assert np.isnan(comparing.slope(x, np.array([1.0, 0, 2])))


def test_the_static_relation_is_that_of_log_field_and_log_magnification() -> None:
    skin = np.arange(1.0, 16)
    magnification = np.linspace(0.01, 0.1, 15)
    made = SimpleNamespace(
        probe_patch=np.arange(15),
        probe_area=skin,
        won=lambda patches: magnification[patches[0]] * skin[patches[0]],
        field_size=lambda patches: 0.5 / magnification[patches[0]],
    )
    assert comparing.static_relation(made) == pytest.approx((-1, 1))


def test_fields_that_shrink_as_the_area_grows_change_by_minus_one() -> None:
    assert comparing.change_slope(0.5, 2) == pytest.approx(-1)
    assert np.isnan(comparing.change_slope(0.5, 0.9))
    assert np.isnan(comparing.change_slope(0.82, 1.08))
    assert comparing.change_slope(0.82, 1.25) == pytest.approx(-0.89, abs=0.01)
