"""What a scenario concludes: which runs it is given, what is told and kept, and when."""

import csv
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cortex.errors import UsageError
from cortex.experiment.record import write_record
from cortex.studies import conclusion, plan_file, table
from cortex.studies.comparison import compare
from cortex.studies.plan import PlannedRun

SCENARIO = """
from dataclasses import replace

from matplotlib.figure import Figure

from cortex.experiment.catalogue import find
from cortex.studies.conclusion import Conclusion

tiny = find({tiny!r})


def conclude(runs):
    means = {{run.condition: run.measures["rate"] for run in runs}}
    verdict = f"# Verdict\\n\\nof {{len(runs)}} runs: {{means}}"
    return Conclusion(verdict + "\\n\\n## Numbers\\n\\n3", lambda: {{"verdict": Figure((1, 1))}})


SCENARIO = replace(tiny, conclude={conclude})
"""

STUDY = """
scenario = "mine.py"
seeds = {seeds}
quick = {quick}
[conditions.full]
[conditions.silent]
null = "no_drive"
"""


@pytest.fixture
def results(tiny: Path, tmp_path: Path) -> Callable[..., Path]:
    """A folder of results that nobody simulated, beside the file of its scenario."""

    def make(conclude: str = "conclude", seeds: int = 6, quick: bool = False) -> Path:
        conditions = ("full", "silent")
        out = tmp_path / "results"
        planned = [PlannedRun(f"{name}-r00{r}", name, r) for r in range(seeds) for name in conditions]
        for trial in planned:
            folder = out / "runs" / trial.run
            folder.mkdir(parents=True)
            write_record(folder, record(trial) | {"quick": quick})
        (tmp_path / "mine.py").write_text(SCENARIO.format(tiny=str(tiny), conclude=conclude))
        (out / "study.toml").write_text(STUDY.format(seeds=seeds, quick=str(quick).lower()))
        plan_file.keep(out, planned)
        return out

    return make


def record(trial: PlannedRun) -> dict[str, Any]:
    return {
        "status": "complete",
        "scenario": "tiny",
        "run": trial.run,
        "null": "",
        "seed": 0,
        "replicate": trial.replicate,
        "quick": False,
        "parameters": {"jitter": "0.1", "duration": "1 s"},
        "measures": {"rate": 10.0 + trial.replicate if trial.condition == "full" else 0.0, "tenth_spike_seconds": None},
        "predictions": {"rate": 11.0},
        "watched_seconds": {"tenth_spike_seconds": 1.0},
        "bands": {},
        "seconds": {},
        "requested_seconds": 1.0,
        "simulated_seconds": {"driven": 1.0},
        "provenance": {"versions": {"cortical-expansion": "1"}},
    }


def test_a_run_is_given_with_all_that_is_known_of_it(results: Callable[..., Path]) -> None:
    out = results()
    found = table.update(out, plan_file.load(out) or [])
    [run] = conclusion.results(found, ["full-r001"])
    assert (run.condition, run.pair, run.folder) == ("full", (0, 1), out / "runs" / "full-r001")
    assert run.parameters == {"jitter": "0.1", "duration": "1 s"}
    assert (run.measures["rate"], run.predictions) == (11.0, {"rate": 11.0})
    assert math.isnan(run.measures["tenth_spike_seconds"])
    assert run.limits == {"tenth_spike_seconds": 1.0}


def test_the_conclusion_comes_first_and_is_kept_with_its_figures(cortex: Any, results: Callable[..., Path]) -> None:
    out = results()
    outcome = cortex("compare", out, "--scenario", "mine.py", "--svg")
    text = "# Verdict\n\nof 12 runs: {'full': 15.0, 'silent': 0.0}\n"
    whole = f"{text}\n## Numbers\n\n3\n"
    assert outcome.code == 0
    assert outcome.out.startswith(f"{text}\nfigure: {out}/compare/condition/verdict.png\n")
    assert (out / "compare" / "condition" / "conclusion.md").read_text() == whole
    assert {path.suffix for path in (out / "compare" / "condition").glob("verdict.*")} == {".png", ".svg"}
    printed = json.loads(cortex("compare", out, "--scenario", "mine.py", "--json", "--no-figures").out)
    assert printed["conclusion"] == whole.rstrip()


def test_nothing_is_concluded_from_the_quick_version(cortex: Any, results: Callable[..., Path]) -> None:
    out = results(quick=True)
    outcome = cortex("compare", out, "--scenario", "mine.py", "--svg")
    assert outcome.out.startswith("# Verdict\n\nQuick version: its phases are too short for conclusions")
    assert "of 12 runs" not in outcome.out
    kept = out / "compare" / "condition"
    assert (kept / "conclusion.md").read_text().endswith("## Numbers (quick version)\n\n3\n")
    assert "condition against full, paired by seed (quick version)" in outcome.out
    assert {row["quick"] for row in csv.DictReader((kept / "table.csv").read_text().splitlines())} == {"true"}
    assert json.loads((kept / "comparison.json").read_text())["quick"] is True
    assert "quick version" in (kept / "rate.svg").read_text()
    assert "quick version" in (kept / "verdict.svg").read_text()


def test_few_seeds_are_told_before_anything_is_concluded(cortex: Any, results: Callable[..., Path]) -> None:
    out = results(seeds=5)
    outcome = cortex("compare", out, "--scenario", "mine.py", "--svg")
    said = "With 5 seeds there are too few seeds to tell differences from chance: take at least 6."
    assert outcome.out.startswith(f"# Verdict\n\n{said}\n\nof 10 runs")
    assert (
        "too few seeds to tell one of 2 differences from chance: with 5 no q can be below 0.094; take at least 6"
        in outcome.out
    )
    assert "too few seeds to tell" in (out / "compare" / "condition" / "rate.svg").read_text()


def test_few_seeds_are_told_once(cortex: Any, results: Callable[..., Path]) -> None:
    said = "There are too few seeds to tell: of 5, at least 6 are needed."
    conclude = f"lambda runs: Conclusion('# Verdict\\n\\n{said}')"
    outcome = cortex("compare", results(conclude, seeds=5), "--scenario", "mine.py", "--no-figures")
    assert outcome.out.startswith(f"# Verdict\n\n{said}\n\ncondition against full")


@pytest.mark.parametrize("narrowed", [("--where", "replicate=0"), ("-m", "rate"), ("--by", "condition")])
def test_a_narrower_question_gets_no_conclusion(
    cortex: Any, results: Callable[..., Path], narrowed: tuple[str, str]
) -> None:
    out = results()
    outcome = cortex("compare", out, *narrowed, "--scenario", "mine.py", "--no-figures")
    assert outcome.code == 0
    assert "Verdict" not in outcome.out
    assert not list(out.rglob("conclusion.md"))


@pytest.mark.parametrize(
    ("conclude", "more", "why"),
    [
        ("None", (), "mine.py draws no conclusion: it sets no `conclude`"),
        ("lambda runs: None", (), "tiny draws no conclusion from these runs"),
        ("conclude", ("-m", "rate"), "no conclusion is drawn, since only a part is asked for"),
    ],
)
def test_a_file_that_is_given_and_draws_no_conclusion_is_told(
    cortex: Any, results: Callable[..., Path], conclude: str, more: tuple[str, ...], why: str
) -> None:
    outcome = cortex("compare", results(conclude), "--scenario", "mine.py", "--json", "--no-figures", *more)
    assert outcome.code == 0
    assert why in outcome.err
    assert "conclusion" not in json.loads(outcome.out)


@pytest.mark.parametrize(
    ("conclude", "told"),
    [
        ("lambda runs: runs[0].measures['gone']", "tiny draws no conclusion: KeyError: 'gone' (HERE/mine.py, line 18)"),
        ("lambda runs: 'text'", "`conclude` returns neither a Conclusion, with a text, nor None"),
        ("lambda runs: Conclusion(3)", "`conclude` returns neither a Conclusion, with a text, nor None"),
    ],
)
def test_a_conclusion_that_fails_costs_nothing_else(
    cortex: Any, results: Callable[..., Path], conclude: str, told: str
) -> None:
    out = results(conclude)
    outcome = cortex("compare", out, "--scenario", "mine.py", "--no-figures")
    assert outcome.code == 1
    assert told.replace("HERE", str(out.parent)) in outcome.err
    assert "correct it, and give the command again" in outcome.err
    assert "condition against full, paired by seed" in outcome.out
    assert {path.name for path in (out / "compare" / "condition").iterdir()} >= {"table.csv", "comparison.json"}
    assert compare(out, scenario="mine.py", figures=False).answer.startswith("tiny draws no conclusion: ")


@pytest.mark.parametrize(("given", "told"), [("gone.py", "does not exist"), ("copy_pair", "does not exist")])
def test_the_scenario_that_concludes_is_a_file(
    cortex: Any, results: Callable[..., Path], given: str, told: str
) -> None:
    outcome = cortex("compare", results(), "--scenario", given)
    assert (outcome.code, told in outcome.err) == (2, True)


def test_a_scenario_of_other_runs_does_not_conclude(tiny: Path, results: Callable[..., Path]) -> None:
    out = results()
    with pytest.raises(UsageError, match="the runs are of tiny, not of copy_pair"):
        compare(out, scenario="copy_pair", figures=False)
    assert compare(out, scenario=tiny, figures=False).conclusion == ""
