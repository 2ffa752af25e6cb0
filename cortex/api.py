"""The functions behind the commands: run, load, study, compare, validate. They print nothing, raise the same errors."""

import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, get_args

from cortex.engine.backend import Backend
from cortex.engine.model import Precision
from cortex.errors import CortexError, UsageError
from cortex.experiment import catalogue, record, result
from cortex.experiment.identity import Run
from cortex.experiment.result import Result
from cortex.experiment.results import Results
from cortex.experiment.run import complete
from cortex.files import check_links
from cortex.studies.comparison import compare
from cortex.studies.named import study
from cortex.studies.validating import validate

if TYPE_CHECKING:
    from cortex.engine.progress import Progress
    from cortex.experiment.scenario import Scenario

__all__ = ["compare", "load", "run", "study", "validate"]

_hook = sys.excepthook  # Brian2's by now, which takes every error for one of its own


def _show_error(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Show an error of ours as Python does."""
    (sys.__excepthook__ if issubclass(kind, CortexError) else _hook)(kind, error, trace)


sys.excepthook = _show_error


def run(
    scenario: "str | Path | Scenario",
    parameters: Mapping[str, Any] | None = None,
    *,
    seed: int = 0,
    replicate: int = 0,
    quick: bool = False,
    null: str = "",
    precision: Precision = "double",
    output: str | Path | None = None,
    backend: Backend = "auto",
    jobs: int = 2,
    threads: int | None = None,
    figures: bool = True,
    svg: bool = False,
    progress: "Progress | None" = None,
) -> Result:
    """Run a scenario once, or return the stored result of the same run.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name of a scenario, path of a scenario file, or a scenario.
    parameters : mapping of str to value, optional
        Values that differ from the scenario's own, by dotted name: numbers, texts such as "20 Hz", or quantities.
    seed, replicate : int
        Root seed, and number of the replicate: runs with the same two see the same stimuli.
    quick : bool
        Whether to run the short version.
    null : str
        A null model or other condition of the scenario.
    precision : {"double", "single"}
        Of all numbers but times; runs of another precision are other runs.
    output : str or Path, optional
        Folder of results; by default ``results/NAME``.
    backend : {"auto", "cpp", "plain", "numpy"}
        How to simulate, see `cortex.engine.simulation.simulate`.
    jobs : int
        How many arms at a time.
    threads : int, optional
        Most threads of each arm, which change no number; by default the arms at a time share all cores.
    figures : bool
        Whether to draw the figures, as PNG, and to write the report, one page to be looked at in a browser.
    svg : bool
        Whether to draw them as SVG too.
    progress : Progress, optional
        Where to show how far the run is.

    Returns
    -------
    Result

    Raises
    ------
    UsageError
        If there is no such scenario, or with one line for each parameter that will not do.
    RunFailed
        If a simulation fails.
    EnvironmentProblem
        If the machine will not do: no compiler where one is asked for, a full disk, no permission.

    Examples
    --------
    >>> import cortex
    >>> run = cortex.run("copy_pair", {"copies": 3}, seed=3, quick=True)
    >>> run.measures["copy_similarity"] > 0.9
    True
    >>> sorted(run.recordings)
    ['never_released', 'released']
    >>> float(run.recordings["released"]["spikes.t"].max()) < 1000
    True
    """
    for name, value, known in (("backend", backend, Backend), ("precision", precision, Precision)):
        if value not in get_args(known):
            raise UsageError(f'no {name} "{value}"', hint=f"{name}s: {', '.join(get_args(known))}")
    if threads is not None and (not isinstance(threads, int) or threads < 1):
        raise UsageError(f"threads={threads!r} is no number of threads", hint="give a whole number from 1, or None")
    chosen = catalogue.find(str(scenario)) if isinstance(scenario, str | Path) else scenario
    resolved = chosen.resolve(parameters or {}, quick=quick, null=null)
    planned = Run(chosen, resolved, seed, replicate, quick, null, precision)
    out = Path(output) if output else Path("results") / chosen.name
    done = complete(
        planned, out, backend=backend, jobs=jobs, threads=threads, figures=figures, svg=svg, progress=progress
    )
    if figures:
        from cortex.pages import run_page

        run_page.keep(done, chosen)
    return done


def load(folder: str | Path) -> Results:
    """Return all complete runs of a folder.

    Parameters
    ----------
    folder : str or Path
        A run folder, a study or any folder of results such as ``results/copy_pair``, or a folder of these.

    Returns
    -------
    Results
        In the order of their replicates; of a study with the condition of each run.

    Raises
    ------
    UsageError
        If there is no such folder, or it holds no complete run.
    EnvironmentProblem
        If it, or its ``runs``, is a link to nothing.

    Examples
    --------
    >>> import cortex
    >>> _ = cortex.run("copy_pair", {"copies": 3}, seed=3, quick=True)
    >>> [run] = cortex.load("results/copy_pair")
    >>> run.parameters["copies"], run.seed
    ('3', 3)
    """
    from cortex.studies import conclusion

    folder = Path(folder)
    check_links(folder / "runs")
    if not folder.is_dir():
        raise UsageError(
            f"{folder} is no folder", hint="give a run folder, or a folder of results such as results/NAME"
        )
    if (folder / record.RECORD).exists():
        return Results([result.read(folder)], folder)
    places = [folder] if (folder / "runs").is_dir() else sorted(path.parent for path in folder.glob("*/runs"))
    runs = [run for place in places for run in conclusion.load(place)]
    if not runs:
        raise UsageError(f"{folder} holds no complete run", hint="give a run folder, or a folder such as results/NAME")
    return Results(runs, folder)
