"""Compiling a Brian2 network to a program, which is cached."""

import errno
import hashlib
import json
import operator
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import brian2
import numpy as np
from brian2 import Synapses, get_device, prefs

from cortex.engine import cache, streaming
from cortex.engine.codegen import code_object, own_code
from cortex.engine.codegen.arrays import array_name
from cortex.engine.codegen.units import own_templates, write_units
from cortex.engine.compiler import CompilationFailed, Compiler, accepted, compile_program
from cortex.engine.model import Model
from cortex.engine.network import recorded
from cortex.engine.progress import Progress
from cortex.errors import EnvironmentProblem, UsageError
from cortex.files import REASONS

BINARY = "simulation"
"""Name of the program in its folder."""

START = 'if (!std::getenv("CORTEX_SEED")) return 0;  // started only to see that it starts'

SEED = """
const auto seed = std::strtoul(std::getenv("CORTEX_SEED"), nullptr, 10);
for (auto& generator : brian::_random_generators) generator.seed(seed ^ (seed >> 32) * 0x9e3779b9);  // takes 32 bits
"""

SEED_GENERATOR = "cortex::generator.seed(seed);"

REPORT = """
%NETWORK%.add(&defaultclock, [] {
    static const pid_t parent = getppid();
    static std::ofstream progress(results_dir + "progress.txt");
    static long step = 0;
    if (++step % %STEPS% == 0) {
        if (getppid() != parent) std::exit(1);  // the process that reads the results is gone
        progress << defaultclock.t[0] << std::endl;
    }
});
"""

OWN_REPORT = """
%NETWORK%.add(&defaultclock, [] {
    static long step = 0;
    store_recordings(false);
    if (++step % %STEPS% == 0) cortex::branches().report(defaultclock.t[0]);
    cortex::branches().step(step);
    cortex::team.step();
});
"""

REPORTS = 200
"""How many times a simulation prints the time it has reached."""


def compiler_flags() -> list[str]:
    """Return Brian2's own compiler flags, and those of the templates of `cortex.engine.codegen` if they are in use."""
    own = code_object.COMPILER_FLAGS if own_templates() else []
    return [*(prefs["codegen.cpp.extra_compile_args"] or prefs["codegen.cpp.extra_compile_args_gcc"]), *own]


def compile_network(
    model: Model, project: Path, compiler: Compiler, progress: Progress, folder: Path | None
) -> tuple[str, list[Path]]:
    """Put the program that simulates a model into its folder, from the cache if the same was compiled before.

    The model must have been built on a standalone device of Brian2, which is still set.

    Returns
    -------
    entry : str
        Its name in the cache, see `cortex.engine.cache.fetch`.
    files : list of Path
        The user's own C++ files that it was compiled from.

    Raises
    ------
    UsageError
        If the C++ of the user's own functions does not compile, or two functions of time have one name.
    EnvironmentProblem
        If the compiler fails, or the cache cannot be written or could have been written by others.
    """
    device = get_device()
    steps = round(float(model.duration) / float(device.defaultclock.dt)) // REPORTS + 1
    device.insert_code("before_start", START)
    device.insert_code("after_start", seed_code())
    report = (OWN_REPORT if own_templates() else REPORT).replace("%NETWORK%", model.network.name)
    device.insert_code("before_network_run", report.replace("%STEPS%", str(steps)))
    if own_templates():
        device.insert_code("after_network_run", "store_recordings(true);")
        device.insert_code("after_end", "cortex::branches().end();")
    device.apply_run_args()
    model.network.run(model.duration, namespace=model.namespace)
    _check_timed_arrays([array.name for array in device.timed_arrays])
    move_constants_to_file()
    _sort_idle_clocks()
    device.build(directory=str(project), compile=False, run=False)
    _check_static_arrays(project)
    connected = [target for target in model.inputs.values() if isinstance(target, Synapses)]
    recorders = streaming.recorders(model) if own_templates() else []
    streamed = {array_name(variable) for recorded in recorders for variable in recorded}
    variables = [*(variable for _, variable in recorded(model)), device.defaultclock.variables["t"]]
    written = set(map(array_name, variables)) - streamed
    more = streaming.source(recorders) + code_object.included("branches.h") if own_templates() else ""
    units, options = write_units(project, connected, written, more), own_code.options()
    files = own_code.files(compiler, project, units, options)
    arguments = compiler_arguments(compiler, units, options)

    def make(binary: Path) -> None:
        task = progress.task("compile, about 5 s")
        compile_units(compiler, arguments, binary, project)
        task.finish()

    return cache.fetch(_key(project, units, files, compiler, arguments), make, project / BINARY, folder), files


def _check_timed_arrays(names: list[str]) -> None:
    """Refuse two functions of time of one name, by which the program knows their values: one would have the other's."""
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(
            "several functions of time have one name",
            [f"TimedArray  {name}" for name in twice],
            "give each a name of its own: TimedArray(..., name=...)",
        )


def seed_code() -> str:
    """Return the C++ that seeds the random numbers."""
    return SEED + (SEED_GENERATOR if own_templates() else "")


def compiler_arguments(compiler: Compiler, units: Sequence[str], options: own_code.Options) -> list[str]:
    """Return what the compiler is told to compile a network."""
    flags = [*accepted(compiler, tuple(compiler_flags())), *options.flags]
    return [*flags, "-I.", "-Ibrianlib", *units, *options.sources, *options.link]


def compile_units(compiler: Compiler, arguments: Sequence[str], binary: Path, project: Path) -> None:
    """Compile the files of a network to a program; errors are those of `compile_network`."""
    try:
        compile_program(compiler, arguments, binary, project)
    except CompilationFailed as failure:
        message = str(failure).split("\n")[0]
        if re.search(r"gsl/gsl_|-lgsl", failure.errors):
            raise EnvironmentProblem(
                f"{message} the GNU Scientific Library is not found, which integrates equations with method 'gsl'\n"
                "install it, such as Debian's package libgsl-dev; or name the folder where it is in Brian2's "
                "preferences (GSL.directory); or choose another method, such as 'exponential_euler'"
            ) from None
        if functions := sorted(set().union(*own_code.functions().values())):
            raise UsageError(
                f"{message}\n{failure.errors}",
                hint=f"its equations use functions of your own ({', '.join(functions)}): correct their C++ and what it "
                "needs, or use --backend numpy",
            ) from None
        raise


def _check_static_arrays(project: Path) -> None:
    """Raise EnvironmentProblem if a constant array was not written as a whole, which NumPy may not notice."""
    for name, array in get_device().static_arrays.items():
        file = project / "static_arrays" / name
        if file.stat().st_size != array.nbytes:
            raise EnvironmentProblem(
                f"cannot write {file}: {REASONS[errno.ENOSPC]}\nmake room, or write to another folder"
            )


def _key(
    project: Path, units: Sequence[str], files: Sequence[Path], compiler: Compiler, arguments: Sequence[str]
) -> str:
    """Return a hash of everything that the binary depends on."""
    key = hashlib.sha256(json.dumps([brian2.__version__, compiler.command, compiler.target, arguments]).encode())
    for source in [*units, *sorted(get_device().writer.header_files), *files]:
        key.update(f"\n{source}\n".encode() + (project / source).read_bytes())
    return key.hexdigest()[:32]


def move_constants_to_file() -> None:
    """Let the program read the numbers assigned to variables from a file, so that other numbers need no compilation.

    Assignments to clocks are removed: clocks start at 0 anyway, and Brian2 assigns them in the order of a set, which
    varies.
    """
    device = get_device()
    clocks = {device.get_array_name(clock.variables[name]) for clock in device.clocks for name in ("t", "timestep")}
    constants: list[float | int] = []
    integers: list[float | int] = []  # those that a double would round
    for position, (kind, arguments) in enumerate(device.main_queue):
        if kind not in ("set_by_constant", "set_by_single_value"):
            continue
        number = _number(arguments[1] if kind == "set_by_constant" else arguments[2])
        kept, file = (integers, "integers") if _is_large(number) else (constants, "constants")
        constant = f"_static_array_{file}[{len(kept)}]"
        if kind == "set_by_constant":
            name, _, dynamic = arguments
            size = f"{name}.size()" if dynamic else f"_num_{name}"
            code = f"for (int i = 0; i < {size}; i++) {name}[i] = {constant};"
        else:
            name, index, _ = arguments
            code = f"{name}[{index}] = {constant};"
        device.main_queue[position] = ("insert_code", "" if name in clocks else code)
        kept += [] if name in clocks else [number]
    device.static_array("constants", np.array(constants, dtype=float))
    if integers:
        device.static_array("integers", np.array(integers))


def _is_large(number: float | int) -> bool:
    """Return whether a number is an integer of 64 bits that a double may round."""
    return isinstance(number, int) and 2**53 < abs(number) < 2**63


def _sort_idle_clocks() -> None:
    """Sort the clocks that only pass time, since Brian2 adds them in the order of a set, which varies."""
    for kind, arguments in get_device().main_queue:
        if kind == "run_network":
            lines = arguments[1]
            idle = [line for line in lines if line.endswith(", NULL);")]
            ordered = iter(sorted(idle))
            lines[:] = [next(ordered) if line in idle else line for line in lines]


def _number(value: Any) -> float | int:
    """Return a number that Brian2 may have written as C++; an integer is exact."""
    if isinstance(value, str):
        value = {"true": 1, "false": 0}.get(value, value.replace(" ", ""))
    try:
        return int(value) if isinstance(value, str) else operator.index(value)
    except (TypeError, ValueError):
        return float(value)
