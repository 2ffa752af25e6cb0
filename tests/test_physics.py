"""Settings inside the bounds: which are refused, what is told of the others, and that no measure is made up."""

import math
import warnings
from collections import Counter
from pathlib import Path

import pytest

from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.experiment.findings import NOTHING_TO_MEASURE
from cortex.experiment.identity import Run
from cortex.experiment.run import execute
from tests.physics_settings import BASES, NOTHING, REFUSED, SETTINGS

QUICK = [("copy_pair", {"skin.peak_rate": "2 Hz"})]
"""What is simulated in the fast tests too."""

SIMULATED = [setting for setting in SETTINGS if setting[2] != REFUSED]


def named(setting):
    scenario, values, _ = setting
    return f"{scenario} {' '.join(f'{name}={value}' for name, value in values.items())}"


def test_there_are_many_settings_of_all_scenarios():
    assert len(SETTINGS) >= 100
    assert len({named(setting) for setting in SETTINGS}) == len(SETTINGS)
    assert set(Counter(scenario for scenario, *_ in SETTINGS)) == set(BASES) == set(catalogue.titles("scenarios"))


@pytest.mark.parametrize("setting", SETTINGS, ids=named)
def test_contradictions_are_refused_and_nothing_else(setting):
    name, values, expected = setting
    scenario = catalogue.find(name)
    if expected != REFUSED:
        scenario.resolve({**BASES[name], **values})
        return
    with pytest.raises(UsageError) as refused:
        scenario.resolve({**BASES[name], **values})
    told = "\n".join(refused.value.problems)
    assert any(f"{parameter} = " in told for parameter in values)


def check(setting, out: Path, figures: bool):
    name, values, expected = setting
    scenario = catalogue.find(name)
    run = Run(scenario, scenario.resolve({**BASES[name], **values}), seed=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        result = execute(run, out, "auto", 2, figures=figures)
    told = {finding["what"] for finding in result.record["warnings"]}
    if expected == NOTHING:
        assert result.warnings == []
    else:
        assert told >= set(expected.split("; ")), result.warnings
    for finding in result.record["warnings"]:
        assert all(finding[part] for part in ("what", "when", "where", "next"))
    if set(expected.split("; ")) <= set(NOTHING_TO_MEASURE) and "learning.old_rate" not in values:
        applying = [measure for measure, value in result.measures.items() if not math.isnan(value)]
        assert len(applying) == 0 or "learning.copying_rate" in values or "parvalbumin.noise" in values, applying
        assert set(result.scores.values()) <= {"undefined"}


@pytest.mark.parametrize("setting", [s for s in SIMULATED if s[:2] in QUICK], ids=named)
def test_a_run_that_means_little_says_so(setting, tmp_path):
    check(setting, tmp_path, figures=False)


@pytest.mark.slow
@pytest.mark.parametrize("setting", SIMULATED, ids=named)
def test_what_must_be_told_of_a_run_is_told(setting, tmp_path):
    check(setting, tmp_path, figures=True)
