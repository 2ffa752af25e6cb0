import numpy as np
import pytest

from cortex.report.evidence import RATIOS, SHARES, Measure, figure_measures

FULL, NULL = "full model", "no hold"


def measure(name, band, full, null, ratio=True):
    return Measure("copy_pair", name, band, {FULL: np.full(5, full), NULL: np.full(5, null)}, ratio)


def points_of(ax):
    return [(line.get_xdata()[0], line.get_marker()) for line in ax.lines if line.get_marker() not in ("None", None)]


def test_shares_and_ratios_have_their_own_axes():
    shares, ratios = figure_measures(
        [measure("copy_similarity", (0.95, None), 0.97, 0.3, ratio=False), measure("total_ratio", (0.9, 1.1), 1, 2)],
        "Measures",
    ).axes
    assert (shares.get_xscale(), ratios.get_xscale()) == ("linear", "log")
    assert [label.get_text() for label in shares.get_yticklabels()] == ["copy_similarity"]
    assert [x for x, _ in points_of(shares)] == pytest.approx([0.97, 0.3])
    assert [x for x, _ in points_of(ratios)] == pytest.approx([1, 2])


def test_a_band_is_drawn_up_to_the_axis_where_it_is_open_and_not_at_all_where_there_is_none():
    ax = figure_measures(
        [
            measure("copy_similarity", (0.95, None), 0.97, 0.3, ratio=False),
            measure("free", (None, None), 0.5, 0.5, False),
        ],
        "Measures",
    ).axes[0]
    (band,) = (collection.get_paths()[0].get_extents() for collection in ax.collections)
    assert (band.x0, band.x1) == pytest.approx((0.95, SHARES[1]))


def test_full_model_and_null_are_told_apart_by_marker():
    (_, full), (_, null) = points_of(figure_measures([measure("total_ratio", (0.9, 1.1), 1, 2)], "M").axes[0])
    assert full != null


def test_what_lies_beyond_the_axis_points_out_of_it():
    points = points_of(figure_measures([measure("total_ratio", (0.9, 1.1), 0.0, 50)], "Measures").axes[0])
    assert points == [(RATIOS[0], "<"), (RATIOS[1], ">")]


def test_numbers_of_a_missed_band_are_bold():
    ax = figure_measures([measure("a", (0.9, 1.1), 1.0, 2), measure("b", (0.9, 1.1), 1.3, 2)], "Measures").axes[0]
    weights = {text.get_text(): text.get_weight() for text in ax.texts}
    assert weights["1.00 [1.00, 1.00]"] == "normal"
    assert weights["1.30 [1.30, 1.30]"] == "bold"


def test_a_null_without_the_measure_is_left_out():
    only_full = Measure("copy_pair", "copy_time_constant_s", (0.85, 1.15), {FULL: [1.0, 1.1]}, ratio=True)
    ax = figure_measures([measure("total_ratio", (0.9, 1.1), 1, 2), only_full], "Measures").axes[0]
    assert len(points_of(ax)) == 3
