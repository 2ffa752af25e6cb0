"""All committed runs of a folder of results as one table, trials.csv: an index only, made from ``runs/``.

It is brought up to date from the run folders whenever it is read; a run counts only while its folder is whole. What was
edited in it is read again from the runs.
"""

import hashlib
import logging
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from cortex.errors import EnvironmentProblem
from cortex.experiment.findings import kept
from cortex.experiment.record import DATA, FIRST, LAST, RECORD, WARNINGS, code_files, read_record, tell_once
from cortex.studies import index
from cortex.studies.plan import PlannedRun

logger = logging.getLogger(__name__)

TRIALS = "trials.csv"

KIND = ("scenario", "condition", "null", "quick", "scenario_source", "version")
"""Runs that are the same in these, and have the same columns, have measures and parameters of the same names."""

Row = dict[str, str]


class RunTable:
    """The committed runs, one row each.

    Columns are the run's name, what it is, its measures, ``prediction.NAME``, ``watched.NAME`` (how long a time to
    a criterion was waited for, in its unit), ``seconds.NAME`` (wall time), and then every parameter. An empty field is
    no number.

    Parameters
    ----------
    rows : dict of str to dict of str to str
        By name of the run.
    folder : Path, optional
        Where the runs are.
    """

    def __init__(self, rows: dict[str, Row], folder: Path | None = None) -> None:
        self.rows, self.folder = rows, folder
        self._numbers: dict[str, dict[str, float]] = {}

    @cached_property
    def measures(self) -> list[str]:
        """Names of all measures."""
        return list(dict.fromkeys(name for record in self._records for name in record["measures"]))

    @cached_property
    def bands(self) -> dict[str, tuple[float | None, float | None]]:
        """Band of each measure that has one."""
        return {name: tuple(limits) for record in self._records for name, limits in record["bands"].items()}

    @cached_property
    def units(self) -> dict[str, str]:
        """Unit of each measure that is declared; "1" for a ratio or a count."""
        return {name: about["unit"] for record in self._records for name, about in record.get("declared", {}).items()}

    @cached_property
    def sentences(self) -> dict[str, str]:
        """What each measure is, as far as its scenario says so."""
        records = self._records
        return {n: about.get("sentence", "") for record in records for n, about in record.get("declared", {}).items()}

    @cached_property
    def parameters(self) -> list[str]:
        """Names of all parameters."""
        return list(dict.fromkeys(name for record in self._records for name in record["parameters"]))

    @cached_property
    def concludes(self) -> bool:
        """Whether the scenario of the runs draws a conclusion from all of them; older runs do not tell."""
        return any(record.get("concludes", True) for record in self._records)

    @cached_property
    def _records(self) -> list[dict[str, Any]]:
        """One record for each kind of run: replicates, and runs that only differ in values, have the same names."""
        sets = {run.rpartition("-r")[0]: run for run in reversed(self.rows)}
        kinds: dict[tuple[str, ...], str] = {}
        for run in reversed(sets.values()):
            row = self.rows[run]
            kind = [row.get(name, "") for name in KIND] + [name for name, field in row.items() if field]
            kinds.setdefault(tuple(kind), run)
        records = [read_record(self.folder / "runs" / run) for run in kinds.values()] if self.folder else []
        return [record for record in records if record]

    def numbers(self, runs: Iterable[str], column: str) -> np.ndarray:
        """Return a number of each run, shape (run,); nan where there is none."""
        if column not in self._numbers:
            self._numbers[column] = {name: _number(row.get(column, "")) for name, row in self.rows.items()}
        known = self._numbers[column]
        return np.array([known.get(run, math.nan) for run in runs])

    def number(self, run: str, column: str) -> float:
        """Return a number of one run."""
        return float(self.numbers([run], column)[0])

    def warned(self, runs: Iterable[str]) -> Counter[str]:
        """Count in how many runs each of the things was found that make their numbers mean little."""
        found = (self.rows.get(run, {}).get(WARNINGS, "") for run in runs)
        return Counter(what for text in found for what in text.split("; ") if what)

    def restricted(self, runs: Sequence[str], measure: str) -> np.ndarray:
        """Return a measure of each run, shape (run,); for a time not reached, how long was waited for it."""
        values, watched = (self.numbers(runs, column) for column in (measure, f"watched.{measure}"))
        return np.where((values <= watched) | np.isnan(watched), values, watched)


def pivot(keys: Sequence[Sequence[Any]], values: Iterable[float]) -> tuple[list[list[Any]], np.ndarray]:
    """Arrange values as an array.

    Parameters
    ----------
    keys : sequence of sequence
        For each value its label on every axis.
    values : iterable of float

    Returns
    -------
    labels : list of list
        Of each axis, in the order in which they come first.
    array : array, (label of axis 1, ..., label of axis k)
        Nan where there is no value.
    """
    axes = list(zip(*keys, strict=True))
    labels = [list(dict.fromkeys(axis)) for axis in axes]
    array = np.full([len(axis) for axis in labels], math.nan)
    places = [{label: place for place, label in enumerate(axis)} for axis in labels]
    where = [[known[label] for label in axis] for known, axis in zip(places, axes, strict=True)]
    array[tuple(where)] = list(values)
    return labels, array


def _number(field: str) -> float:
    try:
        return float(field) if field else math.nan
    except ValueError:
        return math.nan


def update(out: Path, plan: Sequence[PlannedRun] = (), write: bool = True) -> RunTable:
    """Read the table, and bring it up to date if run folders have come or gone.

    Parameters
    ----------
    out : Path
        Folder of results.
    plan : sequence of PlannedRun
        Tells which runs are of it and of which condition, and which parameters vary: these come first.
    write : bool
        Whether the file is brought up to date too.

    Returns
    -------
    RunTable
    """
    known, damaged = _load(out / TRIALS)
    if damaged and write:
        logger.warning("%s was damaged or edited: it is made again from the runs", out / TRIALS)
    conditions = {planned.run: planned.condition for planned in plan}
    rows: dict[str, Row] = {}
    for folder in folders(out):
        stamp = _stamp(folder)
        row = known.get(folder.name)
        if row is None or row.get("stamp") != stamp:
            record = read_record(folder)
            if record is None:
                continue
            if record["run"] != folder.name:
                tell_once(f"{folder} is a copy of the run {record['run']}, and does not count as another one")
                continue
            row = _row(record, stamp, _source(folder))
        if plan:
            planned = str(folder.name in conditions).lower()
            row = row | {"planned": planned, "condition": conditions.get(folder.name, "")}
        rows[folder.name] = row
    changed = damaged or rows != known
    rows = dict(sorted(rows.items(), key=lambda item: (item[1]["replicate"].zfill(6), item[0])))
    if changed and write:
        with suppress(EnvironmentProblem):  # who only looks may have no right to write
            head = _head(rows, list(plan[0].values) if plan else [])
            index.write(out / TRIALS, head, ([row.get(name, "") for name in head] for row in rows.values()))
    return RunTable(rows, out)


def folders(out: Path) -> list[Path]:
    """List the folders that have the name of a complete run."""
    try:
        return [place for place in sorted((out / "runs").iterdir()) if not place.suffix]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _row(record: Mapping[str, Any], stamp: str, scenario_source: str) -> Row:
    provenance = record["provenance"]
    source = provenance.get("source") or {}
    fields: dict[str, Any] = {"precision": "double"} | {name: record.get(name, "") for name in FIRST}
    fields |= record["measures"]
    for prefix, kind in (("prediction", "predictions"), ("watched", "watched_seconds"), ("seconds", "seconds")):
        fields |= {f"{prefix}.{name}": value for name, value in record.get(kind, {}).items()}
    fields |= {name: value for name, value in record["parameters"].items() if name not in FIRST}
    if found := dict.fromkeys(finding.what for finding in kept(record)):
        fields[WARNINGS] = "; ".join(found)
    fields |= {
        "backend": record.get("backend", ""),
        "scenario_source": scenario_source,
        "version": provenance["versions"]["cortical-expansion"],
        "revision": source.get("revision", "")[:12] + ("+" if source.get("modified") else ""),
        "data_bytes": record.get("data_bytes", ""),
        "stamp": stamp,
    }
    return {name: value if type(value) is str else _field(value) for name, value in fields.items()}  # most are texts


def _source(folder: Path) -> str:
    """Return a digest of the scenario's files that a run keeps; empty for a scenario that is installed."""
    files = code_files(folder)
    names = "\n".join(file.relative_to(folder).as_posix() for file in files)
    digest = hashlib.sha256(names.encode(errors="replace"))
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:8] if files else ""


def _field(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _stamp(folder: Path) -> str:
    """Return the state of a run's files, so that a change is noticed."""
    try:
        record = (folder / RECORD).stat()
    except OSError:
        return ""
    try:
        size = (folder / DATA).stat().st_size
    except OSError:
        size = 0
    return f"{record.st_mtime_ns}-{record.st_size}-{size}"


def _load(path: Path) -> tuple[dict[str, Row], bool]:
    """Return the rows that are as they were written, by run, and whether others are not."""
    kept = index.read(path)
    if kept is None:
        return {}, path.exists()
    if not kept.checked or not {*FIRST, *LAST} <= set(kept.head):
        return {}, False  # an earlier version's
    place = kept.head.index("run")
    return {row[place]: dict(zip(kept.head, row, strict=True)) for row in kept.rows}, kept.damaged > 0


def _head(rows: Mapping[str, Row], varied: Sequence[str]) -> list[str]:
    """Return the names of the columns."""
    columns = dict.fromkeys([*FIRST, *varied])
    for names in dict.fromkeys(map(tuple, rows.values())):
        columns |= dict.fromkeys(name for name in names if name not in LAST)
    return [*columns, *LAST]
