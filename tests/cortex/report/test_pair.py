import numpy as np
import pytest

from cortex.report.pair import figure_similarity, figure_weights
from cortex.report.timeline import Span

PHASES = [Span("copy", 0, 10), Span("release", 10, 30)]
T = np.linspace(0, 30, 61)


def test_weights_of_target_and_copy_are_drawn_along_the_skin():
    position = np.array([2.0, 0.0, 1.0])
    stages = {"settled": [[3, 0, 0], [0, 4, 0]], "copied": [[3, 0, 0], [3, 0, 0]]}
    settled, copied = figure_weights(position, stages, "Weights").axes
    target, copy = settled.lines
    assert target.get_xdata() == pytest.approx([0, 1, 2])
    assert target.get_ydata() == pytest.approx([0, 0, 3])
    assert copy.get_ydata() == pytest.approx([4, 0, 0])
    assert target.get_linestyle() != copy.get_linestyle()
    assert [settled.texts[0].get_text(), copied.texts[0].get_text()] == ["similarity 0.00", "similarity 1.00"]


def test_every_copy_is_named():
    figure = figure_weights([0, 1], {"copied": np.ones((4, 2))}, "Weights")
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["target", "copy 1", "copy 2", "copy 3"]


def test_similarity_is_drawn_beside_the_run_that_is_never_released():
    similarity, held = np.exp(-T / 20), np.full(10, 0.9)
    figure = figure_similarity(T, similarity, PHASES, {}, (T[-10:], held))
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    assert lines["copy"].get_ydata() == pytest.approx(similarity)
    assert lines["never released"].get_xdata() == pytest.approx(T[-10:])


def test_bands_of_similarity_stand_at_the_end_of_their_phase():
    bands = {"copy": (0.95, None), "release": (None, 0.6), "never released": (0.85, None)}
    ax = figure_similarity(T, np.ones(61), PHASES, bands, (T, np.ones(61))).axes[0]
    copy, release, never = (band.get_paths()[0].get_extents() for band in ax.collections)
    assert (copy.x1, copy.y0, copy.y1) == pytest.approx((10, 0.95, 1))
    assert (release.x1, release.y0, release.y1) == pytest.approx((30, 0, 0.6))
    assert (never.x1, never.y0) == pytest.approx((30, 0.85))
    assert {"≥ 0.95", "≤ 0.6", "≥ 0.85"} <= {text.get_text() for text in ax.texts}
