from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import same_color

from cortex.analysis.statistics import mean_interval
from cortex.report.comparison import MEAN, SEED, figure_comparison
from cortex.report.style import BAND, FAINT

NAN = np.nan
LEVELS = {"full model": [1.0, 1.2, 0.9, 1.1], "no hold": [2.0, NAN, 1.9, 2.6], "no release": [1.5, 1.6, NAN, NAN]}


def draw(levels=LEVELS, band=(None, None), unit="s"):
    return figure_comparison("copy_time", unit, levels, band, "Copying").axes[0]


def lines_of(ax, look):
    return [line for line in ax.lines if line.get_marker() == look["marker"]]


def band_of(ax):
    (band,) = (patch for patch in ax.patches if same_color(patch.get_facecolor(), BAND))
    return band.get_y(), band.get_y() + band.get_height()


def test_every_seed_has_a_point_per_level_and_a_faint_line_through_them():
    ax = draw()
    seeds = np.transpose(list(LEVELS.values()))
    faint = [line for line in ax.lines if line.get_color() == FAINT]
    for lines in (faint, lines_of(ax, SEED)):
        assert [list(line.get_xdata()) for line in lines] == [[0, 1, 2]] * 4
        np.testing.assert_array_equal([line.get_ydata() for line in lines], seeds)


def test_mean_and_interval_are_those_of_the_defined_seeds():
    ax = draw()
    expected = [mean_interval([v for v in values if v == v]) for values in LEVELS.values()]
    assert [line.get_ydata()[0] for line in lines_of(ax, MEAN)] == pytest.approx([mean for mean, _, _ in expected])
    bars = [list(line.get_ydata()) for line in ax.lines if len(line.get_xdata()) == 2]
    assert bars == [pytest.approx(ends) for _, *ends in expected]


def test_labels_say_how_many_seeds_are_undefined():
    labels = [label.get_text() for label in draw().get_xticklabels()]
    assert labels == ["full model\nn = 4", "no hold\nn = 3\n1 of 4 undefined", "no release\nn = 2\n2 of 4 undefined"]


def test_a_level_without_values_keeps_its_column():
    ax = draw({"full model": [1.0, 2.0], "no hold": [NAN, NAN]})
    assert len(lines_of(ax, MEAN)) == 1
    assert ax.get_xticklabels()[1].get_text() == "no hold\nn = 0\n2 of 2 undefined"


@pytest.mark.parametrize(("band", "inside"), [((0.8, 1.2), (0.8, 1.2)), ((5, None), (5, None)), ((None, 0), (None, 0))])
def test_the_band_is_shaded_to_the_axis_where_it_is_open_and_is_never_out_of_view(band, inside):
    ax = draw(band=band)
    bottom, top = ax.get_ylim()
    expected = (bottom if inside[0] is None else inside[0], top if inside[1] is None else inside[1])
    assert band_of(ax) == pytest.approx(expected)
    assert bottom <= expected[0] < expected[1] <= top


def test_without_a_band_nothing_is_shaded():
    assert not draw().patches


def test_a_ratio_has_no_unit():
    assert draw().get_ylabel() == "copy_time (s)"
    assert draw(unit="1").get_ylabel() == "copy_time"


def drawn(levels):
    names = [f"inhibition of the idle cells {k}" for k in range(levels)]
    figure = figure_comparison("copy_time", "s", {name: [1.0, NAN] for name in names}, (None, None), "Long")
    figure.draw_without_rendering()
    return figure, figure.axes[0].get_xticklabels()


@pytest.mark.parametrize("levels", [2, 5, 12])
def test_long_names_stay_on_the_page(levels):
    figure, labels = drawn(levels)
    extents = [label.get_window_extent() for label in labels]
    assert min(extent.x0 for extent in extents) >= 0 and max(extent.x1 for extent in extents) <= figure.bbox.x1
    assert min(extent.y0 for extent in extents) > figure.legends[0].get_window_extent().y1


@pytest.mark.parametrize("levels", [2, 5])
def test_upright_names_do_not_run_into_each_other(levels):
    extents = [label.get_window_extent() for label in drawn(levels)[1]]
    assert all(left.x1 < right.x0 for left, right in pairwise(extents))


def test_slanted_names_do_not_run_into_each_other():
    figure, labels = drawn(12)
    (left, _), (right, _) = figure.axes[0].transData.transform([[0, 0], [1, 0]])
    lines = 1 + labels[0].get_text().count("\n")
    thickness = lines * 1.2 * labels[0].get_fontsize() * figure.dpi / 72
    assert (right - left) * np.sin(np.radians(labels[0].get_rotation())) > thickness
