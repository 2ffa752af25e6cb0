"""Runs side by side: levels, pairs, blocks, times to a criterion."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from cortex.analysis.comparison import fewest_pairs
from cortex.errors import NothingMatched, UsageError
from cortex.studies import contrast, selection
from cortex.studies.contrast import Question
from cortex.studies.plan import PlannedRun
from cortex.studies.table import RunTable
from cortex.studies.values import canonical

SEEDS = range(4)
RATES = ("0.1", "0.2")


def study() -> tuple[RunTable, list[PlannedRun]]:
    """Two conditions, two rates, four seeds; the measure is made of a part of each."""
    plan, rows = [], {}
    for seed, rate, condition in itertools.product(SEEDS, RATES, ("full", "null")):
        run = f"{condition}{rate}-r{seed:03d}"
        value = 10 * seed + (5 if rate == "0.2" else 0) + (1 + 0.1 * seed if condition == "null" else 0)
        reached = 3.0 + seed if condition == "full" or seed < 2 else math.nan
        plan.append(PlannedRun(run, condition, seed, {"rate": rate, "gain": "2 nS"}))
        rows[run] = {
            **{"run": run, "condition": condition, "null": "", "seed": "0", "replicate": str(seed), "quick": "false"},
            **{
                "effect": str(value),
                "reached_s": "" if math.isnan(reached) else str(reached),
                "watched.reached_s": "20",
            },
            **{"rate": rate, "gain": "2 nS", "version": "1", "stamp": "1"},
        }
    return table(rows), plan


def table(rows: dict[str, dict[str, str]]) -> RunTable:
    """Make a table whose run folders nobody needs."""
    made = RunTable(rows)
    made.measures, made.parameters = ["effect", "reached_s"], ["rate", "gain", "drive"]
    return made


def test_conditions_are_compared_by_seed_within_equal_values() -> None:
    trials, plan = study()
    found = selection.levels(trials, plan, list(trials.rows), "condition")
    assert found.blocks == ["rate"]
    assert {level: len(runs) for level, runs in found.runs.items()} == {"full": 8, "null": 8}
    [entry] = contrast.compare(trials, found, Question(by="condition", measures=("effect",)))
    assert (entry.reference, entry.level, entry.comparison.pairs) == ("full", "null", 4)
    assert entry.comparison.difference.mean == pytest.approx(np.mean([1, 1.1, 1.2, 1.3]))
    assert entry.comparison.p == pytest.approx(2 / 2**4)


def test_a_parameter_is_compared_within_conditions() -> None:
    trials, plan = study()
    found = selection.levels(trials, plan, list(trials.rows), "rate")
    assert found.blocks == ["condition"]
    [entry] = contrast.compare(trials, found, Question(by="rate", against="0.20", measures=("effect",)))
    assert (entry.reference, entry.level) == ("0.2", "0.1")
    assert entry.comparison.difference.mean == pytest.approx(-5)


def test_a_missing_run_takes_its_pair_with_it() -> None:
    trials, plan = study()
    trials.rows.pop("null0.1-r003")
    for run in ("null0.1-r002", "null0.2-r002"):
        trials.rows[run]["effect"] = ""
    found = selection.levels(trials, plan, list(trials.rows), "condition")
    [entry] = contrast.compare(trials, found, Question(by="condition", measures=("effect",)))
    assert entry.comparison.pairs == 3
    assert entry.comparison.reference == pytest.approx(np.mean([2.5, 12.5, 35]))


def test_times_that_were_not_reached_are_kept_as_censored() -> None:
    trials, plan = study()
    found = selection.levels(trials, plan, list(trials.rows), "condition")
    [entry] = contrast.compare(trials, found, Question(by="condition", measures=("reached_s",)))
    assert entry.reached == (0.5, 1.0)
    assert entry.first is not None
    assert (entry.first.a, entry.first.b, entry.first.undecided) == (0, 4, 4)
    assert entry.comparison.mean == pytest.approx(np.mean([3, 4, 20, 20]))
    assert math.isnan(entry.logrank)  # a seed has several runs
    assert math.isnan(entry.first.p)


def test_times_are_tested_where_each_seed_has_one_run() -> None:
    trials, plan = study()
    _, runs = selection.select(trials, plan, {"rate": "0.1"})
    found = selection.levels(trials, plan, runs, "condition")
    [entry] = contrast.compare(trials, found, Question(by="condition", measures=("reached_s",)))
    assert entry.logrank == pytest.approx(logrank_by_hand(), rel=1e-6)
    assert entry.first is not None
    assert (entry.first.b, entry.first.p) == (2, 0.5)


def test_what_is_shown_does_not_change_what_is_adjusted_for() -> None:
    trials, plan = study()
    found = selection.levels(trials, plan, list(trials.rows), "condition")
    both = contrast.compare(trials, found, Question(by="condition"))
    for entry in both:
        assert contrast.compare(trials, found, Question(by="condition", measures=(entry.measure,))) == [entry]
        assert entry.q > entry.comparison.p


def logrank_by_hand() -> float:
    """Sum arrivals over expectation: the full arrive at 3, 4, 5 and 6 s; the null at 3 and 4 s."""
    observed = expected = variance = 0.0
    at_risk = {"full": 4.0, "null": 4.0}
    for arrivals in ({"full": 1, "null": 1}, {"full": 1, "null": 1}, {"full": 1, "null": 0}, {"full": 1, "null": 0}):
        total, died = sum(at_risk.values()), sum(arrivals.values())
        share = at_risk["null"] / total
        observed += arrivals["null"]
        expected += died * share
        variance += died * share * (1 - share) * (total - died) / (total - 1)
        at_risk = {level: number - arrivals[level] for level, number in at_risk.items()}
    return float(2 * norm.sf(abs(observed - expected) / math.sqrt(variance)))


def test_the_primary_measure_is_a_family_of_its_own() -> None:
    trials, plan = study()
    found = selection.levels(trials, plan, list(trials.rows), "condition")
    question = Question(by="condition", primary="reached_s", criterion=(None, 10.0))
    first, second = contrast.compare(trials, found, question)
    assert (first.measure, second.measure) == ("reached_s", "effect")
    assert first.q == first.comparison.p
    assert first.criterion is not None
    assert [share.mean for share in first.criterion] == [0.5, 1.0]
    assert second.criterion is None


def test_what_is_compared_if_nobody_says() -> None:
    _, plan = study()
    assert selection.default_by(plan) == "condition"
    one = [trial for trial in plan if trial.condition == "full"]
    assert selection.default_by(one) == "rate"
    assert selection.default_by(one[:1]) == ""
    assert selection.default_by([]) == ""
    numbers = map(str, range(selection.MOST_LEVELS + 1))
    many = [replace(one[0], run=number, values={"rate": number}) for number in numbers]
    assert selection.default_by(many[1:]) == "rate"
    assert selection.default_by(many) == ""


def test_how_many_pairs_are_needed_is_found_once_for_a_family() -> None:
    trials, plan = study()
    found = selection.levels(trials, plan, list(trials.rows), "condition")
    entries = contrast.compare(trials, found, Question(by="condition")) * 50
    contrast._fewest_pairs.cache_clear()
    assert {entry.needed for entry in entries} == {fewest_pairs(2)}
    assert contrast._fewest_pairs.cache_info().misses == 1


def test_runs_are_chosen_by_value() -> None:
    trials, plan = study()
    planned, runs = selection.select(trials, plan, {"rate": "0.10", "gain": "0.002 uS", "replicate": "1"})
    assert runs == [trial.run for trial in planned] == ["full0.1-r001", "null0.1-r001"]
    assert len(selection.select(trials, plan[:4], {})[1]) == 4
    trials.rows.pop("full0.1-r000")
    planned, runs = selection.select(trials, plan, {"condition": "full", "rate": "0.1"})
    assert (len(planned), len(runs)) == (4, 3)
    with pytest.raises(NothingMatched, match=r"no complete run has rate=0.3\n  rate is 0.1, 0.2"):
        selection.select(trials, plan, {"rate": "0.3"})
    with pytest.raises(UsageError, match=r"did you mean rate\?"):
        selection.select(trials, plan, {"rat": "0.3"})
    with pytest.raises(NothingMatched, match="no run is complete"):
        selection.select(RunTable({}), plan, {})


def test_what_cannot_be_compared_is_told() -> None:
    trials, plan = study()
    runs = list(trials.rows)
    with pytest.raises(UsageError, match=r"gain is 2 nS in all runs(.|\n)*what varies: condition, rate"):
        selection.levels(trials, plan, runs, "gain")
    found = selection.levels(trials, plan, runs, "condition")
    with pytest.raises(UsageError, match="levels: full, null"):
        contrast.compare(trials, found, Question(by="condition", against="ful"))
    with pytest.raises(UsageError, match=r"did you mean effect\?"):
        contrast.compare(trials, found, Question(by="condition", measures=("efect",)))


def test_without_a_plan_every_parameter_that_varies_is_a_block() -> None:
    trials, _ = study()
    for row in trials.rows.values():
        row["null"] = row.pop("condition").replace("full", "")
        row["drive"] = "0 mV" if row["null"] else "20 mV"
        row["scenario"] = "tiny"
    found = selection.levels(trials, [], list(trials.rows), "null")
    assert found.blocks == ["rate"]
    assert list(found.runs) == ["", "null"]


def test_runs_that_cannot_be_told_apart_are_not_compared() -> None:
    trials, _ = study()
    trials.rows["again"] = dict(trials.rows["full0.1-r000"])
    with pytest.raises(UsageError, match="have the same seed and parameters"):
        selection.levels(trials, [], list(trials.rows), "condition")


def test_a_pair_counts_as_watched_equally_long() -> None:
    trials, plan = study()
    for run, row in trials.rows.items():
        row["reached_s"] = ""
        row["watched.reached_s"] = "20" if "full" in run else "100"
    found = selection.levels(trials, plan, list(trials.rows), "condition")
    [entry] = contrast.compare(trials, found, Question(by="condition", measures=("reached_s",)))
    assert entry.comparison.difference.mean == 0


@pytest.mark.parametrize(("criterion", "shares"), [((None, 10.0), [0.5, 1.0]), ((10.0, None), [0.5, 0.0])])
def test_what_was_not_reached_is_late(criterion: tuple[float | None, float | None], shares: list[float]) -> None:
    trials, plan = study()
    found = selection.levels(trials, plan, list(trials.rows), "condition")
    question = Question(by="condition", measures=("reached_s",), primary="reached_s", criterion=criterion)
    [entry] = contrast.compare(trials, found, question)
    assert entry.criterion is not None
    assert [share.mean for share in entry.criterion] == shares


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        *(("50 ms", "0.05 s", True), ("50ms", "50 ms", True), ("0.1", "0.10", True), ("1e-3", "0.001", True)),
        *(("50 ms", "50 mV", False), ("50 ms", "50", False), ("step", "never", False), ("", "0", False)),
        *(("True", "true", True), ("Full", "full", False), ("0.1", "0.10000000000001", False)),
    ],
)
def test_values_are_the_same_in_whatever_unit(one: str, other: str, equal: bool) -> None:
    assert (canonical(one) == canonical(other)) is equal
