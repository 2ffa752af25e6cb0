"""Keep fonts, sizes, colours and the saving of figures in one place.

Digits and series use the colour-blind safe palette of Okabe and Ito (https://jfly.uni-koeln.de/color/), with its yellow
darkened so that it shows on white. Phalanges of one digit are told apart by lightness and, in print, by hatching.
"""

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib import rc_context, rcParams, rcParamsDefault
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter, NullLocator, StrMethodFormatter
from matplotlib.transforms import ScaledTranslation

from cortex.errors import UsageError

TWO_COLUMNS = 7.2
"""Width of a figure over a printed page, inches."""

DPI = 200

INK = "#222222"
FAINT = "#6F6F6F"
IDLE = "#D4D4D4"
BAND = "#DCEBDD"

DIGITS = ("#CC79A7", "#D55E00", "#0072B2", "#DDB300", "#009E73")
"""One colour for each of D1 to D5; neighbouring digits stay far apart for every kind of colour vision."""

PHALANX_NAMES = ("proximal", "middle", "distal")
TINTS = (0.66, 0.38, 0.0)
HATCHES = ("/////", ".....", "")
"""How much white is mixed into a digit's colour, and what is hatched over it, from proximal to distal."""

SERIES = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#DDB300", "#56B4E9")
"""Colours of cells and groups, in order: the target first, then its copies."""

NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Bytes of characters that no XML file may hold; matplotlib writes each text as a comment."""

RC: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 7.5,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 7.5,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.titlesize": 9.5,
    "figure.titleweight": "bold",
    "hatch.linewidth": 0.35,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "lines.linewidth": 1.2,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "svg.fonttype": "path",
    "svg.hashsalt": "cortex",
}


@contextmanager
def _styled(**settings: Any) -> Iterator[None]:
    with rc_context():
        rcParams.update({name: value for name, value in rcParamsDefault.items() if name != "backend"} | RC | settings)
        yield


styled = _styled()
"""Decorator: draw with this style, whatever the user's own matplotlib settings are. No "$" in a name is mathematics."""


def tint(colour: str, white: float) -> tuple[float, float, float]:
    """Mix a share of white, 0 to 1, into a colour."""
    red, green, blue = (1 - (1 - white) * (1 - channel) for channel in to_rgb(colour))
    return red, green, blue


def patch_colour(patch: int) -> tuple[float, float, float]:
    """Return the colour of patch digit * 3 + phalanx, or grey for a negative one."""
    return to_rgb(IDLE) if patch < 0 else tint(DIGITS[patch // 3], TINTS[patch % 3])


def bare(ax: Axes) -> None:
    """Show neither axis, keep equal scales."""
    ax.set_axis_off()
    ax.set_aspect("equal")


def draw_scale_bar(ax: Axes, length_mm: float) -> None:
    """Draw a scale bar under the lower left corner of axes whose unit is mm."""
    left = ax.get_xlim()[0]
    down = ScaledTranslation(0, -8 / 72, ax.figure.dpi_scale_trans)
    below: dict[str, Any] = {"transform": ax.get_xaxis_transform() + down, "clip_on": False}
    ax.plot([left, left + length_mm], [0, 0], color=INK, lw=2, solid_capstyle="butt", **below)
    ax.text(left + length_mm, 0, f" {length_mm:g} mm", va="center_baseline", **below)


def ratio_axis(axis: Axis) -> None:
    """Label a logarithmic axis of ratios with plain numbers."""
    axis.set_major_locator(FixedLocator([0.125, 0.25, 0.5, 0.7, 1, 1.5, 2, 3, 4, 8]))
    axis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axis.set_minor_locator(NullLocator())


def plain_logs(ax: Axes, which: str, wide: bool = True) -> None:
    """Label logarithmic axes with plain numbers: 1, 2 and 5 of each decade, or 1 and 3 across a narrow panel.

    Parameters
    ----------
    ax : Axes
    which : str
        "x", "y" or "xy".
    wide : bool
        Whether the x axis is as wide as the page.
    """
    for letter in which:
        axis = ax.xaxis if letter == "x" else ax.yaxis
        axis.set_major_locator(LogLocator(subs=(1, 2, 5) if wide or letter == "y" else (1, 3)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())


def draw_level(ax: Axes, at: float, text: str) -> None:
    """Draw a thin line across the axes at a value, and name it beside them, where no data are."""
    ax.axhline(at, color=FAINT, lw=0.8)
    beside: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
    ax.annotate(text, (1, at), (3, 0), va="center", color=FAINT, size=6.5, **beside)


def note(figure: Figure, notes: Sequence[str]) -> None:
    """Write in the corner what a reader must know, such as that it is the quick version."""
    if notes:
        figure.text(0.995, 0.005, ", ".join(notes), color=FAINT, ha="right", va="bottom", size=RC["legend.fontsize"])


def key_label(name: str) -> str:
    """Return a name as a key shows it: matplotlib leaves out those that begin with _."""
    return f" {name}" if name.startswith("_") else name


@_styled(**{"text.parse_math": True})  # what labels a logarithmic axis of a figure of somebody else's is mathematics
def save(figure: Figure, folder: Path, name: str, svg: bool = False) -> Path:
    """Write a figure as PNG, the same bytes every time, and return its path.

    Parameters
    ----------
    figure : Figure
    folder : Path
    name : str
    svg : bool
        Whether to write it as SVG too, beside it.

    Raises
    ------
    UsageError
        If its name is no name of a file in that folder.
    """
    if not re.fullmatch(r"[^/\\\0]+", name):
        raise UsageError(f"no figure can be called {name!r}", hint="take a name without / and \\")
    png, vectors = folder / f"{name}.png", folder / f"{name}.svg"
    for path in (png, vectors):  # a link may point to anything
        path.unlink(missing_ok=True)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # a letter that the font lacks is drawn as a box
        _save_png(figure, png)
        if svg:
            drawn = BytesIO()
            figure.savefig(drawn, format="svg", metadata={"Date": None})
            vectors.write_bytes(NO_XML.sub(b"?", drawn.getvalue()))
    return png


def _save_png(figure: Figure, path: Path) -> None:
    """Draw a figure once; `savefig` draws it twice where its layout adapts."""
    shown, dpi = figure.canvas, figure.dpi
    canvas = FigureCanvasAgg(figure)
    try:
        figure.dpi = DPI
        canvas.print_png(path, metadata={"Software": None}, pil_kwargs={"compress_level": 1})
    finally:
        figure.dpi = dpi
        figure.set_canvas(shown)
