"""``cortex run``: what is printed, kept, resumed and repeated."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cortex.experiment.record import write_record
from tests.cortex.commands.typed import ROOT, SHORT, Cortex, files

posix = pytest.mark.skipif(sys.platform == "win32", reason="kills processes as POSIX does")


def test_all_wrong_parameters_are_told_at_once(cortex: Cortex, tiny: Path, tmp_path: Path) -> None:
    wrong = ("cell.tau=20 Hz", "cell.drive=20", "duration=0.01 s", "fails=perhaps", "cel.tau=3 ms")
    outcome = cortex("run", tiny, *(text for change in wrong for text in ("-p", change)))
    assert outcome.code == 2
    assert outcome.err.splitlines() == [
        "error: tiny, 5 problems",
        "  cel.tau     no such parameter; did you mean cell.tau?",
        "  duration    0.01 s is below the lower bound 0.1 s",
        '  fails       "perhaps" is not true or false',
        '  cell.tau    "20 Hz" is a rate; give a time such as "10 ms"',
        '  cell.drive  "20" has no unit; give a voltage such as "20 mV"',
        "nothing was run; cortex show tiny lists all parameters",
    ]
    assert files(tmp_path) == []


def test_nothing_is_evaluated(cortex: Cortex, tiny: Path, tmp_path: Path) -> None:
    for name in ("cell.tau", "jitter", "fails"):
        code = f"__import__('pathlib').Path({str(tmp_path / 'evaluated')!r}).touch()"
        assert cortex("run", tiny, "-p", f"{name}={code}").code == 2
    assert files(tmp_path) == []


def test_a_dry_run_writes_nothing(cortex: Cortex, tiny: Path, tmp_path: Path) -> None:
    outcome = cortex("run", tiny, "-n", "--seeds", "3", "--backend", "cpp")
    assert outcome.code == 0
    assert "drive  0 s    1 s" in outcome.out
    assert "6 s (1 s for each simulation)" in outcome.out
    assert outcome.out.endswith("nothing was run\n")
    assert files(tmp_path) == []


def test_a_dry_run_counts_what_is_complete_already(cortex: Cortex, tiny: Path) -> None:
    short = ("run", tiny, "-p", "duration=0.1 s", "--backend", "numpy")
    cortex(*short)
    again, more = cortex(*short, "-n").out, cortex(*short, "-n", "--seeds", "3").out
    assert "1 of 1 complete already in results/tiny\nnothing was run\n" in again
    assert "1 of 3 complete already" in more
    assert "runs             2, each of" in more


def test_a_run_shows_measures_beside_their_bands(cortex: Cortex, tiny: Path, tmp_path: Path) -> None:
    outcome = cortex("run", tiny, "--backend", "numpy")  # the whole version at its own values: bands are scored
    assert outcome.code == 0
    head, rate, silent, _, nothing, _, note, _, folder = outcome.out.splitlines()
    assert head.split() == ["measure", "value", "prediction", "band", "ok"]
    assert rate.split()[0] == "rate"
    assert rate.split()[2:] == ["144.3", "100", "..", "200", "yes"]
    assert silent.split() == ["silent_rate", "0", ">=", "1", "outside"]
    assert nothing.split() == ["nothing", "not", "measured:", "its", "analysis", "gave", "no", "number"]
    assert note.startswith("Bands are for means over seeds; a single run scatters")
    assert note.endswith(f"10 runs: cortex run {tiny} --seeds 10")
    assert (tmp_path / folder / "run.json").exists()
    assert folder.startswith("results/tiny/runs/")
    assert "simulate driven" in outcome.err


def test_bands_are_not_scored_at_other_values(cortex: Cortex, tiny: Path) -> None:
    out = cortex("run", tiny, *SHORT, "-q").out
    assert "bands are not scored: other values of duration" in out
    assert "outside" not in out
    assert "Bands are for means" not in out


def test_json_is_one_object(cortex: Cortex, tiny: Path) -> None:
    outcome = cortex("run", tiny, *SHORT, "--json", "-q", "--seed", "3", "-o", "elsewhere")
    printed = json.loads(outcome.out)
    assert set(printed) == {
        *("scenario", "run", "status", "quick", "null", "precision", "seed", "replicate"),
        *("measures", "predictions", "missing", "unscored", "folder", "biological_seconds", "seconds"),
        "warnings",
    }
    assert (printed["scenario"], printed["status"], printed["quick"], printed["seed"]) == ("tiny", "complete", False, 3)
    assert set(printed["measures"]) == {"rate", "silent_rate", "tenth_spike_seconds", "nothing"}
    assert printed["measures"]["nothing"] is None
    assert set(printed["seconds"]) == {"build", "simulate", "analyse"}
    assert outcome.err == ""
    assert (Path("elsewhere/runs") / printed["run"] / "run.json").exists()


def test_several_seeds_resume_and_are_summarised(cortex: Cortex, tiny: Path) -> None:
    cortex("run", tiny, *SHORT)
    outcome = cortex("run", tiny, *SHORT, "--seeds", "3", "--json")
    assert outcome.err.count("measure and draw: done") == 2
    printed = json.loads(outcome.out)
    rates = [run["measures"]["rate"] for run in printed["runs"]]
    assert [run["replicate"] for run in printed["runs"]] == [0, 1, 2]
    assert printed["measures"]["rate"]["mean"] == pytest.approx(sum(rates) / 3)
    assert printed["measures"]["rate"]["low"] <= min(printed["measures"]["rate"]["mean"], max(rates))
    head, *_ = cortex("run", tiny, *SHORT, "--seeds", "4").out.splitlines()
    assert head.split() == ["measure", "mean", "95", "%", "interval", "prediction", "band", "ok"]


def test_a_complete_run_is_shown_again_and_never_overwritten(cortex: Cortex, tiny: Path, tmp_path: Path) -> None:
    first = cortex("run", tiny, *SHORT)
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in files(tmp_path)}
    outcome = cortex("run", tiny, *SHORT)
    assert (outcome.code, outcome.out) == (0, first.out)
    assert f"complete already; `cortex run {first.out.splitlines()[-1]}` repeats it" in outcome.err
    assert "--seed" in outcome.err
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in files(tmp_path)} == before
    assert cortex("run", tiny, *SHORT, "--seed", "1").code == 0


def test_several_values_are_a_study(cortex: Cortex) -> None:
    outcome = cortex("run", "copy_pair", "-p", "copies=2,3")
    assert outcome.code == 2
    assert "for several values of a parameter: cortex study copy_pair -p copies=2,3" in outcome.err


def test_a_null_model_is_recorded(cortex: Cortex, tiny: Path) -> None:
    printed = json.loads(cortex("run", tiny, *SHORT, "--null", "no_drive", "--json").out)
    assert (printed["null"], printed["measures"]["rate"]) == ("no_drive", 0)


def test_a_run_folder_repeats_its_run(cortex: Cortex, tiny: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(tiny.read_text())
    folder = cortex("run", file, *SHORT).out.splitlines()[-1]
    file.unlink()
    outcome = cortex("run", folder, "--trust")
    assert outcome.code == 0
    assert "all measures are identical" in outcome.out
    assert json.loads(cortex("run", folder, "--scenario", tiny, "--json", "-o", "again").out)["identical"] is True
    assert cortex("run", folder, "--seed", "3").code == 2

    record = json.loads(Path(folder, "run.json").read_text())
    record["measures"]["rate"] += 1
    write_record(Path(folder), record)
    outcome = cortex("run", folder, "--trust")
    assert outcome.code == 1
    assert "came out different: rate" in outcome.err


def test_a_repetition_tells_of_damaged_data_and_stays_beside_a_folder_that_was_moved(
    cortex: Cortex, tiny: Path, tmp_path: Path
) -> None:
    made = Path(cortex("run", tiny, *SHORT, "--backend", "numpy").out.splitlines()[-1])
    place = tmp_path / "a" / "b" / made.name
    place.parent.mkdir(parents=True)
    made.rename(place)
    data = bytearray((place / "data.nc").read_bytes())
    data[-1] ^= 1
    (place / "data.nc").write_bytes(data)
    outcome = cortex("run", place, "--scenario", tiny)
    again = place.parent / "repeat-1" / "runs" / place.name
    assert outcome.code == 1
    assert f"{again}\ncompared with {place}: all measures are identical" in outcome.out
    assert f"{place}/data.nc is damaged: it is not what the run wrote\nits repeat is whole: {again}" in outcome.err


def test_a_scenario_file_runs_as_a_program(cortex: Cortex, tmp_path: Path, tiny: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, tiny, *SHORT, "--json", "-q"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert json.loads(done.stdout)["scenario"] == "tiny"
    assert "complete already" in cortex("run", tiny, *SHORT).err


def test_what_makes_the_numbers_mean_little_is_told_once_and_kept(cortex: Cortex, tiny: Path) -> None:
    first = cortex("run", tiny, *SHORT, "-q", "--null", "no_drive")
    assert first.code == 0
    told = "no spikes (the whole run): spikes, all arms; give it more input: stimuli, weights, or a lower threshold"
    assert f"warning: {told}" in first.out
    again = cortex("run", tiny, *SHORT, "--null", "no_drive", "--json")
    [warning] = json.loads(again.out)["warnings"]
    assert (warning["what"], warning["when"], warning["where"]) == ("no spikes", "the whole run", "spikes, all arms")


def test_the_warning_of_a_run_is_on_standard_error_too(cortex: Cortex, tiny: Path) -> None:
    several = cortex("run", tiny, *SHORT, "--null", "no_drive", "--seeds", "2")
    assert several.err.count("no spikes (the whole run)") == 2
    assert several.out.count("warning, 2 of 2 runs: no spikes (the whole run)") == 1
