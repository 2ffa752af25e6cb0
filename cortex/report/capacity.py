"""Draw how many patterns associative memories recall."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from cortex.report.style import FAINT, INK, SERIES, TWO_COLUMNS, draw_level, plain_logs, styled

LOOKS = {2: (SERIES[0], "o", "pairs (classical)"), 3: (SERIES[1], "s", "triples"), 4: (SERIES[2], "^", "quadruples")}
"""Colour, marker and name of each order."""


class Size(NamedTuple):
    """Networks of one order and size.

    Attributes
    ----------
    order, cells : int
    scaled : array, (load,)
        Variance of the noise of the other patterns over the squared signal.
    wrong : array, (load,)
        Share of wrong bits.
    patterns : float
        Number of patterns that fill it; nan if unknown.
    """

    order: int
    cells: int
    scaled: np.ndarray
    wrong: np.ndarray
    patterns: float


@styled
def figure_capacity(
    sizes: Sequence[Size],
    bit_error: Callable[[np.ndarray], np.ndarray],
    capacity: Callable[[int, np.ndarray], np.ndarray],
    full: float,
    settled: tuple[np.ndarray, np.ndarray, float, int],
) -> Figure:
    """Draw wrong bits against load, capacity against the number of cells, and the collapse of classical networks.

    Parameters
    ----------
    sizes : sequence of Size
    bit_error : callable
        ``bit_error(scaled)`` is the formula of the share of wrong bits.
    capacity : callable
        ``capacity(order, cells)`` is that of the number of patterns at which a share `full` is wrong.
    full : float
    settled : tuple
        Loads, overlaps of shape (draw, load), the load at which the network without end forgets, number of cells.
    """
    figure = Figure((TWO_COLUMNS, 2.7), layout="constrained")
    figure.suptitle("How many patterns can be recalled", x=0.01, ha="left")
    left, middle, right = figure.subplots(1, 3)
    scaled = np.concatenate([size.scaled for size in sizes])
    line = np.geomspace(scaled.min() / 1.2, scaled.max() * 1.2, 200)
    left.plot(line, bit_error(line), color=INK, lw=0.9, label="formula")
    for order, (colour, marker, name) in LOOKS.items():
        these = [size for size in sizes if size.order == order]
        for number, size in enumerate(these):
            label = {} if number else {"label": name}
            left.plot(size.scaled, size.wrong, marker, color=colour, ms=3 + number, mfc="none", **label)
        cells = np.geomspace(these[0].cells, these[-1].cells, 50)
        middle.plot(cells, capacity(order, cells), color=colour, lw=0.9)
        middle.plot([size.cells for size in these], [size.patterns for size in these], marker, color=colour, ms=4)
        middle.annotate(f" N^{order - 1}", (cells[-1], capacity(order, cells)[-1]), color=INK, va="center")
    left.set(
        title="One update", xlabel="Scaled load (2n - 3)!! K / N^(n - 1)", ylabel="Share of wrong bits", yscale="log"
    )
    middle.set(
        title="Full networks", xlabel="Cells N", ylabel=f"Patterns K with {100 * full:.3g} % wrong bits", xscale="log"
    )
    middle.set_yscale("log")
    middle.margins(x=0.16)
    loads, overlaps, without_end, number = settled
    half = 1.96 * overlaps.std(axis=0, ddof=1) / np.sqrt(len(overlaps))
    right.errorbar(loads, overlaps.mean(axis=0), half, color=LOOKS[2][0], fmt="o-", ms=3.6, elinewidth=0.9, lw=0.9)
    right.axvline(without_end, color=FAINT, lw=0.8, ls=":")
    right.annotate(f" {without_end:g}", (without_end, 0.03), xycoords=("data", "axes fraction"), color=FAINT, size=6.5)
    right.set(title=f"Pairs, settled, N = {number}", xlabel="Load K / N", ylabel="Overlap with the stored pattern")
    right.set_ylim(0, 1.05)
    draw_level(right, 1, "")
    plain_logs(left, "y")
    plain_logs(middle, "xy", wide=False)
    left.legend(loc="lower right")
    return figure
