"""Shade and name the phases of an experiment behind a time axis."""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes

from cortex.report.style import FAINT, RC


class Span(NamedTuple):
    """A named stretch of an experiment."""

    name: str
    start: float
    """s"""
    end: float
    """s"""


COLOURS = {
    "no hold": "#FFFFFF",
    "settle": "#EFEFEF",
    "copied": "#DCEBF7",
    "copy": "#DCEBF7",
    "train": "#DCEBF7",
    "hold": "#FBEFD5",
    "release": "#E0F0E4",
}
"""Shading by what a phase's name contains; all other phases, such as tests, stay white."""

LETTER = 0.6 * RC["font.size"] / 72
"""Width of a letter, inches."""


def phase_colour(name: str) -> str:
    """Return the shading of a phase."""
    return next((colour for word, colour in COLOURS.items() if word in name.lower()), "#FFFFFF")


def shade_phases(ax: Axes, phases: Sequence[Span], width: float = 0.85) -> None:
    """Shade the phases over the limits of the time axis, which this sets, and write their names above.

    A name that would run into its neighbour moves one line up.

    Parameters
    ----------
    ax : Axes
    phases : sequence of Span
    width : float
        Width of the axes as a share of that of the figure.
    """
    first, last = min(phase.start for phase in phases), max(phase.end for phase in phases)
    ax.set_xlim(first, last)
    second = width * ax.figure.get_figwidth() / (last - first)  # type: ignore[union-attr]
    ends: list[float] = []  # right end of the text in every line
    for phase in phases:
        ax.axvspan(phase.start, phase.end, color=phase_colour(phase.name), lw=0, zorder=0)
        ax.axvline(phase.start, color=FAINT, lw=0.5, zorder=0.5)
        middle = (phase.start + phase.end) / 2
        half = (len(phase.name) + 1) * LETTER / 2 / second
        line = next((line for line, end in enumerate(ends) if end <= middle - half), len(ends))
        ends[line : line + 1] = [middle + half]
        ax.annotate(
            phase.name,
            (middle, 1),
            (0, 3 + 9 * line),
            xycoords=ax.get_xaxis_transform(),
            textcoords="offset points",
            ha="center",
            va="bottom",
        )
