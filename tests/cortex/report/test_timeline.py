import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from cortex.report.timeline import Span, phase_colour, shade_phases


@pytest.fixture
def ax():
    return Figure((7, 2)).subplots()


def test_phases_are_shaded_where_they_lie(ax):
    shade_phases(ax, [Span("copy", 0, 30), Span("hold", 30, 100)])
    assert ax.get_xlim() == (0, 100)
    copy, hold = ax.patches
    assert (copy.get_x(), copy.get_width()) == (0, 30)
    assert (hold.get_x(), hold.get_width()) == (30, 70)
    assert hold.get_facecolor()[:3] == to_rgb(phase_colour("hold"))


def test_neighbouring_phases_differ_and_a_test_is_white():
    colours = [phase_colour(name) for name in ("settle", "copy", "hold", "release")]
    assert len(set(colours)) == 4
    assert phase_colour("map") == phase_colour("no hold") == "#FFFFFF"


def test_names_of_short_phases_do_not_run_into_each_other(ax):
    shade_phases(ax, [Span("settling", 0, 90), Span("gain one", 90, 95), Span("gain two", 95, 100)])
    heights = [text.xyann[1] for text in ax.texts]
    assert heights[0] == heights[1] < heights[2]
