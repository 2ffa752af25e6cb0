"""The folder of one run: written under a temporary name, and given its own by one rename when all of it is there.

``NAME.partial`` is being written or was interrupted and is safe to delete; ``NAME.failed`` is what a failed run left;
``NAME.damaged`` had the name of a complete run but not all of its content; ``NAME.outdated`` was made by other code of
the program, and its run was done again.
"""

import itertools
import logging
import os
import platform
import shutil
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from cortex.errors import EnvironmentProblem, Killed, RunFailed, UsageError
from cortex.experiment.record import DATA, RECORD, read_record
from cortex.experiment.writer import WRITER, busy, held, is_fresh, read_writer, renewing
from cortex.failures import told
from cortex.files import explained, to_json

logger = logging.getLogger(__name__)

FAILURE = "failure.json"

LOGGED = ("cortex", "brian2")
"""Loggers whose messages go to a run's log.txt."""


STOPPED = "stopped.txt"
"""Why a run was stopped, written by the one who stops it."""


STARTS = 3
"""How often a run is begun if its process dies each time."""


class Committed(UsageError):
    """The run is complete already."""


def run_name(key: str, replicate: int) -> str:
    """Return the name of a run's folder."""
    return f"{key}-r{replicate:03d}"


@contextmanager
def writing(
    folder: Path,
    session: str = "",
    repeat: Mapping[str, Any] | None = None,
    stands: Callable[[Mapping[str, Any]], bool] = bool,
) -> Iterator[Path]:
    """Return an empty folder to write a run in, and rename it to its own name at the end.

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
    stands : callable
        Whether the record of a complete run stands; else the run is done again, and replaces it at its end.

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
    with explained(folder), held(partial):
        if folder.exists() and (record := read_record(folder)) and stands(record):
            _remove(partial)
            raise Committed(f"{folder} is complete already", hint="move it away, or choose another -o DIR")
        starts, reason = _begin(partial, session)
        try:
            with explained(folder), renewing(partial), _logged(partial / "log.txt"):
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
            _remove(failed)
            partial.rename(failed)
            error.add_note(f"what it left, with the traceback in log.txt, is in {failed}")
            raise
        if os.path.lexists(folder):
            whole = read_record(folder) is not None
            aside = folder.rename(_free(folder.with_name(f"{folder.name}.{'outdated' if whole else 'damaged'}")))
            what = "was made by other code" if whole else "was no whole run"
            logger.warning("%s %s; what it held is kept in %s", folder, what, aside)
        partial.rename(folder)
        _sync(folder.parent)
        with suppress(OSError):
            _remove(failed)


def _begin(partial: Path, session: str) -> tuple[int, str]:
    """Empty the folder of what a killed process left; tell how often this session began, and why it was stopped."""
    before = read_writer(partial)
    if before and before["host"] != platform.node() and is_fresh(partial):
        raise busy(partial)  # a lock may not reach from one machine to another
    starts: dict[str, int] = before.get("starts", {})
    starts[session] = starts.get(session, 0) + 1
    stopped = partial / STOPPED
    was_stopped = session and stopped.is_file() and not stopped.is_symlink()
    reason = stopped.read_text(encoding="utf-8", errors="replace") if was_stopped else ""
    for left in partial.iterdir():
        _remove(left)
    now = {"host": platform.node(), "pid": os.getpid(), "started": time.time(), "starts": starts}
    (partial / WRITER).write_text(to_json(now), encoding="utf-8")
    return starts[session] if session else 1, reason


def _remove(place: Path) -> None:
    """Remove a folder with all in it, a file, or a link but not what it points to."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _write_failure(partial: Path, error: Exception, repeat: Mapping[str, Any]) -> None:
    (partial / WRITER).unlink(missing_ok=True)
    (partial / FAILURE).write_text(to_json({"cause": told(error), **repeat}), encoding="utf-8")


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
    """Return a name that nothing has."""
    numbered = (wanted.with_name(f"{wanted.name}-{number}") for number in itertools.count(2))
    return next(name for name in itertools.chain([wanted], numbered) if not os.path.lexists(name))


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
