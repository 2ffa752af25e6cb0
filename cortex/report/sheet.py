"""Draw the finger area of cortex as a map: which patch of skin every site answers to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from cortex.analysis.maps import winner_area
from cortex.report.sheet_key import DOTTED, IDLE_CELL, draw_key
from cortex.report.style import DIGITS, HATCHES, INK, TWO_COLUMNS, bare, draw_scale_bar, patch_colour, styled
from cortex.report.tiles import Tiles, cut

SMALLEST_TILE = 0.3


@dataclass(frozen=True)
class SheetMap:
    """One map of the sheet.

    The sheet is seen from above: x runs from lateral to medial and y from caudal to rostral, as in the left hemisphere.
    """

    positions_mm: NDArray[np.float64]
    """Recording sites, shape (site, 2)."""
    patch: NDArray[np.int64]
    """Skin that a site answers to, digit * 3 + phalanx, or -1 where it answers to nothing, shape (site,)."""
    response: NDArray[np.float64] | None = None
    """Best response as a share of the strongest, 0 to 1, shape (site,): the tile of a weak site is smaller."""
    idle_mm: NDArray[np.float64] | None = None
    """Cells that are still idle, shape (cell, 2), drawn as open circles."""


@styled
def figure_sheet(
    stages: Mapping[str, SheetMap],
    title: str,
    trained: Sequence[int] = (),
    scale_bar_mm: float = 0.5,
    skin: str = "trained skin",
) -> Figure:
    """Draw winner-take-all maps of one sheet side by side, with the area won by the trained skin under each.

    Parameters
    ----------
    stages : mapping of stage name to SheetMap
        In the order of the experiment; the first one's trained area is dotted on all later ones.
    title : str
    trained : sequence of int
        Trained patches, digit * 3 + phalanx; they are outlined.
    scale_bar_mm : float
        Length of the scale bar.
    skin : str
        What the trained patches are called: in a control animal "skin trained in the other animal".
    """
    first_name, first = next(iter(stages.items()))
    tiles = cut(first.positions_mm)
    before = tiles.outline(np.isin(first.patch, trained))
    area_before = winner_area(first.patch, trained, tiles.area)
    low, high = tiles.edges.min(axis=(0, 1)), tiles.edges.max(axis=(0, 1))
    panel = (TWO_COLUMNS - 0.3) / len(stages)
    panel *= (high[1] - low[1]) / (high[0] - low[0])
    figure = Figure((TWO_COLUMNS, panel + 1.7), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    grid = figure.add_gridspec(2, len(stages), height_ratios=[panel + 0.5, 0.9])
    for column, (stage, sheet) in enumerate(stages.items()):
        ax = figure.add_subplot(grid[0, column])
        tiles = cut(sheet.positions_mm)
        draw_sheet(ax, sheet, tiles, trained)
        ax.set_title(stage, y=1, pad=14)
        ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        if column == 0:
            draw_scale_bar(ax, scale_bar_mm)
        if trained:
            area = winner_area(sheet.patch, trained, tiles.area)
            growth = f" (×{area / area_before:.2f})" if column and area_before else ""
            text = f"outlined: {area:.2f} mm²{growth}"
            ax.text(1, -0.045, text, transform=ax.transAxes, ha="right", va="top")
        if column:
            _outline(ax, before, "white", 2)
            _outline(ax, before, INK, 1.2, DOTTED)
    lines = {skin: "-", f"{skin}, {first_name}": DOTTED} if trained else {}
    draw_key(figure.add_subplot(grid[1, :]), lines, first.response is not None, first.idle_mm is not None)
    return figure


def draw_sheet(ax: Axes, sheet: SheetMap, tiles: Tiles, trained: Sequence[int] = ()) -> None:
    """Draw one map: a tile per site, the digits' names above, the trained patches outlined."""
    size = np.ones(len(sheet.patch)) if sheet.response is None else np.sqrt(np.clip(sheet.response, 0, 1))
    size = np.where(sheet.patch < 0, 1, np.maximum(size, SMALLEST_TILE))[:, None, None]
    drawn = [
        site + scale * (polygon - site)
        for polygon, site, scale in zip(tiles.polygons, sheet.positions_mm, size, strict=True)
    ]
    ax.add_collection(
        PolyCollection(drawn, facecolors=[patch_colour(p) for p in sheet.patch], edgecolors="white", linewidths=0.3)
    )
    for phalanx, hatch in enumerate(HATCHES):
        hatched = [Path(drawn[site]) for site in np.flatnonzero((sheet.patch >= 0) & (sheet.patch % 3 == phalanx))]
        if hatch and hatched:  # all at once, as matplotlib draws the whole pattern anew for each path
            ax.add_artist(PathPatch(Path.make_compound_path(*hatched), fill=False, ec=INK, lw=0, hatch=hatch))
    for patch in trained:
        _outline(ax, tiles.outline(sheet.patch == patch), INK, 1.2)
    if sheet.idle_mm is not None:
        ax.plot(*sheet.idle_mm.T, **IDLE_CELL)
    for digit in range(len(DIGITS)):
        of_digit = sheet.patch // 3 == digit
        if of_digit.any():
            middle = sheet.positions_mm[of_digit, 0].mean()
            ax.text(middle, 1.02, f"D{digit + 1}", transform=ax.get_xaxis_transform(), ha="center", va="bottom")
    bare(ax)


def _outline(ax: Axes, edges: NDArray[np.float64], colour: str, width: float, dashes: Any = "solid") -> None:
    ax.add_collection(
        LineCollection(list(edges), colors=colour, linewidths=width, linestyles=[dashes], capstyle="round")
    )
