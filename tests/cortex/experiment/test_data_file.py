"""Recordings as NetCDF."""

from pathlib import Path

import h5netcdf
import numpy as np

from cortex.engine.simulation import Recording
from cortex.experiment import data_file

ARRAYS = {
    "spikes.i": np.array([0, 1, 1], dtype=np.int32),
    "spikes.t": np.array([0.1, 0.2, 0.3]),
    "spikes.count": np.array([1, 2]),
    "silence.i": np.array([], dtype=np.int32),
    "silence.t": np.array([]),
    "voltage.t": np.array([0.0, 0.5]),
    "voltage.v": np.arange(6.0).reshape(2, 3),
    "total": np.array(4.0),
}
UNITS = {name: {"t": "s", "v": "V"}.get(name.rpartition(".")[2], "1") for name in ARRAYS}


def test_every_array_comes_back_with_its_unit(tmp_path: Path) -> None:
    path = tmp_path / "data.nc"
    data_file.write(path, {"hold": Recording(ARRAYS, UNITS, 0.5, 1.0), "free": Recording({}, {}, 0.5, 1.0)})
    with h5netcdf.File(path) as file:
        assert set(file.groups) == {"hold", "free"}
        variables = file["hold"].variables
        assert set(variables) == set(ARRAYS)
        for name, array in ARRAYS.items():
            assert variables[name].dtype == array.dtype
            np.testing.assert_array_equal(variables[name][...], array)
            assert variables[name].attrs["units"] == UNITS[name]
        assert variables["spikes.i"].dimensions == ("spikes.t",)
        assert variables["spikes.count"].dimensions == ("spikes.count_0",)
        assert variables["voltage.v"].dimensions == ("voltage.t", "voltage.v_1")
        assert file["hold"].attrs["simulated_time"] == "0.5 s"


def test_true_and_false_are_written_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "data.nc"
    data_file.write(path, {"hold": Recording({"idle": np.array([True, False])}, {"idle": "1"}, 0.5, 1.0)})
    with h5netcdf.File(path) as file:
        np.testing.assert_array_equal(file["hold"].variables["idle"][...], [1, 0])


def test_arrays_are_compressed(tmp_path: Path) -> None:
    path = tmp_path / "data.nc"
    data_file.write(path, {"hold": Recording({"w": np.zeros(100_000)}, {"w": "1"}, 0.5, 1.0)})
    assert path.stat().st_size < 50_000


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "data.nc"
    data_file.write(path, {"hold": Recording(ARRAYS, UNITS, 0.5, 1.0), "free": Recording({}, {}, 0.5, 1.0)})
    found = data_file.read(path)
    assert set(found) == {"hold", "free"}
    assert (found["hold"].units, found["hold"].simulated_time) == (UNITS, 0.5)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found["hold"][name], array)
    [part] = data_file.read(path, arms={"hold"}, names={"total"}).values()
    assert list(part) == ["total"]
