"""Progress: lines without a terminal, bars on a terminal, nothing if it is disabled."""

import io

import pytest

from cortex.engine import progress as module
from cortex.engine.progress import Progress


class Terminal(io.StringIO):
    """What is shown on a terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def lines(completed_at, clock, total=100.0):
    """Return the lines that are printed when a task has completed so much at these times."""
    stream, clock.now = io.StringIO(), 0.0
    with Progress(file=stream) as progress:
        task = progress.task("train", total)
        for clock.now, completed in completed_at:
            task.update(completed)
        task.finish()
    return stream.getvalue().splitlines()


def test_lines_come_for_each_tenth_with_the_time_left(clock):
    assert lines([(2.0, 10.0), (3.0, 15.0), (4.0, 20.0)], clock) == [
        "train",
        "train: 10%, 18 s left",
        "train: 20%, 16 s left",
        "train: done in 4.0 s",
    ]


def test_lines_come_at_most_once_a_second(clock):
    assert len(lines([(0.1 * k, float(k)) for k in range(101)], clock)) <= 12
    assert lines([(0.01 * k, float(k)) for k in range(100)], clock) == ["train", "train: done in 1.0 s"]


def test_slow_tasks_print_a_line_every_ten_seconds(clock):
    assert len(lines([(float(s), 0.001 * s) for s in range(61)], clock)) == 2 + 6


def test_tasks_without_a_size_show_begin_and_end(clock):
    assert lines([(5.0, 1.0)], clock, total=None) == ["train", "train: done in 5.0 s"]


def test_bars_on_a_terminal_reach_their_end():
    stream = Terminal()
    with Progress(file=stream) as progress:
        progress.task("compile").finish()
        task = progress.task("train", 10.0)
        task.update(5.0)
        task.finish()
        assert all(bar.finished for bar in progress.bars.tasks)
    assert "train" in stream.getvalue()
    assert "100%" in stream.getvalue()


def test_nothing_is_shown_when_disabled():
    stream = Terminal()
    with Progress(enabled=False, file=stream) as progress:
        task = progress.task("train", 1.0)
        task.update(0.5)
        task.finish()
    assert stream.getvalue() == ""
