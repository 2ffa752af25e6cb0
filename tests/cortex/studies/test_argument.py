"""An argument: its studies are done, each claim gets a verdict, and what is wrong in its file is told at once."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import cortex as package
from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.studies import argument_file
from tests.conftest import Outcome

COINS = '''
"""Heads of a coin."""
from cortex.experiment.coordinates import Variable
from cortex.experiment.measure import Condition, Measure
from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.scenario import Scenario


class Coin(Parameters):
    """A coin."""

    bias: float = parameter(0.75, "Probability of heads.", bounds=(0, 1))
    tosses: int = parameter(4000, "Tosses.", bounds=(1, 100000))


def calculate(p, streams):
    thrown = streams.stimuli.random(p.tosses) < p.bias
    return {"coin": {"thrown": Variable(("toss",), thrown.astype(float), "1", "heads or not")}}


def analyse(p, recordings):
    share = float(recordings["coin"]["thrown"].mean())
    return {"share": share, "tails": 1 - share, "tossed": float(p.tosses), "heads": share * p.tosses}, {}


SCENARIO = Scenario(
    name="coins", title="Coins", citation="Nobody 2000", parameters=Coin(), calculate=calculate, analyse=analyse,
    quick={"tosses": "4"},
    nulls={
        "fair": Condition("Both sides alike.", {"bias": "0.5"}, misses=("share",)),
        "hardly": Condition("Nearly the same.", {"bias": "0.76"}, misses=("share",)),
        "plain": Condition("Misses nothing.", {"bias": "0.4"}),
    },
    measures=(
        Measure("share", "Share of heads.", expected=(0.7, None)),
        Measure("tails", "Share of tails.", expected=(0.2, 0.3)),
        Measure("tossed", "Tosses."),
        Measure("heads", "Heads."),
    ),
)
'''

ARGUMENT = """
title = "Coins"
seed = 7
[studies.coins]
scenario = "coins.py"
seeds = 4
conditions = ["fair", "hardly"]
[studies.few]
scenario = "coins.py"
quick = true
conditions = ["fair"]
[[claims]]
claim = "Heads come more often."
theory = "Three of four."
supports = ["coins.share", "coins.heads / fair >= 1.3"]
controls = ["coins.fair"]
[[claims]]
claim = "That needs this very coin."
theory = "Another does it too."
supports = ["coins.share"]
controls = ["coins.hardly"]
[[claims]]
claim = "Tails never come."
theory = "One of four."
opposes = ["coins.tails"]
[[claims]]
claim = "A few tosses are enough."
theory = "No."
supports = ["few.share"]
controls = ["few.fair"]
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write an argument, changed if asked for, beside its scenario, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "coins.py").write_text(COINS)

    def write(*changes: tuple[str, str]) -> Path:
        text = ARGUMENT
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / "coins.toml").write_text(text)
        return tmp_path / "coins.toml"

    return write


def test_each_claim_gets_the_verdict_that_its_measures_and_controls_give(written):
    answer = package.study(written(), jobs=1)
    assert list(answer.verdicts.values()) == ["holds", "unproven", "does not hold", "not scored (quick)"]
    assert {name: state.summary["complete"] for name, state in answer.states.items()} == {"coins": 12, "few": 2}
    record = json.loads((answer.folder / "conclusion.json").read_text())
    share, ratio = record["claims"][0]["supports"]
    values = [run.measures["share"] for run in answer.states["coins"].runs if not run.null]
    assert share["measured"][0] == pytest.approx(np.mean(values), rel=1e-12)
    assert (share["runs"], share["seed"], share["standing"]) == (4, 7, "inside")
    assert (ratio["measure"], ratio["runs"]) == ("heads / fair", 4)
    assert ratio["measured"][0] == pytest.approx(1.5, rel=0.02)
    assert answer.figure.stat().st_size > 10_000
    assert str(answer).endswith(f"\nfigure: {answer.figure}")
    text = (answer.folder / "conclusion.md").read_text()
    assert text == answer.text
    assert re.search(r"control `fair` +\| `coins` `share` +\| 0\.\d+ \[.*\| 4 +\| >= 0\.7 +\| outside", text)
    assert "**Holds.** Theory: Three of four." in text


def test_nothing_is_done_twice_and_full_runs_beside_it_are_taken_in_the_place_of_quick_ones(written):
    first = package.study(written(), jobs=1)
    package.study("coins.py", nulls=["fair"], seed=3, seeds=5, jobs=1)
    package.study("coins.py", nulls=["fair"], seed=4, seeds=2, jobs=1, output="results/other")
    second = package.study(written(), jobs=1)
    assert second.verdicts["A few tosses are enough."] == "holds"
    evidence = second.findings[3].supports[0]
    assert (evidence.seed, evidence.runs, evidence.quick) == (3, 5, False)
    stamps = [(run.folder / "run.json").stat().st_mtime_ns for run in first.states["coins"].runs]
    assert [(run.folder / "run.json").stat().st_mtime_ns for run in second.states["coins"].runs] == stamps


def test_stored_runs_of_other_parameters_are_not_taken(written):
    package.study("coins.py", parameters={"tosses": 5000}, nulls=["fair"], seeds=3, jobs=1)
    answer = package.study(written(), jobs=1)
    assert answer.verdicts["A few tosses are enough."] == "not scored (quick)"


def test_the_command_shows_plan_and_verdicts(written, cortex: Callable[..., Outcome]):
    plan = cortex("study", written(), "-n")
    assert plan.code == 0
    assert re.search(r"coins +12: 0 done, 12 to do", plan.out)
    assert not Path("results").exists()
    done = cortex("study", written(), "--seeds", "2", "-j", "1", "-o", "here")
    assert done.code == 0
    assert done.err.splitlines()[-1] == "report: here/report.html"
    assert re.search(r"2 +That needs this very coin\. +unproven", done.out)
    as_json = json.loads(cortex("study", written(), "--seeds", "2", "-j", "1", "-o", "here", "--json").out)
    assert [claim["verdict"] for claim in as_json["claims"]][:2] == ["holds", "unproven"]


@pytest.mark.parametrize("options", [["-p", "bias=0.1"], ["--null", "fair"], ["--points", "4"]])
def test_what_is_for_one_study_is_refused(written, cortex: Callable[..., Outcome], options):
    refused = cortex("study", written(), *options)
    assert refused.code == 2
    assert f"{options[0]} is for one" in refused.err


def test_all_mistakes_are_told_at_once(written):
    changes = [
        ('"coins.share", "coins', '"coins.shaer", "coins.tossed", "coins.share / plain <= 1", "coin.share", "coins'),
        ('["coins.hardly"]', '["coins.plain", "few.hardly", "coins.fair.shaer", "coins.fair.heads"]'),
        ('opposes = ["coins.tails"]', ""),
        ('["fair", "hardly"]', '["fair", "hardly", "unfair"]'),
        ("[studies.few]", "[studies.few]\nfixed.tosses = 0"),
    ]
    with pytest.raises(UsageError) as told:
        argument_file.load(written(*changes))
    everything = "\n".join(told.value.problems)
    for line in (
        "claim 1 coins.shaer  no such measure; did you mean share?",
        "claim 1 coins.tossed  has no band",
        "claim 1 coins.share / plain <= 1  plain is not among the conditions of [studies.coins]",
        "claim 1 coin.share  begins with none of [studies]",
        "claim 2 coins.plain  is not among the conditions of [studies.coins]",
        "claim 2 few.hardly  is not among the conditions of [studies.few]",
        "claim 2 coins.fair.shaer  no such measure; did you mean share?",
        "claim 2 coins.fair.heads  has no band",
        "claim 3 rests on no measure: give `supports`, `opposes` or both",
        "[studies.coins] conditions  coins has no condition unfair; did you mean fair?",
    ):
        assert line in everything
    assert "tosses" in everything.split("[studies.few]", 1)[1]


def test_a_mistake_of_form_is_told_with_its_place(written):
    with pytest.raises(UsageError, match="1 problem") as told:
        argument_file.load(written(("seeds = 4", "seeds = 0")))
    assert "studies.coins.seeds" in told.value.problems[0]


def test_the_essay_has_every_calculated_scenario_and_the_spiking_ones():
    path = argument_file.find("essay")
    assert path is not None
    argument, scenarios = argument_file.load(path)
    assert set(catalogue.titles("scenarios")) <= {scenario.name for scenario in scenarios.values()}
    used = {name.split(".")[0] for claim in argument.claims for name in (*claim.supports, *claim.opposes)}
    assert used == set(argument.studies)
    for name, member in argument.studies.items():
        assert member.quick == (scenarios[name].calculate is None)


def test_a_control_can_be_one_measure_of_a_condition(written):
    path = written(('controls = ["coins.hardly"]', 'controls = ["coins.fair.tails"]'))
    answer = package.study(path, jobs=1)
    [control] = answer.findings[1].controls
    assert (control.measure, control.condition, control.standing) == ("tails", "fair", "outside")
    assert answer.verdicts["That needs this very coin."] == "holds"


def test_a_control_in_which_the_measure_is_undefined_has_missed_it(written):
    of_a_fair_coin = '"tails": 1 - share if p.bias > 0.6 else float("nan")'
    Path("coins.py").write_text(COINS.replace('"tails": 1 - share', of_a_fair_coin))
    answer = package.study(written(('controls = ["coins.hardly"]', 'controls = ["coins.fair.tails"]')), jobs=1)
    [control] = answer.findings[1].controls
    assert (control.standing, control.lacking, control.runs) == ("undefined", 4, 4)
    assert answer.verdicts["That needs this very coin."] == "holds"


def test_a_measure_without_a_value_in_some_run_is_undefined_and_a_full_run_is_paired_with_no_quick_one(written):
    coins = Path("coins.py")
    sometimes = '"tails": 1 - share if round(share * p.tosses) % 3 else float("nan")'
    coins.write_text(COINS.replace('"tails": 1 - share', sometimes))
    ratio = ('supports = ["few.share"]', 'supports = ["few.heads / fair >= 1.1"]')
    answer = package.study(written(ratio), jobs=1)
    values = [round(4000 * run.measures["share"]) % 3 > 0 for run in answer.states["coins"].runs if not run.null]
    assert 0 < sum(values) < 4
    assert (answer.findings[2].opposes[0].standing, answer.findings[2].verdict) == ("undefined", "unclear")
    package.study("coins.py", seed=7, seeds=2, jobs=1)
    again = package.study(written(ratio), jobs=1).findings[3]
    assert (again.supports[0].runs, again.verdict) == (0, "not measured")
