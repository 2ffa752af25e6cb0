"""Draw how many solutions a network has, how they hang together, and how often they are found."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from cortex.report.style import FAINT, INK, SERIES, TWO_COLUMNS, draw_level, plain_logs, styled
from cortex.report.text import count

MARKS = ("o", "s", "^", "D", "v", "P")

LEAST = 1e-33
"""Loss that stands for none on a logarithmic axis."""


ROUNDING = 1e-12
"""Loss from which on networks are not told apart."""

LOSS = "Loss over the variance\nof the answers (1)"


@styled
def figure_counts(count: Mapping[str, np.ndarray]) -> Figure:
    """Draw the number of flat spaces of solutions over width, and the saddles for each of them over spare cells.

    Parameters
    ----------
    count : mapping
        "teacher", "width", "minima" and "minima_formula" of each size; "spare", "large_teacher" and "saddles" (teacher,
        spare).
    """
    figure = Figure((TWO_COLUMNS, 3.1), layout="constrained")
    figure.suptitle("Solutions of a network that learns from another one", x=0.01, ha="left")
    left, right = figure.subplots(1, 2)
    for teacher, colour, mark in zip(np.unique(count["teacher"]), SERIES, MARKS, strict=False):
        of = count["teacher"] == teacher
        left.plot(count["width"][of], count["minima_formula"][of], color=colour)
        left.plot(count["width"][of], count["minima"][of], mark, color=colour, ms=5, label=f"teacher of {teacher}")
    left.set(title="Line: formula. Marks: one by one", yscale="log", xlabel="Cells of the network")
    left.set(ylabel="Flat spaces of solutions (1)", xticks=np.unique(count["width"]))
    for teacher, ratios, colour, mark in zip(
        count["large_teacher"], count["saddles"], SERIES[3:], MARKS[3:], strict=False
    ):
        right.plot(count["spare"], ratios, color=colour, marker=mark, ms=4, label=f"teacher of {teacher}")
    right.set(title="Saddles for each of them", yscale="log", xlabel="Spare cells", ylim=(1e-3, None))
    right.set(ylabel="Flat spaces of saddles\nover those of solutions (1)")
    draw_level(right, 1.0, "as many")
    plain_logs(left, "y")
    plain_logs(right, "y", wide=False)
    for ax in (left, right):
        ax.legend(loc="best")
    return figure


@styled
def figure_path(straight: np.ndarray, path: np.ndarray, name: str) -> Figure:
    """Draw the loss on the way between two solutions, straight on and round.

    Parameters
    ----------
    straight, path : array, (draw, point)
        Loss over the variance of the answers.
    name : str
        Of the second way.
    """
    figure = Figure((TWO_COLUMNS, 2.8), layout="constrained")
    figure.suptitle(
        f"From a solution to itself with two cells exchanged ({count(len(path), 'teacher')})", x=0.01, ha="left"
    )
    ax = figure.subplots()
    for losses, colour, dashes, label in ((straight, SERIES[0], "-", "straight on"), (path, SERIES[1], "--", name)):
        share = np.linspace(0, 1, losses.shape[1])
        shown = np.maximum(losses, LEAST)
        ax.fill_between(share, *np.quantile(shown, (0, 1), axis=0), color=colour, alpha=0.2, lw=0)
        ax.plot(share, np.median(shown, axis=0), color=colour, ls=dashes, label=f"{label}: median, and all")
    ax.set(
        xlabel="Share of the way", ylabel="Loss over the variance\nof the answers (1)", yscale="log", ylim=(LEAST, 10)
    )
    ax.set_yticks([1e-30, 1e-20, 1e-10, 1], ["1e-30", "1e-20", "1e-10", "1"], minor=False)
    ax.set_yticks([], minor=True)
    figure.legend(loc="outside lower center", ncols=2)
    return figure


@styled
def figure_found(
    widths: np.ndarray, shares: np.ndarray, losses: np.ndarray, ways: Sequence[str], teacher: int
) -> Figure:
    """Draw the share of starts that end in a solution over width, and the losses at the end.

    Parameters
    ----------
    widths : array, (width,)
    shares : array, (way, width)
    losses : array, (way, width, start)
        Over the variance of the answers.
    ways : sequence of str
    teacher : int
        Number of the teacher's cells.
    """
    figure = Figure((TWO_COLUMNS, 3.1), layout="constrained")
    figure.suptitle(f"Who finds a solution, from {count(losses.shape[2], 'start')} of each width?", x=0.01, ha="left")
    left, right = figure.subplots(1, 2, sharex=True)
    for way, share, ends, colour, mark in zip(ways, shares, losses, SERIES, MARKS, strict=False):
        left.plot(widths, share, color=colour, marker=mark, ms=5, label=way)
        low, middle, high = np.quantile(np.maximum(ends, ROUNDING), (0, 0.5, 1), axis=1)
        right.fill_between(widths, low, high, color=colour, alpha=0.15, lw=0)
        right.plot(widths, middle, color=colour, marker=mark, ms=4)
    left.set(title="Share that ends in one", ylabel="Share of starts (1)", ylim=(-0.03, 1.03))
    right.set(
        title="Loss at the end: median, and all", yscale="log", ylabel="Loss over the variance\nof the answers (1)"
    )
    right.set_yticks([ROUNDING, 1e-9, 1e-6, 1e-3, 1], ["1e-12\nor less", "1e-9", "1e-6", "0.001", "1"])
    right.set_yticks([], minor=True)
    for ax in (left, right):
        ax.axvline(teacher, color=FAINT, lw=0.8, ls=(0, (2, 2)))
        ax.set(xlabel="Cells of the network")
        ax.annotate(
            "teacher",
            (teacher, 1),
            (2, -2),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            va="top",
            size=6.5,
            color=INK,
        )
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure
