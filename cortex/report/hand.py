"""Draw the hand, and receptive fields on its skin."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from contourpy import LineType, contour_generator
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.path import Path
from matplotlib.transforms import Transform
from numpy.typing import NDArray

from cortex.report.palm import palm_creases, palm_outline
from cortex.report.skin import PALM_LENGTH, Array, Hand, ReceptiveField
from cortex.report.style import DIGITS, INK, TWO_COLUMNS, bare, draw_scale_bar, styled

SKIN = "#F8EFE8"
CREASE = "#B59F90"

TRAINED, OTHER = 1.0, 0.4
"""Widths of the outlines of receptive fields on trained and on other skin."""


def draw_hand(ax: Axes, hand: Hand) -> None:
    """Draw the palm of a right hand with its creases and the names of the digits; units are mm."""
    outlines = [palm_outline(hand.palm_width)] + [hand.pose(digit).transform(_digit(hand, digit)) for digit in range(5)]
    for colour, width in ((INK, 1.8), (SKIN, 0)):  # the rims of all shapes first, so that only their union's shows
        for outline in outlines:
            ax.add_artist(Polygon(outline, facecolor=colour, edgecolor=INK, lw=width, joinstyle="round"))
    for digit in range(5):
        _draw_creases(ax, hand, digit, hand.pose(digit) + ax.transData)
        x, y = hand.pose(digit).transform((0, hand.length(digit) + 0.45 * hand.widths_mm[digit]))
        ax.text(x, y, f"D{digit + 1}", ha="center", va="center")
    _draw_lines(ax, palm_creases(hand.palm_width), ax.transData)
    wrist = -PALM_LENGTH * hand.palm_width
    rim = np.vstack(outlines)
    ax.set(xlim=(rim[:, 0].min() - 3, rim[:, 0].max() + 3), ylim=(1.02 * wrist, rim[:, 1].max() + 4))
    bare(ax)


def draw_fingertip(ax: Axes, hand: Hand, digit: int) -> None:
    """Draw the distal pad of a digit upright."""
    ax.add_artist(Polygon(_digit(hand, digit), facecolor=SKIN, edgecolor=INK, lw=1))
    _draw_creases(ax, hand, digit, ax.transData)
    half, pad, top = np.max(hand.widths_mm) / 2, np.max(hand.phalanx_lengths_mm[:, 2]), hand.length(digit)
    ax.set(xlim=(-1.1 * half, 1.1 * half), ylim=(top - 1.15 * pad, top + 0.05 * pad))
    bare(ax)


def draw_fields(ax: Axes, hand: Hand, fields: Sequence[ReceptiveField], place: Transform, width: float = 0.8) -> None:
    """Outline receptive fields of one digit at half their maximum, in the digit's colour."""
    paths, known = [], None
    for field in fields:
        x, y, response = field.on_grid(hand)
        if x is not known:  # fields of the same probes share their grid
            known = x
            page = hand.upright(field.digit, np.pad(x, 1, mode="edge"), np.pad(y, 1, mode="edge"))
        rim = np.pad(response, 1)  # closes the outline along the rim of the digit
        outline: Any = contour_generator(page[..., 0], page[..., 1], rim, line_type=LineType.SeparateCode)
        paths.append(Path(*(np.concatenate(part) for part in outline.lines(0.5))))
    colours = [DIGITS[field.digit] for field in fields]
    look: dict[str, Any] = {"facecolors": "none", "edgecolors": colours, "linewidths": width, "zorder": 2}
    ax.add_collection(PathCollection(paths, transform=place, **look), autolim=False)


@styled
def figure_hand(
    stages: Mapping[str, Sequence[ReceptiveField]],
    hand: Hand,
    title: str,
    trained: Sequence[int] = (),
    one_of: int = 1,
    skin: str = "trained skin",
) -> Figure:
    """Draw receptive fields on the hand, one hand per stage, with the trained fingertips enlarged below.

    Parameters
    ----------
    stages : mapping of stage name to receptive fields
        In the order of the experiment.
    hand : Hand
    title : str
    trained : sequence of int
        Trained patches, digit * 3 + phalanx.
    one_of : int
        One of how many fields of untrained skin is among the given ones.
    skin : str
        What the trained patches are called: in a control animal "skin trained in the other animal".
    """
    width = min(TWO_COLUMNS / len(stages), 4)
    heights = [1.15 * width, *([0.37 * width] if trained else []), 0.55]
    figure = Figure((width * len(stages), sum(heights) + 0.4), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    for part, (stage, fields) in zip(figure.subfigures(1, len(stages), squeeze=False)[0], stages.items(), strict=True):
        grid = part.add_gridspec(len(heights), max(len(trained), 1), height_ratios=heights)
        ax = part.add_subplot(grid[0, :])
        ax.set_title(stage, y=1)  # else matplotlib looks for its place, which takes a while
        draw_hand(ax, hand)
        draw_scale_bar(ax, 5)
        patches = np.array([field.patch(hand) for field in fields])
        on_trained = np.isin(patches, trained)
        for chosen, line in ((on_trained, TRAINED), (~on_trained, OTHER)):
            for digit in range(5):
                of_digit = [
                    field for field, drawn in zip(fields, chosen, strict=True) if drawn and field.digit == digit
                ]
                draw_fields(ax, hand, of_digit, hand.pose(digit) + ax.transData, line)
        for column, patch in enumerate(trained):
            ax = part.add_subplot(grid[1, column])
            draw_fingertip(ax, hand, patch // 3)
            ax.set_title(f"D{patch // 3 + 1} tip", y=1, loc="center", weight="normal", size="medium")
            draw_fields(ax, hand, list(np.array(fields, object)[patches == patch]), ax.transData)
            if column == 0:
                draw_scale_bar(ax, 2)
        areas = np.array([field.area_mm2(hand) for field in fields])
        ax = part.add_subplot(grid[-1, :])
        ax.set_axis_off()
        ax.text(0, 0.5, _medians(areas, on_trained), va="center", linespacing=1.4)
    if trained:
        others = "other skin" if one_of == 1 else f"other skin, 1 of {one_of} fields drawn"
        widths = {skin: TRAINED, others: OTHER}
        handles = [Line2D([], [], color=INK, lw=line, label=name) for name, line in widths.items()]
        figure.legend(handles=handles, loc="outside lower left", ncols=2)
    return figure


def _medians(areas: Array, trained: NDArray[np.bool_]) -> str:
    lines = ["Median receptive field"]
    for name, of_skin in (("trained", areas[trained]), ("untrained", areas[~trained])):
        if len(of_skin):
            lines.append(f"{name}: {np.median(of_skin):.1f} mm² (n = {len(of_skin)})")
    return "\n".join(lines)


def _digit(hand: Hand, digit: int) -> Array:
    """Return the outline of an upright digit, mm, shape (point, 2)."""
    half, length = hand.widths_mm[digit] / 2, hand.length(digit)
    side, top = np.linspace(0, length, 150), np.linspace(-half, half, 50)
    parts = ((-half, side), (top, length), (half, side[::-1]))
    return np.vstack([hand.upright(digit, x, y) for x, y in parts])


def _draw_creases(ax: Axes, hand: Hand, digit: int, place: Transform) -> None:
    across, width = np.linspace(-0.42, 0.42, 30), hand.widths_mm[digit]
    joints = np.cumsum(hand.phalanx_lengths_mm[digit])[:2]
    lines = [hand.upright(digit, across * width, 0.12 * across**2 * width)]
    for joint in joints:
        for shift in (-0.05, 0.05):
            sag = shift + 0.2 * (across**2 - 0.1)
            lines.append(hand.upright(digit, across * width, joint + sag * width))
    _draw_lines(ax, lines, place)


def _draw_lines(ax: Axes, lines: Sequence[Array], place: Transform) -> None:
    look: dict[str, Any] = {"colors": CREASE, "linewidths": 0.7, "capstyle": "round", "joinstyle": "round", "zorder": 2}
    ax.add_collection(LineCollection(lines, transform=place, **look), autolim=False)
