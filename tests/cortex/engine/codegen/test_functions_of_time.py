"""Functions of time and an index, whose values are kept until their row or the index of a cell changes."""

import numpy as np
import pytest
from brian2 import Network, NeuronGroup, StateMonitor, TimedArray, ms

from cortex.engine import Arm, Model, compiler, simulate

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

VALUES = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0], [100.0, 200.0, 300.0]])


def followers():
    """Return cells that read a table in each step, with an index that changes every 0.5 ms, within a row of 0.8 ms."""
    table = TimedArray(VALUES, dt=0.8 * ms, name="table")
    cells = NeuronGroup(4, "x : 1\nk : integer", name="cells", namespace={"table": table})
    cells.run_regularly("k = (i + int(t/(0.5*ms) + 0.1)) % 3", dt=0.5 * ms, name="turn")
    cells.run_regularly("x = table(t, k)", dt=0.1 * ms, order=1, name="look")
    states = StateMonitor(cells, "x", record=True, when="end", name="states")
    return Model(Network(cells, states, name="network"), {}, {}, 3 * ms, 0.1 * ms)


@needs_compiler
def test_they_follow_their_rows_and_the_indices_of_cells(tmp_path):
    found = simulate(followers, {"a": Arm({}, 0)}, backend="cpp", cache=tmp_path, project=tmp_path / "project")
    step = np.arange(30)
    rows, index = np.minimum(step // 8, 2), (np.arange(4)[:, None] + step // 5) % 3
    np.testing.assert_array_equal(found.recordings["a"]["states.x"].T, VALUES[rows, index])
