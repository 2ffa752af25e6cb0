"""The record of a run: whatever its file holds, it is either that of a run, with all that is read of it, or none."""

import copy
import json
import logging
import math
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cortex as package
from cortex.errors import UsageError
from cortex.experiment.record import checked_data, read_record, write_record
from cortex.experiment.result import read
from cortex.studies import alike, conclusion, environment, table

MADE = Path(__file__).parents[2] / "data" / "made_before"

RECORD: dict[str, Any] = {
    **{"status": "complete", "scenario": "tiny", "run": "0123-r000", "null": "no_drive", "quick": False},
    **{"seed": 3, "replicate": 0, "finished": "2026-11-27T01:12:01+00:00", "title": "Two cells", "citation": "Nobody"},
    **{"parameters": {"tau": "10 ms", "jitter": "0.1"}, "measures": {"rate": 5.0, "late": None}},
    **{"predictions": {"rate": 4.5}, "bands": {"rate": [100, None]}, "missing": {"late": "not reached in 1 s"}},
    **{"requested_seconds": 1.0, "simulated_seconds": {"a": 1.0}, "biological_seconds": 1.0},
    **{"seconds": {"build": 1.0, "simulate": 2.5}, "watched_seconds": {"late": 1.0}, "main_figure": "voltage"},
    **{"declared": {"rate": {"sentence": "Spikes.", "unit": "Hz", "source": ""}}, "unscored": "", "concludes": False},
    **{"settings": {"no_drive": {"drive": "0 mV"}}, "backend": "numpy", "compiler": ""},
    "phases": [{"name": "drive", "start": 0.0, "duration": 1.0, "unit": "s"}],
    "provenance": {"versions": {"cortical-expansion": "0.2"}, "source": {"revision": "0" * 40, "modified": True}},
}

NESTED = "[" * 5000 + "]" * 5000
HUGE = "1" * 5000

leaves = st.one_of(
    st.none(), st.booleans(), st.floats(), st.text(st.characters(), max_size=5), st.integers(-(10**400), 10**400)
)
anything = st.recursive(
    leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner), max_leaves=4
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the place of everything in a record."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, inner in items for deeper in paths(inner, (*path, key)))]


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """Return a record in which one or two places hold something else, or nothing, or have another name."""
    whole: Any = {"record": copy.deepcopy(RECORD)}
    for _ in range(draw(st.integers(1, 2))):
        *way, last = draw(st.sampled_from(paths(whole)[1:]))
        place = whole
        for key in way:
            place = place[key]
        how = draw(st.sampled_from(["replace", "remove", "rename"]))
        if how == "replace" or isinstance(place, list) or not way:
            place[last] = draw(anything)
        else:
            taken = place.pop(last)
            if how == "rename":
                place[draw(st.text(max_size=3) | st.sampled_from(["seed", "run", "stamp", "folder"]))] = taken
    return whole["record"]


def write(out: Path, text: str, run: str = "0123-r000") -> Path:
    folder = out / "runs" / run
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.json").write_text(text, errors="surrogatepass")
    return folder


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutated())
def test_a_record_is_that_of_a_run_or_it_is_none(tmp_path: Path, content: Any) -> None:
    folder = write(tmp_path, json.dumps(content))
    (tmp_path / "trials.csv").unlink(missing_ok=True)
    runs = table.update(tmp_path)
    if read_record(folder) is None:
        with pytest.raises(UsageError):
            read(folder)
    if read_record(folder) is None or content["run"] != folder.name:
        assert runs.rows == {}
        return
    [again] = table.update(tmp_path).rows.values()
    assert again == runs.rows[folder.name]
    run, [indexed] = read(folder), conclusion.results(runs, runs.rows)
    assert indexed.pair == run.pair
    for shown in (run.rows, run.scores, run.summary, run.version, run._repr_html_(), run.main_figure, run.limits):
        json.dumps(str(shown))
    assert all(type(value) is float for value in (*run.measures.values(), *run.predictions.values()))
    assert runs.units is not None and runs.bands is not None and runs.concludes in (True, False)
    alike._set_by(runs, folder.name, "no_drive")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{half", "Expecting property name"),
        ("[]", "should be a valid dictionary"),
        ("3", "should be a valid dictionary"),
        (NESTED, "nested too deeply"),
        ('{"seed": ' + HUGE + "}", "4300 digits"),
        ('{"status": "complete"}', "scenario Field required"),
        (json.dumps(RECORD | {"measures": {"rate": math.nan}}), "measures.rate should be a finite number"),
        (json.dumps(RECORD | {"measures": {"rate": "5"}}), "measures.rate should be a valid number"),
        (json.dumps(RECORD | {"measures": {"rate": 10**400}}), "measures.rate"),
        (json.dumps(RECORD | {"measures": {"seed": 5.0}}), "a measure is called seed"),
        (json.dumps(RECORD | {"seed": True}), "seed should be a valid integer"),
        (json.dumps(RECORD | {"warnings": [{"what": 3}]}), "warnings.0.what should be a valid string"),
        (json.dumps(RECORD | {"title": "\ud800"}), "title"),
        (json.dumps(RECORD | {"status": "failed"}), "status should be 'complete'"),
        (json.dumps(RECORD | {"simulated_seconds": {"a": 0.5}}), "it was not simulated to its end"),
        (json.dumps(RECORD | {"data_bytes": 12}), "it has 0 bytes, not 12"),
    ],
)
def test_a_bad_run_is_told_by_name_and_the_others_go_on(
    cortex: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str, reason: str
) -> None:
    out = shutil.copytree(MADE, tmp_path / "made")
    bad = write(out, text, "bad-r000")
    with caplog.at_level(logging.WARNING):
        printed = cortex("status", out, "--json")
        assert (printed.code, json.loads(printed.out)["complete"]) == (0, 2)
        assert cortex("compare", out, "--no-figures").code == 0
        assert len(package.load(out)) == 2
    [told] = [record.getMessage() for record in caplog.records if "bad-r000" in record.getMessage()]
    assert "bad-r000" in told and reason in told
    assert told.endswith(f"do the run again, or move {bad} away")
    with pytest.raises(UsageError, match="bad-r000"):
        package.load(bad)


def test_a_number_that_was_changed_in_a_record_is_noticed(tmp_path: Path) -> None:
    folder = write(tmp_path, "")
    write_record(folder, RECORD | {"measures": {"rate": math.nan, "late": 0.1 + 0.2}})
    found = read(folder)
    assert found.measures["late"] == 0.1 + 0.2
    (folder / "run.json").write_text(json.dumps(found.record))  # another layout is no other content
    assert read_record(folder) == found.record
    (folder / "run.json").write_text(json.dumps(found.record).replace('"rate": null', '"rate": 5.0'))
    with pytest.raises(UsageError, match="was changed since the run wrote it"):
        read(folder)


def test_a_record_that_is_no_file_is_not_waited_for(tmp_path: Path) -> None:

    folder = tmp_path / "0123-r000"
    folder.mkdir()
    os.mkfifo(folder / "run.json")
    assert read_record(folder) is None


def test_a_copy_of_a_run_is_no_other_run(tmp_path: Path) -> None:
    copy = write(tmp_path, json.dumps(RECORD), "copy-r000")
    write(tmp_path, json.dumps(RECORD | {"parameters": {"seed": "x", "run": "y"}}))
    runs = table.update(tmp_path)
    assert [(row["run"], row["seed"]) for row in runs.rows.values()] == [("0123-r000", "3")]
    assert read(copy).measures["rate"] == 5.0


def test_a_file_in_the_place_of_all_runs_holds_none(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("")
    assert table.update(tmp_path).rows == {}


@pytest.mark.parametrize(
    "content",
    ["[]", "3", "{}", '{"made_with": 3}', '{"made_with": []}', '{"made_with": [{"a": 1}]}', NESTED, HUGE, "\x00"],
)
def test_what_a_study_was_made_with_is_known_or_not(
    tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "environment.json").write_text(content)
    assert environment.load(tmp_path) is None
    assert environment.changes(tmp_path, {"Python": "3"}) == []
    [told] = caplog.records
    assert "what the study was made with is not known" in told.getMessage()
    environment.write(tmp_path, {"Python": "3"}, None)
    assert environment.changes(tmp_path, {"Python": "4"}) == ["Python  was 3, is 4"]


@pytest.mark.parametrize("name", ["run.json", "data.nc"])
def test_a_link_that_points_to_itself_is_no_run(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path, json.dumps(RECORD))
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(name)
    (tmp_path / "runs" / "loop-r000").symlink_to("loop-r000")
    assert table.update(tmp_path).rows.keys() == ({"0123-r000"} if name == "data.nc" else set())
    with pytest.raises(UsageError, match=r"holds no data\.nc"):
        checked_data(folder, RECORD)
