"""The recorded arrays of one simulation."""

import math
from collections.abc import Iterator, Mapping

import numpy as np

from cortex.errors import RunFailed


class Recording(Mapping[str, np.ndarray]):
    """Recorded arrays in SI units, by name.

    Spike monitors give ``monitor.i``, ``monitor.t`` and ``monitor.count``, state monitors ``monitor.t`` and
    ``monitor.variable`` of shape (time, element), rate monitors ``monitor.t`` and ``monitor.rate``; a model's
    outputs have their own names.

    Attributes
    ----------
    units : dict of str to str
        Unit of each array, such as "s", "S" or "1".
    simulated_time : float, s
        Biological time that was simulated.
    wall_seconds : float
        Time that the simulation took.
    dt : float, s
        Time step of the default clock; nan if it is not known.
    """

    def __init__(
        self,
        arrays: dict[str, np.ndarray],
        units: dict[str, str],
        simulated_time: float,
        wall_seconds: float,
        dt: float = math.nan,
    ) -> None:
        self.arrays = arrays
        self.units = units
        self.simulated_time = simulated_time
        self.wall_seconds = wall_seconds
        self.dt = dt

    __eq__ = object.__eq__  # two recordings are the same only if they are one object
    __hash__ = object.__hash__

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.arrays)

    def __len__(self) -> int:
        return len(self.arrays)


def check_whole(name: str, simulated: float, duration: float, dt: float) -> None:
    """Raise RunFailed unless the whole duration was simulated; all times in s."""
    if abs(simulated - duration) > dt:
        raise RunFailed(f"{name} stopped at {simulated:g} s of {duration:g} s\nrun it again")
