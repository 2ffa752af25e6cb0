"""Find the ticks of an axis once, where matplotlib finds them a dozen times while it draws a figure.

The layout, titles and names of axes each look for the labels that they must leave room for. Ticks change only with the
range of an axis and with its size, which the layout alters twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from matplotlib.axis import Axis
from matplotlib.figure import Figure


@contextmanager
def found_once(figure: Figure) -> Iterator[None]:
    """Have ticks of a figure found anew only where an axis has another range or size than when they were found."""
    find: Any = Axis._update_ticks  # type: ignore[attr-defined]
    found: dict[Any, tuple[Any, list[Any]]] = {}
    last: dict[Any, Any] = {}  # of those that share what writes their labels: it keeps in mind where their ticks are

    def find_once(axis: Any) -> Any:
        if axis.figure is not figure:
            return find(axis)
        where, formatter = (*axis.get_view_interval(), *axis.axes.bbox.bounds), axis.major.formatter
        if last.get(formatter) is not axis or found[axis][0] != where:
            found[axis], last[formatter] = (where, find(axis)), axis
        return list(found[axis][1])

    Axis._update_ticks = find_once  # type: ignore[attr-defined]
    try:
        yield
    finally:
        Axis._update_ticks = find  # type: ignore[attr-defined]
