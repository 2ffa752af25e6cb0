"""A compiled simulation: its inputs, and how its results are read. Nothing here needs Brian2."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np

from cortex.engine.recording import Recording, check_whole

LARGE = 2**22
"""Bytes from which a file of results is not read as a whole; each of these stays open as long as its array is used."""


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
    ends : tuple of int, optional
        Of the contacts of synapses: how many cells there are on the side of the sources, and of the targets.
    slot : float, s
        How long each value of a function of time lasts, if no equation looks it up ahead of its time; else 0.
    """

    argument: str
    dtype: str
    dimension: tuple[float, ...]
    shape: tuple[int, ...] | None
    ends: tuple[int, int] | None = None
    slot: float = 0.0


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
        """Return the array; a large one is read from its file as it is used, and changed in memory only."""
        file = results / self.file
        large = file.stat().st_size >= LARGE
        values = np.memmap(file, self.dtype, "c") if large else np.fromfile(file, self.dtype)
        if self.single:
            return values.reshape(())
        return values.reshape(-1, self.columns) if self.columns else values


@dataclass(frozen=True)
class Program:
    """A compiled simulation.

    Attributes
    ----------
    binary : Path
        The executable file.
    entry : str
        Its name in the cache; empty if it is not there.
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
    files : tuple of str
        Paths of the user's own C++ files that it was compiled from.
    """

    binary: Path
    entry: str
    home: Path
    inputs: dict[str, Input]
    arrays: dict[str, Array]
    clock: Array
    duration: float
    dt: float
    files: tuple[str, ...] = ()

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
        for key in [key for key, array in self.arrays.items() if array.columns == 0]:  # a monitor that records no cell
            arrays[key] = arrays[key].reshape(len(arrays[f"{key.rpartition('.')[0]}.t"]), 0)
        units = {key: array.unit for key, array in self.arrays.items()}
        simulated = float(self.clock.read(results))
        check_whole(name, simulated, self.duration, self.dt)
        return Recording(arrays, units, simulated, wall_seconds, self.dt)

    def as_json(self) -> str:
        """Return the program as JSON, without the places where its files are."""
        return json.dumps({**asdict(self), "binary": "", "home": ""})


def from_json(text: str, binary: Path, home: Path) -> Program:
    """Return the program that `Program.as_json` wrote, with its binary and its constant arrays in these places.

    Raises
    ------
    ValueError
        If an array would be read from outside the folder of results.
    """
    stored = json.loads(text)
    inputs = {
        name: Input(
            fields["argument"],
            fields["dtype"],
            tuple(fields["dimension"]),
            None if fields["shape"] is None else tuple(fields["shape"]),
            fields["ends"] and tuple(fields["ends"]),
            fields["slot"],
        )
        for name, fields in stored["inputs"].items()
    }
    arrays = {name: Array(**fields) for name, fields in stored["arrays"].items()}
    clock = Array(**stored["clock"])
    for array in (clock, *arrays.values()):
        if Path(array.file).name != array.file:
            raise ValueError(f"{array.file!r} is no name of a file")
    return Program(binary, stored["entry"], home, inputs, arrays, clock, stored["duration"], stored["dt"])


def check(inputs: Mapping[str, Input], values: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return values in SI units, as arrays of the types and shapes that a model expects; see `Program.arguments`.

    Contacts come first: the other variables of synapses have a size only when these are known.
    """
    arrays = {}
    for name, value in values.items():
        if name not in inputs:
            raise ValueError(f"the model has no input {name!r}; it has {', '.join(inputs)}")
        expected = inputs[name]
        if _has_quantities(value):
            from brian2 import Quantity

            value = Quantity(value)
        _check_dimension(name, expected, value)
        array = _typed(name, value, np.dtype(expected.dtype))
        if array.ndim and expected.shape and array.shape != expected.shape:
            raise ValueError(f"input {name!r} has shape {array.shape}, the model expects {expected.shape}")
        if expected.ends:
            _check_contacts(name, expected.ends, array)
        arrays[name] = array
    return dict(sorted(arrays.items(), key=lambda item: not inputs[item[0]].ends))


def _check_contacts(name: str, ends: tuple[int, int], contacts: np.ndarray) -> None:
    """Refuse contacts that are no pairs of a source and a target, or are of cells that are not there."""
    if contacts.ndim != 2 or len(contacts) != 2:
        raise ValueError(f"input {name!r} has shape {contacts.shape}, contacts have the shape (2, contact)")
    for side, cells, number in zip(("source", "target"), contacts, ends, strict=True):
        if cells.size and not (cells.min() >= 0 and cells.max() < number):
            raise ValueError(f"input {name!r} has a {side} outside 0 to {number - 1}")


def _typed(name: str, value: Any, dtype: np.dtype[Any]) -> np.ndarray:
    """Return a value as an array of this type; integers and truth values must be kept exactly."""
    given = np.asarray(value)
    if given.dtype.kind not in "biuf" or np.ma.is_masked(value):
        given = _numbers(name, value)
    try:
        with np.errstate(invalid="ignore", over="ignore"):
            array = given.astype(dtype)
        wrong = given[np.isinf(array) & (given != array) if dtype.kind == "f" else array != given].tolist()
    except OverflowError:
        wrong = [given.tolist()]
    if wrong:
        raise ValueError(f"input {name!r} is of type {dtype}, which cannot hold {wrong[0]!r}")
    return array


def _numbers(name: str, value: Any) -> np.ndarray:
    """Return integers that are too large for numpy's own types; anything else is refused."""
    given = np.asanyarray(value, dtype=object)
    strange = [element for element in given.flat if isinstance(element, str) or not isinstance(element, Real)]
    if strange:
        raise ValueError(f"input {name!r} takes real numbers, not {strange[0]!r}")
    return given


def _check_dimension(name: str, expected: Input, value: Any) -> None:
    dimension = getattr(value, "dim", None)
    if tuple(dimension._dims if dimension is not None else (0,) * 7) == expected.dimension:
        return
    from brian2.units.fundamentalunits import fail_for_dimension_mismatch, get_or_create_dimension

    message = f"input {name!r} has the wrong dimension"
    fail_for_dimension_mismatch(get_or_create_dimension(expected.dimension), value, message)


def _has_quantities(value: Any) -> bool:
    """Return whether a list, or a list of lists, holds quantities."""
    return isinstance(value, list | tuple) and any(hasattr(part, "dim") or _has_quantities(part) for part in value)
