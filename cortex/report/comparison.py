"""Draw a measure at every level of a parameter, over seeds that the levels share."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import ArrayLike, NDArray

from cortex.analysis.reference import ANY, Band
from cortex.analysis.statistics import mean_interval
from cortex.report.style import BAND, FAINT, INK, SERIES, TWO_COLUMNS, styled
from cortex.report.timeline import LETTER

SEED: dict[str, Any] = {"color": SERIES[1], "marker": "o", "ms": 2.6, "mew": 0, "lw": 0}
MEAN: dict[str, Any] = {"color": INK, "marker": "D", "ms": 4.2, "lw": 1.4}

WIDTH = 0.8 * TWO_COLUMNS
"""Of the axes, at least, inches."""

BESIDE = 0.02
"""How far the mean stands to the right of the seeds, in widths of the axes."""


@styled
def figure_comparison(measure: str, unit_label: str, levels: Mapping[str, ArrayLike], band: Band, title: str) -> Figure:
    """Draw a column per level: its seeds, joined to the same seeds at the next level, their mean and 95 % interval.

    Parameters
    ----------
    measure : str
    unit_label : str
        "1" for a ratio, which is not written.
    levels : mapping of name to values, (seed,)
        The same seeds in the same order; nan where the measure is undefined.
    band : tuple of float or None, (low, high)
        Shaded; None for an open end.
    title : str
    """
    values = np.array([np.asarray(seeds, dtype=float) for seeds in levels.values()])
    figure = Figure((TWO_COLUMNS, 3.7), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    ax = figure.subplots()
    places = np.arange(len(values))
    ax.plot(places, values, color=FAINT, lw=0.4, alpha=0.7)
    ax.plot(places, values, alpha=0.8, **SEED)
    for place, seeds in zip(places + BESIDE * len(values), values, strict=True):
        if (defined := seeds[~np.isnan(seeds)]).size:
            mean, low, high = mean_interval(defined)
            ax.plot([place, place], [low, high], color=INK, lw=MEAN["lw"])
            ax.plot(place, mean, **MEAN)
    ax.set(xlim=(-0.5, len(values) - 0.5), ylabel=measure if unit_label == "1" else f"{measure} ({unit_label})")
    key: list[Artist] = [Line2D([], [], label="seed", **SEED), Line2D([], [], label="mean [95 %]", **MEAN)]
    if band != ANY:
        _shade(ax, band)
        key.append(Patch(color=BAND, label=_range(band)))
    figure.legend(handles=key, loc="outside lower center", ncols=len(key))
    name_columns(ax, list(levels), [_count(seeds) for seeds in values])
    return figure


def name_columns(ax: Axes, names: Sequence[str], notes: Sequence[str] = ()) -> None:
    """Write a name, and a note of one or more lines, under each column, at a slant if the columns are too narrow.

    Parameters
    ----------
    ax : Axes
        As wide as the figure; the columns stand at 0, 1, 2 and so on.
    names, notes : sequence of str
    """
    letters = int(WIDTH / len(names) / LETTER)
    upright = max(len(word) for name in names for word in name.split()) <= letters
    upright = upright and max(map(len, names)) < 4 * letters
    labels = [
        "\n".join(wrap(name, letters) + [part for line in note.splitlines() for part in wrap(line, letters)])
        if upright
        else f"{name}\n{', '.join(note.splitlines())}".strip()
        for name, note in zip_longest(names, notes, fillvalue="")
    ]
    ax.set_xticks(range(len(names)), labels)
    if not upright:
        ax.tick_params(axis="x", pad=7)
        for label in ax.get_xticklabels():
            label.set(rotation=40, ha="right", va="center", rotation_mode="anchor")


def _count(seeds: NDArray[np.float64]) -> str:
    undefined = int(np.isnan(seeds).sum())
    defined = f"n = {len(seeds) - undefined}"
    return f"{defined}\n{undefined} of {len(seeds)} undefined" if undefined else defined


def _shade(ax: Axes, band: Band) -> None:
    """Shade the band over all columns, as far as the axis where it is open."""
    ax.update_datalim([(0, end) for end in band if end is not None])
    ax.autoscale_view(scalex=False)
    limits = ax.get_ylim()
    low, high = (limit if end is None else end for end, limit in zip(band, limits, strict=True))
    ax.axhspan(low, high, color=BAND, lw=0, zorder=0)
    ax.set_ylim(limits)


def _range(band: Band) -> str:
    low, high = band
    if low is None:
        return f"band, up to {high:g}"
    return f"band, from {low:g}" if high is None else f"band, {low:g} to {high:g}"
