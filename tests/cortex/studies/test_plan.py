"""The plan of a study."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.experiment.identity import Run
from cortex.experiment.scenario import Scenario
from cortex.studies import plan
from cortex.studies.study_model import Study


@pytest.fixture
def scenario(tiny: Path) -> Scenario:
    return catalogue.find(str(tiny))


def test_all_combinations_are_planned_one_replicate_after_the_other(scenario: Scenario) -> None:
    vary = {"jitter": [0.1, 0.2], "cell.tau": ["10 ms", "20 ms"]}
    study = Study(scenario="tiny", seed=7, seeds=3, vary=vary, conditions={"a": {}, "b": {"null": "no_drive"}})
    planned = plan.make(study, scenario)
    assert len({trial.run for trial in planned}) == len(planned) == 2 * 2 * 2 * 3
    assert [trial.replicate for trial in planned] == [0] * 8 + [1] * 8 + [2] * 8
    points = {(trial.condition, *trial.values.values()) for trial in planned}
    assert points == set(itertools.product("ab", ("0.1", "0.2"), ("10 ms", "20 ms")))
    last = planned[-1]
    parameters = scenario.resolve(plan.overrides(study, last), null="no_drive")
    assert parameters.as_text()["cell.tau"] == "20 ms"
    assert Run(scenario, parameters, 7, 2, False, "no_drive").id == last.run


def test_conditions_are_paired_by_seed(scenario: Scenario) -> None:
    study = Study(scenario="tiny", seeds=2, conditions={"a": {}, "b": {"jitter": 0.3}})
    assert [(trial.condition, trial.replicate) for trial in plan.make(study, scenario)] == [
        *(("a", 0), ("b", 0), ("a", 1), ("b", 1))
    ]


def test_the_same_twice_is_a_mistake(scenario: Scenario) -> None:
    study = Study(scenario="tiny", conditions={"a": {}, "b": {"jitter": 0.1}})
    with pytest.raises(UsageError, match="b, replicate 0 is the same as a, replicate 0"):
        plan.make(study, scenario)


def test_values_are_written_in_the_unit_of_their_parameter(scenario: Scenario) -> None:
    planned = plan.make(Study(scenario="tiny", vary={"cell.tau": ["0.05 s", "20 ms"]}), scenario)
    assert [trial.values["cell.tau"] for trial in planned] == ["50 ms", "20 ms"]


def test_a_study_that_nobody_could_run_is_refused(scenario: Scenario) -> None:
    with pytest.raises(UsageError, match="1,099,511,627,776 runs are asked for"):
        plan.make(Study(scenario="tiny", vary={"jitter": "sobol(0, 1)"}, points=2**40), scenario)


def test_sobol_points_are_even_and_come_again(scenario: Scenario) -> None:
    vary = {"jitter": "sobol(0, 1)", "cell.tau": "sobol(10 ms, 20 ms)"}
    study = Study(scenario="tiny", vary=vary, points=16)
    planned = plan.make(study, scenario)
    assert plan.make(study, scenario) == planned
    assert plan.make(study.model_copy(update={"seed": 1}), scenario)[0].values != planned[0].values
    jitter = np.array([float(trial.values["jitter"]) for trial in planned])
    np.testing.assert_array_equal(np.sort(np.floor(jitter * 16)), np.arange(16))


def test_sobol_points_for_indices_are_the_matrices_of_saltelli(scenario: Scenario) -> None:
    vary = {"jitter": "sobol(0, 1)", "cell.tau": "sobol(10 ms, 20 ms)"}
    planned = plan.make(Study(scenario="tiny", vary=vary, points=8, indices=True), scenario)
    assert len(planned) == 8 * (2 + 2)
    assert [int(trial.point) for trial in planned] == list(range(32))
    a, b, ab_jitter, ab_tau = (
        [tuple(trial.values.values()) for trial in planned[start : start + 8]] for start in range(0, 32, 8)
    )
    assert ab_jitter == [(other[0], one[1]) for one, other in zip(a, b, strict=True)]
    assert ab_tau == [(one[0], other[1]) for one, other in zip(a, b, strict=True)]


def test_runs_made_from_one_another_are_those_made_by_themselves() -> None:
    """What is not checked, written and hashed anew is as if it had been."""
    scenario = catalogue.find("copy_pair")
    vary = {"copying.rule": ["hebbian", "stdp"], "copying.learning_rate": [0.01, 0.02], "skin.peak_rate": ["0.05 kHz"]}
    conditions = {"full": {}, "without": {"null": "no_hold"}, "more": {"copies": 3}}
    study = Study(scenario="copy_pair", seed=3, vary=vary, conditions=conditions, fixed={"copying.decay": 2})
    for planned in plan.make(study, scenario):
        null = study.settings[planned.condition].get("null", "")
        run = Run(scenario, scenario.resolve(plan.overrides(study, planned), null=null), 3, 0, False, null)
        assert run.id == planned.run
        assert planned.values == {name: run.written[name] for name in vary}


def test_values_that_will_not_do_are_told_whatever_comes_before_them(scenario: Scenario) -> None:
    study = Study(scenario="tiny", vary={"jitter": [0.1, 9, 0.2], "cell.tau": ["10 ms", "5 mV"]})
    with pytest.raises(UsageError) as refused:
        plan.make(study, scenario)
    told = [problem.split(":")[0] for problem in refused.value.problems]
    assert told == [
        *("jitter=0.1, cell.tau=5 mV, replicate 0", "jitter=9, cell.tau=10 ms, replicate 0"),
        *["jitter=9, cell.tau=5 mV, replicate 0"] * 2,
        "jitter=0.2, cell.tau=5 mV, replicate 0",
    ]
