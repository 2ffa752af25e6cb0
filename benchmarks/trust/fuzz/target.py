"""One case of nonsense: read under watch, within a second, and nothing of it executed."""

import logging
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.trust.command import ROOT
from cortex.errors import CortexError
from cortex.experiment import catalogue

SECOND = 1.0
"""CPU time that a case may take, s."""

BLOCKED = 20.0
"""Wall time that a case may take, s: it then waits for something."""

STARTS = {
    "os.system",
    "subprocess.Popen",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "pty.spawn",
    "pickle.find_class",
}
WRITES = {"os.rename": 1, "os.remove": 0, "os.rmdir": 0, "os.mkdir": 0, "os.symlink": 1, "os.link": 1, "os.truncate": 0,
    "os.utime": 0, "os.chmod": 0, "os.chown": 0}  # fmt: skip
"""Events of Python by which files change, and which of their arguments says where."""

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
OURS = tuple(str(ROOT / package) for package in ("cortex", "models", "scenarios"))


class Wrong(Exception):
    """What was read is not what was written."""


class Slow(BaseException):
    """It took longer than it may."""


@dataclass(frozen=True)
class Reader:
    """Something that reads what people or other programs wrote.

    Attributes
    ----------
    draw : callable
        ``draw(chance)`` returns what is read.
    read : callable
        ``read(drawn)`` reads it; raises `Wrong` if that does not agree with what was written.
    errors : tuple of type
        Errors that it promises, beside those of the package that carry a message.
    """

    draw: Callable[[Random], Any]
    read: Callable[[Any], object]
    errors: tuple[type[Exception], ...] = ()


@dataclass(frozen=True)
class Target:
    """A kind of nonsense.

    Attributes
    ----------
    name : str
    count : int
        Cases of a full run.
    make : callable
        ``make(folder)`` returns the reader, which may write in that folder.
    """

    name: str
    count: int
    make: Callable[[Path], Reader]


class Watch:
    """Sees what is executed, and what is written outside of a folder.

    Python cannot forget such a watch, so there is one in each process of its own.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.seen, self.on = str(folder.resolve()), list[str](), False
        sys.addaudithook(self._see)

    def _see(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event in STARTS:
            self.seen.append(f"{event} {arguments[0]!r:.80}")
        elif event == "exec":
            file = getattr(arguments[0], "co_filename", "?")
            if not file.startswith(("<frozen", sys.prefix, sys.base_prefix, *OURS)):
                self.seen.append(f"exec of {file}")
        elif event == "open" and (set(arguments[1] or "") & set("wax+") or arguments[2] & WRITING):
            self._written(arguments[0])
        elif event in WRITES:
            self._written(arguments[WRITES[event]])

    def _written(self, path: Any) -> None:
        if isinstance(path, str | bytes | os.PathLike):
            place = os.path.abspath(os.fsdecode(path))
            if not place.startswith((self.folder, "/dev/")):
                self.seen.append(f"writes {place}")


def attempt(reader: Reader, drawn: Any, watch: Watch) -> Iterator[tuple[str, str]]:
    """Read, and yield what is not as promised: its kind, and a sentence."""
    watch.seen.clear()
    begun = time.process_time()
    found: tuple[str, str] | None = None
    try:
        with _limited():
            watch.on = True
            reader.read(drawn)
    except Slow:
        found = ("hung", "longer than it may take")
    except Wrong as error:
        found = ("wrong", str(error)[:200])
    except CortexError as error:
        if error.exit_code not in (1, 2, 4, 5):
            found = ("tracebacks", _place(error))
    except BaseException as error:
        if type(error) not in reader.errors:
            found = ("tracebacks", _place(error))
    finally:
        watch.on = False
    if found is None and time.process_time() - begun > SECOND:
        found = ("hung", f"{time.process_time() - begun:.1f} s")
    if watch.seen:
        yield "executed", watch.seen[0]
    if found:
        yield found


@contextmanager
def _limited() -> Iterator[None]:
    signal.setitimer(signal.ITIMER_PROF, SECOND)
    signal.setitimer(signal.ITIMER_REAL, BLOCKED)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def prepare_process() -> None:
    """Have this process be stopped by the limits, say nothing, and read the package's own files once."""

    def stop(number: int, frame: object) -> None:
        raise Slow

    signal.signal(signal.SIGPROF, stop)
    signal.signal(signal.SIGALRM, stop)
    logging.disable()
    catalogue.titles = cache(catalogue.titles)
    here = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (here + (2 << 30),) * 2)


def _place(error: BaseException) -> str:
    """Return an error and where it was raised, within the package if it was there."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename.startswith(OURS)] or frames
    place = own[-1].filename.removeprefix(f"{ROOT}/")
    return f"{type(error).__name__} in {place}, line {own[-1].lineno}: {str(error)[:80]}"
