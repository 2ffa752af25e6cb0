"""Draw how a measure of maps changes with time, dose or size, against the band expected of it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from matplotlib.figure import Figure

from cortex.analysis.reference import ANY, Band
from cortex.report.style import BAND, FAINT, TWO_COLUMNS, plain_logs, styled
from cortex.report.survival import LOOKS


class Course(NamedTuple):
    """A panel: some lines over the same axis."""

    label: str
    """What the vertical axis shows, with its unit."""
    lines: Mapping[str, tuple[Sequence[float], Sequence[float]]]
    """Of each name places on the horizontal axis and values."""
    band: Band = ANY
    """What is expected at the end, drawn over the whole width."""
    level: float | None = None
    """A value drawn as a thin line, such as 1 of a ratio."""


@styled
def figure_course(panels: Sequence[Course], axis: str, title: str, log: bool = False) -> Figure:
    """Draw panels side by side.

    Parameters
    ----------
    panels : sequence of Course
    axis : str
        What the horizontal axis shows, with its unit.
    title : str
    log : bool
        Whether the horizontal axis is logarithmic.
    """
    figure = Figure((TWO_COLUMNS, 3.1), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    handles: dict[str, object] = {}
    for ax, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        low, high = panel.band
        if panel.band != ANY:
            ends = ax.axhspan(0 if low is None else low, 1e3 if high is None else high, color=BAND, lw=0)
            ends.set_label("band")
            handles["band"] = ends
        if panel.level is not None:
            ax.axhline(panel.level, color=FAINT, lw=0.8)
        values = [value for _, ys in panel.lines.values() for value in ys if value == value]
        for (name, (x, y)), (colour, dashes, marker) in zip(panel.lines.items(), LOOKS, strict=False):
            [line] = ax.plot(x, y, color=colour, ls=dashes, marker=marker, ms=4, label=name)
            if len(panel.lines) > 1:
                handles[name] = line
        ax.set(xlabel=axis, ylabel=panel.label)
        if log:
            ax.set_xscale("log")
            plain_logs(ax, "x")
        if values:
            ax.set_ylim(
                1.5 * min(0, *values), 1.15 * max(*values, panel.level or 0, *(end for end in (low, high) if end))
            )
    figure.legend(handles=list(handles.values()), loc="outside lower left", ncols=5)
    return figure
