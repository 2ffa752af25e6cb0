"""Brian2's preferences are read from the user's own file, never from the current folder, which may be anybody's.

When Brian2 is imported it evaluates ``~/.brian/user_preferences`` and then ``brian_preferences`` in the current folder,
as Python. The second would be executed by any command given in a folder of results that came from somewhere else.
"""

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

MODULE = "brian2.core.preferences"

SET_FOR_A_MODEL: dict[str, Any] = {
    "codegen.target": "numpy",
    "core.stop_on_keyboard_interrupt": False,  # else Ctrl-C ends a run early, and it looks complete
    "devices.cpp_standalone.openmp_threads": 0,  # arms run side by side instead
}
"""Preferences that every model is built with, see `cortex.engine.device`."""

COMPILE_ARGUMENTS = "codegen.cpp.extra_compile_args"
"""Flags of the compiler that the user wants in place of Brian2's own."""

console_level = ""
"""Level from which on Brian2's messages are shown, such as "WARNING"; empty for the user's own."""

_read: str | None = None
"""What Brian2 read when it was imported; None if it was not imported, or before this module was."""


class Finder:
    """Finds the module of Brian2's preferences, and changes which files it reads."""

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return the spec of the module; None for every other one."""
        spec = PathFinder.find_spec(name, path, target) if name == MODULE else None
        if spec and spec.loader:
            execute = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                module.BrianGlobalPreferences.load_preferences = _load

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def register() -> None:
    """See to it that Brian2, once it is imported, reads no file of the current folder."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, Finder())


def known() -> str:
    """Return a text that differs if Brian2's preferences do, without importing Brian2."""
    prefs = getattr(sys.modules.get(MODULE), "prefs", None)
    if prefs is None or not prefs.backup_prefs:  # not imported yet
        return _text()
    if _read is None:
        usual = {
            f"{base}.{name}": kept.default
            for base in prefs.pref_register
            for name, kept in prefs.pref_register[base][0].items()
        }
    else:
        usual = prefs.backup_prefs
    changed = [
        f"{name} = {prefs[name]!r}"
        for name in sorted(prefs)
        if name not in {*SET_FOR_A_MODEL, "core.default_float_dtype"} and repr(prefs[name]) != repr(usual.get(name))
    ]
    return "\n".join([_read or "", *changed])


def _file() -> str:
    return os.path.expanduser("~/.brian/user_preferences")


def _text() -> str:
    """Return the content of the user's own file; empty if there is none."""
    try:
        with open(_file()) as file:
            return file.read()
    except OSError:
        return ""


def _load(prefs: Any) -> None:
    """Read the user's own file; in place of Brian2's `load_preferences`."""
    global _read
    import io
    import logging
    from multiprocessing import parent_process

    _read = _text()
    try:
        prefs.read_preference_file(io.StringIO(_read))
    except Exception as error:
        from cortex.errors import EnvironmentProblem

        raise EnvironmentProblem(f"{_file()} cannot be read: {error}\ncorrect that file, or remove it") from error
    if console_level:
        prefs["logging.console_log_level"] = console_level
    if os.path.lexists("brian_preferences") and parent_process() is None:
        told = "brian_preferences in this folder is not read, as it would be executed; yours are in %s"
        logging.getLogger(__name__).warning(told, _file())
