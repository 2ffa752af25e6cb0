"""A compiled simulation: what it takes, and how to read what it leaves behind. Nothing here needs Brian2."""

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
    """What a run may set.

    Attributes
    ----------
    argument : str
        Its name on the program's command line; empty for a function of time that no code reads.
    dtype : str
    dimension : tuple of float
        Exponents of the seven base units.
    shape : tuple of int, optional
        None if it is known only once the program has made its synapses.
    """

    argument: str
    dtype: str
    dimension: tuple[float, ...]
    shape: tuple[int, ...] | None


@dataclass(frozen=True)
class Array:
    """What a run leaves behind.

    Attributes
    ----------
    file : str
        In the folder of results.
    dtype, unit : str
    columns : int, optional
        Length of the second axis, if there is one.
    single : bool
        Whether it is one number.
    """

    file: str
    dtype: str
    unit: str
    columns: int | None = None
    single: bool = False

    def read(self, results: Path) -> np.ndarray:
        """Read the array."""
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
        What to run.
    home : Path
        Where to run it: it finds its constant arrays there.
    inputs : dict of str to Input
    arrays : dict of str to Array
    clock : Array
        The simulated time.
    duration, dt : float, s
    """

    binary: Path
    home: Path
    inputs: dict[str, Input]
    arrays: dict[str, Array]
    clock: Array
    duration: float
    dt: float

    def arguments(self, values: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """Return the values of inputs, in SI units, by their names on the command line.

        Raises
        ------
        ValueError
            If there is no such input, or it has another shape.
        DimensionMismatchError
            If it has another dimension.
        """
        checked = check(self.inputs, values)
        return {argument: value for name, value in checked.items() if (argument := self.inputs[name].argument)}

    def read(self, name: str, results: Path, wall_seconds: float) -> Recording:
        """Read what a run has left behind, or raise RunFailed if it stopped early."""
        arrays = {key: array.read(results) for key, array in self.arrays.items()}
        units = {key: array.unit for key, array in self.arrays.items()}
        simulated = float(self.clock.read(results))
        check_whole(name, simulated, self.duration, self.dt)
        return Recording(arrays, units, simulated, wall_seconds)

    def settled(self, folder: Path) -> "Program":
        """Return the program with all that it needs in a folder, where nobody removes it while it runs."""
        binary = folder / "simulation"
        binary.unlink(missing_ok=True)
        _link(self.binary, binary)
        if self.home != folder:
            shutil.rmtree(folder / "static_arrays", ignore_errors=True)
            shutil.copytree(self.home / "static_arrays", folder / "static_arrays", copy_function=_link)
        return replace(self, binary=binary, home=folder)

    def as_json(self) -> str:
        """Write it down, without its places."""
        written = asdict(self)
        return json.dumps({**written, "binary": self.binary.name, "home": ""})


def _link(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # on another disk
        shutil.copy2(source, target)


def from_json(text: str, binaries: Path, home: Path) -> Program:
    """Read what `Program.as_json` wrote."""
    found = json.loads(text)
    inputs = {
        name: Input(
            put["argument"],
            put["dtype"],
            tuple(put["dimension"]),
            None if put["shape"] is None else tuple(put["shape"]),
        )
        for name, put in found["inputs"].items()
    }
    arrays = {name: Array(**array) for name, array in found["arrays"].items()}
    clock = Array(**found["clock"])
    return Program(binaries / found["binary"], home, inputs, arrays, clock, found["duration"], found["dt"])


def check(inputs: Mapping[str, Input], values: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return values in SI units as arrays of the types and shapes that a model expects; see `Program.arguments`."""
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
    given = getattr(value, "dim", None)
    if tuple(given._dims if given is not None else (0,) * 7) == expected.dimension:
        return
    from brian2.units.fundamentalunits import fail_for_dimension_mismatch, get_or_create_dimension

    message = f"input {name!r} has the wrong dimension"
    fail_for_dimension_mismatch(get_or_create_dimension(expected.dimension), value, message)
