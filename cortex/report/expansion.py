"""Draw how areas of cortex change from stage to stage, over seeds."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from cortex.analysis.statistics import mean_interval
from cortex.report.style import BAND, FAINT, INK, SERIES, TWO_COLUMNS, ratio_axis, styled


@styled
def figure_expansion(
    stages: Sequence[str],
    areas: Mapping[str, ArrayLike],
    bands: Mapping[str, tuple[float, float]],
    title: str,
) -> Figure:
    """Draw areas relative to the first stage, one panel per group: a line per seed, the mean and its 95 % interval.

    Parameters
    ----------
    stages : sequence of str
    areas : mapping of group, such as "trained tips", to areas, mm^2, shape (stage, seed)
    bands : mapping of group to (low, high)
        Where the ratio must lie at the last stage.
    title : str
    """
    ratios: dict[str, NDArray[np.float64]] = {name: np.asarray(a) / np.asarray(a)[0] for name, a in areas.items()}
    figure = Figure((TWO_COLUMNS, 2.9), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    panels = figure.subplots(1, len(ratios), sharey=True, squeeze=False)[0]
    places = np.arange(len(stages))
    for ax, (name, ratio), colour in zip(panels, ratios.items(), cycle(SERIES), strict=False):
        low, high = bands[name]
        ax.fill_between([places[-1] - 0.4, places[-1] + 0.4], low, high, color=BAND, lw=0)
        ax.axhline(1, color=FAINT, lw=0.6)
        ax.plot(places, ratio, color=colour, lw=0.5, alpha=0.6, marker="o", ms=2.2, mew=0)
        for place, seeds in zip(places[1:], ratio[1:], strict=True):
            mean, lower, upper = mean_interval(seeds)
            ax.errorbar(place + 0.18, mean, [[mean - lower], [upper - mean]], fmt="D", ms=4, color=INK, capsize=2, lw=1)
        ax.set_title(name)
        ax.set_title(f"band {low:g} to {high:g}", loc="right", weight="normal", size="medium")
        ax.set_xticks(places, stages)
        ax.set_xlim(-0.3, places[-1] + 0.45)
    panels[0].set(yscale="log", ylabel="Area of cortex / area before")
    ratio_axis(panels[0].yaxis)
    return figure
