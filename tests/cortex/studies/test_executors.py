"""Where the runs of a study are done: processes, and addresses and files of schedulers that are none."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cortex.errors import EnvironmentProblem, UsageError
from cortex.studies import executors
from cortex.studies.executors import SAFE_PATH, LocalProcesses
from tests.cortex.commands.typed import ROOT

PROGRAM = """
import os
from cortex.studies.executors import LocalProcesses
if __name__ == "__main__":
    pool = LocalProcesses(1)
    print(pool.submit(os.getenv, "PYTHONSAFEPATH").result())
    pool.shutdown()
"""


def test_no_module_of_the_current_folder_is_executed(tmp_path: Path) -> None:
    (tmp_path / "programs").mkdir()
    (tmp_path / "programs" / "work.py").write_text(PROGRAM)
    for name in ("pickle", "tempfile"):  # which a process imports before it knows where its parent finds modules
        (tmp_path / f"{name}.py").write_text('open("trace", "w")\n')
    environment = {name: value for name, value in os.environ.items() if name != SAFE_PATH} | {"PYTHONPATH": str(ROOT)}
    words = [sys.executable, "programs/work.py"]
    ended = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert ended.stdout == "None\n", ended.stderr  # nor do the processes that it starts inherit anything
    assert not (tmp_path / "trace").exists()


@pytest.mark.parametrize("before", [None, "1"])
def test_the_environment_is_left_as_it_was(before: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SAFE_PATH, raising=False)
    if before:
        monkeypatch.setenv(SAFE_PATH, before)
    LocalProcesses(1).shutdown()
    assert os.environ.get(SAFE_PATH) == before


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "SECONDS_TO_ANSWER", 0.3)
    monkeypatch.setattr(executors, "SECONDS_TO_WRITE", 0.1)


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"address": 5}', '{"address": "tcp://here"}', '{"id": "Scheduler"}', "\x00\xff"]
)
def test_a_scheduler_file_without_an_address_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "scheduler.json"
    file.write_text(text, encoding="latin-1")
    begun = time.monotonic()
    with pytest.raises(EnvironmentProblem, match="tells no address of a dask scheduler\\ngive the address"):
        executors.connect(str(file))
    assert time.monotonic() - begun < 10


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "foo://127.0.0.1:1", "127.0.0.1:port", "::"])
def test_an_address_where_nobody_answers_is_told(address: str) -> None:
    with pytest.raises(EnvironmentProblem, match=f"no dask scheduler answers at {address}: "):
        executors.connect(address)


@pytest.mark.usefixtures("_impatient")
def test_a_scheduler_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no scheduler file"):
        executors.connect(str(tmp_path / "none.json"))
