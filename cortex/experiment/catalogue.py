"""Which scenarios and models there are, and how one is found by its name.

A scenario is a shipped one (package ``scenarios``), a file ``path/to/file.py``, or an entry point of group
``cortex.scenarios`` of another distribution.
"""

import ast
import importlib
import importlib.util
import os
import sys
import tomllib
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from cortex.engine import modules
from cortex.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from cortex.experiment.parameters import Parameters
    from cortex.experiment.scenario import Scenario

GROUP = "cortex.scenarios"

BESIDE: set[Path] = set()
"""Folders of the scenario files that were read."""

FORMER_NAMES = {
    "learning_speed": "copying_speed",
    "release_time": "release_copy_time",
    "release_when": "release_learning_time",
}
"""Names that ready-made studies had in version 0.1; they go with version 0.3."""


def titles(package: str) -> dict[str, str]:
    """Return the first docstring line of each scenario (a file) or model (a file or folder), without importing it."""
    return {name: _title(path) for name, path in sorted(_listed(package).items())}


def _listed(package: str) -> dict[str, Path]:
    folder = _folder(package)
    listed = {path.stem: path for path in folder.glob("[!_]*.py")}
    if package == "models":
        listed |= {path.parent.name: path for path in folder.glob("[!_]*/__init__.py")}
    return listed


def plugins() -> dict[str, str]:
    """List the scenarios of other distributions, each with where it comes from."""
    return {entry.name: entry.value for entry in entry_points(group=GROUP)}


def studies() -> dict[str, Path]:
    """List the ready-made studies with their files."""
    return {path.stem: path for path in sorted((_folder("scenarios") / "studies").glob("*.toml"))}


def study_titles() -> dict[str, str]:
    """List the ready-made studies with their titles."""
    return {name: tomllib.loads(path.read_text(encoding="utf-8")).get("title", "") for name, path in studies().items()}


def checks() -> Path:
    """Return the file of the checks of all shipped scenarios."""
    return _folder("scenarios") / "checks.toml"


def model_parameters(name: str) -> "Parameters":
    """Return the parameters of a model, all at their defaults.

    Raises
    ------
    UsageError
        If the model declares none.
    """
    from cortex.experiment.parameters import Parameters

    try:
        module = importlib.import_module(f"models.{name}.parameters")
    except ModuleNotFoundError:
        raise UsageError(
            f"the model {name} declares no parameters of its own", hint="`cortex list` shows the models"
        ) from None
    [whole] = [
        value
        for title, value in vars(module).items()
        if title.endswith("Parameters") and value.__module__ == module.__name__ and issubclass(value, Parameters)
    ]
    parameters: Parameters = whole()
    return parameters


def find(name: str) -> "Scenario":
    """Find a scenario.

    Parameters
    ----------
    name : str
        Its name, with ``-`` or ``_``, or the path of its file.

    Returns
    -------
    Scenario

    Raises
    ------
    UsageError
        If there is none of this name, or its file cannot be read.
    """
    return read_file(Path(name)) if name.endswith(".py") and "\0" not in name else installed(name)


def installed(name: str) -> "Scenario":
    """Find a scenario that is shipped or of an installed distribution, by its name; execute no file.

    Raises
    ------
    UsageError
        If there is none of this name.
    """
    plain = name.replace("-", "_")
    if plain in _listed("scenarios"):
        return _scenario(importlib.import_module(f"scenarios.{plain}"), name)
    for entry in entry_points(group=GROUP):
        if entry.name.replace("-", "_") == plain:
            return _scenario(entry.load(), name)
    known = [*sorted(_listed("scenarios")), *plugins()]
    raise UsageError(f'no scenario "{name}"{did_you_mean(name, known)}', hint="`cortex list` shows all scenarios")


def read_file(path: Path) -> "Scenario":
    """Read a scenario from a file; one of the shipped files gives the shipped scenario.

    The file is read once: what is executed is what its runs keep, and so is what it imports from beside it.
    """
    from cortex.experiment import surroundings
    from cortex.experiment.code import user_files
    from cortex.experiment.record import MODULES, RECORD

    file = user_file(path)
    if file is None:
        return find(path.stem)
    if not os.path.isfile(file):  # which is no error for a name that is too long
        raise UsageError(
            f"{file} is no file", hint="give a scenario's name or its .py file; `cortex list` shows the names"
        )
    _import_from(file.parent)
    if (file.parent / RECORD).is_file() and (file.parent / MODULES).is_dir():
        _import_from(file.parent / MODULES, first=True)
    spec = importlib.util.spec_from_file_location(f"scenario_{file.stem}", file)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode  # which may be of a file edited in the same second
    try:
        source = file.read_bytes()
        with surroundings.kept():
            exec(compile(source, str(file), "exec", dont_inherit=True), vars(module))
        scenario = replace(_scenario(module, str(file)), file=file, source=source)
        user_files(scenario.functions)
    except UsageError:
        raise
    except Exception as error:
        raise UsageError(
            f"{file} cannot be read: {_where(error, file)}", hint="correct the file and run again"
        ) from error
    finally:
        sys.dont_write_bytecode = before
    return scenario


def _import_from(folder: Path, first: bool = False) -> None:
    """Let a file import what lies in a folder, as with ``python FILE.py``, as it is now and of this folder alone.

    What a run has kept comes `first`, before the files that it was copied from.
    """
    kept = {path.stem for path in folder.iterdir()} if first else set()
    folders = {*BESIDE, folder}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        beside = file and "." not in name and Path(file).parent in folders
        if name != "__main__" and (beside or (name.split(".")[0] in kept and not modules.is_own(module))):
            del sys.modules[name]
    for earlier in BESIDE:
        if str(earlier) in sys.path and not (first and earlier == folder.parent):
            sys.path.remove(str(earlier))
    BESIDE.add(folder)
    if str(folder) not in sys.path:
        sys.path.insert(0 if first else len(sys.path), str(folder))


def user_file(path: Path) -> Path | None:
    """Return the full path of a scenario file; None if it is one of the shipped files."""
    path = Path(os.path.realpath(path))  # which also ends where links lead in a circle
    return None if path.parent == _folder("scenarios") else path


def _scenario(module: ModuleType, name: str) -> "Scenario":
    from cortex.experiment.scenario import Scenario

    scenario = getattr(module, "SCENARIO", None)
    if not isinstance(scenario, Scenario):
        raise UsageError(f"{name} defines no SCENARIO", hint="`cortex new NAME` writes a file that does")
    return scenario


def _where(error: Exception, path: Path) -> str:
    """Return what went wrong, and in which line of the file."""
    lines = [error.lineno] if isinstance(error, SyntaxError) else []
    trace = error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == str(path):
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    return f"{type(error).__name__}: {error}" + (f" (line {lines[-1]})" if lines else "")


def _folder(package: str) -> Path:
    return Path(importlib.import_module(package).__path__[0]).resolve()


def _title(path: Path) -> str:
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]
