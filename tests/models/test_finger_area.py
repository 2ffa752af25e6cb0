"""The finger area: its anatomy, its protocol, and what its animals share."""

import numpy as np
import pytest
from brian2 import Network, StateMonitor, TimedArray, defaultclock, mm, ms, second

from cortex.errors import UsageError
from cortex.experiment.streams import Streams
from cortex.mechanisms.gates import GATES
from cortex.mechanisms.skin import DIGITS, HAND, STIMULUS, receptors, skin_afferents
from models import finger_area
from models.finger_area import Anatomy, FingerParameters
from models.finger_area.mapping import CorticalMap, near, responses
from models.finger_area.protocol import contacts
from scenarios.finger_expansion import SCENARIO

SLOT = float(finger_area.SLOT)


@pytest.fixture(scope="module")
def p() -> FingerParameters:
    return FingerParameters()


@pytest.fixture(scope="module")
def anatomy(p) -> Anatomy:
    return Anatomy(p)


@pytest.fixture(scope="module")
def small() -> FingerParameters:
    few = {f"afferents.{kind}_density_{place}": "5/cm^2" for kind in ("sa1", "ra") for place in ("tip", "finger")}
    short = {f"training.{name}": "1 s" for name in ("settle", "calibrate", "dose", "test", "release")}
    density = {"sheet.density": "100/mm^2", "sheet.pv_density": "50/mm^2"}
    return FingerParameters().override(few | short | density | {"mapping.repeats": "1", "mapping.blanks": "2"})


def distances(anatomy: Anatomy, name: str) -> np.ndarray:
    places = {"afferent": (anatomy.afferents, anatomy.pyramidal), "lateral": (anatomy.pyramidal, anatomy.pyramidal)}
    places |= {"recurrent": (anatomy.pyramidal, anatomy.pv), "inhibition": (anatomy.pv, anatomy.pyramidal)}
    places |= {"feedforward": (anatomy.afferents, anatomy.pv)}
    source, target = getattr(anatomy.wiring, name)
    return np.linalg.norm(places[name][0][source] - places[name][1][target], axis=1)


@pytest.mark.parametrize(
    ("name", "radius"),
    [("afferent", 0.3), ("feedforward", 0.3), ("lateral", 0.35), ("recurrent", 0.15), ("inhibition", 0.15)],
)
def test_contacts_lie_within_the_reach(anatomy, name, radius) -> None:
    found = distances(anatomy, name)
    assert radius - 0.05 < found.max() <= radius
    pairs = np.stack(getattr(anatomy.wiring, name), axis=1)
    assert len(np.unique(pairs, axis=0)) == len(pairs)


def test_no_cell_contacts_itself(anatomy) -> None:
    source, target = anatomy.wiring.lateral
    assert (source != target).all()
    assert len(source) > 0


def test_all_cells_have_the_same_number_of_afferent_contacts(p, anatomy) -> None:
    _, target = anatomy.wiring.afferent
    totals = np.bincount(target, weights=anatomy.arbor, minlength=len(anatomy.pyramidal))
    np.testing.assert_allclose(totals, p.sheet.contacts)
    assert (np.bincount(anatomy.wiring.inhibition[1], minlength=len(totals)) > 0).all()


def test_the_sheet_has_its_density_and_the_order_of_the_skin(p, anatomy) -> None:
    width, height = anatomy.size
    assert (width, height) == pytest.approx((3.0, 1.0))
    assert len(anatomy.pyramidal) == pytest.approx(500 * width * height, rel=0.05)
    assert len(anatomy.pv) == pytest.approx(100 * width * height, rel=0.05)
    skin = receptors(p.afferents)
    assert ((anatomy.afferents[:, 0] // 0.6).astype(int) == skin.digit).all()
    assert (np.digitize(anatomy.afferents[:, 1], anatomy.zones[1:-1]) == HAND.phalanx(skin.y)).all()
    along = np.argsort(skin.y)
    assert (np.diff(anatomy.afferents[along, 1]) >= 0).all()


def test_digits_probed_together_reach_no_common_cell(p, anatomy) -> None:
    digit = receptors(p.afferents).digit
    source, target = anatomy.wiring.afferent
    assert sorted(sum(finger_area.TOGETHER, ())) == list(range(DIGITS))
    for group in finger_area.TOGETHER:
        reached = [set(target[digit[source] == one]) for one in group]
        assert len(set.union(*reached)) == sum(map(len, reached))
        assert sum(near(p, one).astype(int) for one in group).max() == 1
    for one in range(DIGITS):
        assert near(p, one)[list(set(target[digit[source] == one]))].all()


def test_an_arbor_that_would_mix_them_is_refused() -> None:
    with pytest.raises(UsageError, match="digits probed together would mix"):
        FingerParameters().override({"sheet.arbor_radius": "0.31 mm"})


@pytest.mark.parametrize("rule", ["hebbian", "stdp", "error_correcting"])
@pytest.mark.parametrize("teacher", ["target", "shuffled"])
def test_a_run_sets_every_input_and_no_other(small, rule, teacher) -> None:
    p = small.override({"copying.rule": rule, "recruitment.teacher": teacher})
    assert set(finger_area.build(p).inputs) == set(finger_area.run_inputs(p, Streams(0), trained=True))


def test_it_can_be_simulated(small, start) -> None:
    inputs = finger_area.run_inputs(small, Streams(0), trained=True)
    run = start(lambda: finger_area.build(small), inputs, 0.2 * second)
    assert np.isfinite(run["weights.w"]).all()
    assert run["weights.w"].shape[1] == len(Anatomy(small).wiring.afferent[0])


def test_the_arrays_last_as_long_as_the_protocol(small) -> None:
    slots = finger_area.layout(small).slots
    inputs = finger_area.run_inputs(small, Streams(0), trained=True)
    assert all(inputs[f"gate.{name}"].shape == (slots,) for name in GATES)
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


@pytest.mark.parametrize("null", SCENARIO.nulls)
def test_null_models_share_stimuli_weights_and_idle_cells(null) -> None:
    parameters = (SCENARIO.resolve({}, null=name) for name in ("", null))
    full, without = (finger_area.run_inputs(one, Streams(3), trained=True) for one in parameters)
    shared = ("afferent.w", "afferent.arbor", "lateral.affinity", "pyramidal.established", "pyramidal.maturity")
    for name in (*STIMULUS, *shared):
        np.testing.assert_array_equal(full[name], without[name], err_msg=name)


def test_idle_cells_hear_busy_ones_and_teach_nobody(p, anatomy) -> None:
    inputs = finger_area.run_inputs(p, Streams(0), trained=True)
    established = inputs["pyramidal.established"].astype(bool)
    assert established.mean() == pytest.approx(1 - p.sheet.idle_fraction, abs=0.04)
    source, target = anatomy.wiring.lateral
    teaching = inputs["lateral.affinity"] > 0
    assert established[source[teaching]].all()
    assert not established[target[teaching]].any()
    sums = np.bincount(target, weights=inputs["lateral.affinity"])
    assert set(np.round(sums, 9)) == {0.0, 1.0}


def test_draws_are_the_same_with_and_without_the_disc(p) -> None:
    with_disc, without = (contacts(p, np.random.default_rng(5), 1000, disc=disc) for disc in (True, False))
    on_disc = with_disc["ridged"] > 0
    assert on_disc[:, [1, 2]].mean() == pytest.approx(p.training.contact, abs=0.05)
    assert not on_disc[:, [0, 3, 4]].any()
    for name in STIMULUS:
        np.testing.assert_array_equal(with_disc[name][~on_disc], without[name][~on_disc], err_msg=name)
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


def test_the_disc_gives_the_tips_rates_near_those_of_touchsim() -> None:
    """At 10 ridges a second RA 17 to 19 Hz; SA1 8 to 10 Hz, of which the default gain gives a little less."""
    p = FingerParameters().override({"training.contact": "1"})
    defaultclock.dt = 1 * ms
    drawn = contacts(p, np.random.default_rng(0), 80, disc=True)
    assert drawn["wave_frequency"][0, 0] == pytest.approx(2 * np.pi * 10)
    stimulus = {name: TimedArray(value, dt=finger_area.SLOT, name=name) for name, value in drawn.items()}
    skin = receptors(p.afferents)
    group = skin_afferents(len(skin.x), stimulus, finger_area.SLOT)
    group.x, group.y, group.digit, group.slowly_adapting = skin.x, skin.y, skin.digit, skin.slowly_adapting
    for name in type(p.afferents).names():
        if name in group.variables:
            setattr(group, name, p.afferents.get(name))
    group.trace_time_constant, group.usual_time_constant = 20 * ms, 1 * second
    monitor = StateMonitor(group, "rate", record=True, dt=2 * ms, name="rates")
    Network(group, monitor, name="network").run(80 * finger_area.SLOT, namespace={})
    tip = (skin.y > HAND.joints[2]) & np.isin(skin.digit, (1, 2))
    slow, rapid = (np.array(monitor.rate)[tip & (skin.slowly_adapting == kind)].mean() for kind in (1, 0))
    assert 17 <= rapid <= 19
    assert 7 <= slow <= 10


def test_every_place_is_probed_equally_often_in_the_same_order(p) -> None:
    order = finger_area.probe_order(p)
    np.testing.assert_array_equal(order, finger_area.probe_order(FingerParameters()))
    places = finger_area.probe_places(p)
    shown, counts = np.unique(order, axis=0, return_counts=True)
    assert len(shown) == len(places) * len(finger_area.TOGETHER) + 1
    assert set(counts[shown[:, 0] >= 0]) == {p.mapping.repeats}
    assert counts[shown[:, 0] < 0] == p.mapping.repeats * p.mapping.blanks
    assert np.abs(places[:, 0]).max() < HAND.width / 2
    assert 0 < places[:, 1].min() < places[:, 1].max() < HAND.length


def test_maps_are_taken_with_all_plasticity_closed(p) -> None:
    protocol = finger_area.layout(p)
    gates = {name: protocol.array(name) for name in ("plasticity", "hold_plasticity", "calibration")}
    for session in ("map before", "map trained", "map released", "disc before", "disc trained"):
        first, last = (round(at / SLOT) for at in protocol.interval(session))
        assert not any(gate[first:last].any() for gate in gates.values()), session


@pytest.fixture
def answering(p):
    """The recording of a map in which one cell fires 30 spikes to one place of a digit, and one to every blank."""

    def record(cell: int, place: int, digit: int) -> dict[str, np.ndarray]:
        order = finger_area.probe_order(p)
        start, _ = finger_area.layout(p).interval("map before")
        onset = start + 0.25 * np.arange(len(order))
        group = next(n for n, together in enumerate(finger_area.TOGETHER) if digit in together)
        shown = (order[:, 0] == place) & (order[:, 1] == group)
        times = np.concatenate([*(onset[shown] + delay for delay in np.linspace(0, 0.248, 30)), onset[order[:, 0] < 0]])
        times = np.sort(times) + 1e-4
        return {"spikes.i": np.full(len(times), cell), "spikes.t": times}

    return record


@pytest.mark.parametrize(("digit", "place"), [(0, 3), (1, 20), (2, 71), (4, 40)])
def test_an_answer_is_found_at_its_place_on_its_digit(p, anatomy, answering, digit, place) -> None:
    x = (digit + 0.5) * float(p.sheet.digit_width / mm)
    cell = int(np.argmin(np.linalg.norm(anatomy.pyramidal - [x, 0.5], axis=1)))
    n = len(finger_area.probe_places(p))
    run = answering(cell, place, digit)
    mean, blanks = responses(p, run, "map before")
    assert mean[cell, digit * n + place] == 30
    assert mean.sum() == 30
    assert (blanks[cell] == 1).all()
    assert blanks.sum() == p.mapping.repeats * p.mapping.blanks

    found = CorticalMap(p, run, "map before")
    hearing = found.members[:, cell] > 0
    assert hearing.any()
    patch = digit * 3 + int(HAND.phalanx(finger_area.probe_places(p)[place, 1]))
    assert ((found.winner == patch) == hearing).all()
    assert found.won([patch]) == pytest.approx(hearing.sum() * 0.14**2)
    assert found.won([other for other in range(15) if other != patch]) == 0
