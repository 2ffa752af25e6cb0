"""``cortex study`` of which runs or processes fail, or are stopped."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from benchmarks.resilience import cluster, records, resilience
from tests.cortex.commands.typed import STUDY, Cortex, counts, start

posix = pytest.mark.skipif(sys.platform == "win32", reason="kills processes as POSIX does")


def test_failed_runs_stay_failed_until_they_are_tried_again(cortex: Cortex, study: Path) -> None:
    study.write_text(STUDY + "[conditions.broken]\nfails = true\n")
    command = ("study", study, "-j", "1", "--backend", "numpy")
    outcome = cortex(*command)
    assert outcome.code == 1
    assert "--retry-failed" in outcome.err
    told = counts(cortex, "results/mine")
    assert told["complete"] == 4
    assert told["causes"] == {f"ZeroDivisionError: measuring failed ({study.parent}/tiny.py, line 68)": 2}
    failed = next(Path("results/mine/runs").glob("*.failed"))
    assert json.loads((failed / "failure.json").read_text())["parameters"]["fails"] == "true"
    assert cortex(*command).err.count("failed: ZeroDivisionError") == 0
    assert cortex(*command, "--retry-failed").err.count("failed: ZeroDivisionError") == 2
    assert "failed 2: ZeroDivisionError" in cortex("status", "results/mine").out
    study.write_text(STUDY + "[conditions.aaa]\nfails = true\n")
    stopped = cortex(*command, "-x", "-o", "other")
    assert stopped.code == 1
    assert counts(cortex, "other")["waiting"] > 0


@posix
def test_runs_that_kill_their_workers_fail_and_the_others_go_on(cortex: Cortex, study: Path) -> None:
    bad = "".join(f'[conditions.{trouble}]\ntrouble = "{trouble}"\n' for trouble in ("dies", "waits", "eats"))
    study.write_text(f"{STUDY}{bad}[limits]\nminutes = 0.1\ngigabytes = 0.6\n".replace("seeds = 2", "seeds = 1"))
    outcome = cortex("study", study, "-j", "2", "--backend", "numpy")
    assert outcome.code == 1
    told = counts(cortex, "results/mine")
    assert (told["complete"], len(told["failed"]), told["waiting"]) == (2, 3, 0)
    for cause in (
        "its process died 3 times",
        "it took longer than the limit of 0.1 minutes",
        "more than the limit of 0.6 GB",
    ):
        assert sum(cause in one for one in told["causes"]) == 1, told["causes"]


@posix
def test_a_killed_study_is_finished_and_its_numbers_are_the_same(study: Path, tmp_path: Path) -> None:
    study.write_text(STUDY.replace("seeds = 2", "seeds = 4"))
    report = resilience([str(study), "-j", "2"], tmp_path / "killed", kills=3, seed=3)
    assert len(report.kills) == 3
    assert report.runs == 8
    assert report.holds, report


@posix
def test_dask_workers_do_a_study_though_one_is_killed(study: Path, tmp_path: Path) -> None:
    study.write_text(STUDY.replace("seeds = 2", "seeds = 6"))
    report = resilience([str(study), "-j", "2"], tmp_path / "dask", kills=1, seed=1, dask=True)
    assert report.kills[0].endswith("a dask worker")
    assert report.runs == 12
    assert report.holds, report


@posix
def test_ctrl_c_keeps_what_is_complete(study: Path, tmp_path: Path) -> None:
    study.write_text(STUDY.replace("seeds = 2", "seeds = 200"))
    program = [sys.executable, "-c", "from cortex.cli import main; main()", "study", str(study), "--backend", "numpy"]
    process = subprocess.Popen(
        program, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}, stderr=subprocess.PIPE
    )
    runs = tmp_path / "results" / "mine" / "runs"
    while process.poll() is None and len(list(runs.glob("*-r[0-9][0-9][0-9]"))) < 3:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    err = process.communicate(timeout=20)[1].decode()
    assert process.returncode == 130
    assert "the same command does the rest" in err
    assert len(records(tmp_path / "results" / "mine")) >= 3


@pytest.mark.slow
def test_a_scheduler_that_is_killed_is_told_and_loses_nothing(study: Path, tmp_path: Path) -> None:
    study.write_text(study.read_text().replace("seeds = 2", "seeds = 200"))
    with cluster(tmp_path / "dask", workers=1) as (scheduler, _):
        process = start(tmp_path, "study", study, "--backend", "numpy", "-q", "--scheduler", scheduler)
        runs = tmp_path / "results/mine/runs"
        while process.poll() is None and len(list(runs.glob("*-r???"))) < 2:
            time.sleep(0.1)
        [dask] = [child for child in psutil.Process().children() if "dask_scheduler" in " ".join(child.cmdline())]
        dask.kill()
        message = process.communicate(timeout=60)[1]
    assert process.returncode == 4
    assert message.startswith("error: the dask scheduler at tcp://127.0.0.1:")
    assert "is gone\nruns that are complete stay" in message
    assert len(list(runs.glob("*-r???"))) >= 2


@pytest.mark.slow
@pytest.mark.usefixtures("hang_ups")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_study_that_is_ended_leaves_no_process_and_no_temporary_file(
    study: Path, tmp_path: Path, number: signal.Signals
) -> None:
    study.write_text(STUDY.replace("seeds = 2", "seeds = 200").replace("0.1 s", "5000 s"))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = start(tmp_path, "study", study, "-j", "2", "--backend", "numpy", TMPDIR=str(temporary))
    while process.poll() is None and len(list((tmp_path / "results/mine/runs").glob("*.partial/log.txt"))) < 2:
        time.sleep(0.05)
    below = psutil.Process(process.pid).children(recursive=True)
    for _ in range(3):
        process.send_signal(number)
        time.sleep(0.01)
    message = process.communicate(timeout=30)[1]
    assert process.returncode == 128 + number
    assert "error: interrupted\nruns that are complete stay; the same command does the rest" in message
    assert "Traceback" not in message
    assert psutil.wait_procs(below, timeout=5)[1] == []
    assert list(temporary.iterdir()) == []
