"""Established cells that have lost their drive scale their synapses up, all by the same factor."""

import numpy as np
from brian2 import nS, second

from cortex.experiment.streams import Streams
from models import finger_area
from models.finger_area import Anatomy


def test_synapses_of_deprived_established_cells_grow_by_the_rate(small, start) -> None:
    """Once a second, the first time at the beginning, when nothing has driven any cell yet."""
    p = small.override({"copying.scaling_rate": "0.1 /s", "copying.learning_rate": "0"})
    inputs = finger_area.run_inputs(p, Streams(0), trained=True)
    established = inputs["pyramidal.established"][Anatomy(p).fixed["afferent"][1]] > 0
    inputs["pyramidal.set_point"] = np.ones(len(inputs["pyramidal.established"])) * nS
    run = start(lambda: finger_area.build(p), inputs, 0.1 * second)
    before, after = inputs["afferent.w"], run["weights.w"][-1]
    small_enough = before[established] < p.copying.maximum_weight
    np.testing.assert_allclose(after[established], before[established] * np.where(small_enough, 1.1, 1))
    np.testing.assert_array_equal(after[~established], before[~established])
