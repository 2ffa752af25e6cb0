"""An experiment as steps: what the animals share, and what the steps say."""

from pathlib import Path

import numpy as np
import pytest
from brian2.units import mV, second

from cortex.errors import UsageError
from cortex.experiment.streams import Streams
from cortex.mechanisms.gates import LEARNING
from models.finger_area import depth, protocol
from models.finger_area.experiment import Animal, Depths, Experiment, Map, Use, settled
from models.finger_area.touches import Disc, Severed

GONE = (Severed((3,)),)


def animals(p):
    return {
        name: Animal((*settled(p), Use("train", p.training.dose, touches, LEARNING), Map("after", GONE)))
        for name, touches in {"trained": (Disc(),), "control": ()}.items()
    }


@pytest.fixture(scope="module")
def arms(small):
    return Experiment(animals).arms(small, Streams(1))


def test_animals_differ_in_what_is_laid_over_normal_use_alone(small, arms) -> None:
    trained, control = (arms[name].inputs for name in ("trained", "control"))
    assert arms["trained"].seed == arms["control"].seed
    start, end = (round(at / 0.05) for at in Experiment(animals).layout(small).interval("train"))
    for name, values in control.items():
        if name in ("depth", "ridged", "radius", "contact_x", "contact_y", "velocity_x", "velocity_y", "wave_phase"):
            same = np.ones(len(values), bool)
            same[start:end] = False
            np.testing.assert_array_equal(trained[name][same], values[same], err_msg=name)
    assert (trained["ridged"][start:end, 1:3] > 0).any()
    assert not control["ridged"].any()


def test_the_normal_map_settles_as_on_the_disc(small, arms) -> None:
    """Bit for bit: experiments of the same seed begin with the same animal."""
    on_disc = protocol(small, Streams(1).stimuli, trained=True)
    slots = round(float((small.training.settle + small.training.calibrate) / on_disc.slot))
    for name in ("depth", "contact_x", "contact_y"):
        np.testing.assert_array_equal(arms["trained"].inputs[name][:slots], on_disc.array(name, (5,))[:slots])


def test_gates_are_open_where_a_step_says_and_maps_leave_them_closed(small, arms) -> None:
    layout = Experiment(animals).layout(small)
    gate = arms["trained"].inputs["gate.plasticity"]
    for name, open_ in (("settle", 1), ("calibrate", 0), ("map before", 0), ("train", 1), ("map after", 0)):
        start, end = (round(at / 0.05) for at in layout.interval(name))
        assert set(gate[start:end]) == {open_}, name
    assert set(arms["trained"].inputs["gate.hold"]) == {1}


def test_without_learning_plasticity_is_open_only_before_the_first_map(small) -> None:
    p = small.override({"training.learning": "nothing"})
    for run in (protocol(p, Streams(1).stimuli, trained=True), animals(p)["trained"].protocol(p, Streams(1).stimuli)):
        first, last = (round(at / 0.05) for at in run.interval("settle"))
        assert set(run.array("plasticity", ())[first:last]) == {1}
        assert not run.array("plasticity", ())[last:].any()
        assert not run.array("hold_plasticity", ()).any()
        first, last = (round(at / 0.05) for at in run.interval("train"))
        assert set(run.array("coupling", ())[first:last]) == {1}


def test_a_digit_that_is_gone_is_not_probed(small, arms) -> None:
    told = Experiment(animals).coordinates(small, arms["trained"].inputs)
    phase, touches = told.labels["probe_phase"].values, told.inputs["probe_touches"].values
    assert touches[phase == "map before"].any(axis=0).all()
    assert touches[phase == "map after"].any(axis=0).tolist() == [True, True, False, True, True]


def test_a_readout_is_right_later_as_long_as_the_cells_say_the_same(small, monkeypatch) -> None:
    cells = len(depth.reached(small))
    light, deep = np.full((6, cells), 1.0), np.full((6, cells), 5.0)
    tests = {"first": np.stack([light, deep]), "same": np.stack([light, deep]), "less": np.stack([light, light + 1])}
    monkeypatch.setattr(depth, "counts", lambda p, run, name, times: tests[name])
    times = Experiment(animals).layout(small)
    assert depth.kept(small, None, ("first", "same"), times) == (1, 1)
    assert depth.kept(small, None, ("first", "less"), times) == (1, 0.5)


def test_depth_is_tested_on_the_digits_and_as_often_as_a_step_says(small) -> None:
    usual, own = (step.block(small, np.random.default_rng(0)) for step in (Depths("a"), Depths("b", (1, 5), 7)))
    assert usual.slots == 2 * small.mapping.depths * 5
    assert own.slots == 2 * 7 * 5
    pressed = [np.asarray(block.values["depth"]).any(axis=0).tolist() for block in (usual, own)]
    assert pressed == [[False, True, True, False, False], [True, False, False, False, True]]
    with pytest.raises(UsageError, match="Depths cannot have these values"):
        Depths("c", (6,), -1)


def test_two_depths_are_told_apart_by_the_cells_of_the_digits_alone(small, monkeypatch) -> None:
    p, rng = small.override({"training.digits": "4"}), np.random.default_rng(0)
    there = depth.zone(p)
    deeper = np.array([0, 2.0])[:, None, None] * there
    first = 10 + deeper + rng.normal(size=(2, 1000, len(there)))
    later = 10 + deeper / 2 + rng.normal(size=first.shape)
    tests = {"first": first, "later": later, "else": np.where(there, first, 100 * rng.normal(size=first.shape))}
    monkeypatch.setattr(depth, "counts", lambda p, run, name, times: tests[name])
    times = Experiment(animals).layout(small)
    expected = 2 * np.sqrt(there.sum())
    assert depth.told_apart(p, None, ("first", "first"), times)[:2] == pytest.approx((expected, 1), rel=0.05)
    told = depth.told_apart(p, None, ("first", "later"), times)
    assert told.d_prime == pytest.approx(expected / 2, rel=0.05)
    assert told.right == pytest.approx(0.75, abs=0.02)  # deep touches lie at the criterion
    assert told.spikes == pytest.approx(10.5 * there.sum(), rel=0.01)
    assert depth.told_apart(p, None, ("first", "else"), times).d_prime == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (("train", -5 * second), "duration = -5. * second: a time of at least one slot, 50. ms"),
        (("train", 5 * mV), "duration = 5. * mvolt: a time"),
        (("train", float("nan") * second), "duration = nan * second: a time"),
        (("map mine", 5 * second), "name = 'map mine': a text that does not begin with \"map \""),
        (("train", 5 * second, Disc()), "touches = Disc(digits=(), radius=None): a tuple, such as (Disc(),)"),
    ],
)
def test_use_that_cannot_be_is_refused_with_what_is_allowed(values, told) -> None:
    with pytest.raises(UsageError) as refused:
        Use(*values)
    [problem] = refused.value.problems
    assert problem.startswith(told)


@pytest.mark.parametrize(
    ("others", "told"),
    [
        (
            {"a": (Use("train", 5 * second, gates={"plastic": 1.0}),)},
            "step train has no gate plastic\ngates: silencing, plasticity, ",
        ),
        ({"a": (Map("after"), Map("after"))}, "two steps of an animal are called map after"),
        ({"a": (Use("train", 5 * second),), "b": (Use("train", 6 * second),)}, "the steps of the animals differ"),
    ],
)
def test_steps_that_do_not_fit_are_refused(small, others, told) -> None:
    experiment = Experiment(lambda p: {name: Animal(steps) for name, steps in others.items()})
    with pytest.raises(UsageError, match=told):
        experiment.phases(small)


MINE = """
from brian2.units import second
from models.finger_area.experiment import Animal, Depths, Experiment, Map, Use, settled
from models.finger_area.touches import Fused
from scenarios.atlas.common import atlas_scenario

def animals(p):
    return {"mine": Animal((*settled(p), Use("fused", 5 * second, (Fused((2, 4)),)), Map("late")))}

EXPERIMENT = Experiment(animals)
SCENARIO = atlas_scenario(EXPERIMENT, lambda p: EXPERIMENT.build(p), (), {}, name="mine", title="Mine", citation="none")
"""


def test_an_experiment_of_ones_own_that_cannot_be_ends_the_command(cortex) -> None:
    Path("mine.py").write_text(MINE)
    outcome = cortex("run", "mine.py", "--quick")
    assert outcome.code == 2
    assert "digits = (2, 4): two neighbours, (1, 2) to (4, 5)" in outcome.err
    assert "Traceback" not in outcome.err
