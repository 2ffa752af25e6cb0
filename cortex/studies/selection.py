"""Which runs are compared: those with the values asked for, sorted by level, seed and all else that varies."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from cortex.errors import NothingMatched, UsageError, did_you_mean
from cortex.report import text
from cortex.studies import alike
from cortex.studies.alike import CONDITION, KINDS, Blocks
from cortex.studies.plan import PlannedRun
from cortex.studies.table import RunTable
from cortex.studies.values import canonical

Seed = tuple[str, str]
"""Root seed and replicate."""

Block = tuple[str, ...]
"""Values of all else that varies."""

MOST_LEVELS = 100
"""A parameter with more values than this is not compared value by value by default."""


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
    warnings : list of str
        What a reader must know of the choice of runs.
    """

    by: str
    blocks: list[str]
    runs: dict[str, dict[tuple[Seed, Block], str]]
    warnings: list[str] = field(default_factory=list)

    @cached_property
    def seeds(self) -> list[Seed]:
        """All seeds, in order."""
        return list(dict.fromkeys(seed for level in self.runs.values() for seed, _ in level))


def default_by(plan: Sequence[PlannedRun]) -> str:
    """Return what a study compares by default: its conditions, or the only parameter that varies; else nothing.

    A parameter with more values than `MOST_LEVELS` is not compared value by value: how a measure depends on it is told
    as a correlation and drawn as a curve.
    """
    if len({planned.condition for planned in plan}) > 1:
        return CONDITION
    varied = {name: {planned.values[name] for planned in plan} for name in (plan[0].values if plan else ())}
    several = [name for name, values in varied.items() if len(values) > 1]
    return several[0] if len(several) == 1 and len(varied[several[0]]) <= MOST_LEVELS else ""


def select(
    table: RunTable, plan: Sequence[PlannedRun], where: Mapping[str, str], by: str = ""
) -> tuple[list[PlannedRun], list[str]]:
    """Select planned and complete runs by their values.

    Full runs and those of the quick version are never taken together, unless `by` says that they are compared.

    Returns
    -------
    planned : list of PlannedRun
        Of the plan, complete or not.
    runs : list of str
        Complete runs: of the plan, if there is one.

    Raises
    ------
    UsageError
        If a name is unknown, or nothing says which of full and quick runs are meant.
    NothingMatched
        If no run is left.
    """
    for name in where if table.rows else ():
        _known(table, name, ("seed", "replicate", "run"))

    def value(run: str, name: str) -> str:
        return table.rows[run].get(name, "") if run in table.rows else ""

    def fits(run: str, values: Mapping[str, str]) -> bool:
        return all(canonical(values.get(name) or value(run, name)) == canonical(asked) for name, asked in where.items())

    chosen = [planned for planned in plan if fits(planned.run, {CONDITION: planned.condition, **planned.values})]
    if plan:
        runs = [planned.run for planned in chosen if planned.run in table.rows]
    else:
        runs = [run for run in table.rows if fits(run, {})]
    if not runs:
        present = {name: dict.fromkeys(value(run, name) for run in table.rows) for name in where}
        known = "".join(f"\n  {name} is {', '.join(values)}" for name, values in present.items() if any(values))
        if where and table.rows:
            raise NothingMatched(f"no complete run has {', '.join(f'{n}={v}' for n, v in where.items())}{known}")
        raise NothingMatched("no run is complete yet; `cortex status` shows how far they are")
    quick = sum(is_quick(table.rows[run]) for run in runs)
    if 0 < quick < len(runs) and by != "quick":
        raise UsageError(
            f"{text.count(len(runs) - quick, 'full run')} and {quick} of the quick version are not compared together",
            hint="choose with --where quick=false or --where quick=true",
        )
    return chosen, runs


def is_quick(row: Mapping[str, str]) -> bool:
    """Return whether a row of the table is a run of the quick version."""
    return row["quick"] == "true"


def levels(table: RunTable, plan: Sequence[PlannedRun], runs: Iterable[str], by: str) -> Levels:
    """Sort runs by what is compared, and by all else in which they differ.

    Runs of which no other level has any like them are left out, and told.

    Raises
    ------
    UsageError
        If it is no parameter, or has one value only.
    NothingMatched
        If the runs of the first level, or all others, differ in something else too.
    """
    runs = list(runs)
    _known(table, by)
    groups: dict[str, list[str]] = {}
    for run in runs:
        groups.setdefault(table.rows[run].get(by, ""), []).append(run)
    if len(groups) < 2:
        varying = alike.varying(table, runs, alike.candidates(table, plan))
        raise UsageError(
            f"{by} is {next(iter(groups)) or 'empty'} in all runs: nothing to compare",
            hint=f"what varies: {', '.join(varying) or 'nothing'}",
        )
    order = sorted(groups, key=_numeric) if by != CONDITION else list(groups)
    groups = {level: groups[level] for level in order}
    found = alike.blocks(table, plan, by, groups)
    paired, left_out = _paired(groups, found)
    lost = [level for level in order if level not in paired]
    if len(paired) < 2 or order[0] in lost:
        told = alike.differences(table, groups, found)
        raise NothingMatched(
            f"runs that differ in {by} differ in something else too: {told}\n"
            f"only runs that are alike but for {by} are compared; run what is missing, or choose runs with --where"
        )
    by_level: dict[str, dict[tuple[Seed, Block], str]] = {level: {} for level in paired}
    for level, chosen in paired.items():
        for run in chosen:
            row = table.rows[run]
            key = (row["seed"], row["replicate"]), found.values[run]
            if key in by_level[level]:
                raise UsageError(
                    f"{by_level[level][key]} and {run} have the same seed and parameters",
                    hint="two versions of a scenario's file made them; move those of one version elsewhere",
                )
            by_level[level][key] = run
    shown = alike.varying(table, [run for chosen in paired.values() for run in chosen], found.names)
    places = [found.names.index(name) for name in shown]
    for level, keyed in by_level.items():
        by_level[level] = {(seed, tuple(block[place] for place in places)): run for (seed, block), run in keyed.items()}
    first_of_each = [table.rows[group[0]] for group in groups.values()]
    unsure = {name: ", ".join(dict.fromkeys(row.get(name, "") for row in first_of_each)) for name in found.unsure}
    warnings = [
        f"{name} differs too ({values}): its effect cannot be told from that of {by}" for name, values in unsure.items()
    ]
    if left_out:
        told = alike.differences(table, groups, found) or ", ".join(found.names)
        warnings.append(
            f"{text.share(len(left_out), len(runs), 'run')} left out, for no other {by} has any like them: {told}"
        )
    return Levels(by, shown, by_level, warnings)


def _paired(groups: Mapping[str, Sequence[str]], found: Blocks) -> tuple[dict[str, list[str]], list[str]]:
    """Return the runs that some other level has any like, by level, and those that none has."""
    where: dict[Block, set[str]] = {}
    for level, runs in groups.items():
        for run in runs:
            where.setdefault(found.values[run], set()).add(level)
    chosen = {level: [run for run in runs if len(where[found.values[run]]) > 1] for level, runs in groups.items()}
    kept = {run for runs in chosen.values() for run in runs}
    left_out = [run for runs in groups.values() for run in runs if run not in kept]
    return {level: runs for level, runs in chosen.items() if runs}, left_out


def _known(table: RunTable, name: str, others: Sequence[str] = ()) -> None:
    columns = [CONDITION, *KINDS, *others, *table.parameters]
    if name not in columns:
        raise UsageError(f"no parameter {name}{did_you_mean(name, columns)}", hint="`cortex show` lists parameters")


def leading(text: str) -> float:
    """Return the number that a value, written in its parameter's own unit, begins with; nan if there is none."""
    from cortex.experiment import units

    try:
        return float(units.split(text)[0])
    except ValueError:
        return math.nan


def _numeric(text: str) -> tuple[int, float, str]:
    """Return a key that sorts numbers, also those with a unit, by size, and names after them."""
    number = leading(text)
    return (1, 0.0, text) if math.isnan(number) else (0, number, text)


def warnings(runs: RunTable, names: Sequence[str], planned: int) -> list[str]:
    """Return what a reader of the table must know of the runs."""
    warnings = []
    if planned > len(names):
        warnings.append(f"{text.share(planned - len(names), planned, 'run')} not complete")
    versions = {runs.rows[run]["version"] + runs.rows[run]["revision"] for run in names}
    if len(versions) > 1:
        warnings.append(f"the runs were made by {len(versions)} versions of the program")
    for what, number in runs.warned(names).most_common():
        warnings.append(
            f"{what} in {number} of {text.count(len(names), 'run')}; `warnings` in their run.json say when and where"
        )
    if single := sum(runs.rows[run]["precision"] == "single" for run in names):
        warnings.append(f"{text.share(single, len(names), 'run')} in single precision")
    if quick := sum(is_quick(runs.rows[run]) for run in names):
        warnings.append(f"{text.share(quick, len(names), 'run')} of the quick version, too short for conclusions")
    return warnings
