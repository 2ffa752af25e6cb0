"""What the experiments of the hand atlas measure, against maps made by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
from brian2.units import mm

from cortex.mechanisms.skin import DIGITS, HAND, PHALANGES
from models.finger_area.anatomy import Anatomy
from models.finger_area.comparing import order
from models.finger_area.depth import Told
from models.finger_area.mapping import electrodes
from models.finger_area.protocol import probe_places
from scenarios import (
    amputation,
    cortical_lesion,
    digit_timing,
    flutter_training,
    misplaced_expansion,
    nerve_block,
    syndactyly,
)
from scenarios.atlas.common import PARAMETERS


@pytest.fixture(scope="module")
def p():
    return PARAMETERS


@pytest.fixture(scope="module")
def sites(p):
    return electrodes(p)[0]


def made(p, sites, fields=None, winner=None):
    """Return a map in which each site answers to the tip of the digit of its strip, and has a field that is given."""
    places = probe_places(p)
    probe_digit = np.repeat(np.arange(DIGITS), len(places))
    strip = np.floor(sites[:, 0] / float(p.sheet.digit_width / mm)).astype(int)
    own = strip[:, None] == probe_digit
    winner = strip * PHALANGES + 2 if winner is None else winner
    return SimpleNamespace(
        sites=sites,
        probe_digit=probe_digit,
        probe_place=np.tile(places, (DIGITS, 1)),
        field=own if fields is None else fields,
        field_area=np.ones(len(sites)),
        winner=winner,
        patches=(np.arange(DIGITS * PHALANGES) == winner[:, None]) * 5.0,
        thresholds=np.ones(len(sites)),
        site_area=float(p.mapping.electrode_spacing / mm) ** 2,
        graded=lambda patches: 1.0,
    )


def covering(p, sites, which, *digits):
    """Return a map in which some sites have fields over these digits, and all others over their own."""
    plain = made(p, sites)
    both = np.isin(plain.probe_digit + 1, digits)
    return made(p, sites, np.where(which[:, None], both, plain.field))


def measured(scenario, monkeypatch, p, animals):
    monkeypatch.setattr(scenario, "EXPERIMENT", SimpleNamespace(maps=lambda p, run: run))
    return scenario.analyse(p, animals)


def test_taps_count_at_their_own_border_and_on_tips(p, sites, monkeypatch) -> None:
    before, at = made(p, sites), np.abs(sites[:, 0] - 1.2) < 0.1  # the border of D2 and D3
    shared = covering(p, sites, at, 2, 3)

    def run(after):
        maps = {"before": before, "after": after}
        return measured(digit_timing, monkeypatch, p, {"in_turn": maps, "100_ms_apart": maps})[0]

    tips = at & (sites[:, 1] > 0.58)
    of = ((np.abs(sites[:, 0] - 1.2) < 0.5) & (sites[:, 1] > 0.58)).sum()
    values = run(shared)
    assert values["two_digits_together_before"] == values["two_digits_in_turn"] == 0
    assert values["two_digits_together"] == pytest.approx(tips.sum() / of)
    assert values["together_over_in_turn"] > 5
    assert run(covering(p, sites, at & ~tips, 2, 3))["two_digits_together"] == 0  # off the tips
    assert run(covering(p, sites, at, 1, 2))["two_digits_together"] == 0  # of another border
    assert run(covering(p, sites, np.ones(len(sites), bool), 2, 3, 4, 5))["together_over_in_turn"] == 1


def test_no_shared_field_in_turn_is_half_a_site() -> None:
    assert digit_timing.over((6, 20), (0, 40)) == pytest.approx(0.3 / (0.5 / 40))
    assert digit_timing.over((0, 20), (0, 40)) == 0
    assert digit_timing.over((6, 20), (6, 40)) == pytest.approx(2)
    assert np.isnan(digit_timing.over((6, 20), (0, 0)))


def test_fused_digits_share_fields_with_each_other(p, sites, monkeypatch) -> None:
    before, at = made(p, sites), np.abs(sites[:, 0] - 1.2) < 0.1

    def run(*digits):
        after = covering(p, sites, at, *digits)
        return measured(syndactyly, monkeypatch, p, {"fused": {"before": before, "after": after}})

    values, predicted = run(2, 3)
    assert values["two_digits_after"] == pytest.approx(at.sum() / (np.abs(sites[:, 0] - 1.2) < 0.5).sum())
    assert run(1, 2)[0]["two_digits_after"] == run(3, 4)[0]["two_digits_after"] == 0
    assert predicted["two_digits_after"] == pytest.approx(0.367, abs=0.001)


def test_order_is_that_within_each_side_of_a_territory(p, sites) -> None:
    territory = (sites[:, 0] > 1.2) & (sites[:, 0] < 1.8)
    plain = made(p, sites)
    across = (plain.probe_digit + 0.5 + plain.probe_place[:, 0] / HAND.width) * 0.6
    to_the_left = sites[:, 0] < 1.5

    def answering_at(places):
        return made(p, sites, np.abs(across - places[:, None]) < 0.08)

    orderly = answering_at(sites[:, 0] + np.where(to_the_left, -0.3, 0.3))
    backwards = answering_at(np.where(to_the_left, 2.1, 3.3) - sites[:, 0] + np.where(to_the_left, 0, 0.3))
    assert nerve_block.order_within(p, orderly, territory) > 0.9
    assert order(p, backwards, territory) > 0.4  # each side answers to its own neighbour
    assert nerve_block.order_within(p, backwards, territory) < -0.9
    one_side = made(p, sites, orderly.field, np.where(to_the_left, orderly.winner, -1))
    assert np.isnan(nerve_block.order_within(p, one_side, territory))


def test_what_a_digit_that_is_left_out_explains_is_told_of_what_is_refilled(p, sites, monkeypatch) -> None:
    def also(width):
        """Return a map whose sites near the border of D2 and D3 answer to the tip of D2 too."""
        drawn = made(p, sites)
        drawn.patches[np.abs(sites[:, 0] - 1.2) < width, 5] = 3.0
        return drawn

    maps = {"before": also(0.1), "at once": also(0.1), "late": also(0.5)}
    values, _ = measured(nerve_block, monkeypatch, p, {"blocked": maps})
    territory = (sites[:, 0] > 1.2) & (sites[:, 0] < 1.8)
    before, late = ((territory & (sites[:, 0] < 1.2 + width)).sum() for width in (0.1, 0.5))
    assert values["left_out"] == pytest.approx(before / late)
    assert values["refilled"] == pytest.approx(late / territory.sum())


def test_a_silent_core_is_predicted_where_nothing_else_is_heard(p, sites, monkeypatch) -> None:
    before = made(p, sites)
    beside = np.where(np.abs(sites[:, 0] - 0.6) < 0.2, 2, before.winner)  # the tip of D1 fills 0.2 mm of D2's zone
    late = made(p, sites, winner=np.where((sites[:, 0] > 0.8) & (sites[:, 0] < 1.8), -1, beside))
    values, predicted = measured(amputation, monkeypatch, p, {"amputated": {"before": before, "late": late}})
    zone = (sites[:, 0] > 0.6) & (sites[:, 0] < 1.8)
    assert values["silent_core"] == pytest.approx((zone & (sites[:, 0] > 0.8)).sum() / zone.sum())
    assert values["deepest_mm"] == pytest.approx(sites[zone & (sites[:, 0] < 0.8), 0].max() - 0.6)
    assert predicted == pytest.approx({"silent_core": 0.317, "deepest_mm": 0.47}, abs=0.001)


def test_a_vibration_is_compared_with_the_disc_from_the_same_beginning(p, sites, monkeypatch) -> None:
    def area(size, field):
        drawn = made(p, sites)
        drawn.graded = drawn.won = lambda patches: size
        drawn.field_area, drawn.field_size = field * np.ones(len(sites)), lambda patches: field
        return drawn

    before = area(0.5, 10.0)
    animals = {"flutter": {"b": before, "a": area(0.9, 13.0)}, "disc": {"before": before, "after": area(0.75, 6.0)}}
    values, _ = measured(flutter_training, monkeypatch, p, animals)
    assert values["expansion_flutter"] == pytest.approx(1.8)
    assert values["expansion_disc"] == pytest.approx(1.5)
    assert values["expansion_over_disc"] == pytest.approx(1.2)
    assert (values["rf_ratio_flutter"], values["rf_ratio_disc"]) == pytest.approx((1.3, 0.6))


def test_fields_that_grow_as_the_area_shrinks_after_a_lesion_have_a_slope_of_minus_one(p, sites, monkeypatch) -> None:
    def slope(left, grown):
        """Let a share of the sites that answered to the tip of D3 be left, all spared, with larger fields."""
        on_tip = np.flatnonzero(before.winner == 8)
        silent = np.isin(np.arange(len(sites)), on_tip[round(left * len(on_tip)) :])
        late = made(p, sites, winner=np.where(silent, -1, before.winner))
        late.field_area = grown * np.ones(len(sites))
        maps = {"before": before, "at once": late, "late": late}
        for drawn in maps.values():
            drawn.members, drawn.probe_patch = np.zeros((len(sites), len(cells))), drawn.probe_digit * 3 + 2
            drawn.responses = np.zeros((len(sites), len(drawn.probe_digit)))
        values, _ = measured(cortical_lesion, monkeypatch, p, {"lesioned": maps})
        return values["change_slope"]

    before, cells = made(p, sites), Anatomy(p).pyramidal
    assert slope(0.5, 2.0) == pytest.approx(-1, abs=0.05)
    assert slope(0.5, 0.5) == pytest.approx(1, abs=0.05)
    assert np.isnan(slope(0.9, 2.0))  # too small a change to be told


def test_an_expansion_in_the_wrong_place_is_compared_with_the_control(p, sites, monkeypatch) -> None:
    told = {("control", (1, 4)): Told(4.0, 0.98, 100.0), ("control", (5,)): Told(3.0, 0.9, 50.0)}
    told |= {("misplaced", (1, 4)): Told(3.6, 0.9, 81.0), ("misplaced", (5,)): Told(3.0, 0.9, 50.0)}
    monkeypatch.setattr(misplaced_expansion, "read", lambda p, run, digits: told[run["name"], digits])
    animals = {
        name: {"name": name, "before": made(p, sites), "after": made(p, sites)} for name in ("misplaced", "control")
    }
    monkeypatch.setattr(
        misplaced_expansion,
        "EXPERIMENT",
        SimpleNamespace(maps=lambda p, run: {name: run[name] for name in ("before", "after")}),
    )
    values, predicted = misplaced_expansion.analyse(p, animals)
    assert values["d_prime_change"] == pytest.approx(-0.1)
    assert values["spikes_change"] == pytest.approx(-0.19)
    assert (values["right_change"], values["right_change_far"]) == pytest.approx((-0.08, 0))
    assert predicted["d_prime_change"] == pytest.approx(-0.1)
    assert values["d_prime_change_far"] == predicted["d_prime_change_far"] == 0
