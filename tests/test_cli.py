"""The command line: messages, exit codes, and what is left behind."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SHORT = ("-p", "duration=0.1 s", "--backend", "numpy")
ROOT = Path(__file__).parents[1]
PROGRAM = [sys.executable, "-c", "from cortex.cli import main; main()"]


Cortex = Callable[..., Any]
"""The fixture ``cortex``: type a command, get its outcome."""


def start(folder: Path, *arguments: str | Path, **environment: str) -> "subprocess.Popen[str]":
    """Start the command as a process of its own."""
    return subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def files(folder: Path) -> list[str]:
    """What lies in a folder, and deeper."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys, cortex.cli\n"
        "for command in (['--help'], ['list'], ['run', '--help'], ['study', '--help'], ['show', 'release_time']):\n"
        "    try: cortex.cli.main(arguments=command)\n"
        "    except SystemExit: pass\n"
        "sys.exit(bool({'brian2', 'numpy', 'pydantic', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert done.returncode == 0


def test_no_command_shows_them_all(cortex: Cortex) -> None:
    outcome = cortex()
    assert outcome.code == 2
    assert all(command in outcome.err for command in ("list", "show", "run", "new", "doctor"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lst"], 'no command "lst"; did you mean list?'),
        (["run"], "Missing argument"),
        (["run", "copy-piar"], 'no scenario "copy-piar"; did you mean copy_pair?'),
        (["show", "copy-piar"], "did you mean copy_pair?"),
        (["run", "nowhere.py"], "nowhere.py is no file"),
        (["run", "copy_pair", "--sed", "3"], "--seed"),
        (["run", "copy_pair", "--seeds", "0"], "x>=1"),
        (["run", "copy_pair", "-p", "copies"], "-p copies  has no value"),
        (["run", "."], "holds no complete run"),
        (["new", "3 cells"], "no name for a scenario"),
        (["new", "copy-pair"], "name of a shipped scenario"),
    ],
)
def test_wrong_usage_is_told_in_one_message(cortex: Cortex, arguments: list[str], message: str) -> None:
    outcome = cortex(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err.startswith("error: ")
    assert outcome.err.count("error") == 1
    assert message in outcome.err


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


def test_list_and_show(cortex: Cortex, tiny: Path) -> None:
    listed = cortex("list").out.splitlines()
    assert listed[0] == "scenarios"
    assert any(line.startswith("  copy_pair  ") for line in listed[: listed.index("models")])
    shown = cortex("show", tiny).out
    for text in ("Two driven cells", "Nobody 2000", "cell.tau = 10 ms   (1 ms .. 100 ms)", "[own choice]", ">= 1"):
        assert text in shown
    assert "--null no_drive\n  cell.drive = 0 mV" in shown


def test_a_dry_run_writes_nothing(cortex: Cortex, tiny: Path, tmp_path: Path) -> None:
    outcome = cortex("run", tiny, "-n", "--seeds", "3", "--backend", "cpp")
    assert outcome.code == 0
    assert "drive  0 s    1 s" in outcome.out
    assert "6 s (1 s for each simulation)" in outcome.out
    assert outcome.out.endswith("nothing was run\n")
    assert files(tmp_path) == []


def test_a_run_shows_measures_beside_their_bands(cortex: Cortex, tiny: Path, tmp_path: Path) -> None:
    outcome = cortex("run", tiny, *SHORT)
    assert outcome.code == 0
    head, rate, silent, _, nothing, folder = outcome.out.splitlines()
    assert head.split() == ["measure", "value", "prediction", "band", "ok"]
    assert rate.split()[0] == "rate"
    assert rate.split()[2:] == ["144.3", "100", "..", "200", "yes"]
    assert silent.split() == ["silent_rate", "0", ">=", "1", "outside"]
    assert nothing.split() == ["nothing", "nan"]
    assert (tmp_path / folder / "run.json").exists()
    assert folder.startswith("results/tiny/runs/")
    assert "simulate driven" in outcome.err


def test_json_is_one_object(cortex: Cortex, tiny: Path) -> None:
    outcome = cortex("run", tiny, *SHORT, "--json", "-q", "--seed", "3", "-o", "elsewhere")
    printed = json.loads(outcome.out)
    assert set(printed) == {
        *("scenario", "run", "status", "quick", "null", "seed", "replicate"),
        *("measures", "predictions", "biological_seconds", "seconds"),
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


def test_a_complete_run_is_never_overwritten(cortex: Cortex, tiny: Path, tmp_path: Path) -> None:
    cortex("run", tiny, *SHORT)
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in files(tmp_path)}
    outcome = cortex("run", tiny, *SHORT)
    assert outcome.code == 2
    assert "is complete already" in outcome.err
    assert "--seed" in outcome.err
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in files(tmp_path)} == before
    assert cortex("run", tiny, *SHORT, "--seed", "1").code == 0


def test_a_folder_without_a_whole_run_is_set_aside(cortex: Cortex, tiny: Path) -> None:
    folder = Path(cortex("run", tiny, *SHORT).out.splitlines()[-1])
    (folder / "run.json").write_text("{}")
    outcome = cortex("run", tiny, *SHORT)
    assert outcome.code == 0
    assert "damaged" in outcome.err
    assert (folder.with_name(f"{folder.name}.damaged") / "run.json").read_text() == "{}"


def test_a_null_model_is_recorded(cortex: Cortex, tiny: Path) -> None:
    printed = json.loads(cortex("run", tiny, *SHORT, "--null", "no_drive", "--json").out)
    assert (printed["null"], printed["measures"]["rate"]) == ("no_drive", 0)


def test_a_run_folder_repeats_its_run(cortex: Cortex, tiny: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(tiny.read_text())
    folder = cortex("run", file, *SHORT).out.splitlines()[-1]
    file.unlink()
    outcome = cortex("run", folder)
    assert outcome.code == 0
    assert "all measures are identical" in outcome.out
    assert json.loads(cortex("run", folder, "--json", "-o", "again").out)["identical"] is True
    assert cortex("run", folder, "--seed", "3").code == 2

    record = json.loads(Path(folder, "run.json").read_text())
    record["measures"]["rate"] += 1
    Path(folder, "run.json").write_text(json.dumps(record))
    outcome = cortex("run", folder)
    assert outcome.code == 1
    assert "came out different: rate" in outcome.err


def test_a_failed_measurement_keeps_the_traceback(cortex: Cortex, tiny: Path, tmp_path: Path) -> None:
    outcome = cortex("run", tiny, *SHORT, "-p", "fails=true")
    assert outcome.code == 3
    assert "unexpected ZeroDivisionError: measuring failed" in outcome.err
    assert "tiny.py, line" in outcome.err
    assert "Traceback" not in outcome.err
    [failed] = (tmp_path / "results/tiny/runs").iterdir()
    assert failed.suffix == ".failed"
    assert "ZeroDivisionError: measuring failed" in (failed / "log.txt").read_text()
    assert str(failed.relative_to(tmp_path)) in outcome.err
    assert "Traceback" in cortex("run", tiny, *SHORT, "-p", "fails=true", "--debug").err


def test_without_a_compiler(cortex: Cortex, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    outcome = cortex("run", tiny, "-p", "duration=0.1 s", "--backend", "cpp")
    assert outcome.code == 4
    assert "no C++ compiler" in outcome.err
    assert files(tmp_path) == []
    outcome = cortex("run", tiny, "-p", "duration=0.1 s")
    assert outcome.code == 0
    assert "simulating with numpy" in outcome.err


@pytest.mark.parametrize("place", ["mkdir", "write_bytes", "write_text"])
@pytest.mark.parametrize(
    ("number", "sentence"), [(errno.ENOSPC, "the disk is full"), (errno.EACCES, "no permission to write there")]
)
def test_a_folder_that_cannot_be_written(
    cortex: Cortex, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, number: int, sentence: str
) -> None:
    def refuse(path: Path, *arguments: Any, **options: Any) -> None:
        raise OSError(number, os.strerror(number), str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Path, place, refuse)
        outcome = cortex("run", tiny, *SHORT, "-q")
    assert outcome.code == 4
    assert outcome.err.startswith("error: cannot write results/tiny/runs/")
    assert sentence in outcome.err
    assert len(outcome.err.splitlines()) == 2
    assert files(tmp_path) == []


@pytest.mark.parametrize(("backend", "kilobytes"), [("numpy", 8), ("numpy", 40), ("auto", 100), ("auto", 600)])
def test_a_full_disk(cortex: Cortex, tiny: Path, tmp_path: Path, backend: str, kilobytes: int) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    duration = "duration=1 s" if backend == "numpy" else "duration=100 s"
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, stderr=subprocess.DEVNULL).returncode:
        pytest.skip("a small disk can only be made by root")
    try:
        outcome = cortex("run", tiny, "-p", duration, "--backend", backend, "-o", disk, "-q")
        assert (outcome.code, files(disk)) == (4, [])
        assert "the disk is full" in outcome.err
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_leaves_no_run(tmp_path: Path, tiny: Path, number: signal.Signals, code: int) -> None:
    process = start(tmp_path, "run", tiny, "-p", "duration=100000 s", "--backend", "numpy", "--seeds", "2")
    assert process.stderr is not None
    assert "simulate driven" in process.stderr.readline()
    process.send_signal(number)
    message = process.communicate(timeout=60)[1]
    assert process.returncode == code
    assert "interrupted" in message
    assert "0 of 2 runs are complete in results/tiny/runs" in message
    assert "Traceback" not in message
    [left] = (tmp_path / "results/tiny/runs").iterdir()
    assert left.suffix == ".partial"


def test_a_killed_run_is_made_anew_by_the_same_command(tmp_path: Path, tiny: Path, cortex: Cortex) -> None:
    arguments = ("run", tiny, "-p", "duration=3 s", "--backend", "numpy")
    process = start(tmp_path, *arguments)
    assert process.stderr is not None
    assert "simulate driven" in process.stderr.readline()
    process.kill()
    process.communicate(timeout=60)
    [left] = (tmp_path / "results/tiny/runs").iterdir()
    assert left.suffix == ".partial"
    assert "run.json" not in files(left)
    assert cortex(*arguments).code == 0
    [run] = (tmp_path / "results/tiny/runs").iterdir()
    assert run.name == left.stem


def test_a_scenario_file_runs_as_a_program(tmp_path: Path, tiny: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, tiny, *SHORT, "--json", "-q"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert json.loads(done.stdout)["scenario"] == "tiny"
    process = start(tmp_path, "run", tiny, *SHORT)
    assert "is complete already" in process.communicate(timeout=60)[1]


def test_a_new_scenario_is_ready_to_run(cortex: Cortex, tmp_path: Path) -> None:
    outcome = cortex("new", "my-pair")
    assert (outcome.code, files(tmp_path)) == (0, ["my_pair.py"])
    assert "my pair" in cortex("show", "my_pair.py").out
    assert "phase" in cortex("run", "my_pair.py", "-n", "--quick").out
    text = (tmp_path / "my_pair.py").read_text()
    assert cortex("new", "my-pair").code == 2
    assert (tmp_path / "my_pair.py").read_text() == text


def test_doctor(cortex: Cortex) -> None:
    outcome = cortex("doctor", "--clear-cache")
    assert outcome.code == 0
    for text in ("Python", "brian2", "C++ compiler", os.environ["CORTEX_CACHE"], str(ROOT / "models")):
        assert text in outcome.out


def test_another_package_of_the_same_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "__init__.py").write_text("raise SystemExit('the decoy was imported')")
    path = f"{tmp_path}{os.pathsep}{ROOT}"
    process = start(tmp_path, "list", PYTHONPATH=path)
    message = process.communicate(timeout=60)[1]
    assert process.returncode == 4
    assert message.startswith(f'error: the package "models" comes from {tmp_path / "models"}')
    process = start(tmp_path, "doctor", PYTHONPATH=path)
    assert str(tmp_path / "models") in process.communicate(timeout=60)[0]
    assert process.returncode == 4
