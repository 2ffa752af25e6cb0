import numpy as np
import pytest
from matplotlib.colors import to_rgb

from cortex.analysis.statistics import Interval
from cortex.report.agreement import Agreement, figure_agreement
from cortex.report.style import tint
from cortex.report.survival import LOOKS

CONDITIONS = {"hold": LOOKS[1], "no_hold": LOOKS[0]}


def markers(ax, face):
    """Positions of the markers that are filled with a colour."""
    lines = [line for line in ax.lines if line.get_marker() in ("o", "s") and len(line.get_xdata())]
    return [
        line.get_xydata().tolist()
        for line in lines
        if to_rgb(line.get_markerfacecolor()) == pytest.approx(to_rgb(face))
    ]


def test_each_condition_stands_at_its_prediction_and_measurement_in_a_band_around_the_diagonal():
    conditions = {
        "hold": Agreement(Interval(1.1, 1.0, 1.2), Interval(1.0, 0.95, 1.05)),
        "no_hold": Agreement(Interval(3.3, 3.0, 3.5), Interval(3.0, 2.9, 3.1), white=0.5),
    }
    figure = figure_agreement({"speed (1/trial)": conditions}, CONDITIONS, {"speed (1/trial)": 0.2}, "Agreement")
    [ax] = figure.axes
    assert markers(ax, LOOKS[1][0]) == [[[1.0, 1.1]]]
    assert markers(ax, tint(LOOKS[0][0], 0.5)) == [[[3.0, 3.3]]]
    diagonal = ax.lines[0]
    assert diagonal.get_xdata().tolist() == diagonal.get_ydata().tolist() == pytest.approx([0.95 / 1.2, 3.5 * 1.2])
    corners = ax.collections[0].get_paths()[0].vertices
    assert {round(y / x, 6) for x, y in corners} == {0.8, 1.2}
    assert ax.get_xlim() == ax.get_ylim()
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["hold", "no hold", "within 20%"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Predicted speed (1/trial)", "Measured speed (1/trial)")


def test_every_seed_is_a_dot_and_axes_may_begin_at_zero():
    seeds = np.array([[1.0, 1.4], [0.9, 1.1]])
    agreement = Agreement(Interval(1.2, 1.0, 1.4), Interval(1.0, 0.9, 1.1), seeds=seeds)
    panels = {name: {"hold": agreement} for name in ("plateau", "loss", "rate")}
    figure = figure_agreement(panels, CONDITIONS, {"plateau": 0.1}, "Agreement", log=False)
    for ax in figure.axes:
        assert ax.lines[1].get_xydata().tolist() == [[0.9, 1.0], [1.1, 1.4]]
        assert ax.get_xlim() == pytest.approx((0, 1.2 * 1.4))
    assert [ax.get_title(loc="left") for ax in figure.axes] == list(panels)
    assert [ax.collections[0].get_paths()[0].vertices[:, 1].max() for ax in figure.axes] == pytest.approx(
        [1.1 * 1.68, 1.68, 1.68]
    )
