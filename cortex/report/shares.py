"""Draw how copies with unequal shares fare from stage to stage."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from cortex.report.style import SERIES, TWO_COLUMNS, styled

LOOKS = ((SERIES[0], "-", "o"), (SERIES[1], (0, (4, 1.6)), "s"), (SERIES[2], (0, (1, 1)), "^"))
"""Colour, line and marker of each way, in order."""


@styled
def figure_shares(
    rows: Mapping[str, Mapping[str, Sequence[float]]], stages: Sequence[str], title: str = "Unequal shares"
) -> Figure:
    """Draw one pair of axes for each quantity, side by side, with a line for each way.

    Parameters
    ----------
    rows : mapping of str to mapping of str to sequence of float
        For each quantity and way its values, one a stage.
    stages : sequence of str
    title : str
    """
    figure = Figure((TWO_COLUMNS, 2.9), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    axes = figure.subplots(1, len(rows), squeeze=False)[0]
    place = np.arange(len(stages))
    for ax, (label, ways) in zip(axes, rows.items(), strict=True):
        for (way, values), (colour, dashes, marker) in zip(ways.items(), LOOKS, strict=False):
            ax.plot(place, values, color=colour, ls=dashes, marker=marker, ms=4, label=way)
        ax.set_xticks(place, stages)
        ax.set_xlim(-0.3, len(stages) - 0.7)
        ax.set_ylim(0)
        ax.set_ylabel(label)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, handlelength=3.2)
    return figure
