"""The Python door: its documented examples run, and old names work with a note."""

import doctest
import importlib
import re
import subprocess
import sys
import warnings

import pytest

import cortex
from cortex import api
from cortex.errors import UsageError


def test_examples_of_the_documentation_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for module in (cortex, api):  # which show the same run
        outcome = doctest.testmod(module)
        assert outcome.attempted >= 4
        assert outcome.failed == 0


def test_every_public_function_is_documented_with_errors():
    for name in ("run", "load", "study", "compare"):
        text = getattr(cortex, name).__doc__
        for section in ("Parameters\n", "Returns\n", "Raises\n"):
            assert section in text, (name, section)
    assert set(dir(cortex)) >= {"run", "load", "study", "compare", "main"}


def test_a_name_stays_a_function_when_its_package_is_imported():
    program = "import cortex, cortex.studies.session, cortex.studies.comparison; print(*map(callable, map(lambda n: getattr(cortex, n), ('run', 'load', 'study', 'compare', 'main'))))"  # noqa: E501
    assert set(subprocess.check_output([sys.executable, "-c", program], text=True).split()) == {"True"}


@pytest.mark.parametrize("number", [0, -1, "two", 1.5])
def test_threads_are_a_number_from_one(tiny, tmp_path, number):
    with pytest.raises(UsageError, match=re.escape(f"threads={number!r} is no number of threads")):
        cortex.run(tiny, threads=number, output=tmp_path)


def test_nothing_is_printed_and_a_study_resumes(tiny, tmp_path, capfd):
    vary = {"jitter": [0.1, 0.2]}
    options = {"seeds": 2, "jobs": 1, "backend": "numpy", "output": tmp_path}
    state = cortex.study(tiny, vary, parameters={"duration": "0.1 s"}, **options)
    assert state.summary["complete"] == 4
    stamps = {run.run: (run.folder / "run.json").stat().st_mtime_ns for run in cortex.load(tmp_path)}
    again = cortex.study(tiny, vary, parameters={"duration": "0.1 s"}, **options)
    assert {run.run: (run.folder / "run.json").stat().st_mtime_ns for run in again.runs} == stamps
    comparison = cortex.compare(cortex.load(tmp_path), by="jitter", figures=False)
    assert "rate" in comparison.text
    one_seed = cortex.compare(cortex.load(tmp_path).where(replicate=0), by="jitter", figures=False)
    assert (comparison.runs, one_seed.runs) == (4, 2)
    assert cortex.load(tmp_path).pivot("jitter", "rate").shape == (2, 2)
    assert len(comparison.frame()) > 0
    assert comparison._repr_html_()
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cortex.experiment.engine", "cortex.engine.simulation"),
        ("cortex.codegen", "cortex.engine.codegen"),
        ("cortex.codegen.code_object", "cortex.engine.codegen.code_object"),
    ],
)
def test_modules_are_found_under_their_old_names_with_a_note(old, new):
    sys.modules.pop(old, None)
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always")
        module = importlib.import_module(old)
    assert module is importlib.import_module(new)
    assert module.__spec__.name == new
    assert any(new in str(note.message) for note in noted)
    sys.modules.pop(old, None)


def test_main_is_found_where_files_of_version_0_1_import_it():
    from cortex.experiment import scenario

    assert scenario.main is cortex.main
