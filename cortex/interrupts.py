"""Ctrl-C, SIGTERM and SIGHUP: the first one ends the work in order, and more of them do not disturb that."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

GRACE = 3.0
"""Time for an orderly end, s; a signal after that ends the process at once."""

SOON = 0.02
"""Time until a signal whose error was lost comes again, s."""

ALL = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Interrupted(KeyboardInterrupt):
    """A signal that ends the command, taken like Ctrl-C."""


_first: tuple[int, float] | None = None
_error: type[BaseException] = Interrupted


def listen(numbers: Sequence[int] = ALL, error: type[BaseException] = Interrupted) -> None:
    """Raise an error at the first of these signals; those that the caller ignores, as under ``nohup``, stay ignored."""
    global _first, _error
    _first, _error = None, error
    for number in numbers:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)
        elif number == signal.SIGINT:
            ignore(number)
    hook = sys.unraisablehook
    if not isinstance(hook, _Again):
        sys.unraisablehook = _Again(hook)


def ignore(number: int) -> None:
    """Do nothing at a signal; Brian2 calls the handler of Ctrl-C that it finds, and SIG_IGN cannot be called."""
    signal.signal(number, lambda number, frame: None)


def settle() -> None:
    """Raise nothing any more: the work is at its end."""
    global _first
    _first = _first or (0, time.monotonic())


def code() -> int:
    """Return the exit code for the signal that came; 0 if none came."""
    return 128 + _first[0] if _first and _first[0] else 0


def _end(number: int, frame: object) -> None:
    global _first
    if _first is None:
        _first = number, time.monotonic()
        raise _error(128 + number)
    if time.monotonic() - _first[1] > GRACE:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


class _Again:
    """Raises the error once more if Python raised it where it leads to nothing, such as in a callback of a weakref."""

    def __init__(self, hook: Callable[[Any], Any]) -> None:
        self.hook = hook

    def __call__(self, unraisable: Any) -> None:
        global _first
        if not (isinstance(unraisable.exc_value, _error) and code()):
            self.hook(unraisable)
            return
        number = code() - 128
        _first = None
        threading.Timer(SOON, os.kill, (os.getpid(), number)).start()
