"""Draw an argument: each claim with one measure in its band, the control beside it, and the verdict."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from cortex.analysis.reference import Band
from cortex.analysis.statistics import Interval
from cortex.report import text
from cortex.report.style import BAND, FAINT, INK, SERIES, TWO_COLUMNS, styled, tint

ROW = 0.38
"""Height of a claim, inches."""

MARKS = {"holds": "●", "holds in part": "◐", "does not hold": "✕", "unproven": "?", "unclear": "?"}
AGAINST = tint(SERIES[4], 0.7)
COLOURS = {"holds": SERIES[2], "holds in part": SERIES[1], "does not hold": SERIES[0]}


@dataclass(frozen=True)
class Row:
    """What is drawn of a claim.

    Attributes
    ----------
    claim, verdict, measure : str
    band : tuple of float or None
    measured : Interval
    control : Interval, optional
        The same measure where what the claim rests on is taken away.
    condition : str
        Name of the control.
    against : bool
        Whether the measure lies in its band if the claim is wrong.
    quick : bool
        Whether the runs are too short for the band.
    """

    claim: str
    verdict: str
    measure: str
    band: Band
    measured: Interval
    control: Interval | None
    condition: str
    against: bool
    quick: bool


@styled
def figure_argument(rows: Sequence[Row]) -> Figure:
    """Draw a row for each claim, with an axis of its own.

    Parameters
    ----------
    rows : sequence of Row
    """
    figure = Figure((TWO_COLUMNS, 0.5 + ROW * len(rows)))
    bottom, height = 0.3, 0.5 + ROW * len(rows)
    for place, row in enumerate(rows):
        y = (bottom + ROW * (len(rows) - place - 1)) / height
        figure.text(0.01, y + 0.5 * ROW / height, str(place + 1), va="center", color=FAINT)
        figure.text(0.035, y + 0.5 * ROW / height, fill(row.claim, 50), va="center", size=6.5, linespacing=1.1)
        colour = COLOURS.get(row.verdict, INK)
        verdict = fill(f"{MARKS.get(row.verdict, '–')} {row.verdict}", 14)
        figure.text(0.405, y + 0.5 * ROW / height, verdict, va="center", color=colour, weight="bold", size=7)
        ax = figure.add_axes((0.525, y + 0.18 * ROW / height, 0.165, 0.64 * ROW / height))
        _draw(ax, row)
        figure.text(0.7, y + 0.5 * ROW / height, _numbers(row), va="center", size=5.4, linespacing=1.15)
    key = [
        Patch(color=BAND, label="band if the claim is right"),
        Patch(color=AGAINST, label="band if it is wrong, or not all of it"),
        Line2D([], [], color=INK, marker="o", ms=4, label="measured, 95 %"),
        Line2D([], [], color=FAINT, marker="o", ms=4, label="quick, not scored"),
        Line2D([], [], color=SERIES[0], marker="s", mfc="white", ms=4, label="control"),
    ]
    figure.legend(handles=key, loc="lower center", ncols=5, columnspacing=1.2, fontsize=6.2)
    return figure


def _draw(ax: Axes, row: Row) -> None:
    """Draw band, measure and control on an axis that shows all of them, logarithmic if they span decades."""
    shown = [row.measured, *([row.control] if row.control else [])]
    numbers = [value for interval in shown for value in interval if math.isfinite(value)]
    numbers += [end for end in row.band if end is not None]
    ax.set(yticks=[], xticks=[])
    ax.spines["left"].set_visible(False)
    if not numbers:
        return
    least, greatest = min(numbers), max(numbers)
    if least > 0 and greatest / least > 30:
        ax.set_xscale("log")
        margin = (greatest / least) ** 0.15
        limits = least / margin, greatest * margin
    else:
        margin = 0.15 * (greatest - least) or 0.15 * abs(greatest) or 1.0
        limits = least - margin, greatest + margin
    ax.set(xlim=limits, ylim=(-1, 1), xticks=[], yticks=[])
    ax.minorticks_off()
    low, high = (limits[side] if end is None else end for side, end in enumerate(row.band))
    band = AGAINST if row.against else BAND
    if low == high:
        ax.axvline(low, color=band, lw=4)
    ax.axvspan(low, high, color=band, lw=0)
    colour = FAINT if row.quick else INK
    looks = [(0.35 if row.control else 0, colour, "o", colour), (-0.45, SERIES[0], "s", "white")]
    for interval, (y, colour, marker, fill_colour) in zip(shown, looks, strict=False):
        mean = interval.mean if not math.isinf(interval.mean) else limits[1]
        ends = [mean if math.isnan(end) else end for end in (interval.low, interval.high)]
        ax.plot(np.clip(ends, *limits), [y, y], color=colour, lw=1)
        ax.plot(mean, y, marker=marker, color=colour, mfc=fill_colour, ms=3.6, clip_on=False)


def _numbers(row: Row) -> str:
    """Write the measure, its value and band, and the control's value, a line each."""
    lines = [row.measure, f"{text.interval(row.measured)}; band {text.band(row.band)}"]
    if row.control:
        lines.append(f"{row.condition}: {text.interval(row.control)}")
    return "\n".join(line if len(line) < 50 else f"{line[:48]}…" for line in lines)
