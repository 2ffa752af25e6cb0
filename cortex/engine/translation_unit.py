"""Compiling a Brian2 network: generated sources are joined in one translation unit; the binary is cached."""

import errno
import hashlib
import json
import operator
import re
from pathlib import Path
from typing import Any

import brian2
import numpy as np
from brian2 import Network, Quantity, get_device, prefs

from cortex.engine import cache
from cortex.engine.codegen import code_object
from cortex.engine.compiler import Compiler, accepted, compile_program
from cortex.engine.progress import Progress
from cortex.errors import EnvironmentProblem
from cortex.files import REASONS

HEADER = """
#include <unistd.h>
#include <fstream>

// Brian2 ignores files that cannot be read or written: abort instead
template <class Stream> struct Checked : Stream {
    Checked() { this->exceptions(Stream::failbit | Stream::badbit); }
};
#define ifstream Checked<std::ifstream>
#define ofstream Checked<std::ofstream>
"""

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
    static long step = 0;
    if (++step % %STEPS% == 0) {
        if (getppid() != parent) std::exit(1);  // the process that reads the results is gone
        std::cout << defaultclock.t[0] << std::endl;
    }
});
"""

RUNS_ONCE = """
#pragma GCC push_options
#pragma GCC optimize("O0")
%SOURCE%
#pragma GCC pop_options
"""

REPORTS = 200
"""How many times a simulation prints the time it has reached."""


def compiler_flags() -> list[str]:
    """Return Brian2's own compiler flags, and those of the templates of `cortex.engine.codegen` if they are in use."""
    own = code_object.COMPILER_FLAGS if own_templates() else []
    return [*prefs["codegen.cpp.extra_compile_args_gcc"], *own]


def own_templates() -> bool:
    """Return whether the templates of `cortex.engine.codegen` are in use, not Brian2's."""
    return isinstance(get_device(), code_object.Device)


def compile_network(
    network: Network, duration: Quantity, project: Path, compiler: Compiler, progress: Progress, folder: Path | None
) -> str:
    """Put the program that simulates a network into its folder, from the cache if the same was compiled before.

    The network must have been built on a standalone device of Brian2, which is still set.

    Returns
    -------
    str
        Its name in the cache, see `cortex.engine.cache.fetch`.

    Raises
    ------
    EnvironmentProblem
        If the compiler fails, or the cache cannot be written or could have been written by others.
    """
    device = get_device()
    steps = round(float(duration) / float(device.defaultclock.dt)) // REPORTS + 1
    device.insert_code("before_start", START)
    device.insert_code("after_start", SEED + (SEED_GENERATOR if own_templates() else ""))
    device.insert_code("before_network_run", REPORT.replace("%NETWORK%", network.name).replace("%STEPS%", str(steps)))
    device.apply_run_args()
    network.run(duration, namespace={})
    _move_constants_to_file()
    device.build(directory=str(project), compile=False, run=False)
    _check_static_arrays(project)
    unit = _write_unit(project)
    arguments = [*accepted(compiler, tuple(compiler_flags())), "-I.", "-Ibrianlib", unit.name]

    def make(binary: Path) -> None:
        task = progress.task("compile, about 5 s")
        compile_program(compiler, arguments, binary, project)
        task.finish()

    return cache.fetch(_key(project, unit, compiler, arguments), make, project / BINARY, folder)


def _check_static_arrays(project: Path) -> None:
    """Raise EnvironmentProblem if a constant array was not written as a whole, which NumPy may not notice."""
    for name, array in get_device().static_arrays.items():
        file = project / "static_arrays" / name
        if file.stat().st_size != array.nbytes:
            raise EnvironmentProblem(
                f"cannot write {file}: {REASONS[errno.ENOSPC]}\nmake room, or write to another folder"
            )


def _key(project: Path, unit: Path, compiler: Compiler, arguments: list[str]) -> str:
    """Return a hash of everything that the binary depends on."""
    key = hashlib.sha256(json.dumps([brian2.__version__, compiler.command, compiler.target, arguments]).encode())
    for source in [unit.name, *sorted(get_device().writer.header_files)]:
        key.update(f"\n{source}\n".encode() + (project / source).read_bytes())
    return key.hexdigest()[:32]


def _move_constants_to_file() -> None:
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


def _number(value: Any) -> float | int:
    """Return a number that Brian2 may have written as C++; an integer is exact."""
    if isinstance(value, str):
        value = {"true": 1, "false": 0}.get(value, value.replace(" ", ""))
    try:
        return int(value) if isinstance(value, str) else operator.index(value)
    except (TypeError, ValueError):
        return float(value)


def _write_unit(project: Path) -> Path:
    """Join the sources in one file, which compiles five times faster, and return it.

    Each source has its helper functions in an unnamed namespace; in one file, these namespaces need names, or the
    functions would collide. Code that runs only once is not optimised, which saves a quarter of the time.
    """
    parts = [HEADER, code_object.headers() if own_templates() else "", '#include "objects.h"\n']
    for number, source in enumerate(sorted(get_device().writer.source_files)):
        text, renamed = re.subn(
            r"(////// SUPPORT CODE ///////\s*)namespace \{",
            rf"\1namespace support_{number} {{",
            (project / source).read_text(),
            count=1,
        )
        if renamed:
            text = text.replace("using namespace brian;", f"using namespace brian; using namespace support_{number};")
        runs_once = re.match(r"(objects|main|run)\.cpp|code_objects/(before|after)_run_", source)
        parts.append(f"//// {source}\n{RUNS_ONCE.replace('%SOURCE%', text) if runs_once else text}\n")
    unit = project / "unit.cpp"
    unit.write_text("".join(parts))
    return unit
