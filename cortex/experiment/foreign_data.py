"""Whether a file of recordings can be read without harm: HDF5 files may name others, and damaged ones may never end.

This module imports nothing of the package, so that it runs as a program of its own within a second.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

import h5py

SECONDS = 60.0
"""Time in which a file must have been read, beside that for its size, s."""

BYTES_PER_SECOND = 2e6
"""As on a slow disk."""


def check(path: Path) -> None:
    """Raise ValueError if a file refers to other files or to itself, or is no HDF5 file."""
    try:
        with h5py.File(path, "r") as file:
            _check_group(file, set())
    except (OSError, RuntimeError, KeyError) as error:
        raise ValueError(f"it is damaged ({str(error)[:200]})") from None


def check_in_another_process(path: Path) -> None:
    """Check a file of which nothing is known, and read all of it, in a process that can be ended.

    Raises
    ------
    ValueError
        If it cannot be read to its end, or refers to other files or to itself.
    """
    limit = SECONDS + path.stat().st_size / BYTES_PER_SECOND
    command = [sys.executable, "-P", __file__, str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=limit)
    except subprocess.TimeoutExpired:
        raise ValueError("it is damaged (reading it does not end)") from None
    if done.returncode:
        raise ValueError(done.stdout.strip() or "it is damaged (reading it kills the process)")


def _check_group(group: h5py.Group, seen: set[Any]) -> None:
    """Check that all below a group lies in the same file, and that no group lies in itself."""
    if group.id in seen:
        raise ValueError(f"its group {group.name} has two places")
    seen.add(group.id)
    for name in group:
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            raise ValueError(f"{group.name}/{name} is a link to another place".replace("//", "/"))
        found = group[name]
        if isinstance(found, h5py.Group):
            _check_group(found, seen)
        elif isinstance(found, h5py.Dataset) and (found.is_virtual or found.external):
            raise ValueError(f"the numbers of {found.name} lie in another file")


def _read(group: h5py.Group) -> None:
    """Read everything below a group."""
    for place in group.values():
        dict(place.attrs)
        if isinstance(place, h5py.Group):
            _read(place)
        elif isinstance(place, h5py.Dataset):
            for part in place.iter_chunks() if place.chunks and place.size else [()]:
                place[part]


if __name__ == "__main__":
    try:
        check(Path(sys.argv[1]))
        with h5py.File(sys.argv[1], "r") as opened:
            dict(opened.attrs)
            _read(opened)
    except Exception as failure:
        print(failure if isinstance(failure, ValueError) else f"it is damaged ({str(failure)[:200]})")
        sys.exit(1)
