"""Outline the palm of a right hand and its creases; the middle of its upper edge is the origin."""

import numpy as np
import scipy
from numpy.typing import NDArray

Array = NDArray[np.float64]

PALM = [(-0.45, 0.0), (-0.52, -0.14), (-0.54, -0.28), (-0.6, -0.38), (-0.72, -0.42), (-0.72, -0.62), (-0.63, -0.82)]
PALM += [(-0.5, -1.0), (-0.41, -1.15), (-0.38, -1.35), (0.38, -1.35), (0.42, -1.15), (0.52, -0.9), (0.57, -0.6)]
PALM += [(0.55, -0.35), (0.51, -0.18), (0.36, -0.06), (0.15, 0.02), (-0.2, 0.04)]
"""Outline of the palm in palm widths, the thumb at negative x, from the index finger round the wrist and back."""

LINES = (
    [(-0.5, -0.33), (-0.25, -0.36), (-0.08, -0.62), (-0.1, -1.0)],  # round the ball of the thumb
    [(-0.5, -0.31), (-0.1, -0.38), (0.3, -0.6)],
    [(-0.22, -0.08), (-0.12, -0.24), (0.15, -0.31), (0.52, -0.3)],
)
"""The three lines of the palm, in palm widths."""


def palm_outline(width: float) -> Array:
    """Return the closed outline of a palm of some width, mm, shape (point, 2); the wrist is left long."""
    return _smooth([*PALM, PALM[0]], width, "periodic")


def palm_creases(width: float) -> list[Array]:
    """Return the lines of a palm of some width, mm, each of shape (point, 2)."""
    return [_smooth(line, width, "natural") for line in LINES]


def _smooth(points: list[tuple[float, float]], width: float, ends: str) -> Array:
    """Draw a smooth curve through points given in palm widths, mirrored to the right hand."""
    corners = np.array(points) * (-width, width)
    chord = np.append(0, np.cumsum(np.sqrt(np.hypot(*np.diff(corners, axis=0).T))))
    return np.asarray(scipy.interpolate.CubicSpline(chord, corners, bc_type=ends)(np.linspace(0, chord[-1], 200)))
