"""The experiments of the hand atlas: one set of parameters, null models that remove what they say, short runs."""

import importlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

from cortex import api
from cortex.analysis.reference import ANY
from cortex.engine import compiler
from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.experiment.identity import Run
from cortex.experiment.streams import Streams
from cortex.mechanisms.skin import DIGITS, STIMULUS
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


SHORT = {f"training.{name}": "4 s" for name in ("settle", "calibrate", "dose")}
SHORT |= {"mapping.repeats": "1", "mapping.probe_spacing": "6", "mapping.blanks": "2"}

OTHER = {
    **{f"training.{name}": "5 s" for name in ("settle", "calibrate", "dose", "test", "release")},
    **{f"training.{name}": "0.4 s" for name in ("bout", "pause")},
    **{f"training.{name}": "0.3" for name in ("contact", "use", "touch_depth", "disc_depth")},
    **{f"training.{name}": "20" for name in ("touch_speed", "disc_speed", "disc_spread")},
    **{f"training.{name}": "3" for name in ("touch_radius", "disc_radius", "ridge_period")},
    "training.control": "false",
    "training.learning": "nothing",
    "training.digits": "4",
    "training.site": "middle",
    "mapping.depths": "3",
    "mapping.probe_radius": "1",
    "mapping.probe_depth": "1",
    "normalization.enabled": "false",
    "normalization.release": "gradual",
    "normalization.release_residual": "0.3",
}
"""Another value of everything that a protocol may read."""


def touched(scenario, p) -> list[np.ndarray]:
    """Return what reaches the afferents of each animal, slot by slot: of what does not touch, only that."""
    found = []
    for animal in importlib.import_module(f"scenarios.{scenario.name}").EXPERIMENT.animals(p).values():
        run = animal.protocol(p, Streams(1).stimuli)
        values = {name: run.array(name, (DIGITS,)) for name in STIMULUS}
        for name in values.keys() - {"depth", "severed"}:
            values[name] = values[name] * (values["depth"] > 0)
        for name in ("wave_x", "wave_y", "wave_frequency", "wave_phase"):
            values[name] = values[name] * values["ridged"]
        found += [*values.values(), *(run.array(gate, ()) for gate in ("hold", "plasticity"))]
    return found


def same(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_what_an_experiment_does_not_read_is_refused_and_nothing_else(scenario) -> None:
    p = scenario.resolve(SHORT)
    run, refusing = Run(scenario, p, seed=1), {name for relation in scenario.relations for name in relation.names}
    assert "training.site" in refusing
    assert set(OTHER) >= {name for name in p.names() if name.startswith("training.")}
    normal = touched(scenario, p)
    for name, text in OTHER.items():
        changed = p.override({name: text})
        told = f"{name} = {changed.as_text()[name]}: {scenario.name} does not use it"
        if name in refusing:
            for taking in (scenario.resolve, run.with_values):
                with pytest.raises(UsageError, match=re.escape(told)):
                    taking({name: text})
        else:
            scenario.resolve(SHORT | {name: text})
        if name != "training.site":  # the disc has a place, but all measures are of tips
            assert (name in refusing) == same(normal, touched(scenario, changed)), name


def test_a_value_that_is_not_read_ends_the_command(cortex) -> None:
    outcome = cortex("run", "syndactyly", "-p", "training.digits=4")
    assert outcome.code == 2
    assert "does not use it: leave it at 2,3, or write an experiment of your own" in " ".join(outcome.err.split())


@pytest.mark.slow
@pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
def test_a_quick_run_is_complete(scenario, tmp_path: Path) -> None:
    result = api.run(scenario, {}, seed=700, output=tmp_path, quick=True)
    drawn = {path.stem for path in (result.folder / "figures").iterdir()}
    assert {scenario.main_figure, "sheet"} <= drawn
    record = json.loads((result.folder / "run.json").read_text())
    assert set(record["measures"]) >= set(scenario.expected)
