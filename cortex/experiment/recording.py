"""What a simulation leaves behind, as plain arrays."""

from collections.abc import Iterator, Mapping

import brian2
import numpy as np
from brian2 import EventMonitor, Network, PopulationRateMonitor, StateMonitor
from brian2.core.variables import VariableView
from brian2.units.fundamentalunits import DIMENSIONLESS, Dimension, get_unit


class Recording(Mapping[str, np.ndarray]):
    """Arrays in SI units by name.

    Spike monitors give ``monitor.i``, ``monitor.t`` and ``monitor.count``, state monitors ``monitor.t`` and
    ``monitor.variable`` of shape (time, element), rate monitors ``monitor.t`` and ``monitor.rate``; a model's
    outputs have their own names.

    Attributes
    ----------
    units : dict of str to str
        Unit of each array, such as "s", "S" or "1".
    simulated_time : float, s
    wall_seconds : float
    """

    def __init__(
        self, arrays: dict[str, np.ndarray], units: dict[str, str], simulated_time: float, wall_seconds: float
    ) -> None:
        self.arrays = arrays
        self.units = units
        self.simulated_time = simulated_time
        self.wall_seconds = wall_seconds

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.arrays)

    def __len__(self) -> int:
        return len(self.arrays)


def read(network: Network, outputs: dict[str, VariableView], wall_seconds: float) -> Recording:
    """Return the final values of the outputs, and all that the network's monitors recorded."""
    arrays, units = {}, {}
    for name, view in outputs.items():
        arrays[name] = np.array(view[:])
        units[name] = _unit(view.dim)
    for monitor in network.sorted_objects:
        for variable in _recorded_variables(monitor):
            name = f"{monitor.name}.{variable}"
            arrays[name] = np.array(monitor.variables[variable].get_value())
            units[name] = _unit(monitor.variables[variable].dim)
    return Recording(arrays, units, float(brian2.defaultclock.t[:]), wall_seconds)


def _recorded_variables(monitor: object) -> list[str]:
    """Return what a monitor has recorded; nothing for other objects."""
    if isinstance(monitor, EventMonitor):
        return [*sorted(monitor.record_variables), "count"]
    if isinstance(monitor, StateMonitor):
        return ["t", *monitor.record_variables]
    return ["t", "rate"] if isinstance(monitor, PopulationRateMonitor) else []


def _unit(dimension: Dimension) -> str:
    return "1" if dimension is DIMENSIONLESS else str(get_unit(dimension))
