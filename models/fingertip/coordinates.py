"""What the recorded arrays of the fingertip refer to."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cortex.experiment.coordinates import Coordinates, Variable, synapses, times
from cortex.mechanisms.coordinates import circuit_labels, gate_variables
from cortex.mechanisms.mechanism import gate_names
from cortex.mechanisms.task import QUESTIONS, UNITS
from models.fingertip.anatomy import centres, places, wiring
from models.fingertip.parameters import FingertipParameters
from models.fingertip.protocol import CONTACTS, SLOT, TRIAL

ELEMENTS = {
    "spikes": "pyramidal",
    "answers": "unit",
    "weights": "afferent_synapse",
    "outputs": "output_synapse",
    "hold": "pv",
    "cells": "pyramidal",
}
"""For each monitor the dimension of what it records from."""

MEANINGS = {
    "answers.evidence": "weighted spikes that a unit hears, summed over the trial that ends",
    "answers.bias": "bias of the unit against its rival",
    "weights.w": "weight of each afferent synapse",
    "outputs.weight": "weight of each cell onto each unit",
    "hold.strength": "conductance by which each PV cell holds the total",
    "hold.expectation": "pyramidal spikes that each PV cell expects for an afferent spike",
    "cells.maturity": "maturity of each cell: 1 if established, rising from 0 if idle",
}


def coordinates(p: FingertipParameters, inputs: Mapping[str, Any]) -> Coordinates:
    """Label cells, synapses, units, trials and touches of an arm.

    Parameters
    ----------
    p : FingertipParameters
        Of the run; an arm may differ from them in what it sets.
    inputs : mapping of str to value
        What the arm sets.
    """
    gates = gate_variables(inputs, gate_names(p), "trial", "gate.")
    group, unit = np.arange(p.cells) // p.group.copies, np.arange(UNITS)
    names = np.array([f"{question} {answer}" for question in QUESTIONS for answer in ("yes", "no")])
    outputs = np.repeat(np.arange(p.cells), UNITS), np.tile(unit, p.cells)
    labels = {
        "pyramidal_group": Variable(("pyramidal",), group.astype(np.int32), "1", "group of the cell"),
        "pyramidal_centre": Variable(("pyramidal",), centres(p), "mm", "middle of the arbor of the cell's group"),
        "afferent_place": Variable(("afferent",), places(p), "mm", "distance along the skin from the tip"),
        "unit": Variable(("unit",), names, "1", "question and answer of the unit"),
        "question": Variable(("question",), np.array(QUESTIONS), "1", "name of the question"),
        **circuit_labels(vars(wiring(p)), inputs),
        **synapses("output", *outputs, ("pyramidal", "unit")),
        **times("trial", len(inputs["answer"]), float(TRIAL)),
        **times("slot", len(inputs["depth_0"]), float(SLOT)),
        "gate": gates.pop("gate"),
    }
    depth, place = (
        np.stack([np.asarray(inputs[f"{what}_{contact}"], np.float32) for contact in range(CONTACTS)])
        for what in ("depth", "place")
    )
    # what is said of a trial acts at its end, which is the beginning of the next one
    answer = np.concatenate([inputs["answer"][1:], np.zeros((1, len(QUESTIONS)))]).astype(np.int8)
    stimuli = {
        "stimulus_depth": Variable(("contact", "slot"), depth, "1", "how deep each contact presses, 0 for no touch"),
        "stimulus_place": Variable(("contact", "trial"), place, "mm", "where each contact presses"),
        "stimulus_answer": Variable(("trial", "question"), answer, "1", "answer asked for, -1 or 1; 0 if none is"),
    }
    return Coordinates(labels, gates | stimuli, ELEMENTS, MEANINGS)
