"""Draw how a measure depends on one or two parameters, and how much of its variance each explains."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import NullLocator
from matplotlib.typing import ColorType
from numpy.typing import ArrayLike

from cortex.analysis.statistics import Interval
from cortex.report.comparison import name_columns
from cortex.report.style import FAINT, INK, SERIES, TWO_COLUMNS, key_label, styled, tint
from cortex.report.survival import LOOKS, key_columns

COLOURS = "viridis"
LUMINANCE = (0.2126, 0.7152, 0.0722)
"""Weights of red, green and blue in how light a colour looks (Rec. 709)."""

WRITTEN = 400
"""Cells of a heat map up to which their values are written into them."""

TICKS = 25
"""Levels of a parameter up to which each has a tick of its own on a logarithmic axis."""


@styled
def figure_heat_map(
    x_name: str,
    x_labels: Sequence[str],
    y_name: str,
    y_labels: Sequence[str],
    values: ArrayLike,
    measure: str,
    title: str,
    criterion_met: ArrayLike | None = None,
) -> Figure:
    """Draw a measure over two parameters, a cell per pair of levels, the first pair at the lower left.

    Parameters
    ----------
    x_name, y_name : str
    x_labels, y_labels : sequence of str
    values : array, (y, x)
        Written into the cells, if these are few enough to be read; hatched where nan.
    measure : str
    title : str
    criterion_met : array of bool, (y, x), optional
        Cells to outline.
    """
    values = np.asarray(values, dtype=float)
    met = np.zeros(values.shape, dtype=bool) if criterion_met is None else np.asarray(criterion_met, dtype=bool)
    figure = Figure((TWO_COLUMNS, float(np.clip(1.3 + 0.42 * len(values), 2.4, 8))), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    ax = figure.subplots()
    image = ax.imshow(np.ma.masked_invalid(values), cmap=COLOURS, origin="lower", aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        if np.isnan(value):
            ax.add_patch(_cell(column, row, 1, hatch="/////", edgecolor=FAINT, lw=0))
            continue
        light = np.dot(image.cmap(image.norm(value))[:3], LUMINANCE) > 0.45
        colour = INK if light else "white"
        if values.size <= WRITTEN:
            ax.text(column, row, f"{value:.3g}", ha="center", va="center", color=colour)
        if met[row, column]:
            ax.add_patch(_cell(column, row, 0.86, edgecolor=colour, lw=1.4))
    ax.set(xlabel=x_name, ylabel=y_name)
    name_columns(ax, x_labels)
    ax.set_yticks(range(len(values)), y_labels)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ticks: list[float] | None = [] if np.isnan(values).all() else None
    figure.colorbar(image, ax=ax, label=measure, pad=0.02, ticks=ticks).outline.set_visible(False)
    key = []
    if met.any():
        key.append(Patch(facecolor="none", edgecolor=INK, lw=1.4, label="meets the criterion"))
    if np.isnan(values).any():
        key.append(Patch(facecolor="none", edgecolor=FAINT, lw=0, hatch="/////", label="undefined"))
    if key:
        figure.legend(handles=key, loc="outside lower center", ncols=len(key))
    return figure


@styled
def figure_profile(
    name: str,
    x: Sequence[float] | Sequence[str],
    series: Mapping[str, Sequence[Interval]],
    measure: str,
    title: str,
    log: bool = False,
) -> Figure:
    """Draw the mean of a measure and its interval against one parameter, a line per condition.

    Parameters
    ----------
    name : str
        Of the parameter, with its unit.
    x : sequence of float or of str
        Its levels; names stand side by side, in order.
    series : mapping of condition to sequence of Interval, (level,)
    measure : str
        With its unit.
    title : str
    log : bool
        Whether the axis of the parameter is logarithmic.
    """
    figure = Figure((TWO_COLUMNS, 2.9 + 0.08 * len(series)), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    ax = figure.subplots()
    numbers = [level for level in x if not isinstance(level, str)]
    places = np.asarray(numbers) if len(numbers) == len(x) else np.arange(len(x))
    if log:
        ax.set_xscale("log")
    for (condition, intervals), (colour, dashes, marker) in zip(series.items(), cycle(LOOKS), strict=False):
        mean, low, high = np.transpose(intervals)
        ax.fill_between(places, low, high, color=colour, alpha=0.12, lw=0)
        ax.vlines(places, low, high, color=colour, lw=0.9)
        ax.plot(places, mean, color=colour, ls=dashes, marker=marker, ms=4.2, label=key_label(condition))
    ax.set(xlabel=name, ylabel=measure)
    if len(numbers) < len(x):
        name_columns(ax, [str(level) for level in x])
    elif log and len(x) <= TICKS:
        ax.set_xticks(places, [f"{level:g}" for level in numbers])
        ax.xaxis.set_minor_locator(NullLocator())
    figure.legend(loc="outside lower center", ncols=key_columns(series), handlelength=3)
    return figure


@styled
def figure_indices(
    names: Sequence[str],
    first: Sequence[Interval],
    total: Sequence[Interval] | None,
    title: str,
    kind: str = "share of variance",
) -> Figure:
    """Draw how much each parameter matters, with 95 % intervals.

    Parameters
    ----------
    names : sequence of str
    first : sequence of Interval, (parameter,)
        What each explains by itself.
    total : sequence of Interval, (parameter,), optional
        Share that each explains with all its interactions.
    title : str
    kind : str
        What is drawn; a "rank correlation" may be negative.
    """
    bars: dict[str, tuple[Sequence[Interval], ColorType, str]] = {"by itself": (first, tint(SERIES[1], 0.3), "")}
    if total is not None:
        bars["with its interactions"] = (total, tint(SERIES[0], 0.45), "/////")
    figure = Figure((TWO_COLUMNS, 0.9 + 0.19 * (len(bars) + 0.6) * len(names)), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    ax = figure.subplots()
    height = 0.8 / len(bars)
    for number, (label, (intervals, colour, hatch)) in enumerate(bars.items()):
        mean, low, high = np.transpose(intervals)
        places = np.arange(len(names)) + height * (number - (len(bars) - 1) / 2)
        ax.barh(places, mean, 0.9 * height, color=colour, hatch=hatch, edgecolor="white", lw=0, label=label)
        ax.hlines(places, low, high, color=INK, lw=1)
    ax.axvline(0, color=INK, lw=0.7)
    ax.set_yticks(range(len(names)), names)
    ax.set(ylim=(len(names) - 0.5, -0.5), xlabel=kind.capitalize())
    ax.set_xlim(min(-1 if kind == "rank correlation" else 0, ax.get_xlim()[0]), max(1, ax.get_xlim()[1]))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    if total is not None:
        figure.legend(loc="outside lower center", ncols=2)
    return figure


def _cell(column: int, row: int, size: float, **look: Any) -> Rectangle:
    return Rectangle((column - size / 2, row - size / 2), size, size, fill=False, **look)
