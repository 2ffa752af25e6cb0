"""Gates: what a protocol opens and closes, as functions of time that all equations share.

A gate is a `TimedArray`, so one compiled network serves every protocol of the same length. Each mechanism names the
gates of its equations, in `GATES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

import brian2
import numpy as np
from brian2.units import Quantity

from cortex.experiment.registry import Registry

Release: TypeAlias = Callable[[int], np.ndarray]
"""From the number of slots after the time of release, how far it has come in each, 0 to 1."""

RELEASES: Registry[Release] = Registry(
    "way of release",
    {
        "step": np.ones,
        "gradual": lambda slots: np.clip(np.linspace(0, 2, slots), 0, 1),
        "never": np.zeros,
    },
)
"""Ways of release: at once, evenly over the first half of the time, or not at all. A user's own file adds one by
``RELEASES.register("mine", function)``."""

LEARNING: dict[str, float | np.ndarray] = {"plasticity": 1.0, "coupling": 1.0, "hold_plasticity": 1.0}
"""Gates while idle cells copy, and while the group learns under the hold."""


def gates(names: Iterable[str], slots: int, slot: Quantity) -> dict[str, brian2.TimedArray]:
    """Make gates, closed until a run sets them.

    Parameters
    ----------
    names : iterable of str
        As from `cortex.mechanisms.mechanism.gate_names`.
    slots : int
        Number of time slots of the protocol.
    slot : Quantity, s
        Duration of one slot.
    """
    return {name: brian2.TimedArray(np.zeros(slots), dt=slot, name=f"{name}_gate") for name in names}


def after_release(way: str, slots: int, residual: float) -> dict[str, float | np.ndarray]:
    """Return the gates of learning from the time of release on.

    Hold and coupling are withdrawn together, the coupling wholly; the strength of the hold adapts only while nothing
    is withdrawn.

    Parameters
    ----------
    way : str
        One of `RELEASES`.
    slots : int
        Number of slots after the time of release.
    residual : float
        Fraction of the hold that is left at the end.

    Returns
    -------
    gates : dict of str to float or array, shape (slot,)
    """
    ramp = RELEASES[way](slots)
    kept = float(not ramp.any())
    return LEARNING | {"coupling": 1 - ramp, "hold_plasticity": kept, "released": (1 - residual) * ramp}
