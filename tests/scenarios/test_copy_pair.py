"""The pair scenario as it is run: a complete quick run, and the science in full length."""

import json
from pathlib import Path

import numpy as np
import pytest

from cortex import api
from cortex.analysis.reference import score
from cortex.engine import compiler
from scenarios.copy_pair import SCENARIO

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
TIMES = ("copy_seconds", "copy_time_constant_s", "stimuli_compared")
"""Measures that are no ratios."""


@needs_compiler
def test_a_quick_run_is_complete(tmp_path: Path) -> None:
    result = api.run(SCENARIO, {}, seed=0, output=tmp_path, quick=True)
    files = {str(path.relative_to(result.folder)) for path in result.folder.rglob("*") if path.is_file()}
    drawn = {f"figures/{name}.png" for name in ("weights", "similarity", "totals", "raster")}
    assert files >= drawn | {"run.json", "data.nc", "log.txt"}
    record = json.loads((result.folder / "run.json").read_text())
    assert record["status"] == "complete"
    assert set(record["simulated_seconds"]) == {"released", "never_released"}
    assert set(SCENARIO.expected) <= set(record["measures"])
    assert record["watched_seconds"] == {"copy_seconds": 60.0}
    for name, value in record["measures"].items():
        if value is None and name in record["watched_seconds"]:
            continue
        assert value is not None, name
        assert 0 <= value <= (1000 if name in TIMES else 10), name
    assert 0 < record["predictions"]["copy_time_constant_s"] < 1000


def outside(measures: dict[str, float]) -> set[str]:
    values = {name: np.nan if measures[name] is None else measures[name] for name in SCENARIO.expected}
    return {name for name, band in SCENARIO.expected.items() if score(values[name], band) != "inside"}


@pytest.mark.slow
@needs_compiler
def test_the_means_of_the_full_model_are_within_its_bands(tmp_path: Path, seed: int) -> None:
    runs = [api.run(SCENARIO, {}, seed=seed, replicate=number, output=tmp_path, figures=False) for number in range(4)]
    assert outside({name: float(np.mean([run.measures[name] for run in runs])) for name in SCENARIO.expected}) == set()


@pytest.mark.slow
@needs_compiler
@pytest.mark.parametrize("null", SCENARIO.nulls)
def test_without_a_mechanism_something_is_out_of_its_band(tmp_path: Path, seed: int, null: str) -> None:
    assert outside(api.run(SCENARIO, {}, seed=seed, output=tmp_path, null=null).record["measures"])
