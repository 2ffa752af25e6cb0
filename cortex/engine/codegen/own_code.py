"""C++ that users bring along: their functions, and the headers, sources and libraries that these need."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from brian2 import get_device, prefs
from brian2.core.functions import DEFAULT_FUNCTIONS, Function

from cortex.engine.compiler import Compiler


class Options(NamedTuple):
    """What the compiler is told for the user's own code.

    Attributes
    ----------
    flags : list of str
        Before the files.
    sources : list of str
        The user's own C++ files.
    link : list of str
        After the files.
    """

    flags: list[str]
    sources: list[str]
    link: list[str]


def is_own(value: Any) -> bool:
    """Return whether a name in equations stands for a function of the user's own."""
    standard = {id(function) for function in DEFAULT_FUNCTIONS.values()}
    own = type(value) is Function or not type(value).__module__.startswith("brian2.")
    return isinstance(value, Function) and id(value) not in standard and own


def functions() -> dict[str, set[str]]:
    """Return the names of the user's functions by the name of the piece of the simulation that calls them."""
    found = {}
    for code_object in get_device().code_objects.values():
        if used := {name for name, value in code_object.variables.items() if is_own(value)}:
            found[code_object.name] = used
    return found


def values(option: str) -> list[Any]:
    """Return the values of a compiler option: of the device, of Brian2's preferences, and of each function."""
    device = get_device()
    own = [value for piece in device.code_objects.values() for value in piece.compiler_kwds.get(option, [])]
    return [*getattr(device, option, []), *prefs.get(f"codegen.cpp.{option}", []), *own]


def options() -> Options:
    """Return what the compiler is told; paths are relative to the working directory of this process."""
    flags = [_macro(*macro) for macro in values("define_macros")]
    link = []
    if functions() or values("headers") or values("libraries"):  # else no folder is needed
        flags += [f"-I{_absolute(folder)}" for folder in values("include_dirs")]
        link += [f"-L{_absolute(folder)}" for folder in values("library_dirs")]
        link += [f"-Wl,-rpath,{_absolute(folder)}" for folder in values("runtime_library_dirs")]
        link += [f"-l{library}" for library in values("libraries")]
    sources = dict.fromkeys(_absolute(source) for source in values("sources"))
    return Options(flags, list(sources), [*link, *values("extra_link_args")])


def files(compiler: Compiler, project: Path, units: Sequence[str], options: Options) -> list[Path]:
    """Return the user's own files that the program depends on: sources, headers and static libraries."""
    if not functions() and not values("headers"):
        return []
    words = [*compiler.command, *options.flags, "-I.", "-Ibrianlib", "-MM", *units, *options.sources]
    rules = subprocess.run(words, cwd=project, capture_output=True, text=True).stdout.replace("\\\n", " ")
    read = {path.replace("\\ ", " ") for path in re.split(r"(?<!\\)\s+", rules)}
    libraries = {f"{folder}/lib{name}.a" for folder in values("library_dirs") for name in values("libraries")}
    found = {(project / path).resolve() for path in read} | {Path(_absolute(path)) for path in libraries}
    return sorted(path for path in found if path.is_file() and not path.is_relative_to(project))


def _macro(name: str, *value: str | None) -> str:
    """Return the flag that defines a macro, or undefines it if no value is given, as in Python's own compilers."""
    if not value:
        return f"-U{name}"
    return f"-D{name}" if value[0] is None else f"-D{name}={value[0]}"


def _absolute(path: str | Path) -> str:
    return str(Path(path).absolute())
