"""What the arms of a run recorded, as one NetCDF-4 file that says what its arrays mean.

Each arm is a group. Its recorded arrays share dimensions by name (``pyramidal``, ``afferent_synapse``), and beside
them lies what the scenario knows about these: places and kinds of cells, source and target of synapses, phases, gates
and stimuli. Every variable has a unit and a ``long_name``. See `cortex.experiment.coordinates`.
"""

import logging
import math
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import h5netcdf

from cortex.engine.simulation import Recording
from cortex.errors import CortexError, UsageError, did_you_mean
from cortex.experiment import netcdf
from cortex.experiment.coordinates import Coordinates, Variable, phase_labels
from cortex.experiment.netcdf import Group
from cortex.extras import extra

if TYPE_CHECKING:
    from xarray import Dataset, DataTree

    from cortex.experiment.protocol import Phase

logger = logging.getLogger(__name__)


def write(
    path: Path,
    recordings: Mapping[str, Recording],
    coordinates: Mapping[str, Coordinates] | None = None,
    phases: "Sequence[Phase]" = (),
    about: Mapping[str, str] | None = None,
) -> None:
    """Write recordings.

    Large arrays are written, and read from the files that a program wrote, in pieces.

    Parameters
    ----------
    path : Path
        The file to write.
    recordings : mapping of str to Recording
        By name of the arm.
    coordinates : mapping of str to Coordinates, optional
        What the arrays of an arm refer to, by name of the arm.
    phases : sequence of Phase, optional
        Of the protocol, the same in all arms.
    about : mapping of str to str, optional
        Attributes of the file, such as its title.
    """
    labels = phase_labels(phases) if phases else {}
    root, groups = Group({**(about or {}), **_how_to_open(list(recordings))}), {}
    _add_variables(root, Coordinates(labels))
    for arm, recording in recordings.items():
        group = groups[arm] = Group({"simulated_time": f"{recording.simulated_time!r} s"})
        own = (coordinates or {}).get(arm, Coordinates())
        _add_variables(group, Coordinates({**labels, **own.labels}, own.inputs), recording)
        for name, array in recording.items():
            dimensions = own.dimensions.get(name) or _dimensions(group, name, array.shape, recording, own.elements)
            meaning = own.meanings.get(name) or _meaning(name, recording, own.elements)
            group.add(name, Variable(dimensions, array, recording.units[name], meaning))
    netcdf.write(path, root, groups)


def read(path: Path, arms: Container[str] | None = None, names: Container[str] | None = None) -> dict[str, Recording]:
    """Read recordings; true and false come back as 1 and 0, and wall time is not known any more.

    Parameters
    ----------
    path : Path
        The file to read.
    arms, names : container of str, optional
        Which arms, and which of their arrays; all by default.
    """
    with opened(path) as file:
        return {arm: _read_group(group, names) for arm, group in file.groups.items() if arms is None or arm in arms}


@contextmanager
def opened(path: Path) -> Iterator[h5netcdf.File]:
    """Open a file that should hold recordings.

    Raises
    ------
    UsageError
        If what is read of it is something else.
    """
    with _as_recordings(path), h5netcdf.File(path, decode_vlen_strings=True) as file:
        yield file


@contextmanager
def _as_recordings(path: Path) -> Iterator[None]:
    """Turn all that goes wrong with what a file holds into one message."""
    try:
        yield
    except (CortexError, MemoryError):
        raise
    except Exception as error:
        raise UsageError(
            f"{path} does not hold what a run recorded: {type(error).__name__}: {error}", hint="do the run again"
        ) from error


def open_dataset(path: Path, arm: str | None = None) -> "Dataset":
    """Open what an arm recorded in xarray.

    Parameters
    ----------
    path : Path
        The file.
    arm : str, optional
        Name of the arm; needed if there are several.

    Returns
    -------
    dataset : xarray.Dataset
        Recorded arrays, gates and stimuli as data variables; positions, kinds, sources, targets and phases as
        coordinates. Arrays are read when they are used.

    Raises
    ------
    UsageError
        If the file has no such arm.
    EnvironmentProblem
        If xarray is not installed.
    """
    with opened(path) as file:
        arms = list(file.groups)
    if arm is None and len(arms) == 1:
        [arm] = arms
    if arm not in arms:
        title = f'{path} has no arm "{arm}"{did_you_mean(arm, arms)}' if arm else f"{path} has {len(arms)} arms"
        raise UsageError(title, hint=f"arms: {', '.join(arms)}")
    with _as_recordings(path):
        return extra("xarray").open_dataset(path, group=arm, engine="h5netcdf")


def open_datatree(path: Path) -> "DataTree":
    """Open what all arms recorded in xarray, each as `open_dataset` does.

    Raises
    ------
    EnvironmentProblem
        If xarray is not installed.
    """
    with _as_recordings(path):
        return extra("xarray").open_datatree(path, engine="h5netcdf")


def _how_to_open(arms: list[str]) -> dict[str, str]:
    """Return the attributes of the file by which a reader finds its groups."""
    if not arms:
        return {"groups": ""}
    return {
        "groups": " ".join(arms),
        "how_to_open": f'xarray.open_dataset(path, group="{arms[0]}"), or xarray.open_datatree(path) for all groups',
    }


def _read_group(group: h5netcdf.Group, names: Container[str] | None) -> Recording:
    """Read the recorded arrays of a group; files of version 0.1 have no others."""
    others = {name for kind in ("coordinates", "inputs") for name in group.attrs.get(kind, "").split()}
    variables = {
        name: array
        for name, array in group.variables.items()
        if name not in others and (names is None or name in names)
    }
    return Recording(
        {name: array[...] for name, array in variables.items()},
        {name: array.attrs["units"] for name, array in variables.items()},
        float(group.attrs["simulated_time"].removesuffix(" s")),
        math.nan,
    )


def _add_variables(group: Group, coordinates: Coordinates, recorded: Container[str] = ()) -> None:
    """Add labels and inputs, and list them in the attributes of the group: so xarray knows the coordinates."""
    for kind, variables in (("coordinates", coordinates.labels), ("inputs", coordinates.inputs)):
        free = {name: variable for name, variable in variables.items() if name not in recorded}
        if left_out := set(variables) - set(free):
            logger.warning("%s: not written, as arrays were recorded under these names", ", ".join(sorted(left_out)))
        for name, variable in free.items():
            group.add(name, variable)
        if free:
            group.attributes[kind] = " ".join(free)


def _dimensions(
    group: Group, name: str, shape: tuple[int, ...], recording: Recording, elements: Mapping[str, str]
) -> tuple[str, ...]:
    """Name the axes of a recorded array: the times of its monitor, then what it recorded from."""
    monitor, _, variable = name.rpartition(".")
    times = f"{monitor}.t"
    declared = elements.get(monitor or name)
    possible = [element for element in (declared, monitor and f"{monitor}.element") if element]
    dimensions = []
    for axis, size in enumerate(shape):
        counts = variable == "count" and len(shape) == 1
        if axis == 0 and times in recording and len(recording[times]) == size and not counts:
            dimensions.append(times)
            continue
        fitting = [element for element in possible if _size(group, element, size) == size]
        if declared and declared not in fitting:
            logger.warning("%s has %d elements, not the %d of %s", name, size, _size(group, declared, size), declared)
        dimensions.append(fitting[0] if fitting else f"{name}_{axis}")
        possible = []
    return tuple(dimensions)


def _size(group: Group, dimension: str, size: int) -> int:
    """Return the size of a dimension of a group, or the one proposed for a new dimension."""
    return group.dimensions.get(dimension, size)


def _meaning(name: str, recording: Recording, elements: Mapping[str, str]) -> str:
    """Return what a recorded array is, where the scenario does not say it."""
    monitor, _, variable = name.rpartition(".")
    cell = elements.get(monitor, "the cells of the monitor")
    if not monitor:
        return f"{name} at the end of the simulation"
    if variable == "count" and recording[name].ndim == 1:
        return f"number of spikes of each cell (monitor {monitor})"
    if f"{monitor}.i" in recording and variable in ("i", "t"):
        which = "time of each spike" if variable == "t" else f"index of the cell that fired, in {cell}"
        return f"{which} (monitor {monitor})"
    return f"times of the samples (monitor {monitor})" if variable == "t" else f"{variable} (monitor {monitor})"
