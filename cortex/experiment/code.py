"""The code of a scenario that is not part of an installed package: of its file, of what it imports, of a notebook.

A stored result stands for a run only while this code is the same.
"""

import inspect
import io
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from cortex.engine import changed, modules
from cortex.engine.reach import Reached
from cortex.experiment.parameters import Parameters
from cortex.guard import PACKAGES


class Part(NamedTuple):
    """A piece of code: its name and text; and the module and file that it is the whole of, if it is one."""

    name: str
    text: str
    module: str = ""
    file: Path | None = None
    source: bytes = b""


def user_code(reached: Reached, scenario_file: Path | None = None) -> str:
    """Return the code that decides what some functions do, apart from installed packages and the scenario's own file.

    To it belong the values of global names that its text does not tell, see `cortex.engine.changed`.

    Parameters
    ----------
    reached : Reached
        What the functions are made of.
    scenario_file : Path, optional
        Left out, since its text is known.
    """
    parts = [part for part in _parts(reached) if part.file != scenario_file or not part.file]
    names = Counter(part.name for part in parts)
    named = {part.name if names[part.name] == 1 else part.module: part.text for part in parts}
    for values_by_name in changed.values(reached):
        named |= {f"value of {name}": digest for name, digest in values_by_name.items()}
    return "\n".join(f"{name}\n{text}" for name, text in sorted(named.items()))


def chosen(scenario: Any, reached: Reached) -> str:
    """Return the functions of files that a scenario has been given elsewhere, as text; which they are no file tells.

    Such are those of ``replace(SCENARIO, analyse=module.other)``, or of a scenario that a function returns.
    """
    fields = ("build", "arms", "calculate", "analyse")
    told = [
        value
        for module in reached.modules
        for name, value in vars(module).items()
        if type(value) is type(scenario) and (name == "SCENARIO" or module.__name__ != "__main__")
    ]
    elsewhere = [field for field in fields if not any(getattr(s, field) is getattr(scenario, field) for s in told)]
    found = [f"{field} {text}" for field in elsewhere for text in _in_files(getattr(scenario, field))]
    return "\n".join(found)


def _in_files(function: Any) -> Iterator[str]:
    """Yield a function of a user's file as text; of one of this project what it calls."""
    module = sys.modules.get(getattr(function, "__module__", ""))
    if not isinstance(function, FunctionType) or module is None or modules.is_foreign(module):
        return
    if not modules.is_own(module):
        if modules.file(module):
            yield changed.written(function)
        return
    for cell in function.__closure__ or ():
        yield from _in_files(cell.cell_contents)


def user_files(values: Iterable[Any]) -> dict[Path, bytes]:
    """Return the files of modules that some functions are made of, apart from installed packages, as they were read."""
    reached = Reached(values)
    changed.values(reached)  # what the texts tell is found now
    return {part.file: part.source for part in _parts(reached) if part.file}


def without_file(reached: Reached, scenario_file: Path | None) -> dict[str, str]:
    """Return by name what the files of a run's code do not tell: what was typed, changed, or is in a program."""
    parts = [part for part in _parts(reached) if part.file != scenario_file or not part.file]
    found = {part.name: part.text for part in parts if not part.file or part.module == "__main__"}
    changes, _ = changed.values(reached)
    return found | {f"{name}, which was changed after its module was imported": text for name, text in changes.items()}


def text(source: bytes) -> str:
    """Return the content of a file as text, whatever its line ends."""
    return io.TextIOWrapper(io.BytesIO(source), encoding="utf-8", errors="backslashreplace").read()


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


def _parts(reached: Reached) -> list[Part]:
    """Return each piece of a user's code, or value, once."""
    parts = {}
    for module, value in reached.objects:
        path = modules.file(module)
        if path:
            source = modules.source(module, path)
            part = Part(path.name, text(source), module.__name__, path, source)
        elif not isinstance(value, ModuleType):
            part = Part(f"{value.__module__}.{value.__qualname__}", _source(value))
        else:
            continue
        parts[part.name, part.file] = part
    for name, value in reached.values.items():
        part = Part(name, repr(value.tolist() if isinstance(value, np.ndarray) else value))
        parts[name, None] = part
    return list(parts.values())


def _source(value: Any) -> str:
    try:
        return inspect.getsource(value)
    except (OSError, TypeError):  # typed at a plain prompt
        return changed.bytecode(value.__code__) if hasattr(value, "__code__") else str(value.__qualname__)
