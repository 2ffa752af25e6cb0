"""Arms over learning rates: who learns faster, and what the difference is due to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cortex.studies.conclusion import Finished
from scenarios.conclusions.learning_speed import attribution
from scenarios.conclusions.learning_speed.attribution import Ratio, Sweep

RATE = "learning.rate"
TRIALS = "trials_to_criterion"
FASTEST = 0.05
"""Speed per trial beyond which learning is over before its speed can be told: 5 blocks of 4 touches."""

MAIN = ("single", "hold", "no_hold")


@dataclass(frozen=True)
class Cause:
    """Two arms that differ in one thing.

    Attributes
    ----------
    name : str
    arm, against : str
    tells : str
        What a ratio of 1 means.
    same_speed : bool
        Whether they are compared where theory gives them the same speed, `against` at 1/K of the rate, and not at equal
        rate.
    """

    name: str
    arm: str
    against: str
    tells: str
    same_speed: bool = False


CAUSES = (
    Cause("step size alone", "single_at_matched_speed", "single", "steps K times as large do not matter"),
    Cause(
        "the rest of no hold", "no_hold", "single_at_matched_speed", "copies without a hold are one cell's larger steps"
    ),
    Cause("function preserved", "frozen_gain", "no_hold", "keeping the old function does not matter", same_speed=True),
    Cause("private noise averaged", "hold", "shared_noise", "averaging private noise does not matter"),
    Cause("copies of one noise", "shared_noise", "single", "without private noise held copies are one cell"),
    Cause("number of cells", "same_count_independent", "single", "K times as many cells of their own do not matter"),
    Cause("diversity of cells", "same_count_independent", "frozen_gain", "cells of their own are as good as copies"),
    Cause("number and regularity of spikes", "matched_spikes", "frozen_gain", "fewer, less regular spikes are as good"),
    Cause("Hebbian copying", "hold", "hand_cloned", "learned copies are as good as exact ones"),
    Cause("gain adapts meanwhile", "hold", "frozen_gain", "a gain that stays is as good"),
    Cause("updates in common", "hold", "uncoupled_hold", "sharing the plasticity signal does not matter"),
    Cause("all together", "hold", "single", "K held copies are as good as one cell"),
)
"""What the difference could be due to; ratios are of trials to criterion, so that above 1 the first arm is slower."""

ON_OFF = (("hold", "no_hold", "broadcast error", 1), ("gradient_hold", "no_hold", "gradient", 2))
"""Arms with and without a hold, form of the rule, and how often the gain 1/K stands in it: without a hold never, where
the two forms are one."""


@dataclass(frozen=True)
class Attribution:
    """A cause with its ratios.

    Attributes
    ----------
    cause : Cause
    best : Ratio
        Each arm at its own best rate.
    equal : Ratio
        Both at the common rate, or where they have the same speed.
    """

    cause: Cause
    best: Ratio
    equal: Ratio


def sweep(runs: Sequence[Finished]) -> Sweep:
    """Arrange runs by arm, learning rate and seed."""
    arms = tuple(dict.fromkeys(map(arm, runs)))
    rates = sorted({float(run.parameters[RATE]) for run in runs})
    seeds = sorted({run.seed for run in runs})
    shape = (len(arms), len(rates), len(seeds))
    names = dict.fromkeys(name for run in runs for name in _numbers(run))
    numbers = {name: np.full(shape, np.nan) for name in names}
    trials, limits = np.full(shape, np.nan), np.full(shape, np.nan)
    for run in runs:
        place = arms.index(arm(run)), rates.index(float(run.parameters[RATE])), seeds.index(run.seed)
        trials[place], limits[place] = run.measures[TRIALS], run.watched[TRIALS]
        for name, value in _numbers(run).items():
            numbers[name][place] = value
    return Sweep(arms, np.array(rates), trials, limits, numbers)


def arm(run: Finished) -> str:
    """Name the arm of a run: its condition, where the full model is that with a hold."""
    return "hold" if run.condition in ("", "full") else run.condition


def _numbers(run: Finished) -> dict[str, float]:
    """Give all numbers of a run; spikes are those to the criterion, or to the end where it was not reached."""
    found = dict(run.measures) | {f"predicted.{name}": value for name, value in run.predictions.items()}
    reached = run.measures[TRIALS] <= run.watched[TRIALS]
    whole = run.measures.get("spikes_per_trial", np.nan) * run.watched[TRIALS]
    return found | {"spikes": run.measures.get("spikes_to_criterion", np.nan) if reached else whole}


def attribute(found: Sweep, rate: float, copies: int) -> list[Attribution]:
    """Compare the arms of every cause that were run."""
    return [
        Attribution(
            cause,
            attribution.compare_best(found, cause.arm, cause.against),
            attribution.compare(found, cause.arm, rate, cause.against, rate / copies if cause.same_speed else rate),
        )
        for cause in CAUSES
        if {cause.arm, cause.against} <= set(found.arms)
    ]


def common_rate(found: Sweep) -> float:
    """Give the rate at which single cell, hold and no hold together take fewest trials."""
    return attribution.common_rate(found, [arm for arm in MAIN if arm in found.arms] or found.arms)


def measurable(found: Sweep, *arms: str) -> np.ndarray:
    """Say at which rates the speeds of all of these arms can be measured, shape (rate,).

    By prediction, for a choice by the outcome would bend it: where learning ends no worse than saying nothing, or than
    at the smallest rate, and is no faster than the fit can follow.
    """
    there = [arm for arm in arms if arm in found.arms]
    foreseen = [np.mean(found.of(arm, "predicted.learning_speed"), axis=1) <= FASTEST for arm in there]
    floors = [np.mean(found.of(arm, "predicted.error_floor"), axis=1) for arm in there]
    stable = [~(floor > max(1.0, floor[0])) for floor in floors]  # no floor is foreseen for an arm that is released
    return np.all([*foreseen, *stable], axis=0)


def copies(runs: Sequence[Finished]) -> int:
    """Give the size K of a group."""
    return int(runs[0].parameters["group.copies"])
