"""Draw checks against models: which the full model passes, and which null models miss them."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from cortex.report.style import FAINT, INK, SERIES, TWO_COLUMNS, styled, tint
from cortex.report.text import plain

ROW, HEAD, FOOT = 0.36, 1.4, 0.45
"""Heights of a check, of the names of the models, and of the key, inches."""

LEFT = 3.1
"""Width of the sentences, inches."""

WRAPPED = 15
"""Most columns in which there is room for a name of two lines."""

LOOKS = {
    "passed": ("●", SERIES[1], "passed"),
    "passed in part": ("◐", tint(SERIES[1], 0.35), "passed as far as it is measured"),
    "missed": ("✕", SERIES[0], "missed"),
    "unclear": ("?", tint(SERIES[4], 0.45), "unclear"),
    "proves nothing": ("○", tint(SERIES[1], 0.75), "passed, but no null model misses it: proves nothing"),
    "not measured": ("", "#F4F4F4", "not measured"),
}
"""Sign, colour and meaning of what can become of a check."""


@dataclass(frozen=True)
class Row:
    """A check.

    Attributes
    ----------
    name, sentence : str
    must : bool
        Whether it must be passed.
    measured : str
        How many of its parts were measured, such as "3 of 7".
    outcomes : sequence of str
        What became of it in each model, the full one first.
    must_miss : sequence of bool
        In which models it must be missed.
    """

    name: str
    sentence: str
    must: bool
    measured: str
    outcomes: Sequence[str]
    must_miss: Sequence[bool]


@styled
def figure_matrix(rows: Sequence[Row], models: Sequence[str], title: str) -> Figure:
    """Draw a row for each check and a column for each model; signs tell what colours do.

    Parameters
    ----------
    rows : sequence of Row
    models : sequence of str
        Names, the full model first.
    title : str
    """
    height = HEAD + ROW * len(rows) + FOOT
    figure = Figure((TWO_COLUMNS, height))
    figure.suptitle(title, x=0.01, y=1 - 0.08 / height, ha="left", va="top")
    width = TWO_COLUMNS - LEFT - 0.15
    ax = figure.add_axes((LEFT / TWO_COLUMNS, FOOT / height, width / TWO_COLUMNS, ROW * len(rows) / height))
    ax.set(xlim=(0, max(len(models), 8) + 0.3), ylim=(len(rows), 0), xticks=[], yticks=[])
    for side in ax.spines.values():
        side.set_visible(False)
    for place, row in enumerate(rows):
        _draw(ax, place, row)
        y = (FOOT + ROW * (len(rows) - place - 0.5)) / height
        figure.text(0.03, y, row.name, va="center", ha="right", weight="bold" if row.must else "normal")
        sentence = fill(row.sentence + ("" if row.must else " (should)"), 50)
        figure.text(0.04, y, sentence, va="center", size=6.3, linespacing=1.1)
        figure.text((LEFT - 0.08) / TWO_COLUMNS, y, row.measured, va="center", ha="right", size=6.3, color=INK)
    figure.text((LEFT - 0.08) / TWO_COLUMNS, 1 - (HEAD - 0.05) / height, "measured", ha="right", va="bottom", size=6.5)
    for column, model in enumerate(models):
        weight = "normal" if column else "bold"
        name = fill(plain(model), 18) if len(models) <= WRAPPED else plain(model)
        ax.text(_middle(column), -0.1, name, rotation=90, ha="center", va="bottom", size=6.5, weight=weight)
    shown = dict.fromkeys(_kind(outcome) for row in rows for outcome in row.outcomes)
    key = [
        Patch(fc=LOOKS[kind][1], ec=FAINT, lw=0.4, label=f"{LOOKS[kind][0]} {LOOKS[kind][2]}".strip())
        for kind in LOOKS
        if kind in shown
    ]
    key.append(Patch(fc="white", ec=INK, lw=1.3, label="must be missed"))
    figure.legend(handles=key, loc="lower left", ncols=4, fontsize=6.3, columnspacing=1.2, handlelength=1.4)
    return figure


def _kind(outcome: str) -> str:
    return "proves nothing" if outcome.endswith("proves nothing") else outcome


def _middle(column: int) -> float:
    """Return where a column is; the full model stands apart."""
    return column + 0.5 + (0.3 if column else 0)


def _draw(ax: Axes, place: int, row: Row) -> None:
    """Draw the cells of a check."""
    for column, (outcome, must_miss) in enumerate(zip(row.outcomes, row.must_miss, strict=True)):
        sign, colour, _ = LOOKS[_kind(outcome)]
        x = _middle(column)
        ax.add_patch(Rectangle((x - 0.47, place + 0.06), 0.94, 0.88, fc=colour, lw=0))
        if must_miss:
            ax.add_patch(Rectangle((x - 0.45, place + 0.09), 0.9, 0.82, fill=False, ec=INK, lw=1.3))
        ink = "white" if _kind(outcome) in ("passed", "missed") else INK
        ax.text(x, place + 0.52, sign, ha="center", va="center", color=ink, size=8, weight="bold")
