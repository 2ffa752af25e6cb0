"""What some functions are made of: the modules whose code they run, and the global names that they read there."""

import functools
import re
import sys
from collections.abc import Iterable, Iterator
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from cortex.engine import modules
from cortex.engine.canonical import is_plain

SCIENCE = ("models.", "scenarios.", "cortex.mechanisms.", "cortex.analysis.")
"""What of this project a user may change for a run; the rest only carries it out."""

NAME = re.compile(r"[^\W\d]\w*")

HAS_DOCSTRING = 0x4000000


class Reached:
    """What some functions are made of, apart from installed packages.

    Attributes
    ----------
    objects : list of (module, object)
        Functions, classes and modules of a user.
    own : set of module
        Modules of this project's science.
    names : set of str
        All names that are read by the code that was found, as globals or as parts of something.
    values : dict of str to value
        Arguments that are bound to functions; and what functions that stand in no file read.
    """

    def __init__(self, values: Iterable[Any]) -> None:
        self.objects: list[tuple[ModuleType, Any]] = []
        self.own: set[ModuleType] = set()
        self.names: set[str] = set()
        self.values: dict[str, Any] = {}
        self._replaced: dict[int, ModuleType] = {}
        self._seen: dict[int, Any] = {}  # with the objects, since another may get the number of one that is gone
        for value in values:
            self._walk(value)

    @property
    def modules(self) -> list[ModuleType]:
        """All modules that stand in a file, each once."""
        known = dict.fromkeys([*(module for module, _ in self.objects), *self.own])
        return sorted((module for module in known if modules.file(module)), key=lambda module: module.__name__)

    def _walk(self, value: Any) -> None:
        if id(value) in self._seen:
            return
        self._seen[id(value)] = value
        if isinstance(value, FunctionType):
            self._function(value)
        elif isinstance(value, MethodType):
            self._walk(value.__func__)
            self._walk(value.__self__)
        elif isinstance(value, functools.partial):
            for part in (value.func, value.args, value.keywords):
                self._walk(part)
            if is_plain(value.keywords) and is_plain(value.args) and (value.args or value.keywords):
                self.values["partial"] = (value.args, value.keywords)
        elif isinstance(value, ModuleType | type):
            self._module(_module(value), value)
        elif isinstance(value, dict | list | tuple | set):
            for part in [*value, *value.values()] if isinstance(value, dict) else value:
                self._walk(part)
        elif hasattr(value, "__dict__"):
            self._walk(vars(value))

    def _function(self, function: FunctionType) -> None:
        """Go through all that a function refers to."""
        module = self._home(function)
        closure = tuple(cell.cell_contents for cell in function.__closure__ or () if _is_set(cell))
        if module is None or modules.is_own(module) or modules.is_foreign(module):
            for value in closure:
                self._walk(value)
            self._own(function)
            return
        self._module(module, function)
        known, read = function.__globals__, names(function.__code__)
        self.names |= _read_names(function.__code__, known)
        values = {f"{module.__name__}.{name}": known[name] for name in sorted(read) if name in known}
        values[f"closure of {function.__qualname__}"] = closure
        values[f"defaults of {function.__qualname__}"] = (function.__defaults__, function.__kwdefaults__)
        for name, value in values.items():
            self._walk(value)
            if is_plain(value) and modules.file(module) is None:
                self.values[name] = value

    def _home(self, function: FunctionType) -> ModuleType | None:
        """Return the module of a function as it is, also if a scenario file was read again since and has its name."""
        module, known = sys.modules.get(function.__module__), function.__globals__
        if module is None or vars(module) is known or known.get("__name__") != module.__name__:
            return module
        if id(known) not in self._replaced:
            self._replaced[id(known)] = stand_in = ModuleType(module.__name__)
            vars(stand_in).update(known)
        return self._replaced[id(known)]

    def _module(self, module: ModuleType | None, value: Any) -> None:
        if module is None or modules.is_own(module) or modules.is_foreign(module):
            self._own(value)
            return
        self.objects.append((module, value))
        self.names |= _methods(value)

    def _own(self, value: Any) -> None:
        """Go through the science of this project that something refers to."""
        module = _module(value)
        if module is None or not module.__name__.startswith(SCIENCE):
            return
        self.own.add(module)
        self.names |= _methods(value)
        if not isinstance(value, FunctionType):
            return
        self.names |= _read_names(value.__code__, value.__globals__)
        for name in names(value.__code__):
            found = value.__globals__.get(name)
            if isinstance(found, FunctionType | type | ModuleType) and id(found) not in self._seen:
                self._seen[id(found)] = found
                self._own(found)


def names(code: CodeType) -> set[str]:
    """Return the global names in a piece of code and in those inside it."""
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return set(code.co_names).union(*map(names, inner))


def _read_names(code: CodeType, known: dict[str, Any]) -> set[str]:
    """Return the global names that a piece of code reads, also in the texts of equations that it has or reads."""
    read = names(code)
    texts = [*_texts(code), *(text for name in read if isinstance(text := known.get(name), str))]
    return read.union(*(NAME.findall(text) for text in texts))


def _texts(code: CodeType) -> Iterator[str]:
    """Yield the texts in a piece of code, but not what documents it."""
    documented = sys.version_info < (3, 13) or code.co_flags & HAS_DOCSTRING
    for const in code.co_consts[1 if documented else 0 :]:
        if isinstance(const, str):
            yield const
        elif isinstance(const, CodeType):
            yield from _texts(const)


def _module(value: Any) -> ModuleType | None:
    return value if isinstance(value, ModuleType) else sys.modules.get(value.__module__)


def _is_set(cell: Any) -> bool:
    try:
        return cell.cell_contents is cell.cell_contents
    except ValueError:  # of a name that is bound later
        return False


def _methods(value: Any) -> set[str]:
    """Return the names in the methods of a class."""
    found: set[str] = set()
    for part in vars(value).values() if isinstance(value, type) else ():
        for function in (getattr(part, "__func__", part), getattr(part, "fget", None), getattr(part, "func", None)):
            if isinstance(function, FunctionType):
                found |= names(function.__code__)
    return found
