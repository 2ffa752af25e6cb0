"""Conditions over learning rates and seeds, and ratios of how many trials they take.

A run that did not reach the criterion is never left out: its restricted time is how long it was watched. A ratio of
mean restricted times is therefore nearer to 1 than that of the times themselves; `Ratio.bound` says on which side.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cortex.analysis.comparison import fewest_pairs
from cortex.analysis.statistics import UNKNOWN, Interval, known_interval, mean_of_known, ratio_interval
from cortex.analysis.survival import logrank, restricted
from cortex.experiment.result import Result

RATE = "learning.rate"
TRIALS = "trials_to_criterion"

EQUAL = 0.1
"""Ratios whose whole interval is within this share of 1 make no difference."""

FEWEST = fewest_pairs()
"""Seeds below which no interval is trusted: of fewer, even when all agree, the sign-flip test has p > 0.05."""

LEARNED = 3.0
"""Time constants of learning after which an error is taken for its floor: 95 % are learned."""

NO_ANSWER = 1.0
"""Mean squared error of always answering 0, where the answers are -1 and 1."""

NEAR = 1e-6
"""Rates that differ by less than this share are the same."""

Bound = Literal["", ">=", "<=", "~"]

BOUNDS: Mapping[tuple[bool, bool], Bound] = {
    (False, False): "",
    (True, False): ">=",
    (False, True): "<=",
    (True, True): "~",
}
"""By whether the first and the second condition have censored runs."""

Answer = Literal["slower", "faster", "equal", "unclear", "few", "unknown"]


@dataclass(frozen=True)
class Sweep:
    """Numbers of every condition over learning rates and seeds.

    Attributes
    ----------
    conditions : tuple of str
    rates : array, (rate,)
        Learning rates, rising.
    trials, limits : array, (condition, rate, seed)
        Trials to the criterion, nan if not reached, and how many there were, nan for a run that is missing.
    numbers : mapping of str to array, (condition, rate, seed)
        Other measures and predictions. Here are used ``learning_speed``, per trial; ``stable``, 1 if a run ended better
        than it began; ``error_floor``, the error in the last quarter of the trials.
    """

    conditions: tuple[str, ...]
    rates: NDArray[np.float64]
    trials: NDArray[np.float64]
    limits: NDArray[np.float64]
    numbers: Mapping[str, NDArray[np.float64]]

    def of(self, condition: str, name: str) -> NDArray[np.float64]:
        """Return a number of a condition, shape (rate, seed); nan for a condition that was not run."""
        known = self.numbers.get(name)
        missing = np.full(self.limits.shape[1:], math.nan)
        return (
            known[self.conditions.index(condition)] if known is not None and condition in self.conditions else missing
        )

    def times(self, condition: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return trials to the criterion, and the number of trials, shape (rate, seed) each."""
        if condition not in self.conditions:
            missing = np.full(self.limits.shape[1:], math.nan)
            return missing, missing
        return self.trials[self.conditions.index(condition)], self.limits[self.conditions.index(condition)]

    def restricted(self, condition: str) -> NDArray[np.float64]:
        """Return trials to the criterion or to the end, whichever came first, shape (rate, seed)."""
        return restricted(*self.times(condition))

    def stable(self, condition: str) -> NDArray[np.bool_]:
        """Return at which rates most seeds end better than they began, shape (rate,).

        A rate at which no answer would be better, while a smaller one does better than that, is not stable whatever its
        beginning was: it has destroyed what it began with.
        """
        better = mean_of_known(self.of(condition, "stable")) > 0.5
        errors = mean_of_known(self.of(condition, "error_floor"))
        smaller = np.fmin.accumulate(errors)
        return np.asarray(better & ~((errors > NO_ANSWER) & (smaller < NO_ANSWER)))

    def largest_stable(self, condition: str) -> float:
        """Return the largest rate that is stable; nan if none is."""
        stable = self.rates[self.stable(condition)]
        return float(stable[-1]) if len(stable) else math.nan

    def best(self, condition: str) -> int | None:
        """Return the place of the rate with the fewest trials; None if the criterion is never reached."""
        times, _ = self.times(condition)
        if np.isnan(times).all():
            return None
        return int(np.nanargmin(mean_of_known(self.restricted(condition))))

    def place(self, rate: float) -> int | None:
        """Return the place of a rate on the grid; None if it is between."""
        near = np.flatnonzero(np.isclose(self.rates, rate, rtol=NEAR))
        return int(near[0]) if len(near) else None

    def restricted_at(self, condition: str, rate: float) -> NDArray[np.float64]:
        """Return restricted trials at any rate, shape (seed,), interpolated over logarithms within the grid."""
        if (place := self.place(rate)) is not None:
            return self.restricted(condition)[place]
        return interpolate(math.log(rate), np.log(self.rates), self.restricted(condition))

    def censored_at(self, condition: str, rate: float) -> NDArray[np.bool_]:
        """Return which seeds had not reached the criterion by the end at any rate, or at one of its neighbours."""
        times, limits = self.times(condition)
        late = ~np.isnan(limits) & ~(times <= limits)
        above = int(np.searchsorted(self.rates, rate * (1 - NEAR)))
        first = above if self.place(rate) is not None else max(above - 1, 0)
        return np.asarray(late[first : above + 1].any(axis=0))


def arrange(runs: Sequence[Result]) -> Sweep:
    """Arrange runs by condition, learning rate and seed."""
    conditions = tuple(dict.fromkeys(map(condition, runs)))
    rates = sorted({float(run.parameters[RATE]) for run in runs})
    seeds = sorted({run.pair for run in runs})
    shape = (len(conditions), len(rates), len(seeds))
    names = dict.fromkeys(name for run in runs for name in _numbers(run))
    numbers = {name: np.full(shape, np.nan) for name in names}
    trials, limits = np.full(shape, np.nan), np.full(shape, np.nan)
    for run in runs:
        place = conditions.index(condition(run)), rates.index(float(run.parameters[RATE])), seeds.index(run.pair)
        trials[place], limits[place] = _times(run)
        for name, value in _numbers(run).items():
            numbers[name][place] = value
    return Sweep(conditions, np.array(rates), trials, limits, numbers)


def condition(run: Result) -> str:
    """Return the condition of a run, where the full model is that with a hold."""
    return "hold" if run.condition in ("", "full") else run.condition


def _numbers(run: Result) -> dict[str, float]:
    """Return all numbers of a run; spikes are those to the criterion, or to the end where it was not reached."""
    numbers = dict(run.measures) | {f"predicted.{name}": value for name, value in run.predictions.items()}
    trials, limit = _times(run)
    whole = run.measures.get("spikes_per_trial", np.nan) * limit
    return numbers | {"spikes": run.measures.get("spikes_to_criterion", np.nan) if trials <= limit else whole}


def _times(run: Result) -> tuple[float, float]:
    """Return trials to the criterion, and how many there were; nan where nothing could be measured."""
    return run.measures.get(TRIALS, np.nan), run.limits.get(TRIALS, np.nan)


@dataclass(frozen=True)
class Ratio:
    """Mean restricted trials of one condition over those of another, over seeds that both have."""

    interval: Interval
    """With its 95 % interval; all nan if neither condition ever reached the criterion."""
    bound: Bound
    """What censoring does to it: the true ratio is at least, or at most, this, or was drawn towards 1."""
    logrank: float
    """p of the log-rank test; nan for interpolated times."""
    seeds: int

    @property
    def answer(self) -> Answer:
        """Whether the first condition is slower or faster, or whether no difference can be seen."""
        mean, low, high = self.interval
        if math.isnan(mean):
            return "unknown"
        if self.seeds < FEWEST:
            return "few"
        if low >= 1 - EQUAL and high <= 1 + EQUAL and not self.bound:  # censoring makes unequal conditions look equal
            return "equal"
        if low > 1:
            return "slower" if self.bound in ("", ">=") else "unclear"  # else it might be less, watched for longer
        return "faster" if high < 1 and self.bound in ("", "<=") else "unclear"


def compare(sweep: Sweep, a: str, a_rate: float, b: str, b_rate: float) -> Ratio:
    """Compare how many trials two conditions take, each at a rate of its own."""
    a_place, b_place = sweep.place(a_rate), sweep.place(b_rate)
    a_trials, b_trials = sweep.restricted_at(a, a_rate), sweep.restricted_at(b, b_rate)
    both = ~np.isnan(a_trials + b_trials)
    if not both.any():
        return Ratio(UNKNOWN, "", math.nan, 0)
    late = [sweep.censored_at(name, rate)[both] for name, rate in ((a, a_rate), (b, b_rate))]
    p = math.nan
    if a_place is not None and b_place is not None:
        (a_times, a_limits), (b_times, b_limits) = sweep.times(a), sweep.times(b)
        p = logrank(a_times[a_place], a_limits[a_place], b_times[b_place], b_limits[b_place])
    return Ratio(
        interval=UNKNOWN if np.all(late) else ratio_interval(a_trials[both], b_trials[both]),
        bound=BOUNDS[bool(late[0].any()), bool(late[1].any())],
        logrank=p,
        seeds=int(both.sum()),
    )


def compare_best(sweep: Sweep, a: str, b: str) -> Ratio:
    """Compare how many trials two conditions take, each at its own best rate.

    A condition that never reached the criterion is taken at the best rate of the other.
    """
    places = [sweep.best(a), sweep.best(b)]
    known = [place for place in places if place is not None]
    if not known:
        return Ratio(UNKNOWN, "", math.nan, 0)
    a_rate, b_rate = (float(sweep.rates[known[0] if place is None else place]) for place in places)
    return compare(sweep, a, a_rate, b, b_rate)


def common_rate(sweep: Sweep, conditions: Sequence[str]) -> float:
    """Return the rate at which conditions together take fewest trials, by their geometric mean; nan without a run."""
    with np.errstate(invalid="ignore"):
        logs = np.log([mean_of_known(sweep.restricted(name)) for name in conditions if name in sweep.conditions])
    means = mean_of_known(logs.T) if len(logs) else np.array([math.nan])
    return math.nan if np.isnan(means).all() else float(sweep.rates[int(np.nanargmin(means))])


def floors_at_matched_speed(sweep: Sweep, conditions: Sequence[str]) -> tuple[float, dict[str, Interval]]:
    """Compare error floors of conditions that learn equally fast.

    Log floor is interpolated over log speed between the rates at which a condition is stable and has learned nearly
    everything before the last quarter of the trials.

    Returns
    -------
    speed : float
        Per trial: the middle, on a logarithmic scale, of the speeds that all conditions with two such rates reach; nan
        if there are none.
    floors : dict of str to Interval
        Mean over seeds at that speed, of the conditions that reach it.
    """
    curves = {name: _floors(sweep, name) for name in conditions}
    curves = {name: (speeds, floors) for name, (speeds, floors) in curves.items() if len(speeds) > 1}
    low = max((speeds[0] for speeds, _ in curves.values()), default=math.nan)
    high = min((speeds[-1] for speeds, _ in curves.values()), default=math.nan)
    if not low <= high:
        return math.nan, {}
    middle = (low + high) / 2
    floors = {name: known_interval(interpolate(middle, *curve)) for name, curve in curves.items()}
    return math.exp(middle), floors


def settled(sweep: Sweep, condition: str) -> NDArray[np.bool_]:
    """Return at which rates a condition is stable and has learned nearly all before the last quarter, shape (rate,)."""
    learned = 0.75 * mean_of_known(sweep.of(condition, "learning_speed") * sweep.times(condition)[1])
    return sweep.stable(condition) & (learned > LEARNED)


def _floors(sweep: Sweep, condition: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return log speeds of a condition, rising, and its floors there, shape (rate,) and (rate, seed)."""
    chosen = settled(sweep, condition)
    speeds = mean_of_known(np.log(sweep.of(condition, "learning_speed")[chosen]))
    order = np.argsort(speeds)
    return speeds[order], sweep.of(condition, "error_floor")[chosen][order]


def interpolate(x: float, points: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Interpolate the logarithm of positive values, seed by seed.

    Parameters
    ----------
    x : float
    points : array, (point,)
        Rising.
    values : array, (point, seed)

    Returns
    -------
    array, (seed,)
        Nan outside of the points.
    """
    logs = np.log(values)
    return np.array([math.exp(np.interp(x, points, seed, math.nan, math.nan)) for seed in logs.T])
