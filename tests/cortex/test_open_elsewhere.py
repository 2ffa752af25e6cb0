"""The recordings of a run open in xarray as they are."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from cortex.engine.recording import Recording
from cortex.experiment import data_file

ARRAYS = {
    "spikes.i": np.array([0, 1, 1], dtype=np.int32),
    "spikes.t": np.array([0.1, 0.2, 0.3]),
    "spikes.count": np.array([1, 2], dtype=np.int32),
    "silence.i": np.array([], dtype=np.int32),
    "silence.t": np.array([]),
    "silence.count": np.zeros(2, dtype=np.int32),
    "voltage.t": np.array([0.0, 0.5]),
    "voltage.v": np.arange(6.0).reshape(2, 3),
    "weights.t": np.array([0.0, 0.5]),
    "weights.g": np.arange(8.0, dtype=np.float32).reshape(2, 4),
    "rate.t": np.array([0.0, 0.1]),
    "rate.rate": np.array([3.0, 4.0]),
    "delay": np.array([0.001, 0.002]),
    "total": np.array(4.0),
}
UNITS = {
    name: {"t": "s", "v": "V", "g": "S", "rate": "Hz", "delay": "s"}.get(name.split(".")[-1], "1") for name in ARRAYS
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.nc"
    arms = {"hold": Recording(ARRAYS, UNITS, 0.5, 1.0), "free": Recording(ARRAYS, UNITS, 0.5, 1.0)}
    data_file.write(path, arms)
    return path


@pytest.fixture(autouse=True)
def _warnings_are_errors() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def check(dataset: xr.Dataset) -> None:
    assert set(dataset.variables) == set(ARRAYS)
    assert dataset.attrs["simulated_time"] == "0.5 s"
    for name, array in ARRAYS.items():
        assert dataset[name].attrs["units"] == UNITS[name]
        assert dataset[name].dtype == array.dtype
        np.testing.assert_array_equal(dataset[name], array)


@pytest.mark.parametrize("arm", ["hold", "free"])
def test_xarray_opens_an_arm(arm: str, data: Path) -> None:
    with xr.open_dataset(data, group=arm, engine="h5netcdf") as dataset:
        check(dataset)


def test_xarray_opens_all_arms(data: Path) -> None:
    with xr.open_datatree(data, engine="h5netcdf") as tree:
        assert set(tree.children) == {"hold", "free"}
        check(tree["hold"].to_dataset())
        check(tree["free"].to_dataset())


def test_what_a_monitor_recorded_is_labelled_by_its_times(data: Path) -> None:
    with xr.open_dataset(data, group="hold", engine="h5netcdf") as dataset:
        assert dataset["voltage.v"].sel({"voltage.t": 0.5}).values.tolist() == [3, 4, 5]
        assert dataset["spikes.i"].sel({"spikes.t": slice(0.15, 0.35)}).values.tolist() == [1, 1]
