"""Small files that are there as a whole or not at all, plain values as JSON, and why a file cannot be written."""

import csv
import errno
import hashlib
import io
import json
import math
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cortex.errors import CortexError, EnvironmentProblem, RunFailed, UsageError

REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your quota of disk space is used up",
    errno.EFBIG: "files may not become as large (ulimit -f)",
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.EROFS: "the disk is read-only",
    errno.ENOTDIR: "a file is in the way",
    errno.EEXIST: "a file is in the way",
    errno.EISDIR: "a folder is in the way",
    errno.ENOTEMPTY: "a folder is in the way",
    errno.EXDEV: "it would have to move to another disk",
    errno.EIO: "the disk does not work as it should",
    errno.ENXIO: "the disk is gone",
    errno.ENODEV: "the disk is gone",
    errno.ESTALE: "the disk is gone, or was mounted anew",
    errno.ETIMEDOUT: "the disk does not answer",
    errno.EHOSTDOWN: "the disk does not answer",
    errno.EBUSY: "something else uses it",
    errno.EMFILE: "too many files are open (ulimit -n)",
    errno.ENFILE: "too many files are open on this machine",
    errno.ENOMEM: "there is not enough memory",
    errno.EAGAIN: "too many processes are running (ulimit -u)",
    errno.ELOOP: "its links lead in a circle",
    errno.ENAMETOOLONG: "the name is too long",
}
"""What the operating system says when it refuses a file or folder."""

FORMULA = "=+-@\t\r\n'"
"""What begins a text that a spreadsheet may take for a formula, and the apostrophe that keeps it from that."""

NUMBER = re.compile(r"[-+]?(inf|nan|(\d+\.?\d*|\.\d+)(e[-+]?\d+)?( ?[a-zµ%/][\w^*/ ]*)?)", re.IGNORECASE)
"""A number, also with a unit: no formula, whatever its sign."""


PNG = b"\x89PNG\r\n\x1a\n"
"""How a PNG file begins."""


def is_plain(path: Path, first: bytes = b"") -> bool:
    """Return whether a path is a file itself, no link, that can be read and begins with these bytes."""
    if path.is_symlink() or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(first)) == first
    except OSError:
        return False


def text_of(path: Path) -> str:
    """Read a text with its line ends as they are, but without a byte order mark."""
    return path.read_bytes().decode("utf-8-sig")


def read_json(path: Path, most: int = 2**26) -> Any:
    """Read a JSON file of at most so many bytes.

    Raises
    ------
    OSError
        If it is no file, or cannot be read.
    ValueError
        If it is no JSON, too large, or nested too deeply.
    """
    if not path.is_file():  # a pipe would be waited for
        raise FileNotFoundError(errno.ENOENT, "no such file", str(path))
    if path.stat().st_size > most:
        raise ValueError(f"it has more than {most} bytes")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def digest(path: Path) -> str:
    """Return the SHA-256 of what a file holds."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def replace_text(path: Path, text: str) -> None:
    """Write a file under a temporary name and give it its own by one rename.

    Raises
    ------
    EnvironmentProblem
        If it cannot be written.
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(partial, 0o644)
            os.replace(partial, path)
        except BaseException:
            Path(partial).unlink(missing_ok=True)
            raise


def write_csv(path: Path, rows: Iterable[Iterable[Any]]) -> None:
    """Write rows as CSV, the first as its head; see `replace_text`.

    A text that a spreadsheet would take for a formula gets an apostrophe in front; `read_csv` takes it off again.
    """
    lines: list[str] = []
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\r\n")  # so that a field with either of these is quoted
    for row in rows:
        writer.writerow([_as_field(value) for value in row])
        lines.append(line.getvalue()[:-2] + "\n")
        line.seek(line.truncate(0))
    replace_text(path, "".join(lines))


def read_csv(path: Path) -> list[list[str]] | None:
    """Read what `write_csv` wrote; None if there is no such file, or it is none.

    Equal fields are one text in memory: most columns of a table of runs have few values.
    """
    texts: dict[str, str] = {}

    def text(field: str) -> str:
        return texts.setdefault(field, field[1:] if field[:1] == "'" else field)

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [list(map(text, row)) for row in csv.reader(file)]
    except (OSError, ValueError, csv.Error):
        return None


def _as_field(value: Any) -> Any:
    formula = isinstance(value, str) and value[:1] in FORMULA and value and not NUMBER.fullmatch(value)
    return f"'{value}" if formula else value


def to_json(record: Any) -> str:
    """Write plain values as JSON, with null for a number that is not finite."""
    return json.dumps(to_plain(record), indent=2, ensure_ascii=False, allow_nan=False)


def to_plain(value: Any) -> Any:
    """Copy plain values, with None for a number that is not finite."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {key: to_plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what the operating system says about writing into one message."""
    try:
        yield
    except RunFailed as error:  # a compiled program only aborts when the disk is full
        if shutil.disk_usage(folder.parent).free > 2**20:
            raise
        raise _cannot_write(folder, REASONS[errno.ENOSPC]) from error
    except OSError as error:
        place = Path(os.fsdecode(error.filename or folder))
        if not folder.is_absolute() and place.is_relative_to(Path.cwd()):
            place = place.relative_to(Path.cwd())
        if error.errno == errno.ENOENT and not place.parent.exists() and _is_below(place, folder.parent):
            raise _cannot_write(folder, f"{place.parent} was removed meanwhile") from error
        if error.errno not in REASONS:
            raise
        if error.errno == errno.EEXIST:
            check_links(place)
        theirs = not (_is_below(place, folder.parent) or _is_below(folder, place))
        if theirs and error.errno in (errno.EACCES, errno.EPERM):  # as what the code of a scenario reads
            raise EnvironmentProblem(f"{place}: no permission to read or write it") from error
        raise _cannot_write(place, REASONS[error.errno], error.errno) from error


def check_links(folder: Path) -> None:
    """Raise EnvironmentProblem if a folder, or one that it is in, is a link to nothing."""
    for place in (folder, *folder.parents):
        if place.is_symlink() and not place.exists():
            raise EnvironmentProblem(
                f"{place} is a link to nothing: {os.readlink(place)}\nmake what it leads to, or remove the link"
            )


def reason(error: OSError) -> str:
    """Return in a few words why the operating system refuses a file."""
    return REASONS.get(error.errno or 0) or error.strerror or str(error)


def refused(error: OSError) -> CortexError | None:
    """Return what to tell of a file that the operating system refuses; None if the reason may be a mistake of ours."""
    if error.errno not in REASONS:
        return None
    kind = UsageError if error.errno == errno.ENAMETOOLONG else EnvironmentProblem
    return kind(f"{error.filename or 'the operating system'}: {REASONS[error.errno]} ({error.strerror})")


def _cannot_write(path: object, reason: str, number: int = 0) -> CortexError:
    if number in (errno.EACCES, errno.EPERM):
        reason += " to write there"
    if number == errno.ENAMETOOLONG:
        return UsageError(f"cannot write {path}: {reason}", hint="give a shorter one")
    return EnvironmentProblem(
        f"cannot write {path}: {reason}\nnothing of it is kept; make room, or write to another folder"
    )


def _is_below(place: Path, folder: Path) -> bool:
    return place.absolute().is_relative_to(folder.absolute())
