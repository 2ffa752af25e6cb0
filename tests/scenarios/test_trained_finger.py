"""The animal as it is run: a complete quick run, what null models change, and the science in full length."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from cortex import api
from cortex.analysis.reference import score
from cortex.engine import compiler
from models.fingertip.observe import Observed
from models.fingertip.parting_predicted import predicted_similarity
from models.fingertip.pushed import pushed
from scenarios.trained_finger import ANIMALS, SCENARIO

DEVELOPED = 700
"""First of the seeds on which the animal was developed."""

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")


@needs_compiler
def test_a_quick_run_is_complete(tmp_path: Path) -> None:
    result = api.run(SCENARIO, {}, seed=0, output=tmp_path, quick=True)
    assert (result.folder / "figures" / "animal.png").exists()
    record = json.loads((result.folder / "run.json").read_text())
    assert record["status"] == "complete"
    assert record["warnings"] == []
    assert set(record["simulated_seconds"]) == {*ANIMALS, "pushed"}
    measured = {name: value for name, value in record["measures"].items() if value is not None}
    assert set(SCENARIO.expected) - {"parting_over_predicted"} <= set(measured)  # too short for copies to part
    assert measured["copy_similarity"] > 0.95
    assert measured["signal_correlation"] > 0.8
    assert measured["total_no_hold"] > 1.5
    assert measured["expansion_tip"] > 1.8
    assert 0.8 < measured["total_ratio"] < 1.2
    animal = Observed(SCENARIO.resolve({}, quick=True), result.recordings["released"])
    assert animal.total("before, no inhibition") > 1.5 * animal.total("before")
    assert record["measures"]["push_slope"] > 0.01
    other = Observed(pushed(animal.parameters), result.recordings["pushed"])
    release = animal.trials["new task"].stop
    assert np.array_equal(other.weights(release), animal.weights(release))  # the same animal until release
    similar = predicted_similarity(other, np.arange(0.0, 101.0, 50.0))
    assert similar[0] == pytest.approx(animal.similarity("new task"), abs=0.01)  # which leaves out unequal lengths
    assert similar[-1] < similar[0]


def test_null_models_differ_from_the_full_one_in_what_they_remove() -> None:
    for null, removed in SCENARIO.nulls.items():
        full, without = SCENARIO.resolve({}).as_text(), SCENARIO.resolve({}, null=null).as_text()
        assert {name for name in full if full[name] != without[name]} == set(removed), null
        assert set(removed.misses) <= set(SCENARIO.expected), null


def outside(measures: Mapping[str, float]) -> set[str]:
    return {name for name, band in SCENARIO.expected.items() if score(measures[name], band) == "outside"}


@pytest.mark.slow
@needs_compiler
def test_the_full_animal_is_within_its_bands(tmp_path: Path, seed: int) -> None:
    assert outside(api.run(SCENARIO, {}, seed=DEVELOPED + seed, output=tmp_path, figures=False).measures) == set()


@pytest.mark.slow
@needs_compiler
@pytest.mark.parametrize("null", ["wrong_teacher", "no_private_noise", "frozen_hold"])
def test_without_a_mechanism_what_it_is_for_is_out_of_its_band(tmp_path: Path, seed: int, null: str) -> None:
    """The other null models take a minute each too; what they did stands in docs/finger.md."""
    run = api.run(SCENARIO, {}, seed=DEVELOPED + seed, output=tmp_path, null=null, figures=False)
    assert outside(run.measures) >= set(SCENARIO.nulls[null].misses)
