"""The simulation engine: one network, several arms, compiled once or run by numpy."""

import logging
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import brian2
import numpy as np
from brian2 import Network, Quantity, TimedArray
from brian2.core.variables import VariableView
from brian2.units.fundamentalunits import fail_for_dimension_mismatch

from cortex.codegen import code_object
from cortex.errors import EnvironmentProblem, RunFailed
from cortex.experiment.compile import Compiler, compile_network, find_compiler
from cortex.experiment.device import Precision, device, read_results_from
from cortex.experiment.programs import Run, run_all
from cortex.experiment.progress import Progress
from cortex.experiment.recording import Recording, read

__all__ = ["Arm", "Model", "Recording", "Simulation", "simulate"]

Input: TypeAlias = VariableView | TimedArray
Value: TypeAlias = Quantity | np.ndarray | float
Backend: TypeAlias = Literal["auto", "cpp", "plain", "numpy"]

logger = logging.getLogger(__name__)

NO_COMPILER = "no C++ compiler found (looked for $CXX, g++ and clang++)"


@dataclass(frozen=True)
class Model:
    """A network that is ready to be simulated.

    Attributes
    ----------
    network : Network
        Each of its objects has an explicit name and its own namespace; Brian2's default clock is the fastest.
    inputs : dict of str to VariableView or TimedArray
        What an arm may set, by name. It is set after all initial values, so these cannot depend on it.
    outputs : dict of str to VariableView
        Variables whose final values are read; monitors are found in the network.
    duration, dt : Quantity, s
    """

    network: Network
    inputs: dict[str, Input]
    outputs: dict[str, VariableView]
    duration: Quantity
    dt: Quantity


@dataclass(frozen=True)
class Arm:
    """One run of a model: the values of its inputs and the seed of the simulator's random numbers."""

    inputs: dict[str, Value]
    seed: int


@dataclass(frozen=True)
class Simulation:
    """The recordings of all arms and how they were made.

    Attributes
    ----------
    recordings : dict of str to Recording
    seconds : dict of str to float
        Wall time of "build" (model, code generation and compilation) and "simulate".
    backend : str
        "cpp" or "numpy".
    compiler : str
        Version of the C++ compiler; empty with numpy.
    """

    recordings: dict[str, Recording]
    seconds: dict[str, float]
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
    progress: Progress | None = None,
    cache: Path | None = None,
) -> Simulation:
    """Simulate a model once for each arm.

    Parameters
    ----------
    build : callable
        Makes the model. With numpy it is called afresh for each arm.
    arms : dict of str to Arm
    backend : {"auto", "cpp", "plain", "numpy"}
        "auto" is "cpp" where there is a C++ compiler. "plain" is C++ as Brian2 writes it, without `cortex.codegen`.
    precision : {"double", "single"}
        Of all variables that do not say otherwise; times are always double.
    jobs : int
        How many arms run at the same time, with "cpp".
    project : Path, optional
        Where the generated program is written and kept; by default it is temporary.
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
    compiler = None if backend == "numpy" else find_compiler()
    if compiler:
        name = "cpp_standalone" if backend == "plain" else code_object.DEVICE
        with tempfile.TemporaryDirectory(prefix="cortex-") as temporary, device(name, precision):
            return _simulate_compiled(build, arms, compiler, jobs, project or Path(temporary), progress, cache)
    if backend in ("cpp", "plain"):
        raise EnvironmentProblem(f"{NO_COMPILER}\ninstall one, such as Debian's package g++, or use --backend numpy")
    if backend == "auto":
        logger.warning("%s: simulating with numpy, which is many times slower", NO_COMPILER)
    return _simulate_with_numpy(build, arms, precision, progress)


def _simulate_compiled(
    build: Callable[[], Model],
    arms: dict[str, Arm],
    compiler: Compiler,
    jobs: int,
    project: Path,
    progress: Progress,
    cache: Path | None,
) -> Simulation:
    start = time.perf_counter()
    model = build()
    brian2.defaultclock.dt = model.dt
    runs = []
    for name, arm in arms.items():
        arguments = {_argument(model.inputs[key]): value for key, value in _checked(model, arm).items()}
        runs.append(Run(name, arm.seed, arguments))
    program = compile_network(model.network, model.duration, project, compiler, progress, cache)

    built = time.perf_counter()
    recordings = {}
    with closing(run_all(program, project, runs, float(model.duration), jobs, progress)) as ended:
        for run, wall_seconds in ended:
            read_results_from(run.results(project))
            recordings[run.name] = _read_whole(model, run.name, wall_seconds)
    seconds = {"build": built - start, "simulate": time.perf_counter() - built}
    return Simulation({name: recordings[name] for name in arms}, seconds, "cpp", compiler.version)


def _simulate_with_numpy(
    build: Callable[[], Model], arms: dict[str, Arm], precision: Precision, progress: Progress
) -> Simulation:
    start = time.perf_counter()
    recordings = {name: _run_with_numpy(build, name, arm, precision, progress) for name, arm in arms.items()}
    simulated = sum(recording.wall_seconds for recording in recordings.values())
    seconds = {"build": time.perf_counter() - start - simulated, "simulate": simulated}
    return Simulation(recordings, seconds, "numpy", "")


def _run_with_numpy(
    build: Callable[[], Model], name: str, arm: Arm, precision: Precision, progress: Progress
) -> Recording:
    with device("runtime", precision):
        brian2.seed(arm.seed)
        model = build()
        brian2.defaultclock.dt = model.dt
        for key, value in _checked(model, arm).items():
            target = model.inputs[key]
            if isinstance(target, TimedArray):
                target.values[...] = value
            else:
                target[:] = Quantity(value, dim=target.dim)
        task = progress.task(f"simulate {name}", float(model.duration))

        def report(elapsed: Quantity, completed: float, start: Quantity, duration: Quantity) -> None:
            task.update(completed * float(duration))

        start = time.perf_counter()
        model.network.run(model.duration, report=report, report_period=0.5 * brian2.second, namespace={})
        task.finish()
        return _read_whole(model, name, time.perf_counter() - start)


def _checked(model: Model, arm: Arm) -> dict[str, np.ndarray]:
    """Return an arm's inputs as arrays in SI units, of the sizes that the model expects."""
    arrays = {}
    for name, value in arm.inputs.items():
        if name not in model.inputs:
            raise ValueError(f"the model has no input {name!r}; it has {', '.join(model.inputs)}")
        target = model.inputs[name]
        if isinstance(target, VariableView) and target.index_var_name not in ("_idx", "0"):
            raise ValueError(f"input {name!r} is a part of a variable; only a whole one can be set")
        fail_for_dimension_mismatch(target.dim, value, f"input {name!r} has the wrong dimension")
        array = np.asarray(value, dtype=float if isinstance(target, TimedArray) else target.dtype)
        shape = _shape(target)
        if array.ndim and shape and array.shape != shape:
            raise ValueError(f"input {name!r} has shape {array.shape}, the model expects {shape}")
        arrays[name] = array
    return arrays


def _shape(target: Input) -> tuple[int, ...] | None:
    """Return the shape of an input; None if it is known only once the program has made its synapses."""
    if isinstance(target, TimedArray):
        return target.values.shape
    if target.variable.scalar:
        return (1,)
    if not target.variable.dynamic:
        return target.shape
    try:
        return (int(target.group.variables["N"].get_value()[0]),)
    except NotImplementedError:
        return None


def _argument(target: Input) -> str:
    """Return the name of an input on the program's command line."""
    if isinstance(target, TimedArray):
        return f"{target.name}.values"
    return f"{target.variable.owner.name}.{target.variable.name}"  # the owner of a delay is not its pathway


def _read_whole(model: Model, name: str, wall_seconds: float) -> Recording:
    """Return a recording of the whole duration, or raise RunFailed."""
    recording = read(model.network, model.outputs, wall_seconds)
    if abs(recording.simulated_time - float(model.duration)) > float(model.dt):
        raise RunFailed(f"{name} stopped at {recording.simulated_time:g} s of {model.duration}\nrun it again")
    return recording
