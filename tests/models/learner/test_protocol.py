"""The protocol of the learner: what conditions share, and when what is learned."""

import numpy as np
import pytest

from cortex.experiment.protocol import Protocol
from cortex.experiment.streams import Streams
from cortex.mechanisms.mechanism import gate_names
from models.learner import network
from models.learner.conditions import CONDITIONS
from models.learner.parameters import LearnerParameters
from models.learner.protocol import AT_THE_END, permuted_blocks
from models.learner.tasks import OLD, SITES, TASKS

K = 3


def test_the_arms_differ_from_each_other(parameters) -> None:
    settings = [tuple(parameters(arm).as_text().items()) for arm in CONDITIONS]
    same = {frozenset(a for a, s in zip(CONDITIONS, settings, strict=True) if s == one) for one in settings}
    assert {group for group in same if len(group) > 1} == {frozenset({"hold", "never_released"})}


def sequence(run: Protocol, names: tuple[str, ...], variable: str, *shape: int) -> np.ndarray:
    """Give a variable over all trials of blocks of these names."""
    inside = np.concatenate([np.full(one.slots, one.name.startswith(names)) for one in run.blocks])
    return run.array(variable, shape)[inside]


@pytest.mark.parametrize("arm", CONDITIONS)
def test_touches_answers_and_targets_of_a_seed_are_the_same_in_every_arm(parameters, layout, arm, seed) -> None:
    """Tests interrupt learning where it is released; else all is at the same time."""
    p, reference, streams = parameters(arm), parameters("single"), Streams(seed)
    one, single = layout(p, seed), layout(reference, seed)
    for names in (("old", "calibrate", "copying"), ("new", "released"), ("test old",), ("test new",)):
        touched = [sequence(run, names, "patterns", SITES) for run in (one, single)]
        assert np.array_equal(*touched), names
        assert arm == "shuffled_answers" or np.array_equal(*(sequence(run, names, "answer") for run in (one, single)))
    values, plain = network.run_inputs(p, streams), network.run_inputs(reference, streams)
    if p.training.released_at == 1:
        assert np.array_equal(values["touch"], plain["touch"])
    if arm != "same_count_independent":
        assert np.array_equal(*(inputs["afferent.w"].reshape(-1, 2 * K)[:, ::K] for inputs in (values, plain)))
    other = network.run_inputs(p, Streams(seed + 100))
    assert (other["touch"] != values["touch"]).mean() > 0.2
    assert (other["afferent.w"] != values["afferent.w"]).any()


def test_shuffled_answers_say_nothing_about_the_touch_and_are_as_frequent(parameters, layout) -> None:
    true, shuffled = (layout(parameters(arm, training__new="2000")) for arm in ("hold", "shuffled_answers"))
    new = slice(*(round(t / 0.2) for t in true.interval("new")))
    answers = [run.array("answer")[new] for run in (true, shuffled)]
    assert abs(np.corrcoef(*answers)[0, 1]) < 0.08
    assert np.sort(answers[0]).tolist() == np.sort(answers[1]).tolist()
    outside = np.ones(true.slots, bool)
    outside[new] = False
    assert np.array_equal(true.array("answer")[outside], shuffled.array("answer")[outside])


@pytest.mark.parametrize("arm", ["hold_then_release", "naive_release"])
def test_a_release_shares_everything_before_it(parameters, layout, arm) -> None:
    """And changes the hold, the coupling, or the gain, and nothing else."""
    held, released = (network.run_inputs(parameters(name), Streams(1)) for name in ("never_released", arm))
    moved = layout(parameters(arm)).interval("released")[0]
    # tests while the hold is still on move from the end of learning to before the release
    before = round(layout(parameters(arm)).interval("test old held")[0] / 0.2)
    assert moved > before * 0.2
    for name in gate_names(LearnerParameters()):
        assert np.array_equal(held[name][:before], released[name][:before]), name
    assert np.array_equal(held["touch"][:before], released["touch"][:before])
    free = layout(parameters(arm))
    after = round(moved / 0.2)
    assert not free.array("coupling")[after:].any()
    assert not free.array("holding")[after:].any()
    assert free.array("coupling")[before:after].all()
    assert free.array("imposed")[after:].all() == (arm == "naive_release")
    assert not free.array("imposed")[:after].any()


@pytest.mark.parametrize("arm", ["single", "hold_then_release", "release_early", "shuffled_answers"])
@pytest.mark.parametrize("asked", ["location", "edge", "two"])
def test_every_touch_comes_once_in_each_block(parameters, layout, arm, asked) -> None:
    p = parameters(arm, training__task=asked, training__new="210")
    run, t = layout(p), p.training
    shown = run.array("shown").round().astype(int)
    number = {"old": len(OLD.patterns), "new": len(TASKS[asked].patterns)}
    start = 0
    order = {"old": [], "new": []}
    for one in run.blocks:
        trials = shown[start : start + one.slots]
        start += one.slots
        if one.name.startswith("test"):
            kind = one.name.split()[1]
            assert np.bincount(trials)[np.unique(trials)].tolist() == [t.repeats] * number[kind]
            for i in range(0, len(trials), number[kind]):
                assert len(set(trials[i : i + number[kind]])) == number[kind]
        elif one.name in ("old", "calibrate", "copying"):
            order["old"] += trials.tolist()
        elif one.name in ("new", "released"):
            order["new"] += trials.tolist()
    for kind, trials in order.items():
        n = number[kind]
        whole = np.array(trials[: len(trials) // n * n]).reshape(-1, n)
        assert {len(set(row)) for row in whole} == {n}
        assert len({tuple(row) for row in whole}) > 5  # in another order each time
    assert len(order["new"]) == 210


def test_permuted_blocks_go_on_to_the_end_of_a_broken_block() -> None:
    drawn = permuted_blocks(7, 20, np.random.default_rng(0))
    assert drawn.shape == (20,)
    assert [len(set(drawn[i : i + 7])) for i in (0, 7, 14)] == [7, 7, 6]


def test_nothing_learns_while_something_is_measured(parameters, layout) -> None:
    run, start = layout(parameters("hold_then_release", learning__readout_learns="all")), 0
    plastic = {name: run.array(name) for name in ("learning", "delta", "bias_rate", "copying", "calibrating")}
    open_in = {name: set() for name in plastic}
    for one in run.blocks:
        for name, gate in plastic.items():
            if gate[start : start + one.slots].any():
                open_in[name].add(one.name)
        start += one.slots
    tasks = {"old", "new", "released"}
    assert open_in == {**dict.fromkeys(("learning", "delta", "bias_rate"), tasks)} | {
        "copying": {"copying"},
        "calibrating": {"calibrate"},
    }


def test_gates_of_what_acts_at_the_end_of_a_trial_are_a_trial_later(parameters, layout) -> None:
    p = parameters()
    values, run = network.run_inputs(p, Streams(0)), layout(p)
    for name in gate_names(LearnerParameters()):
        late = name in AT_THE_END
        given = np.asarray(values[name]) * (1e3 if name == "injection" else 1)
        np.testing.assert_allclose(given[int(late) :], run.array(name)[: run.slots - late], err_msg=name)
