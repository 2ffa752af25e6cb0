import numpy as np
import pytest

from cortex.analysis.statistics import mean_interval
from cortex.report.expansion import figure_expansion

STAGES = ("before", "trained", "released")
AREAS = {
    "trained tips": np.array([[0.4, 0.5, 0.5], [0.8, 0.9, 1.1], [0.8, 1.0, 1.25]]),
    "other digits": np.array([[2.0, 2.0, 2.0], [1.9, 2.0, 2.2], [2.0, 2.1, 2.0]]),
}
BANDS = {"trained tips": (1.5, 3.0), "other digits": (0.8, 1.2)}


def test_areas_are_drawn_relative_to_the_first_stage():
    trained, other = figure_expansion(STAGES, AREAS, BANDS, "Expansion").axes
    seeds = [line.get_ydata() for line in trained.lines if len(line.get_xdata()) == 3]
    assert seeds == [pytest.approx([1, 2, 2]), pytest.approx([1, 1.8, 2]), pytest.approx([1, 2.2, 2.5])]
    assert trained.get_yscale() == "log"
    assert (trained.get_title("left"), other.get_title("right")) == ("trained tips", "band 0.8 to 1.2")


def test_mean_and_interval_stand_at_every_later_stage():
    ax = figure_expansion(STAGES, AREAS, BANDS, "Expansion").axes[0]
    point, _, (bar,) = ax.containers[-1]
    expected = mean_interval([2, 2, 2.5])
    assert point.get_ydata() == pytest.approx(expected.mean)
    assert bar.get_segments()[0][:, 1] == pytest.approx([expected.low, expected.high])


def test_the_band_is_drawn_at_the_last_stage():
    ax = figure_expansion(STAGES, AREAS, BANDS, "Expansion").axes[0]
    band = ax.collections[0].get_paths()[0].get_extents()
    assert (band.y0, band.y1) == pytest.approx((1.5, 3.0))
    assert band.x0 < 2 < band.x1


def test_a_single_seed_is_drawn_without_interval():
    one = {name: areas[:, :1] for name, areas in AREAS.items()}
    point, *_ = figure_expansion(STAGES, one, BANDS, "Expansion").axes[0].containers[-1]
    assert point.get_ydata() == pytest.approx(2)
