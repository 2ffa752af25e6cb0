"""Which page a folder gets: that of a run, of an argument, of checks, or of a study."""

from pathlib import Path

from cortex.errors import UsageError
from cortex.experiment import catalogue, result
from cortex.experiment.record import RECORD
from cortex.files import check_links
from cortex.pages import argument_page, checks_page, run_page, study_page
from cortex.studies import argument, plan_file, results_folder, table, validating


def write(folder: Path, path: Path | None = None, scenario_file: Path | None = None) -> Path:
    """Write the page of a run, of an argument, of checks, or of a folder of results.

    Parameters
    ----------
    folder : Path
        A run folder, the folder of an argument or of checks, or a folder of results; a single run that is part of no
        study gets its own page.
    path : Path, optional
        The file, which ends in .html; by default ``report.html`` in the folder of the run or study.
    scenario_file : Path, optional
        The user's own scenario file: nothing that lies in the folder is executed.

    Returns
    -------
    path : Path

    Raises
    ------
    UsageError
        If there is no such folder, it holds no complete run, or the path is a folder or ends otherwise.
    EnvironmentProblem
        If the file cannot be written.
    """
    if path and path.is_dir():
        raise UsageError(f"{path} is a folder", hint=f"name a file in it, such as {path / run_page.NAME}")
    if path and path.suffix != ".html":
        raise UsageError(f"{path} does not end in .html", hint="a report is one HTML file")
    check_links(folder)
    for kept, answer in ((argument.TABLE, argument_page), (validating.TABLE, checks_page)):
        if (folder / kept).is_file():
            return answer.write(folder, path or folder / run_page.NAME)
    run = folder if (folder / RECORD).exists() else _single(folder)
    if run is None:
        return study_page.write(folder, path, scenario_file)
    scenario = catalogue.find(str(scenario_file)) if scenario_file else None
    return run_page.write(result.read(run), path, scenario)


def _single(folder: Path) -> Path | None:
    """Return the only run of a folder of results without a study."""
    results_folder.check(folder)
    if plan_file.load(folder) is not None:
        return None
    known = list(table.update(folder, write=False).rows)
    return folder / "runs" / known[0] if len(known) == 1 else None
