"""How much each varied parameter of a study matters for a measure."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import scipy

from cortex.analysis.sensitivity import main_effects, sobol
from cortex.analysis.statistics import ROUNDING, UNKNOWN, Interval, mean_interval
from cortex.report.text import count
from cortex.studies.plan import PlannedRun
from cortex.studies.selection import leading
from cortex.studies.table import RunTable, pivot

FEWEST = 5
"""Values of a parameter below which a rank correlation with it gets no interval.

By chance, 4 values come in perfect order, up or down, in 1 of 12 seeds (2/4!), and 5 values in 1 of 60.
"""


@dataclass(frozen=True)
class Effects:
    """The influence of the varied parameters on one measure in one condition.

    Attributes
    ----------
    kind : str
        "share of variance" over a grid of several parameters, "Sobol index" over Saltelli's matrices, or "rank
        correlation" over the values of one parameter and over other Sobol points.
    names : list of str
        Parameters; over a grid also "interactions".
    first : list of Interval
    total : list of Interval, optional
        Total Sobol indices.
    no_interval : dict of str to str
        Why a parameter's rank correlation has no interval, by its name.
    """

    kind: str
    names: list[str]
    first: list[Interval]
    total: list[Interval] | None = None
    no_interval: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Grid:
    """A measure over a full grid of values.

    Attributes
    ----------
    names : list of str
    labels : list of list of str
        Values of each parameter.
    values : array, (level of parameter 1, ..., level of parameter k, seed)
    """

    names: list[str]
    labels: list[list[str]]
    values: np.ndarray


def varied(plan: Sequence[PlannedRun]) -> list[str]:
    """Return the parameters that take several values."""
    names = list(plan[0].values) if plan else []
    return [name for name in names if len({planned.values[name] for planned in plan}) > 1]


def grid(table: RunTable, plan: Sequence[PlannedRun], measure: str) -> Grid | None:
    """Arrange a measure, of one condition, as a grid; None if the plan is none."""
    names = varied(plan)
    if not names or any(planned.point for planned in plan):
        return None
    keys = [(*(planned.values[name] for name in names), planned.replicate) for planned in plan]
    (*labels, _), values = pivot(keys, table.restricted([planned.run for planned in plan], measure))
    return Grid(names, labels, values)


def effects(table: RunTable, plan: Sequence[PlannedRun], measure: str, indices: bool) -> Effects:
    """Measure the influence of each varied parameter in one condition.

    Parameters
    ----------
    table : RunTable
    plan : sequence of PlannedRun
        All of one condition, whether they are complete or not.
    measure : str
    indices : bool
        Whether the Sobol points are Saltelli's matrices.
    """
    names = varied(plan)
    whole_grid = grid(table, plan, measure) if len(names) > 1 else None
    if whole_grid:
        shares = main_effects(whole_grid.values)
        each = [share if math.isfinite(share.low) else UNKNOWN for share in (*shares.shares, shares.rest)]
        return Effects("share of variance", [*names, "interactions"], each)
    if indices:
        return _indices(table, plan, measure, names)
    return _correlations(table, plan, measure, names)


def _indices(table: RunTable, plan: Sequence[PlannedRun], measure: str, names: list[str]) -> Effects:
    """Compute Sobol indices of the measure's mean over seeds; undefined unless every point has one."""
    points = {int(planned.point): tuple(planned.values[name] for name in names) for planned in plan}
    values: dict[int, list[float]] = {point: [] for point in points}
    for planned, value in zip(plan, table.restricted([planned.run for planned in plan], measure), strict=True):
        if not math.isnan(value):
            values[int(planned.point)].append(value)
    if not _is_saltelli([points[point] for point in sorted(points)]) or not all(values.values()):
        unknown = [UNKNOWN] * len(names)
        return Effects("Sobol index", names, unknown, unknown)
    means = np.array([np.mean(values[point]) for point in range(len(values))]).reshape(len(names) + 2, -1)
    indices = sobol(means[0], means[1], means[2:])
    return Effects("Sobol index", names, list(indices.first), list(indices.total))


def _is_saltelli(points: Sequence[tuple[str, ...]]) -> bool:
    """Return whether points are the whole matrices A, B, and AB of each parameter, one after the other."""
    count = len(points[0])
    size = len(points) // (count + 2)
    a, b, *mixed = (points[start : start + size] for start in range(0, size * (count + 2), size))
    expected = [
        [(*first[:place], second[place], *first[place + 1 :]) for first, second in zip(a, b, strict=True)]
        for place in range(count)
    ]
    return len(points) == size * (count + 2) and list(map(list, mixed)) == expected


def _correlations(table: RunTable, plan: Sequence[PlannedRun], measure: str, names: list[str]) -> Effects:
    """Correlate ranks of the measure and of each parameter (Spearman 1904) for each seed; average over seeds."""
    keys = [(planned.replicate, _point(planned)) for planned in plan]
    (_, points), y = pivot(keys, table.restricted([planned.run for planned in plan], measure))
    first, no_interval = [], {}
    for name in names:
        place = list(plan[0].values).index(name)
        x = np.array([leading(point[place + 1]) for point in points])
        each = _rank_correlation(np.where(np.isnan(y), math.nan, x), np.where(np.isnan(x), math.nan, y))
        known = each[~np.isnan(each)]
        found = mean_interval(known) if len(known) else UNKNOWN
        if why := _no_interval(len(np.unique(x[~np.isnan(x)])), known):
            found, no_interval[name] = Interval(found.mean, math.nan, math.nan), why
        first.append(found)
    return Effects("rank correlation", names, first, no_interval=no_interval)


def _no_interval(values: int, correlations: np.ndarray) -> str:
    """Return why the mean of rank correlations over seeds, of so many values, has no interval; empty if it has one."""
    if not len(correlations):
        return ""
    if values < FEWEST:
        return (
            f"a rank correlation over {count(values, 'value')} tells little but the sign; at least {FEWEST} are needed"
        )
    if len(correlations) == 1:
        return "there is one seed"
    return "all seeds have the same correlation" if np.ptp(correlations) <= ROUNDING else ""


def _point(planned: PlannedRun) -> tuple[str, ...]:
    return (planned.point, *planned.values.values())


def _rank_correlation(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Correlate ranks along the second axis, shape (seed,); nan in either is left out."""
    ranks = [scipy.stats.rankdata(values, axis=1, nan_policy="omit") for values in (x, y)]
    with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # a seed without values has no correlation
        a, b = (rank - np.nanmean(rank, axis=1, keepdims=True) for rank in ranks)
        return np.asarray(np.nansum(a * b, axis=1) / np.sqrt(np.nansum(a**2, axis=1) * np.nansum(b**2, axis=1)))
