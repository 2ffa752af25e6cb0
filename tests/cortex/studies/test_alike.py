"""Only runs that are alike in all but what is compared are paired; others are left out or refused, by name."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cortex.errors import NothingMatched, UsageError
from cortex.experiment import catalogue
from cortex.experiment.identity import Run
from cortex.experiment.scenario import Scenario
from cortex.studies.comparison import Comparison, compare
from tests.cortex.studies.made import study_of, write_run

SEEDS = range(6)


@pytest.fixture
def scenario(tiny: Path) -> Scenario:
    """Two null models, of which one sets the drive and the other the time constant."""
    nulls = {"no_drive": {"cell.drive": "0 mV"}, "slow": {"cell.tau": "50 ms"}}
    return replace(catalogue.find(str(tiny)), nulls=nulls)


def runs(scenario: Scenario, out: Path, null: str = "", seeds: Iterable[int] = SEEDS, **changes: Any) -> None:
    """Write runs of a null model; names of parameters are those of fields, ``record`` changes the record."""
    record = changes.pop("record", {})
    quick = changes.pop("quick", False)
    settings = {{"tau": "cell.tau", "drive": "cell.drive"}.get(name, name): value for name, value in changes.items()}
    parameters = scenario.resolve(settings, null=null, quick=quick)
    for replicate in seeds:
        run = Run(scenario, parameters, 0, replicate, quick, null)
        write_run(out, run, {"rate": replicate + (0.0 if null else 1.0)}, **record)


def entries(comparison: Comparison) -> dict[str, int]:
    """Return the number of pairs by level."""
    return {entry.level: entry.comparison.pairs for entry in comparison.entries}


def test_a_null_model_with_other_values_is_refused_by_name(scenario: Scenario, tmp_path: Path) -> None:
    runs(scenario, tmp_path, jitter="0.3")
    runs(scenario, tmp_path, "no_drive")
    with pytest.raises(NothingMatched) as told:
        compare(tmp_path, by="null", figures=False)
    assert "jitter (0.3 at none; 0.1 at no_drive)" in str(told.value)
    assert "cell.drive" not in str(told.value)  # the null model itself sets it


def test_what_has_a_partner_is_compared_and_the_rest_is_named(scenario: Scenario, tmp_path: Path) -> None:
    runs(scenario, tmp_path)
    runs(scenario, tmp_path, jitter="0.3")
    runs(scenario, tmp_path, "no_drive")
    found = compare(tmp_path, by="null", figures=False)
    assert entries(found) == {"no_drive": 6}
    assert found.entries[0].comparison.difference.mean == -1
    [warning] = found.warnings
    assert warning.startswith("6 of 18 runs are left out, for no other null has any like them: jitter (")


@pytest.mark.parametrize("name", ["jitter", "cell.drive"])
def test_a_parameter_is_not_compared_across_null_models(scenario: Scenario, tmp_path: Path, name: str) -> None:
    runs(scenario, tmp_path, jitter="0.3")
    runs(scenario, tmp_path, "no_drive")
    with pytest.raises(NothingMatched, match="null"):
        compare(tmp_path, by=name, figures=False)


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"provenance": {"versions": {"cortical-expansion": "0.1"}, "source": {}}}, r"version \(0.2 at"),
        ({"backend": "cpp"}, r"backend \(numpy at"),
        ({"scenario": "other"}, r"scenario \(tiny at"),
    ],
)
def test_what_a_run_was_made_with_is_the_same(
    scenario: Scenario, tmp_path: Path, record: dict[str, Any], told: str
) -> None:
    runs(scenario, tmp_path)
    runs(scenario, tmp_path, "no_drive", record=record)
    with pytest.raises(NothingMatched, match=told):
        compare(tmp_path, by="null", figures=False)


def test_two_versions_of_a_scenario_file_are_not_compared(scenario: Scenario, tmp_path: Path) -> None:
    runs(scenario, tmp_path)
    runs(scenario, tmp_path, jitter="0.3")
    for folder in (tmp_path / "runs").iterdir():
        jitter = json.loads((folder / "run.json").read_text())["parameters"]["jitter"]
        (folder / "scenario.py").write_text(f"# {jitter}")
    with pytest.raises(NothingMatched, match="scenario_source"):
        compare(tmp_path, by="jitter", figures=False)


def test_each_null_model_has_partners_of_its_own(scenario: Scenario, tmp_path: Path) -> None:
    runs(scenario, tmp_path)
    runs(scenario, tmp_path, "no_drive")
    runs(scenario, tmp_path, "slow")
    assert entries(compare(tmp_path, by="null", figures=False)) == {"no_drive": 6, "slow": 6}
    runs(scenario, tmp_path / "other", drive="30 mV")
    runs(scenario, tmp_path / "other", "no_drive")  # sets the drive whatever it was
    runs(scenario, tmp_path / "other", "slow")  # has another drive than the full model
    found = compare(tmp_path / "other", by="null", figures=False)
    assert entries(found) == {"no_drive": 6}
    assert "cell.drive" in found.warnings[0]


def test_which_full_model_is_meant_must_be_said(scenario: Scenario, tmp_path: Path) -> None:
    runs(scenario, tmp_path)
    runs(scenario, tmp_path, drive="30 mV")
    runs(scenario, tmp_path, "no_drive")
    with pytest.raises(UsageError, match=r"differ in cell.drive \(20 mV, 30 mV\), which no_drive sets"):
        compare(tmp_path, by="null", figures=False)


def test_null_models_within_a_study_are_matched_on_what_conditions_set(tiny: Path, tmp_path: Path) -> None:
    conditions = '[conditions.full]\n[conditions.silent]\nnull = "no_drive"\n[conditions.wide]\njitter = 0.4\n'
    study_of(tiny, tmp_path, f"seeds = 6\n{conditions}", rate=lambda run: {"wide": 50.0}.get(run.condition, 1.0))
    found = compare(tmp_path, by="null", figures=False)
    assert entries(found) == {"no_drive": 6}
    assert found.entries[0].comparison.reference == 1  # not the mean with the wide ones
    assert entries(compare(tmp_path, figures=False)) == {"silent": 6, "wide": 6}
    by_jitter = compare(tmp_path, by="jitter", figures=False)
    assert entries(by_jitter) == {"0.4": 6}
    assert by_jitter.entries[0].comparison.reference == 1


def test_where_nothing_tells_what_a_null_model_sets_it_is_said(scenario: Scenario, tmp_path: Path) -> None:
    runs(scenario, tmp_path)
    runs(scenario, tmp_path, "no_drive")
    for folder in (tmp_path / "runs").iterdir():
        record = json.loads((folder / "run.json").read_text())
        del record["settings"]
        (folder / "run.json").write_text(json.dumps(record))
        (folder / "scenario.py").write_text("raise SystemExit('it was executed')")
    [warning] = compare(tmp_path, by="null", figures=False).warnings
    assert warning == "cell.drive differs too (20 mV, 0 mV): its effect cannot be told from that of null"


def test_folders_of_two_studies_merged_are_compared_as_the_study_that_is_asked_for(tiny: Path, tmp_path: Path) -> None:
    conditions = '[conditions.full]\n[conditions.silent]\nnull = "no_drive"\n'
    study_of(tiny, tmp_path, f"seeds = 6\n[fixed]\njitter = 0.4\n{conditions}", rate=lambda run: 50.0)
    study_of(tiny, tmp_path, f"seeds = 6\n{conditions}")
    found = compare(tmp_path, figures=False)
    assert entries(found) == {"silent": 6}
    assert found.entries[0].comparison.reference == 1
    (tmp_path / "plan.csv").unlink()
    assert compare(tmp_path, figures=False).entries == found.entries
