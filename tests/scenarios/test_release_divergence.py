"""The scenario of release: a complete quick run, its nulls, and, slowly, its bands."""

import json
import math
from typing import Any

import numpy as np
import pytest

from cortex import api
from cortex.engine import compiler
from scenarios.release_divergence import SCENARIO, never, raised

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The record of a short quick run."""
    few = {"training.old": "240", "training.copying": "160", "training.new": "420", "training.repeats": "6"}
    result = api.run(SCENARIO, few, seed=0, output=tmp_path_factory.mktemp("quick"), quick=True)
    assert (result.folder / "figures" / "release.png").exists()
    record: dict[str, Any] = json.loads((result.folder / "run.json").read_text())
    return record


@needs_compiler
def test_a_quick_run_is_complete(quick) -> None:
    assert set(quick["simulated_seconds"]) == {"released", "never_released"}
    for kind in ("measures", "predictions"):
        for name, value in quick[kind].items():
            assert value is not None and math.isfinite(value), (kind, name)
    assert set(SCENARIO.expected) <= set(quick["measures"])


@pytest.mark.filterwarnings("error")
def test_a_gain_of_nothing_that_stays_is_not_raised_and_one_that_rises_is_undefined() -> None:
    assert raised(np.array([0.0, 0.5]), np.array([0.0, 0.5])) == 1
    assert raised(np.array([0.25, 0.5]), np.ones(2)) == 3
    assert math.isnan(raised(np.array([0.0, 0.5]), np.ones(2)))


def test_every_null_is_a_setting_of_the_model() -> None:
    for null in SCENARIO.nulls:
        assert SCENARIO.resolve({}, null=null) != SCENARIO.parameters


def test_the_arm_that_is_never_released_differs_in_that_alone() -> None:
    ours, theirs = SCENARIO.parameters.as_text(), never(SCENARIO.parameters).as_text()
    assert {name for name in ours if ours[name] != theirs[name]} == {"training.released_at"}


@needs_compiler
@pytest.mark.slow
def test_release_carries_performance_past_the_plateau_and_not_where_nothing_is_left(tmp_path) -> None:
    released = [api.run(SCENARIO, {}, seed=90 + seed, output=tmp_path).record for seed in range(3)]
    for record in released:
        measures, predicted = record["measures"], record["predictions"]
        assert measures["loss_after_release"] < 0.25 * measures["loss_never_released"]
        assert measures["similarity_never_released"] > 0.9 > 0.6 > measures["least_similarity_after_release"]
        assert measures["plateau"] == pytest.approx(predicted["plateau"], rel=0.1)
    nothing = api.run(SCENARIO, {}, seed=90, output=tmp_path, null="no_residual_error").record["measures"]
    assert abs(nothing["loss_removed"]) < 0.1 * released[0]["measures"]["loss_removed"]


@needs_compiler
@pytest.mark.slow
@pytest.mark.xfail(
    reason="1.30 times the prediction since clocks are right (7 seeds, docs/findings.md): a miss of the band"
)
def test_copies_with_one_noise_part_at_the_predicted_rate(tmp_path) -> None:
    one_noise = [
        api.run(SCENARIO, {}, seed=90 + seed, output=tmp_path, null="shared_noise").record for seed in range(3)
    ]
    ratios = [record["measures"]["divergence_rate_over_predicted"] for record in one_noise]
    assert 0.75 <= sum(ratios) / len(ratios) <= 1.25  # noise of their own parts copies as well, beside the instability
