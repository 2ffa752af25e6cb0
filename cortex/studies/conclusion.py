"""What a scenario concludes from all complete runs of a study of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cortex.errors import UsageError
from cortex.experiment.result import Conclusion, Result
from cortex.studies import plan, source, table
from cortex.studies.table import RunTable

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario

FILE = "conclusion.md"


@dataclass(frozen=True)
class Finished:
    """A complete run of a study.

    Attributes
    ----------
    condition : str
        Empty if the study has none.
    seed : tuple of str
        Root seed and replicate: runs with the same ones are paired.
    parameters : mapping of str to str
        Every parameter, as text.
    measures, predictions : mapping of str to float
        Nan where there is none.
    watched : mapping of str to float
        How long each time to a criterion was waited for.
    folder : Path
        Where its recordings are.
    """

    condition: str
    seed: tuple[str, str]
    parameters: Mapping[str, str]
    measures: Mapping[str, float]
    predictions: Mapping[str, float]
    watched: Mapping[str, float]
    folder: Path


def results(out: Path) -> list[Result]:
    """Return all complete runs of a folder of results, read from its table."""
    trials = table.update(out, plan.load(out / plan.PLAN) or [], write=False)
    return [
        Result(
            folder=run.folder,
            scenario=trials.rows[run.folder.name]["scenario"],
            measures=run.measures,
            predictions=run.predictions,
            parameters=run.parameters,
            seed=int(run.seed[0]),
            replicate=int(run.seed[1]),
            quick=trials.rows[run.folder.name]["quick"] == "true",
            null=trials.rows[run.folder.name]["null"],
            condition=run.condition,
            limits=run.watched,
        )
        for run in finished(trials, trials.rows)
    ]


def conclude(folder: Path, trials: RunTable, runs: Iterable[str]) -> Conclusion | None:
    """Have the scenario of a study draw its conclusion; None if it has none, or is not there any more.

    Parameters
    ----------
    folder : Path
        Folder of results of the study.
    trials : RunTable
    runs : iterable of str
        Names of the complete runs.
    """
    scenario = _scenario(folder)
    return scenario.conclude(finished(trials, runs)) if scenario and scenario.conclude else None


def finished(trials: RunTable, runs: Iterable[str]) -> list[Finished]:
    """Give complete runs with what was measured."""
    folder = trials.folder or Path()

    def numbers(run: str, prefix: str, names: Iterable[str]) -> dict[str, float]:
        return {name: trials.number(run, prefix + name) for name in names if prefix + name in trials.rows[run]}

    def named(run: str, prefix: str) -> list[str]:
        return [column.removeprefix(prefix) for column in trials.rows[run] if column.startswith(prefix)]

    return [
        Finished(
            condition=trials.rows[run].get("condition", ""),
            seed=(trials.rows[run]["seed"], trials.rows[run]["replicate"]),
            parameters={name: trials.rows[run][name] for name in trials.parameters if name in trials.rows[run]},
            measures=numbers(run, "", trials.measures),
            predictions=numbers(run, "prediction.", named(run, "prediction.")),
            watched=numbers(run, "watched.", named(run, "watched.")),
            folder=folder / "runs" / run,
        )
        for run in runs
    ]


def _scenario(folder: Path) -> "Scenario | None":
    """Return the scenario of a study; None if it is not there any more."""
    try:
        return source.find(str(folder / source.FILE)).scenario
    except UsageError:
        return None
