"""All that a study of learning speed found, computed once: text and figures only read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cortex.analysis.reference import Band
from cortex.analysis.statistics import UNKNOWN, Interval, geometric_mean, known_interval, mean_of_known
from cortex.experiment.result import Result
from scenarios.conclusions.learning_speed import sweep as sweeps
from scenarios.conclusions.learning_speed.causes import CAUSES, ON_OFF, Cause
from scenarios.conclusions.learning_speed.sweep import Ratio, Sweep

FASTEST = 0.05
"""Speed per trial beyond which learning is over before its speed can be measured: 5 blocks of 4 touches."""

MAIN = ("single", "hold", "no_hold")
"""Conditions that choose the common rate."""

QUESTIONS = (
    Cause("held or not", "hold", "no_hold", ""),
    Cause("held or a single cell", "hold", "single", ""),
    Cause("held or independent", "hold", "independent", ""),
)
"""The comparisons of the verdict."""


@dataclass(frozen=True)
class Attribution:
    """A cause with its ratios.

    Attributes
    ----------
    cause : Cause
    best : Ratio
        Each condition at its own best rate.
    equal : Ratio
        Both at the common rate, or where they have the same speed.
    """

    cause: Cause
    best: Ratio
    equal: Ratio


@dataclass(frozen=True)
class ConditionSummary:
    """What one condition did over the learning rates.

    Attributes
    ----------
    best : int or None
        Place of the rate with the fewest trials; None if the criterion was never reached.
    largest_stable : float
        Largest stable rate, nan if there is none.
    stable, settled, measurable, censored : array of bool, (rate,)
        Where learning is stable; where it is nearly over before the last quarter; where speeds relative to a single
        cell can be measured (`measurable`); where a seed did not reach the criterion.
    trials : array, (rate, seed)
        Restricted trials to the criterion.
    speed, predicted_speed : array, (rate,)
        Geometric means over seeds.
    floor : Interval
        Error at the matched speed.
    speeds : mapping of measure to tuple of Interval
        Measured, predicted, and measured / predicted, geometric means over the measurable rates.
    nominal : float
        Speed relative to a single cell that theory gives linear copies.
    """

    best: int | None
    largest_stable: float
    stable: np.ndarray
    settled: np.ndarray
    measurable: np.ndarray
    censored: np.ndarray
    trials: np.ndarray
    speed: np.ndarray
    predicted_speed: np.ndarray
    floor: Interval
    speeds: Mapping[str, tuple[Interval, Interval, Interval]]
    nominal: float


@dataclass(frozen=True)
class Summary:
    """What a study of learning speed found.

    Attributes
    ----------
    sweep : Sweep
        All numbers.
    rate : float
        The common rate.
    copies : int
        Size K of a group.
    conditions : mapping of name to ConditionSummary
    matched_speed : float
        Speed per trial at which error floors are compared; nan if no speed is reached by all.
    verdict, causes : list of Attribution
        Of the questions, and of the causes, whose conditions were run.
    every_rate : mapping of name to list of Ratio, (rate,)
        With a hold against each condition of the questions, rate by rate.
    on_off : list of tuple
        Form of the rule, order of the gain, and measured and predicted ratio of speeds with and without a hold.
    bands : mapping of name to Band
        What is expected of the measures, as the runs say.
    """

    sweep: Sweep
    rate: float
    copies: int
    conditions: Mapping[str, ConditionSummary]
    matched_speed: float
    verdict: list[Attribution]
    causes: list[Attribution]
    every_rate: Mapping[str, list[Ratio]]
    on_off: list[tuple[str, int, Interval, Interval]]
    bands: Mapping[str, Band]

    def over_rates(self, condition: str, name: str) -> Interval:
        """Return a number of a condition, mean over all rates and then over seeds."""
        return known_interval(mean_of_known(self.sweep.of(condition, name).T))


def summarise(runs: Sequence[Result], rate: float | None = None) -> Summary:
    """Summarise the runs of a study.

    Parameters
    ----------
    runs : sequence of Result
    rate : float, optional
        Rate at which conditions are compared; else that at which single cell, hold and no hold together take fewest
        trials.
    """
    sweep = sweeps.arrange(runs)
    names, copies = sweep.conditions, int(runs[0].parameters["group.copies"])
    if rate is None:
        rate = sweeps.common_rate(sweep, [name for name in MAIN if name in names] or names)
    speed, floors = sweeps.floors_at_matched_speed(sweep, names)
    verdict = _attribute(sweep, QUESTIONS, rate, copies)
    others = [pair.cause.against for pair in verdict]
    forms = ON_OFF if "learning.form" in runs[0].parameters else ()
    return Summary(
        sweep=sweep,
        rate=rate,
        copies=copies,
        conditions={name: _summarise(sweep, name, floors.get(name, UNKNOWN)) for name in names},
        matched_speed=speed,
        verdict=verdict,
        causes=_attribute(sweep, CAUSES, rate, copies),
        every_rate={other: [sweeps.compare(sweep, "hold", at, other, at) for at in sweep.rates] for other in others},
        on_off=[(form, order, *_on_off(sweep, on, off)) for on, off, form, order in forms if {on, off} <= set(names)],
        bands=runs[0].bands,
    )


def measurable(sweep: Sweep, *names: str) -> np.ndarray:
    """Return at which rates the speeds of all of these conditions can be measured, shape (rate,).

    Judged by the predictions, since a choice by the outcome would be biased: where the predicted error ends no worse
    than that of always answering 0, or than at the smallest rate, where the rate is at most half the largest stable one
    as predicted, and where the predicted speed is one that the fit can follow.
    """
    run = [name for name in names if name in sweep.conditions]
    slow = [np.mean(sweep.of(name, "predicted.learning_speed"), axis=1) <= FASTEST for name in run]
    floors = [np.mean(sweep.of(name, "predicted.error_floor"), axis=1) for name in run]
    stable = [~(floor > max(1.0, floor[0])) for floor in floors]  # there is no prediction for a condition with release
    largest = [np.mean(sweep.of(name, "predicted.largest_stable_rate"), axis=1) for name in run]
    within = [~(sweep.rates > rate / 2) for rate in largest]  # where one is predicted
    return np.all([*slow, *stable, *within], axis=0)


def _summarise(sweep: Sweep, name: str, floor: Interval) -> ConditionSummary:
    chosen = measurable(sweep, name, "single")

    def means(measure: str) -> tuple[Interval, Interval, Interval]:
        measured, predicted = sweep.of(name, measure), sweep.of(name, f"predicted.{measure}")
        first, second, ratio = (geometric_mean(v[chosen]) for v in (measured, predicted, measured / predicted))
        return first, second, ratio

    def over_seeds(measure: str) -> np.ndarray:
        return np.exp(mean_of_known(np.log(sweep.of(name, measure))))

    return ConditionSummary(
        best=sweep.best(name),
        largest_stable=sweep.largest_stable(name),
        stable=sweep.stable(name),
        settled=sweeps.settled(sweep, name),
        measurable=chosen,
        censored=np.array([sweep.censored_at(name, rate).any() for rate in sweep.rates]),
        trials=sweep.restricted(name),
        speed=over_seeds("learning_speed"),
        predicted_speed=over_seeds("predicted.learning_speed"),
        floor=floor,
        speeds={measure: means(measure) for measure in ("learning_speed", "speed_ratio")},
        nominal=geometric_mean(sweep.of(name, "predicted.speed_ratio_nominal")[chosen]).mean,
    )


def _attribute(sweep: Sweep, causes: Sequence[Cause], rate: float, copies: int) -> list[Attribution]:
    """Compare the conditions of every cause that were run."""
    return [
        Attribution(
            cause,
            sweeps.compare_best(sweep, cause.condition, cause.against),
            sweeps.compare(sweep, cause.condition, rate, cause.against, rate / copies if cause.same_speed else rate),
        )
        for cause in causes
        if {cause.condition, cause.against} <= set(sweep.conditions)
    ]


def _on_off(sweep: Sweep, on: str, off: str) -> tuple[Interval, Interval]:
    """Return the ratio of speeds of two conditions, measured and predicted."""
    chosen = measurable(sweep, on, off)
    measured, predicted = (
        geometric_mean((sweep.of(on, name) / sweep.of(off, name))[chosen])
        for name in ("learning_speed", "predicted.learning_speed")
    )
    return measured, predicted
