import numpy as np
import pytest

from cortex.analysis.survival import survival
from cortex.report.survival import LOOKS, figure_survival

CURVES = {
    "full model": survival([1, 2, 4, 8], 10),
    "no hold": survival([3, np.nan, np.nan, np.nan], [10, 6, 10, 10]),
}


def draw(curves=CURVES):
    return figure_survival(curves, "Time to a cosine of 0.95", "Copying").axes[0]


def curves_of(ax):
    return [line for line in ax.lines if line.get_drawstyle() == "steps-post"]


def test_steps_are_those_of_the_curves():
    for line, curve in zip(curves_of(draw()), CURVES.values(), strict=True):
        np.testing.assert_array_equal(line.get_xdata(), curve.times)
        np.testing.assert_array_equal(line.get_ydata(), curve.share)


def test_a_marker_stands_at_every_arrival():
    markers = [line.get_xdata()[line.get_markevery()].tolist() for line in curves_of(draw())]
    assert markers == [[1, 2, 4, 8], [3]]


def test_the_end_of_watching_is_marked_on_the_curve():
    full, no_hold = (line for line in draw().lines if line.get_marker() == "|")
    assert len(full.get_xdata()) == 0
    assert list(no_hold.get_xdata()) == [6, 10, 10]
    assert list(no_hold.get_ydata()) == [0.75, 0.75, 0.75]


def test_intervals_are_shaded_up_to_the_end_of_their_last_step():
    shaded = draw().collections[0].get_paths()[0].get_extents()
    curve = CURVES["full model"]
    assert (shaded.x0, shaded.x1) == (1, 8)
    assert (shaded.y0, shaded.y1) == pytest.approx((np.nanmin(curve.low), np.nanmax(curve.high)))


def test_eight_curves_differ_without_colour():
    lines = curves_of(draw({f"level {k}": CURVES["no hold"] for k in range(8)}))
    assert len({line.get_marker() for line in lines}) == len(LOOKS) == 8
    assert len({str(line._dash_pattern) for line in lines}) == 8


def test_curves_are_named_with_their_seeds_and_the_axis_with_the_unit():
    figure = figure_survival(CURVES, "Time to a cosine of 0.95", "Copying")
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == ["full model (n = 4)", "no hold (n = 4)", "not reached by the end"]
    assert figure.axes[0].get_xlabel() == "Time to a cosine of 0.95 (s)"


def test_a_key_of_long_names_fits_under_the_figure():
    curves = {f"inhibition of the idle cells {k}": CURVES["no hold"] for k in range(8)}
    figure = figure_survival(curves, "Time", "Copying")
    figure.draw_without_rendering()
    key = figure.legends[0].get_window_extent()
    assert key.x0 >= figure.bbox.x0 and key.x1 <= figure.bbox.x1


def test_looks_and_unit_may_be_given():
    ax = figure_survival(CURVES, "Trials", "Learning", "", LOOKS[3:]).axes[0]
    assert [line.get_marker() for line in curves_of(ax)] == [LOOKS[3][2], LOOKS[4][2]]
    assert ax.get_xlabel() == "Trials"
