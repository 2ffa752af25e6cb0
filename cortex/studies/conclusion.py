"""What a scenario concludes from all complete runs of a study of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cortex.errors import UsageError
from cortex.experiment import catalogue, surroundings
from cortex.experiment.result import Conclusion, Result
from cortex.failures import borne
from cortex.studies import plan_file, table
from cortex.studies.selection import is_quick
from cortex.studies.table import RunTable

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario
    from cortex.studies.study_model import Study


@dataclass(frozen=True)
class Drawn:
    """What became of a conclusion.

    Attributes
    ----------
    conclusion : Conclusion, optional
        If one was drawn.
    warnings : list of str
        Why none was drawn, where one might be expected.
    failed : str
        What failed in the code of the scenario; else empty.
    """

    conclusion: Conclusion | None = None
    warnings: list[str] = field(default_factory=list)
    failed: str = ""


def conclude(
    study: "Study | None",
    runs_table: RunTable,
    runs: Iterable[str],
    given: "str | Path | Scenario | None" = None,
    narrowed: bool = False,
) -> Drawn:
    """Have the scenario of a study draw its conclusion.

    Parameters
    ----------
    study : Study, optional
        Without one, nothing is concluded.
    runs_table : RunTable
    runs : iterable of str
        Names of the complete runs.
    given : str, Path or Scenario, optional
        The scenario; by default the installed one that the study names. No file that a study of a folder of results
        names is executed.
    narrowed : bool
        Whether only a part of the runs or measures is asked for, of which nothing is concluded.

    Raises
    ------
    UsageError
        If the scenario that is given is none of these runs.
    """
    if study is None or narrowed:
        why = "only a part is asked for" if narrowed else "the runs are of no study"
        return Drawn(warnings=[f"no conclusion is drawn, since {why}"] if given else [])
    scenario = _given(given, runs_table) if given else _installed(study)
    if scenario is None or scenario.conclude is None:
        none = [f"{scenario.file or scenario.name} draws no conclusion: it sets no `conclude`"] if scenario else []
        return Drawn(warnings=none if given else _left_out(study, runs_table))
    runs_of_it = results(runs_table, runs)
    failed: list[str] = []
    with borne(failed.append), surroundings.kept():
        concluded = scenario.conclude(runs_of_it)
        if isinstance(concluded, Conclusion) and isinstance(concluded.text, str):
            return Drawn(concluded)
        if concluded is None:
            return Drawn(warnings=[f"{scenario.name} draws no conclusion from these runs"])
        failed.append("`conclude` returns neither a Conclusion, with a text, nor None")
    return Drawn(failed=f"{scenario.name} draws no conclusion: {failed[0]}")


def _left_out(study: "Study", runs_table: RunTable) -> list[str]:
    """Return a warning if a conclusion might be drawn by a file that is not executed."""
    if not study.scenario.endswith(".py") or not runs_table.concludes:
        return []
    name = Path(study.scenario).name
    return [
        f"the conclusion of {name} is left out, as no file is executed that only a folder of results names: "
        f"cortex compare {runs_table.folder} --scenario {name}"
    ]


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
            quick=is_quick(row),
            null=row["null"],
            precision="single" if row["precision"] == "single" else "double",
            condition=row.get("condition", ""),
            limits=numbers(run, "watched."),
        )
        for run, row in ((run, runs_table.rows[run]) for run in runs)
    ]


def load(out: Path) -> list[Result]:
    """Return all complete runs of a folder of results."""
    runs_table = table.update(out, plan_file.load(out) or [], write=False)
    return results(runs_table, runs_table.rows)


def _given(scenario: "str | Path | Scenario", runs_table: RunTable) -> "Scenario":
    found = catalogue.find(str(scenario)) if isinstance(scenario, str | Path) else scenario
    names = {row["scenario"] for row in runs_table.rows.values()}
    if names != {found.name}:
        raise UsageError(f"the runs are of {', '.join(sorted(names))}, not of {found.name}", hint="give its file")
    return found


def _installed(study: "Study") -> "Scenario | None":
    """Return the scenario of a study; None if it is none that is installed."""
    try:
        return catalogue.installed(study.scenario)
    except UsageError:
        return None
