"""An entry of the cache: a file or a folder, whose name ends with a digest of its content."""

import hashlib
import logging
import os
import shutil
from contextlib import suppress
from pathlib import Path

logger = logging.getLogger(__name__)


def is_sound(entry: Path) -> bool:
    """Return whether an entry has the content that was stored; what is left of a damaged one is removed."""
    if not os.path.lexists(entry):
        return False
    with suppress(OSError):
        if entry.stem.endswith(f"-{digest(entry)}") and (entry.is_dir() or os.access(entry, os.X_OK)):
            return True
    if not os.path.lexists(entry):  # another process has just removed it
        return False
    logger.warning("%s was damaged since it was stored, and is made again", entry)
    remove(entry)
    return False


def digest(entry: Path) -> str:
    """Return a hash of a file, or of the names and contents of all files in a folder."""
    total = hashlib.blake2b(digest_size=16)
    for file in sorted(entry.rglob("*")) if entry.is_dir() else [entry]:
        if file.is_file():
            with file.open("rb") as content:
                total.update(b"%s\0" % os.fsencode(file.relative_to(entry)))
                total.update(hashlib.file_digest(content, "blake2b").digest())
    return total.hexdigest()


def link(source: str | Path, target: str | Path) -> None:
    """Give a file a second name, or copy it to another disk."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(source, target)


def size(entry: Path) -> int:
    """Return the size of a file, or of all files in a folder, in bytes."""
    total = 0
    for file in entry.rglob("*") if entry.is_dir() else [entry]:
        with suppress(FileNotFoundError):
            total += file.stat().st_size
    return total


def remove(entry: Path) -> None:
    """Remove a file, or a folder; a folder is renamed first, so that no process reads half of it."""
    if entry.is_symlink() or not entry.is_dir():
        entry.unlink(missing_ok=True)
        return
    with suppress(OSError):
        discarded = entry.with_name(f"{entry.name}.{os.getpid()}.partial")
        entry.rename(discarded)
        shutil.rmtree(discarded, ignore_errors=True)
