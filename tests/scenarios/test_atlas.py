"""The experiments of the hand atlas: one set of parameters, null models that remove what they say, short runs."""

import json
from pathlib import Path

import pytest

from cortex import api
from cortex.analysis.reference import ANY
from cortex.engine import compiler
from cortex.experiment import catalogue
from cortex.experiment.streams import Streams
from scenarios.atlas.common import PARAMETERS
from tests.physics_settings import ATLAS


@pytest.fixture(scope="module", params=ATLAS)
def scenario(request):
    return catalogue.find(request.param)


def test_all_experiments_have_the_same_parameters(scenario) -> None:
    assert scenario.parameters == PARAMETERS


def test_a_null_model_removes_what_it_says_and_names_measures_with_a_band(scenario) -> None:
    full = scenario.resolve({}).as_text()
    for null, condition in scenario.nulls.items():
        without = scenario.resolve({}, null=null).as_text()
        assert {name for name in full if full[name] != without[name]} == set(condition), null
        for measure in condition.misses:
            assert scenario.declared[measure].band != ANY, (null, measure)
    assert any(condition.misses for condition in scenario.nulls.values())


def test_the_network_fits_all_animals(scenario) -> None:
    p = scenario.resolve({"mapping.repeats": 1, "mapping.blanks": 2}, quick=True)
    slots = round(float(sum(float(phase.duration) for phase in scenario.phases(p))) / 0.05)
    arms = scenario.named_arms(p, Streams(1))
    assert {len(arm.inputs["depth"]) for arm in arms.values()} == {slots}
    assert len({arm.seed for arm in arms.values()}) == 1


@pytest.mark.slow
@pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
def test_a_quick_run_is_complete(scenario, tmp_path: Path) -> None:
    result = api.run(scenario, {}, seed=700, output=tmp_path, quick=True)
    drawn = {path.stem for path in (result.folder / "figures").iterdir()}
    assert {scenario.main_figure, "sheet"} <= drawn
    record = json.loads((result.folder / "run.json").read_text())
    assert set(record["measures"]) >= set(scenario.expected)
