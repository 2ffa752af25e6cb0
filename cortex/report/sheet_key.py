"""Draw the key of a cortical map: directions, colours and hatching of the skin, lines and symbols."""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from cortex.report.style import DIGITS, HATCHES, IDLE, INK, PHALANX_NAMES, TWO_COLUMNS, bare, patch_colour

DOTTED = (0, (0.1, 1.8))
IDLE_CELL: dict[str, Any] = {"marker": "o", "ms": 2, "mfc": "white", "mec": INK, "mew": 0.4, "ls": "none"}


def draw_key(ax: Axes, lines: Mapping[str, Any], tile_size: bool, idle: bool) -> None:
    """Draw the key over the whole width of the page, in inches.

    Parameters
    ----------
    ax : Axes
    lines : mapping of name to dashes
        Outlines on the map.
    tile_size, idle : bool
        Whether the map shows responses by the size of tiles, and idle cells.
    """
    ax.set(xlim=(0, TWO_COLUMNS - 0.2), ylim=(-0.05, 0.85))
    bare(ax)
    _draw_directions(ax, 0.62, 0.4, 0.22)
    _draw_patches(ax, 2.15, 0.34, 0.19)
    legend = [Line2D([], [], marker="s", ms=8, color=IDLE, ls="none", label="no response")]
    for name, dashes in lines.items():
        legend.append(Line2D([], [], color=INK, lw=1.2, ls=dashes, dash_capstyle="round", label=name))
    if tile_size:
        legend.append(Line2D([], [], marker="s", ms=3.5, color=INK, ls="none", label="small tile: weak response"))
    if idle:
        legend.append(Line2D([], [], label="idle cell", **IDLE_CELL))
    title = "Colour: the skin that drives\na site most (winner-take-all)"
    ax.legend(
        handles=legend,
        title=title,
        alignment="left",
        loc="center left",
        bbox_to_anchor=(0.62, 0.58),  # above a note in the corner
        handlelength=2.2,
        labelspacing=0.6,
    )


def _draw_directions(ax: Axes, x: float, y: float, arm: float) -> None:
    arrow = {"arrowstyle": "-|>", "color": INK, "lw": 0.8, "shrinkA": 0, "shrinkB": 0}
    for right, up, name in ((0, 1, "rostral"), (0, -1, "caudal"), (1, 0, "medial"), (-1, 0, "lateral")):
        ax.annotate("", (x + arm * right, y + arm * up), (x, y), arrowprops=arrow)
        across, along = {0: "center", 1: "left", -1: "right"}[right], {0: "center", 1: "bottom", -1: "top"}[up]
        ax.text(x + 1.15 * arm * right, y + 1.15 * arm * up, name, ha=across, va=along)


def _draw_patches(ax: Axes, left: float, width: float, height: float) -> None:
    for digit in range(len(DIGITS)):
        ax.text(left + (digit + 0.5) * width, 3 * height + 0.06, f"D{digit + 1}", ha="center", va="bottom")
        for phalanx, hatch in enumerate(HATCHES):
            box = (left + digit * width, phalanx * height), width, height
            ax.add_artist(Rectangle(*box, facecolor=patch_colour(3 * digit + phalanx), edgecolor="white", lw=0.5))
            ax.add_artist(Rectangle(*box, facecolor="none", edgecolor=INK, lw=0, hatch=hatch))
    for phalanx, name in enumerate(PHALANX_NAMES):
        ax.text(left - 0.06, (phalanx + 0.5) * height, name, ha="right", va="center")
