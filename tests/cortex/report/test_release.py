import numpy as np
import pytest

from cortex.analysis.statistics import Interval
from cortex.report.release import figure_parting, figure_release, figure_when

TRIAL = np.arange(0, 100, 20)


def test_release_and_plateau_are_named():
    curves = {"released": (TRIAL, np.linspace(1, 0, 5)), "never released": (TRIAL, np.ones(5))}
    growth = TRIAL + 40, np.geomspace(0.01, 1, 5), np.geomspace(0.01, 2, 5)
    figure = figure_release(curves, curves, growth, 40, 0.3, "Copies part after release")
    similarity, error, difference = figure.axes
    assert all([40, 40] in [list(line.get_xdata()) for line in ax.lines] for ax in figure.axes)
    assert all("release" in [text.get_text() for text in ax.texts] for ax in figure.axes)
    assert [0.3, 0.3] in [list(line.get_ydata()) for line in error.lines]
    assert any("plateau" in text.get_text() for text in error.texts)
    assert similarity.lines[0].get_ydata().tolist() == [1, 0.75, 0.5, 0.25, 0]
    assert difference.lines[1].get_ydata()[-1] == pytest.approx(2)


def test_the_median_and_the_middle_half_of_the_seeds_are_drawn():
    seeds = [{"released": (TRIAL, np.full(5, value), np.full(5, 2 * value))} for value in (0.1, 0.2, 0.3, 0.4, 0.9)]
    figure = figure_parting(seeds, "Parting")
    for ax, factor in zip(figure.axes, (1, 2), strict=True):
        assert ax.lines[0].get_ydata() == pytest.approx(np.full(5, 0.3 * factor))
        band = ax.collections[0].get_paths()[0].get_extents()
        assert (band.y0, band.y1) == pytest.approx((0.2 * factor, 0.4 * factor))
    assert figure.get_suptitle() == "Parting (n = 5 seeds: median and middle half)"


def test_errors_stand_over_the_times_of_release():
    ax = figure_when(np.array([0.0, 0.5]), np.array([[1, 2, 3], [2, 2, 5]]), Interval(4, 3, 5), "When").axes[0]
    *_, seeds, median = ax.lines
    assert seeds.get_xydata().tolist() == [[0, 1], [0, 2], [0, 3], [0.5, 2], [0.5, 2], [0.5, 5]]
    assert median.get_ydata().tolist() == [2, 2]
