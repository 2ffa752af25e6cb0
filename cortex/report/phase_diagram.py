"""Draw where one condition is better than another, over two parameters, with the predicted boundary."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from cortex.report.style import FAINT, INK, SERIES, TWO_COLUMNS, styled

COLOURS = LinearSegmentedColormap.from_list("faster", [SERIES[1], "#FFFFFF", SERIES[0]])
"""Blue where the first condition needs less, orange where it needs more."""


class Panel(NamedTuple):
    """Binary logarithms of ratios, shape (row, column); nan where neither condition got there."""

    measured: np.ndarray
    predicted: np.ndarray
    clear: np.ndarray
    """Where the measured ratio is told from 1."""


@styled
def figure_phases(
    panels: Mapping[str, Mapping[str, Panel]],
    x: tuple[str, Sequence[str]],
    y: tuple[str, Sequence[str]],
    ratio: str,
    title: str,
) -> Figure:
    """Draw a ratio of two conditions over two parameters, in a table of panels.

    Parameters
    ----------
    panels : mapping of row title to mapping of column title to Panel
    x, y : tuple of str and sequence of str
        Label of the axis, and the levels of its parameter: the columns, and the rows, of a panel.
    ratio : str
        What is divided by what.
    title : str
    """
    figure = Figure((TWO_COLUMNS, 2.0 + 1.5 * len(panels)), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    columns = max(map(len, panels.values()))
    axes = figure.subplots(len(panels), columns, squeeze=False, sharex=True, sharey=True)
    known = np.concatenate([panel.measured.ravel() for row in panels.values() for panel in row.values()])
    limit = float(np.nanmax(np.abs(known))) if np.isfinite(known).any() else 1.0
    for row, (name, panels_of_row) in zip(axes, panels.items(), strict=True):
        for ax, (heading, panel) in zip(row, panels_of_row.items(), strict=True):
            image = ax.imshow(panel.measured, cmap=COLOURS, vmin=-limit, vmax=limit, origin="lower", aspect="auto")
            for (line, column), value in np.ndenumerate(panel.measured):
                if np.isnan(value):
                    corner = column - 0.5, line - 0.5
                    ax.add_patch(Rectangle(corner, 1, 1, fill=False, hatch="/////", ec=FAINT, lw=0))
                else:
                    look = {"weight": "bold" if panel.clear[line, column] else "normal", "size": 6.5, "color": INK}
                    ax.text(column, line, f"{2**value:.2g}", ha="center", va="center", **look)
            boundary(ax, panel.predicted)
            ax.set_title(f"{heading}: {name[0].lower()}{name[1:]}")
            ax.tick_params(length=0)
        row[0].set_ylabel(y[0])
        row[0].set_yticks(range(len(y[1])), y[1])
    for ax in axes[-1]:
        ax.set_xticks(range(len(x[1])), x[1], rotation=45)
        ax.set_xlabel(x[0])
    bar = figure.colorbar(image, ax=axes, pad=0.01, label=ratio)
    ticks = np.arange(-np.floor(limit), np.floor(limit) + 1)
    bar.set_ticks(list(ticks), labels=[f"{2.0**tick:g}" for tick in ticks])
    bar.outline.set_visible(False)
    key = [
        Line2D([], [], color=INK, lw=1.8, ls="-", label="predicted boundary: equal"),
        Patch(fc="none", ec=FAINT, lw=0, hatch="/////", label="neither got there in time"),
        Line2D([], [], lw=0, label="bold: the 95 % interval over seeds leaves out 1"),
    ]
    figure.legend(handles=key, loc="outside lower center", ncols=3)
    return figure


def boundary(ax: Axes, predicted: np.ndarray) -> None:
    """Draw a line between cells on whose two sides different conditions should be faster."""
    better = predicted < 0
    known = ~np.isnan(predicted)
    for y, x in np.ndindex(*predicted.shape):
        right = (y, x + 1), ((x + 0.5, x + 0.5), (y - 0.5, y + 0.5))
        above = (y + 1, x), ((x - 0.5, x + 0.5), (y + 0.5, y + 0.5))
        for other, ends in (right, above):
            inside = other[0] < predicted.shape[0] and other[1] < predicted.shape[1]
            if inside and known[y, x] and known[other] and better[y, x] != better[other]:
                ax.plot(*ends, color=INK, lw=1.8)
