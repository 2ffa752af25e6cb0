"""The protocol of the fingertip: what the skin feels, what is asked, what release withdraws."""

import numpy as np
import pytest

from models.fingertip.anatomy import places, sites
from models.fingertip.parameters import FingertipParameters
from models.fingertip.parting import expected_spikes
from models.fingertip.protocol import (
    SLOT,
    STAGES,
    TRIAL,
    after_release,
    layout,
    probe_order,
    protocol,
    stimuli,
)


@pytest.fixture(scope="module")
def p() -> FingertipParameters:
    return FingertipParameters()


def interval(run, name: str) -> slice:
    start, end = run.interval(name)
    return slice(round(start / float(TRIAL)), round(end / float(TRIAL)))


def test_no_touch_of_a_test_was_shown_in_training(p) -> None:
    run = protocol(p, np.random.default_rng(5))
    felt = np.stack([run.array(name) for name in ("code", "shift", "depth", "onset")], axis=1)
    phase = np.repeat([block.name for block in run.blocks], [block.slots for block in run.blocks])
    learned, tests = felt[np.isin(phase, ("old task", "copy", "new task", "release"))], felt[phase == "test held"]
    assert len(np.unique(tests, axis=0)) == 7 * p.training.repeats
    assert not {tuple(touch) for touch in learned if touch[0]} & {tuple(touch) for touch in tests}


def test_nothing_learns_in_tests_and_maps(p) -> None:
    run = protocol(p, np.random.default_rng(5))
    names = [f"{kind} {stage}" for kind in ("test", "map") for stage in STAGES]
    quiet = np.concatenate([np.arange(run.slots)[interval(run, name)] for name in names])
    for name in ("plasticity", "hold_plasticity", "calibration"):
        assert not run.array(name)[quiet].any()
    for name in ("delta", "bias_rate", "learning"):
        assert not run.array(name, (2,))[quiet].any()


def test_a_touch_lasts_200_ms_whenever_it_begins(p) -> None:
    run = protocol(p, np.random.default_rng(5))
    depth = stimuli(p, run)["depth_1"].reshape(run.slots, -1)
    code = run.array("code").astype(int)
    pressed = depth.sum(axis=1) * float(SLOT)
    np.testing.assert_allclose(pressed, 0.2 * (code >> 1 & 1) * run.array("depth"))
    first = np.argmax(depth > 0, axis=1)[pressed > 0]
    np.testing.assert_array_equal(first, np.floor(run.array("onset")[pressed > 0] / float(SLOT)))


def test_the_old_question_is_how_many_sites_the_new_one_where_the_touch_ends(p) -> None:
    run = protocol(p, np.random.default_rng(5))
    at = interval(run, "test held")
    code, answer = run.array("code")[at].astype(int), run.array("answer", (2,))[at]
    number = np.array([bin(one).count("1") for one in code])
    np.testing.assert_array_equal(answer[:, 0], np.where(number > 1.5, 1, -1))
    np.testing.assert_array_equal(answer[:, 1], np.where((code >> 1 & 1) != (code >> 2 & 1), 1, -1))


def test_shuffled_answers_are_as_many_of_each_kind(p) -> None:
    ways = [p.override({"training.shuffled_answers": shuffled}) for shuffled in (False, True)]
    runs = [protocol(way, np.random.default_rng(5)) for way in ways]
    at = interval(runs[0], "new task")
    asked, shuffled = (run.array("answer", (2,))[at, 1] for run in runs)
    assert asked.sum() == shuffled.sum()
    assert 0.3 < (asked != shuffled).mean() < 0.7


@pytest.mark.parametrize(
    ("releases", "coupling", "released", "adapts"),
    [("coupling", 0, 0, 1), ("hold", 1, 0.8, 0), ("both", 0, 0.8, 0)],
)
def test_release_withdraws_what_it_is_told(p, releases, coupling, released, adapts) -> None:
    gates = after_release(p.override({"training.releases": releases}))
    wanted = {"coupling": coupling, "released": released, "hold_plasticity": adapts, "plasticity": 1}
    for name, value in wanted.items():
        np.testing.assert_allclose(gates[name], value, err_msg=name)


def test_an_early_release_withdraws_the_coupling_before_the_new_task_and_nothing_else(p) -> None:
    early, usual = (
        protocol(p.override({"training.release_early": value}), np.random.default_rng(5)) for value in (True, False)
    )
    at = interval(early, "new task")
    assert set(early.array("coupling")[at]) == {0}
    assert set(usual.array("coupling")[at]) == {1}
    for name in ("hold", "hold_plasticity", "plasticity", "released"):
        np.testing.assert_array_equal(early.array(name), usual.array(name), err_msg=name)


def test_without_release_all_stays_as_it_is(p) -> None:
    gates = after_release(p.override({"normalization.release": "never", "training.plastic_after_release": False}))
    wanted = {"coupling": 1, "released": 0, "hold_plasticity": 1, "plasticity": 1}
    assert {name: set(values) for name, values in gates.items()} == {name: {value} for name, value in wanted.items()}


def test_times_are_those_of_the_protocol(p) -> None:
    assert layout(p).phases() == protocol(p, np.random.default_rng(5)).phases()


def test_every_place_is_probed_equally_often(p) -> None:
    counts = np.bincount(probe_order(p) + 1)
    assert counts.tolist() == [4 * p.training.probes, *[p.training.probes] * 20]


def test_the_expected_spikes_of_a_touch_are_those_of_its_profile(p) -> None:
    spikes = expected_spikes(p, np.array([0, 2]), np.array([0.0, 0.5]), np.array([1.0, 0.8]))
    np.testing.assert_allclose(spikes[0], 0.5 * 0.4)
    middle = int(np.argmin(np.abs(places(p) - sites(p)[1] - 0.5)))
    assert spikes[1, middle] == pytest.approx(0.2 + 59.5 * 0.2 * 0.8, rel=0.01)
