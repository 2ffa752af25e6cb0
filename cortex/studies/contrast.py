"""Levels compared measure by measure, paired by seed and by all else that varies."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from cortex.analysis import survival
from cortex.analysis.comparison import Comparison, adjust, compare_pairs, fewest_pairs, share
from cortex.analysis.reference import Band
from cortex.analysis.statistics import Interval
from cortex.analysis.survival import FirstOfPair
from cortex.errors import UsageError, did_you_mean
from cortex.studies.selection import Levels
from cortex.studies.table import RunTable
from cortex.studies.values import canonical

_fewest_pairs = cache(fewest_pairs)
"""Entries by the thousand ask for the same two families, and each answer is a sum over its family."""


class Pairs(NamedTuple):
    """The runs of a level and of the reference, side by side where a seed and block has both."""

    level: list[str]
    reference: list[str]
    seeds: np.ndarray
    """Number of each pair's seed among all seeds."""


@dataclass(frozen=True)
class Entry:
    """A measure at a level, against the reference level.

    Attributes
    ----------
    measure, level, reference : str
    comparison : Comparison
        Over seeds; of times to a criterion, the restricted ones.
    q : float
        The p value, adjusted for all comparisons of its family: the primary measure, or all others.
    logrank : float
        For a time to a criterion, p of the log-rank test; nan if a seed has several runs.
    first : FirstOfPair, optional
        For a time to a criterion: which of each pair was there first, the level (a) or the reference (b); without p
        if a seed has several runs.
    reached : tuple of float, optional
        For a time to a criterion: share of runs that reached it, at the level and at the reference.
    criterion : tuple of Interval, optional
        For the primary measure: share of runs that meet the study's criterion, at the level and at the reference.
    family : int
        How many comparisons its p is adjusted for.
    """

    measure: str
    level: str
    reference: str
    comparison: Comparison
    q: float = math.nan
    logrank: float = math.nan
    first: FirstOfPair | None = None
    reached: tuple[float, float] | None = None
    criterion: tuple[Interval, Interval] | None = None
    family: int = 1

    @property
    def needed(self) -> int:
        """Pairs without which no difference of its family can be told from chance."""
        return _fewest_pairs(self.family)

    @property
    def few(self) -> bool:
        """Whether there are too few pairs to tell whether there is a difference."""
        return self.comparison.pairs < self.needed


@dataclass(frozen=True)
class Question:
    """What is asked of the runs.

    Attributes
    ----------
    by : str
        What is compared; empty for the conditions, or for the only parameter that varies.
    against : str
        Level that the others are compared with; empty for the first.
    measures : tuple of str
        Measures to compare; all if empty.
    primary : str
        The measure that was chosen beforehand.
    criterion : band
        When it counts as reached.
    """

    by: str = ""
    against: str = ""
    measures: tuple[str, ...] = ()
    primary: str = ""
    criterion: Band = (None, None)


def compare(table: RunTable, levels: Levels, question: Question) -> list[Entry]:
    """Compare measures at every level with the reference level.

    Returns
    -------
    list of Entry
        Of the measures asked for, the primary one first; adjusted for the number of all measures.

    Raises
    ------
    UsageError
        If there is no such level or measure.
    """
    reference = _reference(levels, question.against)
    chosen = chosen_measures(table, question)
    measures = sorted(table.measures, key=lambda name: name != question.primary)
    others = [level for level in levels.runs if level != reference]
    pairs = {level: _pairs(levels, level, reference) for level in others}  # the same for all measures
    entries = [
        _entry(table, levels, pairs[level], measure, level, reference, question)
        for measure in measures
        for level in others
    ]
    families = [[e for e in entries if (e.measure == question.primary) == first] for first in (True, False)]
    adjusted: list[Entry] = []
    for family in filter(None, families):
        q_values = adjust([entry.comparison.p for entry in family])
        size = max(1, sum(not math.isnan(entry.comparison.p) for entry in family))
        adjusted += [replace(entry, q=float(q), family=size) for entry, q in zip(family, q_values, strict=True)]
    return [entry for name in chosen for entry in adjusted if entry.measure == name]


def told_by_few(entries: Sequence[Entry]) -> set[str]:
    """Return the measures that have too few seeds at every level to tell a difference."""
    return {entry.measure for entry in entries} - {entry.measure for entry in entries if not entry.few}


def chosen_measures(table: RunTable, question: Question) -> list[str]:
    """Return the measures asked for, the primary one first."""
    named = [*question.measures, *([question.primary] if question.primary else [])]
    if unknown := [name for name in named if name not in table.measures]:
        problems = [f"{name}  no such measure{did_you_mean(name, table.measures)}" for name in unknown]
        raise UsageError("measures", problems, f"measures: {', '.join(table.measures)}")
    listed = list(question.measures) or table.measures
    return sorted(listed, key=lambda name: name != question.primary)


def is_time(table: RunTable, measure: str, run: str) -> bool:
    """Return whether a measure is a time to a criterion, which a run may not have reached."""
    return bool(table.rows[run].get(f"watched.{measure}"))


def by_seed(table: RunTable, levels: Levels, measure: str, level: str) -> np.ndarray:
    """Return the mean of a measure over the blocks, for each seed, shape (seed,); times to a criterion restricted."""
    return _means(table, levels, _pairs(levels, level, level), measure)[0]


def _entry(
    table: RunTable, levels: Levels, pairs: Pairs, measure: str, level: str, reference: str, question: Question
) -> Entry:
    entry = Entry(measure, level, reference, compare_pairs(*_means(table, levels, pairs, measure)))
    a, b = (list(levels.runs[name].values()) for name in (level, reference))
    changes: dict[str, Any] = {}
    if is_time(table, measure, a[0]):
        all_a, all_b = (times(table, measure, runs) for runs in (a, b))
        paired_a, paired_b = (times(table, measure, runs) for runs in (pairs.level, pairs.reference))
        first = survival.first_of_pair(*paired_a, *paired_b)
        alone = not levels.blocks  # runs of one seed are not independent, and both tests take all for that
        changes = {
            "logrank": survival.logrank(*all_a, *all_b) if alone else math.nan,
            "first": first if alone else first._replace(p=math.nan),
            "reached": (float(np.mean(all_a[0] <= all_a[1])), float(np.mean(all_b[0] <= all_b[1]))),
        }
    if measure == question.primary and question.criterion != (None, None):
        met = [_share(table, levels, measure, runs, question.criterion) for runs in (a, b)]
        changes["criterion"] = (met[0], met[1])
    return replace(entry, **changes)


def _share(table: RunTable, levels: Levels, measure: str, runs: Sequence[str], criterion: Band) -> Interval:
    """Return the share of runs that meet a criterion; without an interval if a seed has several runs."""
    late = criterion[0] is not None  # what was not reached by the end is at least as late as that
    values = table.restricted(runs, measure) if late else table.numbers(runs, measure)
    met = share(values, criterion)
    return Interval(met.mean, math.nan, math.nan) if levels.blocks else met


def times(table: RunTable, measure: str, runs: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return times to a criterion and how long each was waited for, s, shape (run,) each."""
    return table.numbers(runs, measure), table.numbers(runs, f"watched.{measure}")


def _pairs(levels: Levels, level: str, reference: str) -> Pairs:
    """Pair the runs of a level with those of the reference."""
    places = {seed: place for place, seed in enumerate(levels.seeds)}
    shared = [key for key in levels.runs[level] if key in levels.runs[reference]]
    at_level, at_reference = ([levels.runs[name][key] for key in shared] for name in (level, reference))
    return Pairs(at_level, at_reference, np.array([places[seed] for seed, _ in shared], dtype=int))


def _means(table: RunTable, levels: Levels, pairs: Pairs, measure: str) -> tuple[np.ndarray, np.ndarray]:
    """Return both levels' means over the blocks that a seed has at both, shape (seed,) each."""
    both = (pairs.level, pairs.reference)
    if pairs.level and is_time(table, measure, pairs.level[0]):
        (a, a_limits), (b, b_limits) = (times(table, measure, runs) for runs in both)
        limits = np.minimum(a_limits, b_limits)  # of a pair, both count as watched equally long
        a, b = survival.restricted(a, limits), survival.restricted(b, limits)
    else:
        a, b = (table.numbers(runs, measure) for runs in both)
    known = ~np.isnan(a) & ~np.isnan(b)
    with np.errstate(invalid="ignore"):
        seeds, number = pairs.seeds[known], len(levels.seeds)
        counts = np.bincount(seeds, minlength=number)
        means = [np.bincount(seeds, values[known], number) / counts for values in (a, b)]
    return means[0], means[1]


def _reference(levels: Levels, against: str) -> str:
    if not against:
        return next(iter(levels.runs))
    for level in levels.runs:
        if canonical(level) == canonical(against):
            return level
    raise UsageError(f"no level {levels.by}={against}", hint=f"levels: {', '.join(levels.runs)}")
