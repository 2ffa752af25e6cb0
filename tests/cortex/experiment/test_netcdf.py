"""NetCDF-4 as h5netcdf writes it."""

from pathlib import Path
from typing import Any

import h5netcdf
import h5py
import numpy as np

from cortex.experiment import netcdf
from cortex.experiment.coordinates import Variable
from cortex.experiment.netcdf import Group

VARIABLES = {
    "cell_x": Variable(("cell",), np.array([0.1, 0.2, 0.3]), "mm", "place"),
    "spikes.i": Variable(("spikes.t",), np.array([0, 1], np.int32), "1", "index of the cell that fired"),
    "spikes.t": Variable(("spikes.t",), np.array([0.5, 0.75]), "s", "time of each spike"),
    "phase": Variable(("phase",), np.array(["settle", "früh"]), "1", "name of the phase"),
    "v": Variable(("v.t", "cell"), np.arange(6.0).reshape(2, 3), "V", "membrane potential"),
    "total": Variable((), np.array(4), "1", "number"),
}


def written(path: Path, variables: dict[str, Variable]) -> h5netcdf.File:
    group = Group({"simulated_time": "1 s"})
    for name, variable in variables.items():
        group.add(name, variable)
    netcdf.write(path, Group({"title": "one arm"}), {"arm": group})
    return h5netcdf.File(path, decode_vlen_strings=True)


def described(file: h5py.File) -> dict[str, Any]:
    """Return the order of all places in a file and their attributes, references as names."""
    told: dict[str, Any] = {"/arm": list(file["arm"])}
    for name in ("/", "/arm", *(f"/arm/{name}" for name in file["arm"])):
        place, known = file[name], {key: np.asarray(value).tolist() for key, value in file[name].attrs.items()}
        if "DIMENSION_LIST" in known:
            known["DIMENSION_LIST"] = [[file[scale].name for scale in axis] for axis in place.attrs["DIMENSION_LIST"]]
        if "REFERENCE_LIST" in known:
            known["REFERENCE_LIST"] = [(file[user].name, axis) for user, axis in place.attrs["REFERENCE_LIST"]]
        known.pop("_NCProperties", None)
        told[f"attributes of {name}"] = known
        if isinstance(place, h5py.Dataset):
            told[name] = (place.dtype, place.shape, place.maxshape, place[()].tolist())
    return told


def test_a_file_is_what_h5netcdf_writes(tmp_path: Path) -> None:
    with h5netcdf.File(tmp_path / "theirs.nc", "w") as theirs:
        theirs.attrs["title"] = "one arm"
        arm = theirs.create_group("arm")
        arm.attrs["simulated_time"] = "1 s"
        for name, (dimensions, values, unit, meaning) in VARIABLES.items():
            kind = h5py.string_dtype() if values.dtype.kind == "U" else values.dtype
            data = values.astype(object) if values.dtype.kind == "U" else values
            for dimension, size in zip(dimensions, values.shape, strict=True):
                if dimension not in arm.dimensions:
                    arm.dimensions[dimension] = size
            arm.create_variable(name, dimensions, kind, data=data).attrs.update(units=unit, long_name=meaning)
    written(tmp_path / "ours.nc", VARIABLES).close()
    with h5py.File(tmp_path / "theirs.nc") as theirs, h5py.File(tmp_path / "ours.nc") as ours:
        assert described(ours) == described(theirs)


def test_a_variable_may_have_the_name_of_a_dimension_of_others(tmp_path: Path) -> None:
    clash = VARIABLES | {"cell": Variable(("slot",), np.array([7, 8]), "1", "the cell that is touched")}
    with written(tmp_path / "data.nc", clash) as file:
        variables = file["arm"].variables
        assert {name: variables[name].dimensions for name in clash} == {n: v.dimensions for n, v in clash.items()}
        assert variables["cell"][...].tolist() == [7, 8]


def test_what_is_empty_has_an_unlimited_dimension(tmp_path: Path) -> None:
    empty = {"spikes.t": Variable(("spikes.t",), np.array([]), "s", "time of each spike")}
    with written(tmp_path / "data.nc", empty) as file:
        assert file["arm"].dimensions["spikes.t"].isunlimited()
        assert file["arm"].variables["spikes.t"].shape == (0,)


def test_weights_that_stay_the_same_for_some_time_take_the_space_of_one_sample(tmp_path: Path) -> None:
    once = np.random.default_rng(0).random(20_000)
    sizes = []
    for samples in (1, 20):
        weights = Variable(("time", "synapse"), np.tile(once, (samples, 1)), "1", "weights")
        written(tmp_path / f"{samples}.nc", {"w": weights}).close()
        sizes.append((tmp_path / f"{samples}.nc").stat().st_size)
    assert sizes[1] < 1.2 * sizes[0]
