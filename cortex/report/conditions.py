"""Draw what conditions do over a parameter, such as learning speed over learning rates, beside what was predicted."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from cortex.analysis.statistics import known_interval
from cortex.report.style import INK, TWO_COLUMNS, draw_level, key_label, plain_logs, styled
from cortex.report.survival import Look
from cortex.report.text import plain


class Over(NamedTuple):
    """What a condition does over the levels of a parameter.

    Attributes
    ----------
    x : array, (level,)
        The parameter, or what it leads to.
    values : array, (level, seed)
        Nan where there is none.
    predicted : array, (level,), optional
    marked : array, (level,), optional
        Which are drawn hollow.
    """

    x: np.ndarray
    values: np.ndarray
    predicted: np.ndarray | None = None
    marked: np.ndarray | None = None


@styled
def figure_over(
    panels: Mapping[str, Mapping[str, Over]],
    looks: Mapping[str, Look],
    labels: tuple[str, str, str],
    limit: float | None = None,
    key: Mapping[str, str] | None = None,
) -> Figure:
    """Draw what conditions do over a parameter on logarithmic scales, in panels side by side.

    Parameters
    ----------
    panels : mapping of title to mapping of condition to Over
        Means over seeds with 95 % intervals; predicted values as thin lines without markers.
    looks : mapping of condition to Look
    labels : tuple of str
        Title, and labels of the axes.
    limit : float, optional
        Where a line is drawn: the time after which runs were no longer watched.
    key : mapping of str to str, optional
        What "predicted" and "marked" mean.
    """
    title, x_label, y_label = labels
    figure = Figure((TWO_COLUMNS, 4.1), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for ax, (heading, conditions) in zip(axes, panels.items(), strict=True):
        handles = [_draw_over(ax, over, looks[name], plain(name)) for name, over in conditions.items()]
        if limit is not None:
            draw_level(ax, limit, "end of\nwatching")
        ax.set(xscale="log", yscale="log", xlabel=x_label, title=heading if len(panels) > 1 else "")
        plain_logs(ax, "xy", wide=len(panels) == 1)
        beside: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.17)}
        ax.legend(handles=handles, handlelength=3.6, ncols=1 if len(panels) > 1 else 4, **beside)
    axes[0].set_ylabel(y_label)
    meanings: dict[str, dict[str, Any]] = {
        "predicted": {"lw": 0.7},
        "marked": {"lw": 0, "marker": "o", "mfc": "white", "ms": 4},
    }
    if key:
        drawn = [Line2D([], [], color=INK, label=text, **meanings[kind]) for kind, text in key.items()]
        figure.legend(handles=drawn, loc="outside upper right", ncols=len(drawn), handlelength=2.4)
    return figure


def _draw_over(ax: Axes, over: Over, look: Look, label: str) -> Line2D:
    colour, dashes, marker = look
    known = ~np.isnan(over.values).all(axis=1) & ~np.isnan(over.x)
    x, (y, low, high) = over.x[known], np.reshape([known_interval(seeds) for seeds in over.values[known]], (-1, 3)).T
    ax.vlines(x, low, high, color=colour, lw=1.0, alpha=0.7)
    ax.plot(x, y, color=colour, ls=dashes, lw=1.1)
    hollow = np.zeros(len(x), dtype=bool) if over.marked is None else over.marked[known]
    for chosen, face in ((~hollow, colour), (hollow, "white")):
        ax.plot(x[chosen], y[chosen], color=colour, marker=marker, mfc=face, ms=4.2, lw=0)
    if over.predicted is not None:
        ax.plot(over.x, over.predicted, color=colour, lw=0.7)
    return Line2D([], [], color=colour, ls=dashes, marker=marker, ms=4.2, label=key_label(label))
