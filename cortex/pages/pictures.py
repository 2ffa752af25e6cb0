"""Take figures into a page, as the smaller of PNG and SVG."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path

from cortex.files import PNG, is_plain
from cortex.pages.page import Picture, Text
from cortex.report.text import plain

LARGEST = 3_500_000
"""Bytes of figures that a page takes in."""


ABSENT = "Not on this page, as there was no more room or it is no plain PNG file (links are not followed), but in"


def pictures(files: Mapping[str, Path], first: Path | None, about: str) -> tuple[list[Picture], list[str]]:
    """Take figures into a page, as many as it may hold.

    Parameters
    ----------
    files : mapping of str to Path
        PNG files by name; an SVG file of the same name may lie beside each. No link is followed.
    first : Path, optional
        The figure that comes first.
    about : str
        What a reader who does not see it is told beside its name.

    Returns
    -------
    pictures : list of Picture
    left_out : list of str
        Names of the figures for which there was no more room, or which are no plain PNG file.
    """
    taken: list[Picture] = []
    left_out, size = [], 0
    for name, path in sorted(files.items(), key=lambda item: item[1] != first):
        smallest = min((file for file in (path, path.with_suffix(".svg")) if is_plain(file)), key=_size, default=path)
        if not is_plain(path, PNG) or size + _size(smallest) > LARGEST:
            left_out.append(name)
            continue
        size += _size(smallest)
        kind = "svg+xml" if smallest.suffix == ".svg" else "png"
        source = f"data:image/{kind};base64,{b64encode(smallest.read_bytes()).decode()}"
        taken.append(Picture(plain(name), source, f"{plain(name)}: {about}"))
    return taken, left_out


def note(left_out: Sequence[str], folder: Path) -> list[Text]:
    """Return where the figures are that were left out; nothing if there are none."""
    return [Text([f"{ABSENT} {folder}: {', '.join(left_out)}"])] if left_out else []


def _size(path: Path) -> int:
    return path.stat().st_size
