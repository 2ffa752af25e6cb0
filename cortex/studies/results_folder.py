"""Whether a path is a folder of results, and which one was meant if it is not."""

import difflib
import hashlib
import re
from pathlib import Path

from cortex.errors import UsageError
from cortex.experiment.record import RECORD
from cortex.files import check_links

LONGEST = 200
"""Bytes of a file's name: most disks take 255."""


def check(folder: Path) -> None:
    """Raise UsageError unless a folder holds results, with the folder that was probably meant.

    Raises
    ------
    EnvironmentProblem
        If it, or its ``runs``, is a link to nothing.
    """
    check_links(folder / "runs")
    example = "give a folder of results, such as results/NAME"
    if not folder.is_dir():
        near = neighbours(folder)
        raise UsageError(
            f"{folder} is no folder", hint=f"did you mean {' or '.join(map(str, near))}?" if near else example
        )
    if (folder / RECORD).exists():
        above = folder.resolve().parents[1]
        raise UsageError(
            f"{folder} is one run", hint=f"give the folder of results that it is part of: {_relative(above)}"
        )
    inside = [place.parent for place in sorted(folder.glob("*/runs"))]
    if not (folder / "runs").is_dir() and inside:
        raise UsageError(f"{folder} holds several folders of results", hint=f"give one: {', '.join(map(str, inside))}")


def neighbours(folder: Path) -> list[Path]:
    """Return the folders of results beside a path, or below results, whose names are like its own; at most three."""
    near: dict[Path, None] = {}
    for parent in dict.fromkeys([folder.parent, Path("results")]):
        known = {place.parent.name: place.parent for place in parent.glob("*/runs")}
        begins = [name for name in known if name.startswith(folder.name) or folder.name.startswith(name)]
        close = [*begins, *difflib.get_close_matches(folder.name, known, n=3)]
        near |= dict.fromkeys(known[name] for name in close)
    return list(near)[:3]


def plain_name(name: str) -> str:
    """Return a name that a file can have, also with an ending."""
    plain = re.sub(r"[^\w.=-]+", "-", name)
    if len(plain.encode()) <= LONGEST:
        return plain
    return plain.encode()[:LONGEST].decode(errors="ignore") + hashlib.sha256(name.encode()).hexdigest()[:10]


def _relative(folder: Path) -> Path:
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
