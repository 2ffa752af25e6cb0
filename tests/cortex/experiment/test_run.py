"""Runs of a tiny scenario through the real engine."""

import dataclasses
import json
from pathlib import Path

import h5netcdf
import numpy as np
import pytest

from cortex import api
from cortex.engine import Arm
from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.experiment.identity import Run
from cortex.experiment.record import read_record, write_record
from cortex.experiment.repeat import differences, recorded_run
from cortex.experiment.result import from_record
from cortex.experiment.scenario import Scenario

SHORT = {"duration": "0.1 s"}


@pytest.fixture
def scenario(tiny: Path) -> Scenario:
    return catalogue.find(str(tiny))


@pytest.mark.parametrize("name", ["a/b", "/tmp/a", "..", ".", "", "null\0"])
def test_arms_that_no_file_of_recordings_can_hold_are_refused(scenario: Scenario, name: str, tmp_path: Path) -> None:
    odd = dataclasses.replace(scenario, arms=lambda parameters, streams: {name: Arm({}, streams.network_seed)})
    with pytest.raises(UsageError, match=r"arms of tiny cannot be called\n  '"):
        api.run(odd, SHORT, output=tmp_path, backend="numpy")


def test_a_run_keeps_everything(scenario: Scenario, tmp_path: Path) -> None:
    result = api.run(scenario, SHORT, seed=3, output=tmp_path, backend="numpy")
    assert result.folder == tmp_path / "runs" / result.record["run"]
    files = {str(path.relative_to(result.folder)) for path in result.folder.rglob("*") if path.is_file()}
    assert files - {"source.diff"} == {
        *("run.json", "data.nc", "log.txt", "scenario.py", "figures/voltage.png", "report.html"),
    }
    record = json.loads((result.folder / "run.json").read_text())
    assert record["parameters"] == scenario.resolve(SHORT).as_text()
    assert record["phases"] == [{"name": "drive", "start": 0.0, "duration": 0.1, "unit": "s"}]
    assert record["simulated_seconds"] == pytest.approx({"driven": 0.1, "silent": 0.1})
    assert (record["requested_seconds"], record["biological_seconds"]) == pytest.approx((0.1, 0.2))
    assert record["bands"] == {"rate": [100, 200], "silent_rate": [1, None]}
    assert (record["status"], record["seed"], record["backend"]) == ("complete", 3, "numpy")
    assert record["measures"]["nothing"] is None
    assert set(record["seconds"]) == {"build", "simulate", "analyse"}
    assert record["provenance"]["versions"]["brian2"][0].isdigit()
    assert record["provenance"]["threads"] == 1
    with h5netcdf.File(result.folder / "data.nc") as file:
        spikes = file["driven"].variables["spikes.t"]
        assert record["measures"]["rate"] == len(spikes[...]) / 2 / 0.1
        assert spikes.attrs["units"] == "s"


def test_the_rate_is_that_of_the_closed_form(scenario: Scenario, tmp_path: Path) -> None:
    result = api.run(scenario, {"duration": "1 s", "jitter": "0"}, seed=0, output=tmp_path, backend="numpy")
    assert result.record["measures"]["rate"] == pytest.approx(result.record["predictions"]["rate"], rel=0.02)


def test_the_same_seed_gives_the_same_numbers(scenario: Scenario, tmp_path: Path, seed: int) -> None:
    first, second = (api.run(scenario, SHORT, seed=seed, output=tmp_path / out, backend="numpy") for out in "ab")
    other = api.run(scenario, SHORT, seed=seed, output=tmp_path, replicate=1, backend="numpy")
    assert differences(first, second) == []

    def drive(folder: Path) -> np.ndarray:
        with h5netcdf.File(folder / "data.nc") as file:
            return np.asarray(file["driven"].variables["v"][...])

    np.testing.assert_array_equal(drive(first.folder), drive(second.folder))
    assert not np.array_equal(drive(first.folder), drive(other.folder))


def test_the_quick_version_says_so(scenario: Scenario, tmp_path: Path) -> None:
    result = api.run(scenario, {}, seed=0, output=tmp_path, quick=True, backend="numpy", svg=True)
    assert result.summary["quick"] is True
    assert result.record["requested_seconds"] == pytest.approx(0.2)
    assert "quick version" in (result.folder / "figures" / "voltage.svg").read_text()


def test_the_name_tells_what_is_run(scenario: Scenario) -> None:
    run = Run(scenario, scenario.parameters)
    others = [
        dataclasses.replace(run, seed=1),
        dataclasses.replace(run, quick=True),
        dataclasses.replace(run, parameters=scenario.resolve(SHORT)),
        dataclasses.replace(run, scenario=dataclasses.replace(scenario, file=None)),
    ]
    replicate = dataclasses.replace(run, replicate=7)
    assert len({one.id for one in (run, *others)}) == 5
    assert replicate.id == run.id.replace("-r000", "-r007")
    assert Run(scenario, scenario.resolve({"duration": "1000 ms"})).id == run.id


def test_a_recorded_run_is_the_same_run(scenario: Scenario, tmp_path: Path) -> None:
    result = api.run(scenario, {"cell.tau": "12.34567890123 ms"}, seed=5, output=tmp_path, quick=True, backend="numpy")
    run, first = recorded_run(result.folder, trust=True)
    assert run.id == result.record["run"]
    assert differences(first, result) == []


def test_a_changed_scenario_cannot_be_repeated(scenario: Scenario, tmp_path: Path) -> None:
    result = api.run(scenario, SHORT, seed=5, output=tmp_path, backend="numpy")
    record = json.loads((result.folder / "run.json").read_text())
    record["parameters"]["cell.gone"] = "3"
    write_record(result.folder, record)
    with pytest.raises(UsageError, match=r"cannot be repeated(.|\n)*cell\.gone"):
        recorded_run(result.folder, trust=True)


def test_differences_are_named(scenario: Scenario, tmp_path: Path) -> None:
    result = api.run(scenario, SHORT, seed=5, output=tmp_path, backend="numpy")
    measures = result.record["measures"] | {"rate": result.record["measures"]["rate"] * (1 + 1e-15)}
    other = from_record(result.folder, result.record | {"measures": measures})
    assert differences(result, other) == ["rate"]


def test_a_duration_that_is_no_multiple_of_the_step_is_complete(scenario: Scenario, tmp_path: Path) -> None:
    result = api.run(scenario, {"duration": "0.10004 s"}, output=tmp_path, backend="numpy")
    assert result.record["simulated_seconds"]["driven"] == pytest.approx(0.1001)
    assert read_record(result.folder) is not None


@pytest.mark.parametrize("place", ["import math\n", "def build(p):\n", "def measure(p, recordings):\n"])
def test_a_scenario_may_print_and_change_the_folder(
    place: str, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    indent = "" if place.startswith("import") else "    "
    moved = f"{indent}import os\n{indent}os.chdir({str(tmp_path / 'elsewhere')!r})\n{indent}print('moved')\n"
    text = tiny.read_text(encoding="utf-8")
    (tmp_path / "moving.py").write_text(text.replace(place, place + moved, 1), encoding="utf-8")
    for seed in (0, 1):
        result = api.run("moving.py", SHORT, seed=seed, output="out", backend="numpy")
        assert read_record(result.folder.absolute()) is not None
    assert Path.cwd() == tmp_path
    assert len(list((tmp_path / "out" / "runs").iterdir())) == 2
    captured = capsys.readouterr()
    assert ("moved" in captured.out, "moved" in captured.err) == (False, True)
