"""What ``cortex study NAME`` does: NAME is a study, a scenario to sweep, or an argument made of several studies."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cortex.engine.progress import Progress
from cortex.studies import argument, argument_file, session
from cortex.studies.argument import Answer, Studies
from cortex.studies.session import Session
from cortex.studies.source import Changes
from cortex.studies.state import StudyState

if TYPE_CHECKING:
    from cortex.engine.simulation import Backend, Precision


def begin(name: str, changes: Changes, output: Path | None, backend: "Backend" = "auto") -> Session | Studies:
    """Find and plan it; nothing is taken from a plan that was kept."""
    file = argument_file.find(name)
    if file is not None:
        return argument.begin(file, changes, output, backend)
    return session.begin(name, changes, output, backend)


def study(
    name: str | Path,
    vary: Mapping[str, Any] | None = None,
    *,
    parameters: Mapping[str, Any] | None = None,
    nulls: Sequence[str] = (),
    conditions: Sequence[str] = (),
    seed: int | None = None,
    seeds: int | None = None,
    points: int | None = None,
    quick: bool = False,
    output: str | Path | None = None,
    jobs: int | None = None,
    backend: "Backend" = "auto",
    precision: "Precision | None" = None,
    shard: str = "",
    scheduler: str = "",
    stop: bool = False,
    retry_failed: bool = False,
    accept_changes: bool = False,
    progress: Progress | None = None,
) -> StudyState | Answer:
    """Do what is missing of a study; what is complete already is not done again.

    Parameters
    ----------
    name : str or Path
        A ready-made study, a study file, a scenario, or an argument such as ``"essay"``.
    vary : mapping of str to sequence of value or str, optional
        Values of each varied parameter by dotted name: a list, or text such as ``"log(1e-3, 1e-1, 5)"``; all
        combinations are run.
    parameters : mapping of str to value, optional
        Values that all runs share.
    nulls, conditions : sequence of str
        Null models and other conditions of the scenario that the full model is compared with.
    seed, seeds, points : int, optional
        Root seed, number of paired replicates and of Sobol points; by default those of the study file.
    quick : bool
        Whether to run the short version.
    output : str or Path, optional
        Folder of results; by default ``results/NAME``, of a scenario ``results/NAME_study``, quick
        ``results/NAME_quick``, in single precision with ``_single`` at the end.
    jobs : int, optional
        Runs at a time, by default one for each core; 1 works in this process.
    backend, precision : str
        How to simulate, see `cortex.engine.simulation.simulate`; by default in the precision of the study file.
    shard : str
        "I/N" does only the I-th of N parts.
    scheduler : str
        Address or file of a dask scheduler whose workers do it.
    stop : bool
        Whether the first failed run ends it.
    retry_failed, accept_changes : bool
        Whether to do failed runs again, and to go on though the study, the code or a version has changed.
    progress : Progress, optional
        Where to show how far it is.

    Returns
    -------
    StudyState or Answer
        An answer for an argument: its studies are done, and every claim has a verdict.

    Raises
    ------
    UsageError
        With one line for each mistake, and if the folder was made with something else.
    RunFailed
        If runs failed; all others are complete.
    EnvironmentProblem
        If the machine will not do.
    """
    changes = Changes.of(vary or {}, parameters or {}, (*nulls, *conditions), seed, seeds, points, quick, precision)
    planned = begin(str(name), changes, Path(output) if output else None, backend)
    after = planned.carry_out(
        shard=shard,
        jobs=jobs,
        scheduler=scheduler,
        stop=stop,
        retry_failed=retry_failed,
        accept_changes=accept_changes,
        progress=progress,
    )
    after.check()
    return after
