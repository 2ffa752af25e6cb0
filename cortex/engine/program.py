"""A compiled simulation: its inputs, and how its results are read. Nothing here needs Brian2."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from cortex.engine.recording import Recording, check_whole


@dataclass(frozen=True)
class Input:
    """A variable that an arm may set.

    Attributes
    ----------
    argument : str
        Its name on the command line of the program; empty for a function of time that no equation reads.
    dtype : str
    dimension : tuple of float
        Exponents of the seven SI base units.
    shape : tuple of int, optional
        None if it is unknown until the program has created its synapses.
    """

    argument: str
    dtype: str
    dimension: tuple[float, ...]
    shape: tuple[int, ...] | None


@dataclass(frozen=True)
class Array:
    """An array that the program writes.

    Attributes
    ----------
    file : str
        Its name in the folder of results.
    dtype, unit : str
    columns : int, optional
        Length of the second axis; None if the array has one axis.
    single : bool
        Whether the array is a single number.
    """

    file: str
    dtype: str
    unit: str
    columns: int | None = None
    single: bool = False

    def read(self, results: Path) -> np.ndarray:
        """Return the array, read from the folder of results."""
        values = np.fromfile(results / self.file, self.dtype)
        if self.single:
            return values.reshape(())
        return values if self.columns is None else values.reshape(-1, self.columns)


@dataclass(frozen=True)
class Program:
    """A compiled simulation.

    Attributes
    ----------
    binary : Path
        The executable file.
    home : Path
        Working directory of the program, with its constant arrays.
    inputs : dict of str to Input
    arrays : dict of str to Array
    clock : Array
        Time at which the simulation ended.
    duration : float, s
        Biological time to simulate.
    dt : float, s
        Time step of the default clock.
    """

    binary: Path
    home: Path
    inputs: dict[str, Input]
    arrays: dict[str, Array]
    clock: Array
    duration: float
    dt: float

    def arguments(self, values: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """Return values of inputs, in SI units, by the names of the inputs on the command line.

        Raises
        ------
        ValueError
            If there is no such input, or a value has the wrong shape.
        DimensionMismatchError
            If a value has the wrong dimension.
        """
        checked = check(self.inputs, values)
        return {argument: value for name, value in checked.items() if (argument := self.inputs[name].argument)}

    def read(self, name: str, results: Path, wall_seconds: float) -> Recording:
        """Return the recording of an arm; raise RunFailed if its simulation stopped early."""
        arrays = {key: array.read(results) for key, array in self.arrays.items()}
        units = {key: array.unit for key, array in self.arrays.items()}
        simulated = float(self.clock.read(results))
        check_whole(name, simulated, self.duration, self.dt)
        return Recording(arrays, units, simulated, wall_seconds, self.dt)

    def settled(self, folder: Path) -> "Program":
        """Return the program with its files linked into a folder, where no other process removes them while it runs."""
        binary = folder / "simulation"
        binary.unlink(missing_ok=True)
        _link(self.binary, binary)
        if self.home != folder:
            shutil.rmtree(folder / "static_arrays", ignore_errors=True)
            shutil.copytree(self.home / "static_arrays", folder / "static_arrays", copy_function=_link)
        return replace(self, binary=binary, home=folder)

    def as_json(self) -> str:
        """Return the program as JSON, without the folders where its files are."""
        return json.dumps({**asdict(self), "binary": self.binary.name, "home": ""})


def _link(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # on another disk
        shutil.copy2(source, target)


def from_json(text: str, binaries: Path, home: Path) -> Program:
    """Return the program that `Program.as_json` wrote, with its binary and its constant arrays in these folders."""
    stored = json.loads(text)
    inputs = {
        name: Input(
            fields["argument"],
            fields["dtype"],
            tuple(fields["dimension"]),
            None if fields["shape"] is None else tuple(fields["shape"]),
        )
        for name, fields in stored["inputs"].items()
    }
    arrays = {name: Array(**fields) for name, fields in stored["arrays"].items()}
    clock = Array(**stored["clock"])
    return Program(binaries / stored["binary"], home, inputs, arrays, clock, stored["duration"], stored["dt"])


def check(inputs: Mapping[str, Input], values: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return values in SI units, as arrays of the types and shapes that a model expects; see `Program.arguments`."""
    arrays = {}
    for name, value in values.items():
        if name not in inputs:
            raise ValueError(f"the model has no input {name!r}; it has {', '.join(inputs)}")
        expected = inputs[name]
        _check_dimension(name, expected, value)
        array = np.asarray(value, dtype=expected.dtype)
        if array.ndim and expected.shape and array.shape != expected.shape:
            raise ValueError(f"input {name!r} has shape {array.shape}, the model expects {expected.shape}")
        arrays[name] = array
    return arrays


def _check_dimension(name: str, expected: Input, value: Any) -> None:
    dimension = getattr(value, "dim", None)
    if tuple(dimension._dims if dimension is not None else (0,) * 7) == expected.dimension:
        return
    from brian2.units.fundamentalunits import fail_for_dimension_mismatch, get_or_create_dimension

    message = f"input {name!r} has the wrong dimension"
    fail_for_dimension_mismatch(get_or_create_dimension(expected.dimension), value, message)
