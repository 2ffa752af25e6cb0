"""What a run of a circuit begins with: which cells touch which, and the state of cells and synapses."""

from dataclasses import dataclass

import numpy as np

Contacts = np.ndarray
"""Of a projection, shape (2, contact), int: sources and targets."""


@dataclass(frozen=True)
class Wiring:
    """Which cells touch which, by the names of the synapses.

    Attributes
    ----------
    afferent : afferents to pyramidal cells
    lateral : pyramidal to pyramidal cells
    recurrent : pyramidal to PV cells
    feedforward : afferents to PV cells
    inhibition : PV to pyramidal cells
    """

    afferent: Contacts
    lateral: Contacts
    recurrent: Contacts
    feedforward: Contacts
    inhibition: Contacts


@dataclass(frozen=True)
class Beginning:
    """What a run of a circuit begins with.

    Attributes
    ----------
    wiring : Wiring
    established : bool array, shape (pyramidal,)
        Cells that respond from the start; the others are idle.
    n_pv : int
        Number of PV cells.
    weights, arbor : array, shape (afferent synapse,)
        Initial weight and density of contacts, in the order of `Wiring.afferent`.
    rng : Generator
        Draws whatever else a mechanism begins with.
    """

    wiring: Wiring
    established: np.ndarray
    n_pv: int
    weights: np.ndarray
    arbor: np.ndarray
    rng: np.random.Generator
