"""The fingertip of several cycles: who copies whom, and when; what an immature cell projects."""

from dataclasses import replace

import numpy as np
import pytest

from cortex.engine.simulation import Model
from cortex.experiment.streams import Streams
from models.fingertip.anatomy import wiring
from models.fingertip.cycle_observe import Cycled
from models.fingertip.cycles import CycleParameters, build, run_inputs
from models.fingertip.protocol import TRIAL, answers, layout, protocol
from models.learner.tasks import TASKS
from tests.models.fingertip.conftest import SHORT


@pytest.fixture
def p() -> CycleParameters:
    return CycleParameters().override({**SHORT, "training.rest": "4", "training.release": "1"})


def test_a_run_sets_all_constants(p, unset) -> None:
    assert unset(build(p), run_inputs(p, Streams(0))) == set()


def test_each_cell_that_is_there_is_copied_once_in_each_cycle(p) -> None:
    members = slice(8, 16)
    np.testing.assert_array_equal(p.generations[members], [0, 1, 2, 2, 3, 3, 3, 3])
    np.testing.assert_array_equal(p.parents[members] - 8, [0, 0, 0, 1, 0, 1, 2, 3])
    teacher, idle = wiring(p).lateral
    np.testing.assert_array_equal(teacher, p.parents[idle])
    assert np.all(p.generations[teacher] < p.generations[idle])


def test_cells_wait_for_their_cycle_and_are_released_after_it(p) -> None:
    run = protocol(p, np.random.default_rng(0))
    names = {block.name: block for block in run.blocks}
    for number in (1, 2, 3):
        for phase in ("test before", "copy", "test held", "release", "test after"):
            values = names[f"{phase} {number}"].values
            assert values["cycle"] == number
            assert values["old_coupling"] == 0
            assert np.all(np.asarray(values.get("coupling", 0)) == (phase in ("copy", "test held")))
    assert [block.name for block in run.blocks] == [block.name for block in layout(p).blocks]
    assert p.tasks == ["edge", "two", "first_edge"]


def test_copies_that_are_never_released_stay_coupled_while_others_are_not_taught_before_their_time(p) -> None:
    never = p.override({"normalization.release": "never"})
    values = {block.name: block.values for block in protocol(never, np.random.default_rng(0)).blocks}
    assert values["rest 3"]["old_coupling"] == 1
    assert values["rest 3"].get("coupling", 0) == 0
    assert np.all(np.asarray(values["release 2"]["coupling"]) == 1)


def test_a_cell_that_waits_projects_as_its_parent_does_and_earlier_generations_are_established(p, start) -> None:
    """By numpy, where no cell can know what its parent has only just heard."""
    p = p.override({"training.settle": "1", "training.use_before": "1", "training.old_rate": "0.01"})
    inputs = run_inputs(p, Streams(1))
    inputs["gate.cycle"] = np.full_like(inputs["gate.cycle"], 2.0)

    def model() -> Model:
        made = build(p)
        return replace(made, outputs={name: made.inputs[name] for name in ("pyramidal.established", "output.weight")})

    run = start(model, inputs, 4 * TRIAL)
    np.testing.assert_array_equal(run["pyramidal.established"], p.generations < 2)
    weights = np.reshape(run["output.weight"], (p.cells, 4))
    assert np.ptp(weights[:16:8]) > 0.01
    np.testing.assert_allclose(weights, weights[p.parents], rtol=1e-12)


def test_a_readout_that_stays_keeps_what_spikes_still_say(p) -> None:
    """One cell fires for yes alone, after the second cycle no more."""
    animal = Cycled(p, None)  # type: ignore[arg-type]
    counts, weights = np.zeros((animal.layout.slots, p.cells)), np.zeros((200, p.cells, 4))
    for block in animal.layout.blocks:
        if block.name in ("test after 1", "test after 3"):
            yes = answers(TASKS["edge"])[np.asarray(block.values["code"]).astype(int)] > 0
            counts[animal.trials[block.name], 0] = 5 * yes
    weights[:, 0, 2] = 1.0
    bias = np.full((animal.layout.slots + 1, 4), -2.5)
    run = {"outputs.weight": weights.reshape(200, -1), "answers.bias": bias, "answers.evidence": 0 * bias}
    animal.__dict__.update(counts=counts, run=run)
    assert [animal.kept(1, f"after {number}") for number in (1, 2, 3)] == [1, 0, 1]
