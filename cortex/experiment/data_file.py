"""What the arms of a run recorded, as one NetCDF-4 file: a group for each arm, a unit on every variable."""

import io
import math
from collections.abc import Container, Mapping
from pathlib import Path

import h5netcdf
import numpy as np

from cortex.engine.simulation import Recording


def write(path: Path, recordings: Mapping[str, Recording]) -> None:
    """Write recordings.

    The file is put together in memory, so that a full disk is met in one place, with a plain error.

    Parameters
    ----------
    path : Path
        The file to write.
    recordings : mapping of str to Recording
        By name of the arm.
    """
    buffer = io.BytesIO()
    with h5netcdf.File(buffer, "w") as file:
        for arm, recording in recordings.items():
            group = file.create_group(arm)
            group.attrs["simulated_time"] = f"{recording.simulated_time!r} s"
            for name, array in recording.items():
                _write_array(group, name, array, recording)
    with buffer.getbuffer() as content:
        path.write_bytes(content)


def read(path: Path, arms: Container[str] | None = None, names: Container[str] | None = None) -> dict[str, Recording]:
    """Read recordings; true and false come back as 1 and 0, and wall time is not known any more.

    Parameters
    ----------
    path : Path
        The file to read.
    arms, names : container of str, optional
        Which arms, and which of their arrays; all by default.
    """
    with h5netcdf.File(path) as file:
        return {arm: _read_group(group, names) for arm, group in file.groups.items() if arms is None or arm in arms}


def _read_group(group: h5netcdf.Group, names: Container[str] | None) -> Recording:
    variables = {name: array for name, array in group.variables.items() if names is None or name in names}
    return Recording(
        {name: array[...] for name, array in variables.items()},
        {name: array.attrs["units"] for name, array in variables.items()},
        float(group.attrs["simulated_time"].removesuffix(" s")),
        math.nan,
    )


def _write_array(group: h5netcdf.Group, name: str, array: np.ndarray, recording: Recording) -> None:
    array = array.astype(np.int8) if array.dtype == bool else array  # NetCDF has no type for true and false
    dimensions = [_dimension(name, axis, size, recording) for axis, size in enumerate(array.shape)]
    for dimension, size in zip(dimensions, array.shape, strict=True):
        group.dimensions.setdefault(dimension, size)
    packing = {"compression": "gzip", "compression_opts": 1, "shuffle": True} if array.ndim and array.size else {}
    variable = group.create_variable(name, dimensions, array.dtype, data=array, **packing)
    variable.attrs["units"] = recording.units[name]


def _dimension(name: str, axis: int, size: int, recording: Recording) -> str:
    """Name an axis: the times of a monitor are the first axis of all that it recorded."""
    times = f"{name.rpartition('.')[0]}.t"
    return times if axis == 0 and times in recording and len(recording[times]) == size else f"{name}_{axis}"
