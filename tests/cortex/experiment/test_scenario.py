"""Scenarios: finding them, and resolving the parameters of a run."""

import sys
import time
from pathlib import Path

import pytest

from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.experiment.scenario import Scenario


@pytest.fixture
def scenario(tiny: Path) -> Scenario:
    return catalogue.find(str(tiny))


def test_a_file_is_found_with_its_path(scenario: Scenario, tiny: Path) -> None:
    assert (scenario.name, scenario.file) == ("tiny", tiny)


@pytest.mark.parametrize("name", sorted(catalogue.titles("scenarios")))
def test_a_shipped_scenario_is_found_by_any_of_its_names(name: str) -> None:
    shipped = catalogue.find(name)
    assert shipped.name == name
    assert shipped.file is None
    assert catalogue.find(name.replace("_", "-")) is shipped
    file = sys.modules[f"scenarios.{name}"].__file__
    assert catalogue.find(str(file)) is shipped


def test_every_module_has_a_title() -> None:
    assert all(catalogue.titles("scenarios").values())
    assert all(catalogue.titles("models").values())


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("SCENARIO = 3", "defines no SCENARIO"),
        ("x = 1\nx / 0", r"ZeroDivisionError: division by zero \(line 2\)"),
        ("x = (", r"SyntaxError: .*line 1"),
        ("import nowhere", "No module named 'nowhere'"),
    ],
)
def test_a_bad_file_is_told_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "bad.py").write_text(text)
    with pytest.raises(UsageError, match=complaint):
        catalogue.find(str(tmp_path / "bad.py"))


def test_a_file_is_read_as_fast_after_many_others(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "BESIDE", {Path(f"/folder_{number}") for number in range(500)})
    began = time.process_time()
    catalogue.find(str(tiny))
    assert time.process_time() - began < 1


def test_an_unknown_name_gets_a_suggestion() -> None:
    with pytest.raises(UsageError, match="did you mean copy_pair"):
        catalogue.find("copy-piar")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no\.py is no file"):
        catalogue.find(str(tmp_path / "no.py"))


def test_scenarios_of_other_distributions_are_found(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "theirs.py").write_text(scenario.file.read_text() if scenario.file else "")
    metadata = tmp_path / "theirs-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[cortex.scenarios]\ntheir_pair = theirs\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert catalogue.find("their-pair").name == "tiny"
    assert catalogue.plugins()["their_pair"] == "theirs"


def test_overrides_come_after_quick(scenario: Scenario) -> None:
    assert scenario.resolve({}, quick=True).as_text()["duration"] == "0.2 s"
    assert scenario.resolve({"duration": "0.3 s"}, quick=True).as_text()["duration"] == "0.3 s"


def test_a_null_model_stays_one(scenario: Scenario) -> None:
    assert scenario.resolve({}, null="no_drive").as_text()["cell.drive"] == "0 mV"
    with pytest.raises(UsageError, match="set by no_drive"):
        scenario.resolve({"cell.drive": "3 mV"}, null="no_drive")
    with pytest.raises(UsageError, match="did you mean no_drive"):
        scenario.resolve({}, null="no_drvie")


def test_the_title_counts_the_problems(scenario: Scenario) -> None:
    with pytest.raises(UsageError) as caught:
        scenario.resolve({"cell.tau": "3", "cell.dirve": "3"})
    assert caught.value.title == "tiny, 2 problems"


@pytest.mark.parametrize("name", ["circle.py", f"{'x' * 300}.py", "a\0.py"])
def test_a_file_that_cannot_be_there_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "circle.py").symlink_to("circle.py")
    with pytest.raises(UsageError, match=r"is no file|no scenario"):
        catalogue.find(f"{tmp_path}/{name}")
