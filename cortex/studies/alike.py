"""Which runs are alike in everything but what is compared: only these are paired."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.experiment.record import read_record
from cortex.report import text
from cortex.studies.plan import PlannedRun
from cortex.studies.table import RunTable

CONDITION = "condition"

KINDS = ("scenario", "quick", "precision", "null")
"""What a run is, beside its parameters."""

MADE = ("scenario_source", "backend", "version")
"""What a run was made with, as far as numbers depend on it."""

NAMED = 5
"""Differences that a message names."""

Groups = Mapping[str, Sequence[str]]
"""Names of runs by level."""


class Blocks(NamedTuple):
    """What runs must have in common to be compared."""

    names: list[str]
    """What has several values among the runs, beside what is compared and what that sets itself."""
    values: dict[str, tuple[str, ...]]
    """Values of these, by run."""
    unsure: list[str]
    """What differs just as the levels do, where nothing tells whether it is the level that sets it."""
    own: set[str]
    """What the levels set themselves."""


def candidates(table: RunTable, plan: Sequence[PlannedRun], by: str = "") -> list[str]:
    """Return the names of what may vary: what the plan varies, or else all that a run is, has and was made with.

    A study has all else in common, unless what is compared is neither a condition nor varied by it.
    """
    planned = [CONDITION, *plan[0].values] if plan else []
    alone = planned and (not by or by in planned)
    return [*(planned if alone else [*KINDS, *table.parameters]), *MADE]


def varying(table: RunTable, runs: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return the names that have several values among some runs."""
    runs = list(runs)
    return [name for name in names if len({table.rows[run].get(name, "") for run in runs}) > 1]


def blocks(table: RunTable, plan: Sequence[PlannedRun], by: str, groups: Groups) -> Blocks:
    """Find what runs at different levels must have in common.

    Raises
    ------
    UsageError
        If a level without a null model has several values of what a null model sets.
    """
    runs = [run for group in groups.values() for run in group]
    different = [name for name in varying(table, runs, candidates(table, plan, by)) if name != by]
    known = _set_by_levels(table, groups) if by == "null" else {}
    unsure: list[str] = []
    if (by in KINDS and known is None) or by in ("scenario", "quick"):
        inside = {name for group in groups.values() for name in varying(table, group, different)}
        free = (*KINDS, "scenario_source") if by == "scenario" else ()
        unsure = [name for name in different if name not in inside and (name not in MADE or name in free)]
    names = [name for name in different if name not in unsure]
    values = {run: tuple(table.rows[run].get(name, "") for name in names) for run in runs}
    if known and any(known.values()):
        values = _filled(names, values, groups, known)
        names, values = _without_equal(names, values)
    return Blocks(names, values, unsure, set().union(*(known or {}).values()))


def differences(table: RunTable, groups: Groups, found: Blocks) -> str:
    """Return in words what differs between levels beside what they set themselves."""
    told = []
    for name in [name for name in found.names if name not in found.own] or found.names:
        by_level = {
            level: ", ".join(dict.fromkeys(table.rows[run].get(name, "") or "none" for run in runs))
            for level, runs in groups.items()
        }
        if len(set(by_level.values())) > 1:
            told.append(f"{name} ({'; '.join(f'{value} at {text.level(level)}' for level, value in by_level.items())})")
    return ", ".join(told[:NAMED]) + (f" and {len(told) - NAMED} more" if len(told) > NAMED else "")


def _set_by_levels(table: RunTable, groups: Groups) -> dict[str, set[str]] | None:
    """Return the parameters that the null model or condition of each level sets; None if nothing tells."""
    known = {null: _set_by(table, runs[0], null) if null else set() for null, runs in groups.items()}
    told = {null: names for null, names in known.items() if names is not None}
    return told if len(told) == len(known) else None


def _set_by(table: RunTable, run: str, null: str) -> set[str] | None:
    """Return what a null model sets: as the run itself says, or else the scenario if that is installed."""
    record = (read_record(table.folder / "runs" / run) if table.folder else None) or {}
    row = table.rows[run]
    settings = record.get("settings")
    if settings is None and not row.get("scenario_source"):  # a user's file is not executed to find out
        with suppress(UsageError):
            settings = catalogue.installed(row["scenario"]).settings
    settings = settings or {}
    return set(settings[null]) if null in settings else None


def _filled(
    names: Sequence[str], values: Mapping[str, tuple[str, ...]], groups: Groups, known: Mapping[str, set[str]]
) -> dict[str, tuple[str, ...]]:
    """Put, for what a null model sets, the value that the runs without one have, so that these are its partners."""
    places = {null: [names.index(name) for name in names if name in known[null]] for null in groups}
    ever = sorted({place for found in places.values() for place in found})
    full: dict[tuple[str, ...], dict[int, dict[str, None]]] = {}

    def rest(run: str) -> tuple[str, ...]:
        return tuple(value for place, value in enumerate(values[run]) if place not in ever)

    for run in groups.get("", ()):
        for place in ever:
            full.setdefault(rest(run), {}).setdefault(place, {})[values[run][place]] = None
    filled = dict(values)
    for null, runs in groups.items():
        for run in runs:
            row = list(values[run])
            for place in places[null]:
                usual = list(full.get(rest(run), {}).get(place, {"": None}))
                if len(usual) > 1:
                    raise UsageError(
                        f"runs without a null model differ in {names[place]} ({', '.join(usual)}), which {null} sets",
                        hint=f"choose which ones it is compared with: --where {names[place]}={usual[0]}",
                    )
                row[place] = usual[0]
            filled[run] = tuple(row)
    return filled


def _without_equal(
    names: Sequence[str], values: Mapping[str, tuple[str, ...]]
) -> tuple[list[str], dict[str, tuple[str, ...]]]:
    """Leave out what all runs have in common."""
    columns = list(zip(*values.values(), strict=True))
    kept = [place for place, column in enumerate(columns) if len(set(column)) > 1]
    return [names[place] for place in kept], {run: tuple(row[place] for place in kept) for run, row in values.items()}
