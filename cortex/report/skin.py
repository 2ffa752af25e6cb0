"""Place the skin of five digits on a page, as the palm of a right hand, and find receptive fields on it.

Skin coordinates of a digit, in mm: x across, from -width / 2 on the thumb's side to width / 2 on the little finger's;
y along, from 0 at the base to the sum of the phalanges at the tip.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy
from matplotlib.transforms import Affine2D
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

LEAN = np.deg2rad([48, 9, 1, -7, -17])
"""How far each digit leans towards the thumb's side."""
DROP = (0.62, 0.03, 0.0, 0.05, 0.17)
"""How far each base lies below that of D3, in palm lengths."""
PALM_LENGTH = 1.15
"""Length of the palm in palm widths."""
GAP = 0.16
"""Skin between the bases of neighbouring digits, in digit widths."""
FINGERTIP = 0.62
"""Length of the rounded end of a digit, in digit widths."""
STEP_MM = 0.15
"""Grid on which a receptive field is interpolated."""


@dataclass(frozen=True)
class Hand:
    """The sizes of a hand."""

    phalanx_lengths_mm: Array
    """Proximal, middle, distal, shape (5, 3); the thumb's three zones follow the same convention."""
    widths_mm: Array
    """Shape (5,)."""

    def length(self, digit: int) -> float:
        """Return the length of a digit, mm."""
        return float(np.sum(self.phalanx_lengths_mm[digit]))

    @property
    def palm_width(self) -> float:
        """Width of the palm at the bases of the four fingers, mm."""
        widths = np.asarray(self.widths_mm[1:])
        return float(widths.sum() + GAP * (widths[:-1] + widths[1:]).sum() / 2)

    def base(self, digit: int) -> Array:
        """Return where a digit's base lies on the page, mm: the middle of the palm's upper edge is the origin."""
        widths = np.asarray(self.widths_mm)
        across = -self.palm_width / 2 + 0.04 * self.palm_width
        if digit:
            before = widths[1:digit].sum() + GAP * (widths[1:digit] + widths[2 : digit + 1]).sum() / 2
            across = -self.palm_width / 2 + before + widths[digit] / 2
        return np.array([-across, -DROP[digit] * PALM_LENGTH * self.palm_width])

    def pose(self, digit: int) -> Affine2D:
        """Return the transform from an upright digit to its place on the page."""
        return Affine2D().rotate(-LEAN[digit]).translate(*self.base(digit))

    def upright(self, digit: int, x: ArrayLike, y: ArrayLike) -> Array:
        """Bend skin coordinates to the outline of an upright digit, which tapers to a round tip; shape (..., 2).

        The end of the digit is a rectangle on the skin and half a disc on the page, by the elliptical mapping of a
        square to a disc, so that nothing is lost in its corners.
        """
        x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
        length, width = self.length(digit), float(self.widths_mm[digit])
        end = FINGERTIP * width
        aside, up = 2 * x / width, np.maximum((y - length + end) / end, 0)
        joints = np.append(0, np.cumsum(self.phalanx_lengths_mm[digit]))
        pads = np.sin(np.pi * np.interp(y, joints, np.arange(4))) ** 2  # fuller between the joints
        across = x * (0.97 - 0.1 * y / length + 0.06 * pads) * np.sqrt(1 - up**2 / 2)
        along = np.minimum(y, length - end) + end * up * np.sqrt(1 - aside**2 / 2)
        return np.stack([-across, along], axis=-1)

    def to_page(self, digit: int, x: ArrayLike, y: ArrayLike) -> Array:
        """Return where skin coordinates lie on the page, mm, shape (..., 2)."""
        bent = self.upright(digit, x, y)
        return self.pose(digit).transform(bent.reshape(-1, 2)).reshape(bent.shape)


@dataclass(frozen=True)
class ReceptiveField:
    """The skin that a site answers to, as found by probing one digit."""

    digit: int
    points_mm: Array
    """Skin coordinates of the probes, not all in one line, shape (probe, 2)."""
    response: Array
    """Response above baseline to each probe, positive somewhere, shape (probe,)."""

    def on_grid(self, hand: Hand) -> tuple[Array, Array, Array]:
        """Interpolate the response smoothly over the whole digit.

        Returns
        -------
        x, y, response : arrays, shape (along, across)
            Skin coordinates in mm; the response as a share of its maximum.
        """
        points = np.ascontiguousarray(self.points_mm, float)
        x, y, weights = _interpolation(float(hand.widths_mm[self.digit]), hand.length(self.digit), points.tobytes())
        response = (weights @ self.response).reshape(x.shape)
        return x, y, response / response.max()

    def area_mm2(self, hand: Hand) -> float:
        """Return the area of skin where the response is at least half its maximum, mm^2."""
        *_, response = self.on_grid(hand)
        skin = hand.widths_mm[self.digit] * hand.length(self.digit)
        return float(np.mean(response >= 0.5) * skin)

    def patch(self, hand: Hand) -> int:
        """Return the patch, digit * 3 + phalanx, under the strongest probe."""
        joints = np.cumsum(hand.phalanx_lengths_mm[self.digit])[:2]
        return 3 * self.digit + int(np.searchsorted(joints, self.points_mm[np.argmax(self.response), 1]))


@lru_cache(maxsize=8)  # the fields of one figure share a few sets of probes
def _interpolation(width: float, length: float, points: bytes) -> tuple[Array, Array, Array]:
    """Return a grid over a digit, and the weight of each probe at each of its points, shape (point, probe)."""
    across = np.linspace(-width / 2, width / 2, round(width / STEP_MM) + 1)
    along = np.linspace(0, length, round(length / STEP_MM) + 1)
    x, y = np.meshgrid(across, along)
    probes = np.frombuffer(points).reshape(-1, 2)
    return (
        x,
        y,
        scipy.interpolate.RBFInterpolator(probes, np.eye(len(probes)))(np.stack([x.ravel(), y.ravel()], axis=1)),
    )
