"""Draw how a new task is learned, beside what was predicted."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cortex.analysis.learning import moving_average
from cortex.report.style import FAINT, INK, TWO_COLUMNS, styled
from cortex.report.survival import LOOKS
from cortex.report.timeline import Span, shade_phases


class Curve(NamedTuple):
    """Squared errors over trials."""

    measured: np.ndarray
    """Of the spiking network, shape (trial,)."""
    predicted: np.ndarray
    """Mean of the rate model, shape (trial,)."""


@styled
def figure_learning(curves: Mapping[str, Curve], criterion: float, window: int) -> Figure:
    """Draw the mean squared error over the last trials, measured and predicted.

    Parameters
    ----------
    curves : mapping of str to Curve
    criterion : float
        Error at which the task counts as learned.
    window : int
        Trials that are averaged.
    """
    figure = Figure((TWO_COLUMNS, 3.0), layout="constrained")
    figure.suptitle("Learning the new task", x=0.01, ha="left")
    ax = figure.subplots()
    for (name, curve), (colour, dashes, _) in zip(curves.items(), LOOKS, strict=False):
        for values, width, label in ((curve.measured, 1.6, name), (curve.predicted, 0.8, f"{name}, predicted")):
            mean = moving_average(values, window)
            ax.plot(np.arange(window, len(values) + 1), mean, color=colour, ls=dashes, lw=width, label=label)
    ax.axhline(criterion, color=FAINT, lw=0.8)
    ax.annotate(
        "criterion",
        (1, criterion),
        (0, 2),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        ha="right",
        color=FAINT,
    )
    ax.set(xlabel="Trials of the new task", ylabel=f"Mean squared error, last {window} trials", yscale="log")
    figure.legend(loc="outside lower center", ncols=4, handlelength=3.6)
    return figure


@styled
def figure_total(totals: Mapping[str, np.ndarray], phases: Sequence[Span], bin_trials: int = 20) -> Figure:
    """Draw the spikes of all cells over the whole run.

    Parameters
    ----------
    totals : mapping of str to array, (trial,)
    phases : sequence of Span
        In trials.
    bin_trials : int
        Trials that are averaged.
    """
    figure = Figure((TWO_COLUMNS, 3.1), layout="constrained")
    figure.suptitle("Total activity", x=0.01, ha="left")
    ax = figure.subplots()
    for (name, total), (colour, dashes, _) in zip(totals.items(), LOOKS, strict=False):
        binned = total[: len(total) // bin_trials * bin_trials].reshape(-1, bin_trials).mean(axis=1)
        ax.plot((np.arange(len(binned)) + 0.5) * bin_trials, binned, color=colour, ls=dashes, label=name)
    shade_phases(ax, phases)
    ax.set(xlabel="Trial", ylabel="Spikes of all cells, a trial", ylim=(0, None))
    figure.legend(loc="outside lower center", ncols=4, handlelength=3.6)
    return figure


@styled
def figure_release(
    similarity: Mapping[str, tuple[np.ndarray, np.ndarray]],
    error: Mapping[str, tuple[np.ndarray, np.ndarray]],
    growth: tuple[np.ndarray, np.ndarray, np.ndarray],
    released: float,
    plateau: float,
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
    """
    figure = Figure((TWO_COLUMNS, 5.6), layout="constrained")
    upper, middle, lower = figure.subplots(3, 1, sharex=True)
    for (name, (trial, cosines)), (colour, dashes, _) in zip(similarity.items(), LOOKS, strict=False):
        upper.plot(trial, cosines, color=colour, ls=dashes, label=name)
    upper.set(ylabel="Similarity of copies\n(cosine of weights)", ylim=(-0.3, 1.05), title="Copies part after release")
    for (name, (trial, squared)), (colour, dashes, _) in zip(error.items(), LOOKS, strict=False):
        middle.plot(trial, squared, color=colour, ls=dashes, label=name)
    middle.axhline(plateau, color=FAINT, lw=0.8)
    middle.set(ylabel="Mean squared error", ylim=(0, None), title="Error of the new task")
    trial, size, predicted = growth
    lower.plot(trial, size, color=INK, label="difference along the fastest direction")
    lower.plot(trial, predicted, color=LOOKS[1][0], ls=LOOKS[1][1], label="predicted growth")
    lower.set(ylabel="Difference of copies\n(weight)", yscale="log", xlabel="Trial", title="Growth against prediction")
    for ax in (upper, middle, lower):
        mark_release(ax, released)
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), handlelength=3.2)
    return figure


def mark_release(ax: Axes, at: float) -> None:
    """Draw a line at the trial of release."""
    ax.axvline(at, color=INK, lw=0.8, ls=(0, (2, 2)))
    ax.annotate(
        "release",
        (at, 1),
        (3, -3),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        va="top",
        color=INK,
        size=6.5,
    )
