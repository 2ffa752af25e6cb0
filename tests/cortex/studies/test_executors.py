"""Where runs are done: addresses and files of schedulers that are none."""

import time
from pathlib import Path

import pytest

from cortex.errors import EnvironmentProblem, UsageError
from cortex.studies import executors


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "SECONDS_TO_ANSWER", 0.3)
    monkeypatch.setattr(executors, "SECONDS_TO_WRITE", 0.1)


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


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "foo://127.0.0.1:1", "127.0.0.1:port", "::"])
def test_an_address_where_nobody_answers_is_told(address: str) -> None:
    with pytest.raises(EnvironmentProblem, match=f"no dask scheduler answers at {address}: "):
        executors.connect(address)


def test_a_scheduler_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no scheduler file"):
        executors.connect(str(tmp_path / "none.json"))
