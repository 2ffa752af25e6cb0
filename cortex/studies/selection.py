"""Which runs are compared: those with the values asked for, sorted by level, seed and all else that varies."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cortex.errors import NothingMatched, UsageError, did_you_mean
from cortex.experiment import catalogue
from cortex.experiment.record import read_record
from cortex.studies.plan import PlannedRun
from cortex.studies.table import RunTable

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


def default_by(plan: Sequence[PlannedRun]) -> str:
    """Return what a study compares by default: its conditions, or the only parameter that varies; else nothing."""
    if len({planned.condition for planned in plan}) > 1:
        return CONDITION
    varied = {name: {planned.values[name] for planned in plan} for name in (plan[0].values if plan else ())}
    several = [name for name, values in varied.items() if len(values) > 1]
    return several[0] if len(several) == 1 else ""


def select(table: RunTable, plan: Sequence[PlannedRun], where: Mapping[str, str]) -> tuple[list[PlannedRun], list[str]]:
    """Select planned and complete runs by their values.

    Returns
    -------
    planned : list of PlannedRun
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
    for name in where if table.rows else ():
        _known(table, name, ("seed", "replicate", "run"))

    def value(run: str, name: str) -> str:
        return table.rows[run].get(name, "") if run in table.rows else ""

    def fits(run: str, values: Mapping[str, str]) -> bool:
        return all(same(values.get(name) or value(run, name), asked) for name, asked in where.items())

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
    return chosen, runs


def levels(table: RunTable, plan: Sequence[PlannedRun], runs: Iterable[str], by: str) -> Levels:
    """Sort runs by what is compared.

    Raises
    ------
    UsageError
        If it is no parameter, or has one value only.
    """
    runs = list(runs)
    _known(table, by)
    sorted_runs: dict[str, list[str]] = {}
    for run in runs:
        sorted_runs.setdefault(table.rows[run].get(by, ""), []).append(run)
    if len(sorted_runs) < 2:
        raise UsageError(
            f"{by} is {next(iter(sorted_runs)) or 'empty'} in all runs: nothing to compare",
            hint=f"what varies: {', '.join(_varying(table, runs, _candidates(table, plan, runs))) or 'nothing'}",
        )
    candidates = [name for name in _candidates(table, plan, runs) if name != by]
    inside = {name for group in sorted_runs.values() for name in _varying(table, group, candidates)}
    blocks = [name for name in candidates if name in inside]
    order = sorted(sorted_runs, key=_numeric) if by != CONDITION else list(sorted_runs)
    by_level: dict[str, dict[tuple[Seed, Block], str]] = {level: {} for level in order}
    for level in order:
        for run in sorted_runs[level]:
            row = table.rows[run]
            key = (row["seed"], row["replicate"]), tuple(row.get(name, "") for name in blocks)
            if key in by_level[level]:
                raise UsageError(
                    f"{by_level[level][key]} and {run} have the same seed and parameters",
                    hint="two versions of a scenario's file made them; move those of one version elsewhere",
                )
            by_level[level][key] = run
    return Levels(by, blocks, by_level)


def confounded(table: RunTable, compared: Levels) -> list[str]:
    """Return a warning for each parameter that differs between levels just as what is compared does.

    What a null model or condition itself sets is no such parameter. Runs of no plan only: a study means what it varies.
    """
    groups = [list(runs.values()) for runs in compared.runs.values()]
    constant = [name for name in table.parameters if not any(_varying(table, group, [name]) for group in groups)]
    runs = [run for group in groups for run in group]
    suspects = [name for name in _varying(table, runs, constant) if name not in (compared.by, *compared.blocks)]
    if suspects and compared.by in ("null", CONDITION):
        settings = _settings(table, runs[0])
        deliberate = {name for level in compared.runs for name in settings.get(level, ())}
        suspects = [name for name in suspects if name not in deliberate]
    values = {name: [table.rows[group[0]].get(name, "") for group in groups] for name in suspects}
    return [
        f"{name} differs too ({', '.join(listed)}): its effect cannot be told from that of {compared.by}"
        for name, listed in values.items()
    ]


def _settings(table: RunTable, run: str) -> Mapping[str, Mapping[str, str]]:
    """Return null models and conditions of the scenario of a run, by name; none if that cannot be known."""
    folder = (table.folder or Path()) / "runs" / run
    record = read_record(folder) or {}
    if "settings" in record or (folder / "scenario.py").exists():  # which is not executed to know it
        return record.get("settings", {})
    try:
        return catalogue.installed(table.rows[run]["scenario"]).settings
    except UsageError:
        return {}


def _candidates(table: RunTable, plan: Sequence[PlannedRun], runs: Sequence[str]) -> list[str]:
    """Return the names of what may vary: what the plan varies, or else every parameter."""
    return [CONDITION, *plan[0].values] if plan else [*KINDS, *table.parameters]


def _varying(table: RunTable, runs: Sequence[str], names: Iterable[str]) -> list[str]:
    return [name for name in names if len({table.rows[run].get(name, "") for run in runs}) > 1]


def _known(table: RunTable, name: str, others: Sequence[str] = ()) -> None:
    columns = [CONDITION, *KINDS, *others, *table.parameters]
    if name not in columns:
        raise UsageError(f"no parameter {name}{did_you_mean(name, columns)}", hint="`cortex show` lists parameters")


def same(first: str, second: str) -> bool:
    """Return whether two texts are the same value, in whatever unit."""
    if first.replace(" ", "") == second.replace(" ", ""):
        return True
    try:
        return float(first) == float(second)
    except ValueError:
        pass
    if any(text[:1] not in "+-.0123456789" for text in (first, second)):
        return False
    from cortex.experiment import units

    try:
        a, b = units.parse(first), units.parse(second)
    except ValueError:
        return False
    return a.dim is b.dim and math.isclose(float(a), float(b), rel_tol=1e-12)


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
