"""Write NetCDF-4: HDF5 in which the dimensions are data sets of their own, scales, that the variables are attached to.

h5netcdf writes the same, but looks up again and again what it has written: 3 ms for each of the hundred variables of a
run. Names and values of the attributes are those of the NetCDF library (https://doi.org/10.5065/D6H70CW6, and its
``nc4hdf.c``).
"""

import io
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from cortex.experiment.coordinates import Variable

PROPERTIES = f"version=2,h5py={h5py.version.version},hdf5={h5py.version.hdf5_version}"

SMALL = 4096
"""Arrays of fewer bytes are not compressed."""

LARGE = 2**22
"""Arrays of as many bytes are written in pieces of about this size."""

CHUNK, ROW = 65536, 1024
"""Bytes of a chunk, and of a row in it. Compression looks back 32 kB: far enough to see what stayed the same over time.
"""


class Group:
    """A group to be written: its attributes and variables, and the size of each dimension that these have."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.variables: dict[str, Variable] = {}
        self.dimensions: dict[str, int] = {}

    def add(self, name: str, variable: Variable) -> None:
        """Add a variable, and its dimensions where they are new."""
        for dimension, size in zip(variable.dimensions, np.shape(variable.values), strict=True):
            self.dimensions.setdefault(dimension, size)
        self.variables[name] = variable


class Disk(io.FileIO):
    """A file that HDF5 writes: after an error of the disk, which HDF5 would not survive, nothing is written any more.

    The error is raised by `check`, and when the file is closed.
    """

    error: OSError | None = None
    write_some = io.FileIO.write

    def write(self, data: Any) -> int:
        left = memoryview(data).cast("B")
        try:
            while self.error is None and left:
                left = left[self.write_some(left) :]
        except OSError as error:
            self.error = error
        return memoryview(data).nbytes

    def check(self) -> None:
        if self.error:
            raise self.error

    def __exit__(self, *exception: object) -> None:
        self.close()
        self.check()


def write(path: Path, root: Group, groups: Mapping[str, Group]) -> None:
    """Write a file with some groups below its root."""
    with Disk(path, "w+b") as disk, h5py.File(disk, "w", track_order=True) as file:
        numbers = count()
        _write(disk, file, root, numbers)
        for name, group in groups.items():
            _write(disk, file.create_group(name, track_order=True), group, numbers)
        file.attrs["_NCProperties"] = np.bytes_(PROPERTIES)


def _write(disk: Disk, place: h5py.Group, group: Group, numbers: Iterator[int]) -> None:
    """Write a group; each dimension of a file has a number. Look for errors of the disk after each array."""
    place.attrs.update(group.attributes)
    number = {dimension: np.int32(next(numbers)) for dimension in group.dimensions}
    coordinates = {name for name, variable in group.variables.items() if variable.dimensions[:1] == (name,)}
    scales: dict[str, h5py.Dataset] = {}
    attached = []
    for name, variable in group.variables.items():
        for dimension in variable.dimensions:
            if dimension not in scales and dimension not in coordinates:
                scales[dimension] = _create_scale(place, dimension, group.dimensions[dimension])
                scales[dimension].attrs["_Netcdf4Dimid"] = number[dimension]
        called = f"_nc4_non_coord_{name}" if name in number and name not in coordinates else name
        data = _create(disk, place, called, variable)
        disk.check()
        if variable.dimensions:
            data.attrs["_Netcdf4Coordinates"] = np.array([number[dimension] for dimension in variable.dimensions])
            data.attrs["_Netcdf4Dimid"] = number[variable.dimensions[0]]
        if name in coordinates:
            scales[name] = data
            h5py.h5ds.set_scale(data.id, name.encode())
        else:
            attached.append((data, variable.dimensions))
    for data, dimensions in attached:  # once the scales are all there
        for axis, dimension in enumerate(dimensions):
            h5py.h5ds.attach_scale(data.id, scales[dimension].id, axis)


def _create_scale(place: h5py.Group, dimension: str, size: int) -> h5py.Dataset:
    """Write a dimension that no variable has the name of; only an unlimited one may be empty."""
    scale = place.create_dataset(dimension, (size,), ">f4", maxshape=None if size else (None,), track_order=True)
    h5py.h5ds.set_scale(scale.id, b"This is a netCDF dimension but not a netCDF variable.%10d" % size)
    return scale


def _create(disk: Disk, place: h5py.Group, name: str, variable: Variable) -> h5py.Dataset:
    array = variable.values if isinstance(variable.values, np.memmap) else np.asarray(variable.values)
    attributes = {"units": variable.unit, "long_name": variable.meaning}
    packing: dict[str, Any] = {"track_order": True}
    kind: Any = array.dtype
    if array.dtype.kind in "OUT":
        array, kind = array.astype(object), h5py.string_dtype()
    elif array.dtype == bool:  # NetCDF has no type for true and false; xarray reads them so
        array, kind, attributes["dtype"] = array.view(np.int8), np.int8, "bool"
    if not array.size:
        packing["maxshape"] = tuple(size or None for size in array.shape)
    elif array.nbytes >= SMALL and array.dtype.kind != "O":
        shuffle = array.dtype.kind != "f"  # times and weights that are the same again pack better whole
        packing |= {"compression": "gzip", "compression_opts": 1, "shuffle": shuffle, "chunks": _chunks(array)}
    pieces = array.nbytes >= LARGE and "chunks" in packing
    data = place.create_dataset(name, array.shape, kind, None if pieces else array, **packing)
    data.attrs.update(attributes)
    for start, piece in _pieces(array, data.chunks[0]) if pieces else ():
        data[start : start + len(piece)] = piece
        disk.check()
    return data


def _pieces(array: np.ndarray, multiple: int) -> Iterator[tuple[int, np.ndarray]]:
    """Yield the pieces of a large array with the row at which each begins, a multiple of a number of rows.

    If a program wrote the array, they are read from its file, as that leaves memory again.
    """
    row = array.nbytes // len(array)
    rows = multiple * max(1, LARGE // (row * multiple))
    file = Path(getattr(array, "filename", None) or "")
    there = file.is_file() and file.stat().st_size == array.nbytes
    for start in range(0, len(array), rows):
        piece = array[start : start + rows]
        if there:
            piece = np.fromfile(file, array.dtype, piece.size, offset=start * row).reshape(piece.shape)
        yield start, piece


def _chunks(array: np.ndarray) -> tuple[int, ...] | bool:
    """Return the shape of the chunks that an array is compressed in, True where HDF5 shall choose it."""
    if array.ndim > 2:
        return True
    columns = min(array.shape[1], ROW // array.itemsize) if array.ndim == 2 else 1
    return (min(len(array), CHUNK // (columns * array.itemsize)), columns)[: array.ndim]
