"""The same cells as leaky integrate-and-fire cells: their parts are cells of one network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import brian2
import numpy as np
from brian2.units import Quantity, ms, volt

from cortex.analysis.ratios import quotient
from cortex.engine.simulation import Arm, Model, Recipe, simulate
from cortex.mechanisms.mechanism import constants, inputs, values
from models.division.parameters import Spiking
from models.division.splits import Floats

STEP = 0.05 * ms
"""Time step of the spiking cells."""

SPLITS = ("incoming, halves", "outgoing, halves", "input and threshold halved")
"""Ways to split that are shown under a steady drive."""

EQUATIONS = """
dv/dt = (drive - v)/time_constant : volt (unless refractory)
drive : volt (constant)
firing_threshold : volt (constant)
"""


class Fired(NamedTuple):
    """What cells fired: the rates of those with given sums and of those that are shown, and the spikes of these."""

    rates: Floats
    """Hz, shape as the sums."""
    shown: Floats
    """Hz, shape (drive, split + 1, part)."""
    cells: np.ndarray
    """Number of the cell that is shown, for each spike."""
    times: Floats
    """s, for each spike."""


def build(number: int, duration: Quantity) -> Model:
    """Build a network of cells that are not connected."""
    brian2.defaultclock.dt = STEP
    cells = brian2.NeuronGroup(
        number,
        EQUATIONS + constants(Spiking),
        threshold="v > firing_threshold",
        reset="v = 0*volt",
        refractory="refractory_period",
        method="exact",
        namespace={},
        name="cells",
    )
    spikes = brian2.SpikeMonitor(cells, name="spikes")
    return Model(brian2.Network(cells, spikes), inputs([cells]), {}, duration, STEP)


def shown(p: Spiking) -> tuple[Floats, Floats, Floats]:
    """Split a cell in the ways of `SPLITS` under its weak and its strong drive.

    Returns
    -------
    drives, thresholds : array, V, shape (drive, split + 1, part)
        First of the whole cell, which is its own first part, and whose second has no drive.
    outgoing : array, (split + 1,)
        Output weight of both parts.
    """
    drive = np.array([float(p.weak), float(p.strong)])[:, None, None]
    part = np.array([[1, 0], [0.5, 0.5], [1, 1], [0.5, 0.5]])
    threshold = np.array([1, 1, 1, 0.5])[:, None] * float(p.firing_threshold)
    return drive * part, np.broadcast_to(threshold, (2, *part.shape)), np.array([1, 1, 0.5, 0.5])


def rate(p: Spiking, drive: float, threshold: float) -> float:
    """Return the rate of a cell under a steady drive in closed form, Hz; both in V."""
    if drive <= threshold:
        return 0.0
    return 1 / (float(p.refractory_period) + float(p.time_constant) * np.log(drive / (drive - threshold)))


def fire(p: Spiking, sums: Floats, seed: int) -> Fired:
    """Let cells with some weighted sums fire, and beside them those that are shown."""
    drives, thresholds, _ = shown(p)
    threshold = np.full(sums.size, float(p.firing_threshold))
    arm = {
        "cells.drive": np.concatenate([sums.ravel() * float(p.gain), drives.ravel()]) * volt,
        "cells.firing_threshold": np.concatenate([threshold, thresholds.ravel()]) * volt,
        **values(p, "cells"),
    }
    recipe = Recipe(build, (sums.size + drives.size, p.duration))
    run = simulate(recipe, {"cells": Arm(arm, seed)}).recordings["cells"]
    rates, own = run["spikes.count"] / float(p.duration), run["spikes.i"] >= sums.size
    return Fired(
        rates[: sums.size].reshape(sums.shape),
        rates[sums.size :].reshape(drives.shape),
        run["spikes.i"][own] - sums.size,
        run["spikes.t"][own],
    )


def in_common(spikes: Mapping[str, np.ndarray]) -> float:
    """Return the share of the whole cell's spikes, under both drives, that both of its copies fire too."""
    shape = spikes["rate"].shape
    times = {
        place: set(spikes["time"][spikes["cell"] == cell].tolist()) for cell, place in enumerate(np.ndindex(shape))
    }
    way = 1 + SPLITS.index("outgoing, halves")
    both = sum(len(times[drive, 0, 0] & times[drive, way, 0] & times[drive, way, 1]) for drive in range(shape[0]))
    return quotient(both, sum(len(times[drive, 0, 0]) for drive in range(shape[0])))
