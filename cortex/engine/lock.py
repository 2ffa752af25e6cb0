"""Locks of the cache: one process makes a binary, the others wait for it, but not for ever."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SECONDS_UNTIL_TOLD = 5
"""Time to wait for another process, which makes the same binary, before this is told."""

SECONDS_TO_WAIT = 120
"""Time to wait for it in all; what needs the binary then makes it for itself."""

logger = logging.getLogger(__name__)


@contextmanager
def alone(folder: Path, key: str) -> Iterator[bool]:
    """Hold the lock of a key; give False if another process does not let go of it."""
    from filelock import FileLock, Timeout  # imports asyncio, which a program that is known need not wait for

    lock = FileLock(folder / f"{key}.lock")
    try:
        try:
            lock.acquire(timeout=SECONDS_UNTIL_TOLD)
        except Timeout:
            logger.warning("waiting for %s, which compiles the same simulation", _holder(folder, key))
            lock.acquire(timeout=SECONDS_TO_WAIT - SECONDS_UNTIL_TOLD)
    except Timeout:
        told = "compiling without the cache, after %g s of waiting for %s; if that process hangs, end it"
        logger.warning(told, SECONDS_TO_WAIT, _holder(folder, key))
    try:
        yield lock.is_locked
    finally:
        lock.release()


def _holder(folder: Path, key: str) -> str:
    """Say who holds the lock of a key."""
    for partial in folder.glob(f"{key}.*.partial"):
        machine, _, number = partial.stem.removeprefix(f"{key}.").rpartition(".")
        return f"process {number} on {machine} (it holds {folder / key}.lock)"
    return f"another process (it holds {folder / key}.lock)"


def discard(file: Path) -> bool:
    """Remove a lock unless a process holds it; return whether nobody did."""
    from filelock import FileLock, Timeout

    if file.is_symlink():
        file.unlink(missing_ok=True)
        return True
    with suppress(Timeout, OSError), FileLock(file, timeout=0):
        file.unlink(missing_ok=True)
        return True
    return False
