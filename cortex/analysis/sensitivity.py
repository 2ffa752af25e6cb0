"""How much of a measure's variance each parameter explains, over a grid of levels or over random samples."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from cortex.analysis.statistics import UNKNOWN, Interval

RESAMPLES = 9999
ENDS = (0.025, 0.975)
"""Quantiles of the resamples at the ends of an interval."""


@dataclass(frozen=True)
class MainEffects:
    """Shares of the variance over the cells of a grid."""

    seeds: int
    """Complete seeds: those with a finite value in every cell."""
    shares: tuple[Interval, ...]
    """Share that each parameter explains by itself, in the order of the axes."""
    rest: Interval
    """Share that is left for the parameters together: their interactions."""


class Indices(NamedTuple):
    """Sobol indices, one of each per parameter."""

    first: tuple[Interval, ...]
    """Share of the variance that a parameter explains by itself."""
    total: tuple[Interval, ...]
    """Share of the variance that would be lost with the parameter: its own and that of all its interactions."""


def main_effects(values: ArrayLike) -> MainEffects:
    """Split the variance over a full grid of levels into the main effects of its parameters and the rest.

    The share of parameter i is its first-order index (Sobol 1993) for discrete, equally likely levels,
    Var(E[y | x_i]) / Var(y), where y is a cell's expected value over seeds. The means of a few seeds vary by chance as
    well, which would inflate every variance. Each is therefore estimated as the covariance over levels between two
    different seeds, averaged over all such pairs. As no seed's noise is multiplied with itself, that is unbiased
    (Hoeffding 1948), also where the cells share their seeds. A parameter without effect so gets a share around 0, which
    may be negative. The ratio of two such variances is not quite unbiased: with few and noisy seeds the share of a
    parameter with an effect comes out somewhat low.

    The interval is that of the percentile bootstrap over seeds. Resampled seeds repeat, which inflates the variances
    again; they are shifted back by that much. For few seeds the interval is too narrow.

    Parameters
    ----------
    values : array, (level of parameter 1, ..., level of parameter k, seed)
        A seed that is nan or infinite in any cell is dropped.

    Returns
    -------
    MainEffects
        Shares are nan for fewer than 2 complete seeds and if the cells do not vary beyond the noise of the seeds; their
        intervals have no ends if that is so in more than 2.5 % of the resamples.
    """
    grid = np.asarray(values, dtype=float)
    axes = tuple(range(grid.ndim - 1))
    grid = grid[..., np.isfinite(grid).all(axis=axes)]
    parameters, seeds = len(axes), grid.shape[-1]
    if seeds < 2:
        return MainEffects(seeds, (UNKNOWN,) * parameters, UNKNOWN)
    grid = grid - grid[(0,) * parameters]  # what a seed adds to all its cells explains nothing
    effects = [grid.mean(axis=tuple(other for other in axes if other != axis)) for axis in axes]
    covariances = np.stack([np.cov(part.T, ddof=0) for part in (*effects, grid.reshape(-1, seeds))])

    def variances(counts: NDArray[np.int64]) -> NDArray[np.float64]:
        """Average the covariances of different draws, with counts of shape (resample, seed)."""
        pairs = np.sum(counts @ covariances * counts, axis=-1) - covariances.diagonal(axis1=1, axis2=2) @ counts.T
        return pairs / (seeds * (seeds - 1))

    estimate = variances(np.ones((1, seeds), dtype=np.int64))
    inflation = covariances.mean(axis=(1, 2))[:, None] - estimate
    counts = np.random.default_rng(0).multinomial(seeds, np.full(seeds, 1 / seeds), RESAMPLES)
    shares, resampled = _shares(estimate)[:, 0], _shares(variances(counts) - inflation)
    known = ~np.isnan(resampled[0])
    ends = np.full((2, len(shares)), math.nan)
    if known.mean() >= ENDS[1]:
        ends = np.quantile(resampled[:, known], ENDS, axis=1)
    *single, rest = _intervals(shares, *ends)
    return MainEffects(seeds, tuple(single), rest)


def sobol(f_a: ArrayLike, f_b: ArrayLike, f_ab: ArrayLike) -> Indices:
    """Return first-order and total Sobol indices with percentile bootstrap intervals (Saltelli et al. 2010).

    The resampling has a fixed seed, unlike that of scipy's own result: the same values give the same intervals.

    Parameters
    ----------
    f_a, f_b : array, (sample,)
        The measure at two independent sets of samples, A and B, a power of 2 of each.
    f_ab : array, (parameter, sample)
        The measure at the samples A with one parameter, of two or more, taken from B.

    Returns
    -------
    Indices
        All nan if a value is not finite or none varies.
    """
    samples = np.shape(f_a)[-1]
    f = {"f_A": np.reshape(f_a, (1, -1)), "f_B": np.reshape(f_b, (1, -1)), "f_AB": np.reshape(f_ab, (-1, 1, samples))}
    f = {name: values.astype(float) for name, values in f.items()}
    parameters = len(f["f_AB"])
    if not all(np.isfinite(values).all() for values in f.values()) or np.ptp([f["f_A"], f["f_B"]]) == 0:
        return Indices((UNKNOWN,) * parameters, (UNKNOWN,) * parameters)

    def indices(chosen: NDArray[np.intp]) -> NDArray[np.float64]:
        result = scipy.stats.sobol_indices(func={name: values[..., chosen] for name, values in f.items()}, n=samples)
        return np.stack([result.first_order, result.total_order])

    chosen = np.arange(samples)
    ends = scipy.stats.bootstrap(
        (chosen,), indices, n_resamples=999, method="percentile", vectorized=False, rng=np.random.default_rng(0)
    ).confidence_interval
    first, total = (tuple(_intervals(*order)) for order in zip(indices(chosen), ends.low, ends.high, strict=True))
    return Indices(first, total)


def _shares(variances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide the parts by the whole, the last row, and replace it by what they leave."""
    whole = np.where(variances[-1] > 0, variances[-1], math.nan)
    parts = variances[:-1] / whole
    return np.vstack([parts, 1 - parts.sum(axis=0)])


def _intervals(*rows: Iterable[float]) -> list[Interval]:
    return [Interval(float(mean), float(low), float(high)) for mean, low, high in zip(*rows, strict=True)]
