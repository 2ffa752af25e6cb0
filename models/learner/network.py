"""Build the network of the learner and give it what one run sets."""

from __future__ import annotations

from typing import Any

import brian2
import numpy as np
from brian2.units import mV, volt

from cortex.engine.simulation import Model
from cortex.experiment.streams import Streams
from cortex.mechanisms import gain_cells, group_gain, mechanism, poisson, three_factor
from models.learner.parameters import DT, LearnerParameters
from models.learner.protocol import AT_THE_END, TRIAL, places, protocol, rates
from models.learner.tasks import SITES

SNAPSHOT = 40
"""Trials between two records of the weights."""


def build(p: LearnerParameters) -> Model:
    """Build the network; nothing in it is random."""
    brian2.defaultclock.dt = DT
    trials = protocol(p, np.random.default_rng(0)).slots
    declared = {name: brian2.TimedArray(np.zeros(trials), dt=TRIAL, name=name) for name in mechanism.gate_names(p)}
    declared["injection"] = brian2.TimedArray(np.zeros(trials) * volt, dt=TRIAL, name="injection")
    touch = brian2.TimedArray(np.zeros((trials, p.skin.number)), dt=TRIAL, name="touch")
    afferents = poisson.afferents(
        p.skin.number,
        "count : 1\n" + mechanism.equations(p, "afferents"),
        mechanism.reset(p, "afferents") + "\ncount += 1",
        "new_rate = touch(t, i)*Hz",
        TRIAL,
        {"touch": touch},
    )
    afferents.run_regularly("count = 0", dt=TRIAL, when="before_groups", order=3, name="afferents_reset")
    equations, reset = mechanism.equations(p, "pyramidal"), mechanism.reset(p, "pyramidal")
    cells = gain_cells.gain_cells(p.cells, equations, reset, declared)
    cells.run_regularly(group_gain.ADAPT, dt=TRIAL, when="before_groups", order=3, name="pyramidal_gain")
    readout = three_factor.readout_cell(declared)
    three_factor.learning_readout(cells, readout, TRIAL)
    lateral = group_gain.lateral_synapses(cells)
    lateral.connect(i=np.repeat(np.arange(p.cells), p.cells), j=np.tile(np.arange(p.cells), p.cells))
    afferent = three_factor.afferent_synapses(afferents, cells, TRIAL)
    afferent.connect(i=np.repeat(np.arange(p.skin.number), p.cells), j=np.tile(np.arange(p.cells), p.skin.number))
    output = three_factor.readout_synapses(cells, readout)
    output.connect(i=np.arange(p.cells), j=np.zeros(p.cells, int))
    every, contacts = np.arange(p.cells), np.arange(p.skin.number * p.cells)
    monitors = [
        brian2.SpikeMonitor(cells, name="spikes"),
        brian2.StateMonitor(readout, ("evidence", "bias", "asked", "pattern"), record=[0], dt=TRIAL, name="answers"),
        brian2.StateMonitor(cells, ("count", "gain"), record=every, dt=TRIAL, name="cells"),
        brian2.StateMonitor(afferents, "count", record=np.arange(p.skin.number), dt=TRIAL, name="input"),
        brian2.StateMonitor(afferent, "w", record=contacts, dt=SNAPSHOT * TRIAL, name="weights"),
        brian2.StateMonitor(cells, "readout_weight", record=every, dt=SNAPSHOT * TRIAL, name="readout_weights"),
    ]
    objects = (afferents, cells, readout, lateral, afferent, output)
    inputs = {**mechanism.inputs(objects), **declared, "touch": touch}
    return Model(brian2.Network(*objects, *monitors), inputs, {}, trials * TRIAL, DT)


def run_inputs(p: LearnerParameters, streams: Streams) -> dict[str, Any]:
    """Return everything that one run sets."""
    rng, n = streams.weights, p.cells
    group, first = np.arange(n) // p.group.copies, np.arange(n) % p.group.copies == 0
    independent, cloned = p.group.expansion == "independent", p.group.expansion == "cloned"
    established = first | independent
    source, target = np.repeat(np.arange(n), n), np.tile(np.arange(n), n)
    member = (source == target) if independent else (group[source] == group[target])
    taught = group if p.group.teacher == "target" else (group + 1) % p.group.targets
    values: dict[str, Any] = {}
    for section in mechanism.mechanisms(p):
        values |= section.values()
    values |= {
        "pyramidal.phase": rng.random(n),
        "pyramidal.gain": np.full(n, 1 / p.group.copies if independent else 1.0),
        "pyramidal.established": established.astype(float),
        "pyramidal.novice": (~established & (p.group.expansion == "hebbian")).astype(float),
        "pyramidal.usual_count": np.full(n, 5.0),
        "pyramidal.usual_afferent_count": np.full(n, 100.0),
        "lateral.member": member.astype(float),
        "lateral.leads": (first[source] & (group[source] == group[target])).astype(float),
        "lateral.teaches": (first[source] & (group[source] == taught[target])).astype(float),
        "pyramidal.readout_weight": p.group.readout_weight * (-1.0) ** group,
        "afferent.w": initial_weights(p, rng, established, cloned).ravel(),
    }
    run = protocol(p, streams.stimuli)
    shifted = {name: np.concatenate([[0.0], run.array(name)[:-1]]) for name in AT_THE_END}
    values |= {name: run.array(name) for name in mechanism.gate_names(p)} | shifted
    values["injection"] = values["injection"] * mV
    values["touch"] = rates(p, run.array("patterns", (SITES,)))
    return values


def initial_weights(
    p: LearnerParameters, rng: np.random.Generator, established: np.ndarray, cloned: bool
) -> np.ndarray:
    """Draw the afferent weights, shape (afferent, cell): evenly spaced receptive fields of targets, silent idle
    cells."""
    k, place = p.group.copies, places(p)
    evenly = p.skin.length * (np.arange(p.group.targets) + 1) / (p.group.targets + 1)
    centres = np.repeat(evenly, k)
    scattered = p.skin.length * rng.random(p.cells)
    roughness = 1 + 0.2 * rng.standard_normal((len(place), p.cells))
    if p.group.expansion == "independent":
        centres = scattered
    if cloned:
        roughness = np.repeat(roughness[:, ::k], k, axis=1)
        established = np.ones(p.cells, bool)
    fields = np.exp(-((place[:, None] - centres) ** 2) / (2 * p.group.field_width**2))
    return p.group.weight * fields * roughness * established
