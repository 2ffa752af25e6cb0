"""The table of committed runs, and what has become of a plan."""

import csv
import json
import math
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cortex.commands import tables
from cortex.experiment.record import read_record, write_record
from cortex.experiment.run_folder import writing
from cortex.studies import state, table
from cortex.studies.plan import PlannedRun

RECORD: dict[str, Any] = {
    **{"status": "complete", "scenario": "tiny", "seed": 5, "quick": False, "null": "", "bands": {"rate": [1, None]}},
    **{"requested_seconds": 1.0, "simulated_seconds": {"a": 1.0}, "watched_seconds": {"late_s": 20.0}},
    **{"predictions": {"rate": 3.0}, "seconds": {"build": 1.0, "simulate": 2.0, "analyse": 3.0}},
    "provenance": {"versions": {"cortical-expansion": "0.1"}, "source": {"revision": "0" * 40, "modified": True}},
}


def commit(out: Path, run: str, rate: float, late: float = math.nan) -> Path:
    """Write a run as the engine does."""
    replicate = int(run[-3:])
    with writing(out / "runs" / run) as folder:
        (folder / "data.nc").write_bytes(b"12345")
        measures = {"rate": rate, "late_s": late}
        parameters = {"cell.tau": "10 ms", "gain": "0.5"}
        write_record(
            folder, RECORD | {"run": run, "replicate": replicate, "measures": measures, "parameters": parameters}
        )
    return out / "runs" / run


def test_the_table_has_a_row_for_each_committed_run(tmp_path: Path) -> None:
    for number, run in enumerate(("b-r001", "b-r000", "a-r000")):
        commit(tmp_path, run, number)
    plan = [PlannedRun(run, "full", 0, {"gain": "0.5"}) for run in ("a-r000", "b-r000")]
    found = table.update(tmp_path, plan)
    assert (found.measures, found.parameters) == (["rate", "late_s"], ["cell.tau", "gain"])
    assert found.bands == {"rate": (1, None)}
    rows = list(csv.DictReader((tmp_path / "trials.csv").read_text().splitlines()))
    assert [(row["run"], row["condition"], row["rate"]) for row in rows] == [
        *(("a-r000", "full", "2"), ("b-r000", "full", "1"), ("b-r001", "", "0"))
    ]
    first = ["run", "planned", "scenario", "condition", "null", "seed", "replicate", "quick", "precision", "gain"]
    assert list(rows[0])[: len(first)] == first
    assert [row["planned"] for row in rows] == ["true", "true", "false"]
    assert (rows[0]["late_s"], rows[0]["watched.late_s"], rows[0]["prediction.rate"]) == ("", "20.0", "3.0")
    assert rows[0]["revision"] == "000000000000+"
    assert found.number("a-r000", "rate") == 2
    assert math.isnan(found.number("a-r000", "late_s"))
    assert found.restricted(["a-r000"], "late_s") == [20]
    np.testing.assert_array_equal(found.restricted(["a-r000", "gone"], "rate"), [2, math.nan])


def test_the_table_follows_the_folders(tmp_path: Path) -> None:
    commit(tmp_path, "a-r000", 1)
    table.update(tmp_path)
    shutil.rmtree(tmp_path / "runs" / "a-r000")
    second = commit(tmp_path, "b-r000", 2)
    assert list(table.update(tmp_path).rows) == ["b-r000"]
    record = json.loads((second / "run.json").read_text())
    write_record(second, record | {"measures": {"rate": 7.5}})
    assert table.update(tmp_path).number("b-r000", "rate") == 7.5
    (second / "data.nc").write_bytes(b"1")
    assert table.update(tmp_path).rows == {}


def test_rows_that_are_known_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        commit(tmp_path, f"a-r{number:03d}", number)
    first = table.update(tmp_path)
    read: list[str] = []

    def reading(folder: Path) -> Any:
        read.append(folder.name)
        return read_record(folder)

    monkeypatch.setattr(table, "read_record", reading)
    before = (tmp_path / "trials.csv").stat().st_mtime_ns
    again = table.update(tmp_path)
    assert again.rows.keys() == first.rows.keys()
    assert read == []
    assert again.measures == ["rate", "late_s"]
    assert len(read) == 1
    assert (tmp_path / "trials.csv").stat().st_mtime_ns == before


def test_a_damaged_table_is_made_anew(tmp_path: Path) -> None:
    commit(tmp_path, "a-r000", 1)
    table.update(tmp_path)
    whole = (tmp_path / "trials.csv").read_text()
    for damaged in ("", "nonsense", whole[: len(whole) // 2], "\x00" * 50):
        (tmp_path / "trials.csv").write_text(damaged)
        assert table.update(tmp_path).number("a-r000", "rate") == 1


def test_an_edited_value_is_never_taken_for_a_measure(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for number, run in enumerate(("a-r000", "b-r000", "c-r000")):
        commit(tmp_path, run, 0.25 * number)
    table.update(tmp_path)
    path = tmp_path / "trials.csv"
    whole = path.read_text()
    edited = {
        "a value": whole.replace("0.25", "999.5"),
        "a column": whole.replace("prediction.rate", "rate", 1).replace("rate", "prediction.rate", 1),
        "a field": whole.replace(",0.25,", ",,", 1),
        "a row": whole.replace("\nb-r000", "\nc-r000"),
        "a quote": whole.replace("a-r000", '"a-r000', 1) + "x" * 140_000,
    }
    for what, text in edited.items():
        caplog.clear()
        path.write_text(text)
        found = table.update(tmp_path)
        assert [found.number(run, "rate") for run in found.rows] == [0, 0.25, 0.5], what
        assert "was damaged or edited" in caplog.text, what
        assert path.read_text() == whole, what
    path.unlink()
    path.mkdir()
    assert list(table.update(tmp_path).rows) == ["a-r000", "b-r000", "c-r000"]


def test_the_state_of_a_plan(tmp_path: Path) -> None:
    for run in ("a-r000", "b-r000"):
        commit(tmp_path, run, 1)
    plan = [
        PlannedRun(run, "full", int(run[-3:])) for run in ("a-r000", "b-r000", "c-r000", "d-r000", "e-r000", "f-r000")
    ]
    with pytest.raises(ZeroDivisionError), writing(tmp_path / "runs" / "c-r000"):
        raise ZeroDivisionError("it broke")
    with pytest.raises(SystemExit), writing(tmp_path / "runs" / "d-r000"):
        raise SystemExit
    with writing(tmp_path / "runs" / "e-r000"):
        found = state.look(tmp_path, plan, table.update(tmp_path, plan))
        assert [trial.run for trial in found.complete] == ["a-r000", "b-r000"]
        assert [trial.run for trial, _ in found.running] == ["e-r000"]
        assert found.running[0][1]["started"] <= time.time()
        assert [trial.run for trial in found.waiting] == ["d-r000", "f-r000"]
        assert found.causes == {f"ZeroDivisionError: it broke ({__file__}, line 137)": 1}
        assert found.seconds_left == pytest.approx(6 * 3, abs=3)
    assert state.look(tmp_path, plan, table.update(tmp_path, plan)).seconds_left is None


def test_columns_of_all_runs_are_kept(tmp_path: Path) -> None:
    commit(tmp_path, "a-r000", 1)
    second = commit(tmp_path, "b-r000", 2)
    record = json.loads((second / "run.json").read_text())
    write_record(second, record | {"measures": {"pace": 7.5, "late_s": None}})
    for _ in range(2):
        found = table.update(tmp_path)
        assert found.measures == ["rate", "late_s", "pace"]
        assert [found.number("b-r000", name) for name in ("pace", "gain")] == [7.5, 0.5]
        assert math.isnan(found.number("a-r000", "pace"))
        assert found.number("a-r000", "rate") == 1


def test_what_was_found_in_runs_is_counted(tmp_path: Path) -> None:
    for run, told in (("a-r000", ["no touch", "no touch", "no spikes"]), ("a-r001", ["no touch"]), ("a-r002", [])):
        folder = commit(tmp_path, run, 1.0)
        record = json.loads((folder / "run.json").read_text())
        warnings = [{"what": what, "when": "", "where": "", "next": ""} for what in told]
        write_record(folder, record | ({"warnings": warnings} if told else {}))
    plan = [PlannedRun(f"a-r00{number}", "", number) for number in (0, 1)]
    for _ in range(2):  # from run.json, then from trials.csv
        now = state.look(tmp_path, plan, table.update(tmp_path, plan))
        assert now.warned == {"no touch": 2, "no spikes": 1}
    assert tables.study_counts(now, 2)[-1] == ("warned", "2 no touch, 1 no spikes")
    assert table.update(tmp_path).rows["a-r002"].get("warnings", "") == ""


def test_what_a_scenario_file_imports_from_below_it_counts_for_its_runs(tmp_path: Path) -> None:
    for run, text in (("0123-r000", "1"), ("0123-r001", "1"), ("0123-r002", "2")):
        folder = commit(tmp_path, run, 1.0)
        (folder / "parts" / "no_file.py").mkdir(parents=True)
        (folder / "scenario.py").write_text("from parts import rates")
        (folder / "parts" / "rates.py").write_text(text)
    first, second, third = (row["scenario_source"] for row in table.update(tmp_path).rows.values())
    assert first == second != third


def test_runs_of_one_kind_have_the_same_names_and_one_of_them_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in "abcde":
        commit(tmp_path, f"{key}-r000", 1)
    found = table.update(tmp_path)
    other = RECORD | {"run": "z-r000", "replicate": 0, "measures": {"depth": 1.0}, "parameters": {"gain": "0.5"}}
    with writing(tmp_path / "runs" / "z-r000") as folder:
        write_record(folder, other)
    read: list[str] = []
    monkeypatch.setattr(table, "read_record", lambda folder: read.append(folder.name) or read_record(folder))
    assert found.parameters == ["cell.tau", "gain"]
    assert read == ["a-r000"]
    found = table.update(tmp_path)
    read.clear()
    assert found.measures == ["rate", "late_s", "depth"]
    assert read == ["a-r000", "z-r000"]
