"""The plan of a study: which runs it is made of, and in which order."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cortex.errors import UsageError
from cortex.experiment.run_folder import run_name
from cortex.studies.values import Range, text

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario
    from cortex.studies.study_model import Study

PLAN = "plan.csv"
"""Where a study keeps its plan; see `cortex.studies.plan_file`."""

MOST = 1_000_000
"""Runs of a study."""

UNKNOWN = "?"
"""Stands for the key of a run that only its scenario could tell."""


@dataclass(frozen=True, slots=True)
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
    def unknown(self) -> bool:
        """Whether the name of its folder is not known before it is begun."""
        return self.run.startswith(UNKNOWN)

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
    from cortex.experiment.identity import Run, identity

    check_size(study)
    code = identity(scenario)
    problems: list[tuple[str, str]] = []
    known: dict[str, PlannedRun] = {}
    first: list[tuple[str, str, dict[str, str], str]] = []
    alike: dict[str, Run] = {}  # a run of each condition, from which its others differ in varied values only
    for cell in cells(study):
        settings = study.settings[cell.condition]
        null = settings.get("null", "")
        try:
            if cell.condition in alike:
                varied = {name: value for name, value in cell.values.items() if name not in settings}
                run = alike[cell.condition].with_values(varied)
            else:
                parameters = scenario.resolve(overrides(study, cell), quick=study.quick, null=null)
                run = Run(scenario, parameters, study.seed, 0, study.quick, null, study.precision, code)
                alike[cell.condition] = run
        except UsageError as error:
            problems += [(f"{cell.label}:", problem) for problem in error.problems or (error.title,)]
            continue
        if run.key in known:
            problems.append((cell.label, f"is the same as {known[run.key].label}"))
        known[run.key] = cell
        values = {name: run.written[name] for name in cell.values}
        first.append((run.key, cell.condition, values, cell.point))
    if problems:
        from cortex.studies.study_file import mistakes

        first_problems = problems[:20] + ([("...", f"and {len(problems) - 20} more")] if len(problems) > 20 else [])
        raise mistakes("the study", first_problems)
    return [
        PlannedRun(run_name(key, replicate), condition, replicate, values, point)
        for replicate in range(study.seeds)
        for key, condition, values, point in first
    ]


def check_size(study: "Study") -> None:
    """Raise UsageError for a study of too many runs, before any of them is listed."""
    try:
        varied = study.varied
    except ValueError:
        return  # told with the other mistakes of the file
    ranges = sum(isinstance(values, Range) for values in varied.values())
    points = (study.points or 0) * (ranges + 2 if study.indices else 1) if ranges else 1
    lists = [len(values) for values in varied.values() if isinstance(values, list)]
    check_number(math.prod([points, len(study.settings), study.seeds, *lists]))


def check_number(runs: int) -> None:
    """Raise UsageError for more runs than are planned."""
    if runs > MOST:
        shown = f"{runs:,}" if runs < 10**18 else "more than 10^18"
        raise UsageError(f"{shown} runs are asked for, and at most {MOST:,} are planned", hint="nothing was run")


def overrides(study: "Study", planned: PlannedRun) -> dict[str, str]:
    """Return the parameter values of a planned run, as text, that differ from the scenario's own."""
    condition = {name: value for name, value in study.settings[planned.condition].items() if name != "null"}
    return {name: text(value) for name, value in study.fixed.items()} | planned.values | condition


def cells(study: "Study") -> Iterator[PlannedRun]:
    """Yield what is planned for each replicate, in order: all combinations of values, each in every condition."""
    lists = {name: values for name, values in study.varied.items() if isinstance(values, list)}
    sobol = _sobol_points(study)
    for number, point in enumerate(sobol or [{}]):
        for combination in itertools.product(*lists.values()):
            chosen = point | dict(zip(lists, combination, strict=True))
            values = {name: chosen[name] for name in study.varied}
            for condition in study.settings:
                yield PlannedRun("", condition, 0, values, str(number) if sobol else "")


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
