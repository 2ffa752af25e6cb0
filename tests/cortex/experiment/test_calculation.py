"""A scenario without a network: calculated, kept, repeated, studied and interrupted like any other."""

import json
import random
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5netcdf
import numpy as np
import pytest
from brian2.units import ms, mV
from threadpoolctl import threadpool_info, threadpool_limits

import cortex as package
from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.experiment.coordinates import Variable
from cortex.experiment.data_file import open_dataset
from cortex.experiment.findings import NOT_FINITE
from cortex.experiment.identity import Run, identity
from cortex.experiment.record import read_record
from cortex.experiment.scenario import Scenario
from tests.cortex.commands.typed import Cortex, start

PAIRS = ("-p", "pairs=100")


@pytest.fixture
def file(cortex: Cortex, tmp_path: Path) -> Path:
    """The file that `cortex new` writes; the folder is the current one."""
    assert cortex("new", "patterns", "--calculation").code == 0
    return tmp_path / "patterns.py"


@pytest.fixture
def scenario(file: Path) -> Scenario:
    return catalogue.find(str(file))


def returning(scenario: Scenario, arms: Any) -> Scenario:
    """Return the scenario with other numbers, of which nothing is measured."""
    nothing = replace(scenario, calculate=lambda p, streams: arms, analyse=lambda p, recordings: ({}, {}), measures=())
    return replace(nothing, figures=lambda p, recordings: {})


def test_the_written_file_meets_its_closed_form_and_its_null_model_does_not(scenario: Scenario, seed: int) -> None:
    full, null = (package.run(scenario, seed=seed, null=null, figures=False) for null in ("", "related"))
    assert full.measures["cosine_ratio"] == pytest.approx(1, abs=0.1)
    assert null.measures["cosine_ratio"] > 5
    assert (full.record["biological_seconds"], full.record["backend"], full.warnings) == (0, "", [])


def test_the_same_seed_gives_the_same_numbers_and_another_one_others(scenario: Scenario, tmp_path: Path) -> None:
    def squared(seed: int, replicate: int, out: str) -> float:
        values = {"pairs": 100}
        run = package.run(scenario, values, seed=seed, replicate=replicate, output=tmp_path / out, figures=False)
        return run.measures["squared_cosine"]

    assert squared(1, 0, "a") == squared(1, 0, "b")
    assert len({squared(1, 0, "a"), squared(2, 0, "a"), squared(1, 1, "a")}) == 3


def test_one_thread_calculates_so_that_numbers_do_not_depend_on_the_machine(scenario: Scenario) -> None:
    def threads() -> list[int]:
        return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]

    seen = []
    counting = replace(returning(scenario, {}), calculate=lambda p, streams: seen.extend(threads()) or {"a": {}})
    with threadpool_limits(2):
        assert set(threads()) == {2}
        package.run(counting)
        assert set(seen) == {1}
        assert set(threads()) == {2}


def test_arrays_keep_units_axes_and_meaning(scenario: Scenario) -> None:
    width = Variable(("width",), np.array([1, 2]), "1", "number of features")
    risk = Variable(("draw", "width"), np.ones((3, 2)), "mV", "error of each fit")
    arms = {"fits": {"width": width, "risk": risk, "bare": [1.0, 2.0], "level": 3 * mV}}
    run = package.run(returning(scenario, arms))
    with h5netcdf.File(run.data) as data:
        variables = data["fits"].variables
        assert variables["risk"].dimensions == ("draw", "width")
        assert [variables["risk"].attrs[name] for name in ("units", "long_name")] == ["mV", "error of each fit"]
        assert (variables["bare"].dimensions, variables["bare"].attrs["units"]) == (("bare_0",), "1")
        assert (variables["level"].attrs["units"], float(variables["level"][...])) == ("V", 0.003)
        assert data.attrs["source"].endswith("a calculation")
    assert run.recordings["fits"]["risk"].shape == (3, 2)
    assert list(open_dataset(run.data)["risk"].coords) == ["width"]


@pytest.mark.parametrize(
    ("arms", "told"),
    [
        ({}, "calculate of patterns returns no arm"),
        ([1], "calculate of patterns returns list"),
        ({"a": 1}, "calculate of patterns returns other things than Mapping"),
        ({"a/b": {}}, "arms of patterns cannot be called"),
        ({"a": {"x": "text"}}, ""),
        ({"a": {"x": None}}, "returns 'x', which is no array of numbers"),
        ({"a": {"x": 1j}}, "returns 'x', which is no array of numbers"),
    ],
)
def test_what_is_no_named_array_is_told(scenario: Scenario, arms: Any, told: str) -> None:
    odd = returning(scenario, arms)
    if not told:
        assert package.run(odd).recordings["a"]["x"] == "text"
        return
    with pytest.raises(UsageError, match=told):
        package.run(odd)


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"x": Variable(("draw",), np.ones((2, 2)), "1", "x")}, "x has 2 axes"),
        ({"x.i": np.ones(2)}, "no blank, no slash and no dot"),
        ({"x": Variable(("a",), np.ones(2), "1", "x"), "y": Variable(("a",), np.ones(3), "1", "y")}, "3 elements"),
        ({"x": Variable("draw", np.ones(2), "1", "x")}, "axes are called 'draw'"),
        ({"x": Variable(("a", "a"), np.ones((2, 2)), "1", "x")}, "two axes of one name"),
        ({"x": Variable(("a b",), np.ones(2), "1", "x")}, '"a b" of x: a name of an axis has no blank'),
        ({"x": Variable(("a",), np.ones(2), "furlong", "x")}, "unit 'furlong' is none"),
        ({"x": Variable(("a",), np.ones(2), None, "x")}, "unit None is none"),
        ({3: np.ones(2)}, "a name that is no text"),
        ({"a/b": np.ones(2)}, "no slash"),
        ({"x": Variable(("a/b",), np.ones(2), "1", "x")}, "no slash"),
        ({"x": Variable(("a",), np.ones(2) * ms, "mV", "x")}, "another unit than 'mV'"),
        ({"x": [[1, 2], [3]]}, "no array of numbers"),
        ({"x": np.ma.masked_less(np.ones(2), 2)}, "a masked array"),
    ],
)
def test_axes_that_do_not_fit_are_told(scenario: Scenario, variables: Any, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        package.run(returning(scenario, {"a": variables}))


def test_global_random_numbers_are_those_of_the_seed(scenario: Scenario, tmp_path: Path) -> None:
    def calculate(p: Any, streams: Any) -> dict[str, Any]:
        return {"a": {"x": [np.random.rand(), random.random()]}}  # noqa: NPY002

    odd = replace(scenario, calculate=calculate, analyse=lambda p, recordings: ({}, {}), measures=(), main_figure="",
                  figures=lambda p, recordings: {})  # fmt: skip
    before = np.random.get_state()[2], random.getstate()  # noqa: NPY002
    drawn = [package.run(odd, seed=seed, output=tmp_path / out).recordings["a"]["x"].tolist()
             for out, seed in (("one", 0), ("two", 0), ("three", 1))]  # fmt: skip
    assert drawn[0] == drawn[1] != drawn[2]
    assert (np.random.get_state()[2], random.getstate()) == before  # noqa: NPY002


def test_quantities_keep_their_unit(scenario: Scenario) -> None:
    arrays = {"x": Variable(("a",), np.ones(2) * ms, "us", "x"), "y": [1 * ms, 2 * ms], "z": np.ones(2) * ms}
    recording = package.run(returning(scenario, {"a": arrays})).recordings["a"]
    assert recording.units == {"x": "us", "y": "s", "z": "s"}
    assert {name: recording[name].tolist() for name in arrays} == {
        "x": pytest.approx([1000, 1000]), "y": pytest.approx([0.001, 0.002]), "z": pytest.approx([0.001, 0.001]),
    }  # fmt: skip


def test_numbers_that_are_none_are_found_and_measures_say_why(scenario: Scenario) -> None:
    [measure, *_] = scenario.measures
    odd = replace(
        returning(scenario, {"a": {"x": np.array([1, np.inf])}}),
        analyse=lambda p, recordings: ({"squared_cosine": float("nan")}, {}),
        measures=(replace(measure, unless=(NOT_FINITE,)),),
    )
    run = package.run(odd)
    [warning] = run.warnings
    assert warning.startswith(f"{NOT_FINITE} (in the calculation): arm a: x")
    assert run.record["missing"] == {"squared_cosine": f"does not apply: {NOT_FINITE}"}


def test_a_scenario_has_a_network_or_a_calculation(scenario: Scenario, tiny: Path) -> None:
    network = catalogue.find(str(tiny))
    with pytest.raises(UsageError, match="tiny has both calculate and build, arms, phases"):
        replace(network, calculate=scenario.calculate)
    with pytest.raises(UsageError, match="patterns has neither build nor calculate"):
        replace(scenario, calculate=None)


def test_changed_code_is_another_run(scenario: Scenario, file: Path) -> None:
    before = Run(scenario, scenario.parameters).id
    file.write_text(file.read_text().replace("axis=1", "axis=-1"))
    assert Run(catalogue.find(str(file)), scenario.parameters).id != before


def test_a_calculation_given_elsewhere_counts_too(scenario: Scenario) -> None:
    def other(p: Any, streams: Any) -> dict[str, Any]:
        return {"a": {}}

    assert identity(replace(scenario, file=None, calculate=other)) != identity(replace(scenario, file=None))


def test_a_backend_is_refused_by_run_and_study(cortex: Cortex, file: Path) -> None:
    for words in (("run", file), ("run", file, "-n"), ("study", file, "--seeds", "2")):
        outcome = cortex(*words, *PAIRS, "--backend", "numpy")
        assert (outcome.code, "no backend simulates it" in outcome.err) == (2, True)


def test_a_precision_is_refused_by_run_and_study(cortex: Cortex, file: Path) -> None:
    for words in (("run", file), ("study", file, "--seeds", "2")):
        outcome = cortex(*words, *PAIRS, "--precision", "single")
        assert (outcome.code, "it has no precision" in outcome.err) == (2, True)


def test_a_run_is_repeated_from_what_it_keeps(cortex: Cortex, file: Path) -> None:
    assert cortex("run", file, *PAIRS).code == 0
    [run] = file.parent.glob("results/patterns/runs/*")
    file.unlink()
    outcome = cortex("run", run, "--trust")
    assert (outcome.code, "all measures are identical" in outcome.out) == (0, True)
    assert cortex("export", run, "a.nwb").err.startswith(f"error: {run} was calculated")


def test_a_study_tells_what_it_costs_once_a_run_is_done(cortex: Cortex, file: Path) -> None:
    words = ("study", file, *PAIRS, "--null", "related", "-j", "1")
    assert "time  not known before a run is done" in cortex(*words, "--seeds", "1", "-n").out
    assert json.loads(cortex(*words, "--seeds", "1", "-n", "--json").out)["cost"]["seconds"] is None
    assert "complete  2 of 2" in cortex(*words, "--seeds", "1").out
    cost = cortex(*words, "--seeds", "3", "-n").out
    assert "(as the 2 runs that are done)" in cost
    assert "networks" not in cost
    assert "cosine_ratio" in cortex("compare", "results/patterns_study").out


def test_show_and_plan_tell_that_there_is_no_network(cortex: Cortex, file: Path) -> None:
    assert "calculated by a function of its own" in cortex("show", file).out
    plan = cortex("run", file, "-n").out
    assert "1, calculated without a network" in plan
    assert "phase" not in plan


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_an_interrupted_calculation_is_made_anew(cortex: Cortex, file: Path, number: signal.Signals, code: int) -> None:
    text = file.read_text()
    marked = "    rng = streams.stimuli"
    waits = "    import os, time\n    print('begun')\n    time.sleep(0 if os.path.exists('go') else 60)\n"
    file.write_text(text.replace(marked, waits + marked))
    process = start(file.parent, "run", file, *PAIRS)
    assert process.stderr is not None
    assert any("begun" in line for line in process.stderr)
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == code
    [left] = file.parent.glob("results/patterns/runs/*")
    assert left.suffix == ".partial"
    assert read_record(left) is None
    (file.parent / "go").touch()
    assert cortex("run", file, *PAIRS).code == 0
    [run] = file.parent.glob("results/patterns/runs/*")
    assert run.name == left.stem
