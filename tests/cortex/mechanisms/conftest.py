"""Small groups of cells for the tests of single mechanisms, simulated by numpy."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import brian2
import numpy as np
import pytest
from brian2 import Network, NeuronGroup, TimedArray, ms, second

from cortex.experiment.device import device
from cortex.experiment.parameters import Parameters
from cortex.mechanisms import gates as gates_module

DT = 0.5 * ms


@pytest.fixture(autouse=True)
def _numpy() -> Iterator[None]:
    with device("runtime"):
        brian2.defaultclock.dt = DT
        brian2.seed(0)
        yield


@pytest.fixture
def gates() -> Callable[..., dict[str, TimedArray]]:
    """Gates that stay as they are set; those not named stay closed."""

    def make(**values: float) -> dict[str, TimedArray]:
        made = gates_module.gates(1, 1e6 * second)
        for name, value in values.items():
            made[name].values[:] = value
        return made

    return make


@pytest.fixture
def set_parameters() -> Callable[..., None]:
    """Give a group the values of a section of parameters."""

    def give(group: NeuronGroup, *sections: Parameters) -> None:
        for section in sections:
            for name in type(section).names():
                if name in group.variables:
                    setattr(group, name, section.get(name))

    return give


@pytest.fixture
def clockwork() -> Callable[..., NeuronGroup]:
    """Cells that fire at given times (ms, one list for each cell), with the equations of a mechanism."""

    def make(
        name: str, times: Sequence[Any], equations: str, reset: str = "", gates: dict[str, TimedArray] | None = None
    ) -> NeuronGroup:
        dt = float(brian2.defaultclock.dt / ms)
        steps = [np.rint(np.atleast_1d(cell) / dt).astype(int) for cell in times]
        fires = np.zeros((max(cell.max(initial=0) for cell in steps) + 2, len(times)))
        for i, cell in enumerate(steps):
            fires[cell, i] = 1
        now = TimedArray(fires, dt=brian2.defaultclock.dt, name=f"{name}_fire")
        return NeuronGroup(
            len(times),
            equations,
            threshold=f"{name}_fire(t, i) > 0",
            reset=reset,
            method="exponential_euler",
            namespace={**(gates or {}), f"{name}_fire": now},
            name=name,
        )

    return make


@pytest.fixture
def run() -> Callable[..., None]:
    """Simulate for some ms, or go on with the same objects; all names must be known to the objects."""
    networks: dict[tuple[brian2.BrianObject, ...], Network] = {}

    def simulate(duration: float, *objects: brian2.BrianObject) -> None:
        if objects not in networks:
            networks[objects] = Network(*objects)
        networks[objects].run(duration * ms, namespace={})

    return simulate
