"""Draw a target and its copies: their weights, and how alike they stay."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from cortex.analysis.reference import Band
from cortex.analysis.similarity import mean_pairwise_cosine
from cortex.report.style import FAINT, SERIES, TWO_COLUMNS, styled
from cortex.report.timeline import Span, shade_phases

DASHES = ("-", (0, (4, 1.4)), (0, (1.2, 1.2)), (0, (5, 1.2, 1.2, 1.2)), (0, (8, 2)), (0, (2.5, 1.2)))
"""Line styles of target and copies, so that they differ without colour."""

NEVER_RELEASED = "never released"


def cell_names(count: int) -> list[str]:
    """Name the target and its copies."""
    return ["target", "copy"] if count == 2 else ["target", *(f"copy {k}" for k in range(1, count))]


@styled
def figure_weights(position: ArrayLike, stages: Mapping[str, ArrayLike], title: str) -> Figure:
    """Draw the afferent weights of target and copies, one panel per stage.

    Parameters
    ----------
    position : array, mm, shape (afferent,)
        Where on the skin each afferent ends.
    stages : mapping of stage name to weights, nS, shape (cell, afferent)
        The first cell is the target.
    title : str
    """
    position = np.asarray(position)
    order = np.argsort(position)
    figure = Figure((TWO_COLUMNS, 2.3), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    panels = figure.subplots(1, len(stages), sharex=True, sharey=True, squeeze=False)[0]
    for ax, (stage, weights) in zip(panels, stages.items(), strict=True):
        cells = np.asarray(weights)
        for weight, name, colour, dashes in zip(cells, cell_names(len(cells)), cycle(SERIES), cycle(DASHES)):
            ax.plot(position[order], weight[order], color=colour, ls=dashes, lw=1.6, label=name)
        ax.set(title=stage, xlabel="Skin position (mm)")
        ax.text(0.03, 0.97, f"similarity {mean_pairwise_cosine(cells):.2f}", transform=ax.transAxes, va="top")
    panels[0].set(ylabel="Afferent weight (nS)", xlim=(position.min(), position.max()))
    panels[0].set_ylim(0, 1.2 * max(np.max(weights) for weights in stages.values()))
    figure.legend(*panels[0].get_legend_handles_labels(), loc="upper right", ncols=9, handlelength=3)
    return figure


@styled
def figure_similarity(
    t: ArrayLike,
    similarity: ArrayLike,
    phases: Sequence[Span],
    bands: Mapping[str, Band],
    never_released: tuple[ArrayLike, ArrayLike],
) -> Figure:
    """Draw how alike target and copies are against time, beside a run that is never released.

    Parameters
    ----------
    t : array, s, shape (time,)
    similarity : array, shape (time,) or (copy, time)
        Cosine between the afferent weights of the target and each copy.
    phases : sequence of Span
    bands : mapping of phase name, or "never released", to (low, high)
        Where the similarity must lie at the end of that phase; None is open.
    never_released : tuple of arrays
        Time and similarity of the run that is held to the end.
    """
    figure = Figure((TWO_COLUMNS, 2.7), layout="constrained")
    ax = figure.subplots()
    shade_phases(ax, phases)
    for phase in phases:
        if phase.name in bands:
            _draw_band(ax, phase, bands[phase.name], SERIES[1])
    if NEVER_RELEASED in bands:
        _draw_band(ax, phases[-1], bands[NEVER_RELEASED], FAINT)
    ax.plot(*never_released, color=FAINT, ls=(0, (4, 1.4)), lw=1.5, label=NEVER_RELEASED)
    copies = np.atleast_2d(similarity)
    for values, name, colour in zip(copies, cell_names(len(copies) + 1)[1:], cycle(SERIES[1:])):
        ax.plot(t, values, color=colour, lw=1.6, label=name)
    ax.set(xlabel="Time (s)", ylabel="Similarity to the target\n(cosine of weights)", ylim=(0, 1.03))
    ax.legend(loc="lower left")
    return figure


def _draw_band(ax: Axes, phase: Span, band: Band, colour: str) -> None:
    """Draw a bracket at the end of a phase around the values that lie in the band."""
    (low, high), right = band, phase.end
    left = right - 0.14 * (phase.end - phase.start)
    bottom, top = (0.0 if low is None else low), (1.0 if high is None else high)
    ax.fill_between([left, right], bottom, top, color=colour, alpha=0.22, lw=0)
    if low is not None:
        _draw_limit(ax, left, right, low, f"≥ {low:g}", "top", colour)
    if high is not None:
        _draw_limit(ax, left, right, high, f"≤ {high:g}", "bottom", colour)


def _draw_limit(ax: Axes, left: float, right: float, limit: float, text: str, edge: str, colour: str) -> None:
    ax.plot([left, right], [limit, limit], color=colour, lw=1.2, solid_capstyle="butt")
    away = (-2, -2 if edge == "top" else 2)
    ax.annotate(text, (right, limit), away, textcoords="offset points", color=colour, ha="right", va=edge)
