"""The protocol of the finger area."""

import numpy as np
import pytest

from cortex.mechanisms.skin import DIGITS, HAND, STIMULUS
from models import finger_area
from models.finger_area import FingerParameters
from models.finger_area.protocol import contacts, depth_order

SLOT = float(finger_area.SLOT)


def test_draws_are_the_same_with_and_without_the_disc(p) -> None:
    with_disc, without = (contacts(p, np.random.default_rng(5), 1000, disc=disc) for disc in (True, False))
    on_disc, lifted = with_disc["ridged"] > 0, np.arange(1000) // 16 % 2 == 1  # 0.8 s and 0.8 s
    assert on_disc[:, [1, 2]].mean() == pytest.approx(p.training.contact, abs=0.05)
    assert not on_disc[:, [0, 3, 4]].any()
    assert not with_disc["depth"][np.ix_(lifted, [1, 2])].any()
    assert (with_disc["depth"][~lifted] > 0)[on_disc[~lifted]].all()
    for name in STIMULUS:
        same = ~on_disc if name != "depth" else ~on_disc & ~lifted[:, None]
        np.testing.assert_array_equal(with_disc[name][same], without[name][same], err_msg=name)
    rng, other = (np.random.default_rng(5) for _ in range(2))
    contacts(p, rng, 100, disc=True)
    contacts(p, other, 100, disc=False)
    assert rng.random() == other.random()


def test_a_contact_goes_on_where_it_was_at_the_end_of_a_slot(p) -> None:
    drawn = contacts(p, np.random.default_rng(5), 400, disc=True)
    stays = (np.arange(1, 400) % 4 != 0)[:, None] & np.ones(DIGITS, bool)
    moves = {"contact_x": "velocity_x", "contact_y": "velocity_y", "wave_phase": "wave_frequency"}
    for place, speed in moves.items():
        moved = np.diff(drawn[place], axis=0) - SLOT * drawn[speed][:-1]
        np.testing.assert_allclose(moved[stays], 0, atol=1e-9)
        assert np.abs(moved[~stays]).max() > 0.1 or place == "wave_phase"


def test_every_place_is_probed_equally_often_in_the_same_order(p) -> None:
    order = finger_area.probe_order(p)
    np.testing.assert_array_equal(order, finger_area.probe_order(FingerParameters()))
    places = finger_area.probe_places(p)
    shown, counts = np.unique(order, axis=0, return_counts=True)
    assert len(shown) == len(places) * len(finger_area.together(p)) + 1
    assert set(counts[shown[:, 0] >= 0]) == {p.mapping.repeats}
    assert counts[shown[:, 0] < 0] == p.mapping.repeats * p.mapping.blanks
    assert np.abs(places[:, 0]).max() < HAND.width / 2
    assert 0 < places[:, 1].min() < places[:, 1].max() < HAND.length


def test_light_and_deep_touches_of_the_trained_tips_are_tested(p) -> None:
    protocol, order = finger_area.protocol(p, np.random.default_rng(0), trained=True), depth_order(p)
    assert np.bincount(order).tolist() == [p.mapping.depths] * 2
    for name in ("depths before", "depths trained"):
        first, last = (round(at / SLOT) for at in protocol.interval(name))
        depth = protocol.array("depth", (DIGITS,))[first:last].reshape(len(order), 5, DIGITS)
        np.testing.assert_array_equal(
            depth[:, :4, 1], p.training.disc_depth * np.where(order, 2, 0.5)[:, None] * np.ones(4)
        )
        assert not depth[:, 4].any() and not depth[:, :, [0, 3, 4]].any()
        phase = protocol.array("wave_phase", (DIGITS,))[first:last, 1]
        moved = np.diff(phase.reshape(-1, 5), axis=1) / SLOT
        np.testing.assert_allclose(moved, 2 * np.pi * p.training.disc_speed / p.training.ridge_period)


def test_maps_are_taken_with_all_plasticity_closed(p) -> None:
    protocol = finger_area.protocol(p, np.random.default_rng(0), trained=True)
    gates = {name: protocol.array(name) for name in ("plasticity", "hold_plasticity", "calibration")}
    for session in (
        "map before",
        "map trained",
        "map released",
        "disc before",
        "disc trained",
        "depths before",
        "depths trained",
    ):
        first, last = (round(at / SLOT) for at in protocol.interval(session))
        assert not any(gate[first:last].any() for gate in gates.values()), session


def test_times_are_those_of_the_protocol_and_no_stimulus_is_drawn_for_them(p) -> None:
    drawn, times = finger_area.protocol(p, np.random.default_rng(0), trained=True), finger_area.layout(p)
    assert times.phases() == drawn.phases()
    assert not any(block.values for block in times.blocks)


def test_an_unattended_disc_is_felt_alike_and_teaches_nothing(p) -> None:
    learned, felt = (
        finger_area.protocol(p.override({"training.learning": learning}), np.random.default_rng(0), trained=True)
        for learning in ("all", "hold")
    )
    plastic = [
        {block.name for block in run.blocks if np.any(block.values.get("plasticity", 0))} for run in (learned, felt)
    ]
    assert plastic == [{"settle", "train", "release"}, {"settle"}]
    for gate in ("coupling", "hold_plasticity", "released", "calibration"):
        np.testing.assert_array_equal(learned.array(gate, ()), felt.array(gate, ()), err_msg=gate)
    for name in STIMULUS:
        np.testing.assert_array_equal(learned.array(name, (DIGITS,)), felt.array(name, (DIGITS,)), err_msg=name)
