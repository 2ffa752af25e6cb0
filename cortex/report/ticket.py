"""Draw how well what is left of a pruned network learns, and how fast."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from cortex.analysis.statistics import mean_interval
from cortex.report.style import BAND, TWO_COLUMNS, plain_logs, styled
from cortex.report.survival import LOOKS
from cortex.report.text import count

Curve = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Share of the weights kept, shape (round,); accuracy and steps to a criterion, shapes (round, seed)."""


@styled
def figure_ticket(curves: Mapping[str, Curve], criterion: float, steps: int, judged: tuple[float, float]) -> Figure:
    """Draw accuracy, and steps to a criterion, against the share of the weights that is kept.

    Parameters
    ----------
    curves : mapping of str to Curve
        By name of the arm.
    criterion : float
        Accuracy whose time was taken.
    steps : int
        Of a training; the time of a network that does not get there.
    judged : tuple of float
        Shares of the weights between which arms are judged.
    """
    seeds = count(next(iter(curves.values()))[1].shape[1], "seed")
    figure = Figure((TWO_COLUMNS, 3.4), layout="constrained")
    title = f"What is left of a pruned network (n = {seeds}: mean and 95 % interval; controls after some rounds)"
    figure.suptitle(title, x=0.01, ha="left")
    left, right = figure.subplots(1, 2)
    for (name, (kept, *values)), (colour, dashes, marker) in zip(curves.items(), LOOKS, strict=False):
        for ax, of_seeds, scale in zip((left, right), values, (100, 1), strict=True):
            mean, low, high = scale * np.array([mean_interval(each) for each in of_seeds]).T
            ax.fill_between(100 * kept, low, high, color=colour, alpha=0.18, lw=0)
            ax.plot(100 * kept, mean, color=colour, ls=dashes, marker=marker, ms=3.6, label=name)
    left.set(ylabel="Test accuracy at the end (%)")
    right.set(ylabel=f"Steps to {100 * criterion:g} % ({steps} if not reached)", yscale="log")
    plain_logs(right, "y")
    for ax in (left, right):
        ax.axvspan(100 * judged[0], 100 * judged[1], color=BAND, lw=0, zorder=-1)
        ax.set(xlabel="Weights kept (%)", xscale="log")
        ax.xaxis.set_major_locator(FixedLocator([1, 2, 5, 10, 20, 50, 100]))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        ax.xaxis.set_minor_locator(NullLocator())
        ax.invert_xaxis()
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3, handlelength=3.6)
    return figure
