"""Handing out runs: order, dying workers, busy runs."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cortex.engine.progress import Task
from cortex.errors import EnvironmentProblem
from cortex.experiment.writer import writer
from cortex.studies import conduct as module
from cortex.studies import executors
from cortex.studies.conduct import conduct
from cortex.studies.work import Order, Outcome, warm


def order(run: str) -> Order:
    return Order("tiny", {}, 0, 0, False, "", "double", run, Path(), "auto", False, None, None, "s", {})


class Scripted(Executor):
    """An engine whose outcomes are written down: for each run those of its attempts, then it is complete."""

    def __init__(self, script: dict[str, list[Any]], width: int = 2) -> None:
        self.script, self.width = script, width
        self.calls: list[str] = []
        self.most = 0

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        run = args[0].run
        self.calls.append(f"{'warm ' if function is warm else ''}{run}")
        steps = self.script.get(f"warm {run}" if function is warm else run, [])
        step = steps.pop(0) if steps else None if function is warm else Outcome(run, "complete")
        if isinstance(step, BaseException):
            future.set_exception(step)
        else:
            future.set_result(step)
        return future


def test_the_runs_of_a_network_begin_when_it_is_compiled() -> None:
    engine = Scripted({})
    result = conduct([[order("a1"), order("a2")], [order("b1")]], engine, Task())
    assert sorted(result.complete) == ["a1", "a2", "b1"]
    for network in "ab":
        first = engine.calls.index(f"warm {network}1")
        assert all(engine.calls.index(run) > first for run in result.complete if run[0] == network)
    assert engine.calls.count("warm a1") == 1


def test_a_run_is_done_again_when_its_worker_dies() -> None:
    engine = Scripted({"a": [BrokenProcessPool(), BrokenProcessPool()], "warm a": [BrokenProcessPool()]})
    result = conduct([[order("a"), order("b")]], engine, Task())
    assert sorted(result.complete) == ["a", "b"]
    assert engine.calls.count("a") == 3


def test_a_run_is_done_again_when_its_simulation_is_killed() -> None:
    engine = Scripted({"a": [Outcome("a", "killed", "by SIGKILL")] * 2})
    result = conduct([[order("a"), order("b")]], engine, Task())
    assert sorted(result.complete) == ["a", "b"]
    assert engine.calls.count("a") == 3


def test_workers_that_die_before_they_begin_end_it() -> None:
    engine = Scripted({"a": [BrokenProcessPool()] * 100})
    with pytest.raises(EnvironmentProblem, match="die before they begin"):
        conduct([[order("a")]], engine, Task())


def test_a_failed_run_does_not_keep_the_others() -> None:
    engine = Scripted({"a": [Outcome("a", "failed", "it broke")]})
    result = conduct([[order("a"), order("b")]], engine, Task())
    assert (result.complete, result.failed) == (["b"], {"a": "it broke"})


def test_the_first_failure_ends_it_if_asked() -> None:
    engine = Scripted({"a": [Outcome("a", "failed", "it broke")]}, width=1)
    result = conduct([[order("a"), order("b")]], engine, Task(), stop_at_first=True)
    assert (result.complete, result.failed) == ([], {"a": "it broke"})
    assert "b" not in engine.calls


def test_a_run_that_another_process_writes_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    engine = Scripted({"a": [Outcome("a", "busy")] * 3})
    result = conduct([[order("a"), order("b")]], engine, Task())
    assert sorted(result.complete) == ["a", "b"]
    assert engine.calls.count("a") == 4


def test_a_full_disk_ends_it() -> None:
    engine = Scripted({"a": [EnvironmentProblem("the disk is full")]})
    with pytest.raises(EnvironmentProblem, match="disk is full"):
        conduct([[order("a"), order("b")]], engine, Task())


def test_a_writer_without_a_sign_of_life_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its clock is a day ahead, so that its last sign of life looks new for as long."""
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    monkeypatch.setattr(module, "SILENCE", 0.1)
    partial = tmp_path / "runs" / "a.partial"
    partial.mkdir(parents=True)
    (partial / "writer.json").write_text('{"host": "elsewhere", "pid": 7, "started": 1.0}')
    ahead = time.time() + 86400
    os.utime(partial / "writer.json", (ahead, ahead))

    class Working(Scripted):
        def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
            future: Future[Any] = Future()
            busy = function is not warm and writer(partial) is not None
            future.set_result(Outcome("a", "busy" if busy else "complete"))
            return future

    begun = time.monotonic()
    result = conduct([[replace(order("a"), out=tmp_path)]], Working({}), Task())
    assert result.complete == ["a"]
    assert 0.1 < time.monotonic() - begun < 5
    assert caplog.text.count("a is being written by another process; waiting for it") == 1


def test_a_lost_scheduler_ends_it_at_once() -> None:
    class Lost(Scripted, executors.Dask):
        address = "tcp://127.0.0.1:8786"
        client = SimpleNamespace(status="closed")

    with pytest.raises(
        EnvironmentProblem, match=r"the dask scheduler at tcp://127.0.0.1:8786 is gone\n.*the same command"
    ):
        conduct([[order("a"), order("b")]], Lost({"a": [CancelledError()] * 9}), Task())


def test_what_runs_is_not_looked_at_again_for_each_run_that_ends() -> None:
    """Dask workers are handed all runs at once: looking at all that run whenever one ends takes the square of them."""
    looks: list[str] = []
    handed_out: list[tuple[Future[Any], str]] = []

    class Watched(Future[Any]):
        def done(self) -> bool:
            looks.append("done")
            return super().done()

    class Waiting(Scripted):
        """Nothing ends before all is handed out."""

        def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
            if function is warm:
                return super().submit(function, *args)
            handed_out.append((Watched(), args[0].run))
            if len(handed_out) == 100:
                threading.Thread(target=end_all).start()
            return handed_out[-1][0]

    def end_all() -> None:
        for future, run in handed_out:
            future.set_result(Outcome(run, "complete"))

    result = conduct([[order(f"{number}") for number in range(100)]], Waiting({}, width=10**9), Task())
    assert len(result.complete) == 100
    assert len(looks) <= 100
