"""What complete runs say of one measure in one condition: its interval over seeds, and how that lies in its band."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cortex.analysis.reference import Band
from cortex.analysis.statistics import UNKNOWN, Interval, mean_interval, ratio_interval
from cortex.analysis.verdict import Standing, standing
from cortex.experiment import science
from cortex.experiment.identity import Run, identity
from cortex.experiment.parameters import Parameters
from cortex.experiment.record import read_record, tell_once
from cortex.experiment.run_folder import run_name
from cortex.studies import study_file, table, values
from cortex.studies.selection import is_quick
from cortex.studies.session import Session
from cortex.studies.table import RunTable

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario


@dataclass(frozen=True)
class Evidence:
    """One measure in one condition.

    Attributes
    ----------
    study, condition, measure : str
        The condition is empty for the full model.
    band : tuple of float or None
    unit : str
    measured : Interval
        Over seeds; of a single run the ends that it measured itself, among its own networks or draws.
    runs, seed : int
        How many, and their root seed.
    quick : bool
        Whether they are of the short version, for which no band was made.
    lacking : int
        In how many of them it is undefined.
    """

    study: str
    condition: str
    measure: str
    band: Band
    unit: str
    measured: Interval
    runs: int
    seed: int
    quick: bool
    lacking: int = 0

    @property
    def standing(self) -> Standing:
        """Where it lies."""
        return standing(self.measured, self.band)

    @property
    def as_control(self) -> Standing:
        """Where it lies as a control, which does not show what is asked for where it is undefined: outside."""
        return "outside" if self.standing == "undefined" and self.lacking else self.standing


@dataclass(frozen=True)
class Runs:
    """Complete runs of one condition."""

    table: RunTable
    names: list[str]
    seed: int
    quick: bool

    def over(self, other: "Runs", measure: str) -> tuple[Interval, int]:
        """Return the ratio of a measure to that of another condition, and over how many pairs of the same seed.

        A time that was not reached counts as long as it was waited for.
        """
        alike = (other.seed, other.quick) == (self.seed, self.quick)
        others = {other.table.rows[name]["replicate"]: name for name in other.names} if alike else {}
        mates = ((name, others.get(self.table.rows[name]["replicate"])) for name in self.names)
        pairs = [(name, mate) for name, mate in mates if mate]
        if not pairs:
            return UNKNOWN, 0
        mine, theirs = zip(*pairs, strict=True)
        ratio = ratio_interval(self.table.restricted(mine, measure), other.table.restricted(theirs, measure))
        return ratio, len(pairs)

    def know(self, measure: str) -> bool:
        """Return whether they took a measure, be it undefined; runs of an earlier version may not have."""
        record = read_record(self.table.folder / "runs" / self.names[0]) if self.table.folder else None
        return record is not None and measure in record["measures"]

    def lacking(self, measure: str) -> int:
        """Return in how many of them a measure is undefined."""
        return int(np.isnan(self.table.numbers(self.names, measure)).sum())

    def measured(self, measure: str, less: str = "") -> Interval:
        """Return mean and interval of a measure, or of its difference to another; unknown unless each run has both."""
        values = self.table.numbers(self.names, measure)
        if less:
            values = values - self.table.numbers(self.names, less)
        if len(values) != 1 or less:
            return UNKNOWN if np.isnan(values).any() else mean_interval(values)
        ends = (self.table.number(self.names[0], f"{measure}_{end}") for end in ("low", "high"))
        return Interval(float(values[0]), *ends)


def runs_of(session: Session, condition: str) -> Runs:
    """Return the complete runs of a condition of a study; for a study of the short version, full runs if some are kept.

    Full runs are looked for in all folders of results beside that of the argument, such as results/copy_pair_study.
    """
    study = session.named.study
    if study.quick:
        parameters = _parameters(session, condition, quick=False)
        if full := stored(session.named.scenario, parameters, condition, tables(_beside(session))):
            return full
    committed = table.update(session.out, session.plan, write=False)
    names = [
        planned.run
        for planned in session.plan
        if study.settings[planned.condition].get("null", "") == condition and planned.run in committed.rows
    ]
    return Runs(committed, names, study.seed, study.quick)


def evidence(session: Session, condition: str, measure: str, runs: Runs) -> Evidence:
    """Return what the runs of a study say of a measure."""
    declared = session.named.scenario.declared[measure]
    applies = declared.applies(_parameters(session, condition, runs.quick))
    measured = runs.measured(measure) if applies and runs.names else UNKNOWN
    about = (session.named.name, condition, measure, declared.band, declared.unit)
    lacking = runs.lacking(measure) if applies else 0
    return Evidence(*about, measured, len(runs.names), runs.seed, runs.quick, lacking)


def tables(folders: Iterable[Path]) -> list[RunTable]:
    """Read the tables of folders of results; nothing is written."""
    return [table.update(folder, write=False) for folder in folders]


def stored(
    scenario: "Scenario",
    parameters: Parameters,
    condition: str,
    kept: Iterable[RunTable],
    only: int | None = None,
    preferred: int | None = None,
) -> Runs | None:
    """Return the most full runs with these parameters that some table has of one root seed, or only of a given one.

    Of several root seeds the one with most runs counts; then the preferred one; then one whose runs the present code
    made; else the first. A warning tells if other code made them.
    """
    found, code = [], identity(scenario)
    for runs in kept:
        by_seed: dict[int, list[str]] = defaultdict(list)
        for name, row in runs.rows.items():
            if row["scenario"] == scenario.name and row["null"] == condition and not is_quick(row):
                by_seed[int(row["seed"])].append(name)
        for seed, names in by_seed.items():
            if only not in (None, seed):
                continue
            key = Run(scenario, parameters, seed, null=condition, code=code).key
            same = [name for name in names if name == run_name(key, int(runs.rows[name]["replicate"]))]
            if same:
                found.append(Runs(runs, same, seed, quick=False))
    if not found:
        return None

    def rank(one: Runs) -> tuple[int, bool]:
        return len(one.names), one.seed == preferred

    best, now = max(map(rank, found)), science.digests(scenario)
    equal = [(_edited(one, now), one) for one in found if rank(one) == best]  # records are read where they decide
    edited, most = min(equal, key=lambda pair: bool(pair[0]))
    if edited:
        tell_once(
            f"{scenario.name}: its runs in {most.table.folder} count, though code differs since they were made: "
            f"{science.listed(edited)}; move that folder away to have them done again"
        )
    return most


def _edited(runs: Runs, now: Mapping[str, str]) -> list[str]:
    """Return the files of science that are others now than when some of these runs were made."""
    folder = runs.table.folder
    assert folder
    records = (read_record(folder / "runs" / name) for name in runs.names)
    return sorted({file for record in records if record for file in science.edited(record, now)})


def _parameters(session: Session, condition: str, quick: bool) -> Parameters:
    """Return the parameters of a condition of a study."""
    fixed = {name: values.text(value) for name, value in session.named.study.fixed.items()}
    return session.named.scenario.resolve(fixed, quick=quick, null=condition)


def _beside(session: Session) -> Iterator[Path]:
    """Yield the folders of results that may hold runs of the scenario: beside that of the argument, one level down."""
    argument, scenario = session.out.parent, session.named.scenario
    for runs in sorted([*argument.parent.glob("*/runs"), *argument.parent.glob("*/*/runs")]):
        folder = runs.parent
        study = study_file.kept(folder) if (folder / study_file.FILE).exists() else None
        if folder.parent != argument and (study is None or study.scenario == scenario.name):
            yield folder
