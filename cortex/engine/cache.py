"""The cache of compiled simulations in the user's cache folder: the same network never compiles twice.

An entry is a binary, ``KEY-DIGEST``, or the folder of a recipe, ``KEY-DIGEST.recipe``. The key is a hash of what it
depends on, the digest one of its content, so that what was damaged is noticed, told, and made again.
"""

import os
import platform
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_cache_path

from cortex.engine import lock, ownership
from cortex.engine.entry import digest, is_sound, link, remove, size
from cortex.errors import EnvironmentProblem
from cortex.files import reason

LIMIT = 10**9
"""Size of the cache, in bytes, above which the entries used longest ago are removed."""

ABANDONED = 24 * 3600
"""Age in seconds at which what a killed process began is removed."""


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


def trusted(folder: Path | None = None) -> Path:
    """Return the path of the cache, which is created if need be, without links.

    Parameters
    ----------
    folder : Path, optional
        The cache; the user's by default.

    Raises
    ------
    EnvironmentProblem
        If it cannot be written, or others could put programs into it.
    """
    folder = Path(os.path.realpath(folder or default_folder()))
    with _explained():
        for missing in reversed([place for place in (folder, *folder.parents) if not place.exists()]):
            missing.mkdir(mode=0o700, exist_ok=True)
        problem = ownership.problem(folder)
    if problem:
        raise EnvironmentProblem(
            f"compiled simulations in {folder} are not executed, as others could have put them there: {problem}\n"
            "remove what you do not trust, or set CORTEX_CACHE to a folder of your own"
        )
    return folder


def fetch(key: str, make: Callable[[Path], None], private: Path, folder: Path | None = None) -> str:
    """Link the binary of this key to a place of the caller's own; make it first if it is new or damaged.

    If several processes need the same new binary, the first makes it and the others wait, though not for ever.

    Parameters
    ----------
    key : str
        Hash of everything that the binary depends on.
    make : callable
        Function that writes the binary to a path.
    private : Path
        Where the binary is to be; from there, no other process removes it.
    folder : Path, optional
        The cache; the user's by default.

    Returns
    -------
    str
        The name of the entry; empty if the binary is not in the cache.

    Raises
    ------
    EnvironmentProblem
        If the cache cannot be written, or others could put programs into it.
    """
    folder = trusted(folder)
    with _explained():
        with lock.alone(folder, key) as alone:
            private.unlink(missing_ok=True)
            if not alone:
                make(private)
                return ""
            for entry in folder.glob(f"{key}-*"):
                if not entry.suffix and place(folder, entry.name, private):
                    return entry.name
            name = _make(key, make, private, folder)
        make_room(folder)
    return name


def place(folder: Path, name: str, private: Path) -> bool:
    """Link a binary to a place of the caller's own; return whether it was there and sound.

    Raises
    ------
    ValueError
        If this is no name of a binary.
    """
    if not re.fullmatch(r"\w+-\w+", name):
        raise ValueError(f"{name!r} is no name of a binary")
    if not is_sound(folder / name):
        return False
    private.unlink(missing_ok=True)
    with suppress(FileNotFoundError):  # another process has just removed it
        link(folder / name, private)
        os.utime(folder / name)
        return True
    return False


def usage(folder: Path | None = None) -> Usage:
    """Return how many binaries the cache holds, and its size."""
    entries = _by_age(folder or default_folder())
    return Usage(sum(entry.is_file() for entry in entries), sum(map(size, entries)))


def clear(folder: Path | None = None) -> Usage:
    """Remove all entries, but not what other processes are making; return how many binaries they were, and their size.

    Programs that run already are not affected.
    """
    folder = folder or default_folder()
    removed = usage(folder)
    found = list(folder.glob("*"))
    busy = {file.stem for file in found if file.suffix == ".lock" and not lock.discard(file)}
    for file in found:
        if file.suffix != ".lock" and not (file.suffix == ".partial" and file.name.partition(".")[0] in busy):
            remove(file)
    return removed


def make_room(folder: Path) -> None:
    """Remove the entries used longest ago until the rest is within the limit; the last used always stays."""
    excess = usage(folder).bytes - LIMIT
    for entry in _by_age(folder)[:-1]:
        if excess <= 0:
            break
        excess -= size(entry)
        remove(entry)
        lock.discard(folder / f"{entry.name.partition('-')[0]}.lock")
    for partial in folder.glob("*.partial"):
        with suppress(FileNotFoundError):
            if partial.stat().st_mtime < time.time() - ABANDONED:
                remove(partial)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EnvironmentProblem(
            f"the cache of compiled simulations cannot be used: {error.filename or 'a file'}: {reason(error)}\n"
            "free some space, or set CORTEX_CACHE to a folder that you may write to"
        ) from error


def _make(key: str, make: Callable[[Path], None], private: Path, folder: Path) -> str:
    for abandoned in folder.glob(f"{key}.*.partial"):
        remove(abandoned)
    partial = folder / f"{key}.{platform.node()}.{os.getpid()}.partial"
    partial.mkdir(mode=0o700)
    try:
        binary = partial / "simulation"
        make(binary)
        name = f"{key}-{digest(binary)}"
        link(binary, private)
        binary.replace(folder / name)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return name


def _by_age(folder: Path) -> list[Path]:
    """Return the paths of binaries and recipes, from the one used longest ago to the last used."""
    ages = []
    for entry in folder.glob("*"):
        with suppress(FileNotFoundError):  # another process has just removed it
            ages += [(entry.stat().st_mtime, entry)] if entry.suffix in ("", ".recipe") else []
    return [entry for _, entry in sorted(ages)]
