"""A Brian2 of its own for each test that builds a model without simulating it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from brian2 import Quantity

from cortex.engine.device import device
from cortex.engine.simulation import Arm, Model, Recording, simulate


@pytest.fixture(autouse=True)
def _numpy() -> Iterator[None]:
    with device("runtime"):
        yield


@pytest.fixture
def unset() -> Callable[[Model, dict[str, Any]], set[str]]:
    """Name the constants of a model that the values of a run leave out, and the values that are none of its inputs."""

    def compare(model: Model, values: dict[str, Any]) -> set[str]:
        variables = {name: getattr(view, "variable", None) for name, view in model.inputs.items()}
        constants = {name for name, variable in variables.items() if getattr(variable, "constant", False)}
        delays = {name for name in constants if name.endswith(".delay")}  # 0 where none is set
        return (constants - delays - set(values)) | (set(values) - set(model.inputs))

    return compare


@pytest.fixture
def start() -> Callable[..., Recording]:
    """Simulate only the beginning of a run, by numpy."""

    def begin(build: Callable[[], Model], inputs: dict[str, Any], duration: Quantity) -> Recording:
        arms = {"run": Arm(inputs, seed=1)}
        return simulate(lambda: replace(build(), duration=duration), arms, backend="numpy").recordings["run"]

    return begin
