"""Measures: bands, why a value is missing, and when bands apply; named settings."""

import math
from dataclasses import replace

import pytest

from cortex.analysis.published import REFERENCES
from cortex.analysis.reference import ANY
from cortex.experiment import catalogue
from cortex.experiment.measure import Condition, Measure
from cortex.experiment.scenario import Scenario


@pytest.fixture
def scenario(tiny) -> Scenario:
    return catalogue.find(str(tiny))


def test_a_band_is_that_of_the_reference_unless_the_scenario_expects_another():
    reference = REFERENCES["jenkins1990.expansion"]
    assert Measure("a", reference=reference).band == reference.band == (1.5, 3)
    assert Measure("a", reference=reference, expected=(1.0, None)).band == (1.0, None)
    assert Measure("a").band == ANY
    assert "Jenkins" in Measure("a", reference=reference).source


def test_three_ways_to_have_no_value():
    late = Measure("late", unit="s", limit=lambda duration: duration, applies=lambda duration: duration > 1)
    assert late.missing(3.0, 5.0) == ""
    assert late.missing(math.nan, 5.0) == "not reached in 5 s"
    assert late.missing(math.nan, 0.5) == "does not apply"
    assert Measure("plain").missing(math.nan, 5.0) == "not measured: its analysis gave no number"
    assert Measure("gain", undefined="no site is gained").missing(math.nan, 5.0) == "not measured: no site is gained"


def test_bands_apply_to_the_full_version_at_the_scenario_s_own_values(scenario):
    assert scenario.unscored(scenario.parameters) == ""
    assert scenario.unscored(scenario.resolve({}, null="no_drive"), null="no_drive") == ""
    assert scenario.unscored(scenario.parameters, quick=True) == "the quick version"
    assert scenario.unscored(scenario.resolve({"jitter": 0.2, "duration": "2 s"})) == "other values of duration, jitter"


@pytest.mark.parametrize("name", sorted(catalogue.titles("scenarios")))
def test_every_measure_of_a_shipped_scenario_is_declared_with_a_sentence(name):
    shipped = catalogue.find(name)
    assert len(shipped.declared) == len(shipped.measures)
    for measure in shipped.measures:
        assert measure.sentence.endswith("."), measure.name
        assert measure.unit
    for null in shipped.nulls.values():
        assert isinstance(null, Condition)
        assert null.sentence.endswith(".")
        assert set(null.misses) <= set(shipped.expected)
    assert not set(shipped.nulls) & set(shipped.conditions)


def test_a_condition_is_a_mapping_of_its_settings():
    condition = Condition("Nothing drives.", {"cell.drive": "0 mV", "training.new": 3})
    assert dict(condition) == {"cell.drive": "0 mV", "training.new": "3"}
    assert len(condition) == 2


def test_files_of_version_0_1_declare_measures_as_before(scenario):
    assert scenario.expected == {"rate": (100, 200), "silent_rate": (1, None)}
    assert scenario.limits(scenario.parameters) == {"tenth_spike_seconds": 1.0}
    old = replace(scenario, measure=lambda p, recordings: {"mine": 1.0}, predict=lambda p, recordings: {"mine": 3.0})
    assert old.analyse(None, {}) == ({"mine": 1.0}, {"mine": 3.0})
    changed = replace(old, measure=lambda p, recordings: {"yours": 2.0})
    assert changed.analyse(None, {}) == ({"yours": 2.0}, {"mine": 3.0})
    again = replace(changed, analyse=lambda p, recordings: ({"other": 2.0}, {}))
    assert again.measure(None, {}) == {"other": 2.0}


def test_values_of_a_derived_scenario_win_over_the_quick_version(scenario):
    longer = scenario.derive("longer", "Longer", {"duration": "3 s"})
    assert longer.resolve({}, quick=True).as_text()["duration"] == "3 s"
    assert scenario.derive("other", "Other", {"jitter": 0}).resolve({}, quick=True).as_text()["duration"] == "0.2 s"
