"""The plan as it is kept beside the results, plan.csv: an index only, believed while it is that of the study file.

Where it is not, it is made again from the study file and what the folders of runs say of themselves; nothing is
executed for that.
"""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from cortex.errors import UsageError
from cortex.experiment.record import read_record
from cortex.experiment.run_folder import FAILURE, run_name
from cortex.files import read_json
from cortex.studies import index, plan, study_file
from cortex.studies.index import Index
from cortex.studies.plan import PLAN, UNKNOWN, PlannedRun
from cortex.studies.table import TRIALS
from cortex.studies.values import canonical

if TYPE_CHECKING:
    from cortex.studies.study_model import Study

logger = logging.getLogger(__name__)

COLUMNS = ("run", "condition", "replicate", "point")

Record = Mapping[str, Any]


class Failed(BaseModel):
    """What is read of the ``failure.json`` of a run."""

    model_config = ConfigDict(strict=True)

    run: str
    null: str
    parameters: dict[str, str]


def keep(out: Path, planned: Sequence[PlannedRun]) -> None:
    """Write a plan as CSV, unless it is there as it should be.

    Raises
    ------
    EnvironmentProblem
        If it cannot be written.
    """
    head = [*COLUMNS, *planned[0].values]
    rows = [[run.run, run.condition, str(run.replicate), run.point, *run.values.values()] for run in planned]
    if index.read(out / PLAN) != Index(head, rows):
        index.write(out / PLAN, head, rows)


def load(out: Path) -> list[PlannedRun] | None:
    """Read the plan of a folder of results, and warn where its file is not what it should be.

    Returns
    -------
    list of PlannedRun or None
        None if the folder holds no study.
    """
    kept = index.read(out / PLAN)
    try:
        study = study_file.load(out / study_file.FILE)[0]
        wanted = [(cell.condition, replicate, cell.point) for replicate in range(study.seeds) for cell in cells(study)]
    except (UsageError, ValueError) as error:
        planned = _planned(kept)
        if planned:
            told = str(error).split("\n")[0]
            logger.warning("%s; whether %s is whole cannot be told without it", told, out / PLAN)
        return planned
    planned = _planned(kept, list(study.varied))
    if planned and [(run.condition, run.replicate, run.point) for run in planned] == wanted:
        return planned
    logger.warning(
        "%s is %s: the plan is made again from %s and the runs themselves, so that the names of runs that were not"
        " begun are not known; `cortex study %s` writes it anew",
        *(
            out / PLAN,
            "not that of the study" if kept else "missing or damaged",
            study_file.FILE,
            out / study_file.FILE,
        ),
    )
    return _recovered(study, out)


def cells(study: "Study") -> list[PlannedRun]:
    """Return what is planned for each replicate, without the names of runs."""
    plan.check_size(study)
    return list(plan.cells(study))


def _planned(kept: Index | None, varied: Sequence[str] | None = None) -> list[PlannedRun] | None:
    """Return the runs of a plan that is as it was written; None of any other."""
    if kept is None or kept.damaged or tuple(kept.head[: len(COLUMNS)]) != COLUMNS:
        return None
    names = kept.head[len(COLUMNS) :]
    if (varied is not None and names != varied) or len({row[0] for row in kept.rows}) < len(kept.rows):
        return None
    try:
        return [
            PlannedRun(run, condition, int(replicate), dict(zip(names, values, strict=True)), point)
            for run, condition, replicate, point, *values in kept.rows
        ] or None
    except ValueError:
        return None


def _recovered(study: "Study", out: Path) -> list[PlannedRun]:
    """Return the plan of a study, with the names of the runs that have its settings."""
    planned = cells(study)
    numbers: dict[tuple[str, ...], dict[tuple[str, ...], int]] = {}
    for number, cell in enumerate(planned):
        settings = plan.overrides(study, cell)
        names = (study.settings[cell.condition].get("null", ""), *sorted(settings))
        numbers.setdefault(names, {})[tuple(canonical(settings[name]) for name in names[1:])] = number
    closest = sorted(numbers, key=len, reverse=True)  # who sets more is not taken for one who sets less
    keys: dict[int, str] = {}
    written: dict[int, dict[str, str]] = {}
    for record in _records(study, out):
        parameters = record["parameters"]
        for null, *settable in closest:
            if record["null"] == null and all(name in parameters for name in settable):
                values = tuple(canonical(parameters[name]) for name in settable)
                place = numbers[(null, *settable)].get(values)
                if place is not None:
                    keys[place] = record["run"].rpartition("-r")[0]
                    written[place] = {name: parameters[name] for name in planned[place].values}
                    break
    return [
        PlannedRun(
            run_name(keys.get(number, UNKNOWN), replicate),
            cell.condition,
            replicate,
            written.get(number, cell.values),
            cell.point,
        )
        for replicate in range(study.seeds)
        for number, cell in enumerate(planned)
    ]


def _records(study: "Study", out: Path) -> list[Record]:
    """Return what complete and failed runs say of themselves; at the end those that were planned, then the latest."""
    kept = index.read(out / TRIALS)
    rows = [dict(zip(kept.head, row, strict=True)) for row in kept.rows] if kept and kept.checked else []
    sure = {row.get("run") for row in rows if row.get("planned") == "true"}
    runs = out / "runs"
    found = []
    for folder in sorted(runs.iterdir()) if runs.is_dir() else ():
        record = _failure(folder) if folder.suffix == ".failed" else read_record(folder)
        about = record and (record.get("seed"), record.get("quick"), record.get("precision", "double"))
        if record and about == (study.seed, study.quick, study.precision):
            found.append(record)
    return sorted(found, key=lambda record: (record["run"] in sure, str(record.get("finished", ""))))


def _failure(folder: Path) -> Record | None:
    """Return what a failed run says of itself; None if it does not."""
    try:
        record: Record = read_json(folder / FAILURE)
        Failed.model_validate(record)
    except (OSError, ValueError):
        return None
    return record
