"""The plan beside the results: an index only, so that whatever becomes of its file, no count is wrong."""

import csv
import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cortex.experiment import catalogue
from cortex.studies import conclusion, plan, plan_file
from cortex.studies.study_model import Study
from tests.cortex.studies.made import study_of

TWO = """
seed = 3
seeds = 2
[fixed]
duration = "0.5 s"
[vary]
"cell.tau" = ["0.01 s", "20 ms"]
[conditions.full]
[conditions.silent]
null = "no_drive"
[conditions.strong]
"cell.drive" = "30 mV"
"""


@pytest.fixture
def out(tiny: Path, tmp_path: Path) -> Path:
    """A study of 12 runs, of which the last is not done."""
    study_of(tiny, tmp_path / "out", TWO, left_out=[11])
    return tmp_path / "out"


def test_a_plan_is_read_as_it_was_written(tiny: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    vary = 'points = 4\n[vary]\njitter = "sobol(0, 1)"\n"cell.tau" = ["10 ms", "20 ms"]'
    planned = study_of(tiny, tmp_path, f"seeds = 2\n{vary}", left_out=range(16))
    assert plan_file.load(tmp_path) == planned
    assert len(planned) == 4 * 2 * 2
    assert caplog.records == []


def cut(path: Path) -> None:
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


def rename(path: Path) -> None:
    path.write_text(path.read_text().replace("silent", "silenu", 1))


def another_run(path: Path) -> None:
    text = path.read_text()
    first = text.splitlines()[1].split(",")[0]
    path.write_text(text.replace(first, "0" * len(first), 1))


def twice(path: Path) -> None:
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines, lines[-1]]))


def swapped(path: Path) -> None:
    head, first, second, *rest = path.read_text().splitlines(keepends=True)
    path.write_text("".join([head, second, first, *rest]))


def stray_quote(path: Path) -> None:
    path.write_text(path.read_text().replace("full", '"full', 1) + "x" * 140_000)


def other_encoding(path: Path) -> None:
    path.write_text(path.read_text(), encoding="utf-16")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def unchecked(path: Path) -> None:
    rows = [line.rpartition(",")[0] for line in path.read_text().splitlines()]
    path.write_text("\n".join([*rows[:1], *rows[1:-1], ""]))


@pytest.mark.parametrize(
    "damage",
    [cut, rename, another_run, twice, swapped, stray_quote, other_encoding, folder, unchecked, Path.unlink],
)
def test_a_damaged_plan_changes_no_count_and_no_condition(
    cortex: Any, out: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    whole = plan_file.load(out)
    assert whole
    assert caplog.records == []
    damage(out / "plan.csv")
    found = plan_file.load(out)
    assert found
    assert "the plan is made again from study.toml and the runs themselves" in caplog.text
    assert [(run.condition, run.replicate, run.values) for run in found] == [
        (run.condition, run.replicate, run.values) for run in whole
    ]
    assert [run.run for run in found] == [run.run for run in whole]  # the one not done has the key of another replicate
    status = json.loads(cortex("status", out, "--json").out)
    assert (status["planned"], status["complete"], status["waiting"]) == (12, 11, 1)


def test_a_run_that_nothing_tells_of_waits(tiny: Path, tmp_path: Path) -> None:
    study_of(tiny, tmp_path, TWO.replace("seeds = 2", "seeds = 1"), left_out=[0, 5])
    (tmp_path / "plan.csv").unlink()
    found = plan_file.load(tmp_path)
    assert found
    assert [run.unknown for run in found] == [True, *4 * [False], True]
    assert (found[0].condition, found[0].values) == ("full", {"cell.tau": "0.01 s"})


def test_a_failed_run_is_known_by_what_it_left(tiny: Path, tmp_path: Path) -> None:
    planned = study_of(tiny, tmp_path, TWO)
    run = tmp_path / "runs" / planned[-1].run
    record = json.loads((run / "run.json").read_text())
    failed = run.rename(run.with_name(f"{run.name}.failed"))
    (failed / "failure.json").write_text(json.dumps(record | {"cause": "it broke"}))
    for other in (tmp_path / "runs").glob(f"{run.name[:10]}-r000"):
        shutil.rmtree(other)
    (tmp_path / "plan.csv").unlink()
    assert [run.run for run in plan_file.load(tmp_path) or []][-1] == planned[-1].run


@pytest.mark.parametrize("changes", [None, {"run": ["0123-r000"]}, {"null": None}, {"parameters": {"cell.tau": [1]}}])
def test_a_failed_run_that_tells_something_else_stops_nothing(tiny: Path, tmp_path: Path, changes: Any) -> None:
    planned = study_of(tiny, tmp_path, TWO)
    run = tmp_path / "runs" / planned[-1].run
    record = json.loads((run / "run.json").read_text())
    failed = run.rename(run.with_name(f"{run.name}.failed"))
    told = "[" * 5000 + "]" * 5000 if changes is None else json.dumps(record | changes)
    (failed / "failure.json").write_text(told)
    (tmp_path / "plan.csv").unlink()
    assert len(plan_file.load(tmp_path) or []) == 12


def test_nothing_is_executed_to_find_out(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study_of(tiny, tmp_path, TWO)
    (tmp_path / "plan.csv").unlink()
    monkeypatch.setattr(catalogue, "read_file", lambda path: pytest.fail(f"{path} was executed"))
    assert len(plan_file.load(tmp_path) or []) == 12


def test_a_plan_without_its_study_is_believed_with_a_word(out: Path, caplog: pytest.LogCaptureFixture) -> None:
    (out / "study.toml").write_bytes(b"\xff\xfe")
    with caplog.at_level(logging.WARNING):
        assert len(plan_file.load(out) or []) == 12
    assert "whether" in caplog.text
    (out / "plan.csv").unlink()
    assert plan_file.load(out) is None


def test_a_study_plans_anew_whatever_the_file_says(tiny: Path, out: Path) -> None:
    from cortex.studies import session
    from cortex.studies.source import Changes

    rename(out / "plan.csv")
    mine = shutil.copyfile(out / "study.toml", out.with_name("mine.toml"))
    again = session.begin(str(mine), Changes(), out, "numpy")
    assert {run.condition for run in again.plan} == {"full", "silent", "strong"}
    plan_file.keep(out, again.plan)
    assert plan_file.load(out) == again.plan


def test_cells_are_counted_before_they_are_listed() -> None:
    with pytest.raises(plan.UsageError, match="at most 1,000,000"):
        plan_file.cells(Study(scenario="tiny", seeds=10**7))


def test_conditions_that_a_spreadsheet_takes_for_formulas_keep_their_names(
    tiny: Path, tmp_path: Path, cortex: Any
) -> None:
    name = "=cmd|' /C calc'!A0"
    study_of(tiny, tmp_path, f'seeds = 2\n[conditions."{name}"]\n[conditions.-]\nnull = "no_drive"')
    assert [run.condition for run in plan_file.load(tmp_path) or []] == [name, "-"] * 2
    assert cortex("compare", tmp_path, "--no-figures").code == 0
    tables = [tmp_path / "plan.csv", tmp_path / "trials.csv", *tmp_path.glob("compare/*/table.csv")]
    for path in tables:
        with path.open(newline="") as file:
            fields = [field for row in csv.reader(file) for field in row]
        assert f"'{name}" in fields, path
        assert not any(field.startswith(("=", "@")) for field in fields), path
    assert {run.condition for run in conclusion.load(tmp_path)} == {name, "-"}
