"""Recordings as NetCDF."""

import errno
import io
import sys
from pathlib import Path

import h5netcdf
import numpy as np
import pytest
import xarray as xr
from brian2 import second

from cortex import api
from cortex.engine.simulation import Recording
from cortex.errors import EnvironmentProblem, UsageError
from cortex.experiment import catalogue, data_file, netcdf
from cortex.experiment.coordinates import Coordinates, Variable
from cortex.experiment.protocol import Phase

ARRAYS = {
    "spikes.i": np.array([0, 1, 1], dtype=np.int32),
    "spikes.t": np.array([0.1, 0.2, 0.3]),
    "spikes.count": np.array([1, 2, 0]),
    "silence.i": np.array([], dtype=np.int32),
    "silence.t": np.array([]),
    "voltage.t": np.array([0.0, 0.5]),
    "voltage.v": np.arange(6.0).reshape(2, 3),
    "voltage.w": np.arange(6.0, 12.0).reshape(2, 3),
    "total": np.array(4.0),
}
UNITS = {name: {"t": "s", "v": "V"}.get(name.rpartition(".")[2], "1") for name in ARRAYS}

PLACE = Variable(("cell",), np.array([0.1, 0.2, 0.3]), "mm", "distance from the border")
KIND = Variable(("cell",), np.array(["idle", "established", "idle"]), "1", "kind of cell")
IDLE = Variable(("cell",), np.array([True, False, True]), "1", "whether the cell is idle")
DEPTH = Variable(("slot", "digit"), np.ones((4, 5), np.float32), "mm", "indentation of the skin")
COORDINATES = Coordinates(
    {"cell_x": PLACE, "cell_kind": KIND, "cell_idle": IDLE},
    {"stimulus_depth": DEPTH},
    {"spikes": "cell", "voltage": "cell"},
    {"voltage.v": "membrane potential"},
)
PHASES = [Phase("rest", 0 * second, 0.2 * second), Phase("touch", 0.2 * second, 0.3 * second)]


def recording(arrays: dict[str, np.ndarray] | None = None) -> Recording:
    arrays = ARRAYS if arrays is None else arrays
    return Recording(arrays, {name: UNITS.get(name, "1") for name in arrays}, 0.5, 1.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with one arm whose scenario has coordinates, and one without."""
    path = tmp_path / "data.nc"
    recordings = {"hold": recording(), "free": recording()}
    data_file.write(path, recordings, {"hold": COORDINATES}, PHASES, {"title": "Two arms", "null": ""})
    return path


def dimensions(path: Path, arm: str) -> dict[str, tuple[str, ...]]:
    with h5netcdf.File(path) as file:
        return {name: variable.dimensions for name, variable in file[arm].variables.items()}


def test_every_array_comes_back_with_its_unit(tmp_path: Path) -> None:
    path = tmp_path / "data.nc"
    data_file.write(path, {"hold": recording(), "free": Recording({}, {}, 0.5, 1.0)})
    with h5netcdf.File(path) as file:
        assert set(file.groups) == {"hold", "free"}
        variables = file["hold"].variables
        assert set(variables) == set(ARRAYS)
        for name, array in ARRAYS.items():
            assert variables[name].dtype == array.dtype
            np.testing.assert_array_equal(variables[name][...], array)
            assert variables[name].attrs["units"] == UNITS[name]
        assert file["hold"].attrs["simulated_time"] == "0.5 s"


def test_without_coordinates_the_arrays_of_a_monitor_share_its_dimensions(path: Path) -> None:
    named = dimensions(path, "free")
    assert named["spikes.i"] == named["spikes.t"] == ("spikes.t",)
    assert named["spikes.count"] == ("spikes.element",)  # not times, though there are as many
    assert named["voltage.v"] == named["voltage.w"] == ("voltage.t", "voltage.element")
    assert named["total"] == ()


def test_arrays_share_the_dimensions_of_their_coordinates(path: Path) -> None:
    named = dimensions(path, "hold")
    assert named["spikes.count"] == named["cell_x"] == ("cell",)
    assert named["voltage.v"] == named["voltage.w"] == ("voltage.t", "cell")
    assert named["spikes.i"] == ("spikes.t",)


def test_a_dimension_of_another_size_is_not_shared(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "data.nc"
    arrays = {"voltage.t": np.zeros(1), "voltage.v": np.zeros((1, 7))}
    data_file.write(path, {"hold": recording(arrays)}, {"hold": COORDINATES})
    assert dimensions(path, "hold")["voltage.v"] == ("voltage.t", "voltage.element")
    assert "voltage.v has 7 elements, not the 3 of cell" in caplog.text


def test_a_label_never_replaces_a_recorded_array(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "data.nc"
    data_file.write(path, {"hold": recording({"cell_x": np.array([7.0])})}, {"hold": COORDINATES})
    [back] = data_file.read(path).values()
    assert back["cell_x"].tolist() == [7.0]
    assert "cell_x: not written" in caplog.text


@pytest.mark.parametrize("mapped", [False, True])
def test_large_arrays_are_written_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mapped: bool) -> None:
    monkeypatch.setattr(netcdf, "SMALL", 10)
    monkeypatch.setattr(netcdf, "LARGE", 1000)
    random = np.random.default_rng(0)
    arrays = {"v.t": np.arange(2000.0), "v.v": random.random((2000, 3)), "v.on": random.random((2000, 3)) < 0.5}
    recorded = dict(arrays)
    if mapped:
        for name, array in arrays.items():
            array.tofile(tmp_path / name)
            recorded[name] = np.memmap(tmp_path / name, array.dtype, "c").reshape(array.shape)
        recorded["v.v"][:] = 0  # by what measures it meanwhile
        (tmp_path / "v.t").unlink()
    data_file.write(tmp_path / "data.nc", {"hold": recording(recorded)})
    [back] = data_file.read(tmp_path / "data.nc").values()
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)
    assert xr.open_dataset(tmp_path / "data.nc", group="hold")["v.on"].dtype == bool


@pytest.mark.parametrize("bytes_free", [0, 5000, 200_000])
def test_an_error_of_the_disk_is_raised_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bytes_free: int
) -> None:
    free = bytes_free

    def write(file: io.FileIO, data: memoryview) -> int:
        nonlocal free
        if not free:
            raise OSError(errno.ENOSPC, "No space left on device")
        number = min(len(data), free)
        free -= number
        return number

    monkeypatch.setattr(netcdf, "LARGE", 1000)
    monkeypatch.setattr(netcdf.Disk, "write_some", write)
    arrays = {"v.t": np.arange(30_000.0), "v.v": np.random.default_rng(0).random((30_000, 3))}
    with pytest.raises(OSError, match="No space left"):
        data_file.write(tmp_path / "data.nc", {"hold": recording(arrays)})


def test_only_what_was_recorded_is_read_as_recording(path: Path) -> None:
    for back in data_file.read(path).values():
        assert (back.units, back.simulated_time) == (UNITS, 0.5)
        assert set(back) == set(ARRAYS)
        for name, array in ARRAYS.items():
            np.testing.assert_array_equal(back[name], array)
    [part] = data_file.read(path, arms={"hold"}, names={"total"}).values()
    assert list(part) == ["total"]


def test_a_file_of_version_0_1_is_read(tmp_path: Path) -> None:
    path = tmp_path / "data.nc"
    with h5netcdf.File(path, "w") as file:
        group = file.create_group("hold")
        group.attrs["simulated_time"] = "0.5 s"
        group.dimensions["voltage.v_1"] = 3
        group.create_variable("v", ("voltage.v_1",), data=np.arange(3.0)).attrs["units"] = "V"
    [back] = data_file.read(path).values()
    assert (back["v"].tolist(), back.units, back.simulated_time) == ([0, 1, 2], {"v": "V"}, 0.5)
    assert data_file.open_dataset(path)["v"].dims == ("voltage.v_1",)


def test_every_variable_says_what_it_is(path: Path) -> None:
    with h5netcdf.File(path) as file:
        for group in (file, *file.groups.values()):
            for name, variable in group.variables.items():
                assert variable.attrs["units"], name
                assert variable.attrs["long_name"], name
        names = {name: variable.attrs["long_name"] for name, variable in file["hold"].variables.items()}
    assert names["cell_x"] == "distance from the border"
    assert names["voltage.v"] == "membrane potential"
    assert names["spikes.i"] == "index of the cell that fired, in cell (monitor spikes)"
    assert names["voltage.w"] == "w (monitor voltage)"


def test_true_and_false_are_written_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "data.nc"
    data_file.write(path, {"hold": recording({"idle": np.array([True, False])})})
    with h5netcdf.File(path) as file:
        np.testing.assert_array_equal(file["hold"].variables["idle"][...], [1, 0])
    assert data_file.read(path)["hold"]["idle"].tolist() == [1, 0]
    assert data_file.open_dataset(path)["idle"].dtype == bool


def test_arrays_are_compressed(tmp_path: Path) -> None:
    path = tmp_path / "data.nc"
    data_file.write(path, {"hold": recording({"w": np.zeros(100_000)})})
    assert path.stat().st_size < 50_000


def test_xarray_has_labels_as_coordinates(path: Path) -> None:
    data = data_file.open_dataset(path, "hold")
    assert set(data.coords) - {"spikes.t", "silence.t", "voltage.t"} == {
        *("cell_x", "cell_kind", "cell_idle"),
        *("phase", "phase_start", "phase_duration"),
    }
    assert data["voltage.v"].where(data.cell_idle, drop=True).values.tolist() == [[0, 2], [3, 5]]
    assert data.cell_kind.values.tolist() == ["idle", "established", "idle"]
    assert data["stimulus_depth"].dims == ("slot", "digit")
    assert float(data.phase_start.sel(phase="touch")) == 0.2


def test_all_arms_open_as_a_tree(path: Path) -> None:
    with data_file.open_datatree(path) as tree:
        assert list(tree.children) == ["hold", "free"]
        assert tree["hold"]["spikes.count"].coords["cell_x"].values.tolist() == [0.1, 0.2, 0.3]


def test_the_root_says_what_is_in_the_file_and_how_to_open_it(path: Path) -> None:
    with xr.open_dataset(path) as root:
        assert root.attrs["title"] == "Two arms"
        assert root.attrs["groups"].split() == ["hold", "free"]
        assert 'group="hold"' in root.attrs["how_to_open"]
        assert root.phase.values.tolist() == ["rest", "touch"]


@pytest.mark.parametrize(("arm", "problem"), [(None, "has 2 arms"), ("hodl", 'no arm "hodl"; did you mean hold')])
def test_an_arm_that_is_not_in_the_file(arm: str | None, problem: str, path: Path) -> None:
    with pytest.raises(UsageError, match=problem) as raised:
        data_file.open_dataset(path, arm)
    assert raised.value.hint == "arms: hold, free"


def test_without_xarray_the_extra_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xarray", None)
    for opened in (lambda: data_file.open_dataset(path, "hold"), lambda: data_file.open_datatree(path)):
        with pytest.raises(EnvironmentProblem, match=r'pip install "cortical-expansion\[analysis\]"'):
            opened()


def test_a_scenario_without_coordinates_has_phases_and_a_title(tiny: Path, tmp_path: Path) -> None:
    scenario = catalogue.find(str(tiny))
    path = api.run(scenario, {}, seed=4, output=tmp_path, quick=True, backend="numpy").folder / "data.nc"
    with xr.open_dataset(path) as root:
        assert root.attrs["title"] == "Two driven cells (quick version)"
        assert (root.attrs["scenario"], root.attrs["groups"]) == ("tiny", "driven silent")
    data = data_file.open_dataset(path, "silent")
    assert data["voltage.v"].dims == ("voltage.t", "voltage.element")
    assert data.phase.values.tolist() == ["drive"]
    assert float(data.phase_duration[0]) == pytest.approx(0.2)
