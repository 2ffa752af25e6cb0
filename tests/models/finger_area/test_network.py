"""The network of the finger area: what a run sets, and what its animals share."""

import numpy as np
import pytest
from brian2 import Network, StateMonitor, TimedArray, defaultclock, ms, second

from cortex.experiment.streams import Streams
from cortex.mechanisms.mechanism import gate_names
from cortex.mechanisms.skin import DIGITS, HAND, STIMULUS, receptors, skin_afferents
from models import finger_area
from models.finger_area import Anatomy, FingerParameters
from models.finger_area.protocol import contacts
from scenarios.finger_expansion import SCENARIO

SLOT = float(finger_area.SLOT)


@pytest.mark.parametrize("rule", ["hebbian", "stdp", "error_correcting"])
@pytest.mark.parametrize("teacher", ["target", "shuffled"])
def test_a_run_sets_all_constants(small, unset, rule, teacher) -> None:
    p = small.override({"copying.rule": rule, "recruitment.teacher": teacher})
    values = finger_area.run_inputs(p, Streams(0), trained=True)
    assert unset(finger_area.build(p), values) == set()
    assert ("lateral.delay" in values) == (teacher == "shuffled")


def test_it_can_be_simulated(small, start) -> None:
    inputs = finger_area.run_inputs(small, Streams(0), trained=True)
    run = start(lambda: finger_area.build(small), inputs, 0.2 * second)
    assert np.isfinite(run["weights.w"]).all()
    assert run["weights.w"].shape[1] == Anatomy(small).fixed["afferent"].shape[1]


def test_the_arrays_last_as_long_as_the_protocol(small) -> None:
    slots = finger_area.layout(small).slots
    inputs = finger_area.run_inputs(small, Streams(0), trained=True)
    assert all(inputs[f"gate.{name}"].shape == (slots,) for name in gate_names(small))
    assert all(inputs[name].shape == (slots, DIGITS) for name in STIMULUS)
    assert (inputs["radius"] > 0).all()  # a radius of 0 would divide by it


def test_trained_and_control_animals_are_the_same_before_training(seed) -> None:
    p, streams = FingerParameters(), Streams(seed)
    trained, control = (finger_area.run_inputs(p, streams, trained=how) for how in (True, False))
    start, end = (round(at / SLOT) for at in finger_area.layout(p).interval("train"))
    changed = {name for name in trained if not np.array_equal(trained[name], control[name])}
    assert changed <= set(STIMULUS)
    for name in changed:
        np.testing.assert_array_equal(trained[name][:start], control[name][:start], err_msg=name)
        others = [digit - 1 for digit in range(1, DIGITS + 1) if digit not in p.training.digits]
        np.testing.assert_array_equal(trained[name][:, others], control[name][:, others], err_msg=name)
    assert not np.array_equal(trained["ridged"][start:end], control["ridged"][start:end])
    for session in ("disc before", "disc trained", "map before", "map trained", "map released"):
        first, last = (round(at / SLOT) for at in finger_area.layout(p).interval(session))
        assert all(np.array_equal(trained[name][first:last], control[name][first:last]) for name in changed), session


@pytest.mark.parametrize("null", sorted(SCENARIO.settings))
def test_null_models_share_stimuli_weights_and_idle_cells(null) -> None:
    parameters = (SCENARIO.resolve({}, null=name) for name in ("", null))
    full, without = (finger_area.run_inputs(one, Streams(3), trained=True) for one in parameters)
    shared = (
        "lateral.contacts",
        "afferent.w",
        "afferent.arbor",
        "pyramidal.established",
        "pyramidal.maturity",
        *(() if "recruitment.teachers" in SCENARIO.settings[null] else ("lateral.affinity",)),
    )
    for name in (*STIMULUS, *shared):
        np.testing.assert_array_equal(full[name], without[name], err_msg=name)


def test_each_animal_has_contacts_of_its_own(p) -> None:
    one, again, other = (
        finger_area.run_inputs(p, Streams(seed), trained=True)["lateral.contacts"] for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_idle_cells_hear_busy_ones_and_teach_nobody(p) -> None:
    inputs = finger_area.run_inputs(p, Streams(0), trained=True)
    established = inputs["pyramidal.established"].astype(bool)
    assert established.mean() == pytest.approx(1 - p.sheet.idle_fraction, abs=0.04)
    source, target = inputs["lateral.contacts"]
    teaching = inputs["lateral.affinity"] > 0
    assert established[source[teaching]].all()
    assert not established[target[teaching]].any()
    sums = np.bincount(target, weights=inputs["lateral.affinity"])
    assert set(np.round(sums, 9)) == {0.0, 1.0}


def test_the_disc_gives_the_tips_rates_near_those_of_touchsim() -> None:
    """At 10 ridges a second RA 17 to 19 Hz; SA1 8 to 10 Hz, of which the default gain gives a little less."""
    p = FingerParameters().override({"training.contact": "1", "training.pause": "0 s"})
    defaultclock.dt = 1 * ms
    drawn = contacts(p, np.random.default_rng(0), 80, disc=True)
    assert drawn["wave_frequency"][0, 0] == pytest.approx(2 * np.pi * 10)
    stimulus = {name: TimedArray(value, dt=finger_area.SLOT, name=name) for name, value in drawn.items()}
    skin = receptors(p.afferents)
    group = skin_afferents(len(skin.x), p.afferents.equations()["afferents"], "", stimulus, finger_area.SLOT)
    group.x, group.y, group.digit, group.slowly_adapting = skin.x, skin.y, skin.digit, skin.slowly_adapting
    for name in type(p.afferents).names():
        if name in group.variables:
            setattr(group, name, p.afferents.get(name))
    monitor = StateMonitor(group, "rate", record=True, dt=2 * ms, name="rates")
    Network(group, monitor, name="network").run(80 * finger_area.SLOT, namespace={})
    tip = (skin.y > HAND.joints[2]) & np.isin(skin.digit, (1, 2))
    slow, rapid = (np.array(monitor.rate)[tip & (skin.slowly_adapting == kind)].mean() for kind in (1, 0))
    assert 17 <= rapid <= 19
    assert 7 <= slow <= 10
