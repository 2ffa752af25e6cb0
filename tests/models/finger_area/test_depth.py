"""A readout of depth that is fitted once and never changed."""

from types import SimpleNamespace

import numpy as np
import pytest

from models.finger_area import depth


@pytest.fixture
def told(monkeypatch):
    """Return what `kept` says of counts in two tests, shape (depth, repeat, cell)."""

    def ask(first, later):
        tests = {"first": np.array(first, float), "later": np.array(later, float)}
        monkeypatch.setattr(depth, "counts", lambda p, run, name, times: tests[name])
        monkeypatch.setattr(depth, "reached", lambda p: np.ones(tests["first"].shape[2], bool))
        return depth.kept(None, None, ("first", "later"), SimpleNamespace())

    return ask


def test_presentations_that_were_fitted_are_not_scored(told) -> None:
    light, deep = [[0], [9], [0], [9]], [[9], [0], [9], [0]]  # told apart in those that are fitted, and confused else
    assert told([light, deep], [light, deep]) == (0, 0)


def test_a_readout_keeps_what_cells_still_tell(told) -> None:
    light, deep = [[0], [1], [0], [1]], [[8], [9], [8], [9]]
    assert told([light, deep], [light, deep]) == (1, 1)
    assert told([light, deep], [deep, deep]) == (1, 0.5)
    assert told([light, deep], [deep, light]) == (1, 0)
