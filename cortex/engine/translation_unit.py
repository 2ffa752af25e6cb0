"""Compiling a Brian2 network to a program, which is cached."""

import hashlib
import os
import re
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import brian2
import numpy as np
from brian2 import get_device, prefs

from cortex.engine import cache
from cortex.engine.codegen import code_object, own_code
from cortex.engine.codegen.units import own_templates, write_units
from cortex.engine.compiler import Compiler
from cortex.engine.model import Model
from cortex.engine.progress import Progress
from cortex.errors import EnvironmentProblem, UsageError

SEED = """
const auto seed = std::strtoul(std::getenv("CORTEX_SEED"), nullptr, 10);
for (auto& generator : brian::_random_generators) generator.seed(seed);
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

REPORTS = 200
"""How many times a simulation prints the time it has reached."""


def compiler_flags() -> list[str]:
    """Return Brian2's own compiler flags, and those of the templates of `cortex.engine.codegen` if they are in use."""
    own = code_object.COMPILER_FLAGS if own_templates() else []
    return [*(prefs["codegen.cpp.extra_compile_args"] or prefs["codegen.cpp.extra_compile_args_gcc"]), *own]


def compile_network(
    model: Model, project: Path, compiler: Compiler, progress: Progress, folder: Path | None
) -> tuple[Path, list[Path]]:
    """Return the program that simulates a model, from the cache if the same was compiled before.

    The model must have been built on a standalone device of Brian2, which is still set.

    Returns
    -------
    binary : Path
    files : list of Path
        The user's own C++ files that it was compiled from.

    Raises
    ------
    UsageError
        If the C++ of the user's own functions does not compile.
    EnvironmentProblem
        If the compiler fails or the cache cannot be written.
    """
    device = get_device()
    steps = round(float(model.duration) / float(device.defaultclock.dt)) // REPORTS + 1
    device.insert_code("after_start", seed_code())
    device.insert_code(
        "before_network_run", REPORT.replace("%NETWORK%", model.network.name).replace("%STEPS%", str(steps))
    )
    device.apply_run_args()
    model.network.run(model.duration, namespace=model.namespace)
    move_constants_to_file()
    _sort_idle_clocks()
    device.build(directory=str(project), compile=False, run=False)
    units, options = write_units(project), own_code.options()
    files = own_code.files(compiler, project, units, options)

    def make(binary: Path) -> None:
        task = progress.task("compile, about 5 s")
        compile_units(binary, project, units, options, compiler)
        task.finish()

    return cache.fetch(_key(project, units, options, files, compiler), make, folder), files


def seed_code() -> str:
    """Return the C++ that seeds the random numbers."""
    return SEED + (SEED_GENERATOR if own_templates() else "")


def compile_units(
    binary: Path, project: Path, units: Sequence[str], options: own_code.Options, compiler: Compiler
) -> None:
    """Compile the files of a network to a program; errors are those of `compile_network`."""
    accepted = [flag for flag in compiler_flags() if _errors(compiler, [flag, "-E", "-x", "c++", os.devnull]) == ""]
    words = [*accepted, *options.flags, "-I.", "-Ibrianlib", *units, *options.sources, "-o", str(binary), *options.link]
    errors = _errors(compiler, words, project)
    if not errors:
        return
    failed = f"the simulation does not compile with {shlex.join(compiler.command)}"
    if re.search(r"gsl/gsl_|-lgsl", errors):
        raise EnvironmentProblem(
            f"{failed}: the GNU Scientific Library is not found, which integrates equations with method 'gsl'\n"
            "install it, such as Debian's package libgsl-dev; or name the folder where it is in Brian2's preferences "
            "(GSL.directory); or choose another method, such as 'exponential_euler'"
        )
    if functions := sorted(set().union(*own_code.functions().values())):
        raise UsageError(
            f"{failed}:\n{errors[-2000:]}",
            hint=f"its equations use functions of your own ({', '.join(functions)}): correct their C++ and what it "
            "needs, or use --backend numpy",
        )
    raise EnvironmentProblem(
        f"{failed}:\n{errors[-2000:]}\ncheck the compiler with `cortex doctor`, or use --backend numpy"
    )


def _errors(compiler: Compiler, arguments: list[str], cwd: Path | None = None) -> str:
    """Return the errors that the compiler prints if it fails, else an empty string."""
    ended = subprocess.run(
        [*compiler.command, *arguments], cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    return ended.stderr or "no message" if ended.returncode else ""


def _key(
    project: Path, units: Sequence[str], options: own_code.Options, files: Sequence[Path], compiler: Compiler
) -> str:
    key = hashlib.sha256("\n".join([brian2.__version__, *compiler_flags(), compiler.target]).encode())
    for part in (*options.flags, *options.sources, *options.link):
        key.update(f"\n{part}".encode())
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
    constants: list[float] = []
    for position, (kind, arguments) in enumerate(device.main_queue):
        constant = f"_static_array_constants[{len(constants)}]"
        if kind == "set_by_constant":
            name, value, dynamic = arguments
            size = f"{name}.size()" if dynamic else f"_num_{name}"
            code = f"for (int i = 0; i < {size}; i++) {name}[i] = {constant};"
        elif kind == "set_by_single_value":
            name, index, value = arguments
            code = f"{name}[{index}] = {constant};"
        else:
            continue
        device.main_queue[position] = ("insert_code", "" if name in clocks else code)
        constants += [] if name in clocks else [_number(value)]
    device.static_array("constants", np.array(constants))


def _sort_idle_clocks() -> None:
    """Sort the clocks that only pass time, since Brian2 adds them in the order of a set, which varies."""
    for kind, arguments in get_device().main_queue:
        if kind == "run_network":
            lines = arguments[1]
            idle = [line for line in lines if line.endswith(", NULL);")]
            ordered = iter(sorted(idle))
            lines[:] = [next(ordered) if line in idle else line for line in lines]


def _number(value: Any) -> float:
    """Return a number that Brian2 may have written as C++."""
    if isinstance(value, str):
        value = {"true": 1, "false": 0}.get(value, value.replace(" ", ""))
    return float(value)
