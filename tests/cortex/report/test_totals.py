import numpy as np
import pytest

from cortex.report.timeline import Span
from cortex.report.totals import figure_totals

PHASES = [Span("copy", 0, 10), Span("release", 10, 30)]
T = np.linspace(0, 30, 61)


def test_members_are_stacked_to_the_total():
    members = np.array([np.full(61, 12.0), np.linspace(0, 8, 61)])
    ax = figure_totals(T, members.sum(axis=0), 12, members, PHASES).axes[0]
    copy = ax.collections[1].get_paths()[0].get_extents()
    assert (copy.y0, copy.y1) == pytest.approx((12, 20))
    lines = {line.get_label(): line.get_ydata() for line in ax.lines}
    assert lines["total of the group"] == pytest.approx(members.sum(axis=0))
    assert lines["target alone"] == pytest.approx(np.full(61, 12))


def test_the_label_says_which_cells_are_summed_and_each_phase_has_its_level():
    level = np.where(T < 10, 12.0, np.nan)
    ax = figure_totals(
        T, np.full(61, 9.0), level, [np.full(61, 9.0)], PHASES, cells="all 412 cells", title="Total"
    ).axes[0]
    assert ax.get_ylabel() == "Spikes of all 412 cells\nper second (1/s)"
    drawn = next(line for line in ax.lines if line.get_label() == "target alone")
    np.testing.assert_array_equal(drawn.get_ydata(), level)
    assert ax.get_ylim() == pytest.approx((0, 1.1 * 12))
