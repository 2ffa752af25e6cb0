"""Watching over a process that works on a study: it stops when nobody wants its work, or when a run takes too much."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from cortex.experiment.run_folder import STOPPED

PERIOD = 0.25
"""Time between two looks, s."""


def leave_with(parent: int) -> None:
    """End this process and its programs as soon as its parent has ended, however that came about."""

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(PERIOD)
        stop()

    threading.Thread(target=look, name="leave with parent", daemon=True).start()


@contextmanager
def watched(partial: Path, minutes: float | None, gigabytes: float | None) -> Iterator[None]:
    """End this process if a run takes too long or too much.

    Why it was ended is told in the run's folder.

    Parameters
    ----------
    partial : Path
        Where the run is written.
    minutes : float, optional
        Longest time it may take.
    gigabytes : float, optional
        Most memory this process and its programs may use.
    """
    if minutes is None and gigabytes is None:
        yield
        return
    begun, over = time.monotonic(), threading.Event()

    def look() -> None:
        while not over.wait(PERIOD):
            reason = _excess((time.monotonic() - begun) / 60, minutes, gigabytes)
            if reason and not over.is_set():
                with suppress(OSError):
                    (partial / STOPPED).write_text(reason, encoding="utf-8")
                stop()

    thread = threading.Thread(target=look, name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def stop(pid: int | None = None) -> None:
    """Kill a process, by default this one, and all programs it has started."""
    with suppress(psutil.Error):
        whole = psutil.Process(pid)
        for process in (*whole.children(recursive=True), whole):
            with suppress(psutil.Error):
                process.kill()


def _excess(elapsed: float, minutes: float | None, gigabytes: float | None) -> str:
    """Return what exceeds its limit; "" if nothing does."""
    if minutes is not None and elapsed > minutes:
        return f"it took longer than the limit of {minutes:g} minutes"
    if gigabytes is not None and _memory() > gigabytes and (used := _memory(once=True)) > gigabytes:
        return f"it used {used:.2f} GB, more than the limit of {gigabytes:g} GB"
    return ""


def _memory(once: bool = False) -> float:
    """Return the resident memory of this process and its programs, GB.

    What several share, as simulations that went on from one, counts once if asked, which takes ten times as long.
    """
    total = 0
    for process in (*_children(), psutil.Process()):
        with suppress(psutil.Error):
            used = process.memory_info()
            if once:
                with suppress(psutil.Error):  # macOS refuses it for some processes
                    used = process.memory_full_info()
            total += getattr(used, "pss", used.rss)  # Linux alone tells what counts once
    return total / 1e9


def _children() -> list[psutil.Process]:
    try:
        return psutil.Process().children(recursive=True)
    except psutil.Error:
        return []
