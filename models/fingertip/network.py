"""Build the network of the fingertip and give it what one run sets."""

from __future__ import annotations

from typing import Any

import brian2
import numpy as np

from cortex.engine.simulation import Model
from cortex.experiment.streams import Streams
from cortex.mechanisms import cells, mechanism, poisson, task
from cortex.mechanisms.circuit import DT, build_circuit, circuit_inputs
from cortex.mechanisms.gates import gates
from cortex.mechanisms.wiring import Beginning
from models.fingertip.anatomy import arbors, centres, places, wiring
from models.fingertip.parameters import FingertipParameters
from models.fingertip.protocol import CONTACTS, SLOT, TRIAL, layout, protocol, stimuli

SNAPSHOT = 50
"""Trials between two records of what changes slowly."""

TOUCH = "\n".join(
    [
        *(f"bump_{k} = depth_{k}(t)*exp(-(place - place_{k}(t))**2/(2*touch_width**2))" for k in range(CONTACTS)),
        f"pressed = {' + '.join(f'bump_{k}' for k in range(CONTACTS))}",
        "new_rate = background_rate + (peak_rate - background_rate)*pressed",
    ]
)

SHARE_NOISE = "noise_current = noise_current + noise_sharing*(common_noise - noise_current)"


def build(p: FingertipParameters) -> Model:
    """Build the network; nothing in it is random."""
    brian2.defaultclock.dt = DT
    trials, slots = layout(p).slots, layout(p).slots * round(float(TRIAL / SLOT))
    touch = {f"depth_{k}": brian2.TimedArray(np.zeros(slots), dt=SLOT, name=f"depth_{k}") for k in range(CONTACTS)}
    touch |= {f"place_{k}": brian2.TimedArray(np.zeros(trials), dt=TRIAL, name=f"place_{k}") for k in range(CONTACTS)}
    equations, reset = mechanism.equations(p, "afferents"), mechanism.reset(p, "afferents")
    afferents = poisson.afferents(p.skin.number, equations, reset, TOUCH, SLOT, touch)
    declared, said = gates(mechanism.gate_names(p), trials, TRIAL), task.asked(trials, TRIAL)
    connected = wiring(p)
    circuit = build_circuit(p, afferents, p.cells, p.groups * p.group.pv_cells, vars(connected), declared)
    pyramidal, pv, afferent = circuit.groups["pyramidal"], circuit.groups["pv"], circuit.synapses["afferent"]
    readout, output = task.learn_task(pyramidal, afferent, p.parents, p.copying.eligibility, TRIAL, said)
    pyramidal.common_noise = brian2.linked_var(pyramidal, "noise_current", index=p.leaders)
    pyramidal.run_regularly(SHARE_NOISE, dt=cells.NOISE_INTERVAL, order=1, name="pyramidal_shared_noise")
    slow, every, contacts = SNAPSHOT * TRIAL, np.arange(p.cells), np.arange(connected.afferent.shape[1])
    monitors = [
        brian2.SpikeMonitor(pyramidal, name="spikes"),
        brian2.StateMonitor(readout, ("evidence", "bias"), record=np.arange(task.UNITS), dt=TRIAL, name="answers"),
        brian2.StateMonitor(afferent, "w", record=contacts, dt=slow, name="weights"),
        brian2.StateMonitor(output, "weight", record=np.arange(p.cells * task.UNITS), dt=slow, name="outputs"),
        brian2.StateMonitor(
            pv, ("strength", "expectation"), record=np.arange(p.groups * p.group.pv_cells), dt=slow, name="hold"
        ),
        brian2.StateMonitor(pyramidal, "maturity", record=every, dt=slow, name="cells"),
    ]
    inputs = {**circuit.inputs, **mechanism.inputs([readout, output]), **touch, **said}
    network = brian2.Network(*circuit.objects, readout, output, *monitors)
    return Model(network, inputs, {}, trials * TRIAL, DT)


def run_inputs(p: FingertipParameters, streams: Streams) -> dict[str, Any]:
    """Return everything that one run sets."""
    rng, connected = streams.weights, wiring(p)
    alone = p.group.expansion == "independent"
    target = np.arange(p.cells) % p.group.copies == 0
    established = target | alone
    afferent, cell = connected.afferent
    middle = centres(p, each=alone)
    distance = places(p)[afferent] - middle[cell]
    field = np.exp(-(distance**2) / (2 * (1.3 * p.skin.touch_width) ** 2))
    beginning = Beginning(
        wiring=connected,
        established=established,
        n_pv=p.groups * p.group.pv_cells,
        weights=0.05 * rng.random(len(cell)) + 0.8 * field * established[cell],
        arbor=arbors(p, middle)[afferent, cell],
        rng=rng,
    )
    values = circuit_inputs(p, beginning)
    run = protocol(p, streams.stimuli)
    values |= {f"gate.{name}": run.array(name) for name in mechanism.gate_names(p)}
    values |= stimuli(p, run)
    for name in task.ASKED:  # acts at the end of a trial, which is the beginning of the next one
        said = run.array(name, (len(task.QUESTIONS),))
        values[name] = np.concatenate([np.zeros_like(said[:1]), said[:-1]])
    values["afferents.place"] = places(p)
    values["pyramidal.silenced"] = (~target).astype(float)
    return values
