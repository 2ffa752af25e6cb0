"""A rule, a hold, a teacher and a mechanism in a file of one's own, run from the command line and in a study."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from cortex import load
from cortex.engine import compiler
from cortex.mechanisms.copying import RULES
from cortex.mechanisms.lateral_inhibition import KINDS
from cortex.mechanisms.recruitment import TEACHERS

pytestmark = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

RULE = '''
"""My rule: a weight decays with a power of itself."""

from dataclasses import replace

from cortex import main
from cortex.experiment.parameters import parameter
from cortex.mechanisms.copying import RULES, Rule
from cortex.mechanisms.mechanism import Mechanism
from models.pair.parameters import PairParameters
from scenarios.copy_pair import SCENARIO as COPY_PAIR


class MyRule(Mechanism):
    """Parameters of my rule."""

    power: float = parameter(1.0, "Power of the weight in its decay.", bounds=(0.2, 5))


class MyPair(PairParameters):
    """The pair with my rule."""

    my_rule: MyRule = MyRule()


RULES.register("mine", Rule(on_post="""
change = arbor*trace_pre - w**power_post
w = clip(w + plasticity(t)*learning_rate_post*change, 0, maximum_weight_post)
"""))

SHORT = {f"training.{name}": "1 s" for name in ("calibrate", "copy_time", "hold", "tune", "silence", "release")}
SHORT |= {"training.settle": "5 s", "training.probes": "3", "training.repeats": "1", "skin.number": "30"}


def measure(p, recordings):
    return {"target_weight": float(recordings["released"]["weights.w"][-1].reshape(p.skin.number, -1)[:, 0].mean())}


SCENARIO = replace(
    COPY_PAIR,
    name="my_rule",
    parameters=MyPair().override(SHORT | {"copying.learning_rate": "0.1"}),
    measure=measure,
    predict=lambda p, recordings: {},
    figures=lambda p, recordings: {},
    bands={},
    watched=lambda p: {},
)

if __name__ == "__main__":
    main(SCENARIO)
'''

HOLD = '''
from cortex.mechanisms.lateral_inhibition import KINDS, Kind
from cortex.mechanisms.recruitment import TEACHERS, Teacher
from brian2 import ms


class MyHold(Mechanism):
    """A hold that is partly fast, and slow inhibition of a cell by its own spikes."""

    GROUP = "pv"
    GATES = {"tiring": "cells tire"}

    fast_share: float = parameter(0.5, "Share of the hold that is fast.", bounds=(0, 1))

    def reset(self):
        return {"pyramidal": "g_slow += 0.5*nS*plasticity(t)"}


class MyPair(PairParameters):
    my_hold: MyHold = MyHold()


KINDS.register("mine", Kind(on_pre="""
g_fast_post += share*competition_pre + fast_share_pre*held
g_slow_post += (1 - fast_share_pre)*held
"""))
TEACHERS.register("late", Teacher(delays=(5 * ms, 10 * ms)))
SCENARIO = replace(SCENARIO, parameters=MyPair().override(SHORT))
'''


@pytest.fixture
def my_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scenario file; what it registers is forgotten after the test."""
    for registry in (RULES, KINDS, TEACHERS):
        for kept in ("_definitions", "_places"):
            monkeypatch.setattr(registry, kept, dict(getattr(registry, kept)))
    (tmp_path / "my_rule.py").write_text(RULE)
    return tmp_path / "my_rule.py"


def target_weight(file: Path, *options: str) -> float:
    """Run a scenario file in a process of its own."""
    command = [sys.executable, file.name, "-q", "--json", "-p", "copying.rule=mine", *options]
    done = subprocess.run(command, cwd=file.parent, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout)["measures"]["target_weight"])


@pytest.mark.slow
def test_a_rule_of_ones_own_is_varied_in_a_study_and_simulated_as_it_is_when_changed(cortex, my_rule) -> None:
    outcome = cortex("study", my_rule, "-p", "copying.rule=hebbian,mine", "-p", "my_rule.power=1,2", "-j", "2")
    assert outcome.code == 0, outcome.err
    rows = list(csv.DictReader(Path("results/my_rule_study/trials.csv").read_text().splitlines()))
    weights = {(row["copying.rule"], float(row["my_rule.power"])): float(row["target_weight"]) for row in rows}
    assert len(weights) == 4
    assert weights["hebbian", 1] == weights["hebbian", 2]  # which does not use the power
    assert weights["mine", 1] == pytest.approx(weights["hebbian", 1])  # the same rule at a power of 1
    assert weights["mine", 2] > 1.1 * weights["mine", 1]  # weights below 1 decay more slowly

    elsewhere = my_rule.parent / "elsewhere" / my_rule.name  # another rule of the same name
    elsewhere.parent.mkdir()
    stronger = RULE.replace("change = arbor*trace_pre", "change = 2*arbor*trace_pre")
    elsewhere.write_text(stronger)
    doubled = target_weight(elsewhere)
    assert doubled > 1.3 * weights["mine", 1]
    my_rule.write_text(stronger)
    assert target_weight(my_rule) == doubled


def test_a_hold_a_teacher_and_a_mechanism_of_ones_own(cortex, my_rule) -> None:
    my_rule.write_text(RULE.partition("\nif __name__")[0] + HOLD)
    options = ["-p", "normalization.kind=mine", "-p", "recruitment.teacher=late", "-q", "--json"]
    fast, slow = (cortex("run", my_rule, *options, "-p", f"my_hold.fast_share={share}") for share in (1, 0))
    assert fast.code == slow.code == 0, fast.err + slow.err
    runs = [load(json.loads(outcome.out)["folder"]) for outcome in (fast, slow)]
    spikes = [run.recordings["released"]["pv_spikes.t"] for [run] in runs]
    assert len(spikes[0]) > 1.1 * len(spikes[1])  # PV cells whose fast inhibition is not held back fire more


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("w**powr_post", 'afferent_post  The identifier "powr_post" could not be resolved'),
        ("w**power_post +", "afferent_post"),
    ],
)
def test_a_mistake_in_a_rule_is_told_by_the_name_in_it(cortex, my_rule, wrong, message) -> None:
    my_rule.write_text(RULE.replace("w**power_post", wrong))
    outcome = cortex("run", my_rule, "-p", "copying.rule=mine")
    assert outcome.code == 2
    assert message in outcome.err


def test_an_unknown_rule_is_told_with_those_there_are(cortex, my_rule) -> None:
    outcome = cortex("run", my_rule, "-p", "copying.rule=mien")
    assert outcome.code == 2
    assert '"mien" is none of hebbian, stdp, error_correcting, mine; did you mean mine?' in outcome.err
    assert "copying.rule = hebbian   (hebbian | stdp | error_correcting | mine)" in cortex("show", my_rule).out
