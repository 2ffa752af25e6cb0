"""A run keeps all code that its numbers depend on, where it can be executed again, or says what it lacks."""

import functools
import importlib
import json
import sys
from dataclasses import replace
from types import ModuleType

import pytest

from cortex import api
from cortex.errors import UsageError
from cortex.experiment.identity import Run
from cortex.experiment.repeat import recorded_run

SHORT = {"duration": "0.1 s"}


@pytest.fixture
def run(tmp_path):
    return functools.partial(
        api.run, parameters=SHORT, backend="numpy", figures=False, output=tmp_path / "results" / "tiny"
    )


@pytest.fixture
def imported(tiny, tmp_path, monkeypatch):
    """A scenario module that is imported, not read from its file."""
    text = tiny.read_text().replace("EQUATIONS =", "FACTOR = 1\nEQUATIONS =", 1)
    (tmp_path / "kept_tiny.py").write_text(text.replace('"rate": len(times)', '"rate": FACTOR * len(times)'))
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield importlib.import_module("kept_tiny")
    sys.modules.pop("kept_tiny", None)


def kept_files(result):
    return sorted(path.relative_to(result.folder).as_posix() for path in result.folder.rglob("*.py"))


def test_a_neighbour_called_scenario_and_modules_elsewhere_are_kept(tiny, tmp_path, monkeypatch, run):
    for place, text in {
        "lib/kept_lab/__init__.py": "",
        "lib/kept_lab/tools.py": "from . import more\ndef factor(): return more.F",
        "lib/kept_lab/more.py": "F = 2",
        "work/scenario.py": "FACTOR = 3",
    }.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(text)
    monkeypatch.syspath_prepend(tmp_path / "lib")
    imports = "import scenario\nfrom kept_lab.tools import factor\nimport numpy as np"
    text = tiny.read_text().replace("import numpy as np", imports)
    text = text.replace('"rate": len(times)', '"rate": scenario.FACTOR * factor() * len(times)')
    (tmp_path / "work" / "mine.py").write_text(text)
    result = run(tmp_path / "work" / "mine.py")
    modules = ["__init__.py", "more.py", "tools.py"]
    lab = [f"modules/kept_lab/{name}" for name in modules]
    assert kept_files(result) == [*lab, "modules/scenario.py", "scenario.py"]
    (tmp_path / "lib" / "kept_lab" / "more.py").write_text("F = 55")
    again, first = recorded_run(result.folder, trust=True)
    assert again.id == first.run
    repeated = run(again.scenario, output=tmp_path / "again")
    assert repeated.measures == first.measures
    assert sys.modules["kept_lab.more"].__file__ == str(result.folder / "modules" / "kept_lab" / "more.py")
    monkeypatch.setattr(sys, "path", [path for path in sys.path if str(tmp_path) not in path])


def test_a_scenario_that_was_imported_is_kept(imported, run, tmp_path):
    result = run(imported.SCENARIO)
    assert kept_files(result) == ["modules/kept_tiny.py", "scenario.py"]
    again, first = recorded_run(result.folder, trust=True)
    assert run(again.scenario, output=tmp_path / "again").measures == first.measures


def test_a_changed_global_makes_another_run_that_says_what_it_lacks(imported, run, monkeypatch):
    first = run(imported.SCENARIO)
    monkeypatch.setattr(imported, "FACTOR", 2)
    changed = run(imported.SCENARIO)
    assert changed.measures["rate"] == 2 * first.measures["rate"]
    with pytest.raises(UsageError, match="does not keep all code") as caught:
        recorded_run(changed.folder, trust=True)
    assert list(caught.value.problems) == ["kept_tiny.FACTOR, which was changed after its module was imported"]
    monkeypatch.undo()
    assert run(imported.SCENARIO).run == first.run


def test_functions_of_a_file_that_were_chosen_elsewhere_make_another_run(imported):
    def key(**changes):
        scenario = replace(imported.SCENARIO, **changes)
        return Run(scenario, scenario.parameters).key

    exec("def made(k): return lambda p, recordings: ({'rate': k}, {})", vars(imported))
    keys = [key(), key(title="other"), key(measure=imported.predict), key(measure=imported.measure)]
    keys += [key(analyse=imported.made(number)) for number in (1, 2, 1)]
    assert keys[0] == keys[1]
    assert keys[4] == keys[6]
    assert len(set(keys)) == 5


def test_what_is_typed_in_a_notebook_is_kept_as_text_and_named(tiny, run, monkeypatch):
    space = {"__name__": "__main__", "FACTOR": 7.0}
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))  # as in a notebook, without a file
    exec("def typed(p, recordings): return {'rate': FACTOR}, {}", space)
    result = run(replace(api.catalogue.find(str(tiny)), analyse=space["typed"], measure=None, predict=None))
    assert result.measures["rate"] == 7
    kept = json.loads((result.folder / "not_in_files.json").read_text())
    assert kept["__main__.FACTOR"] == "7.0"
    with pytest.raises(UsageError, match="does not keep all code") as caught:
        recorded_run(result.folder, trust=True)
    assert "__main__.typed" in caught.value.problems


def test_a_module_that_is_not_python_is_named(imported, run, monkeypatch, tmp_path):
    compiled = ModuleType("kept_compiled")
    compiled.__file__ = str(tmp_path / "kept_compiled.so")
    (tmp_path / "kept_compiled.so").write_bytes(b"\x7fELF\xff\x00")
    monkeypatch.setitem(sys.modules, "kept_compiled", compiled)
    exec("import kept_compiled\ndef analyse(p, r): return {'rate': float(bool(kept_compiled))}, {}", vars(imported))
    result = run(replace(imported.SCENARIO, analyse=imported.analyse))
    assert "module kept_compiled" in json.loads((result.folder / "not_in_files.json").read_text())


def test_a_damaged_list_of_what_is_lacking_is_told(imported, run):
    result = run(imported.SCENARIO)
    (result.folder / "not_in_files.json").write_text(json.dumps([1]))
    with pytest.raises(UsageError, match="does not keep all code"):
        recorded_run(result.folder, trust=True)
