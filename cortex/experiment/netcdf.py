"""One array of a NetCDF file after the other: packed, and large ones written in pieces."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h5netcdf
import h5py
import numpy as np

from cortex.experiment.coordinates import Variable

SMALL = 4096
"""Arrays of fewer bytes are not compressed."""

LARGE = 2**22
"""Arrays of as many bytes are written in pieces of about this size."""


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


def write_array(group: h5netcdf.Group, name: str, variable: Variable, check: Callable[[], None] = lambda: None) -> None:
    """Write an array, what it is, and its new dimensions; look for errors of the disk after each piece."""
    array = variable.values if isinstance(variable.values, np.memmap) else np.asarray(variable.values)
    for dimension, size in zip(variable.dimensions, array.shape, strict=True):
        if dimension not in group.dimensions:
            group.dimensions[dimension] = size
    attributes = {"units": variable.unit, "long_name": variable.meaning}
    packing: dict[str, Any] = {}
    if array.dtype.kind in "OUT":
        array, kind = array.astype(object), h5py.string_dtype()
    else:
        if array.dtype == bool:  # NetCDF has no type for true and false; xarray reads them so
            array, attributes["dtype"] = array.view(np.int8), "bool"
        kind = array.dtype
        if array.nbytes >= SMALL:
            shuffle = array.dtype.kind != "f"  # times and weights that are the same again pack better whole
            packing = {"compression": "gzip", "compression_opts": 1, "shuffle": shuffle}
    pieces = array.nbytes >= LARGE and bool(packing)
    written = group.create_variable(name, variable.dimensions, kind, data=None if pieces else array, **packing)
    written.attrs.update(attributes)
    for start, piece in _pieces(array, written.chunks[0]) if pieces else ():
        written[start : start + len(piece)] = piece
        check()


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
