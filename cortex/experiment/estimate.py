"""What a run will cost, from the size of its network: good to a factor of about three."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cortex.engine.simulation import Model
from cortex.experiment.identity import Run
from cortex.experiment.streams import Streams
from cortex.report.text import count
from cortex.report.text import duration as duration_text

RATE = 10.0
"""Spikes per second and cell, assumed."""


class Cost(NamedTuple):
    """Seconds for one step of an object, one step of an element of it, one spike at a synapse, and building."""

    step: float
    element: float
    event: float
    build: float


COSTS = {"cpp": Cost(3e-8, 3e-9, 4e-9, 5.0), "numpy": Cost(8e-6, 1e-8, 5e-8, 2.0)}
MEASURING, DRAWING = 1.0, 2.0
"""Time to measure a run and to draw its figures, s: 1 to 10 s together for the shipped scenarios."""

UNKNOWN = "not known before a run is done"
"""What a run of a scenario costs that has no network, by whose size it is told."""

PYTHON_BYTES = 250e6
SYNAPSE_BYTES = 100
SPIKE_BYTES = 12
COMPRESSED = 0.5
"""Share of its size that a recording takes on the disk."""


@dataclass(frozen=True)
class Estimate:
    """Time and memory of one run of one arm.

    Attributes
    ----------
    build, simulate : float, s
    memory, disk : float, bytes
    """

    build: float
    simulate: float
    memory: float
    disk: float


def estimate(model: Model, backend: str) -> Estimate:
    """Estimate what one arm of a model costs with a backend, "cpp" or "numpy"."""
    from brian2 import SpikeMonitor, StateMonitor, Synapses
    from brian2.synapses.synapses import SynapticPathway

    cost, duration = COSTS[backend], float(model.duration)
    steps = duration / float(model.dt)
    seconds, memory, disk = 0.0, 0.0, 0.0
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
            disk += 8 * samples
        elif isinstance(part, SpikeMonitor):
            disk += len(part.source) * RATE * duration * SPIKE_BYTES
        else:
            seconds += steps * (cost.step + size * cost.element)
    return Estimate(cost.build, seconds, memory + disk, COMPRESSED * disk)


def plan(first: Run, seeds: int, backend: str, jobs: int) -> list[tuple[str, str]]:
    """Return how much there is to run, and what it costs.

    Parameters
    ----------
    first : Run
    seeds : int
        How many replicates of it there are.
    backend : {"cpp", "numpy"}
        How they would be simulated.
    jobs : int
        Simulations at a time.

    Returns
    -------
    list of tuple of str
        What, and how much of it.
    """
    if first.scenario.calculate:
        return [("runs", f"{seeds}, calculated without a network"), ("time", UNKNOWN)]
    arms = first.scenario.arms(first.parameters, Streams(first.seed, first.replicate))
    model = _model(first)
    one, duration = estimate(model, backend), float(model.duration)
    at_a_time = min(jobs, len(arms)) if backend == "cpp" else 1
    simulating = one.build + math.ceil(len(arms) / at_a_time) * one.simulate
    seconds = seeds * (simulating + MEASURING + DRAWING)
    memory = PYTHON_BYTES + one.memory * len(arms)
    return [
        ("runs", f"{seeds}, each of {count(len(arms), 'simulation')}: {', '.join(arms)}"),
        ("biological time", f"{duration * len(arms) * seeds:g} s ({duration:g} s for each simulation)"),
        ("time", f"about {duration_text(seconds)} with {backend}, {at_a_time} at a time"),
        ("memory", f"about {memory / 1e9:.1f} GB"),
    ]


def whole_run(run: Run, backend: str) -> Estimate:
    """Estimate what a run costs if its arms are simulated one after the other."""
    arms = len(run.scenario.arms(run.parameters, Streams(run.seed, run.replicate)))
    one = estimate(_model(run), backend)
    return Estimate(one.build, arms * one.simulate, PYTHON_BYTES + arms * one.memory, arms * one.disk)


def _model(run: Run) -> Model:
    from brian2 import BrianLogger, prefs

    prefs.codegen.target = "numpy"  # nothing is compiled for an estimate
    BrianLogger.suppress_name("unused_brian_object")  # nor simulated
    return run.scenario.build(run.parameters)
