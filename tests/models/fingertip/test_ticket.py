"""What is kept while cells fall silent, on spikes made by hand."""

import numpy as np
import pytest

from models.fingertip.observe import Test
from models.fingertip.ticket import Ticket, accuracies

WEIGHTS = np.array([1.0, 0.5, 0.0])
"""Of a cell that fires for one kind of touch, one that fires for the other, and one that nobody hears."""


def two_kinds() -> Test:
    counts = np.zeros((2, 3, 3))
    counts[0, :, 0], counts[1, :, 1], counts[:, :, 2] = 2, 1, 5
    return Test(counts @ WEIGHTS - 0.8, np.array([1.0, -1.0]), counts)


@pytest.mark.parametrize(("order", "expected"), [((2, 1, 0), (1, 1, 1, 0.5)), ((0, 1, 2), (1, 0.5, 0.5, 0.5))])
def test_what_a_silent_cell_said_is_missing(order: tuple[int, ...], expected: tuple[float, ...]) -> None:
    np.testing.assert_allclose(accuracies(two_kinds(), WEIGHTS, np.array(order)), expected)


def test_what_is_kept_is_above_chance() -> None:
    shown = Ticket(np.array([0.9, 0.5]), np.array([0.9, 0.7]), np.array([0.9, 0.9]))
    assert shown.kept(1) == pytest.approx({"most_used": 0.0, "random": 0.5, "least_used": 1.0})
