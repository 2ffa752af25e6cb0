"""A comparison from Python: the answer, its figure, the tables, what is kept; nothing is printed."""

import json
import shutil
from pathlib import Path

import pytest

from cortex.errors import UsageError
from cortex.studies.comparison import compare
from tests.cortex.studies.made import study_of

MADE = Path(__file__).parents[2] / "data" / "made_before"

pytestmark = pytest.mark.filterwarnings("ignore:.*the old name goes with version 0.3:FutureWarning")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study of two runs."""
    return shutil.copytree(MADE, tmp_path / "made")


def test_the_answer_comes_first_then_a_figure_then_the_tables(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = compare(folder, measures=["rate", "silent_rate"])
    first, second, *_ = result.text.split("\n\n")
    assert (
        first
        == "rate at no_drive 0, at full 145: difference -145 in 1 pair: too few seeds to tell (at least 6 are needed)"
    )
    assert second == f"figure: {folder}/compare/condition/rate.png"
    assert "condition against full, paired by seed\n" in result.text
    assert result.text.endswith(f"2 figures, table.csv and comparison.json are in {folder}/compare/condition")
    assert set(result.figures) == {"rate", "silent_rate"}
    assert all(path.exists() for path in result.figures.values())
    shown = result._repr_html_()
    assert shown.count("<pre ") == 1
    assert "<th>difference [95 %]</th>" in shown
    assert "data:image/png;base64," in shown
    assert capsys.readouterr() == ("", "")


def test_entries_are_a_table_of_numbers(folder: Path) -> None:
    result = compare(folder, figures=False)
    [rate] = result.frame().query("measure == 'rate'").to_dict("records")
    assert (rate["level"], rate["reference"], rate["difference"]) == ("no_drive", "full", -145.0)
    assert result.main_figure is None
    assert not list(folder.rglob("*.png"))


def test_values_need_not_be_text(folder: Path) -> None:
    assert compare(folder, by="condition", where={"jitter": 0.1, "replicate": 0}, figures=False).runs == 2


def test_the_main_figure_of_a_sweep_shows_each_value(tiny: Path, tmp_path: Path) -> None:
    conditions = '[conditions.full]\n[conditions.no]\nnull = "no_drive"'
    study_of(tiny, tmp_path, f"seeds = 2\n[vary]\njitter = [0.1, 0.2]\n{conditions}")
    both = compare(tmp_path, measures=["rate"])
    assert both.main_figure == both.figures["rate_profile"]
    one = compare(tmp_path, measures=["rate"], where={"condition": "full"})
    assert one.main_figure == one.figures["rate"]


def test_what_is_missing_is_warned_of(tiny: Path, tmp_path: Path) -> None:
    study_of(tiny, tmp_path, 'seeds = 2\n[conditions.full]\n[conditions.no]\nnull = "no_drive"', left_out=[3])
    assert "1 of 4 runs is not complete" in compare(tmp_path, figures=False).warnings


def test_a_conclusion_that_is_left_out_is_told(folder: Path) -> None:
    [left_out] = compare(folder, figures=False).warnings
    assert left_out.startswith("the conclusion of tiny.py is left out")


def test_one_run_is_no_folder_of_results(folder: Path) -> None:
    with pytest.raises(UsageError, match="is one run"):
        compare(next((folder / "runs").iterdir()))


def test_what_was_found_in_runs_is_warned_of(folder: Path) -> None:
    for run in (folder / "runs").iterdir():
        record = json.loads((run / "run.json").read_text())
        told = [{"what": what, "when": "always", "where": "a", "next": "b"} for what in ("no touch", "no spikes")]
        (run / "run.json").write_text(json.dumps(record | {"warnings": told[: 1 + (record["null"] == "no_drive")]}))
    result = compare(folder, figures=False)
    assert [warning.split(";")[0] for warning in result.warnings[:2]] == [
        "no touch in 2 of 2 runs",
        "no spikes in 1 of 2 runs",
    ]
