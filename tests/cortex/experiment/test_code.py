"""A stored result stands for a run only while the code that makes its numbers is the same."""

import functools
import importlib
import subprocess
import sys
import textwrap
from dataclasses import replace

import pytest

from cortex import api
from cortex.engine.reach import Reached
from cortex.experiment import catalogue
from cortex.experiment.code import user_code
from cortex.experiment.identity import Run

NOTEBOOK = """
import functools, sys
from dataclasses import replace
from cortex.experiment import catalogue
from cortex.experiment.identity import Run

GAIN = {gain}
def inner(): return GAIN
def made(factor): return lambda p, recordings: ({{"rate": factor}}, {{}})
def measured(p, recordings, k=1): return {{"rate": [inner() for _ in "a"][0] * k}}, {{}}
scenario = catalogue.find(sys.argv[1])
analyses = [measured, made({gain}), functools.partial(measured, k={gain}), lambda p, recordings: (lambda: GAIN)()]
print(*(Run(replace(scenario, file=None, analyse=a), scenario.parameters).key for a in analyses))
"""


def keys(tiny, gain):
    program = NOTEBOOK.format(gain=gain)
    return subprocess.check_output([sys.executable, "-c", program, str(tiny)], text=True).split()


def test_an_edit_in_a_notebook_makes_another_run(tiny):
    first, again, edited = keys(tiny, 2.0), keys(tiny, 2.0), keys(tiny, 3.0)
    assert first == again
    assert all(one != other for one, other in zip(first, edited, strict=True))


@pytest.mark.parametrize("name", sorted(catalogue.titles("scenarios")))
def test_shipped_scenarios_have_no_code_of_a_user(name):
    scenario = catalogue.find(name)
    assert user_code(Reached(scenario.functions), scenario.file) == ""
    assert user_code(Reached(replace(scenario, analyse=functools.partial(scenario.analyse)).functions)) == ""


def scenario_with_a_neighbour(folder, tiny, factor):
    folder.mkdir(exist_ok=True)
    (folder / "neighbour.py").write_text(f"FACTOR = {factor}\n")
    text = tiny.read_text().replace("import numpy as np", "import neighbour\nimport numpy as np")
    (folder / "mine.py").write_text(text.replace('"rate": len(times)', '"rate": neighbour.FACTOR * len(times)'))
    return folder / "mine.py"


def test_what_lies_beside_a_file_is_part_of_its_runs(tiny, tmp_path):
    short = {"duration": "0.1 s"}
    run = functools.partial(api.run, parameters=short, backend="numpy", figures=False, output=tmp_path / "results")
    plain = run(tiny).measures["rate"]
    first = run(scenario_with_a_neighbour(tmp_path / "a", tiny, 2))
    other = run(scenario_with_a_neighbour(tmp_path / "b", tiny, 5))
    edited = run(scenario_with_a_neighbour(tmp_path / "a", tiny, 3))
    assert [result.measures["rate"] / plain for result in (first, other, edited)] == [2, 5, 3]
    assert len({first.run, other.run, edited.run}) == 3
    assert (first.folder / "modules" / "neighbour.py").read_text() == "FACTOR = 2\n"
    repeated = catalogue.find(str(first.folder / "scenario.py"))
    assert Run(repeated, repeated.resolve(short)).id == first.run


def test_an_edited_number_that_a_file_imports_makes_another_run(tiny, tmp_path):
    keys = []
    for factor in (2, 3, 2):
        file = scenario_with_a_neighbour(tmp_path / "a", tiny, factor)
        file.write_text(file.read_text().replace("import neighbour", "from neighbour import FACTOR"))
        file.write_text(file.read_text().replace("neighbour.FACTOR", "FACTOR"))
        scenario = catalogue.find(str(file))
        keys.append(Run(scenario, scenario.parameters).key)
    assert keys[0] == keys[2] != keys[1]


def test_an_edit_of_either_of_two_files_of_one_name_makes_another_run(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    codes = set()
    for number, values in enumerate([(1, 1), (1, 2), (2, 1)]):
        functions = []
        for package, value in zip(("first", "second"), values, strict=True):
            folder = tmp_path / f"{package}{number}"
            folder.mkdir()
            (folder / "__init__.py").write_text(f"def factor(): return {value}")
            functions.append(importlib.import_module(folder.name).factor)
        code = user_code(Reached(functions))
        codes.add(code.replace(f"first{number}", "first").replace(f"second{number}", "second"))
    assert len(codes) == 3


def test_a_study_stops_when_a_neighbour_of_its_file_changes(cortex, tiny, tmp_path):
    file = scenario_with_a_neighbour(tmp_path / "a", tiny, 2)
    words = ("study", file, "-p", "jitter=0.1,0.2", "-p", "duration=0.1 s", "-j", "1", "--backend", "numpy")
    assert cortex(*words).code == 0
    scenario_with_a_neighbour(tmp_path / "a", tiny, 3)
    outcome = cortex(*words, "--seeds", "2")
    assert outcome.code == 2
    assert "files beside the scenario" in outcome.err


def test_a_rule_registered_anew_makes_another_run(tmp_path):
    program = textwrap.dedent(
        """
        import sys
        from cortex.experiment import catalogue
        from cortex.experiment.identity import Run
        from cortex.mechanisms.copying import RULES, Rule
        keys = []
        for factor in "12":
            RULES.register("mine", Rule(on_post=f"w = {factor}*w"))
            scenario = catalogue.find("copy_pair")
            run = Run(scenario, scenario.resolve({"copying.rule": "mine"}))
            keys.append(run.key)
        shipped = Run(scenario, scenario.resolve({}))
        assert shipped.with_values({"copying.rule": "mine"}).key == run.key
        assert run.with_values({"copying.rule": "hebbian"}).key == shipped.key
        print(len(set(keys)))
        """
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "2"


def test_a_run_keeps_what_it_was_made_of_though_the_files_are_edited_meanwhile(tiny, tmp_path):
    file = scenario_with_a_neighbour(tmp_path / "a", tiny, 2)
    edit = "    for edited in ('mine.py', 'neighbour.py'):\n        (HERE / edited).write_text('FACTOR = 9')\n"
    here = "HERE = Path(__file__).parent\n"
    text = file.read_text().replace("def measure(p, recordings):\n", f"def measure(p, recordings):\n{edit}")
    text = text.replace("import neighbour\n", f"from pathlib import Path\nimport neighbour\n{here}")
    written = text.replace("\n", "\r\n").encode()
    file.write_bytes(written)
    result = api.run(file, {"duration": "0.1 s"}, backend="numpy", figures=False, output=tmp_path / "results")
    assert file.read_text() == "FACTOR = 9"
    assert (result.folder / "scenario.py").read_bytes() == written
    assert (result.folder / "modules" / "neighbour.py").read_text() == "FACTOR = 2\n"
    repeated = catalogue.find(str(result.folder / "scenario.py"))
    assert Run(repeated, repeated.resolve({"duration": "0.1 s"})).id == result.run


def test_a_module_that_is_imported_anew_is_read_anew(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (tmp_path / "edited_later.py").write_text("def rate(): return 1\n")
    import edited_later

    first = user_code(Reached([edited_later.rate]))
    (tmp_path / "edited_later.py").write_text("def rate(): return 22\n")
    assert user_code(Reached([edited_later.rate])) == first  # which is what runs
    importlib.reload(edited_later)
    assert "return 22" in user_code(Reached([edited_later.rate]))


def test_a_package_beside_a_file_is_kept_in_its_place(tiny, tmp_path):
    (tmp_path / "helpers").mkdir()
    (tmp_path / "helpers" / "__init__.py").write_text("")
    (tmp_path / "helpers" / "factor.py").write_text("def factor(): return 2\n")
    text = tiny.read_text().replace("import numpy as np", "from helpers.factor import factor\nimport numpy as np")
    (tmp_path / "mine.py").write_text(text.replace('"rate": len(times)', '"rate": factor() * len(times)'))
    result = api.run(tmp_path / "mine.py", {"duration": "0.1 s"}, backend="numpy", figures=False, output=tmp_path / "x")
    assert (result.folder / "modules" / "helpers" / "factor.py").read_text() == "def factor(): return 2\n"
