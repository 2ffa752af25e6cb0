"""Draw what a part that falls silent does to networks of each width, and what cures the peak of the error."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cortex.report.style import FAINT, INK, SERIES, TWO_COLUMNS, draw_level, plain_logs, styled
from cortex.report.text import count

Arrays = Mapping[str, np.ndarray]


@styled
def figure_silence(
    run: Arrays, every: np.ndarray, expected: Arrays, samples: int, silenced: int, answers: float
) -> Figure:
    """Draw the share of a part, and the error that its silence adds on learned and on new samples, against width.

    Parameters
    ----------
    run : mapping of str to array
        Arrays of `models.superposition.silencing.silence`.
    every : array of int, (point,)
        Numbers of features at which the formulas are drawn.
    expected : mapping of str to array, (point,)
        Formulas of share, changed and added_new; what is infinite or undefined is left out.
    samples, silenced : int
    answers : float
        Variance of answers.
    """
    figure = Figure((TWO_COLUMNS, 3.0), layout="constrained")
    figure.suptitle(f"A fixed part of {count(silenced, 'feature')} falls silent", x=0.01, ha="left")
    left, right = figure.subplots(1, 2)
    formula = {name: np.where(np.abs(every - samples) > 2, values, np.nan) for name, values in expected.items()}
    left.plot(every, formula["share"], color=INK, lw=0.9)
    _points(left, run["width"], run["share"], INK, "o", "share of the squared weights")
    left.plot(every, formula["changed"], color=SERIES[1], lw=0.9, ls=(0, (5, 1.5)))
    _points(left, run["width"], run["changed"], SERIES[1], "s", "change of the output")
    left.set(title="What it was worth", ylabel="Share; mean squared change (signal: 1)", yscale="log")
    plain_logs(left, "y")
    right.plot(every, formula["added_new"] / answers, color=SERIES[0], lw=0.9)
    _points(right, run["width"], run["added_new"] / answers, SERIES[0], "o", "new samples")
    _points(right, run["width"], run["added_learned"] / answers, SERIES[2], "^", "samples learned")
    right.set(title="What its silence adds", ylabel="Squared error added\n(variance of answers: 1)")
    right.set_yscale("symlog", linthresh=0.01, linscale=0.5)
    right.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    draw_level(right, 0, "")
    for ax in (left, right):
        ax.set(xlabel="Fitted features p", xscale="log")
        plain_logs(ax, "x")
        _mark(ax, samples)
        ax.legend(loc="lower left" if ax is left else "lower right")
    return figure


@styled
def figure_peak(members: Arrays, samples: int, copied: int, learned: Arrays, learned_samples: int) -> Figure:
    """Draw errors of members and of their mean against width, with doubled ones, and of descent and least squares.

    Parameters
    ----------
    members : mapping of str to array
        Arrays of `models.superposition.ensemble.ensembles`.
    samples, copied : int
        Samples that members learn, and features of the one that is doubled.
    learned : mapping of str to array
        Arrays of `models.superposition.descent.learn`.
    learned_samples : int
    """
    figure = Figure((TWO_COLUMNS, 3.0), layout="constrained")
    figure.suptitle("What makes the peak, and what cures it", x=0.01, ha="left")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    ways = {"single": ("one member", SERIES[0], "o"), "ensemble": ("mean of all members", SERIES[1], "s")}
    for name, (label, colour, marker) in ways.items():
        left.plot(members["width"], members[name].mean(axis=0), color=colour, lw=0.9)
        _points(left, members["width"], members[name], colour, marker, label)
    doubled = members["doubled"]
    _points(left, np.array([2 * copied]), doubled[:, 1:2], SERIES[2], "^", f"{copied} features and their exact copies")
    _points(left, np.array([2 * copied]), doubled[:, 2:3], SERIES[3], "D", f"{2 * copied} different features")
    both = {"test_error": ("as learned", SERIES[0], "o"), "least_squares": ("least squares", INK, "s")}
    for name, (label, colour, marker) in both.items():
        right.plot(learned["width"], learned[name].mean(axis=0), color=colour, lw=0.9)
        _points(right, learned["width"], learned[name], colour, marker, label)
    left.set(title="Random ReLU features", ylabel="Squared error on new samples (signal: 1)")
    right.set(title="The peak needs no descent")
    for ax, at in ((left, samples), (right, learned_samples)):
        ax.set(xlabel="Features", xscale="log", yscale="log")
        plain_logs(ax, "xy", wide=False)
        _mark(ax, at)
        ax.legend(loc="upper right", fontsize=6.5)
        low, high = ax.get_ylim()
        ax.set_ylim(low, high**1.5 / low**0.5)
    return figure


def _points(ax: Axes, widths: np.ndarray, values: np.ndarray, colour: str, marker: str, label: str) -> None:
    """Draw means over draws with their 95 % intervals."""
    half = 1.96 * values.std(axis=0, ddof=1) / np.sqrt(len(values))
    ax.errorbar(widths, values.mean(axis=0), half, color=colour, fmt=marker, ms=3.6, elinewidth=0.9, label=label)


def _mark(ax: Axes, samples: int) -> None:
    ax.axvline(samples, color=FAINT, lw=0.8, ls=":")
    words = f" n = {samples}"
    ax.annotate(words, (samples, 0), xycoords=("data", "axes fraction"), va="bottom", color=FAINT, size=6.5)
