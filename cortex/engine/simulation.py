"""The simulation engine: one model, several arms, compiled once or run by numpy."""

import logging
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cortex.engine import recipes
from cortex.engine.backend import Backend, choose
from cortex.engine.compiler import Compiler
from cortex.engine.model import Arm, Model, Precision, Recipe
from cortex.engine.processes import Run, run_all
from cortex.engine.program import Program
from cortex.engine.progress import Progress
from cortex.engine.recording import Recording

__all__ = ["Arm", "Backend", "Model", "Precision", "Recipe", "Recording", "Simulation", "prepare", "simulate"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Simulation:
    """The recordings of all arms and how they were made.

    Attributes
    ----------
    recordings : dict of str to Recording
    seconds : dict of str to float
        Wall time of "build" (model, code generation and compilation) and "simulate".
    duration : float, s
        Biological time asked for.
    backend : str
        "cpp", "plain" or "numpy".
    compiler : str
        Version of the C++ compiler; empty with numpy.
    """

    recordings: dict[str, Recording]
    seconds: dict[str, float]
    duration: float
    backend: str
    compiler: str


def simulate(
    build: Callable[[], Model],
    arms: dict[str, Arm],
    *,
    backend: Backend = "auto",
    precision: Precision = "double",
    jobs: int = 2,
    project: Path | None = None,
    rebuild: bool = False,
    progress: Progress | None = None,
    cache: Path | None = None,
) -> Simulation:
    """Simulate a model once for each arm.

    Parameters
    ----------
    build : callable
        Makes the model. With numpy it is called afresh for each arm; a `Recipe` that was compiled before is not called.
    arms : dict of str to Arm
    backend : {"auto", "cpp", "plain", "numpy"}
        "auto" is "cpp" where there is a C++ compiler. "plain" is C++ as Brian2 itself writes it.
    precision : {"double", "single"}
        Of all variables that do not say otherwise; times are always double.
    jobs : int
        How many arms run at the same time, with a compiler.
    project : Path, optional
        Where the generated program and what it writes are kept; by default it is temporary.
    rebuild : bool
        Whether to build the model and generate the program also for a `Recipe` that was compiled before.
    progress : Progress, optional
        Where the progress is shown; nowhere by default.
    cache : Path, optional
        Folder of compiled simulations; by default the user's.

    Raises
    ------
    EnvironmentProblem
        If a compiler is asked for and there is none, it fails, or the cache cannot be written.
    RunFailed
        If an arm crashed, was killed, or did not simulate the whole duration.
    ValueError
        If the model has no such input, or one of another size.
    """
    progress = progress or Progress(enabled=False)
    choice = choose(backend)
    if choice.warning:
        logger.warning(choice.warning)
    if choice.compiler is None:
        return _simulate_with_numpy(build, arms, precision, progress)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="cortex-") as temporary:
        place = (project or Path(temporary)).resolve()
        place.mkdir(parents=True, exist_ok=True)
        known = None if rebuild else recipes.load(build, choice.compiler, (choice.backend, precision), cache)
        program = known or _make(build, arms, choice.compiler, choice.backend, precision, place, progress, cache)
        built = time.perf_counter()
        recordings = _run(program.settled(place), arms, place, jobs, progress)
    seconds = {"build": built - start, "simulate": time.perf_counter() - built}
    return Simulation(recordings, seconds, program.duration, choice.backend, choice.compiler.version)


def prepare(
    build: Callable[[], Model],
    arms: dict[str, Arm],
    *,
    backend: Backend = "auto",
    precision: Precision = "double",
    cache: Path | None = None,
) -> None:
    """Build and compile a model that `simulate` will want, if it is new; with numpy there is nothing to prepare."""
    chosen, compiler, _ = choose(backend)
    if compiler is None or recipes.load(build, compiler, (chosen, precision), cache):
        return
    with tempfile.TemporaryDirectory(prefix="cortex-") as temporary:
        progress = Progress(enabled=False)
        _make(build, arms, compiler, chosen, precision, Path(temporary).resolve(), progress, cache)


def _make(
    build: Callable[[], Model],
    arms: dict[str, Arm],
    compiler: Compiler,
    backend: str,
    precision: Precision,
    place: Path,
    progress: Progress,
    cache: Path | None,
) -> Program:
    """Build and compile a model, and remember that for the next time."""
    from cortex.engine.standalone import make_program

    program = make_program(build, arms, compiler, backend, precision, place, progress, cache)
    recipes.store(build, compiler, (backend, precision), program, cache)
    return program


def _run(program: Program, arms: dict[str, Arm], project: Path, jobs: int, progress: Progress) -> dict[str, Recording]:
    runs = [Run(name, arm.seed, program.arguments(arm.inputs)) for name, arm in arms.items()]
    recordings = {}
    with closing(run_all(program, project, runs, jobs, progress)) as ended:
        for run, wall_seconds in ended:
            recordings[run.name] = program.read(run.name, run.results(project), wall_seconds)
    return {name: recordings[name] for name in arms}


def _simulate_with_numpy(
    build: Callable[[], Model], arms: dict[str, Arm], precision: Precision, progress: Progress
) -> Simulation:
    from cortex.engine import interpreted

    start = time.perf_counter()
    recordings = {}
    for name, arm in arms.items():
        recordings[name], duration = interpreted.run(build, name, arm, precision, progress)
    simulated = sum(recording.wall_seconds for recording in recordings.values())
    seconds = {"build": time.perf_counter() - start - simulated, "simulate": simulated}
    return Simulation(recordings, seconds, duration, "numpy", "")
