"""One target cell and its idle neighbours on a strip of skin: copy, hold, release in the smallest circuit.

Afferents lie evenly on a strip of skin that a bump of pressure visits at random. One pyramidal cell, the target,
responds to the middle of the strip; the others are idle: their afferent synapses are nearly silent. All hear the
same afferents, the target reaches the idle cells, and PV cells reach everybody.

The protocol is one run: the target settles under its own learning rule, set points are calibrated, it is probed,
use rises and the idle cells copy it, the group is probed with and without hold, learns on under the hold, one
member is silenced, the hold is released. Stimuli are the same in every arm and null model of a seed.
"""

from typing import Any

import numpy as np
from brian2 import Network, NeuronGroup, Quantity, SpikeMonitor, StateMonitor, TimedArray, defaultclock, ms, second

from cortex.experiment.engine import Model
from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.protocol import Block, Protocol
from cortex.experiment.streams import Streams
from cortex.mechanisms import poisson
from cortex.mechanisms.circuit import CircuitParameters, Wiring, build_circuit, circuit_inputs
from cortex.mechanisms.copying import AFFERENT_TRACES
from cortex.mechanisms.gates import GATES, gates, released_fraction

DT = 0.5 * ms
SLOT = 100 * ms
PROBE_SLOTS, PAUSE_SLOTS = 3, 2
GAINS = {"half": 0.5, "1": 1.0, "2": 2.0, "4": 4.0}


class Skin(Parameters):
    """The strip of skin and its afferents."""

    number: int = parameter(100, "Number of afferents.", bounds=(10, 1000), source="own choice", per_run=False)
    length: float = parameter(10.0, "Length of the strip, mm.", bounds=(1, 100), source="one fingertip and its margin")
    peak_rate: Quantity = parameter(
        "60 Hz",
        "Rate of an afferent under the centre of a bump.",
        bounds=("0 Hz", "200 Hz"),
        source="SA1 edge bursts 60 to 100 Hz (TouchSim, Saal et al. 2017, doi:10.1073/pnas.1704856114)",
    )
    background_rate: Quantity = parameter(
        "2 Hz", "Rate of an untouched afferent.", bounds=("0 Hz", "20 Hz"), source="own choice"
    )
    bump_width: float = parameter(0.7, "Standard deviation of a bump, mm.", bounds=(0.1, 10), source="own choice")
    arbor_width: float = parameter(
        2.5, "Distance at which the contacts of a cell thin out, mm of skin.", bounds=(0.2, 100), source="own choice"
    )
    stimulated: float = parameter(
        3.0, "Bumps in training lie within this distance from the middle, mm.", bounds=(0.1, 50), source="own choice"
    )


class Training(Parameters):
    """Length and use of the phases."""

    settle: Quantity = parameter("150 s", "The target settles.", bounds=("1 s", "10000 s"), per_run=False)
    calibrate: Quantity = parameter("90 s", "Set points are learned.", bounds=("1 s", "10000 s"), per_run=False)
    copy_time: Quantity = parameter("150 s", "Idle cells copy.", bounds=("1 s", "10000 s"), per_run=False)
    hold: Quantity = parameter("150 s", "Learning under the hold.", bounds=("1 s", "10000 s"), per_run=False)
    tune: Quantity = parameter("60 s", "The hold adapts, the weights rest.", bounds=("1 s", "10000 s"), per_run=False)
    silence: Quantity = parameter("150 s", "One member is silenced.", bounds=("1 s", "10000 s"), per_run=False)
    release: Quantity = parameter("450 s", "After release.", bounds=("1 s", "10000 s"), per_run=False)
    use_before: float = parameter(0.4, "Fraction of slots with a bump before training.", bounds=(0, 1))
    use: float = parameter(1.0, "Fraction of slots with a bump from training on.", bounds=(0, 1))
    probes: int = parameter(13, "Number of probed positions.", bounds=(3, 100), per_run=False)
    repeats: int = parameter(12, "Presentations of each probe.", bounds=(1, 100), per_run=False)


class PairParameters(CircuitParameters):
    """Parameters of the pair model."""

    copies: int = parameter(
        2, "Size K of the group: one target and K - 1 idle cells.", bounds=(2, 20), source="own choice", per_run=False
    )
    pv_cells: int = parameter(10, "Number of PV cells.", bounds=(1, 200), source="own choice", per_run=False)
    skin: Skin = Skin()
    training: Training = Training()


AFFERENTS = """
place : 1 (constant)
background_rate : Hz (shared, constant)
peak_rate : Hz (shared, constant)
bump_width : 1 (shared, constant)
"""

TOUCH = """
bump = pressure(t)*exp(-(place - centre(t))**2/(2*bump_width**2))
new_rate = background_rate + (peak_rate - background_rate)*bump
"""


def places(p: PairParameters) -> np.ndarray:
    """Give the places of the afferents on the strip, mm, the middle at 0."""
    return np.linspace(-p.skin.length / 2, p.skin.length / 2, p.skin.number)


def wiring(p: PairParameters) -> Wiring:
    """Connect everybody, except that only the target reaches others."""
    n, k, v = p.skin.number, p.copies, p.pv_cells

    def everybody(sources: int, targets: int) -> tuple[np.ndarray, np.ndarray]:
        return np.repeat(np.arange(sources), targets), np.tile(np.arange(targets), sources)

    return Wiring(
        afferent=everybody(n, k),
        lateral=(np.zeros(k - 1, int), np.arange(1, k)),
        recurrent=everybody(k, v),
        feedforward=everybody(n, v),
        inhibition=everybody(v, k),
    )


def build(p: PairParameters) -> Model:
    """Build the network; nothing in it is random."""
    defaultclock.dt = DT
    slots = protocol(p, np.random.default_rng(0), p.normalization.release).slots
    declared = gates(slots, SLOT)
    stimuli = {name: TimedArray(np.zeros(slots), dt=SLOT, name=name) for name in ("centre", "pressure")}
    afferents = NeuronGroup(
        p.skin.number,
        AFFERENTS + AFFERENT_TRACES + poisson.TRAIN,
        threshold=poisson.THRESHOLD,
        dtype=poisson.PRECISION,
        reset=f"trace += 1\n{poisson.RESET}",
        method="exponential_euler",
        namespace=stimuli,
        name="afferents",
    )
    poisson.begin(afferents)
    afferents.run_regularly(TOUCH + poisson.FOLLOW, dt=SLOT, name="afferents_touch")
    circuit = build_circuit(p, afferents, p.copies, p.pv_cells, wiring(p), declared)
    monitors = [
        SpikeMonitor(circuit.pyramidal, name="spikes"),
        SpikeMonitor(circuit.pv, name="pv_spikes"),
        StateMonitor(circuit.afferent, "w", record=np.arange(p.skin.number * p.copies), dt=1 * second, name="weights"),
        StateMonitor(circuit.pv, "strength", record=np.arange(p.pv_cells), dt=1 * second, name="hold"),
        StateMonitor(circuit.pyramidal, "maturity", record=np.arange(p.copies), dt=1 * second, name="cells"),
    ]
    inputs = circuit.inputs | stimuli
    inputs["afferents.place"] = afferents.place
    inputs |= {f"skin.{name}": getattr(afferents, name) for name in ("background_rate", "peak_rate", "bump_width")}
    network = Network(*circuit.objects, *monitors)
    return Model(network, inputs, {}, slots * SLOT, DT)


def run_inputs(p: PairParameters, streams: Streams, release: str) -> dict[str, Any]:
    """Give everything that one run sets.

    Parameters
    ----------
    release : str
        How the hold ends in this arm, a value of `normalization.release`.
    """
    rng = streams.weights
    place, k = places(p), p.copies
    arbor = np.exp(-((place / p.skin.arbor_width) ** 4) / 2)
    receptive_field = np.exp(-(place**2) / (2 * (1.3 * p.skin.bump_width) ** 2))
    weights = 0.05 * rng.random((p.skin.number, k))
    weights[:, 0] += 0.8 * receptive_field
    values = circuit_inputs(
        p,
        wiring(p),
        np.arange(k) == 0,
        p.pv_cells,
        weights.ravel(),
        np.repeat(arbor, k),
        np.ones(k - 1, bool),
        rng,
    )
    run = protocol(p, streams.stimuli, release)
    values |= {f"gate.{name}": run.array(name) for name in GATES}
    values |= {name: run.array(name) for name in ("centre", "pressure")}
    values |= {f"skin.{name}": p.skin.get(name) for name in ("background_rate", "peak_rate", "bump_width")}
    values["afferents.place"] = place
    values["pyramidal.silenced"] = (np.arange(k) == k - 1).astype(float)
    return values


def protocol(p: PairParameters, rng: np.random.Generator, release: str) -> Protocol:
    """Lay out the run.

    Parameters
    ----------
    rng : Generator
        Draws the stimuli, in the same order for every way of release.
    """
    t, held = p.training, float(p.normalization.enabled)

    def learn(name: str, duration: Quantity, use: float, **values: float | np.ndarray) -> Block:
        slots = round(float(duration / SLOT))
        centre = rng.choice(probe_places(p), slots)
        pressure = (rng.random(slots) < use).astype(float)
        return Block(name, slots, {"hold": held, "centre": centre, "pressure": pressure, **values})

    def probe(name: str, shift: float = 0.0, gain: float = 1.0, **values: float) -> Block:
        order = probe_order(p)
        shown = np.tile([1.0] * PROBE_SLOTS + [0.0] * PAUSE_SLOTS, len(order))
        centre = np.repeat(probe_places(p)[order] + shift, PROBE_SLOTS + PAUSE_SLOTS)
        return Block(f"probe {name}", len(shown), {"hold": held, "centre": centre, "pressure": gain * shown, **values})

    def battery(name: str, **values: float) -> list[Block]:
        gained = [probe(f"{name} gain {label}", gain=gain, **values) for label, gain in GAINS.items()]
        unseen = probe(f"{name} unseen", shift=float(np.diff(probe_places(p))[0]) / 2, **values)
        return [*gained, unseen, probe(f"{name} no hold", **{**values, "hold": 0.0, "coupling": 0.0})]

    learning: dict[str, Any] = {"plasticity": 1.0, "coupling": 1.0, "hold_plasticity": 1.0}
    after = round(float(t.release / SLOT))
    released = released_fraction(release, after, p.normalization.release_residual)
    coupled = 1 - released_fraction(release, after, 0)
    kept = float(release == "never")
    ended: dict[str, Any] = {"plasticity": 1.0, "coupling": coupled, "released": released, "hold_plasticity": kept}
    blocks = [
        learn("settle", t.settle, t.use_before, plasticity=1.0, calibration=5.0),
        learn("calibrate", t.calibrate, t.use_before, calibration=1.0),
        *battery("before"),
        learn("copy", t.copy_time, t.use, **learning),
        learn("tune", t.tune, t.use, coupling=1.0, hold_plasticity=1.0),
        *battery("held", coupling=1.0),
        probe("held coupled", hold=0.0, coupling=1.0),
        learn("hold", t.hold, t.use, **learning),
        learn("silence", t.silence, t.use, coupling=1.0, hold_plasticity=1.0, silencing=1.0),
        learn("recover", t.tune, t.use, coupling=1.0, hold_plasticity=1.0),
        learn("release", t.release, t.use, **ended),
        probe("after release", coupling=kept, released=float(released[-1])),
    ]
    return Protocol(SLOT, tuple(blocks))


def probe_order(p: PairParameters) -> np.ndarray:
    """Give the order in which the places are probed, the same in every battery and run."""
    rng = np.random.default_rng(0)
    return np.concatenate([rng.permutation(p.training.probes) for _ in range(p.training.repeats)])


def probe_places(p: PairParameters) -> np.ndarray:
    """Give the places of training, which are also probed, mm; unseen stimuli lie halfway between them."""
    return np.linspace(-p.skin.stimulated, p.skin.stimulated, p.training.probes)
