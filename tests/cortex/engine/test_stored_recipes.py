"""Stored recipes: they are verified before use, and not used once anything that enters the program has changed."""

import importlib
import json
import logging
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path

import brian2
import pytest

from cortex.engine import Recipe, cache, compiler, recipes
from cortex.engine.entry import digest
from cortex.engine.program import from_json
from cortex.engine.simulation import prepare
from cortex.errors import EnvironmentProblem
from cortex.experiment.parameters import Parameters, parameter
from tests.cortex.engine import fake

MODEL = """
from brian2 import Network, NeuronGroup, ms
from cortex.engine import Model

BUILT = []

def build(n):
    BUILT.append(n)
    cells = NeuronGroup(n, "dv/dt = -v / (3*ms) : 1", method="exact", name="cells", namespace={})
    cells.v = range(n)
    return Model(Network(cells, name="network"), {}, {"v": cells.v}, 1 * ms, 0.1 * ms)

def build_from(p):
    return build(p.number)
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module that builds a model, and counts how often it does."""
    (tmp_path / "stored_model.py").write_text(MODEL)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    imported = importlib.import_module("stored_model")
    monkeypatch.setattr(recipes, "STARTED", time.time() + 1)
    yield imported
    sys.modules.pop("stored_model")


@pytest.fixture
def prepared(module, tmp_path, monkeypatch):
    """Returns how often the model has been built, after it is prepared."""
    monkeypatch.setenv("CXX", str(fake.compiler(tmp_path)))

    def prepared() -> int:
        prepare(Recipe(module.build, (5,)), {}, cache=tmp_path / "cache")
        return len(module.BUILT)

    return prepared


@pytest.fixture
def stored(prepared, tmp_path):
    """The folder of a stored recipe."""
    assert [prepared(), prepared()] == [1, 1]
    [stored] = (tmp_path / "cache").glob("*.recipe")
    return stored


def flip(file: Path, position: int = -1) -> None:
    content = bytearray(file.read_bytes())
    content[position] ^= 1
    file.write_bytes(content)


def replaced_by(text: str | None, file: Path) -> None:
    file.unlink()
    file.mkdir() if text is None else file.write_text(text)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was told to the user."""
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


ARRAY = "static_arrays/_static_array_constants"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda stored: flip(stored / ARRAY), id="array: a bit"),
        pytest.param(lambda stored: (stored / ARRAY).write_bytes(b""), id="array: empty"),
        pytest.param(lambda stored: (stored / ARRAY).unlink(), id="array: gone"),
        pytest.param(lambda stored: replaced_by(None, stored / ARRAY), id="array: a folder"),
        pytest.param(lambda stored: (stored / ARRAY).rename(stored / "static_arrays" / "other"), id="array: renamed"),
        pytest.param(lambda stored: flip(stored / "program.json", 20), id="program.json: a bit"),
        pytest.param(lambda stored: (stored / "program.json").write_text("{"), id="program.json: cut"),
        pytest.param(lambda stored: (stored / "sources.json").write_text("{}"), id="sources.json: other"),
        pytest.param(lambda stored: shutil.rmtree(stored / "static_arrays"), id="no arrays"),
        pytest.param(lambda stored: (shutil.rmtree(stored), stored.write_text("")), id="a file"),
    ],
)
def test_a_damaged_recipe_is_told_and_made_again(damage, stored, prepared, caplog):
    before = {file.name: file.read_bytes() for file in (stored / "static_arrays").iterdir()}
    damage(stored)
    assert [prepared(), prepared()] == [2, 2]
    [message] = warnings(caplog)
    assert f"{stored} was damaged" in message
    assert {file.name: file.read_bytes() for file in (stored / "static_arrays").iterdir()} == before


def test_a_damaged_binary_is_not_used_by_its_recipe(stored, prepared, tmp_path, caplog):
    [binary] = (entry for entry in (tmp_path / "cache").glob("*-*") if not entry.suffix)
    binary.write_text("#!/bin/sh\nexit 1\n")
    assert [prepared(), prepared()] == [2, 2]
    assert f"{binary} was damaged" in caplog.text
    assert binary.read_text() == "#!/bin/sh\nexit 0\n"


@pytest.mark.parametrize("entry", ["/bin/true", "../../a-b", "simulation"])
def test_a_recipe_names_no_program_outside_of_the_cache(entry, stored, prepared):
    program = json.loads((stored / "program.json").read_text())
    (stored / "program.json").write_text(json.dumps({**program, "entry": entry}))
    crafted = stored.with_name(f"{stored.name.partition('-')[0]}-{digest(stored)}.recipe")
    stored.rename(crafted)
    assert [prepared(), prepared()] == [2, 2]
    assert not crafted.exists()


@pytest.mark.parametrize("file", ["/etc/passwd", "../results", "a/../../b"])
def test_a_recipe_reads_no_array_outside_of_its_results(file, stored):
    program = json.loads((stored / "program.json").read_text())
    assert from_json(json.dumps(program), stored, stored).arrays["v"].file == program["arrays"]["v"]["file"]
    program["arrays"]["v"]["file"] = file
    with pytest.raises(ValueError, match="is no name of a file"):
        from_json(json.dumps(program), stored, stored)


def test_preferences_that_change_in_the_process_are_seen(stored, prepared, tmp_path):
    before = brian2.prefs["codegen.cpp.extra_compile_args_gcc"]
    try:
        brian2.prefs["codegen.cpp.extra_compile_args_gcc"] = ["-w", "-O0", "-std=c++11"]
        assert [prepared(), prepared()] == [2, 2]
        [first, second] = [call for call in (tmp_path / "calls").read_text().splitlines() if " -o " in call]
        assert "-O0" not in first
        assert "-O0" in second
    finally:
        brian2.prefs["codegen.cpp.extra_compile_args_gcc"] = before
    assert prepared() == 2


def test_everything_that_decides_a_program_is_in_the_key(module, monkeypatch):
    machine = compiler.Compiler(("c++",), "version 1", "version 1, of this processor")

    def key(build="build", n=5, compiler=machine, settings=("cpp", "double")):
        return recipes.key(Recipe(f"stored_model:{build}", (n,)), compiler, settings)

    keys = [key(), key("other"), key(n=6), key(settings=("plain", "double")), key(settings=("cpp", "single"))]
    keys += [key(compiler=replace(machine, target="another")), key(compiler=replace(machine, command=("g++",)))]
    for place, name, value in [
        (recipes.preferences, "known", lambda: "changed"),
        (recipes.sys, "version", "another Python"),
        (recipes.sys, "path", ["/elsewhere", *sys.path]),
        (recipes, "INSTALLED", []),
        (recipes, "PACKAGE", Path("/elsewhere")),
    ]:
        with monkeypatch.context() as patched:
            patched.setattr(place, name, value)
            keys.append(key())
    assert None not in keys
    assert len(set(keys)) == len(keys)
    assert key() == keys[0]


def test_a_recipe_in_a_cache_of_others_is_not_used(stored, prepared, tmp_path):
    (tmp_path / "cache").chmod(0o777)
    with pytest.raises(EnvironmentProblem, match="others may write"):
        prepared()


def test_a_recipe_whose_program_is_gone_is_made_again(stored, prepared, tmp_path, caplog):
    cache.clear(tmp_path / "cache")
    assert [prepared(), prepared()] == [2, 2]
    assert warnings(caplog) == []


class Cells(Parameters):
    """Parameters of the stored model, which takes the number of its cells alone."""

    number: int = parameter(5, "Cells.")
    rate: float = parameter(1.0, "What the model does not read.")


def test_parameters_that_building_does_not_read_need_no_building(module, tmp_path, monkeypatch):
    monkeypatch.setenv("CXX", str(fake.compiler(tmp_path)))

    def built(**values) -> int:
        prepare(Recipe(module.build_from, (Cells(**values),)), {}, cache=tmp_path / "cache")
        return len(module.BUILT)

    assert [built(), built(rate=2.0), built(number=6), built(number=6, rate=3.0), built(rate=4.0)] == [1, 1, 2, 2, 2]
    assert module.BUILT == [5, 6]
