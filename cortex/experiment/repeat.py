"""A run that is on disk: what was run, and whether a repetition gave the same."""

from pathlib import Path
from typing import Any

from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.experiment import result as results
from cortex.experiment.result import Result
from cortex.experiment.run import Run
from cortex.files import to_plain


def recorded_run(folder: Path) -> tuple[Run, Result]:
    """Read from a run's folder what was run, and its result.

    Raises
    ------
    UsageError
        If the folder holds no complete run, or one that this version cannot repeat.
    """
    result = results.read(folder)
    record = result.record
    file = folder / "scenario.py"
    scenario = catalogue.read_file(file) if file.exists() else catalogue.find(record["scenario"])
    try:
        parameters = scenario.parameters.override(record["parameters"])
    except UsageError as error:
        hint = f"it was made by version {result.version}; install that one to repeat it"
        raise UsageError(f"{folder} cannot be repeated", error.problems, hint) from None
    run = Run(scenario, parameters, record["seed"], record["replicate"], record["quick"], record["null"])
    return run, result


def differences(first: Result, second: Result) -> list[str]:
    """Name the measures and predictions that are not the same in both, to the last bit."""
    before, after = (to_plain(_numbers(result.record)) for result in (first, second))
    return [name for name in before | after if before.get(name) != after.get(name)]


def _numbers(record: dict[str, Any]) -> dict[str, float]:
    return record["measures"] | {f"predictions.{name}": value for name, value in record["predictions"].items()}
