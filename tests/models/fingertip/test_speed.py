"""The protocol of learning speed, and the models that predict it."""

import numpy as np
import pytest

from cortex.experiment.streams import Streams
from models.fingertip.learning_theory import readout_error
from models.fingertip.protocol import layout, protocol
from models.fingertip.speed import SpeedParameters, outputs, run_inputs
from models.fingertip.speed_model import afferent_spikes, curves, delta_rule
from tests.models.fingertip.conftest import SHORT

SPEED = SpeedParameters().override({**SHORT, "training.new": "14", "learning.rate": "0.5"})


@pytest.mark.parametrize(("rule", "learning"), [("readout", "delta"), ("afferents", "learning")])
def test_only_one_thing_learns_the_new_task(rule: str, learning: str) -> None:
    p = SPEED.override({"learning.rule": rule})
    run = protocol(p, np.random.default_rng(0))
    assert [block.slots for block in run.blocks] == [block.slots for block in layout(p).blocks]
    [new] = [block for block in run.blocks if block.name == "new task"]
    rates = {name: np.asarray(new.values[name]) for name in ("delta", "learning", "bias_rate")}
    np.testing.assert_array_equal(rates.pop(learning), [[0, 0.5]] * 14)
    np.testing.assert_array_equal(rates.pop("bias_rate"), [[0, p.training.bias_rate]] * 14)
    assert not any(values.any() for values in rates.values())
    assert "plasticity" not in new.values
    assert new.values["hold_plasticity"] == 0
    assert new.values["coupling"] == 1
    assert not [block for block in run.blocks if block.name == "open loop"] or rule == "afferents"


def test_every_touch_of_the_task_comes_as_often() -> None:
    [new] = [block for block in protocol(SPEED, np.random.default_rng(0)).blocks if block.name == "new task"]
    assert dict(zip(*np.unique(new.values["code"], return_counts=True), strict=True)) == dict.fromkeys(range(1, 8), 2)
    assert set(np.asarray(new.values["answer"])[:, 1]) == {-1, 1}


def test_cells_speak_for_one_answer_by_turns_of_groups_where_afferents_learn() -> None:
    p = SPEED.override({"learning.rule": "afferents", "learning.output": "0.3"})
    np.testing.assert_array_equal(outputs(p), [1, 1, 1, -1, -1, -1, 0, 0, 0])
    np.testing.assert_array_equal(outputs(p.override({"group.expansion": "none"})), [1, 0, 0, -1, 0, 0, 0, 0, 0])
    weights = np.reshape(run_inputs(p, Streams(1))["output.weight"], (9, 4))
    np.testing.assert_allclose(weights[[0, 3, 6], 2:], [[0.3, 0], [0, 0.3], [0, 0]])
    np.testing.assert_allclose(weights[:, :2], p.readout.weight)


def test_curves_go_on_as_lines_and_never_below_nothing() -> None:
    drive = np.stack([np.arange(1.0, 29.0), np.arange(28.0, 0.0, -1.0)], axis=1)
    line = curves(drive, 2 * drive - 10)
    np.testing.assert_allclose(line.at(np.array([[7.3, 20.0], [40.0, 2.0]])), [[4.6, 30.0], [70.0, 0.0]], rtol=1e-6)
    np.testing.assert_allclose(line.slope(np.array([3.0, 50.0])), [2, 2], rtol=1e-6)


def test_the_delta_rule_learns_as_fast_as_theory_says() -> None:
    rng = np.random.default_rng(1)
    tested, asked = rng.poisson([[[3.0, 1.0]], [[1.0, 3.0]]], (2, 40, 2)).astype(float), np.array([1.0, -1.0])
    p = SPEED.override({"learning.rate": 0.001, "training.bias_rate": 0, "readout.weight": 10})
    learned = delta_rule(tested, asked, p, 300)
    expected = readout_error(tested.reshape(-1, 2), np.repeat(asked, 40), 0.002, 300)
    measured = (learned.errors**2).mean(axis=0).reshape(-1, 60).mean(axis=1)
    np.testing.assert_allclose(measured, expected.reshape(-1, 60).mean(axis=1), atol=0.05)


def test_weights_that_are_used_up_learn_half_as_fast() -> None:
    tested, asked = np.ones((1, 4, 1)), np.array([1.0])
    p = SPEED.override({"learning.rate": 0.01, "training.bias_rate": 0, "readout.weight": 0})
    error = delta_rule(tested, asked, p, 3).errors[0]
    np.testing.assert_allclose(error, [1, 0.99, 0.99**2])
    twice = delta_rule(tested, asked, p.override({"readout.weight": 1}), 3).errors[0]
    np.testing.assert_allclose(twice, [1, 0.98, 0.98**2])


def test_a_touch_excites_the_afferents_under_it() -> None:
    p = SpeedParameters()
    spikes = afferent_spikes(p, np.array([2, 0]), np.array([1.5, 1.0]), np.array([0.05, 0.0]))
    assert spikes[0].argmax() == 50  # the middle of the tip, 5 mm, is between afferents 49 and 50
    assert spikes[0].max() == pytest.approx(0.4 * 0.5 + 0.2 * 59.5 * 1.5, rel=1e-3)
    np.testing.assert_allclose(spikes[1], 0.2)
