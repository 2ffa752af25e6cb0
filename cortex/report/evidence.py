"""Draw the measures of the full model and of its nulls against their bands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import ArrayLike

from cortex.analysis.reference import ANY, Band, score
from cortex.analysis.statistics import mean_interval
from cortex.report.style import BAND, INK, SERIES, TWO_COLUMNS, key_label, ratio_axis, styled

RATIOS = (0.1, 10.0)
SHARES = (-0.3, 1.05)
"""Limits of the two axes; what lies beyond is drawn as a triangle at the rim."""

COLUMNS = 5
"""Of the key, at most."""

MARKERS = ("o", "s", "^", "v", "P", "X", "D", "p")


@dataclass(frozen=True)
class Measure:
    """One measure of a scenario, over seeds."""

    scenario: str
    name: str
    band: Band
    values: Mapping[str, ArrayLike]
    """Values per condition, shape (seed,): the full model first, then its nulls, in the same order for all measures."""
    ratio: bool
    """Whether 1 means no change, drawn on a logarithmic axis; otherwise a share, a correlation or a bias."""


@styled
def figure_measures(measures: Sequence[Measure], title: str) -> Figure:
    """Draw every measure's mean and 95 % interval, for the full model and each null, over its band.

    Parameters
    ----------
    measures : sequence of Measure
    title : str
    """
    parts: dict[tuple[str, bool], list[Measure]] = {}
    for measure in measures:
        parts.setdefault((measure.scenario, measure.ratio), []).append(measure)
    conditions = list(dict.fromkeys(condition for measure in measures for condition in measure.values))
    row = 0.12 + 0.045 * len(conditions)
    figure = Figure((TWO_COLUMNS, 0.7 + 0.6 * len(parts) + row * len(measures)), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    heights = [len(part) for part in parts.values()]
    panels = figure.subplots(len(parts), 1, height_ratios=heights, squeeze=False)[:, 0]
    for ax, ((scenario, ratio), part) in zip(panels, parts.items(), strict=True):
        ax.set_title(scenario)
        ax.text(1.02, -0.62, f"{conditions[0]} [95 %]", transform=ax.get_yaxis_transform(), va="bottom")
        if ratio:
            ax.set(xscale="log", xlim=RATIOS, xlabel="Ratio")
            ratio_axis(ax.xaxis)
        else:
            ax.set(xlim=SHARES, xlabel="Cosine, correlation, share or bias")
        for place, measure in enumerate(part):
            _draw_measure(ax, place, measure, conditions)
        ax.set_yticks(range(len(part)), [measure.name for measure in part])
        ax.set_ylim(len(part) - 0.5, -0.5)
        ax.tick_params(axis="y", length=0)
    figure.legend(handles=_key(conditions), loc="outside lower center", ncols=min(len(conditions) + 1, COLUMNS))
    return figure


def _look(condition: int) -> dict[str, Any]:
    """Return how the points of a condition look: filled ink for the full model, open colours for the nulls."""
    colour = SERIES[(condition - 1) % len(SERIES)] if condition else INK
    return {
        "marker": MARKERS[condition % len(MARKERS)],
        "color": colour,
        "mfc": colour if condition == 0 else "white",
        "ms": 4.2,
    }


def _key(conditions: Sequence[str]) -> list[Artist]:
    points = [Line2D([], [], lw=1, label=key_label(name), **_look(number)) for number, name in enumerate(conditions)]
    return [*points, Patch(color=BAND, label="band")]


def _draw_measure(ax: Axes, place: int, measure: Measure, conditions: Sequence[str]) -> None:
    """Draw one row: the band, a point and interval per condition, and the full model's numbers beside it.

    The numbers are bold where the mean lies outside the band.
    """
    limits = ax.get_xlim()
    if measure.band != ANY:
        low, high = (limit if end is None else end for end, limit in zip(measure.band, limits, strict=True))
        ax.fill_betweenx([place - 0.44, place + 0.44], low, high, color=BAND, lw=0)
    for number, condition in enumerate(conditions):
        if condition not in measure.values:
            continue
        mean, lower, upper = mean_interval(measure.values[condition])
        y = place + 0.72 * ((number + 0.5) / len(conditions) - 0.5)
        drawn = np.clip([mean, lower, upper], *limits)
        look = _look(number)
        if mean != drawn[0]:
            look["marker"] = "<" if mean < limits[0] else ">"
        ax.plot(drawn[1:], [y, y], color=look["color"], lw=1)
        ax.plot(drawn[0], y, clip_on=False, zorder=3, **look)
        if number == 0:
            weight = "bold" if score(mean, measure.band) == "outside" else "normal"
            numbers = f"{mean:.2f}" if np.isnan(lower) else f"{mean:.2f} [{lower:.2f}, {upper:.2f}]"
            ax.text(1.02, place, numbers, transform=ax.get_yaxis_transform(), va="center", weight=weight)
