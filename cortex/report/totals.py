"""Draw the summed activity of a group of cells over time, member upon member."""

from collections.abc import Sequence
from itertools import cycle

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from cortex.report.pair import cell_names
from cortex.report.style import INK, SERIES, TWO_COLUMNS, styled, tint
from cortex.report.timeline import Span, shade_phases


@styled
def figure_totals(
    t: ArrayLike,
    group_total: ArrayLike,
    level: ArrayLike,
    members: ArrayLike,
    phases: Sequence[Span],
    names: Sequence[str] = (),
    level_name: str = "target alone",
    cells: str = "the group's cells",
    title: str = "",
) -> Figure:
    """Draw the spikes per second of a group, member upon member, against the level to be held.

    Parameters
    ----------
    t : array, s, shape (time,)
    group_total : array, Hz, shape (time,)
        Sum over the cells.
    level : float or array, Hz, shape (time,)
        The level to be held; an array may have one level per phase, and nan where there is none.
    members : array, Hz, shape (member, time)
        Cells, or groups of cells, that add up to the total; the first is the target.
    phases : sequence of Span
    names : sequence of str
        Of the members, if they are not a target and its copies.
    level_name : str
        What had the level to be held.
    cells : str
        Which cells are summed, such as "all 412 cells under the disc".
    title : str
    """
    time, stacked = np.asarray(t), np.asarray(members)
    figure = Figure((TWO_COLUMNS, 3.0 if title else 2.8), layout="constrained")
    if title:
        figure.suptitle(title, x=0.01, ha="left")
    ax = figure.subplots()
    shade_phases(ax, phases)
    shades = [tint(colour, 0.35) for colour, _ in zip(cycle(SERIES), stacked)]
    labels = names or cell_names(len(stacked))
    ax.stackplot(time, stacked, colors=shades, labels=labels, edgecolor="white", linewidth=0.6)
    ax.plot(time, group_total, color=INK, lw=1.3, label="total of the group")
    levels = np.broadcast_to(level, time.shape)
    ax.plot(time, levels, color="white", lw=2.6)
    ax.plot(time, levels, color=INK, lw=1.3, ls=(0, (4, 1.6)), label=level_name)
    top = 1.1 * np.fmax.reduce(levels, initial=np.max(group_total)) or 1.0
    ax.set(xlabel="Time (s)", ylabel=f"Spikes of {cells}\nper second (1/s)", ylim=(0, top))
    figure.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure
