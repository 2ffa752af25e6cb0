"""Draw how errors depend on the number of parameters."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from cortex.report.style import FAINT, TWO_COLUMNS, draw_level, plain_logs, styled
from cortex.report.survival import LOOKS
from cortex.report.text import count


class Curve(NamedTuple):
    """A curve of errors.

    Attributes
    ----------
    name : str
    every : array of int, (point,)
        Numbers of parameters at which the formula is drawn.
    formula : array, (point,)
    widths : array of int, (width,)
        Numbers of parameters that were fitted.
    errors : array, (draw, width)
    """

    name: str
    every: np.ndarray
    formula: np.ndarray
    widths: np.ndarray
    errors: np.ndarray


@styled
def figure_risk(curves: Sequence[Curve], samples: int, without: float) -> Figure:
    """Draw mean test errors with their 95 % intervals on their formulas, against the number of parameters.

    Parameters
    ----------
    curves : sequence of Curve
    samples : int
        Number of samples, at which parameters match data.
    without : float
        Test error without any fit.
    """
    figure = Figure((TWO_COLUMNS, 3.3), layout="constrained")
    figure.suptitle("Test error against the number of fitted features", x=0.01, ha="left")
    ax = figure.subplots()
    for curve, (colour, dashes, marker) in zip(curves, LOOKS, strict=False):
        line = np.where(np.isfinite(curve.formula) & (curve.formula > 0), curve.formula, np.nan)
        ax.plot(curve.every, line, color=colour, ls=dashes, lw=1)
        mean, shown = curve.errors.mean(axis=0), curve.errors.mean(axis=0) > 1e-6
        half = 1.96 * curve.errors.std(axis=0, ddof=1) / np.sqrt(len(curve.errors))
        below = np.minimum(half, 0.9 * mean)
        points = (curve.widths[shown], mean[shown], np.stack([below, half])[:, shown])
        ax.errorbar(*points, color=colour, fmt=marker, ms=3.6, elinewidth=0.9, label=curve.name)
    ax.axvline(samples, color=FAINT, lw=0.8, ls=":")
    ax.annotate(
        f" n = {samples} samples", (samples, 1), xycoords=("data", "axes fraction"), va="top", color=FAINT, size=6.5
    )
    ax.set(xlabel="Fitted features p", ylabel="Expected squared error on new samples\n(variance of the signal = 1)")
    ax.set_yscale("log")
    ax.set_xlim(0, max(curve.every[-1] for curve in curves) + 1)
    plain_logs(ax, "y")
    draw_level(ax, without, "no fit")
    figure.legend(
        loc="outside lower center",
        ncols=len(curves),
        title=f"Means of {count(len(curves[0].errors), 'draw')}, 95 % intervals, on their formulas",
    )
    return figure
