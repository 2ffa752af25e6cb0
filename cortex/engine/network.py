"""A Brian2 network as the engine takes it: how it is built, its inputs, and the variables that it records."""

from collections.abc import Collection, Iterator

import numpy as np
from brian2 import BrianObject, EventMonitor, PopulationRateMonitor, StateMonitor, Synapses, TimedArray
from brian2.core.variables import ArrayVariable, VariableView
from brian2.units.fundamentalunits import DIMENSIONLESS, Dimension, get_unit

from cortex.engine.codegen.units import CONTACTS
from cortex.engine.model import Model
from cortex.engine.program import Input


class Idle(BrianObject):
    """An object that does nothing; with it, a network has the default clock."""

    def __del__(self) -> None:
        """Do without Brian2's warning of objects that never ran, which would follow an error of the network."""


def inputs(model: Model) -> dict[str, Input]:
    """Return a description of each input of a model, by name.

    Raises
    ------
    ValueError
        If an input is only part of a variable, or is synapses that are numbered.
    """
    descriptions = {}
    connected = {target.name for target in model.inputs.values() if isinstance(target, Synapses)}
    for name, target in model.inputs.items():
        if isinstance(target, Synapses):
            if target.multisynaptic_index is not None:
                raise ValueError(f"input {name!r} is synapses with a multisynaptic_index, whose contacts cannot be set")
            ends = (len(target.source), len(target.target))
            descriptions[name] = Input(f"{target.name}.{CONTACTS}", "int32", (0.0,) * 7, None, ends)
            continue
        if isinstance(target, VariableView) and target.index_var_name not in ("_idx", "0"):
            raise ValueError(f"input {name!r} is part of a variable; only a whole variable can be set")
        dtype = "float64" if isinstance(target, TimedArray) else np.dtype(target.dtype).name
        shape = _shape(target, connected)
        descriptions[name] = Input(_argument(target), dtype, tuple(map(float, target.dim._dims)), shape)
    return descriptions


def recorded(model: Model) -> Iterator[tuple[str, ArrayVariable]]:
    """Yield the name and the variable of each array that is recorded.

    Raises
    ------
    ValueError
        If an output is not a whole variable.
    """
    for name, view in model.outputs.items():
        if not isinstance(view.variable, ArrayVariable) or view.index_var_name not in ("_idx", "0"):
            raise ValueError(f"output {name!r} is not a whole variable; only a whole variable can be recorded")
        yield name, view.variable
    for monitor in model.network.sorted_objects:
        for variable in recorded_variables(monitor):
            yield f"{monitor.name}.{variable}", monitor.variables[variable]


def unit(dimension: Dimension) -> str:
    """Return the name of the SI unit of a dimension."""
    return "1" if dimension is DIMENSIONLESS else str(get_unit(dimension))


def _argument(target: VariableView | TimedArray) -> str:
    """Return the name of an input on the command line of the program."""
    if isinstance(target, TimedArray):
        return f"{target.name}.values"
    return f"{target.variable.owner.name}.{target.variable.name}"  # the owner of a delay is not its pathway


def _shape(target: VariableView | TimedArray, connected: Collection[str]) -> tuple[int, ...] | None:
    """Return the shape of an input; None if it is unknown until the program, or an arm, has connected its synapses."""
    if isinstance(target, TimedArray):
        return tuple(target.values.shape)
    if target.variable.scalar:
        return (1,)
    if not target.variable.dynamic:
        return tuple(map(int, target.shape))
    if target.variable.owner.name in connected:
        return None
    try:
        return (int(target.group.variables["N"].get_value()[0]),)
    except NotImplementedError:
        return None


def recorded_variables(monitor: object) -> list[str]:
    """Return the names of the variables that a monitor records; none for other objects."""
    if isinstance(monitor, EventMonitor):
        return [*sorted(monitor.record_variables), "count"]
    if isinstance(monitor, StateMonitor):
        return ["t", *monitor.record_variables]
    return ["t", "rate"] if isinstance(monitor, PopulationRateMonitor) else []
