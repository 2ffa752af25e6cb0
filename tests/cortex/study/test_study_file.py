"""The study file and what it says of mistakes."""

from pathlib import Path

import pytest

from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.study import study_file
from cortex.study.study_file import Study

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
    study = study_file.parse(GOOD, "study.toml")
    study_file.check(study, catalogue.find(str(tiny)), "study.toml")
    assert (study.seed, study.seeds, study.limits.minutes, study.limits.gigabytes) == (5, 4, 2, 1.5)
    assert study.varied == {"jitter": ["0.1", "0.2"], "cell.tau": ["10 ms", "15 ms", "20 ms"]}
    assert study.settings == {"full": {}, "silent": {"null": "no_drive"}, "tired": {"cell.drive": "15 mV"}}
    assert study.primary is not None
    assert study.primary.band == (120.0, None)
    assert study_file.parse(study_file.write(study), "again") == study


def test_all_mistakes_of_form_are_told_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        study_file.parse(BAD, "study.toml")
    lines = str(caught.value).splitlines()
    assert lines[0] == "study.toml, 6 problems"
    assert lines[-1] == "nothing was run"
    told = "\n".join(lines)
    for part in (
        "seeds 0: should be greater than or equal to 1",
        "colour no such key",
        'points "many" is not a whole number',
        'fixed "3" is no table',
        '[primary] criterion  "about 5" is no criterion; give one such as',
        "[limits] minuts  no such key; did you mean minutes?",
    ):
        assert part in told.replace("seeds  ", "seeds ").replace("colour  ", "colour ").replace("points  ", "points ")


def test_all_wrong_names_and_values_are_told_at_once(tiny: Path) -> None:
    with pytest.raises(UsageError) as caught:
        study_file.check(study_file.parse(WRONG, "study.toml"), catalogue.find(str(tiny)), "study.toml")
    told = str(caught.value)
    for part in (
        "[fixed] duration",
        "is a voltage; give a time such as",
        "[fixed] celltau",
        "[vary] cell.tau",
        "has no unit",
        "[vary] cell.tau  is in [fixed] too",
        "[vary] jiter  no such parameter; did you mean jitter?",
        "3.0 is above the upper bound 1",
        "[vary] cell.drive  20 mV and 0.02 V are the same",
        "[conditions.a] jitter  is in [vary] too",
        '[conditions.b] tiny has no null model "no_driv"; did you mean no_drive?',
        "points 60 is no power of 2; Sobol points are even only then: 32 or 64",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("scenario = ", "is no TOML"),
        ("title = 'x'", "scenario is missing"),
        ("scenario = 'tiny'\npoints = 8", "points is for Sobol points"),
        ("scenario = 'tiny'\n[vary]\njitter = 'sobol(0, 1)'", "points is missing"),
        ("scenario = 'tiny'\n[primary]\nmeasure = 'rat'", "did you mean rate?"),
    ],
)
def test_one_mistake(text: str, part: str, tiny: Path) -> None:
    with pytest.raises(UsageError) as caught:
        study_file.check(study_file.parse(text, "study.toml"), catalogue.find(str(tiny)), "study.toml")
    assert part in str(caught.value).replace("  ", " ")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        study_file.load(tmp_path / "none.toml")


def test_a_study_without_conditions_has_one_without_a_name() -> None:
    assert Study(scenario="tiny").settings == {"": {}}
