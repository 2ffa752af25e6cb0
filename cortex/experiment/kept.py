"""The code that a run keeps: its scenario file, all that this imports, and by name what stands in no file.

A run folder holds ``scenario.py``, and in ``modules`` what it imports that is no installed package, each file where
Python looks for a module of its name. What cannot be executed again from these, such as a function that was typed in a
notebook, or a global name that was changed after its module was imported, is in ``not_in_files.json`` as text.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from cortex.engine import modules
from cortex.engine.reach import Reached
from cortex.experiment.code import without_file
from cortex.experiment.record import MODULES, SCENARIO
from cortex.files import read_json, to_json

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario

LACKING = "not_in_files.json"

SHIM = '''"""The scenario of this run; its code is in {folder}."""

from {module} import {name} as SCENARIO
'''


def keep(scenario: "Scenario", folder: Path) -> None:
    """Write into a run's folder all code of a user that its numbers depend on."""
    reached = Reached(scenario.functions)
    known = list(_with_imports(reached, scenario))
    lacking = without_file(reached, scenario.file)
    if scenario.file:
        (folder / SCENARIO).write_bytes(scenario.source)
    elif (known or lacking) and not any(map(modules.is_own, _homes(scenario))):
        lacking |= _write_shim(scenario, known, folder)
    for module in known:
        path = modules.file(module)
        if path and path.suffix != ".py":
            lacking[f"module {module.__name__}"] = "not in Python"
        elif path and path != scenario.file and module.__name__ != "__main__":
            kept = folder / MODULES / _place(module, path)
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(modules.source(module, path))
    if lacking:
        (folder / LACKING).write_text(to_json(lacking) + "\n", encoding="utf-8")


def lacking(folder: Path) -> dict[str, str]:
    """Return the code of a run that stands in no file that it keeps, by name."""
    try:
        return TypeAdapter(dict[str, str]).validate_python(read_json(folder / LACKING), strict=True)
    except OSError:
        return {}
    except ValueError:
        return {LACKING: "damaged"}


def _write_shim(scenario: "Scenario", known: list[ModuleType], folder: Path) -> dict[str, str]:
    """Write a scenario file that imports the scenario from the module that has it; return what it lacks."""
    for module in known:
        for name, value in vars(module).items():
            if value is scenario and module.__name__ != "__main__":
                shim = SHIM.format(folder=MODULES, module=module.__name__, name=name)
                (folder / SCENARIO).write_text(shim, encoding="utf-8")
                return {}
    return {f"the scenario {scenario.name}": "made by a program or in a notebook"}


def _homes(scenario: "Scenario") -> list[ModuleType]:
    """Return the modules that offer a scenario."""
    return [
        module for module in list(sys.modules.values()) if getattr(module, "__dict__", {}).get("SCENARIO") is scenario
    ]


def _with_imports(reached: Reached, scenario: "Scenario") -> Iterator[ModuleType]:
    """Yield the modules of a user that were reached, that have the scenario, or that these import; each once."""
    todo = [module for module in reached.modules if not modules.is_own(module)]
    todo += _homes(scenario)
    seen: set[int] = set()
    while todo:
        module = todo.pop()
        path = modules.file(module)
        if id(module) in seen or modules.is_own(module) or modules.is_foreign(module) or not path:
            continue
        seen.add(id(module))
        yield module
        packages = module.__name__.split(".")
        wanted = {".".join(packages[:count]) for count in range(1, len(packages))}
        for node in ast.walk(modules.tree(modules.source(module, path))):
            if isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                home = modules.home(node, module)
                wanted |= {home, *(f"{home}.{alias.name}" for alias in node.names)}
        wanted |= {".".join(name.split(".")[:count]) for name in wanted for count in range(1, name.count(".") + 1)}
        found = [value for value in vars(module).values() if isinstance(value, ModuleType) and value.__name__ in wanted]
        named = {other.__name__ for other in found}
        todo += [*found, *(sys.modules[name] for name in wanted - named if name in sys.modules)]


def _place(module: ModuleType, path: Path) -> Path:
    """Return where Python looks for a module, below a folder of its search path."""
    place = Path(*module.__name__.split("."))
    return place / path.name if path.stem == "__init__" else place.with_name(f"{place.name}{path.suffix}")
