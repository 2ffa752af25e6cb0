import numpy as np
import pytest
from matplotlib.colors import to_rgb

from cortex.analysis.statistics import Interval
from cortex.report.sensitivity import LUMINANCE, figure_heat_map, figure_indices, figure_profile

NAN = float("nan")
VALUES = np.array([[0.0, 0.5, 1.0], [0.25, NAN, 0.75]])
PROFILE = [Interval(1, 0.5, 2), Interval(3, 2.5, 3.5), Interval(NAN, NAN, NAN)]


def heat_map(met=None, values=VALUES):
    return figure_heat_map("rate (Hz)", ["1", "2", "5"], "tau (s)", ["10", "20"], values, "similarity", "Map", met)


def test_cells_hold_their_values_with_the_first_pair_at_the_lower_left():
    ax = heat_map().axes[0]
    written = {tuple(text.get_position()): text.get_text() for text in ax.texts}
    assert written == {(0, 0): "0", (1, 0): "0.5", (2, 0): "1", (0, 1): "0.25", (2, 1): "0.75"}
    assert ax.get_ylim() == (-0.5, 1.5)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "2", "5"]


def test_values_too_many_to_be_read_are_not_written():
    names = [str(number) for number in range(21)]
    figure = figure_heat_map("x", names, "y", names, np.eye(21), "similarity", "Map", np.eye(21) > 0)
    assert not figure.axes[0].texts
    assert len(figure.axes[0].patches) == 21


def test_numbers_stand_out_from_their_cells():
    values = np.linspace(0, 1, 30).reshape(5, 6)
    ax = figure_heat_map("x", list("abcdef"), "y", list("abcde"), values, "similarity", "Map").axes[0]
    (image,) = ax.images
    for text, value in zip(ax.texts, values.ravel(), strict=True):
        cell = np.dot(image.cmap(image.norm(value))[:3], LUMINANCE)
        assert abs(np.dot(to_rgb(text.get_color()), LUMINANCE) - cell) > 0.3


def test_undefined_cells_are_hatched_and_cells_that_meet_the_criterion_outlined():
    figure = heat_map(VALUES > 0.6)
    patches = figure.axes[0].patches
    hatched = [patch.get_center().tolist() for patch in patches if patch.get_hatch()]
    outlined = [patch.get_center().tolist() for patch in patches if not patch.get_hatch()]
    assert hatched == [[1, 1]]
    assert outlined == [pytest.approx([2, 0]), pytest.approx([2, 1])]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["meets the criterion", "undefined"]


def test_a_map_without_criterion_and_gaps_needs_no_key():
    figure = heat_map(values=np.ones((2, 3)))
    assert not figure.legends
    assert not figure.axes[0].patches


def test_the_colour_bar_names_the_measure_and_has_no_scale_where_nothing_is_defined():
    assert heat_map().axes[1].get_ylabel() == "similarity"
    assert len(heat_map().axes[1].get_yticks()) > 0
    assert len(heat_map(values=np.full((2, 3), NAN)).axes[1].get_yticks()) == 0


def profile(x, log=False):
    return figure_profile("rate (Hz)", x, {"full": PROFILE, "null": PROFILE[::-1]}, "time (s)", "Profile", log).axes[0]


def test_profile_stands_at_the_values_of_the_parameter():
    full, null = profile([1, 10, 20]).lines
    np.testing.assert_array_equal(full.get_xdata(), [1, 10, 20])
    np.testing.assert_array_equal(full.get_ydata(), [1, 3, NAN])
    np.testing.assert_array_equal(null.get_ydata(), [NAN, 3, 1])
    assert full.get_marker() != null.get_marker() and full._dash_pattern != null._dash_pattern


def test_intervals_of_a_profile_are_drawn():
    _, bars, *_ = profile([1, 10, 20]).collections
    assert [segment[:, 1].tolist() for segment in bars.get_segments()[:2]] == [[0.5, 2], [2.5, 3.5]]


def test_a_logarithmic_profile_is_labelled_at_its_levels():
    ax = profile([0.003, 0.03, 0.1], log=True)
    assert ax.get_xscale() == "log"
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0.003", "0.03", "0.1"]
    assert len(ax.get_xticks(minor=True)) == 0


def test_a_logarithmic_profile_of_many_levels_has_few_labels():
    levels = np.geomspace(0.001, 0.1, 1000)
    series = {"full": [Interval(1, 0.5, 2)] * 1000}
    ax = figure_profile("rate (Hz)", levels, series, "time (s)", "Profile", True).axes[0]
    assert len(ax.get_xticks()) < 10


def test_named_levels_stand_side_by_side():
    ax = profile(["off", "on", "late"])
    assert ax.lines[0].get_xdata().tolist() == [0, 1, 2]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["off", "on", "late"]


FIRST, TOTAL = [Interval(0.4, 0.3, 0.5), Interval(-0.1, -0.2, 0.1)], [Interval(0.9, 0.8, 1.2), Interval(0.2, 0.1, 0.3)]


def test_indices_are_bars_with_intervals():
    ax = figure_indices(["rate", "tau"], FIRST, TOTAL, "Indices").axes[0]
    assert [bar.get_width() for bar in ax.patches] == [0.4, -0.1, 0.9, 0.2]
    ends = [segment[:, 0].tolist() for lines in ax.collections for segment in lines.get_segments()]
    assert ends == [[0.3, 0.5], [-0.2, 0.1], [0.8, 1.2], [0.1, 0.3]]
    assert ax.get_xlim()[0] < -0.2 and ax.get_xlim()[1] > 1.2


def test_first_and_total_index_of_a_parameter_stand_together():
    ax = figure_indices(["rate", "tau"], FIRST, TOTAL, "Indices").axes[0]
    middles = [bar.get_y() + bar.get_height() / 2 for bar in ax.patches]
    assert middles == pytest.approx([-0.2, 0.8, 0.2, 1.2])
    assert len({bar.get_hatch() for bar in ax.patches}) == 2


def test_main_effects_have_one_bar_each_over_the_whole_scale():
    ax = figure_indices(["rate", "rest"], [Interval(0.3, 0.2, 0.4), Interval(0.1, 0.0, 0.2)], None, "Effects").axes[0]
    assert [bar.get_width() for bar in ax.patches] == [0.3, 0.1]
    assert (ax.get_xlim(), ax.get_xlabel()) == ((0, 1), "Share of variance")


def test_the_scale_of_a_rank_correlation_has_its_negative_end():
    ax = figure_indices(["rate"], [Interval(0.3, 0.2, 0.4)], None, "Effects", "rank correlation").axes[0]
    assert (ax.get_xlim(), ax.get_xlabel()) == ((-1, 1), "Rank correlation")
