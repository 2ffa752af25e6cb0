"""The figures of splits, of solutions and of ways between them show what they are given."""

import numpy as np

from cortex.report.landscape import LEAST, figure_counts, figure_found, figure_path
from cortex.report.splits import figure_lines, figure_pair, figure_splits

CELLS = {
    "split": np.array(["outgoing, halves", "incoming, halves"]),
    "kind": np.array(["linear", "LIF"]),
    "error": np.array([[0.0, 1e-16], [1e-16, 0.25]]),
    "sum": np.array([[1.0, -1.0, 0.0]]),
    "before": np.array([[[1.0, -1.0, 0.0]], [[8.0, 0.0, 4.0]]]),
    "after": np.ones((2, 2, 1, 3)) * np.array([5.0, 6.0, 7.0]),
}
SPIKES = {
    "way": np.array(["whole", "incoming, halves"]),
    "rate": np.array([[[63.0, 0.0], [0.0, 1.0]]]),
    "cell": np.array([0, 0, 3]),
    "time": np.array([0.05, 0.15, 0.1]),
}


def test_a_split_is_marked_as_the_same_or_with_how_far_it_is_off() -> None:
    figure = figure_splits(CELLS, SPIKES, {"weak": 0.03}, 1e-12)
    *grid, raster = figure.axes
    assert [ax.texts[0].get_text() for ax in grid] == ["same", "same", "same", "off by 25 %"]
    assert [ax.lines[1].get_marker() for ax in grid] == [".", ".", ".", "x"]
    assert grid[3].lines[0].get_ydata().tolist() == [0, 4, 8]  # in the order of the sums
    assert grid[3].lines[1].get_ydata().tolist() == [6, 7, 5]
    assert [label.get_text() for label in raster.get_yticklabels()] == [
        "whole",
        "incoming, halves, 1st",
        "incoming, halves, 2nd",
    ]
    assert [len(rows.get_segments()) for rows in raster.collections] == [2, 0, 1]
    assert [text.get_text() for text in raster.texts] == [" 63 Hz", " 0 Hz", " 1 Hz"]
    assert raster.get_title(loc="left").endswith("30 mV")


def test_lines_and_the_pair_show_all_kinds_and_members() -> None:
    losses = np.arange(1, 13.0).reshape(2, 2, 3)
    drawn = figure_lines(np.array([-1.0, 0.5, 2.0]), losses, ("linear", "ReLU"))
    assert [line.get_ydata().tolist() for ax in drawn.axes for line in ax.lines] == losses.reshape(4, 3).tolist()
    rates = {
        "alone": [[1.0, 0], [2, 0]],
        "held": [[1, 1], [1, 2]],
        "alone_no_hold": [[3, 0], [4, 0]],
        "no_hold": [[3, 3], [4, 4]],
    }
    pair = figure_pair({name: np.array(values) for name, values in rates.items()} | {"place": np.array([0.0, 1.0])})
    assert [ax.lines[0].get_ydata().tolist() for ax in pair.axes] == [[3, 4], [1, 2]]


def test_counts_ways_and_shares_are_drawn_as_they_are() -> None:
    count = {
        "teacher": np.array([1, 1, 2]),
        "width": np.array([1, 2, 2]),
        "minima": np.array([1, 3, 2]),
        "minima_formula": np.array([1, 3, 5]),
        "spare": np.array([0, 1]),
        "large_teacher": np.array([4]),
        "saddles": np.array([[1.5, 0.4]]),
    }
    left, right = figure_counts(count).axes
    assert [line.get_ydata().tolist() for line in left.lines] == [[1, 3], [1, 3], [5], [2]]
    assert right.lines[0].get_ydata().tolist() == [1.5, 0.4]
    (ways,) = figure_path(np.array([[0, 0.5, 0]]), np.zeros((1, 4)), "round").axes
    assert [line.get_ydata().tolist() for line in ways.lines] == [[LEAST, 0.5, LEAST], [LEAST] * 4]
    shares = np.array([[0.0, 1.0]])
    left, right = figure_found(np.array([4, 5]), shares, np.array([[[0.5, 0.1], [1e-9, 1e-7]]]), ("L-BFGS",), 5).axes
    assert left.lines[0].get_ydata().tolist() == [0, 1]
    np.testing.assert_allclose(right.lines[0].get_ydata(), [0.3, (1e-9 + 1e-7) / 2])
