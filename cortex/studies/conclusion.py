"""What a scenario concludes from all complete runs of a study of it."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from cortex.errors import UsageError
from cortex.experiment.result import Conclusion, Result
from cortex.studies import plan_file, source, table
from cortex.studies.table import RunTable

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario


def conclude(folder: Path, runs_table: RunTable, runs: Iterable[str]) -> Conclusion | None:
    """Have the scenario of a study draw its conclusion; None if it has none, or is not there any more.

    Parameters
    ----------
    folder : Path
        Folder of results of the study.
    runs_table : RunTable
    runs : iterable of str
        Names of the complete runs.
    """
    scenario = _scenario(folder)
    return scenario.conclude(results(runs_table, runs)) if scenario and scenario.conclude else None


def results(runs_table: RunTable, runs: Iterable[str]) -> list[Result]:
    """Return complete runs as the table has them."""
    folder = runs_table.folder or Path()
    measures = runs_table.measures

    def numbers(run: str, prefix: str) -> dict[str, float]:
        row = runs_table.rows[run]
        names = [column for column in row if column.startswith(prefix)]
        return {name.removeprefix(prefix): runs_table.number(run, name) for name in names}

    return [
        Result(
            folder=folder / "runs" / run,
            scenario=row["scenario"],
            measures={name: runs_table.number(run, name) for name in measures if name in row},
            predictions=numbers(run, "prediction."),
            parameters={name: row[name] for name in runs_table.parameters if name in row},
            seed=int(row["seed"]),
            replicate=int(row["replicate"]),
            quick=row["quick"] == "true",
            null=row["null"],
            condition=row.get("condition", ""),
            limits=numbers(run, "watched."),
        )
        for run, row in ((run, runs_table.rows[run]) for run in runs)
    ]


def load(out: Path) -> list[Result]:
    """Return all complete runs of a folder of results."""
    runs_table = table.update(out, plan_file.load(out) or [], write=False)
    return results(runs_table, runs_table.rows)


def _scenario(folder: Path) -> "Scenario | None":
    """Return the scenario of a study; None if it is not there any more."""
    try:
        return source.find(str(folder / source.FILE)).scenario
    except UsageError:
        return None
