"""The folder of one run."""

import errno
import hashlib
import json
import logging
import math
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import ANY

import pytest

from cortex.errors import EnvironmentProblem, Killed, RunFailed, UsageError
from cortex.experiment.record import read_record, write_record
from cortex.experiment.run_folder import Committed, writing
from cortex.experiment.writer import Busy, writer
from cortex.files import to_json

COMPLETE = {
    **{"status": "complete", "requested_seconds": 1.0, "simulated_seconds": {"a": 1.0}, "seconds": {"build": 1.0}},
    **{"scenario": "tiny", "run": "0123-r000", "null": "", "quick": False, "seed": 0, "replicate": 0},
    **{"parameters": {"tau": "10 ms"}, "measures": {"rate": 5.0}, "predictions": {}, "bands": {}},
    "provenance": {"versions": {"cortical-expansion": "0.1"}},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "0123-r000"


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir())


def test_the_name_comes_last(folder: Path) -> None:
    with writing(folder) as partial:
        (partial / "data").write_text("1")
        assert left(folder) == ["0123-r000.partial"]
    assert left(folder) == ["0123-r000"]
    assert (folder / "data").read_text() == "1"


def test_a_complete_run_is_never_overwritten(folder: Path) -> None:
    folder.mkdir(parents=True)
    write_record(folder, COMPLETE)
    with pytest.raises(Committed, match="complete already"), writing(folder):
        pytest.fail("the folder was opened")
    assert left(folder) == ["0123-r000"]


def test_half_a_run_under_a_whole_name_is_set_aside(folder: Path) -> None:
    for content in ("first", "second"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "data.nc").write_text(content)
        with writing(folder) as partial:
            write_record(partial, COMPLETE)
        (folder / "run.json").unlink()
    assert left(folder) == ["0123-r000", "0123-r000.damaged", "0123-r000.damaged-2"]
    damaged = folder.with_name("0123-r000.damaged")
    assert (damaged / "data.nc").read_text() == "first"


def test_a_run_whose_process_died_three_times_fails(folder: Path) -> None:
    for _ in range(3):
        die(folder, "one study")
    with pytest.raises(RunFailed, match="died 3 times"), writing(folder, "one study", {"seed": 5}):
        pytest.fail("it was begun a fourth time")
    assert left(folder) == ["0123-r000.failed"]
    failure = json.loads((folder.with_name("0123-r000.failed") / "failure.json").read_text())
    assert failure["seed"] == 5
    assert "died 3 times" in failure["cause"]


def test_a_run_of_a_study_whose_simulation_was_killed_is_no_failed_one(folder: Path) -> None:
    with pytest.raises(Killed), writing(folder, "study"):
        raise Killed("SIGKILL")
    assert left(folder) == ["0123-r000.partial"]
    with pytest.raises(Killed), writing(folder):
        raise Killed("SIGKILL")
    assert left(folder) == ["0123-r000.failed"]


def test_another_start_of_the_study_counts_anew(folder: Path) -> None:
    for session in ("a", "a", "a", "b", "b"):
        die(folder, session)
    with writing(folder, "b"):
        pass
    assert left(folder) == ["0123-r000"]


def test_a_run_that_was_stopped_fails_with_the_reason(folder: Path) -> None:
    die(folder, "study")
    (folder.with_name("0123-r000.partial") / "stopped.txt").write_text("it took too long")
    with pytest.raises(RunFailed, match="it took too long"), writing(folder, "study"):
        pytest.fail("it was begun again")


def test_a_run_of_a_study_that_cannot_be_built_fails(folder: Path) -> None:
    with pytest.raises(UsageError), writing(folder, "study"):
        raise UsageError("these values do not go together")
    assert left(folder) == ["0123-r000.failed"]


def test_the_writer_is_known_only_while_it_writes(folder: Path) -> None:
    partial = folder.with_name("0123-r000.partial")
    assert writer(partial) is None
    with writing(folder):
        found = writer(partial)
        assert found is not None
        assert found["pid"] == os.getpid()
    die(folder, "study")
    assert writer(partial) is None
    elsewhere = json.loads((partial / "writer.json").read_text()) | {"host": "another machine"}
    (partial / "writer.json").write_text(json.dumps(elsewhere))
    assert writer(partial) is not None
    with pytest.raises(Busy), writing(folder):
        pytest.fail("a writer on another machine was overrun")
    os.utime(partial / "writer.json", (0, 0))
    assert writer(partial) is None


def die(folder: Path, session: str) -> None:
    """Leave what a killed process leaves."""
    with pytest.raises(SystemExit), writing(folder, session):
        raise SystemExit


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_an_interrupted_run_stays_partial_and_starts_anew(folder: Path, interrupt: type[BaseException]) -> None:
    with pytest.raises(interrupt), writing(folder) as partial:
        (partial / "half").mkdir()
        raise interrupt
    assert left(folder) == ["0123-r000.partial"]
    with writing(folder) as partial:
        assert not (partial / "half").exists()
    assert left(folder) == ["0123-r000"]


def test_a_failed_run_keeps_what_it_left(folder: Path) -> None:
    for attempt in ("first", "second"):
        with pytest.raises(ZeroDivisionError) as caught, writing(folder) as partial:
            (partial / "data").write_text(attempt)
            raise ZeroDivisionError("attempt failed")
    assert left(folder) == ["0123-r000.failed"]
    failed = folder.with_name("0123-r000.failed")
    assert (failed / "data").read_text() == "second"
    assert "ZeroDivisionError: attempt failed" in (failed / "log.txt").read_text()
    assert str(failed) in caught.value.__notes__[0]
    with writing(folder):
        pass
    assert left(folder) == ["0123-r000"]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.ENOSPC, "the disk is full"), (errno.EACCES, "no permission"), (errno.EROFS, "read-only")],
)
def test_a_run_that_cannot_be_written_leaves_nothing(folder: Path, number: int, sentence: str) -> None:
    with pytest.raises(EnvironmentProblem, match=sentence) as caught, writing(folder) as partial:
        (partial / "data").write_text("1")
        raise OSError(number, os.strerror(number), str(partial / "more"))
    assert "more" in str(caught.value)
    assert left(folder) == []


def test_a_program_that_aborts_on_a_full_disk_is_no_failed_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=0))
    with pytest.raises(EnvironmentProblem, match="the disk is full"), writing(folder):
        raise RunFailed("killed by SIGABRT")
    assert left(folder) == []


def test_another_error_of_the_system_is_a_failed_run(folder: Path) -> None:
    with pytest.raises(FileNotFoundError), writing(folder):
        raise FileNotFoundError(errno.ENOENT, "no such file")
    assert left(folder) == ["0123-r000.failed"]


def test_two_processes_do_not_write_one_run(folder: Path) -> None:
    with writing(folder) as partial:
        (partial / "data").write_text("1")
        with pytest.raises(UsageError, match="another process"), writing(folder):
            pytest.fail("the folder was opened twice")
        assert (partial / "data").exists()


def test_what_is_logged_is_kept(folder: Path) -> None:
    logging.getLogger("cortex").setLevel(logging.INFO)
    with writing(folder):
        logging.getLogger("cortex.somewhere").info("half way")
    logging.getLogger("cortex.somewhere").info("too late")
    text = (folder / "log.txt").read_text()
    assert "half way" in text
    assert "too late" not in text


def test_numbers_that_are_not_finite_become_null() -> None:
    assert json.loads(to_json({"a": [math.nan, math.inf, 0.1], "b": 2})) == {"a": [None, None, 0.1], "b": 2}


def test_only_a_complete_run_is_one(tmp_path: Path) -> None:
    def record(name: str, **changes: object) -> dict[str, object] | None:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "data.nc").write_text("1234")
        write_record(folder, COMPLETE | changes)
        return read_record(folder)

    digest = hashlib.sha256(b"1234").hexdigest()
    assert record("whole") == COMPLETE | {"data_bytes": 4, "data_sha256": digest, "sha256": ANY}
    (tmp_path / "whole" / "data.nc").write_text("12")
    assert read_record(tmp_path / "whole") is None
    assert record("again") is not None
    (tmp_path / "again" / "data.nc").unlink()
    assert read_record(tmp_path / "again") is None
    assert record("failed", status="failed") is None
    assert record("short", simulated_seconds={"a": 1.0, "b": 0.9}) is None
    assert record("0123.partial") is None
    assert read_record(tmp_path / "nowhere") is None
    (tmp_path / "whole" / "run.json").write_text("{half")
    assert read_record(tmp_path / "whole") is None


def test_two_studies_that_take_turns_do_not_go_on_for_ever(folder: Path) -> None:
    for session in "ababab":
        die(folder, session)
    with pytest.raises(RunFailed, match="died 3 times"), writing(folder, "a"):
        pytest.fail("it was begun a fourth time")
    assert left(folder) == ["0123-r000.failed"]


def test_of_many_writers_one_commits(tmp_path: Path) -> None:
    def write(folder: Path) -> str:
        try:
            with writing(folder, "study") as partial:
                (partial / "data.nc").write_text("1")
                write_record(partial, COMPLETE)
        except (Busy, Committed) as error:
            return type(error).__name__
        return "wrote"

    folders = [tmp_path / "runs" / f"{number}-r000" for number in range(60) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(write, folders))
    assert set(outcomes) <= {"wrote", "Busy", "Committed"}
    assert outcomes.count("wrote") == 60
    assert left(folders[0]) == sorted(f"{number}-r000" for number in range(60))
