"""Progress of the work and the time left, on standard error."""

import sys
import time
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as Bars


class Progress:
    """Show tasks as bars on a terminal, as plain lines elsewhere, or not at all.

    Parameters
    ----------
    enabled : bool
        False shows nothing.
    file : text file, optional
        Where to show it; standard error by default.

    Attributes
    ----------
    prefix : str
        Stands before the description of every task from now on, such as "replicate 2 of 4: ".

    Examples
    --------
    >>> with Progress() as progress:
    ...     task = progress.task("train the fingers", total=60.0)
    ...     task.update(12.5)
    """

    def __init__(self, enabled: bool = True, file: TextIO | None = None) -> None:
        self.enabled = enabled
        self.prefix = ""
        self.file = file or sys.stderr
        self.bars = _bars(self.file) if enabled and self.file.isatty() else None

    def __enter__(self) -> Self:
        if self.bars:
            self.bars.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self.bars:
            self.bars.stop()

    def task(self, description: str, total: float | None = None) -> "Task":
        """Begin a task; without a total, which may have any unit, only its beginning and its end are shown."""
        description = self.prefix + description
        if self.bars:
            return BarTask(self.bars, description, total)
        return LineTask(self.file, description, total) if self.enabled else Task()


def _bars(terminal: TextIO) -> "Bars":
    """Return bars on a terminal; what draws them is imported only where there is one."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(file=terminal, highlight=False, soft_wrap=True))


class Task:
    """A task whose progress is not shown."""

    def update(self, completed: float) -> None:
        """Set how much of the total is done."""

    def finish(self) -> None:
        """Mark the whole task as done."""


class BarTask(Task):
    """A task shown as a bar."""

    def __init__(self, bars: "Bars", description: str, total: float | None) -> None:
        self.bars = bars
        self.bar = bars.add_task(description, total=total)

    def update(self, completed: float) -> None:
        self.bars.update(self.bar, completed=completed)

    def finish(self) -> None:
        total = self.bars.tasks[self.bar].total or 1.0
        self.bars.update(self.bar, total=total, completed=total)


class LineTask(Task):
    """A task shown as lines: one for each tenth of the task, at most one per second, and at least one every 10 s."""

    def __init__(self, file: TextIO, description: str, total: float | None) -> None:
        self.file, self.description, self.total = file, description, total
        self.start = self.printed_at = time.monotonic()
        self.printed = 0.0
        self._print("")

    def update(self, completed: float) -> None:
        if not self.total:
            return
        fraction, now = completed / self.total, time.monotonic()
        waited = now - self.printed_at
        if 0 < fraction < 1 and (waited >= 10 or (waited >= 1 and fraction - self.printed >= 0.1)):
            left = (now - self.start) * (1 - fraction) / fraction
            self._print(f": {fraction:.0%}, {left:.0f} s left")
            self.printed, self.printed_at = fraction, now

    def finish(self) -> None:
        self._print(f": done in {time.monotonic() - self.start:.1f} s")

    def _print(self, state: str) -> None:
        print(f"{self.description}{state}", file=self.file, flush=True)
