"""Draw what share of random networks does what is wanted, by width, depth and error."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, LogLocator, NullFormatter

from cortex.report.style import FAINT, INK, TWO_COLUMNS, plain_logs, styled
from cortex.report.survival import LOOKS

Arrays = Mapping[str, np.ndarray]

DEPTHS = (1, 2, 4, 8)
"""Numbers of hidden layers of which a curve over width is drawn."""

WIDTHS = 5
"""Curves over depth, of the widths that are spread most evenly."""


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as "2 cells"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def decades(ax: Axes) -> None:
    """Make both axes logarithmic, with a label such as "1e-3" at each power of ten."""
    ax.set(xscale="log", yscale="log")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(LogLocator(numticks=12))
        axis.set_major_formatter(lambda value, _: f"{value:.0e}".replace("e-0", "e-").replace("1e+00", "1"))
        axis.set_minor_formatter(NullFormatter())


@styled
def figure_density(separation: Arrays, limits: np.ndarray | None, labels: Arrays, depths: tuple[int, int]) -> Figure:
    """Draw the share of networks that separate two inputs over width and depth, and of labels, deep against shallow.

    Parameters
    ----------
    separation : mapping of str to array
        Arrays of `models.random_networks.separation.separated`.
    limits : array, (depth,), optional
        The share in the limit of many cells.
    labels : mapping of str to array
        Arrays of `models.random_networks.separation.labelled`.
    depths : tuple of int
        Hidden layers of shallow and deep networks.
    """
    figure = Figure((TWO_COLUMNS, 2.9), layout="constrained")
    figure.suptitle("What share of random networks does it", x=0.01, ha="left")
    left, middle, right = figure.subplots(1, 3)
    width, depth, density = separation["width"], separation["depth"], separation["density"]
    for (colour, dashes, marker), layers in zip(LOOKS, DEPTHS, strict=False):
        if layers <= len(depth):
            label = counted(layers, "layer")
            left.plot(width, density[:, layers - 1], marker, ls=dashes, color=colour, ms=3.4, label=label)
            if limits is not None:
                left.axhline(limits[layers - 1], color=colour, lw=0.6, xmin=0.93)
    left.set(title="Wide: more", xlabel="Cells of each layer", ylabel="Networks that separate two inputs", xscale="log")
    plain_logs(left, "x", wide=False)
    chosen = np.unique(np.linspace(0, len(width) - 1, WIDTHS).round().astype(int))
    for (colour, dashes, marker), number in zip(LOOKS, chosen, strict=False):
        label = counted(width[number], "cell")
        middle.plot(depth, density[number], marker, ls=dashes, color=colour, ms=3.4, label=label)
    if limits is not None:
        middle.plot(depth, limits, color=INK, lw=0.9, label="limit")
    middle.set(title="Deep: fewer ...", xlabel="Hidden layers", ylabel="Networks that separate two inputs")
    middle.xaxis.set_major_locator(FixedLocator(depth.tolist()))
    shallow, deep = (labels[name][:, :-1].ravel() for name in ("shallow", "deep"))
    shown = (shallow > 0) & (deep > 0)
    shallow, deep = shallow[shown], deep[shown]
    for up, colour, marker, label in ((True, LOOKS[1][0], "s", "more often"), (False, LOOKS[0][0], "o", "less often")):
        these = (deep > shallow) == up
        right.plot(shallow[these], deep[these], marker, color=colour, ms=2.4, mew=0, alpha=0.7, label=label)
    if len(shallow):
        ends = np.array([min(shallow.min(), deep.min()), max(shallow.max(), deep.max())])
        right.plot(ends, ends, color=FAINT, lw=0.8)
        decades(right)
    names = [f"Share, {counted(layers, 'layer')}" for layers in depths]
    right.set(title="... but not of what is hard", xlabel=names[0], ylabel=names[1])
    for ax in (left, middle, right):
        ax.legend(loc="upper right" if ax is middle else "upper left")
    left.set_ylim(-0.02, 1.45 * density.max())
    middle.set_ylim(-0.02, 1.45 * density.max())
    return figure


@styled
def figure_solutions(volume: Arrays, coefficients: Sequence[float], counts: Arrays) -> Figure:
    """Draw the share of networks against their error, and the growth of the number of solutions for a cell more.

    Parameters
    ----------
    volume : mapping of str to array
        Arrays of `models.random_networks.volume.volume`.
    coefficients : sequence of float
        The power of the error with which each share falls in the end.
    counts : mapping of str to array
        Arrays of `models.random_networks.volume.counts`.
    """
    figure = Figure((TWO_COLUMNS, 2.9), layout="constrained")
    figure.suptitle("More cells: more solutions, and fewer networks near them", x=0.01, ha="left")
    left, right = figure.subplots(1, 2)
    for (colour, dashes, _), hidden, share, power in zip(
        LOOKS, volume["hidden"], volume["share"], coefficients, strict=False
    ):
        error = volume["error"][share > 0]
        label = f"{counted(hidden, 'cell')}: in the end as error^{power:.3g}"
        left.plot(error, share[share > 0], ls=dashes, color=colour, label=label)
    left.set(title="Networks with a small error", xlabel="Squared error", ylabel="Share of networks with less")
    decades(left)
    low, high = left.get_ylim()
    left.set_ylim(low / 30, high)
    cells, solutions = counts["hidden_cells"], counts["solutions"]
    right.plot(cells[1:], solutions[1:] / solutions[:-1], "o", color=LOOKS[0][0], ms=3, label="solutions")
    right.plot(cells[1:], cells[1:], color=FAINT, lw=0.9, label="a factorial")
    right.set(title="Solutions: after over before", xlabel="Hidden cells", ylabel="Growth for the last cell")
    right.set_ylim(0)
    left.legend(loc="lower right")
    right.legend(loc="upper right")
    return figure
