"""A run without a network: its numbers come from one function, called in this process."""

import random
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from brian2.units.fundamentalunits import DIMENSIONLESS, Quantity, get_unit
from threadpoolctl import threadpool_limits

from cortex.engine.recording import Recording
from cortex.engine.simulation import Simulation
from cortex.errors import UsageError
from cortex.experiment import units
from cortex.experiment.coordinates import Coordinates, Variable
from cortex.experiment.streams import Streams

if TYPE_CHECKING:
    from cortex.engine.progress import Progress
    from cortex.engine.simulation import Backend
    from cortex.experiment.identity import Run
    from cortex.experiment.scenario import Scenario

NUMBERS = "biufU"
"""Kinds of arrays that are kept: truth values, numbers and texts."""

NAMED = 'an array has a name, and a name for each axis: {"rate": Variable(("trial", "cell"), rates, "Hz", "meaning")}'


def check(scenario: "Scenario", backend: "Backend") -> None:
    """Raise UsageError if a scenario is calculated, and a backend is asked for."""
    if scenario.calculate and backend != "auto":
        raise UsageError(
            f"{scenario.name} is calculated, without a network: no backend simulates it", hint="leave out --backend"
        )


def carry_out(run: "Run", progress: "Progress") -> tuple[Simulation, dict[str, Coordinates]]:
    """Calculate a run; return its numbers as if they had been recorded, and what their axes are.

    Raises
    ------
    UsageError
        If `calculate` returns something else than named arrays of numbers for each arm, or the names of their axes do
        not fit.
    """
    scenario = run.scenario
    assert scenario.calculate
    task, start = progress.task("calculate"), time.perf_counter()
    streams = Streams(run.seed, run.replicate)
    with threadpool_limits(1), _seeded(streams.network_seed):  # the same numbers on any number of cores
        returned = scenario.calculate(run.parameters, streams)
    seconds = time.perf_counter() - start
    task.finish()
    recordings, coordinates = {}, {}
    for arm, arrays in scenario.checked_arms("calculate", returned, Mapping).items():
        variables = {name: _variable(scenario.name, name, value) for name, value in arrays.items()}
        try:
            Coordinates(variables)
        except ValueError as error:
            raise UsageError(f"calculate of {scenario.name}, arm {arm}: {error}", hint=NAMED) from None
        values = {name: np.asarray(variable.values) for name, variable in variables.items()}
        recordings[arm] = Recording(values, {name: known.unit for name, known in variables.items()}, 0.0, seconds)
        coordinates[arm] = Coordinates(
            meanings={name: known.meaning for name, known in variables.items()},
            dimensions={name: known.dimensions for name, known in variables.items()},
        )
    return Simulation(recordings, {"build": 0.0, "simulate": seconds}, 0.0, "", ""), coordinates


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Have a seed determine the global random numbers, which libraries draw from, and leave them as they were."""
    kept, numpy_kept = random.getstate(), np.random.get_state()  # noqa: NPY002
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(kept)
        np.random.set_state(numpy_kept)  # noqa: NPY002


def _variable(scenario: str, name: str, value: Any) -> Variable:
    """Return an array with its unit and axes, which have no names of their own where none are given."""

    def problem(what: str, hint: str) -> UsageError:
        return UsageError(f"calculate of {scenario} returns {name!r}, {what}", hint=hint)

    if not isinstance(name, str):
        raise problem("a name that is no text", NAMED)
    if type(value) in (list, tuple) and any(isinstance(item, Quantity) for item in value):
        value = Quantity(value)
    dimension = getattr(value, "dim", DIMENSIONLESS)
    given = value if isinstance(value, Variable) else Variable((), value, "1", name)
    if isinstance(given.values, np.ma.MaskedArray):
        raise problem("a masked array", "say what the masked numbers are, such as .filled(np.nan)")
    try:
        array = np.asarray(given.values)
    except ValueError:  # rows of several lengths
        array = np.array(None)
    if array.dtype.kind not in NUMBERS:
        raise problem("which is no array of numbers", "all of its rows have the same length, and no number is complex")
    if not isinstance(value, Variable):
        unit = "1" if dimension is DIMENSIONLESS else str(get_unit(dimension))
        return Variable(tuple(f"{name}_{axis}" for axis in range(array.ndim)), value, unit, name)
    axes = value.dimensions
    if not isinstance(axes, tuple | list) or not all(isinstance(axis, str) for axis in axes):
        raise problem(f"whose axes are called {axes!r}", NAMED)
    if len(set(axes)) < len(axes):
        raise problem(f"with two axes of one name, {', '.join(axes)}", NAMED)
    if value.unit != "1" and not units.is_quantity(f"1 {value.unit}"):
        raise problem(
            f"whose unit {value.unit!r} is none", 'write it as parameters have it, such as "mV"; "1" for none'
        )
    if isinstance(value.values, Quantity):
        unit = Quantity(1.0) if value.unit == "1" else units.parse(f"1 {value.unit}")
        if unit.dim is not value.values.dim:
            raise problem(f"whose values have another unit than {value.unit!r}", "give the unit of the values")
        array = array / float(unit)
    return value._replace(dimensions=tuple(axes), values=array)
