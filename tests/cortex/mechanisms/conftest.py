"""Small groups of cells for the tests of single mechanisms, simulated by numpy, and a learner in small, compiled."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import brian2
import numpy as np
import pytest
from brian2 import Network, NeuronGroup, SpikeMonitor, StateMonitor, TimedArray, ms, mV, second

from cortex.engine import compiler
from cortex.engine.device import device
from cortex.engine.simulation import Arm, Model, Recording, simulate
from cortex.experiment.parameters import Parameters
from cortex.mechanisms import gain_cells, group_gain, mechanism, three_factor
from cortex.mechanisms import gates as gates_module
from cortex.mechanisms.circuit import CircuitParameters
from cortex.mechanisms.gain_cells import GainCell
from cortex.mechanisms.group_gain import Hold
from cortex.mechanisms.three_factor import Learning

DT = 0.5 * ms


@pytest.fixture(autouse=True)
def _numpy() -> Iterator[None]:
    with device("runtime"):
        brian2.defaultclock.dt = DT
        brian2.seed(0)
        yield


@pytest.fixture
def gates() -> Callable[..., dict[str, TimedArray]]:
    """Gates that stay as they are set; those not named stay closed."""

    def make(**values: float) -> dict[str, TimedArray]:
        made = gates_module.gates(mechanism.gate_names(CircuitParameters()), 1, 1e6 * second)
        for name, value in values.items():
            made[name].values[:] = value
        return {name: TimedArray(gate.values, gate.dt * second) for name, gate in made.items()}  # of names of their own

    return make


@pytest.fixture
def set_parameters() -> Callable[..., None]:
    """Give a group the values of a section of parameters."""

    def give(group: NeuronGroup, *sections: Parameters) -> None:
        for section in sections:
            for name in type(section).names():
                if name in group.variables:
                    setattr(group, name, section.get(name))

    return give


@pytest.fixture
def clockwork() -> Callable[..., NeuronGroup]:
    """Cells that fire at given times (ms, one list for each cell), with the equations of a mechanism."""

    def make(
        name: str, times: Sequence[Any], equations: str, reset: str = "", gates: dict[str, TimedArray] | None = None
    ) -> NeuronGroup:
        dt = float(brian2.defaultclock.dt / ms)
        steps = [np.rint(np.atleast_1d(cell) / dt).astype(int) for cell in times]
        fires = np.zeros((max(cell.max(initial=0) for cell in steps) + 2, len(times)))
        for i, cell in enumerate(steps):
            fires[cell, i] = 1
        now = TimedArray(fires, dt=brian2.defaultclock.dt, name=f"{name}_fire")
        return NeuronGroup(
            len(times),
            equations,
            threshold=f"{name}_fire(t, i) > 0",
            reset=reset,
            method="exponential_euler",
            namespace={**(gates or {}), f"{name}_fire": now},
            name=name,
        )

    return make


@pytest.fixture
def run() -> Callable[..., None]:
    """Simulate for some ms, or go on with the same objects; all names must be known to the objects."""
    networks: dict[tuple[brian2.BrianObject, ...], Network] = {}

    def simulate(duration: float, *objects: brian2.BrianObject) -> None:
        if objects not in networks:
            networks[objects] = Network(*objects)
        networks[objects].run(duration * ms, namespace={})

    return simulate


STEP, TRIAL, TRIALS, AFFERENTS, CELLS = 1 * ms, 50 * ms, 240, 24, 6


class Learner(Parameters):
    """The mechanisms of the learner."""

    cell: GainCell = GainCell()
    hold: Hold = Hold()
    learning: Learning = Learning()


LEARNER_GATES = [name for name in mechanism.gate_names(Learner()) if name != "injection"]


def groups_and_readout() -> Model:
    """Build the learner's cells with afferents that fire when told; only private noise and lost spikes are random."""
    brian2.defaultclock.dt = STEP
    gates = {name: TimedArray(np.zeros(TRIALS), dt=TRIAL, name=name) for name in LEARNER_GATES}
    gates["injection"] = TimedArray(np.zeros(TRIALS) * mV, dt=TRIAL, name="injection")
    fire = TimedArray(np.zeros((round(TRIALS * TRIAL / STEP), AFFERENTS)), dt=STEP, name="fire")
    afferents = NeuronGroup(
        AFFERENTS,
        mechanism.equations(Learner(), "afferents"),
        threshold="fire(t, i) > 0.5",
        reset="trace += 1",
        method="exponential_euler",
        namespace={"fire": fire},
        name="afferents",
    )
    equations, reset = mechanism.equations(Learner(), "pyramidal"), mechanism.reset(Learner(), "pyramidal")
    cells = gain_cells.gain_cells(CELLS, equations, reset, gates)
    cells.run_regularly(group_gain.ADAPT, dt=TRIAL, when="before_groups", order=3, name="pyramidal_gain")
    readout = three_factor.readout_cell(gates)
    three_factor.learning_readout(cells, readout, TRIAL)
    lateral = group_gain.lateral_synapses(cells)
    lateral.connect(i=np.repeat(np.arange(CELLS), CELLS), j=np.tile(np.arange(CELLS), CELLS))
    afferent = three_factor.afferent_synapses(afferents, cells, TRIAL)
    afferent.connect(i=np.repeat(np.arange(AFFERENTS), CELLS), j=np.tile(np.arange(CELLS), AFFERENTS))
    output = three_factor.readout_synapses(cells, readout)
    output.connect(i=np.arange(CELLS), j=np.zeros(CELLS, int))
    of_a_cell = (
        "count",
        "group_count",
        "afferent_count",
        "usual_count",
        "gain",
        "phase",
        "readout_weight",
        "private_noise",
    )
    records = (
        ("trials", cells, of_a_cell, TRIAL),
        ("synapses", afferent, ("w", "eligibility"), TRIAL),
        ("answers", readout, ("evidence", "bias", "error", "asked", "pattern"), TRIAL),
        ("membranes", cells, ("dendrite", "sensitivity", "coupled_sensitivity"), STEP),
        ("traces", afferents, ("trace",), STEP),
    )
    when = {"trials": ("start", 1), "answers": ("start", 1)}  # before the readout compares
    monitors = []
    for name, group, variables, dt in records:  # the others: when eligibilities are summed, and nothing has learned
        slot, order = when.get(name, ("before_groups", 1))
        every = np.arange(len(group))
        monitors.append(StateMonitor(group, variables, record=every, dt=dt, when=slot, order=order, name=name))
    settable = mechanism.inputs([afferents, cells, lateral, afferent])
    short = {"pyramidal": "cell.", "afferents": "", "lateral": "", "afferent": ""}
    inputs = {short[name.split(".")[0]] + name.split(".")[1]: variable for name, variable in settable.items()}
    inputs |= {**gates, "fire": fire}
    network = Network(
        afferents, cells, readout, lateral, afferent, output, *monitors, SpikeMonitor(cells, name="spikes")
    )
    return Model(network, inputs, {}, TRIALS * TRIAL, STEP)


@pytest.fixture(scope="session")
def wiring() -> Callable[..., dict[str, np.ndarray]]:
    """Who is of one group, and who copies whom: from the group of each cell and, if any copies, its teacher."""

    def make(groups: Sequence[int], teachers: Sequence[int] = ()) -> dict[str, np.ndarray]:
        source, target, group = np.repeat(np.arange(CELLS), CELLS), np.tile(np.arange(CELLS), CELLS), np.array(groups)
        first = np.array([list(groups).index(one) for one in groups])
        values = {"member": group[source] == group[target], "leads": source == first[target]}
        values["teaches"] = source == np.array(teachers)[target] if len(teachers) else np.zeros(CELLS**2)
        return {name: np.asarray(value, dtype=float) for name, value in values.items()}

    return make


@pytest.fixture(scope="session")
def learners(wiring) -> Callable[..., dict[str, Recording]]:
    """Simulate 6 cells of the learner, 24 afferents and a readout for 240 trials of 50 ms; each arm says what is set.

    By default each cell is a group of its own, without noise and with a gain of 1; nothing learns or adapts, and no
    afferent fires. What is recorded once a trial is as before its first step, and index i + 1 tells what trial i did.
    """
    if compiler.find_compiler() is None:
        pytest.skip("no C++ compiler")
    usual: dict[str, Any] = {name: float(name in ("awake", "transmission", "reliability")) for name in LEARNER_GATES}
    usual |= {f"cell.{name}": GainCell().get(name) for name in GainCell.names()}
    usual |= {
        "cell.noise": 0 * mV,
        "cell.shared_noise": 0.0,
        "cell.phase": 0.0,
        "cell.gain": 1.0,
        "cell.readout_weight": 0.0,
    }
    usual |= {"cell.established": 1.0, "cell.novice": 0.0, "cell.usual_count": 1.0, "cell.usual_afferent_count": 1.0}
    usual |= {"cell.adaptation": 0.0, "cell.calibration": 0.1, "cell.copying_rate": 0.0}
    usual |= {"cell.credit_exponent": 0.0, "cell.maximum_weight": 20.0, "dendritic_time_constant": 20 * ms}
    usual |= {"injection": 0 * mV, "fire": 0.0, "w": 0.0, **wiring(range(CELLS))}

    def make(seed: int = 1, **arms: dict[str, Any]) -> dict[str, Recording]:
        given = {name: Arm(usual | changed, seed) for name, changed in arms.items()}
        return simulate(groups_and_readout, given, jobs=1).recordings

    return make
