"""What the recorded arrays of the pair refer to."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cortex.experiment.coordinates import Coordinates, Variable, times
from cortex.mechanisms.coordinates import circuit_labels, gate_variables
from cortex.mechanisms.mechanism import gate_names
from models.pair.network import places, wiring
from models.pair.parameters import PairParameters
from models.pair.protocol import PAUSE_SLOTS, PROBE_SLOTS, SLOT, layout

ELEMENTS = {
    "spikes": "pyramidal",
    "pv_spikes": "pv",
    "weights": "afferent_synapse",
    "cells": "pyramidal",
    "hold": "pv",
}
"""For each monitor the dimension of what it records from; the finger area has the same."""

MEANINGS = {
    "weights.w": "weight of each afferent synapse, in units of one full afferent",
    "cells.maturity": "maturity of each cell: 1 if established, rising from 0 if idle",
    "hold.strength": "conductance by which each PV cell holds the total",
}


def coordinates(p: PairParameters, inputs: Mapping[str, Any]) -> Coordinates:
    """Label cells, synapses, slots and probes of an arm.

    Parameters
    ----------
    p : PairParameters
    inputs : mapping of str to value
        What the arm sets.
    """
    gates = gate_variables(inputs, gate_names(p), "slot", "gate.")
    silenced = np.asarray(inputs["pyramidal.silenced"]) > 0
    labels = {
        "pyramidal_silenced": Variable(("pyramidal",), silenced, "1", "whether the cell is silenced in phase silence"),
        "afferent_place": Variable(("afferent",), places(p), "mm", "distance along the skin from the middle"),
        **circuit_labels(vars(wiring(p)), inputs),
        **times("slot", len(inputs["centre"]), float(SLOT)),
        **probes(p, inputs),
        "gate": gates.pop("gate"),
    }
    centre, pressure = (np.asarray(inputs[name], np.float32) for name in ("centre", "pressure"))
    stimuli = {
        "stimulus_centre": Variable(("slot",), centre, "mm", "place of the bump of pressure on the skin"),
        "stimulus_pressure": Variable(("slot",), pressure, "1", "height of the bump, 0 for no touch"),
    }
    return Coordinates(labels, gates | stimuli, ELEMENTS, MEANINGS)


def probes(p: PairParameters, inputs: Mapping[str, Any]) -> dict[str, Variable]:
    """Label each presentation of a probe with its phase, times and place."""
    slot, length = float(SLOT), PROBE_SLOTS + PAUSE_SLOTS
    phases = [phase for phase in layout(p).phases() if phase.name.startswith("probe ")]
    numbers = [round(float(phase.duration) / slot) // length for phase in phases]
    firsts = [round(float(phase.start) / slot) for phase in phases]
    first = np.concatenate([at + length * np.arange(n) for at, n in zip(firsts, numbers, strict=True)])
    name = np.repeat([phase.name for phase in phases], numbers)
    stop = (first + PROBE_SLOTS) * slot
    return {
        "probe_phase": Variable(("probe",), name, "1", "phase in which the probe is presented"),
        "probe_start": Variable(("probe",), first * slot, "s", "beginning of the presentation"),
        "probe_stop": Variable(("probe",), stop, "s", "end of the presentation; a pause follows"),
        "probe_place": Variable(
            ("probe",), np.asarray(inputs["centre"])[first], "mm", "place of the probe on the skin"
        ),
    }
