"""Draw what was measured against what was predicted."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from cortex.analysis.statistics import Interval
from cortex.report.style import BAND, FAINT, TWO_COLUMNS, key_label, plain_logs, styled, tint
from cortex.report.survival import Look
from cortex.report.text import plain


class Agreement(NamedTuple):
    """Measured beside predicted, means over seeds with 95 % intervals."""

    measured: Interval
    predicted: Interval
    white: float = 0.0
    """How much white is mixed into the marker, which tells conditions of the same look apart."""
    seeds: np.ndarray = np.empty((2, 0))
    """Measured and predicted values, drawn as a dot for each seed, shape (2, seed)."""


@styled
def figure_agreement(
    panels: Mapping[str, Mapping[str, Agreement]],
    looks: Mapping[str, Look],
    bands: Mapping[str, float],
    title: str,
    log: bool = True,
) -> Figure:
    """Draw measured against predicted, a marker for each condition, with the diagonal and a band around it.

    Parameters
    ----------
    panels : mapping of quantity to mapping of condition to Agreement
    looks : mapping of condition to Look
    bands : mapping of quantity to float
        Half width of the band, as a share of what is predicted; a quantity may have none.
    title : str
    log : bool
        Whether axes are logarithmic; else they begin at 0.
    """
    wide = len(panels) < 3
    figure = Figure((TWO_COLUMNS, 4.6 if wide else 2.5), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    axes = figure.subplots(1, len(panels), squeeze=False)[0]
    handles: dict[str, Line2D] = {}
    for ax, (quantity, conditions) in zip(axes, panels.items(), strict=True):
        ends = _ends(conditions.values(), log)
        share = bands.get(quantity, 0.0)
        ax.fill_between(ends, ends * (1 - share), ends * (1 + share), color=BAND, lw=0)
        ax.plot(ends, ends, color=FAINT, lw=0.8)
        for name, agreement in conditions.items():
            handles[name] = _draw(ax, agreement, looks[name], plain(name))
        ax.set(xlim=ends, ylim=ends, box_aspect=1)
        if log:
            ax.set(xscale="log", yscale="log")
            plain_logs(ax, "xy", wide)
        if wide:
            ax.set(xlabel=f"Predicted {quantity}", ylabel=f"Measured {quantity}")
        else:
            ax.set_xlabel("Predicted")
            ax.set_title(quantity, size=7)
    if not wide:
        axes[0].set_ylabel("Measured")
    shares = ", ".join(f"{share:.0%}" for share in sorted(set(bands.values())))
    band = Line2D([], [], color=BAND, lw=6, label=f"within {shares}")
    figure.legend(handles=[*handles.values(), band], loc="outside lower center", ncols=4)
    return figure


def _ends(conditions: Iterable[Agreement], log: bool) -> np.ndarray:
    """Return the limits of both axes, with room around all that is drawn."""
    drawn = np.concatenate([np.append([pair.measured, pair.predicted], pair.seeds) for pair in conditions])
    return np.array([np.nanmin(drawn) / 1.2 if log else 0.0, np.nanmax(drawn) * 1.2])


def _draw(ax: Axes, agreement: Agreement, look: Look, label: str) -> Line2D:
    measured, predicted = agreement.measured, agreement.predicted
    colour, _, marker = look
    if agreement.seeds.size:
        ax.plot(*agreement.seeds[::-1], ms=2.4, mew=0, alpha=0.5, color=colour, marker="o", lw=0)
    ax.plot([predicted.mean] * 2, measured[1:], color=colour, lw=0.8, alpha=0.7)
    ax.plot(predicted[1:], [measured.mean] * 2, color=colour, lw=0.8, alpha=0.7)
    face = tint(colour, agreement.white)
    [handle] = ax.plot(
        predicted.mean, measured.mean, mfc=face, ms=5.5, label=key_label(label), color=colour, marker=marker, lw=0
    )
    return handle
