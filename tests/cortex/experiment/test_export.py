"""Runs in the formats of the field: what other programs read is what was recorded."""

import errno
import json
import shutil
import sys
from datetime import datetime
from pathlib import Path

import h5netcdf
import neo
import numpy as np
import pynwb
import pytest

from cortex import api
from cortex.engine.recording import Recording
from cortex.errors import EnvironmentProblem, UsageError
from cortex.experiment import catalogue, data_file
from cortex.experiment.coordinates import Coordinates, Variable
from cortex.experiment.export import export, to_neo
from cortex.experiment.record import write_record

Recorded = dict[str, dict[str, np.ndarray]]

CHANGES = {"duration": "0.2 s", "cell.drive": "9.5 mV"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run with two arms; in the driven one, cell 0 fires and cell 1 stays below its threshold."""
    scenario = catalogue.find(str(Path(__file__).parents[2] / "data" / "tiny.py"))
    return api.run(scenario, CHANGES, seed=4, output=tmp_path_factory.mktemp("results"), backend="numpy").folder


@pytest.fixture(scope="module")
def recorded(run: Path) -> Recorded:
    """What data.nc holds, by arm and name."""
    with h5netcdf.File(run / "data.nc") as file:
        return {
            arm: {name: variable[...] for name, variable in group.variables.items()}
            for arm, group in file.groups.items()
        }


def spikes(recorded: Recorded, arm: str, cell: int) -> np.ndarray:
    return recorded[arm]["spikes.t"][recorded[arm]["spikes.i"] == cell]


def check_block(block: neo.Block, recorded: Recorded) -> None:
    """Check all that a block and an NWB file read by Neo have in common."""
    assert {segment.name for segment in block.segments} == {"driven", "silent"}
    for segment in block.segments:
        assert [train.name for train in segment.spiketrains] == ["spikes 0", "spikes 1"]
        for cell, train in enumerate(segment.spiketrains):
            np.testing.assert_array_equal(train.magnitude, spikes(recorded, segment.name, cell))
            assert train.dimensionality.string == "s"
            assert (float(train.t_start), float(train.t_stop)) == pytest.approx((0, 0.2))
        (voltage,) = segment.irregularlysampledsignals
        assert voltage.dimensionality.string == "V"
        np.testing.assert_array_equal(voltage.magnitude, recorded[segment.name]["voltage.v"])
        np.testing.assert_array_equal(voltage.times.magnitude, recorded[segment.name]["voltage.t"])
        (phases,) = segment.epochs
        assert list(phases.labels) == ["drive"]
        assert (float(phases.times[0]), float(phases.durations[0])) == pytest.approx((0, 0.2))


def test_the_run_has_firing_and_silent_cells(recorded: Recorded) -> None:
    assert list(recorded["driven"]["spikes.count"]) == [4, 0]
    assert list(recorded["silent"]["spikes.count"]) == [0, 0]


def test_neo_has_what_was_recorded(run: Path, recorded: Recorded) -> None:
    block = to_neo(run)
    check_block(block, recorded)
    train = block.segments[0].spiketrains[1]
    assert (train.annotations["monitor"], train.annotations["cell"]) == ("spikes", 1)
    about = block.annotations
    assert (about["scenario"], about["run"], about["seed"], about["replicate"]) == ("tiny", run.name, 4, 0)
    assert about["parameters"]["cell.drive"] == "9.5 mV"
    assert "Simulated" in block.description


def test_neo_reads_the_nwb_file_as_the_same_block(run: Path, recorded: Recorded, tmp_path: Path) -> None:
    reader = neo.io.NWBIO(str(export(run, tmp_path / "tiny.nwb")))
    (block,) = reader.read_all_blocks()
    reader.close()
    assert block.name == f"tiny {run.name}"
    check_block(block, recorded)


def test_the_nwb_file_is_valid_and_has_every_spike(run: Path, recorded: Recorded, tmp_path: Path) -> None:
    path = export(run, tmp_path / "tiny.nwb")
    assert path == tmp_path / "tiny.nwb"
    assert pynwb.validate(path=path) == []
    with pynwb.NWBHDF5IO(path, "r") as io:
        units = io.read().units.to_dataframe()
    assert list(zip(units.segment, units.monitor, units.cell, strict=True)) == [
        *(("driven", "spikes", 0), ("driven", "spikes", 1)),
        *(("silent", "spikes", 0), ("silent", "spikes", 1)),
    ]
    for unit in units.itertuples():
        np.testing.assert_array_equal(unit.spike_times, spikes(recorded, unit.segment, unit.cell))
        assert len(unit.spike_times) == recorded[unit.segment]["spikes.count"][unit.cell]
        np.testing.assert_allclose(unit.obs_intervals, [[0, 0.2]])


def test_the_nwb_file_says_what_it_is(run: Path, recorded: Recorded, tmp_path: Path) -> None:
    with pynwb.NWBHDF5IO(export(run, tmp_path / "tiny.nwb"), "r") as io:
        nwb = io.read()
        assert nwb.session_description.startswith("Two driven cells.")
        for text in (nwb.session_description, nwb.data_collection, nwb.subject.description):
            assert "Simulated: a network of model neurons, no animal." in text
        assert nwb.identifier == run.name
        finished = json.loads((run / "run.json").read_text())["finished"]
        assert nwb.session_start_time == datetime.fromisoformat(finished)
        assert json.loads(nwb.notes)["parameters"]["cell.drive"] == "9.5 mV"
        assert "Nobody 2000" in nwb.experiment_description
        phases = nwb.epochs.to_dataframe()
        assert [list(tags) for tags in phases.tags] == [["drive"]] * 2
        np.testing.assert_allclose(phases.stop_time, 0.2)
        voltage = nwb.acquisition["driven voltage.v"]
        assert voltage.unit == "V"
        np.testing.assert_array_equal(voltage.data[...], recorded["driven"]["voltage.v"])
        np.testing.assert_array_equal(voltage.timestamps[...], recorded["driven"]["voltage.t"])


ARRAYS = {
    "a.t": (np.array([0.1, 0.2, 0.2, 0.4]), "s"),
    "a.i": (np.array([2, 0, 2, 2], dtype=np.int32), "1"),
    "a.count": (np.array([1, 0, 3, 0], dtype=np.int32), "1"),
    "counted.count": (np.array([5, 6], dtype=np.int32), "1"),
    "rate.t": (np.array([0.0, 0.1]), "s"),
    "rate.rate": (np.array([3.0, 4.0]), "Hz"),
    "weights.t": (np.array([0.0]), "s"),
    "weights.w": (np.array([[1.0, 2.0]]), "1"),
    "weights.g": (np.array([[1.0, 2.0]]), "S/(m^2)"),
    "final": (np.array([9.0]), "V"),
}


def run_of(
    arrays: dict[str, tuple[np.ndarray, str]], run: Path, folder: Path, label: Coordinates | None = None
) -> Path:
    """Make a run folder that holds other arrays and has no phases."""
    folder.mkdir()
    values, units = ({name: array[k] for name, array in arrays.items()} for k in (0, 1))
    data_file.write(folder / "data.nc", {"arm": Recording(values, units, 0.5, 1.0)}, {"arm": label or Coordinates()})
    record = json.loads((run / "run.json").read_text())
    changes = {"phases": [], "requested_seconds": 0.5, "simulated_seconds": {"arm": 0.5}}
    write_record(folder, record | changes)
    return folder


def test_every_kind_of_monitor_is_known(run: Path, tmp_path: Path) -> None:
    (segment,) = to_neo(run_of(ARRAYS, run, tmp_path / "run")).segments
    trains = {train.name: train.magnitude.tolist() for train in segment.spiketrains}
    assert trains == {"a 0": [0.2], "a 1": [], "a 2": [0.1, 0.2, 0.4], "a 3": []}
    signals = {signal.name: signal for signal in segment.irregularlysampledsignals}
    assert {name: (signal.shape, signal.dimensionality.string) for name, signal in signals.items()} == {
        "rate.rate": ((2, 1), "Hz"),
        "weights.w": ((1, 2), "dimensionless"),
        "weights.g": ((1, 2), "S/m**2"),
    }


def test_kind_and_place_of_cells_are_columns(run: Path, tmp_path: Path) -> None:
    arrays = ARRAYS | {f"other.{name}": ARRAYS[f"a.{name}"] for name in ("i", "t", "count")}
    kinds = ["idle", "established", "idle", "idle"]
    labels = {
        "cell_kind": Variable(("cell",), np.array(kinds), "1", "kind of cell"),
        "cell_x": Variable(("cell",), np.array([0.5, 1.0, 1.5, 2.0]), "mm", "place"),
    }
    folder = run_of(arrays, run, tmp_path / "run", Coordinates(labels, elements={"a": "cell"}))
    path = export(folder, tmp_path / "run.nwb")
    assert pynwb.validate(path=path) == []
    with pynwb.NWBHDF5IO(path, "r") as io:
        table = io.read().units.to_dataframe().set_index("monitor")
    assert table.loc["a", "kind"].tolist() == kinds
    assert table.loc["a", "x"].tolist() == [0.5, 1.0, 1.5, 2.0]
    assert table.loc["other", "kind"].tolist() == [""] * 4 and table.loc["other", "x"].isna().all()
    assert "y" not in table
    trains = to_neo(folder).segments[0].spiketrains
    assert [train.annotations["kind"] for train in trains if train.annotations["monitor"] == "a"] == kinds


@pytest.mark.parametrize("names", [list(ARRAYS), ["counted.count"], ["final"], []])
def test_any_run_gives_a_valid_file(names: list[str], run: Path, tmp_path: Path) -> None:
    folder = run_of({name: ARRAYS[name] for name in names}, run, tmp_path / "run")
    assert pynwb.validate(path=export(folder, tmp_path / "run.nwb")) == []


def test_a_file_is_never_overwritten(run: Path, tmp_path: Path) -> None:
    path = tmp_path / "tiny.nwb"
    path.write_text("mine")
    with pytest.raises(UsageError, match="exists, and is never overwritten"):
        export(run, path)
    assert path.read_text() == "mine"


@pytest.mark.parametrize("name", ["tiny.txt", "tiny", "tiny.NWB.gz"])
def test_another_ending_is_refused(name: str, run: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"does not end in \.nwb"):
        export(run, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_only_a_complete_run_is_exported(run: Path, tmp_path: Path) -> None:
    partial = shutil.copytree(run, tmp_path / f"{run.name}.partial")
    for folder in (tmp_path, tmp_path / "nowhere", partial):
        with pytest.raises(UsageError, match="holds no complete run"):
            export(folder, tmp_path / "tiny.nwb")
    assert not (tmp_path / "tiny.nwb").exists()


@pytest.mark.parametrize("package", ["neo", "pynwb"])
def test_a_missing_package_is_told(package: str, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(EnvironmentProblem, match=rf'{package}(.|\n)*pip install "cortical-expansion\[analysis\]"'):
        export(run, tmp_path / "tiny.nwb")
    assert list(tmp_path.iterdir()) == []


def test_folders_are_made(run: Path, tmp_path: Path) -> None:
    assert export(run, tmp_path / "new" / "folder" / "tiny.nwb").exists()


def test_a_place_that_cannot_be_written_is_told(run: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentProblem, match="a file is in the way"):
        export(run, tmp_path / "file" / "tiny.nwb")


def test_a_full_disk_leaves_nothing(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_half(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", write_half)
    with pytest.raises(EnvironmentProblem, match="the disk is full"):
        export(run, tmp_path / "tiny.nwb")
    assert list(tmp_path.iterdir()) == []
