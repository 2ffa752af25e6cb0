"""Standard output and standard error, which may be closed, full, broken, or unable to show a character."""

import codecs
import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any, NoReturn, TextIO, cast

from cortex.errors import EnvironmentProblem

HANDLER = "cortex.escaped"
"""Name of the way in which characters are written that the encoding of a stream lacks."""


class Stream:
    """A stream of text or bytes that goes on into nothing once it cannot be written.

    Parameters
    ----------
    stream : file object
    failed : callable
        Called with the OSError the first time.
    """

    def __init__(self, stream: IO[Any], failed: Callable[[OSError], None]) -> None:
        self._stream, self._failed = stream, failed

    def write(self, text: str | bytes) -> int:
        """Write a text; an empty one, with which click tries the stream, is not written."""
        if text != "":
            with self._watched():
                self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Write what is kept back."""
        with self._watched():
            self._stream.flush()

    @property
    def buffer(self) -> "Stream":
        """The stream of bytes below."""
        return Stream(self._stream.buffer, self._failed)  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> Any:
        """Return anything else of the stream."""
        return getattr(self._stream, name)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            with suppress(OSError, ValueError):  # what is kept back is written when Python ends, and would fail again
                nothing = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nothing, self._stream.fileno())
                os.close(nothing)
            self._failed(error)


@contextmanager
def safe() -> Iterator[None]:
    """Have results and messages printed as well as can be.

    Results that cannot be printed end the command: quietly if the reader has left, as after ``| head``, and with an
    `EnvironmentProblem` otherwise. Messages that nobody can read are dropped, and never cost a run. What is closed
    takes everything in silence. A character that the encoding lacks is written as in JSON, ``\\u2014``.
    """
    before = sys.stdout, sys.stderr
    codecs.register_error(HANDLER, _escaped)
    _occupy()
    sys.stdout, sys.stderr = _stream(sys.stdout, _not_printed), _stream(sys.stderr, lambda error: None)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _stream(stream: TextIO | None, failed: Callable[[OSError], None]) -> TextIO:
    if stream is None:
        stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors=HANDLER)
    return cast(TextIO, Stream(stream, failed))


def _occupy() -> None:
    """Let nothing have the numbers 0 to 2 that are closed, lest a file of ours gets one, and a program prints in it."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)
    os.close(number)


def _not_printed(error: OSError) -> NoReturn:
    if error.errno == errno.EPIPE:
        raise SystemExit(128 + signal.SIGPIPE) from None
    raise EnvironmentProblem(
        f"the result cannot be printed: {error.strerror} (standard output)\n"
        "runs that are complete stay; the same command prints them"
    ) from error


def _escaped(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)), error.end
