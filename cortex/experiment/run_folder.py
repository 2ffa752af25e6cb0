"""The folder of one run: written under a passing name, and given its own by one rename when all of it is there.

``NAME.partial`` is being written or was interrupted and is safe to delete; ``NAME.failed`` is what a failed run left.
"""

import errno
import json
import logging
import math
import os
import shutil
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cortex.errors import EnvironmentProblem, RunFailed, UsageError

LOGGED = ("cortex", "brian2")
"""Loggers whose messages go to a run's log.txt."""

REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your quota of disk space is used up",
    errno.EACCES: "no permission to write there",
    errno.EPERM: "no permission to write there",
    errno.EROFS: "the disk is read-only",
    errno.ENOTDIR: "a file is in the way",
    errno.EEXIST: "a file is in the way",
}
"""What the operating system says when a folder cannot be written."""


@contextmanager
def writing(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write a run in, and rename it to its own name at the end.

    What is logged meanwhile goes to its ``log.txt``. An interrupted run stays as ``.partial`` and one that fails as
    ``.failed``, with the traceback in its log; one that could not be written leaves nothing.

    Parameters
    ----------
    folder : Path
        Where the complete run shall be.

    Raises
    ------
    UsageError
        If the folder exists already, or another process is writing it.
    EnvironmentProblem
        If it cannot be written.
    """
    if folder.exists():
        raise UsageError(f"{folder} exists, and is never overwritten", hint="move it away, or choose another -o DIR")
    partial, failed = (folder.with_name(folder.name + ending) for ending in (".partial", ".failed"))
    with explained(folder), _fresh(partial):
        try:
            with explained(folder), _logged(partial / "log.txt"):
                yield partial
        except (UsageError, EnvironmentProblem):
            shutil.rmtree(partial, ignore_errors=True)
            raise
        except Exception as error:
            shutil.rmtree(failed, ignore_errors=True)
            partial.rename(failed)
            error.add_note(f"what it left, with the traceback in log.txt, is in {failed}")
            raise
        partial.rename(folder)
        shutil.rmtree(failed, ignore_errors=True)


def write_record(folder: Path, record: Mapping[str, Any]) -> None:
    """Write run.json; a number that is not finite becomes null."""
    (folder / "run.json").write_text(to_json(record) + "\n", encoding="utf-8")


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
    """Read the run.json of a run; None unless it is that of a complete run."""
    try:
        record: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if folder.suffix or record.get("status") != "complete":
        return None
    requested = record["requested_seconds"]
    return record if all(math.isclose(done, requested) for done in record["simulated_seconds"].values()) else None


@contextmanager
def _fresh(partial: Path) -> Iterator[None]:
    """Make the folder anew and hold it: a killed run's is replaced, a running one's is not."""
    import fcntl  # not on Windows

    partial.mkdir(parents=True, exist_ok=True)
    handle = os.open(partial, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in partial.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        yield
    except BlockingIOError:
        raise UsageError(f"{partial} is being written by another process", hint="wait for it, or stop it") from None
    finally:
        os.close(handle)


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
