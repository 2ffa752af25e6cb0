"""What the arrays of a circuit refer to: kinds of cells, ends of synapses, gates over time."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cortex.experiment.coordinates import Variable, synapses
from cortex.mechanisms.wiring import Contacts

ENDS = {
    "afferent": ("afferent", "pyramidal"),
    "lateral": ("pyramidal", "pyramidal"),
    "recurrent": ("pyramidal", "pv"),
    "feedforward": ("afferent", "pv"),
    "inhibition": ("pv", "pyramidal"),
}
"""Dimensions of the sources and targets of each projection of a circuit."""


def kinds(established: np.ndarray) -> Variable:
    """Label pyramidal cells as established or idle, from their state at the beginning."""
    names = np.where(np.asarray(established) > 0, "established", "idle")
    meaning = "kind of cell at the beginning: established cells respond, idle cells are nearly silent"
    return Variable(("pyramidal",), names, "1", meaning)


def circuit_labels(contacts: Mapping[str, Contacts], inputs: Mapping[str, Any]) -> dict[str, Variable]:
    """Label the pyramidal cells and all synapses of a circuit.

    Parameters
    ----------
    contacts : mapping of str to Contacts
        By the names of `Wiring`.
    inputs : mapping of str to value
        What the arm sets, by the names of `Circuit.inputs`.
    """
    labels = {"pyramidal_kind": kinds(inputs["pyramidal.established"])}
    for name, cells in ENDS.items():
        source, target = contacts[name]
        labels |= synapses(name, source, target, cells)
    affinity = np.asarray(inputs["lateral.affinity"], np.float32)
    meaning = "share of the drive that the idle target gets through this contact at the beginning"
    return labels | {"lateral_synapse_affinity": Variable(("lateral_synapse",), affinity, "1", meaning)}


def gate_variables(
    inputs: Mapping[str, Any], names: Sequence[str], dimension: str, prefix: str = ""
) -> dict[str, Variable]:
    """Lay out the gates of an arm as one array over slots or trials.

    Parameters
    ----------
    inputs : mapping of str to value
        What the arm sets.
    names : sequence of str
        Of the gates.
    dimension : str
        "slot" or "trial".
    prefix : str
        Stands before each name in the inputs.

    Returns
    -------
    variables : dict of str to Variable
        The label ``gate``, the names, and the input ``gates``, shape (gate, slot).
    """
    opened = np.array([inputs[prefix + name] for name in names], np.float32)
    return {
        "gate": Variable(("gate",), np.array(names), "1", "name of the gate"),
        "gates": Variable(("gate", dimension), opened, "1", "how far the protocol opens each gate"),
    }
