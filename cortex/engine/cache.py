"""Compiled simulations, kept in the user's cache folder so that the same network never compiles twice."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_cache_path

from cortex.errors import EnvironmentProblem

LIMIT = 10**9
"""Size in bytes above which what was used longest ago is removed."""


class Usage(NamedTuple):
    """What the cache holds.

    Attributes
    ----------
    binaries : int
    bytes : int
    """

    binaries: int
    bytes: int


def default_folder() -> Path:
    """Return the folder of the compiled simulations: below $CORTEX_CACHE, or in the user's cache folder.

    Raises
    ------
    EnvironmentProblem
        If $CORTEX_CACHE is not set and the user has no home folder.
    """
    if "CORTEX_CACHE" in os.environ:
        return Path(os.environ["CORTEX_CACHE"]) / "binaries"
    folder = Path()
    with suppress(RuntimeError):  # no home folder; older platformdirs return a relative path
        folder = user_cache_path("cortical-expansion", appauthor=False)
    if not folder.is_absolute():
        raise EnvironmentProblem(
            "no place for compiled simulations: this user has no home folder, or $HOME is no absolute path\n"
            "set CORTEX_CACHE to a folder that you may write to"
        )
    return folder / "binaries"


def fetch(key: str, make: Callable[[Path], None], folder: Path | None = None) -> Path:
    """Return the binary of this key, after making it if it is new.

    Of several processes that want the same new binary one makes it and the others wait.

    Parameters
    ----------
    key : str
        Hash of everything the binary depends on.
    make : callable
        Writes the binary to the path it is given.
    folder : Path, optional
        The cache; by default the user's.

    Raises
    ------
    EnvironmentProblem
        If the cache cannot be written.
    """
    from filelock import FileLock  # imports asyncio, which a program that is known already need not wait for

    folder = (folder or default_folder()).resolve()
    binary = folder / key
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f"{key}.lock"):
            if binary.exists():
                os.utime(binary)
            else:
                _make(make, binary)
                make_room(folder)
    except OSError as error:
        raise EnvironmentProblem(
            f"the cache of compiled simulations cannot be used: {error}\n"
            "free some space, or set CORTEX_CACHE to a folder that you may write to"
        ) from error
    return binary


def usage(folder: Path | None = None) -> Usage:
    """Return how many binaries the cache holds, and their size."""
    kept = _by_age(folder or default_folder())
    return Usage(sum(item.is_file() for item in kept), sum(map(size, kept)))


def clear(folder: Path | None = None) -> Usage:
    """Remove all binaries; return what was removed."""
    folder = folder or default_folder()
    removed = usage(folder)
    for item in folder.glob("*"):
        remove(item)
    return removed


def _make(make: Callable[[Path], None], binary: Path) -> None:
    partial = binary.with_suffix(".partial")
    try:
        make(partial)
        partial.replace(binary)
    finally:
        partial.unlink(missing_ok=True)


def make_room(folder: Path) -> None:
    """Remove what was used longest ago until the limit is kept; the last used stays."""
    excess = usage(folder).bytes - LIMIT
    for item in _by_age(folder)[:-1]:
        if excess <= 0:
            break
        excess -= size(item)
        remove(item)
        item.with_suffix(".lock").unlink(missing_ok=True)


def _by_age(folder: Path) -> list[Path]:
    """Return binaries and recipes, the one used longest ago first."""
    ages = []
    for item in folder.glob("*"):
        with suppress(FileNotFoundError):  # another process has just removed it
            ages += [(item.stat().st_mtime, item)] if item.suffix in ("", ".recipe") else []
    return [item for _, item in sorted(ages)]


def size(item: Path) -> int:
    """Return the bytes of a file, or of all files in a folder."""
    total = 0
    for file in item.rglob("*") if item.is_dir() else [item]:
        with suppress(FileNotFoundError):
            total += file.stat().st_size
    return total


def remove(item: Path) -> None:
    """Remove a file or a folder; a folder at once, so that nobody finds half of it."""
    if not item.is_dir():
        item.unlink(missing_ok=True)
        return
    with suppress(OSError):
        gone = item.with_name(f"{item.name}.{os.getpid()}.partial")
        item.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
