"""Recipes: a model compiled before is simulated without being built, unless anything that decides it has changed."""

import functools
import importlib
import os
import shutil
import subprocess
import sys
import textwrap
import time

import brian2
import numpy as np
import pytest
from brian2 import Hz

from cortex.engine import Arm, Recipe, compiler, recipes, simulate
from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.registry import Registry
from models import pair
from models.pair import parameters

pytestmark = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

HELPER = "RATE = 150"
MODEL = """
from brian2 import Hz, Network, NeuronGroup, SpikeMonitor, StateMonitor, TimedArray, ms
from cortex.engine import Model
from {helper} import RATE

BUILT = []

def build(n, drive):
    BUILT.append(n)
    current = TimedArray(drive * Hz, dt=10 * ms, name="current")
    cells = NeuronGroup(n, "dv/dt = current(t) : 1\\ngain : Hz (shared, constant)", threshold="v > 1 + rand()",
                        reset="v = 0", method="euler", name="cells", namespace={{"current": current}})
    cells.v = RATE / 1000
    monitors = [SpikeMonitor(cells, name="spikes"), StateMonitor(cells, "v", record=True, dt=10 * ms, name="trace")]
    inputs = {{"v": cells.v, "current": current, "gain": cells.gain}}
    outputs = {{"v": cells.v, "gain": cells.gain}}
    return Model(Network(cells, *monitors, name="network"), inputs, outputs, 40 * ms, 0.1 * ms)
"""
DRIVE = np.full(4, 300.0)


@pytest.fixture
def module(tmp_path, monkeypatch, request):
    """A module that builds a model, and counts how often it does."""
    name = f"model_{abs(hash(request.node.name))}"
    (tmp_path / f"{name}_helper.py").write_text(HELPER)
    (tmp_path / f"{name}.py").write_text(textwrap.dedent(MODEL.format(helper=f"{name}_helper")))
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    imported = importlib.import_module(name)
    monkeypatch.setattr(recipes, "STARTED", time.time() + 0.01)
    time.sleep(0.02)
    yield imported
    for part in (name, f"{name}_helper"):
        sys.modules.pop(part)


@pytest.fixture(scope="session")
def binaries(tmp_path_factory):
    """A cache that tests share: their recipes are different ones, of the same programs."""
    return tmp_path_factory.mktemp("binaries")


@pytest.fixture
def spikes(module, binaries):
    """Returns the recording of a recipe; a recipe that was compiled before is not built."""

    def run(seed=1, build=None, arguments=(5, DRIVE), cache=binaries, **inputs):
        recipe = Recipe(build or module.build, arguments)
        simulation = simulate(recipe, {"arm": Arm(inputs, seed)}, backend="cpp", cache=cache)
        return simulation.recordings["arm"]

    return run


def assert_same(first, second):
    assert list(first) == list(second)
    assert first.units == second.units
    assert first.simulated_time == second.simulated_time
    for name, values in first.items():
        np.testing.assert_array_equal(values, second[name], err_msg=name)
        assert values.dtype == second[name].dtype


def test_a_known_recipe_is_not_built_again_and_simulates_the_same(module, spikes):
    first, again = spikes(), spikes()
    assert module.BUILT == [5]
    assert_same(first, again)
    assert len(first["spikes.t"]) > 20
    assert first["trace.v"].shape == (4, 5)
    assert first["gain"].shape == ()


def test_seeds_and_inputs_need_no_building(module, spikes):
    first = spikes()
    assert not np.array_equal(spikes(seed=2)["spikes.t"], first["spikes.t"])
    faster = spikes(current=np.full(4, 900.0) * Hz, v=np.linspace(0, 1, 5))
    assert len(faster["spikes.t"]) > 1.5 * len(first["spikes.t"])
    assert module.BUILT == [5]


def test_inputs_are_checked_as_when_it_is_built(spikes):
    for _ in range(2):
        with pytest.raises(ValueError, match=r"'v' has shape \(4,\), the model expects \(5,\)"):
            spikes(v=np.zeros(4))
        with pytest.raises(ValueError, match="no input 'w'; it has v, current, gain"):
            spikes(w=1.0)
        with pytest.raises(brian2.DimensionMismatchError, match="input 'gain'"):
            spikes(gain=1.0)
        spikes(gain=1 * Hz)


def test_another_definition_of_a_chosen_name_is_another_recipe():
    rules = Registry("rule", {"hebb": "w*x*y"})

    class Chosen(Parameters):
        rule: str = parameter("hebb", "A rule.", choices=rules, per_run=False)

    def key():
        return recipes.key(Recipe(pair.build, (Chosen(rule="mine"),)), compiler.find_compiler(), ())

    rules.register("mine", "x")
    first = key()
    assert first == key() is not None
    rules.register("mine", "y")
    assert key() != first


def test_other_arguments_are_another_recipe(module, spikes):
    spikes()
    spikes(arguments=(6, DRIVE))
    spikes(arguments=(5, DRIVE + 1))
    spikes(arguments=(5, DRIVE))
    assert module.BUILT == [5, 6, 5]


@pytest.mark.parametrize("part", ["", "_helper"])
def test_changed_sources_are_seen(part, module, spikes, tmp_path, monkeypatch):
    spikes()
    with (tmp_path / f"{module.__name__}{part}.py").open("a") as file:
        file.write("\n# changed\n")
    spikes()
    spikes()
    assert module.BUILT == [5, 5, 5]  # never kept: what is imported is not what is written now
    monkeypatch.setattr(recipes, "STARTED", time.time())
    spikes()
    spikes()
    assert module.BUILT == [5, 5, 5, 5]


def test_another_compiler_is_seen(module, spikes, tmp_path, monkeypatch):
    spikes()
    other = tmp_path / "c++"
    other.write_text(f'#!/bin/sh\nexec {" ".join(compiler.find_compiler().command)} "$@"\n')
    other.chmod(0o755)
    monkeypatch.setenv("CXX", str(other))
    spikes()
    assert module.BUILT == [5, 5]


def test_a_program_that_was_removed_is_made_again(module, spikes, tmp_path):
    spikes = functools.partial(spikes, cache=tmp_path / "cache")
    first = spikes()
    for file in (tmp_path / "cache").iterdir():
        if file.is_file():
            file.unlink()
    assert_same(first, spikes())
    for folder in (tmp_path / "cache").glob("*.recipe"):
        shutil.rmtree(folder)
    assert_same(first, spikes())
    assert module.BUILT == [5, 5, 5]


@pytest.mark.parametrize("argument", [object(), np.array([object()]), {1, 2}, lambda: 5])
def test_a_recipe_whose_arguments_cannot_be_hashed_is_always_built(argument):
    recipe = Recipe(pair.build, (argument,))
    assert recipes.key(recipe, compiler.find_compiler(), ()) is None


def test_a_changed_global_of_the_module_makes_another_recipe(module, monkeypatch):
    def key():
        return recipes.key(Recipe(module.build, (5, DRIVE)), compiler.find_compiler(), ())

    first = key()
    module.BUILT.append(5)  # what the module writes itself does not count
    assert key() == first
    monkeypatch.setattr(module, "RATE", 300)
    assert key() != first
    monkeypatch.undo()
    monkeypatch.setattr(module, "NeuronGroup", brian2.PoissonGroup)
    assert key() != first


def test_local_functions_are_always_built(module, spikes):
    def build(n, drive):
        return module.build(n, drive)

    spikes(build=build)
    spikes(build=build)
    spikes(build=lambda n, drive: module.build(n, drive))
    assert module.BUILT == [5, 5, 5]


def test_methods_are_always_built(module, spikes):
    class Variant:
        def build(self, n, drive):
            return module.build(n, drive)

    assert not Recipe(Variant().build).plain
    assert not Recipe(functools.wraps(module.build)(lambda n, drive: None)).plain
    assert not Recipe(functools.partial(module.build, 5)).plain
    assert Recipe(module.build).plain


def test_damaged_recipes_are_made_again(module, spikes, tmp_path):
    spikes = functools.partial(spikes, cache=tmp_path / "cache")
    first = spikes()
    [known] = (tmp_path / "cache").glob("*.recipe")
    (known / "program.json").write_text('{"inputs": {"v": {"other": 1}}}')
    assert_same(first, spikes())
    assert module.BUILT == [5, 5]
    assert_same(first, spikes())
    assert module.BUILT == [5, 5]


def test_the_templates_are_sources():
    names = {file.name for file in recipes._sources()}
    assert {"threshold.cpp", "random.h", "recipes.py"} <= names


def test_parameters_and_quantities_distinguish_recipes():
    machine = compiler.find_compiler()
    values = [1, 1.0, True, "1", None, [1], [[1]], {"a": 1}, np.ones(2), np.ones((2, 1)), np.ones(2, "f4"),
              np.ones(2) * Hz, 1 * Hz, parameters.Skin(), parameters.Training(),
              [parameters.Skin(length=12.0)], [parameters.Skin(peak_rate="61 Hz")]]  # fmt: skip
    keys = [recipes.key(Recipe(pair.build, (value,)), machine, ()) for value in values]
    assert None not in keys
    assert len(set(keys)) == len(keys)
    again = [recipes.key(Recipe(pair.build, (value,)), machine, ()) for value in values]
    assert again == keys


def test_a_recipe_given_by_name_is_simulated_without_brian2(module, spikes, binaries, tmp_path):
    program = f"""
import sys
import numpy as np
from pathlib import Path
from cortex.engine import Arm, Recipe, simulate
recipe = Recipe("{module.__name__}:build", (5, np.full(4, 300.0)))
arms = {{"arm": Arm({{"v": np.linspace(0, 1, 5)}}, 7)}}
recording = simulate(recipe, arms, cache=Path({str(binaries)!r})).recordings["arm"]
print(len(recording["spikes.t"]), "brian2" in sys.modules)
"""
    words = [sys.executable, "-c", program]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(["", str(tmp_path), *sys.path])}
    runs = [subprocess.run(words, env=environment, capture_output=True, text=True).stdout.split() for _ in range(2)]
    assert runs[0][1] == "True"
    assert runs[1] == [runs[0][0], "False"]
    assert len(spikes(seed=7, v=np.linspace(0, 1, 5))["spikes.t"]) == int(runs[0][0]) > 20
