"""Checks: what runs and null models say of each, and what is wrong in their file is told at once."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import cortex as package
from cortex.errors import Missed, RunFailed, UsageError
from cortex.experiment import catalogue
from cortex.experiment.identity import Run
from cortex.studies import checks_file
from cortex.studies.checks_model import read_band
from tests.conftest import Outcome
from tests.cortex.studies.made import write_run
from tests.cortex.studies.test_argument import COINS

CHECKS = """
title = "Coins"
seed = 7
seeds = 4
[[checks]]
name = "1"
sentence = "Heads come more often"
parts = [{ measure = "coins.share" }, { measure = "coins.tails", nulls = ["fair"] }]
[[checks]]
name = "2"
sentence = "There are heads"
parts = [{ measure = "coins.heads / fair >= 1.2" }, { what = "Tails", band = ">= 1", scenario = "tails" }]
[[checks]]
name = "3"
sentence = "Coins stay coins"
must = false
parts = [{ measure = "coins.tossed", band = "0 .. 5000", source = "delay" }]
[[checks]]
name = "4"
sentence = "They are many"
parts = [{ what = "Number of coins" }]
[[refuted_if]]
name = "a"
sentence = "Fewer heads come"
checks = ["1"]
[[refuted_if]]
name = "b"
sentence = "A fair coin has no fewer tails"
parts = [{ measure = "coins.tails", condition = "fair", band = "<= 0.4" }]
[reduced]
seeds = 2
conditions.coins = ["fair"]
fixed.coins.tosses = 3000
bands."coins.share" = ">= 0.6"
"""

FULL = {"share": 0.75, "tails": 0.25, "tossed": 4000.0, "heads": 3000.0}
FAIR = {"share": 0.5, "tails": 0.5, "tossed": 4000.0, "heads": 2000.0}
BROKEN = '{ measure = "broken.share" }, { measure = "coins.share" }'
HARDLY = FULL | {"share": 0.76, "heads": 2100.0}


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write checks, changed if asked for, beside their scenario, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "coins.py").write_text(COINS)

    def write(*changes: tuple[str, str]) -> Path:
        text = CHECKS
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / "coins.toml").write_text(text)
        return tmp_path / "coins.toml"

    return write


def store(measures: Mapping[str, Mapping[str, Any]], seeds: int = 4, folder: str = "results/coins_study") -> Path:
    """Keep runs whose measures differ a little from seed to seed, by null model."""
    scenario = catalogue.find("coins.py")
    for null, numbers in measures.items():
        for replicate in range(seeds):
            run = Run(scenario, scenario.resolve({}, null=null), 3, replicate, null=null)
            drawn = {name: value and value * (1 + 0.001 * replicate) for name, value in numbers.items()}
            write_run(Path(folder), run, drawn)
    return Path(folder)


def test_a_check_is_passed_if_all_parts_are_and_proves_nothing_if_no_null_model_misses_it(checks):
    store({"": FULL, "fair": FAIR, "hardly": HARDLY})
    scored = package.validate(checks=checks())
    assert [found.verdict for found in scored.findings] == [
        "passed",
        "passed in part",
        "passed, proves nothing",
        "not measured",
    ]
    first, second = scored.findings[:2]
    assert (first.missed_by, first.must_miss) == (["fair"], ["fair", "hardly"])
    assert [part.kept_by for part in first.parts] == [["hardly"], []]
    assert second.parts[0].models[""].measured.mean == pytest.approx(1.5, rel=1e-6)
    assert second.missed_by == ["hardly"]
    assert (second.parts[0].models[""].runs, second.parts[0].models[""].seed) == (4, 3)
    assert [scored.refuted(found) for found in scored.refutations] == ["no", "yes"]
    assert scored.missed == []
    scored.check()


def test_a_check_that_must_be_passed_and_is_missed_is_told_and_one_that_should_be_is_not(checks):
    store({"": FULL | {"share": 0.6, "tossed": 6000.0}})
    scored = package.validate(checks=checks())
    assert [found.verdict for found in scored.findings][::2] == ["missed", "missed"]
    assert scored.refuted(scored.refutations[0]) == "yes"
    with pytest.raises(Missed, match=r"1 check that must be passed is missed: 1") as told:
        scored.check()
    assert told.value.exit_code == 1


def test_an_interval_across_an_end_of_its_band_and_an_undefined_value_are_unclear(checks):
    store({"": FULL | {"share": 0.6995}})
    assert package.validate(checks=checks()).findings[0].verdict == "unclear"
    store({"": FULL}, seeds=1, folder="alone/coins")
    scored = package.validate("alone", checks=checks())
    assert (scored.findings[0].verdict, scored.few) == ("unclear", {"coins": 1})
    assert (
        "Fewer seeds than the checks ask for**, so that more is unclear: coins 1."
        in (scored.folder / "validation.md").read_text()
    )
    store({"": FULL | {"share": None}}, folder="elsewhere")
    assert package.validate("elsewhere", checks=checks()).findings[0].verdict == "unclear"


def test_a_null_model_misses_what_is_undefined_in_it_and_is_blamed_only_if_it_stays_inside_the_band(checks):
    undefined, across = FULL | {"share": None}, FULL | {"share": 0.6995}
    store({"": FULL, "fair": undefined, "hardly": across})
    scored = package.validate(checks=checks())
    first = scored.findings[0]
    assert (first.missed_by, first.parts[0].kept_by) == (["fair"], [])
    assert [first.outcome(model) for model in ("fair", "hardly")] == ["missed", "unclear"]
    assert "| **`fair`** undefined in 4 of 4 " in (scored.folder / "validation.md").read_text()
    assert "| unclear: `hardly` 0.701 [0.7, 0.701] |" in (scored.folder / "validation.md").read_text()


def test_runs_of_a_version_without_the_measure_say_nothing_of_it(checks):
    store({"": FULL, "fair": {"tails": 0.5, "tossed": 4000.0, "heads": 2000.0}})
    share, tails = package.validate(checks=checks()).findings[0].parts
    assert (list(share.models), share.missed_by) == ([""], [])
    assert (list(tails.models), tails.missed_by) == (["", "fair"], ["fair"])


def test_a_part_may_ask_for_the_difference_of_two_measures(checks):
    store({"": FULL, "fair": FAIR})
    difference = ('"coins.tossed", band = "0 .. 5000"', '"coins.share", less = "tails", band = ">= 0.4"')
    [part] = package.validate(checks=checks(difference)).findings[2].parts
    assert part.line.measure == "share - tails"
    assert part.models[""].measured.mean == pytest.approx(0.5, rel=0.01)
    assert part.models["fair"].measured.mean == pytest.approx(0)
    assert part.missed_by == ["fair"]
    with pytest.raises(UsageError) as told:
        checks_file.load(checks(("heads / fair >= 1.2", 'heads / fair >= 1.2", less = "tial')))
    assert "no such measure; did you mean tails?" in str(told.value.problems)
    with pytest.raises(UsageError) as told:
        checks_file.load(checks(("coins.share", 'coins.share", less = "tails')))
    assert "coins.share  has no band" in str(told.value.problems)


def test_a_folder_is_scored_by_its_own_runs_and_nothing_but_page_table_and_figure_is_written_there(checks):
    folder = store({"": FULL}, folder="here/coins")
    before = sorted(path for path in folder.rglob("*"))
    scored = package.validate("here", checks=checks())
    assert scored.findings[0].verdict == "passed, proves nothing"
    assert sorted(path for path in folder.rglob("*")) == before
    kept = {path.name: path for path in Path("here/validation").iterdir()}
    assert sorted(kept) == ["validation.json", "validation.md", "validation.png"]
    record = json.loads(kept["validation.json"].read_text())
    assert record["checks"][0]["parts"][0]["models"][0]["measured"][0] == pytest.approx(0.75, rel=0.01)
    assert record["checks"][0]["verdict"] == "passed, proves nothing"
    text = kept["validation.md"].read_text()
    assert "proves nothing**: no null model was run" in text
    assert re.search(
        r"\| Tails +\| +\| >= 1 +\| this project +\| there is no scenario tails yet +\| not measured", text
    )
    assert re.search(r"\| 0 \.\. 5000 +\| DiCarlo and Johnson 1999 +\|", text)
    assert package.validate(checks=checks()).findings[0].verdict == "not measured"


def test_the_root_seed_with_the_most_runs_is_taken_or_the_one_that_is_asked_for(checks):
    store({"": FULL})
    scenario = catalogue.find("coins.py")
    write_run(Path("results/more"), Run(scenario, scenario.resolve({}), 5, 0), FULL)
    seeds = [package.validate(checks=checks(), seed=seed).findings[0].parts[0].models for seed in (None, 5, 6)]
    assert [[(found.seed, found.runs) for found in models.values()] for models in seeds] == [[(3, 4)], [(5, 1)], []]


def test_of_root_seeds_with_equally_many_runs_that_of_the_checks_is_taken(checks):
    scenario = catalogue.find("coins.py")
    for seed in (3, 7, 9):
        write_run(Path("results/coins"), Run(scenario, scenario.resolve({}), seed, 0), FULL)
    assert package.validate(checks=checks()).findings[0].parts[0].models[""].seed == 7


def test_options_of_runs_are_refused_for_a_folder_of_which_nothing_is_run(checks, cortex: Callable[..., Outcome]):
    path = checks()
    with pytest.raises(UsageError, match="only for runs that are made: --seeds"):
        package.validate(checks=path, seeds=3)
    refused = cortex("validate", "--checks", path, "--shard", "1/2", "-j", "2", "--retry-failed", "--accept-changes")
    assert refused.code == 2
    assert "--jobs, --shard, --retry-failed, --accept-changes" in refused.err


def test_what_the_other_scenarios_say_is_kept_though_the_runs_of_one_fail(checks):
    broken = COINS.replace('name="coins"', 'name="broken"').replace(
        "    thrown =", "    raise ValueError\n    thrown ="
    )
    Path("broken.py").write_text(broken)
    with pytest.raises(RunFailed, match="12 runs failed"):
        package.validate("all", jobs=1, checks=checks(('{ measure = "coins.share" }', BROKEN)))
    kept = json.loads(Path("results/validation/validation.json").read_text())
    assert [check["measured"] for check in kept["checks"]] == ["2 of 3", "1 of 2", "1 of 1", "0 of 1"]


def test_a_part_of_the_runs_is_not_judged(checks, cortex: Callable[..., Outcome]):
    path = checks(("0 .. 5000", ">= 5000"), ("must = false\n", ""))
    shards = [cortex("validate", "coins", "--checks", path, "-q", "-j", "1", "--shard", f"{n}/2") for n in (1, 2)]
    assert [shard.code for shard in shards] == [0, 0]
    assert re.search(r"3 +Coins stay coins +must +missed", shards[1].out)
    assert cortex("validate", "coins", "--checks", path, "-q", "-j", "1").code == 1


@pytest.mark.filterwarnings("error")
def test_a_scenario_that_only_could_refute_the_theory_has_no_table_and_no_figure(
    checks, cortex: Callable[..., Outcome]
):
    Path("alone.py").write_text(COINS.replace('name="coins"', 'name="alone"'))
    path = checks(('{ measure = "coins.tails", condition', '{ measure = "alone.tails", condition'))
    scored = cortex("validate", "alone", "--checks", path, "-q", "-j", "1")
    assert scored.out.startswith("(b) A fair coin has no fewer tails: yes")
    assert "validation.png" not in scored.out
    folder = Path("results/validation/alone")
    assert "(validation.png)" not in (folder / "validation.md").read_text()
    assert not (folder / "validation.png").exists()


def test_runs_of_other_parameters_and_quick_ones_count_for_nothing_and_are_told(checks, cortex: Callable[..., Outcome]):
    scenario = catalogue.find("coins.py")
    write_run(Path("results/coins"), Run(scenario, scenario.resolve({"tosses": "5"}), 3, 0), FULL)
    write_run(Path("results/coins"), Run(scenario, scenario.resolve({}, quick=True), 3, 0, quick=True), FULL)
    assert package.validate(checks=checks()).findings[0].verdict == "not measured"
    store({"": FULL}, folder="results/coins")
    told = cortex("validate", "--checks", checks())
    assert "not counted: 1 of the quick version, 1 with changed parameters" in told.err
    assert told.err.splitlines()[-1] == "report: results/validation/report.html"
    text = Path("results/validation/validation.md").read_text()
    assert "Runs not counted: 1 of the quick version, 1 with changed" in text
    record = json.loads(Path("results/validation/validation.json").read_text())
    assert record["not_counted"] == {"quick": 1, "changed": 1}
    assert record["folders"] == {"coins": "results/coins"}


def test_a_scenario_is_run_with_the_null_models_that_must_miss_and_goes_on(checks, cortex: Callable[..., Outcome]):
    path = checks()
    plan = cortex("validate", "coins", "-n", "--checks", path)
    assert re.search(r"coins +12: 0 done, 12 to do", plan.out)
    assert not Path("results").exists()
    shard = cortex("validate", "coins", "--checks", path, "-q", "-j", "1", "--shard", "1/3")
    assert shard.code == 0
    assert len(list(Path("results/validation/coins/runs").iterdir())) == 4
    done = cortex("validate", "coins", "--checks", path, "-q", "-j", "1")
    assert re.search(r"1 +Heads come more often +must +passed +2 of 2 +fair +coins \(coins\)", done.out)
    assert "(b) A fair coin has no fewer tails: yes" in done.out
    assert len(list(Path("results/validation/coins/runs").iterdir())) == 12
    as_json = json.loads(cortex("validate", "--checks", path, "--json").out)
    assert as_json["checks"][0]["verdict"] == "passed"
    missed = cortex("validate", "--checks", checks(("0 .. 5000", ">= 5000"), ("must = false\n", "")))
    assert missed.code == 1
    assert "1 check that must be passed is missed: 3" in missed.err


def test_the_reduced_version_has_runs_and_bands_of_its_own(checks):
    scored = package.validate("all", reduced=True, jobs=1, checks=checks())
    share, tails = scored.findings[0].parts
    assert (share.line.band, share.standing()) == ((0.6, None), "inside")
    assert (tails.models[""].runs, tails.standing()) == (2, None)
    assert {run.parameters["tosses"] for run in package.load("results/validation_reduced/coins")} == {"3000"}
    assert {run.null for run in package.load("results/validation_reduced/coins")} == {"", "fair"}
    assert scored.findings[0].verdict == "passed in part"
    text = (scored.folder / "validation.md").read_text()
    assert "**reduced** version" in text
    assert "| no band " in text
    assert package.validate(checks=checks()).findings[0].verdict == "not measured"


def test_without_values_of_its_own_the_reduced_version_has_the_bands_of_the_full_one(checks):
    path = checks(("fixed.coins.tosses = 3000\n", ""), ('bands."coins.share"', 'bands."coins.tails"'))
    reduced = checks_file.load(path, reduced=True)
    share, tails = reduced.lines["1"]
    assert (share.band, share.source) == ((0.7, None), "this project")
    assert (tails.band, tails.source) == ((0.6, None), "development seeds")
    assert reduced.lines["b"][0].band == (None, 0.4)


def test_a_digest_tells_when_a_band_or_what_must_miss_it_was_changed(checks):
    digest = checks_file.load(checks()).digest
    frozen = ("seeds = 4", f'seeds = 4\ndigest = "{digest}"')
    assert checks_file.load(checks(frozen)).is_frozen
    assert checks_file.load(checks(frozen), reduced=True).is_frozen
    assert checks_file.load(checks(frozen, ("Coins", "Other words"))).is_frozen
    for change in (("5000", "5001"), (">= 0.6", ">= 0.61"), ('["fair"] }', '["plain"] }'), ('">= 1"', '">= 2"')):
        assert not checks_file.load(checks(frozen, change)).is_frozen
    coins = Path("coins.py")
    coins.write_text(COINS.replace("expected=(0.2, 0.3)", "expected=(0.2, 0.4)"))
    store({"": FULL})
    changed = package.validate(checks=checks(frozen))
    assert not changed.checks.is_frozen
    assert "The bands are not those that were frozen" in (changed.folder / "validation.md").read_text()


def test_all_mistakes_are_told_at_once(checks):
    changes = [
        ('"coins.share" }', '"coins.shaer" }, { measure = "coin.share" }, { measure = "share" }, {}'),
        ('nulls = ["fair"]', 'nulls = ["fare"]'),
        ('"0 .. 5000"', '"0 - 5000"'),
        ('"coins.heads / fair >= 1.2" }', '"coins.heads" }, { measure = "coins.tails", band = "0.2 .. 0.3" }'),
        ('checks = ["1"]', 'checks = ["5", "4"]'),
        ('sentence = "They are many"', "sentence = 7"),
        ("seed = 7", "seed = -7"),
        ('coins = ["fair"]', 'coins = ["fare"]'),
    ]
    with pytest.raises(UsageError) as told:
        checks_file.load(checks(*changes))
    everything = "\n".join(told.value.problems)
    for line in (
        "1 coins.shaer  no such measure; did you mean share?",
        "1 coin.share  no scenario coin beside the file",
        '1 "share" is neither',
        "1 has neither `measure` nor `what`",
        "1 coins.tails  coins has no condition fare; did you mean fair?",
        "2 coins.heads  has no band",
        "2 coins.tails  has this band already: leave it out",
        '3 coins.tossed  "0 - 5000" is no band',
        "a 5  is no check",
        "checks.3.sentence Input should be a valid string",
        "seed Input should be greater than or equal to 0",
        "[reduced.conditions] coins  has no fare",
    ):
        assert line in everything
    assert "a 4  is no check" not in everything


def test_mistakes_of_the_reduced_version_are_told(checks):
    changes = [('"coins.share" = ">= 0.6"', '"coins.shaer" = ">= 0.6"'), ('coins = ["fair"]', 'coins = ["fare"]')]
    with pytest.raises(UsageError) as told:
        checks_file.load(checks(*changes, ("fixed.coins.tosses", "fixed.coin.tosses")))
    everything = "\n".join(told.value.problems)
    assert "[reduced.bands] coins.shaer  needs the measure of a part" in everything
    assert "[reduced.conditions] coins  has no fare" in everything
    assert "[reduced.fixed] coin  carries no check" in everything


def test_what_carries_no_check_is_refused(checks, cortex: Callable[..., Outcome]):
    refused = cortex("validate", "cions", "--checks", checks())
    assert refused.code == 2
    assert 'no check is of "cions"; did you mean coins?' in refused.err


@pytest.mark.parametrize(
    ("text", "band"), [(">= 0.9", (0.9, None)), ("<= -0.05", (None, -0.05)), ("-2.3 .. -1", (-2.3, -1.0))]
)
def test_a_band_is_read(text, band):
    assert read_band(text) == band


def test_the_bands_of_the_shipped_checks_are_those_that_were_frozen():
    checks = checks_file.load()
    assert checks.digest == checks.file.digest, "if a band had to change, say why, and write the new digest in the file"
    assert [check.name for check in checks.file.checks] == [str(number) for number in range(1, 13)]
    assert [check.name for check in checks.file.refuted_if] == list("abcde")
    for name in ("1", "2", "7", "9"):
        assert any(line.must_miss for line in checks.lines[name]), name


def test_a_folder_without_a_run_that_counts_is_told_and_nothing_is_written(checks, cortex: Callable[..., Outcome]):
    Path("empty").mkdir()
    outcome = cortex("validate", "empty", "--checks", checks())
    assert outcome.code == 5
    assert "empty holds no run that counts" in outcome.err
    assert list(Path("empty").iterdir()) == []
    looked = cortex("validate", "--checks", checks())  # which checks there are can be seen without any run
    assert (looked.code, "0 of" in looked.out) == (0, True)
    assert not Path("results").exists()


def test_a_sentence_of_somebody_else_s_is_no_html_and_ends_no_cell(checks):
    store({"": FULL})
    path = checks(("Coins", "Coins <b>& | pipes"))
    text = (package.validate(checks=path).folder / "validation.md").read_text()
    assert "<b>" not in text
    assert "Coins &lt;b>& \\| pipes" in text
