"""What a run will cost, from the size of its network: good to a factor of about three."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from brian2 import BrianLogger, SpikeMonitor, StateMonitor, Synapses, prefs
from brian2.synapses.synapses import SynapticPathway

from cortex.experiment.engine import Model
from cortex.experiment.run import Run
from cortex.experiment.streams import Streams

RATE = 10.0
"""Spikes per second and cell, assumed."""


class Cost(NamedTuple):
    """Seconds for one step of an object, one step of an element of it, one spike at a synapse, and building."""

    step: float
    element: float
    event: float
    build: float


COSTS = {"cpp": Cost(3e-8, 3e-9, 1e-8, 12.0), "numpy": Cost(8e-6, 1e-8, 5e-8, 2.0)}
PYTHON_BYTES = 250e6
SYNAPSE_BYTES = 100
SPIKE_BYTES = 12


@dataclass(frozen=True)
class Estimate:
    """Time and memory of one run of one arm.

    Attributes
    ----------
    build, simulate : float, s
    memory : float, bytes
    """

    build: float
    simulate: float
    memory: float


def estimate(model: Model, backend: str) -> Estimate:
    """Estimate what one arm of a model costs with a backend, "cpp" or "numpy"."""
    cost, duration = COSTS[backend], float(model.duration)
    steps = duration / float(model.dt)
    seconds, memory = 0.0, 0.0
    for part in model.network.sorted_objects:
        size = int(np.max(part.variables["N"].get_value())) if "N" in getattr(part, "variables", {}) else 0
        if isinstance(part, Synapses):
            seconds += steps * cost.step + size * RATE * duration * cost.event
            memory += size * SYNAPSE_BYTES
        elif isinstance(part, SynapticPathway):
            seconds += steps * cost.step
        elif isinstance(part, StateMonitor):
            samples = duration / float(part.clock.dt) * part.n_indices * len(part.record_variables)
            seconds += samples * cost.element
            memory += 8 * samples
        elif isinstance(part, SpikeMonitor):
            memory += len(part.source) * RATE * duration * SPIKE_BYTES
        else:
            seconds += steps * (cost.step + size * cost.element)
    return Estimate(cost.build, seconds, memory)


def plan(runs: Sequence[Run], backend: str, jobs: int) -> list[tuple[str, str]]:
    """Tell how much there is to run, and what it costs.

    Parameters
    ----------
    runs : sequence of Run
        Replicates of one run.
    backend : {"cpp", "numpy"}
        How they would be simulated.
    jobs : int
        Simulations at a time.

    Returns
    -------
    list of tuple of str
        What, and how much of it.
    """
    prefs.codegen.target = "numpy"  # nothing is compiled for an estimate
    BrianLogger.suppress_name("unused_brian_object")  # nor simulated
    first = runs[0]
    model = first.scenario.build(first.parameters)
    arms = first.scenario.arms(first.parameters, Streams(first.seed, first.replicate))
    one, duration = estimate(model, backend), float(model.duration)
    at_a_time = min(jobs, len(arms)) if backend == "cpp" else 1
    seconds = len(runs) * (one.build + math.ceil(len(arms) / at_a_time) * one.simulate)
    memory = PYTHON_BYTES + one.memory * len(arms)
    return [
        ("runs", f"{len(runs)}, each of {len(arms)} simulations: {', '.join(arms)}"),
        ("biological time", f"{duration * len(arms) * len(runs):g} s ({duration:g} s for each simulation)"),
        ("time", f"about {_duration(seconds)} with {backend}, {at_a_time} at a time"),
        ("memory", f"about {memory / 1e9:.1f} GB"),
    ]


def _duration(seconds: float) -> str:
    return (
        f"{seconds:.0f} s"
        if seconds < 120
        else f"{seconds / 60:.0f} min"
        if seconds < 7200
        else f"{seconds / 3600:.0f} h"
    )
