"""What a scenario concludes from all complete runs of a study of it."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from cortex.errors import UsageError
from cortex.experiment.catalogue import shipped_file
from cortex.experiment.result import Conclusion, Result
from cortex.studies import plan, study_file, table
from cortex.studies.table import Trials

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario

FILE = "conclusion.md"


def conclude(folder: Path, trials: Trials, runs: Iterable[str]) -> Conclusion | None:
    """Have the scenario of a study draw its conclusion; None if it has none, or is not there any more.

    Parameters
    ----------
    folder : Path
        Folder of results of the study.
    trials : Trials
    runs : iterable of str
        Names of the complete runs.
    """
    scenario = _scenario(folder)
    return scenario.conclude(results(trials, runs)) if scenario and scenario.conclude else None


def results(trials: Trials, runs: Iterable[str]) -> list[Result]:
    """Return complete runs as the table has them."""
    folder = trials.folder or Path()
    measures = trials.measures

    def numbers(run: str, prefix: str) -> dict[str, float]:
        row = trials.rows[run]
        names = [column for column in row if column.startswith(prefix)]
        return {name.removeprefix(prefix): trials.number(run, name) for name in names}

    return [
        Result(
            folder=folder / "runs" / run,
            scenario=row["scenario"],
            measures={name: trials.number(run, name) for name in measures if name in row},
            predictions=numbers(run, "prediction."),
            parameters={name: row[name] for name in trials.parameters if name in row},
            seed=int(row["seed"]),
            replicate=int(row["replicate"]),
            quick=row["quick"] == "true",
            null=row["null"],
            condition=row.get("condition", ""),
            limits=numbers(run, "watched."),
        )
        for run, row in ((run, trials.rows[run]) for run in runs)
    ]


def load(out: Path) -> list[Result]:
    """Return all complete runs of a folder of results."""
    trials = table.update(out, plan.load(out / plan.PLAN) or [], write=False)
    return results(trials, trials.rows)


def _scenario(folder: Path) -> "Scenario | None":
    """Give the scenario of a study, if it may conclude anything: importing it takes a second."""
    path = folder / "study.toml"
    try:
        shipped = shipped_file(study_file.load(path)[0].scenario)
        if shipped and "conclude=" not in shipped.read_text(encoding="utf-8"):
            return None
        from cortex.studies import source

        return source.find(str(path), source.Typed(), None).scenario
    except UsageError:
        return None
