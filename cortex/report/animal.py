"""Draw the story of an animal over time: its map, its total, how alike its copies are, and its errors."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cortex.report.style import FAINT, INK, SERIES, TWO_COLUMNS, draw_level, styled
from cortex.report.timeline import Span, shade_phases

Points = tuple[np.ndarray, np.ndarray]
"""Times, s, and values."""


class Course(NamedTuple):
    """What one animal shows over time."""

    tip: Points
    """Cells that answer most to the trained skin, at each map."""
    other: Points
    """Cells that answer most to other skin."""
    total: Points
    """Spikes of all cells of the trained skin for each touch."""
    similarity: Points
    """Mean cosine between the weights of a group's members."""
    old: Points
    """Systematic error of the old task, at each test."""
    new: Points
    """Systematic error of the new task."""


ROWS = (
    "Cells that answer\nmost to a patch",
    "Spikes of the tip\nfor each touch",
    "Similarity of copies\n(cosine of weights)",
    "Error of the\nold task",
    "Error of the\nnew task",
)

SIMILARITY = 2
"""Row whose axis need not begin at 0."""

LOOKS = ((SERIES[0], "-", "o"), (SERIES[1], (0, (4, 1.6)), "s"), (FAINT, (0, (1, 1)), "^"))
"""Colour, line and marker of the animals of a column, in order."""


@styled
def figure_animal(
    columns: Mapping[str, Mapping[str, Course]],
    phases: Sequence[Span],
    released: float,
    patches: tuple[str, str] = ("trained tip", "other skin"),
    title: str = "One animal",
) -> Figure:
    """Draw map, total, similarity and errors of several animals on one time axis.

    Parameters
    ----------
    columns : mapping of str to mapping of str to Course
        For each column its title and its animals by name; an animal of the same name looks the same in all columns.
    phases : sequence of Span
        In s.
    released : float, s
        When the animals that are released are.
    patches : tuple of str
        Names of the trained and of the other skin.
    title : str
    """
    figure = Figure((TWO_COLUMNS, 7.6), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    names = list(dict.fromkeys(name for animals in columns.values() for name in animals))
    look = dict(zip(names, (*LOOKS, *((colour, "-.", "D") for colour in SERIES[2:])), strict=False))
    axes = figure.subplots(len(ROWS), len(columns), sharex=True, sharey="row", squeeze=False)
    minutes = [Span(phase.name, phase.start / 60, phase.end / 60) for phase in phases]
    for column, (heading, animals) in zip(axes.T, columns.items(), strict=True):
        for number, ax in enumerate(column):
            shade_phases(ax, minutes, 0.85 / len(columns))
            for text in list(ax.texts) if number else []:  # names of phases stand above the uppermost axes alone
                text.remove()
            ax.axvline(released / 60, color=INK, lw=0.8, ls=(0, (2, 2)))
        column[0].set_title(heading, pad=24)
        for name, course in animals.items():
            _draw(column, name, course, look[name], patches)
        column[-1].set_xlabel("Time (min)")
    for ax, label in zip(axes[:, 0], ROWS, strict=True):
        ax.set_ylabel(label)
    for row, top in enumerate((None, None, 1.02, _top(columns, "old"), _top(columns, "new"))):
        axes[row, 0].set_ylim(None if row == SIMILARITY else 0, top)
    for ax in axes[3:].ravel():
        draw_level(ax, 1, "no answer" if ax in axes[:, -1] else "")
    handles, labels = [], []
    for ax in axes[0]:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            if label not in labels:
                handles.append(handle)
                labels.append(label)
    figure.legend(handles, labels, loc="outside lower center", ncols=4, handlelength=3.2)
    return figure


def _draw(column: np.ndarray, name: str, course: Course, look: tuple, patches: tuple[str, str]) -> None:
    """Draw one animal down a column."""
    colour, dashes, marker = look
    line = {"color": colour, "ls": dashes}
    for points, face, patch in zip((course.tip, course.other), (colour, "white"), patches, strict=True):
        _minutes(column[0], points, **line, marker=marker, ms=3.5, mfc=face, label=f"{name}, {patch}")
    _minutes(column[1], course.total, **line)
    _minutes(column[2], course.similarity, **line)
    _minutes(column[3], course.old, **line, marker=marker, ms=3)
    _minutes(column[4], course.new, **line, marker=marker, ms=3)


def _minutes(ax: Axes, points: Points, **look: object) -> None:
    times, values = points
    ax.plot(np.asarray(times) / 60, values, **look)  # type: ignore[arg-type]


def _top(columns: Mapping[str, Mapping[str, Course]], task: str) -> float:
    """Return the upper end of an axis of errors: what is far beyond giving no answer at all is cut off."""
    values = np.concatenate([getattr(course, task)[1] for animals in columns.values() for course in animals.values()])
    return float(min(1.1 * max(np.nanmax(values), 1.0), 3.0))
