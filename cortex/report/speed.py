"""Draw how fast arms learn over learning rates, beside what was predicted."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from cortex.analysis.learning import moving_average
from cortex.analysis.statistics import Interval, mean_interval
from cortex.report.style import BAND, FAINT, INK, TWO_COLUMNS, styled, tint
from cortex.report.survival import Look


class Over(NamedTuple):
    """What an arm does over learning rates.

    Attributes
    ----------
    x : array, (rate,)
        The learning rate, or what it leads to.
    values : array, (rate, seed)
        Nan where there is none.
    predicted : array, (rate,), optional
    marked : array, (rate,), optional
        Which are drawn hollow.
    """

    x: np.ndarray
    values: np.ndarray
    predicted: np.ndarray | None = None
    marked: np.ndarray | None = None


class Agreement(NamedTuple):
    """Measured beside predicted, means over seeds with 95 % intervals."""

    measured: Interval
    predicted: Interval
    white: float = 0.0
    """How much white is mixed into the marker, which tells arms of the same look apart."""


@styled
def figure_bands(
    curves: Mapping[str, np.ndarray], criterion: float, window: int, looks: Mapping[str, Look], title: str
) -> Figure:
    """Draw learning curves: the median over seeds, with half of the seeds inside of the band.

    Parameters
    ----------
    curves : mapping of arm to array, (seed, trial)
        Squared errors.
    criterion : float
    window : int
        Trials that are averaged.
    looks : mapping of arm to Look
    title : str
    """
    figure, [ax] = _figure(title, 3.3, 1)
    for arm, errors in curves.items():
        colour, dashes, _ = looks[arm]
        means = np.array([moving_average(seed, window) for seed in errors])
        trials = np.arange(window, window + means.shape[1])
        low, median, high = np.quantile(means, (0.25, 0.5, 0.75), axis=0)
        ax.fill_between(trials, low, high, color=colour, alpha=0.16, lw=0)
        ax.plot(trials, median, color=colour, ls=dashes, lw=1.5, label=f"{name(arm)} (n = {len(errors)})")
    ax.axhline(criterion, color=FAINT, lw=0.8)
    _note(ax, criterion, "criterion")
    ax.set(xlabel="Trials of the new task", ylabel=f"Mean squared error, last {window} trials", yscale="log")
    _plain_logs(ax, "y")
    figure.legend(loc="outside lower center", ncols=4, handlelength=3.6)
    return figure


@styled
def figure_over(
    panels: Mapping[str, Mapping[str, Over]],
    looks: Mapping[str, Look],
    labels: tuple[str, str, str],
    limit: float | None = None,
    key: Mapping[str, str] | None = None,
) -> Figure:
    """Draw what arms do over learning rates on logarithmic scales, in panels side by side.

    Parameters
    ----------
    panels : mapping of title to mapping of arm to Over
        Means over seeds with 95 % intervals; predicted values as thin lines without markers.
    looks : mapping of arm to Look
    labels : tuple of str
        Title, and labels of the axes.
    limit : float, optional
        Where a line is drawn: the end of\nwatching.
    key : mapping of str to str, optional
        What "predicted" and "marked" mean.
    """
    title, x_label, y_label = labels
    figure, axes = _figure(title, 4.1, len(panels))
    for ax, (heading, arms) in zip(axes, panels.items(), strict=True):
        handles = []
        for arm, over in arms.items():
            handles.append(_draw_over(ax, over, looks[arm], name(arm)))
        if limit is not None:
            ax.axhline(limit, color=FAINT, lw=0.8)
            _note(ax, limit, "end of\nwatching")
        ax.set(xscale="log", yscale="log", xlabel=x_label, title=heading if len(panels) > 1 else "")
        _plain_logs(ax, "xy", wide=len(panels) == 1)
        beside: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.17)}
        ax.legend(handles=handles, handlelength=3.6, ncols=1 if len(panels) > 1 else 4, **beside)
    axes[0].set_ylabel(y_label)
    meanings: dict[str, dict[str, Any]] = {
        "predicted": {"lw": 0.7},
        "marked": {"lw": 0, "marker": "o", "mfc": "white", "ms": 4},
    }
    if key:
        drawn = [Line2D([], [], color=INK, label=text, **meanings[kind]) for kind, text in key.items()]
        figure.legend(handles=drawn, loc="outside upper right", ncols=len(drawn), handlelength=2.4)
    return figure


@styled
def figure_agreement(
    panels: Mapping[str, Mapping[str, Agreement]], looks: Mapping[str, Look], share: float, title: str
) -> Figure:
    """Draw measured against predicted, a marker for each arm, with the diagonal and a band around it.

    Parameters
    ----------
    panels : mapping of label to mapping of arm to Agreement
        The label is that of both axes.
    looks : mapping of arm to Look
    share : float
        Half width of the band, as a share of what is predicted.
    title : str
    """
    figure, axes = _figure(title, 4.6, len(panels), sharey=False)
    handles: dict[str, Line2D] = {}
    for ax, (label, arms) in zip(axes, panels.items(), strict=True):
        both = np.array([(*one.measured, *one.predicted) for one in arms.values()])
        ends = np.array([np.nanmin(both) / 1.2, np.nanmax(both) * 1.2])
        ax.fill_between(ends, ends * (1 - share), ends * (1 + share), color=BAND, lw=0)
        ax.plot(ends, ends, color=FAINT, lw=0.8)
        for arm, (measured, predicted, white) in arms.items():
            colour, _, marker = looks[arm]
            ax.plot([predicted.mean] * 2, measured[1:], color=colour, lw=0.8, alpha=0.7)
            ax.plot(predicted[1:], [measured.mean] * 2, color=colour, lw=0.8, alpha=0.7)
            look: dict[str, Any] = {"color": colour, "marker": marker, "ms": 5.5, "lw": 0}
            [handles[arm]] = ax.plot(predicted.mean, measured.mean, mfc=tint(colour, white), label=name(arm), **look)
        ax.set(xscale="log", yscale="log", xlim=ends, ylim=ends, aspect="equal")
        ax.set(xlabel=f"Predicted {label}", ylabel=f"Measured {label}")
        _plain_logs(ax, "xy")
    band = Line2D([], [], color=BAND, lw=6, label=f"within {share:.0%}")
    figure.legend(handles=[*handles.values(), band], loc="outside lower center", ncols=4)
    return figure


def name(arm: str) -> str:
    """Write the name of an arm to be read."""
    return arm.replace("_", " ")


def _draw_over(ax: Axes, over: Over, look: Look, label: str) -> Line2D:
    colour, dashes, marker = look
    known = ~np.isnan(over.values).all(axis=1) & ~np.isnan(over.x)
    means = [mean_interval(seeds[~np.isnan(seeds)]) for seeds in over.values[known]]
    x, y = over.x[known], np.array([one.mean for one in means])
    ax.vlines(x, [one.low for one in means], [one.high for one in means], color=colour, lw=1.0, alpha=0.7)
    ax.plot(x, y, color=colour, ls=dashes, lw=1.1)
    hollow = np.zeros(len(x), dtype=bool) if over.marked is None else over.marked[known]
    for chosen, face in ((~hollow, colour), (hollow, "white")):
        ax.plot(x[chosen], y[chosen], color=colour, marker=marker, mfc=face, ms=4.2, lw=0)
    if over.predicted is not None:
        ax.plot(over.x, over.predicted, color=colour, lw=0.7)
    return Line2D([], [], color=colour, ls=dashes, marker=marker, ms=4.2, label=label)


def _figure(title: str, height: float, panels: int, sharey: bool = True) -> tuple[Figure, Sequence[Axes]]:
    figure = Figure((TWO_COLUMNS, height), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    return figure, figure.subplots(1, panels, sharey=sharey, squeeze=False)[0].tolist()


def _note(ax: Axes, at: float, text: str) -> None:
    """Name a line, beside the axes, where no data are."""
    beside: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
    ax.annotate(text, (1, at), (3, 0), va="center", color=FAINT, size=6.5, **beside)


def _plain_logs(ax: Axes, which: str, wide: bool = True) -> None:
    """Label logarithmic axes with plain numbers: 1, 2 and 5 of each decade, or 1 and 3 across a narrow panel."""
    for letter in which:
        axis = ax.xaxis if letter == "x" else ax.yaxis
        axis.set_major_locator(LogLocator(subs=(1, 2, 5) if wide or letter == "y" else (1, 3)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())
