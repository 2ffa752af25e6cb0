"""The cache of compiled simulations in the user's cache folder: the same network never compiles twice."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_cache_path

from cortex.errors import EnvironmentProblem

LIMIT = 10**9
"""Size of the cache, in bytes, above which the entries used longest ago are removed."""


class Usage(NamedTuple):
    """Contents of the cache.

    Attributes
    ----------
    binaries : int
        How many programs.
    bytes : int
        Size of all files.
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
    """Return the binary of this key; make it first if it is new.

    If several processes need the same new binary, the first makes it and the others wait.

    Parameters
    ----------
    key : str
        Hash of everything that the binary depends on.
    make : callable
        Function that writes the binary to a path.
    folder : Path, optional
        The cache; the user's by default.

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
    """Return how many binaries the cache holds, and its size."""
    entries = _by_age(folder or default_folder())
    return Usage(sum(entry.is_file() for entry in entries), sum(map(size, entries)))


def clear(folder: Path | None = None) -> Usage:
    """Remove all entries; return how many binaries they were, and their size."""
    folder = folder or default_folder()
    removed = usage(folder)
    for entry in folder.glob("*"):
        remove(entry)
    return removed


def _make(make: Callable[[Path], None], binary: Path) -> None:
    partial = binary.with_suffix(".partial")
    try:
        make(partial)
        partial.replace(binary)
    finally:
        partial.unlink(missing_ok=True)


def make_room(folder: Path) -> None:
    """Remove the entries used longest ago until the rest is within the limit; the last used always stays."""
    excess = usage(folder).bytes - LIMIT
    for entry in _by_age(folder)[:-1]:
        if excess <= 0:
            break
        excess -= size(entry)
        remove(entry)
        entry.with_suffix(".lock").unlink(missing_ok=True)


def _by_age(folder: Path) -> list[Path]:
    """Return the paths of binaries and recipes, from the one used longest ago to the last used."""
    ages = []
    for entry in folder.glob("*"):
        with suppress(FileNotFoundError):  # another process has just removed it
            ages += [(entry.stat().st_mtime, entry)] if entry.suffix in ("", ".recipe") else []
    return [entry for _, entry in sorted(ages)]


def size(entry: Path) -> int:
    """Return the size of a file, or of all files in a folder, in bytes."""
    total = 0
    for file in entry.rglob("*") if entry.is_dir() else [entry]:
        with suppress(FileNotFoundError):
            total += file.stat().st_size
    return total


def remove(entry: Path) -> None:
    """Remove a file, or a folder; a folder is renamed first, so that no process reads half of it."""
    if not entry.is_dir():
        entry.unlink(missing_ok=True)
        return
    with suppress(OSError):
        discarded = entry.with_name(f"{entry.name}.{os.getpid()}.partial")
        entry.rename(discarded)
        shutil.rmtree(discarded, ignore_errors=True)
