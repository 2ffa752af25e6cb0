"""The folder of one run: written under a passing name, and given its own by one rename when all of it is there.

``NAME.partial`` is being written or was interrupted and is safe to delete; ``NAME.failed`` is what a failed run left;
``NAME.damaged`` had the name of a complete run but not all of its content.
"""

import errno
import itertools
import json
import logging
import math
import os
import platform
import shutil
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from cortex.errors import CortexError, EnvironmentProblem, Killed, RunFailed, UsageError

logger = logging.getLogger(__name__)

RECORD, DATA, FAILURE = "run.json", "data.nc", "failure.json"

LOGGED = ("cortex", "brian2")
"""Loggers whose messages go to a run's log.txt."""

REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your quota of disk space is used up",
    errno.EFBIG: "files may not become as large (ulimit -f)",
    errno.EACCES: "no permission to write there",
    errno.EPERM: "no permission to write there",
    errno.EROFS: "the disk is read-only",
    errno.ENOTDIR: "a file is in the way",
    errno.EEXIST: "a file is in the way",
}
"""What the operating system says when a folder cannot be written."""


WRITER = "writer.json"
"""Who writes a folder; renewed while that goes on, and removed at the end."""

STOPPED = "stopped.txt"
"""Why a run was stopped, written by the one who stops it."""

SILENCE = 120.0
"""Time without a sign of life after which a writer on another machine is taken for dead, s."""

STARTS = 3
"""How often a run is begun if its process dies each time."""


class Committed(UsageError):
    """The run is complete already."""


class Busy(UsageError):
    """Another process is writing the run."""


@contextmanager
def writing(folder: Path, session: str = "", repeat: Mapping[str, Any] | None = None) -> Iterator[Path]:
    """Give an empty folder to write a run in, and rename it to its own name at the end.

    What is logged meanwhile goes to its ``log.txt``. An interrupted run stays as ``.partial`` and one that fails as
    ``.failed``, with the traceback in its log and the cause in ``failure.json``; one that could not be written leaves
    nothing.

    Parameters
    ----------
    folder : Path
        Where the complete run shall be.
    session : str
        Names the study that is going on, if there is one: then a run whose process has died three times, or that
        somebody stopped, fails, and so does one that cannot be built.
    repeat : mapping
        What is needed to repeat it, for ``failure.json``.

    Raises
    ------
    Committed
        If the run is complete already.
    Busy
        If another process is writing it.
    EnvironmentProblem
        If it cannot be written.
    RunFailed
        If it was stopped before, or begun too often.
    Killed
        If a process was killed; in a study the run may then be begun again.
    """
    partial, failed = (folder.with_name(folder.name + ending) for ending in (".partial", ".failed"))
    with explained(folder), _held(partial):
        if folder.exists() and read_record(folder):
            partial.rmdir() if not any(partial.iterdir()) else shutil.rmtree(partial)
            raise Committed(f"{folder} is complete already", hint="move it away, or choose another -o DIR")
        starts, reason = _begin(partial, session)
        try:
            with explained(folder), _showing_life(partial), _logged(partial / "log.txt"):
                if reason or starts > STARTS:
                    raise RunFailed(
                        reason or f"its process died {STARTS} times; too little memory kills without a word"
                    )
                yield partial
                _make_durable(partial)
        except Exception as error:
            if isinstance(error, EnvironmentProblem) or (isinstance(error, UsageError) and not session):
                shutil.rmtree(partial, ignore_errors=True)
                raise
            if isinstance(error, Killed) and session:
                raise
            _write_failure(partial, error, repeat or {})
            shutil.rmtree(failed, ignore_errors=True)
            partial.rename(failed)
            error.add_note(f"what it left, with the traceback in log.txt, is in {failed}")
            raise
        if folder.exists():
            aside = folder.rename(_free(folder.with_name(f"{folder.name}.damaged")))
            logger.warning("%s was no whole run; what it held is kept in %s", folder, aside)
        partial.rename(folder)
        _sync(folder.parent)
        shutil.rmtree(failed, ignore_errors=True)


def write_record(folder: Path, record: Mapping[str, Any]) -> None:
    """Write run.json with the size of the data beside it; a number that is not finite becomes null."""
    data = folder / DATA
    record = {**record, "data_bytes": data.stat().st_size if data.exists() else 0}
    (folder / RECORD).write_text(to_json(record) + "\n", encoding="utf-8")


def to_json(record: Any) -> str:
    """Write plain values as JSON, with null for a number that is not finite."""
    return json.dumps(to_plain(record), indent=2, ensure_ascii=False, allow_nan=False)


def to_plain(value: Any) -> Any:
    """Copy plain values, with None for a number that is not finite."""
    if isinstance(value, Mapping):
        return {key: to_plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def read_record(folder: Path) -> dict[str, Any] | None:
    """Read the run.json of a run; None unless it is that of a complete run, with all its data beside it."""
    try:
        record: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(record, dict):
        return None
    data = folder / DATA
    size = data.stat().st_size if data.exists() else 0
    if folder.suffix or record.get("status") != "complete" or record.get("data_bytes", size) != size:
        return None
    requested = record["requested_seconds"]
    return record if all(math.isclose(done, requested) for done in record["simulated_seconds"].values()) else None


def writer(partial: Path) -> dict[str, Any] | None:
    """Tell who is writing a folder, with ``host``, ``pid`` and ``started``; None if nobody is.

    On this machine its lock tells; on another one, whether it has shown within two minutes that it is alive.
    """
    found = _writer(partial)
    if found.get("host") != platform.node():
        return found if found and _is_fresh(partial) else None
    try:
        with _held(partial, make=False):
            return None
    except Busy:
        return found
    except FileNotFoundError:
        return None


@contextmanager
def _held(partial: Path, make: bool = True) -> Iterator[None]:
    """Hold a folder: of several processes only one gets it."""
    handle = _hold(partial, make)
    try:
        yield
    finally:
        os.close(handle)


def _hold(partial: Path, make: bool) -> int:
    """Open a folder and lock it; it may be renamed or made by another process meanwhile."""
    import fcntl  # not on Windows

    looks = 0
    while True:
        try:
            if make:
                partial.mkdir(parents=True, exist_ok=True)
            handle = os.open(partial, os.O_RDONLY)
        except FileNotFoundError:
            if make:
                continue
            raise
        except FileExistsError:
            if partial.is_dir() or not partial.exists():
                continue
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
                raise _busy(partial) from None
            time.sleep(0.05)  # it may only be somebody who looks whether the folder is held


def _busy(partial: Path) -> Busy:
    return Busy(f"{partial} is being written by another process", hint="wait for it, or stop it")


def _is_at(handle: int, place: Path) -> bool:
    """Say whether an open folder still has its name: another process may have finished it and given it another."""
    try:
        return os.path.samestat(os.fstat(handle), place.stat())
    except FileNotFoundError:
        return False


def _begin(partial: Path, session: str) -> tuple[int, str]:
    """Empty the folder of what a killed process left; tell how often this session began, and why it was stopped."""
    before = _writer(partial)
    if before.get("host", platform.node()) != platform.node() and _is_fresh(partial):
        raise _busy(partial)  # a lock may not reach from one machine to another
    starts: dict[str, int] = dict(before.get("starts") or {})
    starts[session] = starts.get(session, 0) + 1
    stopped = partial / STOPPED
    reason = stopped.read_text(encoding="utf-8") if session and stopped.exists() else ""
    for left in partial.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    now = {"host": platform.node(), "pid": os.getpid(), "started": time.time(), "starts": starts}
    (partial / WRITER).write_text(to_json(now), encoding="utf-8")
    return starts[session] if session else 1, reason


def _writer(partial: Path) -> dict[str, Any]:
    try:
        found = json.loads((partial / WRITER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_fresh(partial: Path) -> bool:
    """Say whether the writer has shown lately that it is alive."""
    try:
        return time.time() - (partial / WRITER).stat().st_mtime < SILENCE
    except OSError:
        return False


@contextmanager
def _showing_life(partial: Path) -> Iterator[None]:
    """Renew the writer's file, which other machines look at."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(SILENCE / 6):
            with suppress(OSError):
                os.utime(partial / WRITER)

    threading.Thread(target=renew, name="sign of life", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _write_failure(partial: Path, error: Exception, repeat: Mapping[str, Any]) -> None:
    kind = "" if isinstance(error, CortexError) else f"{type(error).__name__}: "
    cause = f"{kind}{error}".split("\n")[0]
    (partial / WRITER).unlink(missing_ok=True)
    (partial / FAILURE).write_text(to_json({"cause": cause, **repeat}), encoding="utf-8")


def _make_durable(partial: Path) -> None:
    """Have everything on the disk itself before the name says that it is."""
    (partial / WRITER).unlink(missing_ok=True)
    for name in (RECORD, DATA):
        if (partial / name).exists():
            _sync(partial / name)
    _sync(partial)


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _free(wanted: Path) -> Path:
    """Give a name that nothing has."""
    numbered = (wanted.with_name(f"{wanted.name}-{number}") for number in itertools.count(2))
    return next(name for name in itertools.chain([wanted], numbered) if not name.exists())


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what the operating system says about writing into one message."""
    try:
        yield
    except RunFailed as error:  # a compiled program only aborts when the disk is full
        if shutil.disk_usage(folder.parent).free > 2**20:
            raise
        raise _cannot_write(folder, errno.ENOSPC) from error
    except OSError as error:
        if error.errno not in REASONS:
            raise
        raise _cannot_write(error.filename or folder, error.errno) from error


def _cannot_write(path: object, reason: int) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"cannot write {path}: {REASONS[reason]}\nnothing of it is kept; make room, or write to another folder"
    )


class _Log(logging.FileHandler):
    """A log file that does not hide that it cannot be written."""

    def handleError(self, record: logging.LogRecord) -> None:
        raise


@contextmanager
def _logged(path: Path) -> Iterator[None]:
    """Keep what is logged, and the traceback of what goes wrong."""
    handler = _Log(path, encoding="utf-8")
    handler.setLevel(logging.INFO)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for name in LOGGED:
        logging.getLogger(name).addHandler(handler)
    try:
        yield
    except BaseException:
        traceback.print_exc(file=handler.stream)
        raise
    finally:
        for name in LOGGED:
            logging.getLogger(name).removeHandler(handler)
        handler.close()
