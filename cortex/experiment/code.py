"""The code of a scenario that is not part of an installed package: of its file, of what it imports, of a notebook.

A stored result stands for a run only while this code is the same.
"""

import functools
import inspect
import io
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from cortex.experiment.parameters import Parameters
from cortex.guard import PACKAGES


class Part(NamedTuple):
    """A piece of code: its name, its text, and the file that it is the whole of, if it is one."""

    name: str
    text: str
    file: Path | None = None
    source: bytes = b""


PLAIN = (bool, int, float, complex, str, bytes, type(None), np.ndarray, np.generic)


def user_code(values: Iterable[Any], scenario_file: Path | None = None) -> str:
    """Return the code that decides what some functions do, apart from installed packages and the scenario's own file.

    Parameters
    ----------
    values : iterable of object
        Functions, and whatever else holds functions.
    scenario_file : Path, optional
        Left out, since its text is known.
    """
    seen: set[int] = set()
    parts = {
        part.name: part.text
        for value in values
        for part in _walk(value, seen)
        if part.file != scenario_file or not part.file
    }
    return "\n".join(f"{name}\n{text}" for name, text in sorted(parts.items()))


def user_files(values: Iterable[Any]) -> dict[Path, bytes]:
    """Return the files of modules that some functions are made of, apart from installed packages, as they were read."""
    seen: set[int] = set()
    return {part.file: part.source for value in values for part in _walk(value, seen) if part.file}


def text(source: bytes) -> str:
    """Return the content of a file as text, whatever its line ends."""
    return io.TextIOWrapper(io.BytesIO(source), encoding="utf-8").read()


def own_rules(parameters: Parameters, scenario_file: Path | None = None) -> dict[str, str]:
    """Return the chosen rules, by parameter, that neither this project nor the scenario's own file has registered."""
    known = (*_own_places(), str(scenario_file))
    others = [name for name, place in parameters.registered().items() if not place.startswith(known)]
    definitions = parameters.definitions() if others else {}
    return {name: repr(definitions[name]) for name in others}


@cache
def _own_places() -> tuple[str, ...]:
    home = Path(__file__).resolve().parents[2]
    return tuple(f"{home / package}{os.sep}" for package in PACKAGES)


def _walk(value: Any, seen: set[int]) -> Iterator[Part]:
    """Return the name, the text and the file of each piece of code, or value, that something refers to."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, FunctionType):
        yield from _function(value, seen)
    elif isinstance(value, MethodType):
        for part in (value.__func__, value.__self__):
            yield from _walk(part, seen)
    elif isinstance(value, functools.partial):
        for part in (value.func, value.args, value.keywords):
            yield from _walk(part, seen)
        if _is_plain(value.keywords) and _is_plain(value.args) and (value.args or value.keywords):
            yield Part("partial", repr((value.args, value.keywords)))
    elif isinstance(value, ModuleType | type):
        yield from _module(value if isinstance(value, ModuleType) else sys.modules.get(value.__module__), value)
    elif isinstance(value, dict | list | tuple | set):
        for part in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from _walk(part, seen)
    elif hasattr(value, "__dict__"):
        yield from _walk(vars(value), seen)


def _function(function: FunctionType, seen: set[int]) -> Iterator[Part]:
    """Return the code of a function and of all that it refers to; of one that stands in no file also the values."""
    module = sys.modules.get(function.__module__)
    closure = [cell.cell_contents for cell in function.__closure__ or ()]
    if module is None or _installed(module):
        for value in closure:
            yield from _walk(value, seen)
        return
    yield from _module(module, function)
    known = function.__globals__
    values = {f"{module.__name__}.{name}": known[name] for name in sorted(_names(function.__code__)) if name in known}
    values[f"closure of {function.__qualname__}"] = tuple(closure)
    values[f"defaults of {function.__qualname__}"] = (function.__defaults__, function.__kwdefaults__)
    for name, value in values.items():
        yield from _walk(value, seen)
        if _is_plain(value) and _file(module) is None:
            yield Part(name, repr(value.tolist() if isinstance(value, np.ndarray) else value))


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_plain(part) for item in value.items() for part in item)
    return isinstance(value, PLAIN) or (isinstance(value, list | tuple | set) and all(map(_is_plain, value)))


def _module(module: ModuleType | None, value: Any) -> Iterator[Part]:
    """Return the text of a user's module, or of a function or class that stands in no file."""
    if module is None or _installed(module):
        return
    path = _file(module)
    if path:
        source = _source_of(module, path)
        yield Part(path.name, text(source), path, source)
    elif not isinstance(value, ModuleType):
        yield Part(f"{value.__module__}.{value.__qualname__}", _source(value))


def _source_of(module: ModuleType, path: Path) -> bytes:
    """Return the content of a module's file as it was when it was first asked for after the module's import."""
    kept = vars(module.__spec__) if module.__spec__ else {}  # an import anew makes another one
    if "cortex_source" not in kept:
        kept["cortex_source"] = path.read_bytes()
    source: bytes = kept["cortex_source"]
    return source


def _file(module: ModuleType) -> Path | None:
    file = getattr(module, "__file__", None)
    return Path(file).resolve() if file and Path(file).is_file() else None


def _source(value: Any) -> str:
    try:
        return inspect.getsource(value)
    except (OSError, TypeError):  # typed at a plain prompt
        return _bytecode(value.__code__) if hasattr(value, "__code__") else value.__qualname__


def _bytecode(code: CodeType) -> str:
    """Write a piece of code, and those inside it, as text."""
    constants = [_bytecode(const) if isinstance(const, CodeType) else repr(const) for const in code.co_consts]
    return f"{code.co_code.hex()} {code.co_names} {constants}"


def _names(code: CodeType) -> set[str]:
    """Return the global names in a piece of code and in those inside it."""
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return set(code.co_names).union(*map(_names, inner))


def _installed(module: ModuleType) -> bool:
    """Return whether a module belongs to this project, to Python, or to an installed package."""
    name, file = module.__name__.split(".")[0], getattr(module, "__file__", None)
    if name == "__main__":
        return False
    return name in PACKAGES or file is None or _in_packages(str(file))


@cache
def _in_packages(file: str) -> bool:
    places = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    return any(Path(file).resolve().is_relative_to(Path(place).resolve()) for place in places)
