"""What makes one arm learn faster than another: arms over learning rates and seeds, and ratios between them.

A run that did not reach the criterion is never left out: its restricted time is how long it was watched. A ratio of
mean restricted times is therefore nearer to 1 than that of the times themselves; `Ratio.bound` says on which side.
"""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import DegenerateDataWarning, bootstrap

from cortex.analysis.comparison import UNKNOWN
from cortex.analysis.statistics import Interval, mean_interval
from cortex.analysis.survival import logrank, restricted

EQUAL = 0.1
"""Ratios whose whole interval is within this share of 1 make no difference."""

FEWEST = 6
"""Seeds below which no interval is trusted: of fewer, even when all agree, the sign test has p > 0.05."""

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
"""By whether the first and the second arm have censored runs."""

Answer = Literal["slower", "faster", "equal", "unclear", "unknown"]


@dataclass(frozen=True)
class Sweep:
    """Numbers of every arm over learning rates and seeds.

    Attributes
    ----------
    arms : tuple of str
    rates : array, (rate,)
        Learning rates, rising.
    trials, limits : array, (arm, rate, seed)
        Trials to the criterion, nan if not reached, and how many there were, nan for a run that is missing.
    numbers : mapping of str to array, (arm, rate, seed)
        Other measures and predictions. Here are used ``learning_speed``, per trial; ``stable``, 1 if a run ended better
        than it began; ``error_floor``, the error in the last quarter of the trials.
    """

    arms: tuple[str, ...]
    rates: NDArray[np.float64]
    trials: NDArray[np.float64]
    limits: NDArray[np.float64]
    numbers: Mapping[str, NDArray[np.float64]]

    def of(self, arm: str, name: str) -> NDArray[np.float64]:
        """Give a number of an arm, shape (rate, seed); nan for an arm that was not run."""
        known = self.numbers.get(name)
        missing = np.full(self.limits.shape[1:], math.nan)
        return known[self.arms.index(arm)] if known is not None and arm in self.arms else missing

    def times(self, arm: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give trials to the criterion, and the number of trials, shape (rate, seed) each."""
        if arm not in self.arms:
            missing = np.full(self.limits.shape[1:], math.nan)
            return missing, missing
        return self.trials[self.arms.index(arm)], self.limits[self.arms.index(arm)]

    def restricted(self, arm: str) -> NDArray[np.float64]:
        """Give trials to the criterion or to the end, whichever came first, shape (rate, seed)."""
        return restricted(*self.times(arm))

    def stable(self, arm: str) -> NDArray[np.bool_]:
        """Say at which rates most seeds end better than they began, shape (rate,).

        A rate at which no answer would be better, while a smaller one does better than that, is not stable whatever its
        beginning was: it has destroyed what it began with.
        """
        better = mean_of_known(self.of(arm, "stable")) > 0.5
        errors = mean_of_known(self.of(arm, "error_floor"))
        smaller = np.fmin.accumulate(errors)
        return np.asarray(better & ~((errors > NO_ANSWER) & (smaller < NO_ANSWER)))

    def largest_stable(self, arm: str) -> float:
        """Give the largest rate that is stable; nan if none is."""
        stable = self.rates[self.stable(arm)]
        return float(stable[-1]) if len(stable) else math.nan

    def best(self, arm: str) -> int | None:
        """Give the place of the rate at which an arm takes fewest trials; None if it never gets to the criterion."""
        times, _ = self.times(arm)
        if np.isnan(times).all():
            return None
        return int(np.nanargmin(mean_of_known(self.restricted(arm))))

    def place(self, rate: float) -> int | None:
        """Give the place of a rate on the grid; None if it is between."""
        near = np.flatnonzero(np.isclose(self.rates, rate, rtol=NEAR))
        return int(near[0]) if len(near) else None

    def restricted_at(self, arm: str, rate: float) -> NDArray[np.float64]:
        """Give restricted trials at any rate, shape (seed,): between two of the grid, interpolated over logarithms."""
        if (place := self.place(rate)) is not None:
            return self.restricted(arm)[place]
        return interpolate(math.log(rate), np.log(self.rates), self.restricted(arm))

    def censored_at(self, arm: str, rate: float) -> NDArray[np.bool_]:
        """Say which seeds had not reached the criterion by the end at any rate, or at one of its neighbours."""
        times, limits = self.times(arm)
        late = ~np.isnan(limits) & ~(times <= limits)
        above = int(np.searchsorted(self.rates, rate * (1 - NEAR)))
        first = above if self.place(rate) is not None else max(above - 1, 0)
        return np.asarray(late[first : above + 1].any(axis=0))


@dataclass(frozen=True)
class Ratio:
    """Mean restricted trials of one arm over those of another, over seeds that both have."""

    interval: Interval
    """With its 95 % interval; all nan if neither arm ever reached the criterion."""
    bound: Bound
    """What censoring does to it: the true ratio is at least, or at most, this, or was drawn towards 1."""
    logrank: float
    """p of the log-rank test; nan for interpolated times."""
    seeds: int

    @property
    def answer(self) -> Answer:
        """Say whether the first arm is slower or faster, or whether there is no difference to be seen."""
        mean, low, high = self.interval
        if math.isnan(mean):
            return "unknown"
        if self.seeds < FEWEST:
            return "unclear"
        if low >= 1 - EQUAL and high <= 1 + EQUAL and not self.bound:  # censoring makes unequal arms look equal
            return "equal"
        if low > 1:
            return "slower" if self.bound in ("", ">=") else "unclear"  # elsewhere it might be less, watched on
        return "faster" if high < 1 and self.bound in ("", "<=") else "unclear"


def compare(sweep: Sweep, a: str, a_rate: float, b: str, b_rate: float) -> Ratio:
    """Compare how many trials two arms take, each at a rate of its own."""
    a_place, b_place = sweep.place(a_rate), sweep.place(b_rate)
    ours, theirs = sweep.restricted_at(a, a_rate), sweep.restricted_at(b, b_rate)
    both = ~np.isnan(ours + theirs)
    if not both.any():
        return Ratio(UNKNOWN, "", math.nan, 0)
    late = [sweep.censored_at(arm, rate)[both] for arm, rate in ((a, a_rate), (b, b_rate))]
    p = math.nan
    if a_place is not None and b_place is not None:
        (a_times, a_limits), (b_times, b_limits) = sweep.times(a), sweep.times(b)
        p = logrank(a_times[a_place], a_limits[a_place], b_times[b_place], b_limits[b_place])
    return Ratio(
        interval=UNKNOWN if np.all(late) else ratio_interval(ours[both], theirs[both]),
        bound=BOUNDS[bool(late[0].any()), bool(late[1].any())],
        logrank=p,
        seeds=int(both.sum()),
    )


def compare_best(sweep: Sweep, a: str, b: str) -> Ratio:
    """Compare how many trials two arms take, each at its own best rate.

    An arm that never reached the criterion is taken at the best rate of the other.
    """
    places = [sweep.best(a), sweep.best(b)]
    known = [place for place in places if place is not None]
    if not known:
        return Ratio(UNKNOWN, "", math.nan, 0)
    here, there = (sweep.rates[known[0] if place is None else place] for place in places)
    return compare(sweep, a, float(here), b, float(there))


def common_rate(sweep: Sweep, arms: Sequence[str]) -> float:
    """Give the rate at which arms together take fewest trials, by their geometric mean; nan without any run."""
    with np.errstate(invalid="ignore"):
        logs = np.log([mean_of_known(sweep.restricted(arm)) for arm in arms if arm in sweep.arms])
    means = mean_of_known(logs.T) if len(logs) else np.array([math.nan])
    return math.nan if np.isnan(means).all() else float(sweep.rates[int(np.nanargmin(means))])


def geometric_mean(values: NDArray[np.float64], chosen: NDArray[np.bool_]) -> Interval:
    """Give the geometric mean of ratios over rates, with its 95 % interval over seeds.

    Parameters
    ----------
    values : array, (rate, seed)
        A seed counts with the rates that it has.
    chosen : array, (rate,)
        Which rates are meant.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        seeds = mean_of_known(np.log(values[chosen]).T)
    seeds = seeds[np.isfinite(seeds)]
    if not len(seeds):
        return UNKNOWN
    return Interval(*(math.exp(value) for value in mean_interval(seeds)))


def floors_at_matched_speed(sweep: Sweep, arms: Sequence[str]) -> tuple[float, dict[str, Interval]]:
    """Compare error floors of arms that learn equally fast.

    Log floor is interpolated over log speed between the rates of each arm at which it is stable and has learned nearly
    everything before the last quarter of the trials.

    Returns
    -------
    speed : float
        Per trial: the middle, of its logarithm, of what all arms reach that have two such rates; nan if there is none.
    floors : dict of str to Interval
        Mean over seeds at that speed, of the arms that reach it.
    """
    curves = {arm: _floors(sweep, arm) for arm in arms}
    curves = {arm: (speeds, floors) for arm, (speeds, floors) in curves.items() if len(speeds) > 1}
    low = max((speeds[0] for speeds, _ in curves.values()), default=math.nan)
    high = min((speeds[-1] for speeds, _ in curves.values()), default=math.nan)
    if not low <= high:
        return math.nan, {}
    middle = (low + high) / 2
    found = {arm: interpolate(middle, *curve) for arm, curve in curves.items()}
    return math.exp(middle), {arm: mean_interval(seeds[~np.isnan(seeds)]) for arm, seeds in found.items()}


def settled(sweep: Sweep, arm: str) -> NDArray[np.bool_]:
    """Say at which rates an arm is stable and has learned nearly everything before the last quarter, shape (rate,)."""
    learned = 0.75 * mean_of_known(sweep.of(arm, "learning_speed") * sweep.times(arm)[1])
    return sweep.stable(arm) & (learned > LEARNED)


def _floors(sweep: Sweep, arm: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give log speeds of an arm, rising, and its floors there, shape (rate,) and (rate, seed)."""
    chosen = settled(sweep, arm)
    speeds = mean_of_known(np.log(sweep.of(arm, "learning_speed")[chosen]))
    order = np.argsort(speeds)
    return speeds[order], sweep.of(arm, "error_floor")[chosen][order]


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


def ratio_interval(a: ArrayLike, b: ArrayLike) -> Interval:
    """Give the ratio of two means with its 95 % interval over seeds that both share (BCa bootstrap, Efron 1987).

    Parameters
    ----------
    a, b : array, (seed,)
        Positive, the same seeds in the same order.

    Returns
    -------
    Interval
        Without ends for a single seed; of no width where every seed has the same ratio.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    ratio = float(a.mean() / b.mean())
    if len(a) < 2:
        return Interval(ratio, math.nan, math.nan)
    if np.ptp(a / b) <= 1e-12 * ratio:
        return Interval(ratio, ratio, ratio)

    def of_means(x: NDArray[np.float64], y: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:
        return np.asarray(x.mean(axis=axis) / y.mean(axis=axis))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DegenerateDataWarning)  # the ends are nan then
        resampled = bootstrap((a, b), of_means, paired=True, vectorized=True, rng=np.random.default_rng(0))
    ends = resampled.confidence_interval
    return Interval(ratio, float(ends.low), float(ends.high))


def mean_of_known(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average the last axis over what is not nan; nan where nothing is."""
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, values, 0).sum(axis=-1) / known.sum(axis=-1))
