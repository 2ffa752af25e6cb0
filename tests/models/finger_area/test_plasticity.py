"""Plasticity on the sheet: who learns slowly, who forgets, who has one teacher."""

from dataclasses import replace

import numpy as np
import pytest
from brian2 import ms, mV

from cortex.experiment.streams import Streams
from models import finger_area
from models.finger_area import Anatomy
from models.finger_area.plasticity import only_one

SHORT = 5 * ms
"""Longer than 1/10,000 of the step of the slowest clock, 20 s: what is shorter is nothing to Brian2."""


@pytest.fixture
def afferent_weights(small, start):
    """Return weights before and after some time, and the cells of the synapses; no afferent fires, weights learn."""

    def run(duration, changes, calibration=0.0, **states):
        p = small.override({"afferents.background_rate": "0 Hz", "pyramidal.noise": "0 mV", **changes})
        inputs = finger_area.run_inputs(p, Streams(0), trained=True)
        inputs |= {name: np.zeros_like(inputs[name]) for name in ("depth", "gate.coupling")}
        inputs |= {"gate.plasticity": np.ones_like(inputs["depth"][:, 0])}
        inputs |= {"gate.calibration": np.full(len(inputs["depth"]), calibration)}
        inputs |= {f"pyramidal.{name}": state for name, state in states.items()}

        def build():
            model = finger_area.build(p)
            return replace(model, outputs={"w": model.network["afferent"].w})

        after, target = start(build, inputs, duration)["w"], Anatomy(p).fixed["afferent"][1]
        return inputs["afferent.w"], after, target, inputs["pyramidal.established"] > 0

    return run


@pytest.mark.parametrize("calibration", [0, 5])
def test_established_cells_learn_slowly_once_calibrated(afferent_weights, small, calibration) -> None:
    """All cells fire once, at the first step; no trace is there, so that weights only decay."""
    cells = len(Anatomy(small).pyramidal)
    before, after, target, established = afferent_weights(
        SHORT,
        {"copying.established_rate": "0.3", "copying.maximum_weight": "100"},
        calibration,
        v=np.zeros(cells) * mV,
    )
    pace = np.where(established & (calibration == 0), 0.3, 1)[target]
    np.testing.assert_allclose(after, before * (1 - small.copying.learning_rate * pace), rtol=1e-6)


def test_a_copy_that_nobody_teaches_forgets_and_others_do_not(afferent_weights, small) -> None:
    cells = np.arange(len(Anatomy(small).pyramidal))
    taught, maturity = cells % 2 * 1.0, np.where(cells % 3, 0.8, 0.005)
    changes = {"copying.learning_rate": "0", "copying.forgetting_time": "10 s"}
    before, after, target, established = afferent_weights(SHORT, changes, taught=taught, maturity=maturity)
    forgets = ~established & (taught == 0) & (maturity == 0.8)
    assert 0.2 < forgets.mean() < 0.4
    np.testing.assert_allclose(after / before, np.where(forgets, 0.9, 1)[target], rtol=1e-6)


def test_each_idle_cell_keeps_one_of_its_teachers() -> None:
    affinity, target = np.array([0.5, 0.5, 0, 1, 0.5, 0.5]), np.array([2, 2, 2, 0, 3, 3])
    kept = only_one(affinity, target, drawn=np.array([0.2, 0.1, 0.9, 0.0001, 0.3, 0.4]))
    np.testing.assert_array_equal(kept, [1, 0, 0, 1, 0, 1])


def test_the_same_teachers_are_drawn_in_time_and_late(p) -> None:
    in_time, late = (
        finger_area.run_inputs(
            p.override({"recruitment.teachers": "one", "recruitment.teacher": teacher}), Streams(2), trained=True
        )
        for teacher in ("target", "shuffled")
    )
    all_of_them = finger_area.run_inputs(p, Streams(2), trained=True)
    np.testing.assert_array_equal(in_time["lateral.affinity"], late["lateral.affinity"])
    target = in_time["lateral.contacts"][1]
    one = in_time["lateral.affinity"] > 0
    assert (all_of_them["lateral.affinity"][one] > 0).all()
    taught = np.bincount(target[all_of_them["lateral.affinity"] > 0], minlength=target.max() + 1) > 0
    np.testing.assert_array_equal(np.bincount(target[one], minlength=target.max() + 1), taught)
