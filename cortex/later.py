"""Brian2 is loaded when a model is built, or anything else of it is used; before that only its units are.

It takes a second of work to load, more than all else that a command does which finds its program compiled, and its
units, in which parameters are read, need nothing else of it: nor SymPy, which writes their names in LaTeX, nor
matplotlib, of which they ask the version. Only the command line and the workers of a study, whose process is theirs
alone, load it so: Python's own users have all of Brian2 once they import any of it. Neither does matplotlib then list
the properties of all that it can draw in its help texts, a fifth of its loading.
"""

import importlib
import sys
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any


class Units(ModuleType):
    """Brian2 of which only the units are loaded; it becomes the whole package when anything else is asked for."""

    def __getattr__(self, name: str) -> Any:
        self.__class__ = ModuleType  # type: ignore[assignment]
        spec = self.__spec__
        assert spec and spec.loader and spec.submodule_search_locations
        self.__path__ = spec.submodule_search_locations
        try:
            spec.loader.exec_module(self)
        except BaseException:
            sys.modules.pop(spec.name, None)
            raise
        return getattr(self, name)


class Finder:
    """Finds what is not loaded as it is written: Brian2, of which the units come alone, and a part of matplotlib."""

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return the spec of such a module; None for everything else."""
        spec = PathFinder.find_spec(name, path, target) if name in ("brian2", "matplotlib.artist") else None
        if spec and spec.loader:
            execute = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                assert spec and spec.loader
                spec.loader.exec_module = execute  # type: ignore[method-assign]
                if name == "brian2":
                    _load_units()
                    del module.__path__  # so that the first other part that is imported asks for it
                    module.__class__ = Units
                else:
                    execute(module)
                    module.kwdoc = _nothing  # type: ignore[attr-defined]

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _nothing(artist: Any) -> str:
    """Return no list of the properties of something to draw."""
    return ""


def _load_units() -> None:
    """Import the units, with stand-ins for what they hardly use."""
    sympy = ModuleType("sympy")
    sympy.latex = _latex  # type: ignore[attr-defined]
    standing_in: dict[str, Any] = {"sympy": sympy, "matplotlib": None}  # None: as if it were not installed
    names = standing_in.keys() - sys.modules.keys()
    sys.modules.update({name: standing_in[name] for name in names})
    try:
        importlib.import_module("brian2.units")
    finally:
        for name in names:
            del sys.modules[name]


def _latex(value: Any, **settings: Any) -> str:
    """Write a value in LaTeX, as SymPy does, which is loaded for what is no whole number."""
    if type(value) is int:
        return str(value)
    from sympy import latex  # type: ignore[import-untyped]

    return str(latex(value, **settings))


def register() -> None:
    """Load of Brian2, unless it is loaded already, no more than is used."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, Finder())
