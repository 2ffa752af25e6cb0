"""Gates: what a protocol opens and closes, as functions of time that all equations share.

A gate is a `TimedArray`, so one compiled network serves every protocol of the same length.

=================  ==================================================================
gate               what it opens
=================  ==================================================================
plasticity         afferent synapses learn, recruited cells mature
calibration        set points are learned: use of each cell, expectation of each PV cell
coupling           target cells drive their idle neighbours and their copies
hold               PV cells hold the total through their plastic inhibition; closed only in tests
hold_plasticity    the strength of the hold adapts
released           the part of the hold that is withdrawn
silencing          cells marked as silenced are kept from firing
=================  ==================================================================
"""

import numpy as np
from brian2 import Quantity, TimedArray

GATES = ("plasticity", "calibration", "coupling", "hold", "hold_plasticity", "released", "silencing")


def gates(slots: int, slot: Quantity) -> dict[str, TimedArray]:
    """Declare the gates, closed until a run sets them.

    Parameters
    ----------
    slots : int
        Number of time slots of the protocol.
    slot : Quantity, s
        Duration of one slot.
    """
    return {name: TimedArray(np.zeros(slots), dt=slot, name=f"{name}_gate") for name in GATES}


def released_fraction(release: str, slots: int, residual: float) -> np.ndarray:
    """Give the part of the hold that is withdrawn in each slot after the time of release.

    Parameters
    ----------
    release : "step", "gradual" or "never"
        At once, evenly over the first half of the time, or not at all.
    slots : int
    residual : float
        Fraction of the hold that is left at the end.
    """
    ramp = {"step": np.ones(slots), "gradual": np.clip(np.linspace(0, 2, slots), 0, 1), "never": np.zeros(slots)}
    return (1 - residual) * ramp[release]
