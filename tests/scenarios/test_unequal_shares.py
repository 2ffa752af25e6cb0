"""Unequal shares as they are run: a complete quick run, what null models change, and the science in full length."""

import json
from pathlib import Path

import pytest

from cortex import api
from cortex.analysis.reference import score
from cortex.engine import compiler
from scenarios.unequal_shares import SCENARIO

DEVELOPED = 700
"""First of the seeds on which the shares were chosen."""

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")


@needs_compiler
@pytest.mark.slow
def test_a_quick_run_is_complete(tmp_path: Path) -> None:
    result = api.run(SCENARIO, {}, seed=0, output=tmp_path, quick=True)
    assert (result.folder / "figures" / "shares.png").exists()
    record = json.loads((result.folder / "run.json").read_text())
    assert record["status"] == "complete"
    assert record["warnings"] == []
    measured = record["measures"]
    assert measured["share_weights_split"] < 0.4 < measured["share_untouched"]
    assert measured["share_current_split"] < 0.4
    assert measured["share_weights_learned"] > measured["share_weights_split"] + 0.05
    assert all(0.8 < measured[f"total_ratio_{way}_split"] < 1.2 for way in ("weights", "current"))


def test_null_models_differ_from_the_full_one_in_what_they_remove() -> None:
    for null, removed in SCENARIO.nulls.items():
        full, without = SCENARIO.resolve({}).as_text(), SCENARIO.resolve({}, null=null).as_text()
        assert {name for name in full if full[name] != without[name]} == set(removed), null
        assert set(removed.misses) <= set(SCENARIO.expected), null


@pytest.mark.slow
@needs_compiler
@pytest.mark.parametrize("null", ["", *SCENARIO.nulls])
def test_each_null_model_misses_what_it_must_and_the_animal_nothing(tmp_path: Path, seed: int, null: str) -> None:
    run = api.run(SCENARIO, {}, seed=DEVELOPED + seed, output=tmp_path, null=null, figures=False)
    outside = {name for name, band in SCENARIO.expected.items() if score(run.measures[name], band) == "outside"}
    assert outside >= set(SCENARIO.nulls[null].misses) if null else outside == set()
