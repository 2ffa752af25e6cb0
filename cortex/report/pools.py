"""Draw which groups of cells part where pools of PV cells overlap."""

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from cortex.report.phase_diagram import boundary
from cortex.report.style import FAINT, INK, SERIES, TWO_COLUMNS, draw_level, styled

COLOURS = LinearSegmentedColormap.from_list("parted", ["#FFFFFF", SERIES[2]])


@styled
def figure_groups(trials: np.ndarray, similarity: np.ndarray, ratio: np.ndarray, released: int, apart: float) -> Figure:
    """Draw the similarity of the members of each group over time, and at its end against what was predicted.

    Parameters
    ----------
    trials : array, (sample,)
    similarity : array, (sample, group)
    ratio : array, (group,)
        Growth over decay of a difference between members, measured before release.
    released : int
        Trial of release.
    apart : float
        Similarity below which members have parted.
    """
    figure = Figure((TWO_COLUMNS, 2.8), layout="constrained")
    figure.suptitle("Members of groups with overlapping pools", x=0.01, ha="left")
    left, right = figure.subplots(1, 2, sharey=True)
    for group, course in enumerate(similarity.T):
        look = {"color": SERIES[group % len(SERIES)], "lw": 1.2}
        left.plot(trials, course, label=f"group {group + 1}", **look)
        right.plot(ratio[group], course[-1], "o", ms=5, color=look["color"])
    left.axvline(released, color=INK, ls="--", lw=0.8)
    left.set(xlabel="trial", ylabel="similarity of the members' weights")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=6)
    right.axvline(1, color=INK, lw=0.8)
    right.set_xscale("log")
    right.set(xlabel="growth of a difference over its decay, before release", title="At the end")
    for ax in (left, right):
        draw_level(ax, apart, "parted below")
    return figure


@styled
def figure_boundary(
    measured: np.ndarray, predicted: np.ndarray, keeps: np.ndarray, pools: Sequence[str], columns: Sequence[str]
) -> Figure:
    """Draw the share of groups that part, over pools and touches, with the predicted share below it.

    Parameters
    ----------
    measured, predicted : array, (pool, column)
        Shares of groups; nan where there is no run.
    keeps : array of bool, (pool, column)
        Whether total and old task are kept.
    pools, columns : sequence of str
        Names of rows and columns.
    """
    figure = Figure((TWO_COLUMNS, 1.5 + 0.42 * len(pools)), layout="constrained")
    figure.suptitle("Where copies part: reach of PV cells, grain of touches, strength", x=0.01, ha="left")
    ax = figure.subplots()
    image = ax.imshow(measured, cmap=COLOURS, vmin=0, vmax=1, aspect="auto")
    for (row, column), share in np.ndenumerate(measured):
        if np.isfinite(share):
            ax.text(column, row, f"{share:.2f} ({predicted[row, column]:.2f})", ha="center", va="center", color=INK)
        if not keeps[row, column]:
            corner = column - 0.5, row - 0.5
            ax.add_patch(Rectangle(corner, 1, 1, fill=False, hatch="/////", ec=FAINT, lw=0))
    ax.set_yticks(range(len(pools)), pools)
    ax.set_xticks(range(len(columns)), columns)
    ax.set_ylabel("PV cells reach")
    ax.tick_params(length=0)
    boundary(ax, 0.49 - predicted)
    bar = figure.colorbar(image, ax=ax, pad=0.01, label="share of groups that part (predicted)")
    bar.outline.set_visible(False)
    key = [
        Line2D([], [], color=INK, lw=1.8, label="half of the groups or more, predicted"),
        Patch(fc="none", ec=FAINT, lw=0, hatch="/////", label="total or old task not kept"),
    ]
    figure.legend(handles=key, loc="outside lower center", ncols=2)
    return figure
