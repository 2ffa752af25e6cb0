import numpy as np
import pytest
from matplotlib.colors import to_rgb

from cortex.analysis.statistics import Interval
from cortex.report.speed import Agreement, Over, figure_agreement, figure_bands, figure_over
from cortex.report.style import tint
from cortex.report.survival import LOOKS

RATES = np.array([0.001, 0.002, 0.004])
VALUES = np.array([[10.0, 12.0], [20.0, 24.0], [40.0, 48.0]])
ARMS = {"hold": LOOKS[1], "no_hold": LOOKS[0]}
LABELS = ("Speed", "Learning rate", "Learning speed (1/trial)")


def texts(legend):
    return [text.get_text() for text in legend.get_texts()]


def markers(ax, face):
    """Positions of the markers that are filled with a colour."""
    lines = [line for line in ax.lines if line.get_marker() in ("o", "s") and len(line.get_xdata())]
    return [
        line.get_xydata().tolist()
        for line in lines
        if to_rgb(line.get_markerfacecolor()) == pytest.approx(to_rgb(face))
    ]


def test_a_band_holds_half_of_the_seeds_around_their_median():
    errors = np.array([[value] * 10 for value in (0.1, 0.2, 0.3, 0.4, 0.9)])
    ax = figure_bands({"hold": errors}, 0.25, 4, ARMS, "Learning").axes[0]
    median, criterion = ax.lines
    np.testing.assert_array_equal(median.get_xdata(), np.arange(4, 11))
    np.testing.assert_allclose(median.get_ydata(), 0.3)
    assert criterion.get_ydata() == [0.25, 0.25]
    shaded = ax.collections[0].get_paths()[0].get_extents()
    assert (shaded.x0, shaded.x1, shaded.y0, shaded.y1) == pytest.approx((4, 10, 0.2, 0.4))
    assert texts(ax.figure.legends[0]) == ["hold (n = 5)"]


def test_means_intervals_and_predictions_stand_over_the_rates():
    over = Over(RATES, VALUES, predicted=np.array([11.0, 21.0, 41.0]), marked=np.array([False, True, False]))
    figure = figure_over({"": {"hold": over}}, ARMS, LABELS, key={"predicted": "predicted", "marked": "not stable"})
    [ax] = figure.axes
    assert markers(ax, LOOKS[1][0]) == [[[0.001, 11.0], [0.004, 44.0]]]
    assert markers(ax, "white") == [[[0.002, 22.0]]]
    line, *_, predicted = ax.lines
    assert line.get_ydata().tolist() == [11, 22, 44]
    assert (predicted.get_ydata().tolist(), predicted.get_linewidth()) == ([11, 21, 41], 0.7)
    bars = [path.vertices.tolist() for path in ax.collections[0].get_paths()]
    assert bars[0] == [[0.001, 10.0], [0.001, 12.0]]
    assert (ax.get_xscale(), ax.get_yscale(), ax.get_xlabel(), ax.get_ylabel()) == ("log", "log", *LABELS[1:])
    assert texts(figure.legends[0]) == ["predicted", "not stable"]


def test_a_rate_without_a_run_is_left_out_and_a_missing_seed_does_no_harm():
    values = VALUES.copy()
    values[1], values[2, 0] = np.nan, np.nan
    [ax] = figure_over({"": {"hold": Over(RATES, values)}}, ARMS, LABELS, limit=100.0).axes
    assert markers(ax, LOOKS[1][0]) == [[[0.001, 11.0], [0.004, 48.0]]]
    assert [line.get_ydata() for line in ax.lines][-1] == [100.0, 100.0]


def test_every_panel_names_its_arms_under_its_axes():
    over = Over(RATES, VALUES)
    panels = {"Broadcast": {"hold": over, "no_hold": over}, "Gradient": {"no_hold": over}}
    figure = figure_over(panels, ARMS, LABELS)
    figure.draw_without_rendering()
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["Broadcast", "Gradient"]
    assert [texts(ax.get_legend()) for ax in figure.axes] == [["hold", "no hold"], ["no hold"]]
    for ax in figure.axes:
        key = ax.get_legend().get_window_extent()
        assert key.y1 < ax.get_window_extent().y0
        assert key.y0 >= 0


def test_each_arm_stands_at_its_prediction_and_measurement_in_a_band_around_the_diagonal():
    arms = {
        "hold": Agreement(Interval(1.1, 1.0, 1.2), Interval(1.0, 0.95, 1.05)),
        "no_hold": Agreement(Interval(3.3, 3.0, 3.5), Interval(3.0, 2.9, 3.1), white=0.5),
    }
    figure = figure_agreement({"speed (1/trial)": arms}, ARMS, 0.2, "Agreement")
    [ax] = figure.axes
    assert markers(ax, LOOKS[1][0]) == [[[1.0, 1.1]]]
    assert markers(ax, tint(LOOKS[0][0], 0.5)) == [[[3.0, 3.3]]]
    diagonal = ax.lines[0]
    assert diagonal.get_xdata().tolist() == diagonal.get_ydata().tolist() == pytest.approx([0.95 / 1.2, 3.5 * 1.2])
    corners = ax.collections[0].get_paths()[0].vertices
    assert {round(y / x, 6) for x, y in corners} == {0.8, 1.2}
    assert ax.get_xlim() == ax.get_ylim()
    assert texts(figure.legends[0]) == ["hold", "no hold", "within 20%"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Predicted speed (1/trial)", "Measured speed (1/trial)")
