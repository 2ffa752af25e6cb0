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
def start() -> Callable[..., Recording]:
    """Simulate only the beginning of a run, by numpy."""

    def begin(build: Callable[[], Model], inputs: dict[str, Any], duration: Quantity) -> Recording:
        arms = {"run": Arm(inputs, seed=1)}
        return simulate(lambda: replace(build(), duration=duration), arms, backend="numpy").recordings["run"]

    return begin
