"""The precision of a run: part of what it is, kept with it, shown, and never mixed unnoticed."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cortex import api
from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.experiment.identity import Run
from tests.conftest import Outcome

Cortex = Callable[..., Outcome]

QUICK = ("--quick", "--backend", "numpy", "-q")


def test_single_precision_is_another_run_and_double_the_one_that_it_always_was(tiny: Path) -> None:
    scenario = catalogue.find(str(tiny))
    double, single = (Run(scenario, scenario.parameters, precision=name) for name in ("double", "single"))
    assert Run(scenario, scenario.parameters).key == double.key != single.key
    assert "precision" not in double._hashed


def test_it_is_calculated_kept_and_shown(cortex: Cortex, tiny: Path) -> None:
    outcome = cortex("run", tiny, "--precision", "single", *QUICK)
    assert "\nin single precision\n" in outcome.out
    double = cortex("run", tiny, *QUICK)
    assert "precision" not in double.out
    kept = {run.precision: run for run in api.load("results/tiny")}
    assert set(kept) == {"single", "double"}
    assert json.loads((kept["single"].folder / "run.json").read_text())["precision"] == "single"
    found = {name: run.recordings["driven"]["voltage.v"] for name, run in kept.items()}
    assert {name: array.dtype for name, array in found.items()} == {"single": np.float32, "double": np.float64}
    np.testing.assert_allclose(found["single"], found["double"], rtol=1e-5)
    assert kept["single"].recordings["driven"]["spikes.t"].dtype == np.float64
    again = cortex("run", kept["single"].folder, "--trust", "--backend", "numpy", "-q")
    assert "all measures are identical" in again.out
    refused = cortex("run", kept["single"].folder, "--precision", "double")
    assert refused.code == 2
    assert "a run folder is repeated as it is" in refused.err


def test_runs_of_both_are_compared_only_by_their_precision(cortex: Cortex, tiny: Path) -> None:
    for precision in ("double", "single"):
        cortex("run", tiny, "--precision", precision, "--seeds", "2", *QUICK)
    outcome = cortex("compare", "results/tiny", "--by", "precision", "--no-figures")
    assert outcome.code == 0
    assert "precision against double, paired by seed" in outcome.out
    assert "2 of 4 runs are in single precision" in outcome.err
    frame = api.load("results/tiny").pivot("precision", "rate")
    assert list(frame.columns) == ["double", "single"]
    assert len(frame) == 2
    cortex("run", tiny, "-p", "cell.drive=30 mV", "--seeds", "2", *QUICK)
    within = cortex("compare", "results/tiny", "--by", "cell.drive", "--no-figures")
    assert "2 of 6 runs are left out" in within.err


def test_a_study_has_one(cortex: Cortex, tiny: Path) -> None:
    study = ("study", tiny, "-p", "cell.drive=20 mV,30 mV", "-j", "1", *QUICK)
    assert cortex(*study, "--precision", "single").code == 0
    folder = Path("results/tiny_study_single")
    assert 'precision = "single"' in (folder / "study.toml").read_text()
    assert [run.precision for run in api.load(folder)] == ["single"] * 2
    (folder / "plan.csv").unlink()
    assert cortex("status", folder, "--json").code == 0
    assert len(api.load(folder)) == 2
    changed = cortex(*study, "-o", folder)
    assert changed.code == 2
    assert '-precision = "single"' in changed.err


@pytest.mark.parametrize("function", [api.run, api.study])
def test_another_word_is_refused(tiny: Path, function: Callable[..., object]) -> None:
    with pytest.raises(UsageError, match='no precision "half"'):
        function(str(tiny), precision="half")


def test_a_run_of_an_earlier_version_is_double() -> None:
    runs = api.load(Path(__file__).parents[1] / "data" / "made_before")
    assert {run.precision for run in runs} == {"double"}
    assert not any(re.search("precision", (run.folder / "run.json").read_text()) for run in runs)
