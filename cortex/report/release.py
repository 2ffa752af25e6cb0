"""Draw what happens when copies are released, over seeds."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from cortex.analysis.statistics import Interval
from cortex.report.learning import mark_release
from cortex.report.style import BAND, FAINT, INK, SERIES, TWO_COLUMNS, styled
from cortex.report.survival import LOOKS

Curve = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Trials since the new task began, similarity of copies, mean squared error."""


@styled
def figure_parting(seeds: Sequence[Mapping[str, Curve]], released: float = 0.0) -> Figure:
    """Draw similarity of copies and error over trials, mean and middle half of the seeds.

    Parameters
    ----------
    seeds : sequence of mapping of arm to Curve
    released : float
        Trial of release.
    """
    figure = Figure((TWO_COLUMNS, 4.2), layout="constrained")
    figure.suptitle(f"Copies part after release (n = {len(seeds)} seeds: median and middle half)", x=0.01, ha="left")
    upper, lower = figure.subplots(2, 1, sharex=True)
    for (arm, (trial, *_)), (colour, dashes, _) in zip(seeds[0].items(), LOOKS, strict=False):
        for ax, place in ((upper, 1), (lower, 2)):
            stacked = np.array([seed[arm][place] for seed in seeds])
            low, middle, high = np.percentile(stacked, (25, 50, 75), axis=0)
            ax.fill_between(trial, low, high, color=colour, alpha=0.2, lw=0)
            ax.plot(trial, middle, color=colour, ls=dashes, label=arm)
    upper.set(ylabel="Least similarity of copies\n(cosine of weights)")
    lower.set(ylabel="Mean squared error", xlabel="Trials since release", ylim=(0, None))
    for ax in (upper, lower):
        mark_release(ax, released)
    figure.legend(*upper.get_legend_handles_labels(), loc="outside lower center", ncols=2, handlelength=3.6)
    return figure


@styled
def figure_agreement(pairs: Mapping[str, tuple[np.ndarray, np.ndarray]], bands: Mapping[str, float]) -> Figure:
    """Draw measured against predicted values on the diagonal, a panel for each quantity, a dot for each seed.

    Parameters
    ----------
    pairs : mapping of str to pair of arrays, (seed,)
        Measured and predicted.
    bands : mapping of str to float
        How far the measured mean may be from the prediction, as a share of it.
    """
    figure = Figure((TWO_COLUMNS, 2.2), layout="constrained")
    figure.suptitle("Measured against predicted, before anything was released", x=0.01, ha="left")
    for ax, (name, (measured, predicted)) in zip(figure.subplots(1, len(pairs)), pairs.items(), strict=True):
        top = 1.15 * float(np.nanmax([measured, predicted]))
        line = np.array([0.0, top])
        if name in bands:
            ax.fill_between(line, (1 - bands[name]) * line, (1 + bands[name]) * line, color=BAND, lw=0)
        ax.plot(line, line, color=FAINT, lw=0.8)
        ax.plot(predicted, measured, "o", ms=3.2, color=SERIES[1], mec="white", mew=0.4)
        ax.plot(np.nanmean(predicted), np.nanmean(measured), "D", ms=5, color=SERIES[0], mec=INK, mew=0.6)
        ax.set(xlim=(0, top), ylim=(0, top), xlabel="predicted", title=name.replace("_", " "))
        ax.title.set_fontsize(7)
        ax.set_box_aspect(1)
    figure.axes[0].set_ylabel("measured")
    return figure


@styled
def figure_when(times: np.ndarray, losses: np.ndarray, never: Interval) -> Figure:
    """Draw the error at the end against the time of release.

    Parameters
    ----------
    times : array, (time,)
        Share of the new task after which the hold was released.
    losses : array, (time, seed)
        Systematic error at the end.
    never : Interval
        The same of copies that are never released.
    """
    figure = Figure((TWO_COLUMNS * 0.7, 2.8), layout="constrained")
    figure.suptitle("When the hold is released", x=0.01, ha="left")
    ax = figure.subplots()
    ax.axhspan(never.low, never.high, color=BAND, lw=0)
    ax.axhline(never.mean, color=FAINT, lw=1, label="never released (mean and 95 % interval)")
    ax.plot(
        np.repeat(times, losses.shape[1]), losses.ravel(), "o", ms=3, color=SERIES[1], mec="white", label="one seed"
    )
    ax.plot(times, np.median(losses, axis=1), color=SERIES[0], marker="D", ms=4, label="median")
    ax.set(xlabel="Release, as a share of the new task", ylabel="Systematic error at the end", ylim=(0, None))
    figure.legend(loc="outside lower center", ncols=3)
    return figure
