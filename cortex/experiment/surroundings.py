"""What the code of a scenario may change in its process: the current folder, and what stands on the standard output."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress


@contextmanager
def kept() -> Iterator[None]:
    """Go back to the current folder at the end; what is printed meanwhile goes to stderr, for stdout is for answers."""
    folder = None
    with suppress(FileNotFoundError):  # it was removed
        folder = os.getcwd()
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        if folder:
            os.chdir(folder)
