"""Draw the order of a map: where the skin of each site's field lies, against the place of the site."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from cortex.report.style import DIGITS, FAINT, IDLE, INK, TWO_COLUMNS, styled


class Order(NamedTuple):
    """One map across the digits."""

    place_mm: np.ndarray
    """Place of each site, shape (site,)."""
    centre_mm: np.ndarray
    """Place that anatomy gives to the skin of its field, shape (site,); nan without a field."""
    digit: np.ndarray
    """Digit that drives it most, from 0, shape (site,); negative where it answers to nothing."""
    several: np.ndarray
    """Whether its field covers two digits or more, shape (site,)."""


@styled
def figure_order(stages: Mapping[str, Order], borders_mm: Sequence[float], title: str) -> Figure:
    """Draw field centres against sites, a panel for each stage; fields over two digits are black diamonds.

    Parameters
    ----------
    stages : mapping of stage name to Order
        In the order of the experiment.
    borders_mm : sequence of float
        Borders between digits, by anatomy.
    title : str
    """
    figure = Figure((TWO_COLUMNS, TWO_COLUMNS / max(len(stages), 2) + 0.9), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    axes = figure.subplots(1, len(stages), sharex=True, sharey=True, squeeze=False)[0]
    for ax, (stage, order) in zip(axes, stages.items(), strict=True):
        ends = order.place_mm.min(), order.place_mm.max()
        ax.plot(ends, ends, color=FAINT, lw=0.7)
        for border in borders_mm:
            ax.axvline(border, color=FAINT, lw=0.5, ls=":")
            ax.axhline(border, color=FAINT, lw=0.5, ls=":")
        answers = order.digit >= 0
        one = answers & ~order.several
        colours = [DIGITS[digit] for digit in order.digit[one]]
        ax.scatter(order.place_mm[one], order.centre_mm[one], s=7, c=colours, lw=0)
        both = answers & order.several
        ax.scatter(order.place_mm[both], order.centre_mm[both], s=13, c=INK, marker="D", lw=0)
        silent = order.place_mm[~answers]
        ax.plot(silent, np.full(len(silent), ends[0]), "|", color=IDLE, ms=5, clip_on=False)
        ax.set(title=stage, xlabel="Place of the site, mm", box_aspect=1)
    axes[0].set_ylabel("Place of its field's skin, mm")
    handles = [
        Line2D([], [], marker="o", ms=3, color=FAINT, ls="none", label="field on one digit, in its colour"),
        Line2D([], [], marker="D", ms=3.5, color=INK, ls="none", label="field over two digits"),
        Line2D([], [], marker="|", ms=5, color=IDLE, ls="none", label="no response"),
        Line2D([], [], color=FAINT, lw=0.7, label="order of the skin"),
    ]
    figure.legend(handles=handles, loc="outside lower left", ncols=4)
    return figure
