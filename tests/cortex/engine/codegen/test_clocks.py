"""Clocks of different steps meet whenever their step counts say so, for as long as a simulation lasts."""

import itertools

import numpy as np
import pytest
from brian2 import Network, NeuronGroup, StateMonitor, ms, second

from cortex.engine import Arm, Model, Recipe, compiler, simulate

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

STEPS = (0.05, 0.1, 0.5, 1, 2, 10, 100, 5000)
"""ms; each divides all that follow it."""


def counters(steps, duration):
    """Return counters of steps; each slower clock counts how often a faster one has not made the steps it must have."""
    pairs = list(itertools.combinations(range(len(steps)), 2))
    variables = [f"count_{k}" for k in range(len(steps))] + [f"wrong_{fast}_{slow}" for fast, slow in pairs]
    group = NeuronGroup(1, "\n".join(f"{name} : 1" for name in variables), name="counters", namespace={})
    for k, step in enumerate(steps):
        group.run_regularly(f"count_{k} += 1", dt=step * ms, when="start", name=f"clock_{k}")
    for slow, step in enumerate(steps[1:], start=1):
        ratios = {fast: round(step / steps[fast]) for fast in range(slow)}
        before = [f"wrong_{k}_{slow} += int(count_{k} != count_{slow}*{ratio})" for k, ratio in ratios.items()]
        after = [f"wrong_{k}_{slow} += int(count_{k} - 1 != (count_{slow} - 1)*{ratio})" for k, ratio in ratios.items()]
        group.run_regularly("\n".join(before), dt=step * ms, when="start", order=-1, name=f"before_{slow}")
        group.run_regularly("\n".join(after), dt=step * ms, when="start", order=1, name=f"after_{slow}")
    outputs = {name: getattr(group, name) for name in variables}
    return Model(Network(group, name="network"), {}, outputs, duration * second, steps[0] * ms)


@needs_compiler
@pytest.mark.parametrize(
    ("steps", "duration"),
    [(STEPS[3:], 200), ((0.1, 100), 120), pytest.param(STEPS, 10_000, marks=pytest.mark.slow)],
)
def test_every_pair_of_clocks_meets_at_each_step_of_the_slower_one(steps, duration, tmp_path):
    simulation = simulate(Recipe(counters, (steps, duration)), {"a": Arm({}, 1)}, cache=tmp_path)
    counts = {name: float(value[0]) for name, value in simulation.recordings["a"].items()}
    made = [counts.pop(f"count_{k}") for k in range(len(steps))]
    assert made == [round(duration * 1000 / step) for step in steps]
    assert set(counts.values()) == {0}


def sampled():
    """Return a counter of steps of 1 ms that is recorded each 100 ms."""
    group = NeuronGroup(1, "count : 1", name="counter", namespace={})
    group.run_regularly("count += 1", when="start", name="clock")
    monitor = StateMonitor(group, "count", record=[0], dt=100 * ms, when="start", order=-1, name="monitor")
    return Model(Network(group, monitor, name="network"), {}, {}, 70 * second, 1 * ms)


@pytest.mark.parametrize("backend", [*(pytest.param(name, marks=needs_compiler) for name in ("cpp", "plain")), "numpy"])
def test_a_slow_monitor_records_the_step_it_stands_at(backend, tmp_path):
    recording = simulate(sampled, {"a": Arm({}, 1)}, backend=backend, cache=tmp_path).recordings["a"]
    assert (recording["monitor.count"][:, 0] == np.arange(700) * 100).all()
