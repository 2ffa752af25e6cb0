"""The scenario of learning speed: a complete quick run, arms as nulls, and predictions within their bands."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from cortex import api
from cortex.engine import compiler
from cortex.experiment.streams import Streams
from models.learner.conditions import CONDITIONS
from models.learner.parameters import LearnerParameters
from scenarios.normalization_speed import SCENARIO, arms, reference

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
LENGTHS = {
    **{"training.old": "800", "training.copying": "600", "training.new": "1000", "training.repeats": "24"},
    **{"training.currents": "4", "training.task": "location", "group.copies": "3"},
}
"""Lengths for which the bands of the predictions are checked."""


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], set[str]]:
    """The record and the files of a short quick run."""
    few = {"training.old": "240", "training.copying": "160", "training.new": "160", "training.repeats": "6"}
    result = api.run(SCENARIO, few, seed=0, output=tmp_path_factory.mktemp("quick"), quick=True)
    files = {str(path.relative_to(result.folder)) for path in result.folder.rglob("*") if path.is_file()}
    return json.loads((result.folder / "run.json").read_text()), files


@needs_compiler
def test_a_quick_run_is_complete(quick) -> None:
    record, files = quick
    assert files >= {f"figures/{name}.png" for name in ("learning", "total")}
    assert files >= {"run.json", "data.nc", "log.txt"}
    assert record["status"] == "complete"
    assert set(record["simulated_seconds"]) == {"arm", "single"}
    assert record["watched_seconds"] == {"trials_to_criterion": 160.0}


@needs_compiler
def test_all_measures_and_predictions_are_finite_but_times_to_a_criterion_not_reached(quick) -> None:
    record, _ = quick
    may_be_missing = {"trials_to_criterion", "spikes_to_criterion", "settling_rate"}  # the last: of copies made at once
    for kind in ("measures", "predictions"):
        for name, value in record[kind].items():
            assert (value is not None and math.isfinite(value)) or name in may_be_missing, (kind, name)
    measures = record["measures"]
    assert (measures["trials_to_criterion"] is None) == (measures["spikes_to_criterion"] is None)
    assert 0 < measures["learning_speed"] <= 1
    assert 0 < measures["gain"] <= 1
    for name in ("accuracy_old", "accuracy_new", "stable"):
        assert 0 <= measures[name] <= 1, name
    assert measures["speed_over_predicted"] == pytest.approx(
        measures["learning_speed"] / record["predictions"]["learning_speed"]
    )


@needs_compiler
def test_every_band_and_prediction_has_its_measure(quick) -> None:
    record, _ = quick
    assert set(SCENARIO.expected) <= set(record["measures"])
    measured = {name.removesuffix("_nominal") for name in record["predictions"]}
    assert measured <= set(record["measures"])
    assert set(record["watched_seconds"]) <= set(record["measures"])


def test_the_nulls_are_the_arms() -> None:
    assert set(SCENARIO.settings) == {name for name in CONDITIONS if name != "hold"}
    for null in SCENARIO.settings:
        assert SCENARIO.resolve({}, null=null) == LearnerParameters().override(CONDITIONS[null]), null


@pytest.mark.parametrize("form", ["broadcast", "gradient"])
@pytest.mark.parametrize("noise", ["0.0 mV", "1.0 mV"])
def test_an_arm_is_compared_with_a_single_cell_of_the_same_rate_form_and_noise(form, noise) -> None:
    for arm in CONDITIONS.values():
        p = LearnerParameters().override({**arm, "learning.form": form, "cell.noise": noise, "learning.rate": "0.011"})
        single = reference(p)
        assert single.group.expansion == "none"
        assert not single.hold.enabled
        assert not single.learning.matched_speed
        assert single.training.released_at == 1
        for section in ("cell", "skin"):
            assert getattr(single, section) == getattr(p, section)
        assert (single.learning.form, single.learning.rate) == (form, 0.011)
        assert reference(single) == single
        both = arms(p, Streams(0))
        assert set(both) == ({"arm"} if p == single else {"arm", "single"})
        assert len({one.seed for one in both.values()}) == 1


@pytest.mark.slow
@needs_compiler
@pytest.mark.parametrize("arm", ["single", "hold", "no_hold"])
def test_the_predicted_speed_is_within_a_fifth(tmp_path: Path, arm: str) -> None:
    """On the mean of five seeds, since one learning curve is too noisy to tell; so is its ratio to the single cell.

    The total is what it was under the hold, and K times that without one.
    """
    runs = [
        api.run(SCENARIO, LENGTHS, seed=seed, output=tmp_path, null="" if arm == "hold" else arm).record["measures"]
        for seed in range(5)
    ]
    for name in ("speed_over_predicted", "speed_ratio_over_predicted"):
        logarithms = [math.log(run[name]) for run in runs]
        assert abs(sum(logarithms) / len(runs)) < math.log(1.2), name
        assert max(map(abs, logarithms)) < math.log(1.6), name
    for run in runs:
        assert run["total_ratio"] == pytest.approx(3 if arm == "no_hold" else 1, rel=0.1)
