"""A table that is an index only: each of its rows carries a check of itself, so that one that was edited is known."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cortex.files import read_csv, write_csv

CHECK = "check"
"""Name of the last column."""


@dataclass(frozen=True)
class Index:
    """What is in the file of an index.

    Attributes
    ----------
    head : list of str
        Its columns, without the check.
    rows : list of list of str
        Those that are as they were written.
    damaged : int
        How many are not.
    checked : bool
        Whether the rows carry checks; those of earlier versions do not, and all of them are in `rows`.
    """

    head: list[str]
    rows: list[list[str]]
    damaged: int = 0
    checked: bool = True


def write(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write an index as CSV.

    Raises
    ------
    EnvironmentProblem
        If it cannot be written.
    """
    begin = _begin(head)
    write_csv(path, [[*head, CHECK], *([*row, _check(begin, row)] for row in rows)])


def read(path: Path) -> Index | None:
    """Read an index; None if there is none, or nothing in it can be read."""
    lines = read_csv(path)
    if not lines:
        return None
    head, *rows = lines
    if head[-1:] != [CHECK]:
        whole = [row for row in rows if len(row) == len(head)]
        return Index(head, whole, len(rows) - len(whole), checked=False)
    head = head[:-1]
    begin = _begin(head)
    whole = [row[:-1] for row in rows if len(row) == len(head) + 1 and row[-1] == _check(begin, row[:-1])]
    return Index(head, whole, len(rows) - len(whole))


def _begin(head: Sequence[str]) -> bytes:
    return hashlib.sha256("\x1f".join(head).encode(errors="replace")).digest()


def _check(begin: bytes, row: Sequence[str]) -> str:
    return hashlib.sha256(begin + "\x1f".join(row).encode(errors="replace")).hexdigest()[:12]
