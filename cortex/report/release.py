"""Draw what happens when copies are released, in one run and over seeds."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cortex.analysis.statistics import Interval
from cortex.report.style import BAND, FAINT, INK, SERIES, TWO_COLUMNS, draw_level, key_label, plain_logs, styled
from cortex.report.survival import LOOKS
from cortex.report.text import count

Curve = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Trials since the new task began, similarity of copies, mean squared error."""


@styled
def figure_release(
    similarity: Mapping[str, tuple[np.ndarray, np.ndarray]],
    error: Mapping[str, tuple[np.ndarray, np.ndarray]],
    growth: tuple[np.ndarray, np.ndarray, np.ndarray],
    released: float,
    plateau: float,
    title: str = "Copies before and after release",
) -> Figure:
    """Draw similarity of copies, error, and the growth of their difference, with the release marked.

    Parameters
    ----------
    similarity, error : mapping of str to pair of arrays, (trial,)
        Trials and mean cosine of the weights; trials and mean squared error.
    growth : tuple of arrays, (trial,)
        Trials from release on, size of the difference of copies along the predicted direction, and predicted size.
    released : float
        Trial of release.
    plateau : float
        Systematic error just before release.
    title : str
    """
    figure = Figure((TWO_COLUMNS, 5.8), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    upper, middle, lower = figure.subplots(3, 1, sharex=True)
    for (name, (trial, cosines)), (colour, dashes, _) in zip(similarity.items(), LOOKS, strict=False):
        upper.plot(trial, cosines, color=colour, ls=dashes, label=key_label(name))
    upper.set(ylabel="Similarity of copies\n(cosine of weights)", ylim=(-0.3, 1.05))
    for (name, (trial, squared)), (colour, dashes, _) in zip(error.items(), LOOKS, strict=False):
        middle.plot(trial, squared, color=colour, ls=dashes, label=key_label(name))
    draw_level(middle, plateau, "plateau: systematic\nerror before release")
    middle.set(ylabel="Mean squared error\nof the new task", ylim=(0, None))
    trial, size, predicted = growth
    lower.plot(trial, size, color=INK, label="measured, along the\nfastest direction")
    lower.plot(trial, predicted, color=LOOKS[1][0], ls=LOOKS[1][1], label="predicted growth")
    lower.set(ylabel="Difference of copies\n(weight)", yscale="log", xlabel="Trial of the run")
    plain_logs(lower, "y")
    for ax in (upper, lower):
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), handlelength=3.2)
    for ax in (upper, middle, lower):
        mark_release(ax, released)
    return figure


def mark_release(ax: Axes, at: float) -> None:
    """Draw a line at the trial of release, and name it above the axes."""
    ax.axvline(at, color=INK, lw=0.8, ls=(0, (2, 2)))
    above = ("data", "axes fraction")
    ax.annotate("release", (at, 1), (0, 2), xycoords=above, textcoords="offset points", ha="center", size=6.5)


@styled
def figure_parting(seeds: Sequence[Mapping[str, Curve]], title: str, released: float = 0.0) -> Figure:
    """Draw similarity of copies and error over trials: median over seeds, and a band that holds their middle half.

    Parameters
    ----------
    seeds : sequence of mapping of str to Curve
        Of each seed, its curves by name.
    title : str
    released : float
        Trial of release.
    """
    figure = Figure((TWO_COLUMNS, 4.2), layout="constrained")
    figure.suptitle(f"{title} (n = {count(len(seeds), 'seed')}: median and middle half)", x=0.01, ha="left")
    upper, lower = figure.subplots(2, 1, sharex=True)
    for (name, (trial, *_)), (colour, dashes, _) in zip(seeds[0].items(), LOOKS, strict=False):
        for ax, column in ((upper, 1), (lower, 2)):
            stacked = np.array([seed[name][column] for seed in seeds])
            low, middle, high = np.percentile(stacked, (25, 50, 75), axis=0)
            ax.fill_between(trial, low, high, color=colour, alpha=0.2, lw=0)
            ax.plot(trial, middle, color=colour, ls=dashes, label=key_label(name))
    upper.set(ylabel="Least similarity of copies\n(cosine of weights)")
    lower.set(ylabel="Mean squared error", xlabel="Trials since release", ylim=(0, None))
    for ax in (upper, lower):
        mark_release(ax, released)
    figure.legend(*upper.get_legend_handles_labels(), loc="outside lower center", ncols=2, handlelength=3.6)
    return figure


@styled
def figure_when(times: np.ndarray, losses: np.ndarray, never: Interval, title: str) -> Figure:
    """Draw the error at the end against the time of release.

    Parameters
    ----------
    times : array, (time,)
        Share of the new task after which the hold was released.
    losses : array, (time, seed)
        Systematic error at the end.
    never : Interval
        The same of copies that are never released.
    title : str
    """
    figure = Figure((TWO_COLUMNS * 0.7, 2.8), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
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
