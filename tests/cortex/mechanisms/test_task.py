"""Learning from the error of a task: answers that are units, their weights, and the third factor at the afferents."""

import brian2
import numpy as np
import pytest
from brian2 import TimedArray, ms

from cortex.mechanisms import task
from cortex.mechanisms.copying import AFFERENT_TRACES

TRIAL = 50 * ms
DELTA, RATE, BIAS = 0.02, 0.5, 0.1

CELL = task.OUTPUT + "maturity : 1\nmaximum_weight : 1 (shared, constant)\nsensitivity : 1"
SPIKES = ([5, 15, 25], [10], [20, 30])
"""Times, ms, at which a target, its idle neighbour and another cell fire in the first trial."""


@pytest.fixture
def learner(clockwork, run):
    """Three cells, two afferents and the readouts of two questions, after a first trial and the start of the second."""

    def learn(answer=(1.0, -1.0), delta=DELTA, weight=0.1, maturity=(1, 0, 1), eligibility="spike", sensitivity=0.0):
        afferents = clockwork("afferents", [[4], []], AFFERENT_TRACES, reset="trace += 1")
        afferents.trace_time_constant, afferents.usual_time_constant = 20 * ms, 1000 * ms
        cells = clockwork("pyramidal", SPIKES, CELL, reset="count += 1")
        cells.maximum_weight, cells.follows, cells.maturity, cells.sensitivity = 2, 1, maturity, sensitivity
        said = {
            name: TimedArray(np.array([[0, 0], values], float), dt=TRIAL, name=name)
            for name, values in zip(task.ASKED, (answer, (delta, delta), (BIAS, 0), (RATE, 0)), strict=True)
        }
        afferent = brian2.Synapses(
            afferents,
            cells,
            "w : 1\narbor : 1 (constant)\neligibility : 1",
            on_post=task.AT_A_SPIKE * (eligibility == "spike"),
            name="afferent",
        )
        afferent.connect()
        afferent.arbor, afferent.w = 0.5, 1.0
        leaders = np.array([0, 0, 2])
        readout, output = task.learn_task(cells, afferent, leaders, eligibility, TRIAL, said)
        readout.question, readout.answers_yes = [0, 0, 1, 1], [1, 0, 1, 0]
        output.weight = weight
        run(51, afferents, cells, afferent, readout, output)
        return afferent, readout, output

    return learn


def test_the_units_of_a_question_have_opposite_errors(learner) -> None:
    _, readout, _ = learner()
    np.testing.assert_allclose(readout.error[:], [1, -1, -1, 1])  # evidence for both is the same
    np.testing.assert_allclose(readout.bias[:], [BIAS, -BIAS, 0, 0])
    np.testing.assert_array_equal(readout.evidence[:], 0)


def test_weights_change_by_error_and_spikes_and_an_idle_cell_learns_with_its_target(learner) -> None:
    _, _, output = learner()
    changed = output.weight[:].reshape(3, 4) - 0.1
    spikes = np.array([3, 3, 2])  # the idle neighbour fired once, and learns with the three spikes of its target
    np.testing.assert_allclose(changed, DELTA * spikes[:, None] * np.array([1, -1, -1, 1]))


def test_a_mature_copy_learns_with_its_own_spikes(learner) -> None:
    _, _, output = learner(maturity=(1, 1, 1))
    np.testing.assert_allclose(output.weight[:].reshape(3, 4)[1] - 0.1, DELTA * np.array([1, -1, -1, 1]))


def test_no_weight_onto_a_unit_is_negative(learner) -> None:
    _, _, output = learner(delta=1.0)
    weights = output.weight[:].reshape(3, 4)
    np.testing.assert_array_equal(weights[:, [1, 2]], 0)
    np.testing.assert_allclose(weights[:, 0], 0.1 + np.array([3, 3, 2]))


def test_the_output_is_what_yes_has_more_than_no(learner) -> None:
    weight = np.tile([0.3, 0.1, 0.0, 0.0], 3)
    _, readout, _ = learner(weight=weight)
    np.testing.assert_allclose(readout.error[:2], [1 - 0.2 * 6, 0.2 * 6 - 1])


def test_afferent_weights_change_by_credit_and_eligibility(learner) -> None:
    weight = np.tile([0.3, 0.1, 0.0, 0.0], 3)
    afferent, _, _ = learner(weight=weight)
    error = 1 - 0.2 * 6
    credit = RATE * (0.3 - 0.1) * error  # the new question has the rate 0
    trace = [np.exp(-(np.array(times) - 4) / 20).sum() for times in SPIKES]
    w = afferent.w[:].reshape(2, 3)
    np.testing.assert_allclose(w[0], 1 + 0.5 * credit * np.array(trace), rtol=1e-6)
    np.testing.assert_array_equal(w[1], 1)
    np.testing.assert_array_equal(afferent.eligibility[:], 0)


def test_afferent_weights_stay_within_their_bounds(learner) -> None:
    afferent, _, _ = learner(weight=np.tile([300.0, 100.0, 0, 0], 3))
    assert afferent.w[:].reshape(2, 3)[0].tolist() == [0, 0, 0]
    afferent, _, _ = learner(answer=(1e6, 0), weight=np.tile([0.3, 0.1, 0, 0], 3))
    assert afferent.w[:].reshape(2, 3)[0].tolist() == [2, 2, 2]
