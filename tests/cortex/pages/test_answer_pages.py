"""The pages of an argument and of checks: the conclusion first, tables that say what the kept answer says, links."""

import json
from pathlib import Path
from typing import Any

import pytest

from cortex.errors import UsageError
from cortex.pages import pages
from tests.cortex.pages.test_run_page import plain

MEASURED = {
    "study": "coins",
    "condition": "",
    "measure": "share",
    "band": [0.7, None],
    "unit": "1",
    "measured": [0.75, 0.74, 0.76],
    "runs": 4,
    "seed": 7,
    "quick": False,
    "lacking": 0,
    "standing": "inside",
}
FAIR = MEASURED | {"condition": "fair", "measured": [None, None, None], "lacking": 4, "standing": "undefined"}
QUICK = MEASURED | {"study": "few", "quick": True}

ARGUMENT = {
    "argument": "coins",
    "title": "Are coins <fair>?",
    "folder": "elsewhere",
    "studies": {name: {"study": name, "planned": 12, "complete": 11, "failed": 1} for name in ("coins", "few")},
    "claims": [
        {"claim": "Heads win.", "verdict": "holds", "theory": "3 of 4", "supports": [MEASURED], "opposes": []}
        | {"controls": [FAIR]},
        {"claim": "A few do.", "verdict": "not scored (quick)", "theory": "luck", "supports": [QUICK], "opposes": []}
        | {"controls": []},
    ],
}

PART = {"what": "Share of heads", "scenario": "coins", "measure": "coins.share", "band": [0.7, None]}
MODELS = [MEASURED | {"model": ""}, FAIR | {"model": "fair", "standing": "outside"}]
CHECK = {"name": "1", "sentence": "Heads win", "must": True, "measured": "1 of 1", "missed_by": ["fair"]}


def validation(folder: Path) -> dict[str, Any]:
    parts = [PART | {"awaited": "", "source": "coins of 2000", "must_miss": ["fair"], "models": MODELS}]
    empty = [PART | {"what": "Weight", "awaited": "a scale", "must_miss": [], "models": []}]
    return {
        "title": "Checks of <coins>",
        "reduced": False,
        "frozen": True,
        "missed": ["2"],
        "not_counted": {"quick": 3, "changed": 0},
        "folders": {"coins": str(folder / "coins")},
        "checks": [
            CHECK | {"verdict": "passed", "parts": parts},
            CHECK | {"name": "2", "verdict": "missed", "parts": empty},
        ],
        "refuted_if": [CHECK | {"name": "a", "sentence": "Tails win", "verdict": "missed", "parts": [], "found": "no"}],
    }


def keep(folder: Path, name: str, answer: dict[str, Any]) -> Path:
    for study in ("coins", "few"):
        (folder / study).mkdir(parents=True)
    (folder / "coins" / "report.html").write_text("here")
    (folder / name).write_text(json.dumps(answer))
    return folder


def test_an_argument_says_its_verdicts_first_and_leads_to_its_studies(tmp_path: Path) -> None:
    path = pages.write(keep(tmp_path / "mine", "conclusion.json", ARGUMENT))
    told = plain(path)
    assert path == tmp_path / "mine" / "report.html"
    order = [
        "Are coins &lt;fair&gt;? mine: 2 claims: holds 1, not scored (quick) 1.",
        "Heads win. holds 3 of 4",
        "1 control fair coins share undefined in 4 of 4",
        "A claim holds if all",
    ]
    assert [told.index(text) for text in order] == sorted(told.index(text) for text in order)
    assert "1 for coins share 0.75 [0.74, 0.76] 4 &gt;= 0.7 inside" in told
    assert "2 for few share 0.75 [0.74, 0.76] 4, quick &gt;= 0.7 not scored" in told
    assert '<a href="coins/report.html">coins</a>' in path.read_text()
    assert 'href="few' not in path.read_text()


def test_checks_say_what_is_missed_first_and_have_a_column_for_each_null_model(tmp_path: Path) -> None:
    path = pages.write(keep(tmp_path / "all", "validation.json", validation(tmp_path / "all")), tmp_path / "one.html")
    told = plain(path)
    assert "Checks of &lt;coins&gt; all: 2 checks: passed 1, missed 1. Runs not counted: 3 of the quick" in told
    assert "Missed, though they must be passed: 2." in told
    assert "(a) Tails win: no" in told
    assert "1 Heads win must passed 1 of 1 missed, as it must be" in told
    assert "1 Share of heads full model coins share 0.75 [0.74, 0.76] 4 &gt;= 0.7 inside coins of 2000" in told
    assert "2 Weight &gt;= 0.7 a scale" in told
    assert '<a href="all/coins/report.html">coins</a>' in path.read_text()


@pytest.mark.parametrize("place", ["x" * 300, "\0", "/root/none", "javascript:alert(1);<b>"])
def test_a_place_of_a_study_that_can_be_none_leads_nowhere(tmp_path: Path, place: str) -> None:
    kept = validation(tmp_path / "all") | {"folders": {"coins": place}}
    text = pages.write(keep(tmp_path / "all", "validation.json", kept)).read_text()
    assert "<b>" not in text
    assert "coins/report.html" not in text
    assert 'href="javascript' not in text


@pytest.mark.parametrize("text", ["{", "[]", '{"studies": {}}', '{"argument": 1e999, "studies": {}, "claims": []}'])
def test_a_damaged_answer_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "conclusion.json").write_text(text)
    with pytest.raises(UsageError, match=r"conclusion\.json is damaged"):
        pages.write(tmp_path)
