"""The page of a study: its conclusion first, then runs that are complete and runs that failed."""

import json
import shutil

import pytest

from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.pages import pages, study_page
from cortex.studies import plan_file
from cortex.studies.comparison import compare
from tests.cortex.pages.test_run_page import plain
from tests.cortex.studies import made

STUDY = """
title = "Does the <drive> matter?"
seeds = 7
[primary]
measure = "rate"
[conditions.full]
[conditions.silent]
null = "no_drive"
"""


@pytest.fixture
def study(tiny, tmp_path):
    """A study of which one run is missing, and has failed."""
    out = tmp_path / "mine"
    plan = made.study_of(tiny, out, STUDY, lambda run: 100.0 + run.replicate - 50 * (run.condition == "silent"), [13])
    failed = out / "runs" / f"{plan[13].run}.failed"
    failed.mkdir()
    (failed / "failure.json").write_text(json.dumps({"cause": "the <disk> is full"}))
    return out, plan


def test_a_study_says_its_conclusion_first_and_names_what_failed(study):
    out, plan = study
    path = pages.write(out)
    told = plain(path)
    assert path == out / "report.html"
    assert told.startswith("Does the &lt;drive&gt; matter?")
    assert "folder mine: 13 of 14 runs are complete, 1 failed." in told
    texts = (
        "Primary measure, chosen beforehand: rate",
        "Condition silent: no_drive of the scenario",
        "7 seeds of each, from the root seed 0",
        "rate at silent",
        "paired by seed",
        "the &lt;disk&gt; is full",
    )
    order = [told.index(text) for text in texts]
    assert order == sorted(order)
    assert f"{plan[13].run} " in told
    assert f"{plan[0].run} full 0 20 mV 100" in told
    assert path.read_text().count("data:image/png;base64,") >= 1


UNNAMED = """
seeds = 8
[conditions.full]
[conditions.silent]
null = "no_drive"
[vary]
jitter = [0.1, 0.2]
"""


def test_without_a_primary_measure_the_answer_is_what_differs_and_all_else_is_folded(tiny, tmp_path):
    scenario = catalogue.find(str(tiny))
    out = tmp_path / "mine"
    made.study_of(tiny, out, UNNAMED, left_out=range(32))
    file = out / "study.toml"
    file.write_text(f"# What silence does,\n# told in two lines.\n\n{file.read_text()}")
    for place, planned in enumerate(plan_file.load(out)):
        null = "no_drive" if planned.condition == "silent" else ""
        run = made.Run(scenario, scenario.resolve(planned.values, null=null), 0, planned.replicate, False, null)
        made.write_run(out, run, {"same": place % 3, "rate": 100.0 + place - 90 * bool(null)})
    path = study_page.write(out)
    told = plain(path)
    assert told.startswith("What do silent and jitter change in tiny?")
    assert "What silence does, told in two lines." in told
    assert "Varied: jitter = 0.1, 0.2" in told
    assert "of 2 measures at silent and full, none chosen beforehand, 1 differs (q &lt; 0.05): rate (by -" in told
    shown, folded = path.read_text().split('id="other-measures"')
    assert ">same<" not in shown
    assert "<details><summary>condition against full" in folded
    assert ">same<" in folded.split('id="runs"')[0]
    assert ">rate<" not in folded.split('id="runs"')[0]


def test_full_and_quick_runs_are_two_tables_and_never_one_statistic(tiny, tmp_path):
    scenario, out = catalogue.find(str(tiny)), tmp_path / "tiny"
    for seed, quick in ((1, False), (2, False), (3, True)):
        for null in ("", "no_drive"):
            run = made.Run(scenario, scenario.resolve({}, quick=quick, null=null), seed, 0, quick, null)
            made.write_run(out, run, {"rate": float(seed) if quick else 10.0 * seed})
    told = plain(pages.write(out))
    assert told.startswith("Runs of tiny Runs of tiny folder tiny: 6 complete runs. 2 of 6 runs are of the")
    assert "of the quick version, too short for conclusions. " in told
    full, quick = told.split("Full runs")[1].split("Runs of the quick version")
    assert " 20 " in full
    assert " 3 " not in full.split("rate")[-1]
    assert "duration" not in full
    assert quick.count(" mV 3 ") == 2
    with pytest.raises(UsageError, match="4 full runs and 2 of the quick version are not compared together"):
        compare(out, by="null", figures=False)
    for chosen, mean in (("false", 15.0), ("true", 3.0)):
        [rate] = compare(out, by="null", where={"quick": chosen}, figures=False).entries
        assert rate.comparison.mean == mean
    assert compare(out, by="quick", where={"null": ""}, figures=False).runs == 3
    for run in (out / "runs").iterdir():
        if not json.loads((run / "run.json").read_text())["quick"]:
            shutil.rmtree(run)
    assert "2 complete runs. All runs are of the quick version, too short for conclusions. " in plain(pages.write(out))


def test_a_run_that_has_a_page_is_led_to(study):
    out, plan = study
    (out / "runs" / plan[0].run / "report.html").write_text("here")
    text = study_page.write(out).read_text()
    assert f'<a href="runs/{plan[0].run}/report.html">{plan[0].run}</a>' in text
    assert text.count('<a href="runs/') == 1


def test_runs_that_are_no_study_are_a_table(tiny, tmp_path):
    scenario = catalogue.find(str(tiny))
    for seed in (1, 2):
        run = made.Run(scenario, scenario.parameters, seed, 0, False, "")
        made.write_run(tmp_path / "tiny", run, {"rate": 5.0 + seed})
    told = plain(pages.write(tmp_path / "tiny"))
    assert told.startswith("Runs of tiny")
    assert "Nothing is compared: nothing says what to compare" in told
    assert "2 7" in told


def test_a_folder_without_runs_has_no_page(tmp_path):
    (tmp_path / "runs").mkdir()
    with pytest.raises(UsageError, match="holds no complete run"):
        pages.write(tmp_path)
    with pytest.raises(UsageError, match="is no folder"):
        pages.write(tmp_path / "none")


def test_the_table_of_a_page_ends_somewhere(study, monkeypatch):
    monkeypatch.setattr(study_page, "MOST_ROWS", 3)
    told = plain(study_page.write(study[0]))
    assert "the first 3 of 13 runs; all are in trials.csv" in told
