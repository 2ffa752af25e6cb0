"""What the code of a scenario may do to its process: change the current folder, print, and leave."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress

from cortex import interrupts


@contextmanager
def kept() -> Iterator[None]:
    """Go back to the current folder at the end; what is printed meanwhile goes to stderr, for stdout is for answers.

    Raises
    ------
    RuntimeError
        If the code leaves the process, which looked as if all were done.
    """
    folder = None
    with suppress(FileNotFoundError):  # it was removed
        folder = os.getcwd()
    try:
        with redirect_stdout(sys.stderr):
            yield
    except SystemExit as left:
        if interrupts.code():
            raise
        raise RuntimeError(f"sys.exit({left.code!r}) was called").with_traceback(left.__traceback__) from None
    finally:
        if folder:
            os.chdir(folder)
