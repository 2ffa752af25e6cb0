"""The network of the pair and what one run sets in it."""

from typing import Any

import numpy as np
from brian2 import Network, NeuronGroup, SpikeMonitor, StateMonitor, TimedArray, defaultclock, ms, second

from cortex.engine.simulation import Model
from cortex.experiment.streams import Streams
from cortex.mechanisms import poisson
from cortex.mechanisms.circuit import Wiring, build_circuit, circuit_inputs
from cortex.mechanisms.copying import AFFERENT_TRACES
from cortex.mechanisms.gates import GATES, gates
from models.pair.parameters import PairParameters
from models.pair.protocol import SLOT, protocol

DT = 0.5 * ms

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
