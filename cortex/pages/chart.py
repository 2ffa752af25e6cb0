"""Lay out a small drawing of numbers over time, which a template writes as SVG."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from matplotlib.ticker import MaxNLocator

from cortex.report.style import SERIES

DASHES = ("", "5 3", "2 2", "8 3 2 3")


@dataclass(frozen=True)
class Series:
    """Values at some times, min; a value that is no number leaves a gap. An empty colour is chosen for it."""

    name: str
    times: Sequence[float]
    values: Sequence[float]
    colour: str = ""
    dashes: str = ""


@dataclass(frozen=True)
class Chart:
    """Values of several series over time, from 0 up.

    Attributes
    ----------
    title : str
        What is drawn, with its unit.
    series : sequence of Series
    width, height, left, right, top, bottom : int
        Size of the drawing, and where its axes end, in pixels of a screen.
    """

    width: ClassVar[int] = 330
    height: ClassVar[int] = 210
    left: ClassVar[int] = 46
    right: ClassVar[int] = 318
    top: ClassVar[int] = 12
    bottom: ClassVar[int] = 176

    title: str
    series: Sequence[Series]

    @property
    def _last(self) -> float:
        return max((time for series in self.series for time in series.times), default=1.0) or 1.0

    @property
    def _top(self) -> float:
        values = [value for series in self.series for value in series.values if math.isfinite(value)]
        return 1.08 * max(values, default=1.0) or 1.0

    def x(self, time: float) -> float:
        """Return where a time lies, pixels from the left."""
        return round(self.left + (self.right - self.left) * time / self._last, 1)

    def y(self, value: float) -> float:
        """Return where a value lies, pixels from the top."""
        return round(self.bottom - (self.bottom - self.top) * value / self._top, 1)

    @property
    def x_ticks(self) -> list[tuple[float, str]]:
        """Places and labels of times."""
        return [(self.x(time), f"{time:g}") for time in _ticks(self._last)]

    @property
    def y_ticks(self) -> list[tuple[float, str]]:
        """Places and labels of values."""
        return [(self.y(value), f"{value:g}") for value in _ticks(self._top)]

    @property
    def lines(self) -> list[dict[str, object]]:
        """Name, colour, dashes and points of each series."""
        drawn: list[dict[str, object]] = []
        for number, series in enumerate(self.series):
            pairs = zip(series.times, series.values, strict=True)
            points = [(self.x(time), self.y(value)) for time, value in pairs if math.isfinite(value)]
            colour, dashes = SERIES[number % len(SERIES)], DASHES[number % len(DASHES)]
            if series.colour:
                colour, dashes = series.colour, series.dashes
            drawn.append({"name": series.name, "colour": colour, "dashes": dashes, "points": points})
        return drawn

    @property
    def head(self) -> list[str]:
        """Head of the drawing as a table."""
        return ["time (min)", *(series.name for series in self.series)]

    @property
    def rows(self) -> list[list[str]]:
        """Rows of the drawing as a table."""
        times = dict.fromkeys(time for series in self.series for time in series.times)
        known = [dict(zip(series.times, series.values, strict=True)) for series in self.series]
        return [[f"{time:.3g}", *(_text(values.get(time, math.nan)) for values in known)] for time in times]


def _ticks(end: float) -> list[float]:
    return [float(tick) for tick in MaxNLocator(5).tick_values(0, end) if 0 <= tick <= end]


def _text(value: float) -> str:
    return f"{value:.4g}" if math.isfinite(value) else ""
