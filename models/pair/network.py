"""The network of the pair and what one run sets in it."""

from __future__ import annotations

from typing import Any

import brian2
import numpy as np
from brian2.units import second

from cortex.engine.simulation import Model
from cortex.experiment.streams import Streams
from cortex.mechanisms import mechanism, poisson
from cortex.mechanisms.circuit import DT, build_circuit, circuit_inputs
from cortex.mechanisms.gates import gates
from cortex.mechanisms.wiring import Beginning, Contacts, Wiring
from models.pair.parameters import PairParameters
from models.pair.protocol import SLOT, layout, protocol

STIMULI = ("centre", "pressure")
"""Place, mm, and depth of the bump of pressure."""

TOUCH = """
bump = pressure(t)*exp(-(place - centre(t))**2/(2*bump_width**2))
new_rate = background_rate + (peak_rate - background_rate)*bump
"""


def places(p: PairParameters) -> np.ndarray:
    """Return the places of the afferents on the strip, mm, the middle at 0."""
    return np.linspace(-p.skin.length / 2, p.skin.length / 2, p.skin.number)


def wiring(p: PairParameters) -> Wiring:
    """Connect everybody, except that only the target reaches others."""
    n, k, v = p.skin.number, p.copies, p.pv_cells

    def everybody(sources: int, targets: int) -> Contacts:
        return np.indices((sources, targets)).reshape(2, -1)

    return Wiring(
        afferent=everybody(n, k),
        lateral=np.stack([np.zeros(k - 1, int), np.arange(1, k)]),
        recurrent=everybody(k, v),
        feedforward=everybody(n, v),
        inhibition=everybody(v, k),
    )


def build(p: PairParameters) -> Model:
    """Build the network; nothing in it is random."""
    brian2.defaultclock.dt = DT
    slots = layout(p).slots
    stimuli = {name: brian2.TimedArray(np.zeros(slots), dt=SLOT, name=name) for name in STIMULI}
    equations, reset = mechanism.equations(p, "afferents"), mechanism.reset(p, "afferents")
    afferents = poisson.afferents(p.skin.number, equations, reset, TOUCH, SLOT, stimuli)
    declared = gates(mechanism.gate_names(p), slots, SLOT)
    circuit = build_circuit(p, afferents, p.copies, p.pv_cells, vars(wiring(p)), declared)
    pyramidal, pv = circuit.groups["pyramidal"], circuit.groups["pv"]
    every, contacts = np.arange(p.copies), np.arange(p.skin.number * p.copies)
    monitors = [
        brian2.SpikeMonitor(pyramidal, name="spikes"),
        brian2.SpikeMonitor(pv, name="pv_spikes"),
        brian2.StateMonitor(circuit.synapses["afferent"], "w", record=contacts, dt=1 * second, name="weights"),
        brian2.StateMonitor(pv, "strength", record=np.arange(p.pv_cells), dt=1 * second, name="hold"),
        brian2.StateMonitor(pyramidal, "maturity", record=every, dt=1 * second, name="cells"),
    ]
    return Model(brian2.Network(*circuit.objects, *monitors), circuit.inputs | stimuli, {}, slots * SLOT, DT)


def run_inputs(p: PairParameters, streams: Streams, release: str) -> dict[str, Any]:
    """Return everything that one run sets.

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
    beginning = Beginning(
        wiring=wiring(p),
        established=np.arange(k) == 0,
        n_pv=p.pv_cells,
        weights=weights.ravel(),
        arbor=np.repeat(arbor, k),
        rng=rng,
    )
    values = circuit_inputs(p, beginning)
    run = protocol(p, streams.stimuli, release)
    values |= {f"gate.{name}": run.array(name) for name in mechanism.gate_names(p)}
    values |= {name: run.array(name) for name in STIMULI}
    values["afferents.place"] = place
    values["pyramidal.silenced"] = (np.arange(k) == k - 1).astype(float)
    return values
