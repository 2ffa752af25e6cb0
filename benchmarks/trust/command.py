"""One command ``cortex ...``: in a process that is forked from this one, or in a fresh one as a shell starts it."""

import importlib
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START = "from cortex.cli import main; main()"

IMPORTED = (
    *(f"cortex.commands.{name}" for name in ("run", "study", "status", "compare", "export", "new", "show", "tables")),
    *("cortex.engine.standalone", "cortex.experiment.export", "cortex.report.style", "cortex.report.comparison"),
    *("cortex.studies.comparison", "cortex.studies.session", "matplotlib.backends.backend_agg", "scipy.stats.qmc"),
    *("filelock", "h5netcdf", "psutil", "cortex.studies.figures", "cortex.experiment.estimate"),
)
"""What every command may need: a forked process has it at once."""


@dataclass(frozen=True)
class Setting:
    """What surrounds a command.

    Attributes
    ----------
    environment : mapping of str to str or None
        Variables that differ; None removes one.
    limits : mapping of int to int
        Limits of the process, such as ``resource.RLIMIT_FSIZE``.
    before : callable, optional
        Done in the process before the command.
    fresh : bool
        Whether a new interpreter is started.
    stdout, stderr : str
        Where it writes: a device, or "closed"; by default what it writes is kept.
    """

    environment: Mapping[str, str | None] = field(default_factory=dict)
    limits: Mapping[int, int] = field(default_factory=dict)
    before: Callable[[], None] | None = None
    fresh: bool = False
    stdout: str = ""
    stderr: str = ""


PLAIN = Setting()
"""Nothing special."""


class Command:
    """A command that is going on.

    Parameters
    ----------
    words : sequence of str
        What follows ``cortex``.
    folder : Path
        Working directory.
    setting : Setting

    Attributes
    ----------
    pid : int
        Of the process, which leads a session of its own.
    code : int, optional
        How it ended, negative for a signal; None as long as it goes on.
    hung : bool
        Whether it was killed as it took too long.
    """

    def __init__(self, words: Sequence[str], folder: Path, setting: Setting = PLAIN) -> None:
        self.words, self.setting = list(words), setting
        self.code: int | None = None
        self.hung = False
        self.start = time.monotonic()
        sys.stdout.flush()
        pipes = [os.pipe(), os.pipe()]  # no files: their size may be limited
        self._written = {end: bytearray() for end, _ in pipes}
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os._exit(self._run(folder, [entry for _, entry in pipes]))
            finally:
                os._exit(99)
        for end, entry in pipes:
            os.close(entry)
            os.set_blocking(end, False)

    def _run(self, folder: Path, entries: Sequence[int]) -> int:
        """Do it, in the process of its own."""
        try:
            os.setsid()
            os.chdir(folder)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            for number, entry, place in zip((1, 2), entries, (self.setting.stdout, self.setting.stderr), strict=True):
                os.dup2(os.open(place, os.O_WRONLY) if place not in ("", "closed") else entry, number)
                os.close(entry)
                if place == "closed":
                    os.close(number)
            for name, value in self.setting.environment.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value
            tempfile.tempdir = None
            for limit, value in self.setting.limits.items():
                resource.setrlimit(limit, (value, value))
            if self.setting.before:
                self.setting.before()
            if self.setting.fresh:
                os.environ["PYTHONPATH"] = str(ROOT)
                os.execv(sys.executable, [sys.executable, "-P", "-c", START, *self.words])
            return self._forked()
        except BaseException:
            traceback.print_exc()
            return 99

    def _forked(self) -> int:
        from cortex.cli import main

        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.stdout = os.fdopen(
            1, "w", encoding="utf-8", closefd=False
        )  # a test runner may have put something else there
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
        try:
            main(arguments=self.words)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        with suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        return code

    def poll(self) -> int | None:
        """Return how it ended; None if it goes on."""
        for end, content in self._written.items():
            with suppress(BlockingIOError):
                while part := os.read(end, 1 << 16):
                    content += part
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if pid else None
        return self.code

    def sleep(self, seconds: float) -> bool:
        """Wait for a time, or until it has ended; return whether it goes on."""
        until = time.monotonic() + seconds
        while self.poll() is None and time.monotonic() < until:
            time.sleep(0.002)
        return self.poll() is None

    def wait(self, limit: float) -> "Command":
        """Wait until it has ended; kill it if it takes longer than a limit, s."""
        if self.sleep(limit - (time.monotonic() - self.start)):
            self.hung = True
            self.end()
            self.sleep(10)
        return self

    def end(self) -> None:
        """Kill it and all it has started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """End it, and forget what it wrote."""
        self.end()
        for end in self._written:
            os.close(end)
        self._written = {}

    @property
    def output(self) -> str:
        """What it wrote to standard output."""
        return self._text(0)

    @property
    def text(self) -> str:
        """What it wrote to standard error."""
        return self._text(1)

    def _text(self, number: int) -> str:
        self.poll()
        return [*self._written.values()][number].decode(errors="replace")

    @property
    def message(self) -> str:
        """Its error, or the last it said."""
        lines = [line for line in self.text.splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith("error:")]
        return (errors or lines or [""])[-1][:250]

    @property
    def traceback(self) -> bool:
        """Whether a traceback was printed, or it ended as a bug of ours."""
        return "Traceback (most recent" in self.text or self.code in (3, 99)


def warm_up() -> None:
    """Import what every command needs."""
    os.environ.setdefault("MPLBACKEND", "Agg")
    for name in IMPORTED:
        importlib.import_module(name)
