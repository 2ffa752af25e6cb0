"""Draw learning curves: errors over trials, beside what was predicted, and the spikes that they cost."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from cortex.analysis.learning import moving_average
from cortex.report.style import TWO_COLUMNS, draw_level, key_label, plain_logs, styled
from cortex.report.survival import LOOKS, Look
from cortex.report.text import count, plain
from cortex.report.timeline import Span, shade_phases


class Curve(NamedTuple):
    """Squared errors over trials."""

    measured: np.ndarray
    """Of the spiking network, shape (trial,)."""
    predicted: np.ndarray
    """Mean of the rate model, shape (trial,)."""


@styled
def figure_learning(curves: Mapping[str, Curve], criterion: float, window: int, title: str = "Learning") -> Figure:
    """Draw the mean squared error over the last trials, measured and predicted.

    Parameters
    ----------
    curves : mapping of condition to Curve
    criterion : float
        Error at which the task counts as learned.
    window : int
        Trials that are averaged.
    title : str
    """
    figure = Figure((TWO_COLUMNS, 3.0), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    ax = figure.subplots()
    for (name, curve), (colour, dashes, _) in zip(curves.items(), LOOKS, strict=False):
        for values, width, label in ((curve.measured, 1.6, name), (curve.predicted, 0.8, f"{name}, predicted")):
            mean = moving_average(values, window)
            ax.plot(np.arange(window, len(values) + 1), mean, color=colour, ls=dashes, lw=width, label=key_label(label))
    draw_level(ax, criterion, "criterion")
    ax.set(xlabel="Trials of the new task", ylabel=f"Mean squared error, last {count(window, 'trial')}", yscale="log")
    plain_logs(ax, "y")
    figure.legend(loc="outside lower center", ncols=4, handlelength=3.6)
    return figure


@styled
def figure_seeds(
    curves: Mapping[str, np.ndarray], criterion: float, window: int, looks: Mapping[str, Look], title: str
) -> Figure:
    """Draw the median learning curve over seeds of each condition, and a band that holds the middle half of the seeds.

    Parameters
    ----------
    curves : mapping of condition to array, (seed, trial)
        Squared errors.
    criterion : float
        Error at which the task counts as learned.
    window : int
        Trials that are averaged.
    looks : mapping of condition to Look
    title : str
    """
    figure = Figure((TWO_COLUMNS, 3.3), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    ax = figure.subplots()
    for name, errors in curves.items():
        colour, dashes, _ = looks[name]
        means = np.array([moving_average(seed, window) for seed in errors])
        trials = np.arange(window, window + means.shape[1])
        low, median, high = np.quantile(means, (0.25, 0.5, 0.75), axis=0)
        ax.fill_between(trials, low, high, color=colour, alpha=0.16, lw=0)
        ax.plot(trials, median, color=colour, ls=dashes, lw=1.5, label=f"{key_label(plain(name))} (n = {len(errors)})")
    draw_level(ax, criterion, "criterion")
    ax.set(xlabel="Trials of the new task", ylabel=f"Mean squared error, last {count(window, 'trial')}", yscale="log")
    plain_logs(ax, "y")
    figure.legend(loc="outside lower center", ncols=4, handlelength=3.6)
    return figure


@styled
def figure_total(
    totals: Mapping[str, np.ndarray], phases: Sequence[Span], bin_trials: int = 20, title: str = "Spikes of all cells"
) -> Figure:
    """Draw the spikes of all cells over the whole run.

    Parameters
    ----------
    totals : mapping of condition to array, (trial,)
    phases : sequence of Span
        In trials.
    bin_trials : int
        Trials that are averaged.
    title : str
    """
    figure = Figure((TWO_COLUMNS, 3.1), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    ax = figure.subplots()
    for (name, total), (colour, dashes, _) in zip(totals.items(), LOOKS, strict=False):
        binned = total[: len(total) // bin_trials * bin_trials].reshape(-1, bin_trials).mean(axis=1)
        ax.plot((np.arange(len(binned)) + 0.5) * bin_trials, binned, color=colour, ls=dashes, label=key_label(name))
    shade_phases(ax, phases)
    ax.set(xlabel="Trial", ylabel="Spikes of all cells per trial", ylim=(0, None))
    figure.legend(loc="outside lower center", ncols=4, handlelength=3.6)
    return figure
