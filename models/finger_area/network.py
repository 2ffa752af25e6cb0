"""Build the network of the finger area and give it what one run sets."""

from __future__ import annotations

from typing import Any

import brian2
import numpy as np
from brian2.units import mm, second

from cortex.engine.simulation import Model
from cortex.experiment.protocol import Protocol
from cortex.experiment.streams import Streams
from cortex.mechanisms import mechanism
from cortex.mechanisms.circuit import DT, build_circuit, circuit_inputs
from cortex.mechanisms.gates import gates
from cortex.mechanisms.skin import DIGITS, STIMULUS, receptors, skin_afferents
from cortex.mechanisms.wiring import Beginning, Wiring
from models.finger_area.anatomy import Anatomy
from models.finger_area.parameters import FingerParameters
from models.finger_area.protocol import SLOT, layout, protocol


def build(p: FingerParameters, run: Protocol | None = None) -> Model:
    """Build the network for a protocol, by default that of the disc; nothing in it is random."""
    brian2.defaultclock.dt = DT
    anatomy = Anatomy(p)
    slots = (run or layout(p)).slots
    stimulus = {name: brian2.TimedArray(np.zeros((slots, DIGITS)), dt=SLOT, name=name) for name in STIMULUS}
    equations, reset = mechanism.equations(p, "afferents"), mechanism.reset(p, "afferents")
    afferents = skin_afferents(len(anatomy.afferents), equations, reset, stimulus, SLOT)
    declared = gates(mechanism.gate_names(p), slots, SLOT)
    circuit = build_circuit(p, afferents, len(anatomy.pyramidal), len(anatomy.pv), anatomy.fixed, declared)
    pyramidal, pv = circuit.groups["pyramidal"], circuit.groups["pv"]
    contacts = np.arange(anatomy.fixed["afferent"].shape[1])
    every = np.arange(len(anatomy.pyramidal))
    monitors = [
        brian2.SpikeMonitor(pyramidal, name="spikes"),
        brian2.SpikeMonitor(pv, name="pv_spikes"),
        brian2.StateMonitor(circuit.synapses["afferent"], "w", record=contacts, dt=20 * second, name="weights"),
        brian2.StateMonitor(pyramidal, "maturity", record=every, dt=5 * second, name="cells"),
        brian2.StateMonitor(pv, "strength", record=np.arange(len(anatomy.pv)), dt=5 * second, name="hold"),
    ]
    lateral = circuit.synapses["lateral"]
    reached = {"lateral.source": lateral.i, "lateral.target": lateral.j, "lateral.affinity": lateral.affinity}
    return Model(brian2.Network(*circuit.objects, *monitors), circuit.inputs | stimulus, reached, slots * SLOT, DT)


def run_inputs(p: FingerParameters, streams: Streams, trained: bool) -> dict[str, Any]:
    """Return everything that one run on the disc sets.

    Parameters
    ----------
    trained : bool
        Whether the trained digits touch the disc, or are used as before (control).
    """
    return inputs(p, streams, protocol(p, streams.stimuli, trained))


def inputs(p: FingerParameters, streams: Streams, run: Protocol) -> dict[str, Any]:
    """Return everything that one run of a protocol sets."""
    anatomy, rng, skin = Anatomy(p), streams.weights, receptors(p.afferents)
    established = rng.random(len(anatomy.pyramidal)) >= p.sheet.idle_fraction
    target = anatomy.fixed["afferent"][1]
    near = np.exp(-(anatomy.arbor_distance**2) / (2 * (float(p.sheet.arbor_radius / mm) / 2) ** 2))
    noise = rng.random(len(target))
    weights = anatomy.arbor * np.where(established[target], 0.6 * near + 0.1 * noise, 0.04 * noise)
    drawn = anatomy.draw(rng)
    wiring = Wiring(**anatomy.fixed, **drawn)
    values = circuit_inputs(p, Beginning(wiring, established, len(anatomy.pv), weights, anatomy.arbor, rng))
    values |= {f"{name}.contacts": contacts for name, contacts in drawn.items()}
    values |= {f"gate.{name}": run.array(name) for name in mechanism.gate_names(p)}
    values |= {name: run.array(name, (DIGITS,)) for name in STIMULUS}
    values |= {f"afferents.{name}": getattr(skin, name) for name in ("x", "y", "digit", "slowly_adapting")}
    return values
