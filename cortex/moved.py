"""Old names of modules, which files written for version 0.1 import: they work, with a note, until version 0.3."""

import importlib
import sys
import warnings
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

MOVED = {
    "cortex.codegen": "cortex.engine.codegen",
    "cortex.experiment.engine": "cortex.engine.simulation",
    "cortex.experiment.model": "cortex.engine.model",
    "cortex.experiment.recording": "cortex.engine.recording",
    "cortex.experiment.recording_file": "cortex.experiment.data_file",
    "cortex.experiment.progress": "cortex.engine.progress",
    "cortex.study": "cortex.studies",
    "cortex.report.phases": "cortex.report.timeline",
}
"""New name of each module that a scenario file may have imported."""


class Finder(MetaPathFinder, Loader):
    """Finds a module under its old name, and is the new one."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return a spec for an old name; None for every other one."""
        return ModuleSpec(name, self) if name in MOVED else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the module of the new name."""
        new = MOVED[spec.name]
        note = f"{spec.name} is {new} now; the old name goes with version 0.3"
        warnings.warn(note, FutureWarning, stacklevel=2)
        return importlib.import_module(new)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: the module is there already."""


def register() -> None:
    """Let old names be imported."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.append(Finder())
