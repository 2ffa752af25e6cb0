"""Processes that do the runs of a study: where they find modules."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
