"""Small files that are there as a whole or not at all."""

import os
import tempfile
from pathlib import Path

from cortex.experiment.run_folder import explained


def text_of(path: Path) -> str:
    """Read a text with its line ends as they are, but without a byte order mark."""
    return path.read_bytes().decode("utf-8-sig")


def replace_text(path: Path, text: str) -> None:
    """Write a file under a passing name and give it its own by one rename.

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
