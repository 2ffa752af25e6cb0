"""Simulating the arms of a model: compiled once and run in processes of its own, or run by numpy."""

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
from cortex.engine.prepared import PreparedArm
from cortex.engine.processes import run_all, threads_for
from cortex.engine.program import Program
from cortex.engine.progress import Progress
from cortex.engine.recording import Recording
from cortex.errors import NotCompilable, UsageError

__all__ = ["Arm", "Backend", "Model", "Precision", "Recipe", "Recording", "Simulation", "prepare", "simulate"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Simulation:
    """The recordings of all arms and how they were made.

    Attributes
    ----------
    recordings : dict of str to Recording
        By the name of the arm.
    seconds : dict of str to float
        Wall times: "build" (model, code generation and compilation) and "simulate".
    duration : float, s
        Biological time that each arm was to simulate.
    backend : str
        "cpp", "plain" or "numpy".
    compiler : str
        Version of the C++ compiler; empty with numpy.
    threads : int
        How many each simulation was allowed.
    """

    recordings: dict[str, Recording]
    seconds: dict[str, float]
    duration: float
    backend: str
    compiler: str
    threads: int = 1


def simulate(
    build: Callable[[], Model],
    arms: dict[str, Arm],
    *,
    backend: Backend = "auto",
    precision: Precision = "double",
    jobs: int = 2,
    threads: int | None = None,
    project: Path | None = None,
    rebuild: bool = False,
    progress: Progress | None = None,
    cache: Path | None = None,
) -> Simulation:
    """Simulate a model once for each arm.

    Parameters
    ----------
    build : callable
        Returns the model. With numpy it is called for each arm; a `Recipe` that was compiled before is not called.
    arms : dict of str to Arm
        By names of your choice.
    backend : {"auto", "cpp", "plain", "numpy"}
        "cpp" generates C++ from the templates of `cortex.engine.codegen`, "plain" from Brian2's own; with a version of
        Brian2 that is not tested, "cpp" is "plain". "auto" is "cpp" where there is a C++ compiler and the model can be
        compiled, else "numpy", with a warning.
    precision : {"double", "single"}
        Of all variables without a type of their own; times are always double.
    jobs : int
        How many arms run at the same time; with numpy always one.
    threads : int, optional
        Most threads of each arm, which does not change any number; by default the arms that run at the same time share
        all cores. Only "cpp" has several, for large networks, as many as make it faster.
    project : Path, optional
        Folder of the generated program and its results; a temporary one by default.
    rebuild : bool
        Whether to build the model and generate the program also for a `Recipe` that was compiled before.
    progress : Progress, optional
        Shows the progress; nothing does by default.
    cache : Path, optional
        Folder of compiled simulations; the user's by default.

    Returns
    -------
    Simulation

    Raises
    ------
    EnvironmentProblem
        If a compiler is asked for and there is none, it fails, or the cache cannot be written or be trusted.
    UsageError
        If there are no arms; or if building the model sets a seed or draws random numbers in Python, see
        `cortex.engine.construction`.
    NotCompilable
        If a compiler is asked for and the model needs Python, as a network_operation does.
    RunFailed
        If an arm crashed, was killed, or did not simulate the whole duration.
    ValueError
        If an arm sets an input that the model does not have, or a value has the wrong shape.
    DimensionMismatchError
        If a value has the wrong dimension.
    """
    if not arms:
        raise UsageError("there are no arms to simulate")
    progress = progress or Progress(enabled=False)
    choice = choose(backend)
    if choice.warning:
        logger.warning(choice.warning)
    if choice.compiler is None:
        return _simulate_with_numpy(build, arms, precision, progress)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="cortex-", ignore_cleanup_errors=True) as temporary:
        folder = (project or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        key = recipes.key(build, choice.compiler, (choice.backend, precision))
        known = None if rebuild else recipes.load(key, build, folder, cache)
        try:
            program = known or _make(
                build, arms, choice.compiler, choice.backend, precision, folder, progress, cache, key
            )
        except NotCompilable as error:
            if backend != "auto":
                raise
            logger.warning("%s: simulating with numpy, which is many times slower", "; ".join(error.problems))
            return _simulate_with_numpy(build, arms, precision, progress)
        built = time.perf_counter()
        most = (threads or threads_for(min(jobs, len(arms)))) if choice.backend == "cpp" else 1
        recordings = _run(program, arms, folder, jobs, most, progress)
    seconds = {"build": built - start, "simulate": time.perf_counter() - built}
    return Simulation(recordings, seconds, program.duration, choice.backend, choice.compiler.version, most)


def prepare(
    build: Callable[[], Model],
    arms: dict[str, Arm],
    *,
    backend: Backend = "auto",
    precision: Precision = "double",
    cache: Path | None = None,
) -> None:
    """Build and compile a model for later calls of `simulate`, unless it is known; with numpy do nothing.

    Parameters and errors are those of `simulate`.
    """
    chosen, compiler, _ = choose(backend)
    if compiler is None:
        return
    with tempfile.TemporaryDirectory(prefix="cortex-") as temporary:
        project = Path(temporary).resolve()
        key = recipes.key(build, compiler, (chosen, precision))
        if recipes.load(key, build, project, cache):
            return
        try:
            _make(build, arms, compiler, chosen, precision, project, Progress(enabled=False), cache, key)
        except NotCompilable:
            if backend != "auto":
                raise


def _make(
    build: Callable[[], Model],
    arms: dict[str, Arm],
    compiler: Compiler,
    backend: str,
    precision: Precision,
    project: Path,
    progress: Progress,
    cache: Path | None,
    key: str | None,
) -> Program:
    """Build and compile a model, and store its program."""
    from cortex.engine.standalone import make_program

    with recipes.noting(build) as read:
        program = make_program(build, arms, compiler, backend, precision, project, progress, cache)
    recipes.store(key, build, program, cache, read)
    return program


def _run(
    program: Program, arms: dict[str, Arm], project: Path, jobs: int, threads: int, progress: Progress
) -> dict[str, Recording]:
    prepared = [
        PreparedArm(name, number, arm.seed, program.arguments(arm.inputs))
        for number, (name, arm) in enumerate(arms.items())
    ]
    recordings = {}
    with closing(run_all(program, project, prepared, jobs, threads, progress)) as ended:
        for arm, wall_seconds in ended:
            recordings[arm.name] = program.read(arm.name, arm.results(project), wall_seconds)
    return {name: recordings[name] for name in arms}


def _simulate_with_numpy(
    build: Callable[[], Model], arms: dict[str, Arm], precision: Precision, progress: Progress
) -> Simulation:
    from cortex.engine import interpreted

    start = time.perf_counter()
    recordings = {}
    for name, arm in arms.items():
        recordings[name], duration = interpreted.simulate_arm(build, name, arm, precision, progress)
    simulated = sum(recording.wall_seconds for recording in recordings.values())
    seconds = {"build": time.perf_counter() - start - simulated, "simulate": simulated}
    return Simulation(recordings, seconds, duration, "numpy", "")
