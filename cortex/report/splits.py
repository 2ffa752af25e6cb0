"""Draw cells before and after they are split, the lines of equivalent networks, and a pair of copies under a hold."""

from collections.abc import Mapping, Sequence
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from cortex.report.style import BAND, FAINT, INK, RC, SERIES, TWO_COLUMNS, plain_logs, styled, tint

SAME, OTHER = SERIES[1], SERIES[0]
MARKS = ("o", "s", "^", "D")


@styled
def figure_splits(
    cells: Mapping[str, np.ndarray], spikes: Mapping[str, np.ndarray], drives: Mapping[str, float], exact: float
) -> Figure:
    """Draw what cells give before and after each split, and below them the spikes of one under steady drives.

    Parameters
    ----------
    cells : mapping
        "split", "kind", "error" (split, kind), "sum" (cell, stimulus), "before" (kind, cell, stimulus), "after" (split,
        kind, cell, stimulus).
    spikes : mapping
        "way", "rate" (drive, way, part), "cell" and "time", s, of each spike.
    drives : mapping of str to float, V
        The steady drives by name.
    exact : float
        Changes up to it are none.
    """
    kinds, names = cells["kind"], cells["split"]
    figure = Figure((TWO_COLUMNS, 9.4))
    figure.suptitle("Output of a cell before and after it is split in two", x=0.01, ha="left")
    places = {"left": 0.13, "right": 0.98, "hspace": 0.12, "wspace": 0.3}
    upper = figure.add_gridspec(len(names), len(kinds), top=0.93, bottom=0.335, **places)
    grid = np.atleast_2d(upper.subplots(sharex=True, sharey="col", squeeze=False))
    for row, axes in enumerate(grid):
        after, errors = cells["after"][row], cells["error"][row]
        for ax, before, now, error in zip(axes, cells["before"], after, errors, strict=True):
            _draw_cell(ax, cells["sum"], before, now, error, exact)
    for ax, kind in zip(grid[0], kinds, strict=True):
        ax.set_title(kind)
    for ax, name in zip(grid[:, 0], names, strict=True):
        ax.set_ylabel(fill(str(name), 11))
    grid[0, -1].set_title(f"{kinds[-1]} (Hz)")
    figure.text(0.55, 0.302, "Weighted sum of the inputs, w·x (1)", ha="center", size=RC["axes.labelsize"])
    handles = [
        Line2D([], [], color=FAINT, lw=3, label="whole cell"),
        Line2D([], [], color=SAME, marker=".", ls="", label="both parts together: the same"),
        Line2D([], [], color=OTHER, marker="x", ls="", label="both parts together: changed"),
    ]
    figure.legend(handles=handles, loc="center", bbox_to_anchor=(0.55, 0.285), ncols=3)
    below = figure.add_gridspec(1, len(drives), top=0.235, bottom=0.045, left=0.27, right=0.94, wspace=0.2)
    rasters = np.ravel(below.subplots(sharey=True, squeeze=False))
    for place, (ax, (name, drive)) in enumerate(zip(rasters, drives.items(), strict=True)):
        _draw_spikes(ax, spikes, place)
        ax.set(title=f"Spikes, {name} steady drive, {1e3 * drive:g} mV", xlabel="Time (s)")
    return figure


def _draw_cell(ax: Axes, sums: np.ndarray, before: np.ndarray, after: np.ndarray, error: float, exact: float) -> None:
    same = error <= exact
    order = np.argsort(sums, axis=None)
    u = sums.ravel()[order]
    ax.plot(u, before.ravel()[order], color=tint(FAINT, 0.3), lw=3)
    ax.plot(u, after.ravel()[order], "." if same else "x", color=SAME if same else OTHER, ms=2 if same else 3, mew=0.7)
    ax.annotate(
        "same" if same else f"off by {100 * error:.0f} %",
        (0.04, 0.96),
        xycoords="axes fraction",
        va="top",
        size=6,
        color=SAME if same else INK,
    )


def _draw_spikes(ax: Axes, spikes: Mapping[str, np.ndarray], drive: int) -> None:
    """Draw the spikes of the whole cell and of each part, a row for each, with their rates."""
    shape = spikes["rate"].shape
    rows = [(way, part) for way in range(shape[1]) for part in range(shape[2]) if (way, part) != (0, 1)]
    labels = []
    for row, (way, part) in enumerate(rows):
        cell = np.ravel_multi_index((drive, way, part), shape)
        at = spikes["time"][spikes["cell"] == cell]
        at = at[at <= 0.2]
        ax.vlines(at, row - 0.38, row + 0.38, color=INK if way == 0 else SERIES[1 + part], lw=1)
        rate = f" {spikes['rate'][drive, way, part]:.0f} Hz"
        ax.annotate(rate, (1, row), xycoords=("axes fraction", "data"), va="center", size=6.5)
        labels.append("whole" if way == 0 else f"{spikes['way'][way]}, {'1st' if part == 0 else '2nd'}")
    ax.set(xlim=(0, 0.2), ylim=(len(rows) - 0.5, -0.5))
    ax.set_yticks(range(len(rows)), labels)


@styled
def figure_lines(shares: np.ndarray, losses: np.ndarray, kinds: Sequence[str]) -> Figure:
    """Draw the loss of a network along the line of shares of one of its cells.

    Parameters
    ----------
    shares : array, (share,)
    losses : array, (end, kind, share)
        Over the loss before, where the output is split, and where the input is.
    kinds : sequence of str
    """
    figure = Figure((TWO_COLUMNS, 2.9), layout="constrained")
    figure.suptitle("Loss along a line of networks: one hidden cell is split in two", x=0.01, ha="left")
    for ax, end, title in zip(
        figure.subplots(1, 2, sharey=True),
        losses,
        ("Output weight split, input copied", "Input weights split"),
        strict=True,
    ):
        ax.axvspan(0, 1, color=BAND, lw=0, label="both have a part")
        for kind, loss, colour, mark in zip(kinds, end, SERIES, MARKS, strict=False):
            ax.plot(shares, loss, color=colour, marker=mark, markevery=(SERIES.index(colour), 12), ms=4, label=kind)
        ax.set(title=title, xlabel="Share of the first part; of the second, the rest (1)", yscale="log")
        plain_logs(ax, "y")
    figure.axes[0].set_ylabel("Loss over that before (1)")
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(kinds) + 1)
    return figure


@styled
def figure_pair(pair: Mapping[str, np.ndarray]) -> Figure:
    """Draw the rates of a spiking pair over the skin, before copying and after, without and under the hold.

    Parameters
    ----------
    pair : mapping
        "place", mm, "alone", "held", "alone_no_hold" and "no_hold", Hz, (place, member).
    """
    figure = Figure((TWO_COLUMNS, 2.7), layout="constrained")
    figure.suptitle("Spiking copies: what the hold makes of two", x=0.01, ha="left")
    axes = figure.subplots(1, 2, sharey=True)
    for ax, name, title in zip(axes, ("no_hold", "held"), ("Without the hold", "Under the hold"), strict=True):
        alone = pair["alone_no_hold" if name == "no_hold" else "alone"].sum(axis=1)
        members = pair[name].T
        colours = [tint(colour, 0.35) for colour in SERIES[: len(members)]]
        ax.stackplot(pair["place"], members, colors=colours, edgecolor="white", lw=0.6, labels=_names(len(members)))
        ax.plot(pair["place"], alone, color=INK, ls=(0, (4, 1.6)), label="the first alone, before copying")
        ax.set(title=title, xlabel="Place of touch (mm)")
    axes[0].set(ylabel="Rate (Hz)", ylim=(0, None))
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure


def _names(number: int) -> list[str]:
    return ["first cell", *(["its copy"] if number == 2 else [f"copy {n}" for n in range(1, number)])]
