"""A stored result stands only while the models, mechanisms and analysis that it comes from are the same."""

import logging
import sys
from pathlib import Path
from typing import Any

import pytest

import cortex
from cortex import api
from cortex.experiment import catalogue, science
from cortex.experiment import run as execution
from cortex.experiment.record import read_record, tell_once, write_record
from cortex.experiment.result import Result
from cortex.experiment.scenario import Scenario

FILE = "cortex/analysis/ratios.py"


@pytest.fixture
def scenario(tiny: Path, tmp_path: Path) -> Scenario:
    file = tmp_path / "own.py"
    own = tiny.read_text(encoding="utf-8").replace("import", "from cortex.analysis import ratios as share\nimport", 1)
    file.write_text(own, encoding="utf-8")
    return catalogue.find(str(file))


@pytest.fixture
def run(scenario: Scenario, tmp_path: Path, caplog: pytest.LogCaptureFixture):
    def again() -> Result:
        caplog.clear()
        tell_once.cache_clear()
        with caplog.at_level(logging.WARNING):
            return api.run(scenario, {"duration": "0.1 s"}, output=tmp_path, backend="numpy", figures=False)

    return again


def change(result: Result, **changes: object) -> None:
    """Have a record tell something else."""
    record = read_record(result.folder)
    assert record is not None
    write_record(result.folder, record | changes)


def edit(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a module be of another text, as after it was imported anew."""
    monkeypatch.setitem(vars(sys.modules[module].__spec__), "cortex_source", b"w = 2*w")


def test_what_a_scenario_imports_is_known_and_no_other_model() -> None:
    files = science.digests(catalogue.installed("copy_pair"))
    assert {"scenarios/copy_pair.py", "models/pair/network.py", "cortex/mechanisms/copying.py", FILE} <= set(files)
    assert "cortex/mechanisms/lateral_inhibition.py" in files
    assert not [file for file in files if file.startswith(("models/fingertip", "cortex/engine"))]
    text = b"from models.pair import (  # two\n    network as net,\n    theory,\n)\nimport cortex.analysis.totals, os\n"
    found = science._imported(text)
    assert {"models.pair.network", "models.pair.theory", "cortex.analysis.totals"} <= found
    assert not {"models.pair.net", "models.pair.two", "os"} & found


def test_an_edited_equation_changes_the_digest_of_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    copy_pair = catalogue.installed("copy_pair")
    before = science.digests(copy_pair)
    edit("cortex.mechanisms.copying", monkeypatch)
    after = science.digests(copy_pair)
    assert before["cortex/mechanisms/copying.py"] != after["cortex/mechanisms/copying.py"]
    assert before["models/pair/network.py"] == after["models/pair/network.py"]


def test_a_run_of_edited_code_is_done_again_and_the_earlier_one_kept(run, caplog) -> None:
    first = run()
    assert run().record["finished"] == first.record["finished"]
    assert not caplog.messages
    change(first, science={**first.record["science"], FILE: "another"})
    second = run()
    assert second.record["science"] == first.record["science"]
    assert second.folder == first.folder
    assert f"tiny {first.run} is done again, for its code differs since: {FILE}" in caplog.messages
    aside = first.folder.with_name(f"{first.run}.outdated")
    assert f"kept in {aside}" in caplog.messages[-1]
    assert (aside / "run.json").is_file()
    assert len(api.load(first.folder.parents[1])) == 1


def test_a_file_that_is_edited_while_a_run_goes_on_is_not_the_one_that_it_was_made_of(
    run, scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = science.digests(scenario)
    simulate = execution.simulate

    def simulate_and_edit(*arguments: Any, **options: Any) -> Any:
        edit("cortex.analysis.ratios", monkeypatch)
        return simulate(*arguments, **options)

    monkeypatch.setattr(execution, "simulate", simulate_and_edit)
    assert run().record["science"] == before != science.digests(scenario)


def test_what_another_version_made_stands_with_a_word(run, caplog) -> None:
    first = run()
    provenance = first.record["provenance"]
    versions = provenance["versions"] | {"cortical-expansion": "0.0.1"}
    other = {"science": {**first.record["science"], FILE: "another"}, "provenance": provenance | {"versions": versions}}
    change(first, **other)
    assert run().version == "0.0.1" != cortex.__version__
    assert caplog.messages == [
        f"tiny {first.run} is the stored result of version 0.0.1, whose code differs since: {FILE}"
    ]
    change(first, science={})
    assert run().record["science"] == {}
    assert not caplog.messages
