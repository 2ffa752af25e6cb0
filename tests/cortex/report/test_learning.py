import numpy as np
import pytest

from cortex.report.learning import Curve, figure_learning, figure_seeds, figure_total
from cortex.report.survival import LOOKS
from cortex.report.timeline import Span


def test_measured_and_predicted_errors_are_averaged_over_a_window():
    curve = Curve(np.array([4.0, 2.0, 1.0, 1.0]), np.array([3.0, 3.0, 1.0, 1.0]))
    ax = figure_learning({"no hold": curve}, 0.25, 2, "Learning the new task").axes[0]
    lines = {line.get_label(): line.get_xydata().tolist() for line in ax.lines}
    assert lines["no hold"] == [[2, 3], [3, 1.5], [4, 1]]
    assert lines["no hold, predicted"] == [[2, 3], [3, 2], [4, 1]]
    assert ax.texts[0].get_text() == "criterion"
    assert ax.figure.get_suptitle() == "Learning the new task"


def test_a_band_holds_half_of_the_seeds_around_their_median():
    errors = np.array([[value] * 10 for value in (0.1, 0.2, 0.3, 0.4, 0.9)])
    ax = figure_seeds({"hold": errors}, 0.25, 4, {"hold": LOOKS[1]}, "Learning").axes[0]
    median, criterion = ax.lines
    np.testing.assert_array_equal(median.get_xdata(), np.arange(4, 11))
    np.testing.assert_allclose(median.get_ydata(), 0.3)
    assert criterion.get_ydata() == [0.25, 0.25]
    shaded = ax.collections[0].get_paths()[0].get_extents()
    assert (shaded.x0, shaded.x1, shaded.y0, shaded.y1) == pytest.approx((4, 10, 0.2, 0.4))
    assert [text.get_text() for text in ax.figure.legends[0].get_texts()] == ["hold (n = 5)"]


def test_spikes_are_averaged_over_bins_of_trials():
    ax = figure_total({"hold": np.arange(6.0)}, [Span("new", 0, 6)], bin_trials=3).axes[0]
    assert ax.lines[0].get_xydata().tolist() == [[1.5, 1], [4.5, 4]]
