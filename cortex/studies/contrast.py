"""The runs of a study set side by side: levels of a parameter, paired by seed and by all else that varies."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from cortex.analysis import survival
from cortex.analysis.comparison import Comparison, adjust, compare_pairs, share
from cortex.analysis.reference import Band
from cortex.analysis.statistics import Interval
from cortex.analysis.survival import FirstOfPair
from cortex.errors import NothingMatched, UsageError, did_you_mean
from cortex.studies.plan import Trial
from cortex.studies.table import Trials

CONDITION = "condition"

KINDS = ("scenario", "quick", "null")
"""What a run is, beside its parameters."""

Seed = tuple[str, str]
"""Root seed and replicate."""

Block = tuple[str, ...]
"""Values of all else that varies."""


@dataclass(frozen=True)
class Levels:
    """The runs at each level.

    Attributes
    ----------
    by : str
        What is compared: a parameter, "condition" or "null".
    blocks : list of str
        What else varies: runs are compared where these have the same values.
    runs : dict of dict
        Name of the run by level, and by seed and block.
    """

    by: str
    blocks: list[str]
    runs: dict[str, dict[tuple[Seed, Block], str]]

    @cached_property
    def seeds(self) -> list[Seed]:
        """All seeds, in order."""
        return list(dict.fromkeys(seed for level in self.runs.values() for seed, _ in level))


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


def default_by(plan: Sequence[Trial]) -> str:
    """Say what a study compares if nobody says: its conditions, or the only parameter that varies; else nothing."""
    if len({trial.condition for trial in plan}) > 1:
        return CONDITION
    varied = {name: {trial.values[name] for trial in plan} for name in (plan[0].values if plan else ())}
    several = [name for name, values in varied.items() if len(values) > 1]
    return several[0] if len(several) == 1 else ""


def select(trials: Trials, plan: Sequence[Trial], where: Mapping[str, str]) -> tuple[list[Trial], list[str]]:
    """Choose what has the values asked for.

    Returns
    -------
    planned : list of Trial
        Of the plan, complete or not.
    runs : list of str
        Complete runs: of the plan, if there is one.

    Raises
    ------
    UsageError
        If a name is unknown.
    NothingMatched
        If no run is left.
    """
    for name in where if trials.rows else ():
        _known(trials, name, ("seed", "replicate", "run"))

    def value(run: str, name: str) -> str:
        return trials.rows[run].get(name, "") if run in trials.rows else ""

    def fits(run: str, values: Mapping[str, str]) -> bool:
        return all(same(values.get(name) or value(run, name), wanted) for name, wanted in where.items())

    planned = [trial for trial in plan if fits(trial.run, {CONDITION: trial.condition, **trial.values})]
    if plan:
        runs = [trial.run for trial in planned if trial.run in trials.rows]
    else:
        runs = [run for run in trials.rows if fits(run, {})]
    if not runs:
        there = {name: dict.fromkeys(value(run, name) for run in trials.rows) for name in where}
        known = "".join(f"\n  {name} is {', '.join(values)}" for name, values in there.items() if any(values))
        if where and trials.rows:
            raise NothingMatched(f"no complete run has {', '.join(f'{n}={v}' for n, v in where.items())}{known}")
        raise NothingMatched("no run is complete yet; `cortex status` shows how far they are")
    return planned, runs


def levels(trials: Trials, plan: Sequence[Trial], runs: Iterable[str], by: str) -> Levels:
    """Sort runs by what is compared.

    Raises
    ------
    UsageError
        If it is no parameter, or has one value only.
    """
    runs = list(runs)
    _known(trials, by)
    sorted_runs: dict[str, list[str]] = {}
    for run in runs:
        sorted_runs.setdefault(trials.rows[run].get(by, ""), []).append(run)
    if len(sorted_runs) < 2:
        raise UsageError(
            f"{by} is {next(iter(sorted_runs)) or 'empty'} in all runs: nothing to compare",
            hint=f"what varies: {', '.join(_varying(trials, runs, _candidates(trials, plan, runs))) or 'nothing'}",
        )
    candidates = [name for name in _candidates(trials, plan, runs) if name != by]
    inside = {name for group in sorted_runs.values() for name in _varying(trials, group, candidates)}
    blocks = [name for name in candidates if name in inside]
    order = sorted(sorted_runs, key=_numeric) if by != CONDITION else list(sorted_runs)
    found: dict[str, dict[tuple[Seed, Block], str]] = {level: {} for level in order}
    for level in order:
        for run in sorted_runs[level]:
            row = trials.rows[run]
            key = (row["seed"], row["replicate"]), tuple(row.get(name, "") for name in blocks)
            if key in found[level]:
                raise UsageError(
                    f"{found[level][key]} and {run} have the same seed and parameters",
                    hint="two versions of a scenario's file made them; move those of one version elsewhere",
                )
            found[level][key] = run
    return Levels(by, blocks, found)


def compare(trials: Trials, found: Levels, question: Question) -> list[Entry]:
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
    reference = _reference(found, question.against)
    asked = chosen_measures(trials, question)
    measures = sorted(trials.measures, key=lambda name: name != question.primary)
    others = [level for level in found.runs if level != reference]
    pairs = {level: _pairs(found, level, reference) for level in others}  # the same for all measures
    entries = [
        _entry(trials, found, pairs[level], measure, level, reference, question)
        for measure in measures
        for level in others
    ]
    families = [[e for e in entries if (e.measure == question.primary) == first] for first in (True, False)]
    adjusted: list[Entry] = []
    for family in filter(None, families):
        q_values = adjust([entry.comparison.p for entry in family])
        adjusted += [replace(entry, q=float(q)) for entry, q in zip(family, q_values, strict=True)]
    return [entry for name in asked for entry in adjusted if entry.measure == name]


def chosen_measures(trials: Trials, question: Question) -> list[str]:
    """Name the measures asked for, the primary one first."""
    wanted = [*question.measures, *([question.primary] if question.primary else [])]
    if unknown := [name for name in wanted if name not in trials.measures]:
        problems = [f"{name}  no such measure{did_you_mean(name, trials.measures)}" for name in unknown]
        raise UsageError("measures", problems, f"measures: {', '.join(trials.measures)}")
    listed = list(question.measures) or trials.measures
    return sorted(listed, key=lambda name: name != question.primary)


def is_time(trials: Trials, measure: str, run: str) -> bool:
    """Say whether a measure is a time to a criterion, which a run may not have reached."""
    return bool(trials.rows[run].get(f"watched.{measure}"))


def by_seed(trials: Trials, found: Levels, measure: str, level: str) -> np.ndarray:
    """Give a measure's mean over the blocks, for each seed, shape (seed,); of times to a criterion, restricted ones."""
    return _means(trials, found, _pairs(found, level, level), measure)[0]


def _entry(
    trials: Trials, found: Levels, pairs: Pairs, measure: str, level: str, reference: str, question: Question
) -> Entry:
    entry = Entry(measure, level, reference, compare_pairs(*_means(trials, found, pairs, measure)))
    a, b = (list(found.runs[name].values()) for name in (level, reference))
    changes: dict[str, Any] = {}
    if is_time(trials, measure, a[0]):
        here, there = (times(trials, measure, runs) for runs in (a, b))
        ours, theirs = (times(trials, measure, runs) for runs in (pairs.level, pairs.reference))
        first = survival.first_of_pair(*ours, *theirs)
        alone = not found.blocks  # runs of one seed are not independent, and both tests take all for that
        changes = {
            "logrank": survival.logrank(*here, *there) if alone else math.nan,
            "first": first if alone else first._replace(p=math.nan),
            "reached": (float(np.mean(here[0] <= here[1])), float(np.mean(there[0] <= there[1]))),
        }
    if measure == question.primary and question.criterion != (None, None):
        met = [_share(trials, found, measure, runs, question.criterion) for runs in (a, b)]
        changes["criterion"] = (met[0], met[1])
    return replace(entry, **changes)


def _share(trials: Trials, found: Levels, measure: str, runs: Sequence[str], criterion: Band) -> Interval:
    """Give the share of runs that meet a criterion; without an interval if a seed has several runs."""
    late = criterion[0] is not None  # what was not reached by the end is at least as late as that
    values = trials.restricted(runs, measure) if late else trials.numbers(runs, measure)
    met = share(values, criterion)
    return Interval(met.mean, math.nan, math.nan) if found.blocks else met


def times(trials: Trials, measure: str, runs: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Give times to a criterion and how long each was waited for, s, shape (run,) each."""
    return trials.numbers(runs, measure), trials.numbers(runs, f"watched.{measure}")


def _pairs(found: Levels, level: str, reference: str) -> Pairs:
    """Pair the runs of a level with those of the reference."""
    places = {seed: place for place, seed in enumerate(found.seeds)}
    shared = [key for key in found.runs[level] if key in found.runs[reference]]
    ours, theirs = ([found.runs[name][key] for key in shared] for name in (level, reference))
    return Pairs(ours, theirs, np.array([places[seed] for seed, _ in shared], dtype=int))


def _means(trials: Trials, found: Levels, pairs: Pairs, measure: str) -> tuple[np.ndarray, np.ndarray]:
    """Give both levels' means over the blocks that a seed has at both, shape (seed,) each."""
    both = (pairs.level, pairs.reference)
    if pairs.level and is_time(trials, measure, pairs.level[0]):
        (a, a_limits), (b, b_limits) = (times(trials, measure, runs) for runs in both)
        limits = np.minimum(a_limits, b_limits)  # of a pair, both count as watched equally long
        a, b = survival.restricted(a, limits), survival.restricted(b, limits)
    else:
        a, b = (trials.numbers(runs, measure) for runs in both)
    known = ~np.isnan(a) & ~np.isnan(b)
    with np.errstate(invalid="ignore"):
        seeds, number = pairs.seeds[known], len(found.seeds)
        counts = np.bincount(seeds, minlength=number)
        means = [np.bincount(seeds, values[known], number) / counts for values in (a, b)]
    return means[0], means[1]


def _reference(found: Levels, against: str) -> str:
    if not against:
        return next(iter(found.runs))
    for level in found.runs:
        if same(level, against):
            return level
    raise UsageError(f"no level {found.by}={against}", hint=f"levels: {', '.join(found.runs)}")


def _candidates(trials: Trials, plan: Sequence[Trial], runs: Sequence[str]) -> list[str]:
    """Name what may vary: what the plan varies, or else every parameter."""
    return [CONDITION, *plan[0].values] if plan else [*KINDS, *trials.parameters]


def _varying(trials: Trials, runs: Sequence[str], names: Iterable[str]) -> list[str]:
    return [name for name in names if len({trials.rows[run].get(name, "") for run in runs}) > 1]


def _known(trials: Trials, name: str, others: Sequence[str] = ()) -> None:
    columns = [CONDITION, *KINDS, *others, *trials.parameters]
    if name not in columns:
        raise UsageError(f"no parameter {name}{did_you_mean(name, columns)}", hint="`cortex show` lists parameters")


def same(one: str, other: str) -> bool:
    """Say whether two texts are the same value, in whatever unit."""
    if one.replace(" ", "") == other.replace(" ", ""):
        return True
    try:
        return float(one) == float(other)
    except ValueError:
        pass
    if any(text[:1] not in "+-.0123456789" for text in (one, other)):
        return False
    from cortex.experiment.units import parse

    try:
        a, b = parse(one), parse(other)
    except ValueError:
        return False
    return a.dim is b.dim and math.isclose(float(a), float(b), rel_tol=1e-12)


def _numeric(text: str) -> tuple[int, float, str]:
    """Sort numbers, also those with a unit, by size, and names after them."""
    try:
        return (0, float(text.split(" ")[0].split("/")[0]), text)
    except ValueError:
        return (1, 0.0, text)
