"""The network of the fingertip: what a run sets, who touches whom, and what the arms share."""

import numpy as np
import pytest

from cortex.experiment.streams import Streams
from models import fingertip
from models.fingertip.anatomy import arbors, centres, wiring
from models.fingertip.parameters import FingertipParameters
from models.fingertip.protocol import layout
from scenarios.trained_finger import SCENARIO, animals


@pytest.mark.parametrize(
    "choices",
    [
        {"copying.eligibility": "dendrite"},
        {"copying.eligibility": "membrane", "recruitment.teacher": "shuffled"},
        {"copying.rule": "stdp"},
        {"copying.rule": "error_correcting", "copying.eligibility": "dendrite"},
    ],
)
def test_a_run_sets_all_constants(short, unset, choices) -> None:
    p = short.override(choices)
    assert unset(fingertip.build(p), fingertip.run_inputs(p, Streams(0))) == set()


def test_only_targets_respond_and_teach_their_own_neighbours() -> None:
    p = FingertipParameters()
    inputs = fingertip.run_inputs(p, Streams(0))
    np.testing.assert_array_equal(np.flatnonzero(inputs["pyramidal.established"]), np.arange(0, 36, 3))
    teacher, idle = wiring(p).lateral
    np.testing.assert_array_equal(teacher, idle // 3 * 3)
    np.testing.assert_array_equal(inputs["lateral.affinity"], 1)


def test_a_wrong_teacher_is_a_target_of_the_tip() -> None:
    teacher, idle = wiring(FingertipParameters().override({"group.teacher_distance": 3})).lateral
    on_tip = idle < 18
    np.testing.assert_array_equal(teacher[on_tip] // 3, (idle[on_tip] // 3 + 3) % 6)
    np.testing.assert_array_equal(teacher[~on_tip] // 3, idle[~on_tip] // 3)


def test_pv_cells_belong_to_one_group() -> None:
    p = FingertipParameters()
    pv, cell = wiring(p).inhibition
    np.testing.assert_array_equal(pv // 5, cell // 3)
    assert sorted(zip(cell, pv, strict=True)) == sorted(zip(*wiring(p).recurrent, strict=True))
    np.testing.assert_allclose(np.bincount(cell, weights=fingertip.run_inputs(p, Streams(0))["inhibition.share"]), 1)


def test_contacts_reach_the_arbors_of_independent_cells_too() -> None:
    p = FingertipParameters()
    afferent, cell = wiring(p).afferent
    connected = np.zeros((p.skin.number, p.cells), bool)
    connected[afferent, cell] = True
    assert arbors(p, centres(p, each=True))[~connected].max() < 0.05
    assert len(np.unique(centres(p, each=True))) == p.cells
    np.testing.assert_allclose(centres(p, each=True).reshape(-1, 3)[:, 1], centres(p)[::3])


def test_the_animals_feel_the_same_touches_and_share_all_until_they_differ() -> None:
    p, streams = SCENARIO.parameters, Streams(3)
    inputs = {name: fingertip.run_inputs(own, streams) for name, own in animals(p).items()}
    full, never = inputs["released"], inputs["never_released"]
    changed = {name for name in full if not np.array_equal(np.asarray(full[name]), np.asarray(never[name]))}
    assert changed == {"gate.coupling"}
    pushed = inputs.pop("pushed")
    whole = float(layout(p).duration)
    for name in ("depth_0", "place_0", "depth_3", "place_3", "afferent.w", "answer"):
        for arm in inputs.values():
            np.testing.assert_array_equal(full[name], arm[name], err_msg=name)
        share = 1.0 if name == "afferent.w" else float(layout(p).interval("release")[0]) / whole
        until = round(share * len(full[name]))
        np.testing.assert_array_equal(full[name][:until], pushed[name][:until], err_msg=name)
    assert not np.array_equal(full["depth_0"], pushed["depth_0"])  # then it feels the touches of a test


@pytest.mark.parametrize("null", sorted({*SCENARIO.nulls} - {"shuffled_answers", "independent"}))
def test_null_models_share_touches_answers_and_weights(null) -> None:
    full, without = (fingertip.run_inputs(SCENARIO.resolve({}, null=name), Streams(3)) for name in ("", null))
    for name in ("depth_0", "place_0", "answer", "afferent.w"):
        np.testing.assert_array_equal(full[name], without[name], err_msg=name)
