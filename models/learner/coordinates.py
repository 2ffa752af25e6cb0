"""What the recorded arrays of the learner refer to."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cortex.experiment.coordinates import Coordinates, Variable, synapses, times
from cortex.mechanisms.coordinates import gate_variables, kinds
from cortex.mechanisms.mechanism import gate_names
from models.learner.parameters import LearnerParameters
from models.learner.protocol import TRIAL, places
from models.learner.tasks import SITES

ELEMENTS = {
    "spikes": "pyramidal",
    "answers": "readout",
    "cells": "pyramidal",
    "input": "afferent",
    "weights": "afferent_synapse",
    "readout_weights": "pyramidal",
}
"""For each monitor the dimension of what it records from."""

MEANINGS = {
    "answers.evidence": "input of the readout, summed over the trial that ends",
    "answers.bias": "bias of the readout",
    "answers.asked": "answer asked for, -1 or 1",
    "answers.pattern": "sites pressed, the sum of 2**site",
    "cells.count": "spikes of each cell in the trial that ends",
    "cells.gain": "gain by which the hold scales each cell's group",
    "input.count": "spikes of each afferent in the trial that ends",
    "weights.w": "weight of each afferent synapse",
    "readout_weights.readout_weight": "weight of each cell in the readout",
}


LATERAL = {
    "member": "whether both cells are of one group, whose total is held",
    "leads": "whether the target of the projection takes over the noise of its source",
    "teaches": "whether the target of the projection copies its source",
}
"""What each lateral connection is for."""


def coordinates(p: LearnerParameters, inputs: Mapping[str, Any]) -> Coordinates:
    """Label cells, synapses and trials of an arm.

    Parameters
    ----------
    p : LearnerParameters
        Of the run; an arm may differ from them in what it sets.
    inputs : mapping of str to value
        What the arm sets.
    """
    n, trials = p.cells, len(inputs["touch"])
    every = np.arange(n)
    members = np.asarray(inputs["lateral.member"]).reshape(n, n)  # independent cells are groups of their own
    group = np.unique(members.argmax(axis=0), return_inverse=True)[1].astype(np.int32)
    source, target = np.repeat(every, n), np.tile(every, n)
    afferents = np.repeat(np.arange(p.skin.number), n), np.tile(every, p.skin.number)
    gates = gate_variables(inputs, [name for name in gate_names(p) if name != "injection"], "trial")
    # The gates of the answer act at the end of a trial, which is the beginning of the next one
    answer, shown = (np.append(inputs[name][1:], 0).astype(np.int8) for name in ("answer", "shown"))
    pressed = (shown[:, None] >> np.arange(SITES)) & 1 > 0
    sites = p.skin.length * (np.arange(SITES) + 0.5) / SITES
    labels = {
        "pyramidal_kind": kinds(inputs["pyramidal.established"]),
        "pyramidal_group": Variable(("pyramidal",), group, "1", "group of the cell"),
        "afferent_place": Variable(("afferent",), places(p), "mm", "distance along the fingertip from its tip"),
        "site_place": Variable(("site",), sites, "mm", "distance of the pressed site from the tip"),
        **synapses("afferent", *afferents, ("afferent", "pyramidal")),
        **synapses("lateral", source, target, ("pyramidal", "pyramidal")),
        **{
            f"lateral_synapse_{name}": Variable(("lateral_synapse",), inputs[f"lateral.{name}"] > 0, "1", meaning)
            for name, meaning in LATERAL.items()
        },
        **synapses("output", every, np.zeros(n), ("pyramidal", "readout")),
        **times("trial", trials, float(TRIAL)),
        "gate": gates.pop("gate"),
    }
    stimuli = {
        "stimulus_pressed": Variable(("trial", "site"), pressed, "1", "whether the site is pressed"),
        "stimulus_answer": Variable(("trial",), answer, "1", "answer asked for, -1 or 1; 0 if none is"),
        "stimulus_injection": Variable(
            ("trial",), np.asarray(inputs["injection"], np.float32), "V", "depolarization by the injected current"
        ),
    }
    return Coordinates(labels, gates | stimuli, ELEMENTS, MEANINGS)
