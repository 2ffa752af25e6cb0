"""Draw animals that go through one cycle after another."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from cortex.report.style import FAINT, SERIES, TWO_COLUMNS, draw_level, styled
from cortex.report.timeline import Span, shade_phases

Points = tuple[np.ndarray, np.ndarray]
"""Times, s, and values; a line has a gap where a value is nan."""


class Row(NamedTuple):
    """One pair of axes."""

    label: str
    animals: Mapping[str, Points]
    level: float | None = None
    """Error of a readout that says nothing, where that is drawn."""


LOOKS = (
    (SERIES[0], "-", "o"),
    (SERIES[1], (0, (4, 1.6)), "s"),
    (SERIES[2], (0, (4, 1.2, 1, 1.2)), "D"),
    (FAINT, (0, (1, 1)), "^"),
)
"""Colour, line and marker of the animals, in order."""

MANY = 40
"""Points of a line from which on they are not marked."""


@styled
def figure_cycles(rows: Sequence[Row], phases: Sequence[Span], title: str = "Several cycles") -> Figure:
    """Draw what animals show, one row for each quantity, on one time axis.

    Parameters
    ----------
    rows : sequence of Row
    phases : sequence of Span
        In s.
    title : str
    """
    figure = Figure((TWO_COLUMNS, 1.35 * len(rows) + 0.6), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    axes = figure.subplots(len(rows), 1, sharex=True, squeeze=False)[:, 0]
    names = list(dict.fromkeys(name for row in rows for name in row.animals))
    looks = dict(zip(names, LOOKS, strict=False))
    minutes = [Span(phase.name, phase.start / 60, phase.end / 60) for phase in phases]
    handles = {}
    for number, (ax, row) in enumerate(zip(axes, rows, strict=True)):
        shade_phases(ax, minutes)
        for text in list(ax.texts) if number else []:  # names of phases stand above the uppermost axes alone
            text.remove()
        for name, (times, values) in row.animals.items():
            colour, dashes, marker = looks[name]
            marks = marker if len(times) < MANY else ""
            [handles[name]] = ax.plot(np.asarray(times) / 60, values, color=colour, ls=dashes, marker=marks, ms=3)
        ax.set_ylabel(row.label)
        ax.set_ylim(0)
        if row.level is not None:
            draw_level(ax, row.level, "no answer")
    axes[-1].set_xlabel("Time (min)")
    figure.align_ylabels(axes)
    order = [name for name in names if name in handles]
    figure.legend([handles[name] for name in order], order, loc="outside lower center", ncols=4, handlelength=3.2)
    return figure
