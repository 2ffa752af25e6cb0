"""Tasks in processes that are forked from this one, so that all is imported already; one may hang or die."""

import os
import pickle
import selectors
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Task:
    """A function and how long it may take.

    Attributes
    ----------
    name : str
    work : callable
        Returns what can be pickled.
    limit : float, s
    """

    name: str
    work: Callable[[], Any]
    limit: float


@dataclass(frozen=True)
class Ended:
    """How a task ended.

    Attributes
    ----------
    task : Task
    value : object
        What it returned; None if it did not.
    trouble : str
        "hung", "died", or the traceback of its error; empty if it returned.
    """

    task: Task
    value: Any = None
    trouble: str = ""


def forked(tasks: Iterable[Task], processes: int) -> Iterator[Ended]:
    """Do tasks in forked processes, some at a time, and yield how each ended."""
    waiting, running = iter(tasks), {}
    with selectors.DefaultSelector() as pipes:
        while True:
            while len(running) < processes and (task := next(waiting, None)):
                end, pid = _start(task)
                running[end] = (task, pid, time.monotonic() + task.limit, bytearray())
                pipes.register(end, selectors.EVENT_READ)
            if not running:
                return
            for key, _ in pipes.select(timeout=0.2):
                end = key.fd
                task, pid, _, content = running[end]
                if part := os.read(end, 1 << 20):
                    content += part
                    continue
                yield _finish(pipes, running, end)
            for end, (_, pid, deadline, _) in list(running.items()):
                if time.monotonic() > deadline:
                    os.killpg(pid, signal.SIGKILL)
                    yield _finish(pipes, running, end, "hung")


def _start(task: Task) -> tuple[int, int]:
    end, entry = os.pipe()
    pid = os.fork()
    if pid:
        os.close(entry)
        with suppress(OSError):  # it has done so itself, or has ended
            os.setpgid(pid, pid)
        return end, pid
    try:
        os.setpgid(0, 0)
        os.close(end)
        try:
            answer = pickle.dumps((task.work(), ""))
        except BaseException:
            answer = pickle.dumps((None, traceback.format_exc()))
        with open(entry, "wb") as pipe:
            pipe.write(answer)
    finally:
        os._exit(0)


def _finish(pipes: selectors.BaseSelector, running: dict[int, Any], end: int, trouble: str = "") -> Ended:
    task, pid, _, content = running.pop(end)
    pipes.unregister(end)
    os.close(end)
    os.waitpid(pid, 0)
    try:
        value, told = pickle.loads(bytes(content))
    except (EOFError, pickle.UnpicklingError):
        value, told = None, "died"
    return Ended(task, value, trouble or told)
