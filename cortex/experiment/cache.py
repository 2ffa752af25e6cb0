"""Compiled simulations, kept in the user's cache folder so that the same network never compiles twice."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from cortex.errors import EnvironmentProblem

LIMIT = 10**9
"""Size in bytes above which the binaries used longest ago are removed."""


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
    """Return the folder of the compiled simulations: below $CORTEX_CACHE, or in the user's cache folder."""
    if "CORTEX_CACHE" in os.environ:
        return Path(os.environ["CORTEX_CACHE"]) / "binaries"
    home = Path.home()
    platform_default = home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or platform_default) / "cortical-expansion" / "binaries"


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
    folder = (folder or default_folder()).resolve()
    binary = folder / key
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / f"{key}.lock"):
            if binary.exists():
                os.utime(binary)
            else:
                _make(make, binary)
                _remove_oldest(folder)
    except OSError as error:
        raise EnvironmentProblem(
            f"the cache of compiled simulations cannot be used: {error}\n"
            "free some space, or set CORTEX_CACHE to a folder that you may write to"
        ) from error
    return binary


def usage(folder: Path | None = None) -> Usage:
    """Return how many binaries the cache holds, and their size."""
    binaries = _by_age(folder or default_folder())
    return Usage(len(binaries), sum(binary.stat().st_size for binary in binaries))


def clear(folder: Path | None = None) -> Usage:
    """Remove all binaries; return what was removed."""
    folder = folder or default_folder()
    removed = usage(folder)
    for file in folder.glob("*"):
        file.unlink(missing_ok=True)
    return removed


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    import fcntl  # not on Windows, where no simulation is compiled

    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(make: Callable[[Path], None], binary: Path) -> None:
    partial = binary.with_suffix(".partial")
    try:
        make(partial)
        partial.replace(binary)
    finally:
        partial.unlink(missing_ok=True)


def _by_age(folder: Path) -> list[Path]:
    """Return the binaries, the one used longest ago first."""
    binaries = [file for file in folder.glob("*") if not file.suffix]
    return sorted(binaries, key=lambda binary: binary.stat().st_mtime)


def _remove_oldest(folder: Path) -> None:
    excess = usage(folder).bytes - LIMIT
    for binary in _by_age(folder)[:-1]:
        if excess <= 0:
            break
        excess -= binary.stat().st_size
        binary.unlink(missing_ok=True)
        binary.with_suffix(".lock").unlink(missing_ok=True)
