import numpy as np
import pytest
from matplotlib.colors import to_rgb

from cortex.report.conditions import Over, figure_over
from cortex.report.survival import LOOKS

RATES = np.array([0.001, 0.002, 0.004])
VALUES = np.array([[10.0, 12.0], [20.0, 24.0], [40.0, 48.0]])
CONDITIONS = {"hold": LOOKS[1], "no_hold": LOOKS[0]}
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


def test_means_intervals_and_predictions_stand_over_the_rates():
    over = Over(RATES, VALUES, predicted=np.array([11.0, 21.0, 41.0]), marked=np.array([False, True, False]))
    figure = figure_over(
        {"": {"hold": over}}, CONDITIONS, LABELS, key={"predicted": "predicted", "marked": "not stable"}
    )
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
    [ax] = figure_over({"": {"hold": Over(RATES, values)}}, CONDITIONS, LABELS, limit=100.0).axes
    assert markers(ax, LOOKS[1][0]) == [[[0.001, 11.0], [0.004, 48.0]]]
    assert [line.get_ydata() for line in ax.lines][-1] == [100.0, 100.0]


def test_every_panel_names_its_conditions_under_its_axes():
    over = Over(RATES, VALUES)
    panels = {"Broadcast": {"hold": over, "no_hold": over}, "Gradient": {"no_hold": over}}
    figure = figure_over(panels, CONDITIONS, LABELS)
    figure.draw_without_rendering()
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["Broadcast", "Gradient"]
    assert [texts(ax.get_legend()) for ax in figure.axes] == [["hold", "no hold"], ["no hold"]]
    for ax in figure.axes:
        key = ax.get_legend().get_window_extent()
        assert key.y1 < ax.get_window_extent().y0
        assert key.y0 >= 0
