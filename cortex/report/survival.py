"""Draw how long seeds take to reach a criterion."""

from collections.abc import Iterable, Mapping
from itertools import cycle
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from cortex.analysis.survival import SurvivalCurve
from cortex.report.style import FAINT, INK, SERIES, TWO_COLUMNS, key_label, styled
from cortex.report.timeline import LETTER

Look = tuple[str, Any, str]
"""Colour, dashes and marker."""

LOOKS: tuple[Look, ...] = (
    (SERIES[0], "-", "o"),
    (SERIES[1], (0, (5, 1.5)), "s"),
    (SERIES[2], (0, (1.2, 1.2)), "^"),
    (SERIES[3], (0, (6, 1.5, 1.2, 1.5)), "D"),
    (SERIES[4], (0, (6, 1.2, 1.2, 1.2, 1.2, 1.2)), "v"),
    (SERIES[5], (0, (2.5, 1.2)), "P"),
    (INK, (0, (9, 2.5)), "X"),
    (FAINT, (0, (1.2, 2.6)), "*"),
)
"""Looks of conditions, which differ without colour."""


def key_columns(names: Iterable[str]) -> int:
    """Return in how many columns a key of these names, with a few letters more, fits under a figure."""
    return int(np.clip(TWO_COLUMNS / (LETTER * (max(map(len, names)) + 18)), 1, 4))


@styled
def figure_survival(
    curves: Mapping[str, SurvivalCurve], measure: str, title: str, unit: str = "s", looks: Iterable[Look] = LOOKS
) -> Figure:
    """Draw the share of seeds not yet at the criterion against time, with 95 % intervals.

    A marker stands wherever a seed reached the criterion, an upright stroke where one had not by the end of its
    follow-up.

    Parameters
    ----------
    curves : mapping of condition to SurvivalCurve
        Up to 8 differ without colour.
    measure : str
        What the time is the time of.
    title : str
    unit : str
        Of the time; "" if `measure` says it.
    looks : iterable of Look
        Of the curves, in order.
    """
    figure = Figure((TWO_COLUMNS, 3.0 + 0.08 * len(curves)), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    ax = figure.subplots()
    for (name, curve), (colour, dashes, marker) in zip(curves.items(), cycle(looks), strict=False):
        # doubled corners: a filled step would lose its last part where the interval ends
        corners = np.repeat(curve.times, 2)[1:]
        low, high = np.repeat(curve.low, 2)[:-1], np.repeat(curve.high, 2)[:-1]
        ax.fill_between(corners, low, high, color=colour, alpha=min(0.14, 0.4 / len(curves)), lw=0)
        arrivals = np.flatnonzero(np.diff(curve.share)) + 1
        ax.plot(
            curve.times,
            curve.share,
            drawstyle="steps-post",
            color=colour,
            ls=dashes,
            marker=marker,
            ms=3.6,
            markevery=list(arrivals),
            label=f"{key_label(name)} (n = {curve.seeds})",
        )
        last = np.searchsorted(curve.times, curve.censored, side="right") - 1
        ax.plot(curve.censored, curve.share[last], color=colour, marker="|", ms=9, mew=1.4, lw=0)
    end = max(curve.times[-1] for curve in curves.values())
    ax.set(xlim=(0, 1.03 * end if end else 1), ylim=(-0.03, 1.05))
    ax.set(xlabel=f"{measure} ({unit})" if unit else measure, ylabel="Share of runs not yet at criterion")
    handles = ax.get_legend_handles_labels()[0]
    if any(len(curve.censored) for curve in curves.values()):
        handles.append(Line2D([], [], color=INK, marker="|", ms=9, mew=1.4, lw=0, label="not reached by the end"))
    figure.legend(handles=handles, loc="outside lower center", ncols=key_columns(curves), handlelength=3.6)
    return figure
