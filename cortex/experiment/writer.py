"""Who writes a run: a lock on its folder and, for other machines, a file that is renewed while the work goes on."""

import os
import platform
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from cortex.errors import EnvironmentProblem, UsageError
from cortex.files import check_links, explained, read_json

WRITER = "writer.json"
"""Who writes a folder; renewed while that goes on, and removed at the end."""

SILENCE = 120.0
"""Time without a heartbeat after which a writer on another machine is taken for dead, s."""


MOVES = 100
"""How often a folder may be moved away while it is opened; after that it cannot be made at all."""


class Writer(BaseModel):
    """What a writer's file says."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    host: str
    pid: int
    started: float
    starts: dict[str, int] = {}


class Busy(UsageError):
    """Another process is writing the run."""


def writer(partial: Path) -> dict[str, Any] | None:
    """Return who is writing a folder, with ``host``, ``pid`` and ``started``; None if nobody is.

    On this machine its lock tells; on another one, whether its heartbeat is younger than two minutes.
    """
    record = read_writer(partial)
    if record and record["host"] != platform.node():
        return record if is_fresh(partial) else None
    try:
        with held(partial, make=False):
            return None
    except Busy:
        return record
    except (OSError, UsageError):
        return None


@contextmanager
def held(partial: Path, make: bool = True) -> Iterator[None]:
    """Hold a folder: of several processes only one gets it."""
    handle = _hold(partial, make)
    try:
        yield
    finally:
        os.close(handle)


def _hold(partial: Path, make: bool) -> int:
    """Open a folder and lock it; it may be renamed or made by another process meanwhile."""
    import fcntl  # not on Windows

    looks = moves = 0
    while True:
        if what := in_the_way(partial):
            raise UsageError(f"{partial} is {what}, and no folder that a run is written in", hint="move it away")
        try:
            if make:
                partial.mkdir(parents=True, exist_ok=True)
            handle = os.open(partial, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except (FileNotFoundError, FileExistsError) as error:
            check_links(partial.parent)
            moves += 1  # another process may have moved it just now, but not for ever
            moved = make if isinstance(error, FileNotFoundError) else partial.is_dir() or not partial.exists()
            if moved and moves < MOVES:
                continue
            if moved:
                raise EnvironmentProblem(
                    f"cannot make {partial}: {error.strerror}\n"
                    "nothing of it is kept; write to another folder with -o DIR"
                ) from error
            raise
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(handle, partial):
                return handle
            os.close(handle)
        except BlockingIOError:
            os.close(handle)
            looks += 1
            if looks > 2:
                raise busy(partial) from None
            time.sleep(0.05)  # it may only be somebody who looks whether the folder is held


def in_the_way(partial: Path) -> str:
    """Return what stands in the place of a folder, "a link" or "a file"; empty if nothing does."""
    try:
        mode = partial.lstat().st_mode
    except OSError:
        return ""
    return "a link" if stat.S_ISLNK(mode) else "" if stat.S_ISDIR(mode) else "a file"


def busy(partial: Path) -> Busy:
    """Return the error that tells of another writer."""
    ahead = (heartbeat(partial) or 0.0) - time.time()
    hint = "wait for it, or stop it"
    if ahead > SILENCE:
        hint = f"its sign of life is dated {ahead:.0f} s ahead: if nobody writes the run, remove that folder"
    return Busy(f"{partial} is being written by another process", hint=hint)


def _is_at(handle: int, place: Path) -> bool:
    """Return whether an open folder still has its name: another process may have finished it and given it another."""
    try:
        return os.path.samestat(os.fstat(handle), place.lstat())
    except FileNotFoundError:
        return False


def read_writer(partial: Path) -> dict[str, Any]:
    """Read who wrote a folder last; empty if nothing tells it."""
    try:
        return Writer.model_validate(read_json(partial / WRITER)).model_dump()
    except (OSError, ValueError):
        return {}


def is_fresh(partial: Path) -> bool:
    """Return whether the writer has shown lately that it is alive.

    So has one whose clock is ahead of this machine's, as far as a date tells.
    """
    beat = heartbeat(partial)
    return beat is not None and time.time() - beat < SILENCE


def heartbeat(partial: Path) -> float | None:
    """Return when a writer has shown that it is alive, by the clock of its disk; None if it never has."""
    try:
        return (partial / WRITER).stat().st_mtime
    except OSError:
        return None


def take_for_dead(partial: Path) -> None:
    """Have a writer on another machine taken for dead, until it shows that it is alive.

    Raises
    ------
    EnvironmentProblem
        If that cannot be written.
    """
    with explained(partial):
        os.utime(partial / WRITER, (0, 0), follow_symlinks=False)


@contextmanager
def renewing(partial: Path) -> Iterator[None]:
    """Renew the writer's file, which other machines look at."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(SILENCE / 6):
            with suppress(OSError):
                os.utime(partial / WRITER)

    threading.Thread(target=renew, name="heartbeat", daemon=True).start()
    try:
        yield
    finally:
        over.set()
