"""The study file and what it says of mistakes."""

import json
import re
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest

import scenarios
from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.studies import argument_file, study_file, study_model
from cortex.studies.study_model import Study

GOOD = """
scenario = "tiny"
title = "Rates"
seed = 5
seeds = 4

[primary]
measure = "rate"
criterion = ">= 120"

[fixed]
duration = "0.1 s"

[vary]
jitter = [0.1, 0.2]
cell.tau = "linear(10 ms, 20 ms, 3)"

[conditions.full]
[conditions.silent]
null = "no_drive"
[conditions.tired]
"cell.drive" = "15 mV"

[limits]
minutes = 2
gigabytes = 1.5
"""

BAD = """
scenario = "tiny"
seeds = 0
colour = "red"
points = "many"
fixed = 3

[primary]
measure = "rate"
criterion = "about 5"

[limits]
minuts = 5

[vary]
"cell.tau" = ["10 ms", "20 ms"]
cell.tau = ["30 ms", "40 ms"]

[conditions]
a = 1
b = "x"
"""

WRONG = """
scenario = "tiny"
points = 60

[fixed]
duration = "20 mV"
cell.tau = "10 ms"
celltau = 3

[vary]
cell.tau = [5, 10]
jiter = [0.1, 0.2]
jitter = "sobol(0, 3)"
"cell.drive" = ["20 mV", "0.02 V"]

[conditions.a]
jitter = 0.5
[conditions.b]
null = "no_driv"
"""


def test_a_good_file_is_read_and_written_again(tiny: Path) -> None:
    study, problems = study_file.parse(GOOD, "study.toml")
    assert study is not None
    assert problems + study_file.check(study, catalogue.find(str(tiny))) == []
    assert (study.seed, study.seeds, study.limits.minutes, study.limits.gigabytes) == (5, 4, 2, 1.5)
    assert study.varied == {"jitter": ["0.1", "0.2"], "cell.tau": ["10 ms", "15 ms", "20 ms"]}
    assert study.settings == {"full": {}, "silent": {"null": "no_drive"}, "tired": {"cell.drive": "15 mV"}}
    assert study.primary is not None
    assert study.primary.band == (120.0, None)
    assert study_file.parse(study_file.write(study), "again") == (study, [])


def told(text: str, tiny: Path) -> str:
    """What is told of a bad file: its form, and what can be checked in spite of it."""
    study, problems = study_file.parse(text, "study.toml")
    more = study_file.check(study, catalogue.find(str(tiny))) if study else []
    return str(study_file.mistakes("study.toml", [*problems, *more]))


def test_all_mistakes_of_form_are_told_at_once(tiny: Path) -> None:
    lines = [" ".join(line.split()) for line in told(BAD, tiny).splitlines()]
    assert lines[0] == "study.toml, 9 problems"
    assert lines[-1] == "nothing was run"
    for part in (
        "seeds 0: should be greater than or equal to 1",
        "colour no such key; known: scenario, title",
        'points "many" is not a whole number',
        'fixed "3" is no table; write it as a section [fixed]',
        '[conditions] a "1" is no table; write it as a section [conditions.a]',
        '[primary] criterion "about 5" is no criterion; give one such as',
        "[limits] minuts no such key; did you mean minutes?",
        "vary cell.tau is given twice",
    ):
        assert any(part in line for line in lines), part


def test_what_is_well_formed_is_checked_although_the_rest_is_not(tiny: Path) -> None:
    text = told('scenario = "tiny"\nseeds = "two"\n[fixed]\njiter = 0.1\n', tiny)
    assert 'seeds "two" is not a whole number' in text
    assert "[fixed] jiter  no such parameter; did you mean jitter?" in text


def test_all_wrong_names_and_values_are_told_at_once(tiny: Path) -> None:
    text = told(WRONG, tiny)
    for part in (
        "[fixed] duration",
        "is a voltage; give a time such as",
        "[fixed] celltau",
        '[vary] cell.tau  "5" has no unit',
        '[vary] cell.tau  "10" has no unit',
        "[vary] cell.tau  is in [fixed] too",
        "[vary] jiter  no such parameter; did you mean jitter?",
        "3.0 is above the upper bound 1",
        "[vary] cell.drive  20 mV and 0.02 V are the same",
        "[conditions.a] jitter  is in [vary] too",
        '[conditions.b] tiny has no null model or condition "no_driv"; did you mean no_drive?',
        "points 60 is no power of 2; Sobol points are even only then: 32 or 64",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("title = 'x'", "scenario is missing"),
        ("scenario = 'tiny'\npoints = 8", "points is for Sobol points"),
        ("scenario = 'tiny'\n[vary]\njitter = 'sobol(0, 1)'", "points is missing"),
        ("scenario = 'tiny'\nindices = true\npoints = 8\n[vary]\njitter = 'sobol(0, 1)'", "two or more parameters"),
        ("scenario = 'tiny'\n[primary]\nmeasure = 'rat'", "did you mean rate?"),
    ],
)
def test_one_mistake(text: str, part: str, tiny: Path) -> None:
    assert part in told(text, tiny).replace("  ", " ")


def test_what_is_no_toml_is_told() -> None:
    with pytest.raises(UsageError, match="is no TOML"):
        study_file.parse("scenario = ", "study.toml")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        study_file.load(tmp_path / "none.toml")


def test_a_study_without_conditions_has_one_without_a_name() -> None:
    assert Study(scenario="tiny").settings == {"": {}}


@pytest.mark.parametrize(("name", "module"), [("study", study_model), ("argument", argument_file)])
def test_the_schema_that_editors_take_is_that_of_the_file(name: str, module: ModuleType) -> None:
    kept = Path(scenarios.__path__[0]) / "studies" / f"{name}.schema.json"
    assert kept.read_text() == module.schema(), f"python -m {module.__name__} > the file"


@pytest.mark.parametrize("path", catalogue.studies().values(), ids=lambda path: path.stem)
def test_the_schema_holds_for_every_shipped_study(path: Path) -> None:
    content = tomllib.loads(path.read_text())
    module = argument_file if "claims" in content else study_model
    jsonschema.validate(content, json.loads(module.schema()))


@pytest.mark.parametrize("line", ["sead = 1", "seeds = 0", "points = 1", "title = 3", "[limits]\nhours = 1"])
def test_the_schema_refuses_mistakes_of_form(line: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(f'scenario = "copy_pair"\n{line}'), json.loads(study_model.schema()))


def test_condition_and_null_name_the_same_setting() -> None:
    text = 'scenario = "tiny"\n[conditions.a]\n{} = "no_drive"\n'
    (new, _), (old, _) = (study_file.parse(text.format(key), "x") for key in ("condition", "null"))
    assert new is not None and new == old
    both = 'scenario = "tiny"\n[conditions.a]\nnull = "no_drive"\ncondition = "no_drive"\n'
    _, [problem] = study_file.parse(both, "x")
    assert "null and condition are the same" in problem[1]


DEEP = 5000

EXTREMES = {
    "lists": ("a = " + "[" * DEEP, "nested too deeply"),
    "whole lists": ("a = " + "[" * 300 + "]" * 300, "nested too deeply"),
    "tables": ("a = " + "{a=" * DEEP + "1" + "}" * DEEP, "nested too deeply"),
    "a dotted key": ("[vary]\n" + ".".join("a" * 1000) + " = 1", "[vary, vary.a.a.a.]+: nested too deeply"),
    "many digits": (f"seed = {'9' * 5000}", "cannot be read: Exceeds the limit"),
    "many hexadecimal digits": (f"seed = 0x{'f' * 5000}", "seed: a whole number of more than 128 bits"),
    "NUL": ('[conditions."a\\u0000b"]', r"control character '.x00'"),
    "NUL in a path": ('[fixed]\njitter = "\\u0000.py"', "fixed.jitter: holds the control character"),
    "an escape": ('title = "\\u001b[2J"', "title: holds the control character"),
    "half a character": ('title = "\\ud800"', "is no TOML"),
}


@pytest.mark.parametrize(("text", "told"), EXTREMES.values(), ids=EXTREMES)
def test_an_extreme_file_gets_one_clear_message(cortex: Any, tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "x.toml").write_text(f'scenario = "copy_pair"\n{text}\n')
    outcome = cortex("study", "x.toml", "-n")
    assert outcome.code == 2
    assert re.search(told, outcome.err)
    assert len(outcome.err) < 1000


def test_a_file_that_is_no_text_gets_one_clear_message(cortex: Any, tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes('title = "Größe"'.encode("latin-1"))
    (tmp_path / "folder.toml").mkdir()
    for name in ("latin.toml", "folder.toml"):
        outcome = cortex("study", name, "-n")
        assert outcome.code == 2
        assert f"{name} cannot be read" in outcome.err


def test_files_differ_in_their_values_not_in_how_these_are_written() -> None:
    text = 'scenario = "x"\nseeds = {}\n[vary]\n"cell.drive" = {}\n[conditions.a]\n{} = "b"\n'
    before, now = text.format(2, '[0.02, "30 mV"]', "null"), text.format(2, '["0.020", "0.03 V"]', "condition")
    assert study_file.differences(f"# mine\n{before}", now) == []
    assert study_file.differences(before, now.replace("2", "3", 1)) == ["-seeds = 2", "+seeds = 3"]
    assert "+seeds = 3" in study_file.differences("seeds = = 2", now.replace("2", "3", 1))
