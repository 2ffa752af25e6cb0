"""Ratios of trials on tables whose answers are known."""

import math

import numpy as np
import pytest

from scenarios.conclusions.learning_speed import sweep as sweeps
from scenarios.conclusions.learning_speed.sweep import Sweep

RATES = np.array([0.001, 0.002, 0.004, 0.008])
SEEDS = 8
LIMIT = 1000.0
SPREAD = np.linspace(0.9, 1.1, SEEDS)
"""How much longer each seed takes, in every arm."""


def sweep(trials: dict[str, list[float]], noise: float = 0.0, **numbers: dict[str, list[float]]) -> Sweep:
    """Make a table of mean trials by arm and rate; what would take longer than LIMIT is censored."""
    rng = np.random.default_rng(1)
    times = np.array([np.outer(mean, SPREAD) for mean in trials.values()])
    times = times * np.exp(noise * rng.standard_normal(times.shape))
    measures = {
        name: np.array([np.outer(given[arm], np.ones(SEEDS)) for arm in trials]) for name, given in numbers.items()
    }
    return Sweep(tuple(trials), RATES, np.where(times <= LIMIT, times, math.nan), np.full(times.shape, LIMIT), measures)


TWO = {"a": [800, 400, 200, 400], "b": [400, 200, 400, 800]}
"""Arm b is as arm a at twice the rate, up to the best one."""


def test_at_equal_rate_the_ratio_is_that_of_the_means() -> None:
    found = sweeps.compare(sweep(TWO), "a", 0.002, "b", 0.002)
    assert found.interval == pytest.approx((2, 2, 2))
    assert (found.answer, found.bound, found.seeds) == ("slower", "", SEEDS)
    assert found.logrank < 0.01


def test_the_answer_turns_round_with_the_arms_and_with_the_rate() -> None:
    assert sweeps.compare(sweep(TWO), "b", 0.002, "a", 0.002).answer == "faster"
    assert sweeps.compare(sweep(TWO), "a", 0.008, "b", 0.008).answer == "faster"


def test_each_at_its_own_best_rate_a_changed_step_is_no_difference() -> None:
    table = sweep(TWO, noise=0.02)
    assert [RATES[table.best(arm) or 0] for arm in "ab"] == [0.004, 0.002]
    found = sweeps.compare_best(table, "a", "b")
    assert found.answer == "equal"
    assert found.interval.low < 1 < found.interval.high or found.interval.mean == pytest.approx(1, abs=0.03)


def test_the_interval_covers_the_true_ratio_and_is_paired() -> None:
    table = sweep({"a": [300] * 4, "b": [200] * 4}, noise=0.05)
    found = sweeps.compare(table, "a", 0.001, "b", 0.001)
    assert found.interval.low < 1.5 < found.interval.high
    assert found.interval.high - found.interval.low < 0.2  # unpaired, the spread of the seeds would add to it


def test_runs_that_did_not_get_there_count_with_all_their_trials() -> None:
    table = sweep({"a": [950, 5000, 5000, 5000], "b": [475, 500, 5000, 500]})
    reached = 950 * SPREAD <= LIMIT
    assert 0 < reached.sum() < SEEDS
    some = sweeps.compare(table, "a", 0.001, "b", 0.001)
    assert some.interval.mean == pytest.approx(np.where(reached, 950 * SPREAD, LIMIT).mean() / 475)
    assert (some.bound, some.seeds) == (">=", SEEDS)
    none = sweeps.compare(table, "a", 0.002, "b", 0.002)
    assert none.interval.mean == pytest.approx(2)
    assert (none.bound, none.answer) == (">=", "slower")
    assert sweeps.compare(table, "b", 0.002, "a", 0.002).bound == "<="


def test_where_nobody_got_there_nothing_is_concluded() -> None:
    table = sweep({"a": [5000] * 4, "b": [5000] * 4})
    found = sweeps.compare(table, "a", 0.001, "b", 0.001)
    assert math.isnan(found.interval.mean)
    assert (found.answer, found.bound) == ("unknown", "~")
    assert sweeps.compare_best(table, "a", "b").answer == "unknown"
    assert table.best("a") is None


def test_an_arm_that_never_got_there_is_taken_at_the_other_ones_best_rate() -> None:
    found = sweeps.compare_best(sweep({"a": [5000] * 4, "b": [500, 250, 500, 500]}), "a", "b")
    assert found.interval.mean == pytest.approx(4)
    assert found.bound == ">="


def test_censoring_is_not_taken_for_equality() -> None:
    table = sweep({"a": [990] * 4, "b": [990] * 4}, noise=0.02)
    found = sweeps.compare(table, "a", 0.001, "b", 0.001)
    assert 0.9 < found.interval.low < 1 < found.interval.high < 1.1
    assert (found.bound, found.answer) == ("~", "unclear")


def test_a_sure_but_small_difference_is_none() -> None:
    assert sweeps.compare(sweep({"a": [500] * 4, "b": [510] * 4}), "a", 0.001, "b", 0.001).answer == "equal"


def test_few_seeds_show_nothing() -> None:
    table = sweep(TWO)
    few = Sweep(table.conditions, RATES, table.trials[:, :, :5], table.limits[:, :, :5], {})
    assert sweeps.compare(few, "a", 0.002, "b", 0.002).answer == "few"
    assert sweeps.compare(few, "a", 0.002, "b", 0.002).interval.mean == pytest.approx(2)


def test_a_missing_run_takes_its_pair_with_it_and_a_missing_arm_is_unknown() -> None:
    table = sweep(TWO)
    table.trials[0, 1, 0] = table.limits[0, 1, 0] = math.nan
    found = sweeps.compare(table, "a", 0.002, "b", 0.002)
    assert (found.seeds, found.interval.mean) == (SEEDS - 1, pytest.approx(2))
    for absent in (
        sweeps.compare(table, "a", 0.002, "z", 0.002),
        sweeps.compare_best(table, "z", "y"),
        sweeps.compare_best(table, "a", "z"),
    ):
        assert (absent.answer, absent.seeds) == ("unknown", 0)


def test_between_two_rates_trials_are_interpolated_over_logarithms() -> None:
    table = sweep({"a": [800, 400, 200, 100], "b": [400, 200, 100, 50]})
    between = math.sqrt(0.001 * 0.002)
    assert table.restricted_at("a", between) == pytest.approx(800 / math.sqrt(2) * SPREAD)
    found = sweeps.compare(table, "a", 0.004, "b", between)
    assert found.interval.mean == pytest.approx(200 / (400 / math.sqrt(2)))
    assert math.isnan(found.logrank)
    assert np.isnan(table.restricted_at("a", 0.0005)).all()
    assert sweeps.compare(table, "a", 0.001, "b", 0.0005).answer == "unknown"


def test_the_neighbours_of_a_rate_tell_whether_it_is_censored() -> None:
    table = sweep({"a": [5000, 500, 500, 500]})
    assert table.censored_at("a", 0.0015).all()
    assert not table.censored_at("a", 0.003).any()
    assert table.censored_at("a", 0.001).all()
    assert not table.censored_at("a", 0.002).any()


def test_the_common_rate_is_the_best_of_the_geometric_means() -> None:
    assert sweeps.common_rate(sweep(TWO), ["a", "b"]) in (0.002, 0.004)  # both 400 x 200
    assert sweeps.common_rate(sweep(TWO), ["b", "z"]) == 0.002
    assert math.isnan(sweeps.common_rate(sweep(TWO), ["z"]))


def test_a_rate_is_stable_where_most_seeds_are() -> None:
    table = sweep(TWO, stable={"a": [1, 1, 1, 0], "b": [0, 0, 0, 0]})
    table.numbers["stable"][0, 0, :3] = 0
    assert table.stable("a").tolist() == [True, True, True, False]
    assert table.largest_stable("a") == 0.004
    assert math.isnan(table.largest_stable("b"))
    assert not table.stable("z").any()


def test_a_rate_that_destroys_what_smaller_ones_learn_is_not_stable() -> None:
    ones = {"a": [1, 1, 1, 1], "b": [1, 1, 1, 1]}
    errors = {"a": [1.5, 0.5, 0.1, 2.4], "b": [3.0, 2.0, 1.5, 1.2]}  # b only learns slowly
    table = sweep(TWO, stable=ones, error_floor=errors)
    assert table.stable("a").tolist() == [True, True, True, False]
    assert table.stable("b").all()


SPEEDS = {"a": [0.01, 0.02, 0.04, 0.08], "b": [0.03, 0.06, 0.12, 0.24]}


def floors(power: float) -> Sweep:
    """Make floors that grow with speed to a power, three times as high in arm b, and below 1."""
    heights = {"a": [s**power / 10 for s in SPEEDS["a"]], "b": [3 * s**power / 10 for s in SPEEDS["b"]]}
    ones = {"a": [1, 1, 1, 1], "b": [1, 1, 1, 1]}
    return sweep(TWO, stable=ones, learning_speed=SPEEDS, error_floor=heights)


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_floors_are_compared_at_a_speed_that_both_reach(power: float) -> None:
    speed, found = sweeps.floors_at_matched_speed(floors(power), ["a", "b", "z"])
    assert speed == pytest.approx(math.sqrt(0.03 * 0.08))
    assert found["a"].mean == pytest.approx(speed**power / 10)
    assert found["b"].mean == pytest.approx(3 * speed**power / 10)
    assert set(found) == {"a", "b"}


def test_a_floor_is_not_read_where_learning_is_not_over_or_not_stable() -> None:
    table = floors(1.0)
    table.numbers["learning_speed"][0, 0] = 0.003  # 0.75 x 1000 trials are 2.25 time constants
    table.numbers["stable"][0, 3] = 0
    assert sweeps.settled(table, "a").tolist() == [False, True, True, False]
    speed, _ = sweeps.floors_at_matched_speed(table, ["a", "b"])
    assert speed == pytest.approx(math.sqrt(0.03 * 0.04))


def test_without_a_common_speed_there_is_no_floor() -> None:
    table = floors(1.0)
    table.numbers["learning_speed"][1] *= 100
    speed, found = sweeps.floors_at_matched_speed(table, ["a", "b"])
    assert math.isnan(speed)
    assert found == {}
