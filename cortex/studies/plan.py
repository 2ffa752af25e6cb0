"""The plan of a study: which runs it is made of, in which order, kept beside the results as ``plan.csv``."""

import csv
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cortex.errors import UsageError
from cortex.files import write_csv

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario
    from cortex.studies.study_model import Study

PLAN = "plan.csv"
MOST = 1_000_000
"""Runs of a study."""

COLUMNS = ("run", "condition", "replicate", "point")


@dataclass(frozen=True)
class PlannedRun:
    """A run of the plan.

    Attributes
    ----------
    run : str
        Name of its folder.
    condition : str
        Name of the condition, empty if the study has none.
    replicate : int
    values : dict of str to str
        Values of the varied parameters.
    point : str
        Number of the Sobol point, empty if there are none.
    """

    run: str
    condition: str
    replicate: int
    values: dict[str, str] = field(default_factory=dict)
    point: str = ""

    @property
    def label(self) -> str:
        """Condition, values and replicate as one text."""
        values = [f"{name}={value}" for name, value in self.values.items()]
        return ", ".join([*([self.condition] if self.condition else []), *values, f"replicate {self.replicate}"])


def make(study: "Study", scenario: "Scenario") -> list[PlannedRun]:
    """Plan a study: all replicates of the first seed come first, so that what is done at any time can be compared.

    Raises
    ------
    UsageError
        If values do not go together, or two conditions are the same.
    """
    from cortex.experiment.run import Run

    _check_size(study)
    problems: list[tuple[str, str]] = []
    known: dict[str, str] = {}
    first: list[PlannedRun] = []
    for point, varied in _points(study):
        for condition, settings in study.settings.items():
            planned = PlannedRun("", condition, 0, varied, point)
            null = settings.get("null", "")
            try:
                parameters = scenario.resolve(overrides(study, planned), quick=study.quick, null=null)
            except UsageError as error:
                problems += [(planned.label, problem) for problem in error.problems or (error.title,)]
                continue
            key = Run(scenario, parameters, study.seed, 0, study.quick, null).key
            if key in known:
                problems.append((planned.label, f"is the same as {known[key]}"))
            known[key] = planned.label
            written = parameters.as_text()
            first.append(PlannedRun(key, condition, 0, {name: written[name] for name in varied}, point))
    if problems:
        from cortex.studies.study_file import mistakes

        first_problems = problems[:20] + ([("...", f"and {len(problems) - 20} more")] if len(problems) > 20 else [])
        raise mistakes("the study", first_problems)
    return [
        PlannedRun(f"{planned.run}-r{replicate:03d}", planned.condition, replicate, planned.values, planned.point)
        for replicate in range(study.seeds)
        for planned in first
    ]


def _check_size(study: "Study") -> None:
    """Raise UsageError for a study of too many runs."""
    ranges = len(study.ranges)
    points = (study.points or 0) * (ranges + 2 if study.indices else 1) if ranges else 1
    lists = [len(values) for values in study.varied.values() if isinstance(values, list)]
    runs = math.prod([points, len(study.settings), study.seeds, *lists])
    if runs > MOST:
        raise UsageError(f"the study has {runs:,} runs, and at most {MOST:,} are planned", hint="nothing was run")


def overrides(study: "Study", planned: PlannedRun) -> dict[str, str]:
    """Return the parameter values of a planned run, as text, that differ from the scenario's own."""
    from cortex.studies.values import text

    condition = {name: value for name, value in study.settings[planned.condition].items() if name != "null"}
    return {name: text(value) for name, value in study.fixed.items()} | planned.values | condition


def save(path: Path, plan: Sequence[PlannedRun]) -> None:
    """Write a plan as CSV."""
    names = list(plan[0].values)
    rows = [
        [planned.run, planned.condition, planned.replicate, planned.point, *planned.values.values()] for planned in plan
    ]
    write_csv(path, [[*COLUMNS, *names], *rows])


def load(path: Path) -> list[PlannedRun] | None:
    """Read a plan; None if there is none, or it is damaged."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        names = head[len(COLUMNS) :]
        return [
            PlannedRun(run, condition, int(replicate), dict(zip(names, values, strict=True)), point)
            for run, condition, replicate, point, *values in rows
        ]
    except (OSError, ValueError):
        return None


def _points(study: "Study") -> Iterator[tuple[str, dict[str, str]]]:
    """Yield all combinations of the varied values, each with the number of its Sobol point."""
    lists = {name: values for name, values in study.varied.items() if isinstance(values, list)}
    sobol = _sobol_points(study)
    for number, point in enumerate(sobol or [{}]):
        for combination in itertools.product(*lists.values()):
            values = point | dict(zip(lists, combination, strict=True))
            yield str(number) if sobol else "", {name: values[name] for name in study.varied}


def _sobol_points(study: "Study") -> list[dict[str, str]]:
    """Draw scrambled Sobol points over the ranges (Owen 1998), or the matrices A, B and AB of Saltelli (2002)."""
    ranges = study.ranges
    if not ranges:
        return []
    from scipy.stats.qmc import Sobol

    count, size = len(ranges), study.points or 0
    drawn = Sobol(count * (2 if study.indices else 1), rng=np.random.default_rng(study.seed)).random(size)
    if study.indices:
        a, b = drawn[:, :count], drawn[:, count:]
        mixed = [np.where(np.arange(count) == column, b, a) for column in range(count)]
        drawn = np.concatenate([a, b, *mixed])
    columns = {name: values.at(shares) for (name, values), shares in zip(ranges.items(), drawn.T, strict=True)}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
