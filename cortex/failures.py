"""What failed, and in which line: of a user's file if it came through one, such as an analysis or a conclusion."""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cortex.errors import CortexError
from cortex.files import refused
from cortex.guard import is_users

logger = logging.getLogger(__name__)


def in_user_code(error: BaseException) -> str:
    """Return the last place in a user's file that an error came through, "FILE, line N"; empty if it met none."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    own = (frame for frame in frames if not frame.filename.startswith("<") and is_users(frame.filename))
    return next((_place(frame) for frame in own), "")


def told(error: BaseException) -> str:
    """Return in one line what failed and where: "ZeroDivisionError: division by zero (mine.py, line 7)"."""
    first = str(error).strip().split("\n")[0]
    if isinstance(error, CortexError):
        return first
    frames = traceback.extract_tb(error.__traceback__)
    where = in_user_code(error) or (_place(frames[-1]) if frames else "")
    return ": ".join(filter(None, [type(error).__name__, first])) + (f" ({where})" if where else "")


@contextmanager
def borne(tell: Callable[[str], object]) -> Iterator[None]:
    """Go on after an error, which is told in one line; what the disk refuses stays an error."""
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError) and refused(error):
            raise
        tell(told(error))
        logger.info("traceback", exc_info=True)


def _place(frame: traceback.FrameSummary) -> str:
    return f"{frame.filename}, line {frame.lineno}"
