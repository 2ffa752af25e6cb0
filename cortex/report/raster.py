"""Draw spikes, one row per cell, groups of cells in one colour each."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from cortex.report.style import INK, SERIES, TWO_COLUMNS, styled
from cortex.report.timeline import Span, shade_phases

MANY_SPIKES = 20_000
"""From here on spikes are drawn as pixels, also in SVG, to keep files small."""
LEAST_SHARE = 0.06
"""Share of the figure's rows that even a single cell gets."""


@styled
def figure_raster(
    i: ArrayLike,
    t: ArrayLike,
    groups: Mapping[str, tuple[int, int]],
    window: tuple[float, float],
    phases: Sequence[Span] = (),
    stimuli: Sequence[tuple[float, float]] = (),
    title: str = "",
) -> Figure:
    """Draw the spikes of some groups of cells within a window of time.

    Parameters
    ----------
    i : array of int, shape (spike,)
        Cell of each spike.
    t : array, s, shape (spike,)
    groups : mapping of name to (first, last)
        Cells first to last - 1 of each group, from top to bottom of the figure.
    window : (start, end), s
    phases : sequence of Span
        Shaded and named where they lie in the window.
    stimuli : sequence of (start, end), s
        Marked by bars above the spikes.
    title : str
        Such as "Last 3 s of the hold".
    """
    cell, time = np.asarray(i), np.asarray(t)
    seen = (time >= window[0]) & (time < window[1])
    rows = sum(last - first for first, last in groups.values())
    figure = Figure((TWO_COLUMNS, float(np.clip(1.2 + 0.03 * rows, 2.2, 6))), layout="constrained")
    if title:
        figure.suptitle(title, x=0.01, ha="left")
    ax = figure.subplots()
    inside = [Span(p.name, max(p.start, window[0]), min(p.end, window[1])) for p in phases]
    if inside := [phase for phase in inside if phase.start < phase.end]:
        shade_phases(ax, inside)
    top, gap = 0.0, 0.02 * rows
    labels: dict[float, str] = {}
    if stimuli:
        labels[-3 * gap] = "stimulus"
        ax.hlines([-3 * gap] * len(stimuli), *np.transpose(stimuli), color=INK, lw=3)
    for (name, (first, last)), colour in zip(groups.items(), cycle(SERIES)):
        of_group = seen & (cell >= first) & (cell < last)
        height = max(last - first, LEAST_SHARE * rows)  # a few cells among many stay visible
        row = height / (last - first)
        upper = top + row * (cell[of_group] - first)
        ax.vlines(
            time[of_group], upper, upper + 0.9 * row, color=colour, lw=0.7, rasterized=bool(seen.sum() > MANY_SPIKES)
        )
        labels[top + height / 2] = f"{name}\n(n = {last - first})" if last - first > 1 else name
        top += height + gap
        ax.axhline(top - gap / 2, color=INK, lw=0.3)
    ax.set(xlim=window, ylim=(top - gap / 2, -(5 if stimuli else 0.5) * gap), xlabel="Time (s)")
    ax.set_yticks(list(labels), list(labels.values()))
    ax.tick_params(axis="y", length=0)
    return figure
