"""Old names of modules, which files written for version 0.1 import: they work, with a note, until version 0.3."""

import importlib
import sys
import warnings
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

MOVED = {
    "cortex.codegen": "cortex.engine.codegen",
    "cortex.experiment.engine": "cortex.engine.simulation",
    "cortex.experiment.model": "cortex.engine.model",
    "cortex.experiment.recording": "cortex.engine.recording",
    "cortex.experiment.recording_file": "cortex.experiment.data_file",
    "cortex.experiment.progress": "cortex.engine.progress",
    "cortex.report.phases": "cortex.report.timeline",
}
"""New name of each module, or package, that a scenario file may have imported."""


class Finder:
    """Finds modules under their old names: finder and loader for `sys.meta_path`, whose base classes import slowly."""

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return a spec for an old name; None for every other one."""
        return ModuleSpec(name, self) if name.startswith("cortex.") and new_name(name) else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the module of the new name."""
        new = new_name(spec.name)
        note = f"{spec.name} is {new} now; the old name goes with version 0.3"
        warnings.warn(note, FutureWarning, stacklevel=2)
        module = importlib.import_module(new)
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Return the module, which is there already, the spec of its new name back."""
        assert module.__spec__ is not None
        module.__spec__ = module.__spec__.loader_state


def new_name(name: str) -> str:
    """Return the new name of a module, or of one inside a package; "" if it has not moved."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        if new := MOVED.get(".".join(parts[:length])):
            return ".".join([new, *parts[length:]])
    return ""


def register() -> None:
    """Let old names be imported."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, Finder())
