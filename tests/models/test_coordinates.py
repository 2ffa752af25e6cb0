"""What the models say about their recordings agrees with the network, and with what is shown."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pytest
from brian2 import Network, SpikeMonitor, StateMonitor, Synapses

from cortex.experiment.coordinates import Coordinates, Variable
from cortex.experiment.streams import Streams
from models import finger_area, fingertip, pair
from models.finger_area.coordinates import coordinates as finger_coordinates
from models.fingertip import speed
from models.fingertip.coordinates import coordinates as fingertip_coordinates
from models.learner import network as learner
from models.learner.coordinates import coordinates as learner_coordinates
from models.learner.parameters import LearnerParameters
from models.learner.protocol import rates
from models.pair.coordinates import coordinates as pair_coordinates

FINGER = finger_area.FingerParameters().override(
    {"sheet.density": "60/mm^2", "sheet.pv_density": "20/mm^2", "training.settle": "2 s", "mapping.repeats": 1}
)
PAIR = pair.PairParameters().override({"copies": 3, "training.repeats": 2, "training.probes": 5})
SHORT = {f"training.{name}": 20 for name in ("settle", "old", "copying", "tune", "new", "release")}
FINGERTIP = fingertip.FingertipParameters().override(SHORT)
LEARNER = LearnerParameters().override({"training.old": 40, "training.copying": 40, "training.new": 40})


UNLABELLED = ("pv", "readout")
"""Dimensions of which there is nothing to say, except of the PV cells of the finger area."""


class Case(NamedTuple):
    """An arm of a model, with its network and its coordinates."""

    network: Network
    inputs: Mapping[str, Any]
    coordinates: Coordinates

    def __getitem__(self, name: str) -> np.ndarray:
        variable: Variable = self.coordinates.variables[name]
        return variable.values


@pytest.fixture(scope="module")
def finger() -> Case:
    inputs = finger_area.run_inputs(FINGER, Streams(3), trained=True)
    return Case(finger_area.build(FINGER).network, inputs, finger_coordinates(FINGER, inputs))


@pytest.fixture(scope="module")
def strip() -> Case:
    inputs = pair.run_inputs(PAIR, Streams(3), "step")
    return Case(pair.build(PAIR).network, inputs, pair_coordinates(PAIR, inputs))


@pytest.fixture(scope="module")
def tip() -> Case:
    inputs = learner.run_inputs(LEARNER, Streams(3))
    return Case(learner.build(LEARNER).network, inputs, learner_coordinates(LEARNER, inputs))


@pytest.fixture(scope="module")
def animal() -> Case:
    inputs = fingertip.run_inputs(FINGERTIP, Streams(3))
    return Case(fingertip.build(FINGERTIP).network, inputs, fingertip_coordinates(FINGERTIP, inputs))


@pytest.fixture(scope="module")
def learning() -> Case:
    p = speed.SpeedParameters().override({**SHORT, "learning.rule": "afferents"})
    inputs = speed.run_inputs(p, Streams(3))
    return Case(speed.build(p).network, inputs, speed.coordinates(p, inputs))


@pytest.fixture(params=["finger", "strip", "tip", "animal", "learning"])
def case(request: pytest.FixtureRequest) -> Case:
    return request.getfixturevalue(request.param)


def test_every_synapse_has_its_source_and_target(case: Case) -> None:
    projections = [thing for thing in case.network.sorted_objects if isinstance(thing, Synapses)]
    assert len(projections) >= 3
    for synapses in projections:
        source, target = case.inputs.get(f"{synapses.name}.contacts", (synapses.i[:], synapses.j[:]))
        np.testing.assert_array_equal(case[f"{synapses.name}_synapse_source"], source)
        np.testing.assert_array_equal(case[f"{synapses.name}_synapse_target"], target)


def test_every_monitor_has_a_dimension_of_its_size(case: Case) -> None:
    monitors = [thing for thing in case.network.sorted_objects if isinstance(thing, SpikeMonitor | StateMonitor)]
    assert set(case.coordinates.elements) - {monitor.name for monitor in monitors} <= {"lateral"}  # an output
    for monitor in monitors:
        recorded = len(monitor.record) if isinstance(monitor, StateMonitor) else len(monitor.source)
        dimension = case.coordinates.elements[monitor.name]
        if dimension not in UNLABELLED:
            assert case.coordinates.sizes[dimension] == recorded
        if isinstance(monitor, StateMonitor):
            assert {f"{monitor.name}.{name}" for name in monitor.record_variables} <= set(case.coordinates.meanings)


def test_kinds_are_those_at_the_beginning(case: Case) -> None:
    established = case.inputs["pyramidal.established"] > 0
    assert 0 < established.sum() < len(established)
    np.testing.assert_array_equal(case["pyramidal_kind"] == "established", established)


def test_gates_have_their_names(case: Case) -> None:
    for name, values in zip(case["gate"], case["gates"], strict=True):
        given = case.inputs.get(f"gate.{name}", case.inputs.get(name))
        np.testing.assert_array_equal(values, np.float32(given))


def test_a_probe_of_the_pair_is_what_the_skin_feels(strip: Case) -> None:
    first, stop = (np.rint(strip[f"probe_{end}"] * 10).astype(int) for end in ("start", "stop"))
    pressure, centre = strip["stimulus_pressure"], strip["stimulus_centre"]
    assert (pressure[first] > 0).all() and (pressure[stop - 1] > 0).all()
    assert (pressure[stop] == 0).all()
    np.testing.assert_array_equal(strip["probe_place"].astype(np.float32), centre[first])
    assert (
        len(first) == 14 * 10
    )  # 6 batteries before and 6 under the hold, one coupled, one after release; 5 places twice


def test_a_probe_of_a_digit_is_what_the_skin_feels(finger: Case) -> None:
    first, stop = (np.rint(finger[f"probe_{end}"] / 0.05).astype(int) for end in ("start", "stop"))
    touches, depth = finger["probe_touches"], finger["stimulus_depth"]
    for slots in (first, stop - 1):
        np.testing.assert_array_equal(depth[slots] > 0, touches)
    assert (depth[stop] == 0).all()
    for axis in "xy":
        at = np.broadcast_to(finger[f"probe_{axis}"][:, None], touches.shape)
        np.testing.assert_allclose(finger[f"stimulus_contact_{axis}"][first][touches], at[touches], rtol=1e-6)
    np.testing.assert_array_equal(np.isnan(finger["probe_x"]), ~touches.any(axis=1))
    assert set(finger["probe_phase"]) == {"map before", "map trained", "map released"}


def test_no_cell_has_synapses_from_two_digits_probed_at_once(finger: Case) -> None:
    digit = finger["afferent_digit"][finger["afferent_synapse_source"]]
    reached = np.zeros((finger.coordinates.sizes["pyramidal"], finger.coordinates.sizes["digit"]), dtype=int)
    reached[finger["afferent_synapse_target"], digit - 1] = 1
    at_once = finger["probe_touches"].astype(int)
    assert reached.any(axis=1).all()
    assert (at_once @ reached.T).max() == 1


def test_what_is_pressed_gives_the_rates_of_the_afferents(tip: Case) -> None:
    np.testing.assert_array_equal(rates(LEARNER, tip["stimulus_pressed"].astype(float)), tip.inputs["touch"])
    np.testing.assert_array_equal(tip["stimulus_answer"][:-1], tip.inputs["answer"][1:])


def test_what_presses_an_animal_and_what_is_asked_about_it(animal: Case) -> None:
    slots = len(animal["slot_start"]) // len(animal["trial_start"])
    touched = animal["stimulus_depth"][:-1].reshape(3, -1, slots).max(axis=2).any(axis=0)
    np.testing.assert_array_equal(animal["stimulus_answer"][:, 0] != 0, touched)
    np.testing.assert_array_equal(animal["stimulus_answer"][:-1], animal.inputs["answer"][1:])


@pytest.mark.parametrize("expansion", ["hebbian", "independent"])
def test_cells_have_the_groups_of_their_arm(expansion: str) -> None:
    p = LEARNER.override({"group.expansion": expansion})
    inputs = learner.run_inputs(p, Streams(3))
    group = learner_coordinates(LEARNER, inputs).labels["pyramidal_group"].values
    np.testing.assert_array_equal(group, p.groups)
