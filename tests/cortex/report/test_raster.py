import numpy as np
import pytest

from cortex.report.raster import figure_raster
from cortex.report.timeline import Span


def spikes_of(ax):
    """Time and row of every spike, per group."""
    return [np.array([segment[0] for segment in group.get_segments()]) for group in ax.collections]


def test_spikes_of_each_group_in_the_window_are_drawn():
    i = np.array([0, 0, 1, 2, 3, 9])
    t = np.array([0.1, 5.0, 0.2, 0.3, 0.4, 0.5])
    ax = figure_raster(i, t, {"target": (0, 2), "PV": (2, 4)}, (0, 1)).axes[0]
    target, pv = spikes_of(ax)
    assert target[:, 0] == pytest.approx([0.1, 0.2])
    assert pv[:, 0] == pytest.approx([0.3, 0.4])
    assert target[:, 1].max() < pv[:, 1].min()
    assert np.diff(target[:, 1]) == pytest.approx(1)
    assert ax.yaxis_inverted()


def test_groups_are_named_with_their_size():
    ax = figure_raster([0], [0.1], {"target": (0, 1), "PV": (1, 4)}, (0, 1)).axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["target", "PV\n(n = 3)"]


def test_a_single_cell_among_many_stays_visible():
    i, t = np.arange(1001), np.full(1001, 0.5)
    target, rest = figure_raster(i, t, {"target": (0, 1), "rest": (1, 1001)}, (0, 1)).axes[0].collections
    assert np.ptp(target.get_segments()[0][:, 1]) > 40
    assert np.ptp(rest.get_segments()[0][:, 1]) == pytest.approx(0.9)


def test_phases_are_cut_to_the_window_and_stimuli_are_marked():
    phases = [Span("settle", 0, 5), Span("copy", 5, 9), Span("hold", 9, 20)]
    ax = figure_raster([0], [6], {"cell": (0, 1)}, (4, 8), phases, stimuli=[(4.5, 5), (6, 6.5)]).axes[0]
    assert [text.get_text() for text in ax.texts] == ["settle", "copy"]
    assert ax.get_xlim() == (4, 8)
    assert [tuple(bar[:, 0]) for bar in ax.collections[0].get_segments()] == [(4.5, 5), (6, 6.5)]


def test_a_raster_says_what_it_shows():
    figure = figure_raster([0], [6], {"cell": (0, 1)}, (4, 8), title="Last 4 s of the hold")
    assert figure.get_suptitle() == "Last 4 s of the hold"
