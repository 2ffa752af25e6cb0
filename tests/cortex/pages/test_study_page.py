"""The page of a study: its conclusion first, then runs that are complete and runs that failed."""

import json

import pytest

from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.pages import pages, study_page
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
    assert "13 of 14 runs are complete, 1 failed" in told
    order = [told.index(text) for text in ("rate at silent", "paired by seed", "the &lt;disk&gt; is full")]
    assert order == sorted(order)
    assert f"{plan[13].run} " in told
    assert f"{plan[0].run} full 0 20 mV 100" in told
    assert path.read_text().count("data:image/png;base64,") >= 1


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
