"""A comparison from Python: the answer, its figure, the tables, what is kept; nothing is printed."""

import json
import shutil
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from cortex.analysis.comparison import compare_pairs
from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.experiment.identity import Run
from cortex.report import style
from cortex.studies import comparison_text
from cortex.studies.comparison import compare
from cortex.studies.contrast import Entry, Question
from tests.cortex.studies.made import study_of, write_run

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


def test_figures_of_too_few_seeds_are_marked(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario, marks = catalogue.find(str(tiny)), {}
    monkeypatch.setattr(style, "note", lambda figure, notes: marks.update({figure.get_suptitle(): list(notes)}))
    for planned in study_of(tiny, tmp_path, "seeds = 1\n[vary]\njitter = [0.1, 0.2]", left_out=range(2)):
        run = Run(scenario, scenario.resolve(planned.values), 0, planned.replicate, False, "")
        write_run(tmp_path, run, {"seconds": 1.0}, watched_seconds={"seconds": 2.0})
    assert set(compare(tmp_path).figures) == {"seconds", "seconds_survival", "seconds_profile"}
    assert list(marks.values()) == [["too few seeds to tell"]] * len(marks)
    assert "seconds over jitter, mean [95 %] of 1 seed" in marks


difference = cache(lambda pairs: compare_pairs(np.arange(pairs) + 1.0, np.arange(pairs)))


def entry(level: int, measure: str, q: float, pairs: int = 8) -> Entry:
    """A difference of 1 at a level against the first."""
    return Entry(measure, str(level), "0", difference(pairs), q=q)


def test_an_answer_of_many_levels_is_short() -> None:
    entries = [entry(level, measure, 0.3) for level in range(1, 100) for measure in ("rate", "time")]
    none = "of 2 measures at each of 99 other levels and 0, none chosen beforehand, none differ (q < 0.05)"
    assert comparison_text.answer("", entries, Question("a")) == none
    few = comparison_text.answer("", [*entries, entry(100, "rate", 1.0, pairs=2)], Question("a")).splitlines()
    assert few[0] == none
    assert few[1].startswith("of 1 measure at 100 and 0, none chosen beforehand: too few seeds to tell differences")
    told = comparison_text.answer("", [*entries[:-4], entry(98, "rate", 0.01), *entries[-2:]], Question("a"))
    assert told.splitlines() == [
        "of 1 measure at 98 and 0, none chosen beforehand, 1 differs (q < 0.05): rate (by 1 [1, 1])",
        none.replace("99", "98"),
    ]
    lines = comparison_text.answer("", [entry(level, "rate", 0.01) for level in range(1, 100)], Question("a"))
    assert len(lines.splitlines()) == comparison_text.SHOWN + 1
    assert lines.endswith("\nand 87 more levels, which the tables show")
    primary = comparison_text.answer("", entries, Question("a", primary="rate"))
    assert len(primary.splitlines()) == comparison_text.SHOWN + 1


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
