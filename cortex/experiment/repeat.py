"""A run that is on disk: what was run, and whether a repetition gave the same."""

from pathlib import Path
from typing import Any

from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.experiment import result as results
from cortex.experiment.identity import Run
from cortex.experiment.kept import LACKING, lacking
from cortex.experiment.record import SCENARIO, code_files
from cortex.experiment.result import Result
from cortex.files import digest, to_plain


def recorded_run(folder: Path, scenario: Path | None = None, trust: bool = False) -> tuple[Run, Result]:
    """Read from a run's folder what was run, and its result.

    Parameters
    ----------
    folder : Path
    scenario : Path, optional
        File of its scenario, if that is not an installed one.
    trust : bool
        Whether to execute the scenario that is kept in the folder.

    Raises
    ------
    UsageError
        If the folder holds no complete run, or one that this version cannot repeat; if it does not keep all its code;
        or if its scenario would have to be executed, and nobody has allowed that.
    """
    result = results.read(folder)
    record = result.record
    code = kept_code(folder)
    if not scenario and (names := lacking(folder)):
        raise UsageError(
            f"{folder} does not keep all code that made it; in no file is",
            list(names),
            f"do it again where that was defined (its text is in {LACKING}), or give a file with --scenario FILE.py",
        )
    if code and not (scenario or trust):
        raise UsageError(
            f"{folder} was made with a scenario file, which is executed to repeat the run",
            [f"{name}  sha256 {digest}" for name, digest in code.items()],
            "if you trust what is kept there, add --trust; or give a file of your own with --scenario FILE.py",
        )
    file = scenario or (folder / SCENARIO if code else None)
    found = catalogue.read_file(file) if file else catalogue.installed(record["scenario"])
    if found.name != record["scenario"]:
        raise UsageError(f"{folder} is a run of {record['scenario']}, not of {found.name}", hint="nothing was run")
    try:
        parameters = found.parameters.override(record["parameters"])
    except UsageError as error:
        hint = f"it was made by version {result.version}; install that one to repeat it"
        raise UsageError(f"{folder} cannot be repeated", error.problems, hint) from None
    about = (record["seed"], record["replicate"], record["quick"], record["null"], record.get("precision", "double"))
    return Run(found, parameters, *about), result


def kept_code(folder: Path) -> dict[str, str]:
    """Return the digest of each Python file that a run keeps, by its path; none if its scenario is an installed one."""
    return {str(path): digest(path) for path in code_files(folder)}


def differences(first: Result, second: Result) -> list[str]:
    """Name the measures and predictions that are not the same in both, to the last bit."""
    before, after = (to_plain(_numbers(result.record)) for result in (first, second))
    return [name for name in before | after if before.get(name) != after.get(name)]


def _numbers(record: dict[str, Any]) -> dict[str, float]:
    return record["measures"] | {f"predictions.{name}": value for name, value in record["predictions"].items()}
