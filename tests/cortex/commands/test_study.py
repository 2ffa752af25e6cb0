"""``cortex study`` and ``cortex status``: what is run, resumed, told and left behind."""

import csv
import json
import shutil
import sys
from pathlib import Path

import pytest

from benchmarks.resilience import records
from cortex.engine import compiler
from tests.cortex.commands.typed import SHORT, STUDY, Cortex, counts

posix = pytest.mark.skipif(sys.platform == "win32", reason="kills processes as POSIX does")


def test_a_study_file_is_run_and_kept(cortex: Cortex, study: Path) -> None:
    outcome = cortex("study", study, "-j", "1", "--backend", "numpy")
    assert outcome.code == 0
    assert outcome.out.splitlines()[0].split() == ["complete", "4", "of", "4"]
    out = Path("results/mine")
    assert (out / "study.toml").read_text() == STUDY
    rows = list(csv.DictReader((out / "trials.csv").read_text().splitlines()))
    assert [(row["condition"], row["replicate"]) for row in rows].count(("silent", "1")) == 1
    assert {row["cell.drive"] for row in rows if row["condition"] == "silent"} == {"0 mV"}
    assert {row["run"] for row in rows} == {folder.name for folder in (out / "runs").iterdir()}
    environment = json.loads((out / "environment.json").read_text())
    assert environment["made_with"][0]["backend"] == "numpy"
    assert not list(out.glob("runs/*/figures"))
    import pandas

    table = pandas.read_csv(out / "trials.csv")
    assert table.groupby("condition")["rate"].mean()["silent"] == 0
    assert table["tenth_spike_seconds"].isna().sum() == 2
    assert table["quick"].dtype == bool


def test_the_same_command_does_what_is_missing_or_asked_for_since(cortex: Cortex, study: Path) -> None:
    cortex("study", study, "-j", "1", "--backend", "numpy")
    runs = sorted(Path("results/mine/runs").iterdir())
    before = {run.name: (run / "run.json").stat().st_mtime_ns for run in runs}
    whole = records(Path("results/mine"))
    shutil.rmtree(runs[0])
    data = runs[1] / "data.nc"
    data.write_bytes(data.read_bytes()[:-100])
    assert counts(cortex, "results/mine")["complete"] == 2
    assert cortex("study", study, "-j", "1", "--backend", "numpy").code == 0
    assert records(Path("results/mine")) == whole
    after = {run.name: (run / "run.json").stat().st_mtime_ns for run in runs}
    assert [name for name in before if before[name] != after[name]] == [runs[0].name, runs[1].name]
    assert runs[1].with_name(f"{runs[1].name}.damaged").exists()
    copy = shutil.copy("results/mine/study.toml", study.with_name("copy.toml"))
    kept = cortex("study", copy, "-o", "results/mine", "-j", "1", "--backend", "numpy", "--json")
    assert json.loads(kept.out)["complete"] == 4
    study.write_text(STUDY.replace("seeds = 2", "seeds = 3"))  # which is no change
    assert cortex("study", study, "-j", "1", "--backend", "numpy").code == 0
    assert counts(cortex, "results/mine")["complete"] == 6


def test_a_typed_sweep_writes_its_file(cortex: Cortex, tiny: Path) -> None:
    typed = (
        "study",
        tiny,
        *SHORT,
        "-p",
        "jitter=0.1,0.2",
        "-p",
        "cell.tau=linear(10 ms, 20 ms, 2)",
        "--null",
        "no_drive",
    )
    dry = cortex(*typed, "--seeds", "2", "-n")
    assert dry.code == 0
    assert "runs      16: 0 done, 16 to do\n" in dry.out
    assert dry.out.endswith("nothing was run\n")
    printed = json.loads(cortex(*typed, "--seeds", "2", "-n", "--json").out)
    assert (printed["planned"], len(printed["missing"])) == (16, 16)
    assert not Path("results").exists()
    assert cortex(*typed, "--seeds", "2", "-j", "1").code == 0
    shutil.copy("results/tiny_study/study.toml", "copy.toml")
    again = cortex("study", "copy.toml", "-o", "results/tiny_study", "-j", "1", "--backend", "numpy", "--json")
    printed = json.loads(again.out)
    assert (printed["planned"], printed["complete"], printed["failed"]) == (16, 16, 0)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("study", "tin"), "no study"),
        (("study", "copy_pair"), "nothing varies"),
        (("study", "copy_pair", "-p", "copies"), "has no value"),
        (("study", "copy_pair", "-p", "copis=2,3"), "did you mean copies?"),
        (("study", "copy_pair", "--seeds", "2", "--shard", "3/2"), "no part of a whole"),
        (("study", "copy_pair", "--seeds", "2", "--shard", "²/³"), "no part of a whole"),
        (("study", "none.toml"), "cannot be read"),
        (("study", "copy_pair", "--seeds", "2", "--shard", f"1/{'9' * 5000}"), "no part of a whole"),
        (("study", "copy_pair", "--seeds", "2", "--scheduler", "none.json"), "no scheduler file none.json"),
        (("status", "nowhere"), "is no folder"),
    ],
)
def test_wrong_usage_is_told(
    cortex: Cortex, arguments: tuple[str, ...], part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cortex.studies.executors.SECONDS_TO_ANSWER", 1)
    outcome = cortex(*arguments)
    assert (outcome.code, part in outcome.err) == (2, True)
    assert not Path("results").exists()


def test_what_has_changed_stops_it_with_three_ways_on(cortex: Cortex, study: Path) -> None:
    command = ("study", study, "-j", "1", "--backend", "numpy")
    cortex(*command)
    study.write_text(STUDY.replace("0.1 s", "0.2 s"))
    outcome = cortex(*command)
    assert outcome.code == 2
    for part in ('-duration = "0.1 s"', '+duration = "0.2 s"', "put back", "-o DIR", "--accept-changes"):
        assert part in outcome.err
    assert 'changed since: +duration = "0.2 s"' in cortex(*command, "-n").err
    with pytest.MonkeyPatch.context() as patch:  # killed after the plan was kept
        patch.setattr("cortex.studies.session.replace_text", None)
        assert cortex(*command, "--accept-changes").code == 3
    assert cortex(*command).code == 0
    assert counts(cortex, "results/mine")["complete"] == 4
    assert "beside    4 complete runs not in the plan" in cortex("status", "results/mine").out
    rows = list(csv.DictReader(Path("results/mine/trials.csv").read_text().splitlines()))
    assert [row["duration"] for row in rows if row["planned"] == "true"] == ["0.2 s"] * 4
    assert len(rows) == 8
    with study.with_name("tiny.py").open("a") as file:
        file.write("# another line\n")
    assert "scenario file  was" in cortex(*command).err


def test_a_primary_measure_that_no_run_has_is_told(cortex: Cortex, study: Path) -> None:
    study.write_text(STUDY + '[primary]\nmeasure = "something_else"\n')
    assert "the primary measure something_else is none of: rate" in cortex("study", study, "-j", "1").err
    study.write_text(STUDY + '[primary]\nmeasure = "tenth_spike_second"\n')
    assert "did you mean tenth_spike_seconds?" in cortex("study", study).err


def test_shards_share_the_work(cortex: Cortex, study: Path) -> None:
    for shard in ("1/3", "2/3"):
        assert cortex("study", study, "-j", "1", "--backend", "numpy", "--shard", shard).code == 0
    assert counts(cortex, "results/mine")["complete"] == 3
    cortex("study", study, "-j", "1", "--backend", "numpy", "--shard", "3/3")
    told = counts(cortex, "results/mine")
    assert (told["complete"], told["waiting"]) == (4, 0)


def test_folders_of_two_people_merge_by_copying(cortex: Cortex, study: Path) -> None:
    for shard, out in (("1/2", "hers"), ("2/2", "his")):
        cortex("study", study, "-j", "1", "--backend", "numpy", "--shard", shard, "-o", out)
    shutil.copytree("his", "hers", dirs_exist_ok=True)
    assert counts(cortex, "hers")["complete"] == 4
    assert len(Path("hers/trials.csv").read_text().splitlines()) == 5


@pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
def test_each_network_is_compiled_once(
    cortex: Cortex, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = compiler.find_compiler()
    assert found is not None
    counting = tmp_path / "counting"
    counting.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/calls\nexec {" ".join(found.command)} "$@"\n')
    counting.chmod(0o755)
    monkeypatch.setenv("CXX", str(counting))
    monkeypatch.setenv("CORTEX_CACHE", str(tmp_path / "cache"))
    study.write_text(
        'scenario = "tiny.py"\nseeds = 1\n[vary]\nduration = ["0.1 s", "0.2 s"]\njitter = [0.1, 0.2]\n'
        + '[conditions.full]\n[conditions.silent]\nnull = "no_drive"\n'
    )
    assert "networks  2 to compile" in cortex("study", study, "-n").out
    assert cortex("study", study, "-j", "2").code == 0
    assert counts(cortex, "results/mine")["complete"] == 8
    compiled = [call for call in (tmp_path / "calls").read_text().splitlines() if "unit.cpp" in call]
    assert len(compiled) == 2
