"""The files of models, mechanisms and analysis that the numbers of a scenario come from, each with a digest.

The name of a run tells nothing of them, so a run keeps their digests: a stored result that another model gave is
noticed. Files are found by what they import, so that a change in one model does not concern the runs of another.
"""

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cortex
from cortex.engine import modules
from cortex.engine.reach import SCIENCE, Reached
from cortex.experiment import provenance
from cortex.experiment.record import tell_once

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario

ROOT = Path(cortex.__path__[0]).parent

IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+)?import[ \t]+(\([^)]*\)|[^\n#]+)", re.MULTILINE)

MOST = 3
"""Files that a message names."""

NAME, NO_NAME = re.compile(r"[\w.]+"), re.compile(r"#[^\n]*|\bas\s+\w+")


def digests(scenario: "Scenario") -> dict[str, str]:
    """Return the digests of all files of this project's science that a scenario is made of, by path.

    They are those of the text that this process has imported.
    """
    names = {type(scenario.parameters).__module__, *([] if scenario.file else [f"scenarios.{scenario.name}"])}
    for module in Reached(scenario.functions).modules:
        path = modules.file(module)
        names |= {module.__name__} if modules.is_own(module) or not path else _imported(modules.source(module, path))
    return _with_imports(names)


def stands(record: Mapping[str, Any], scenario: "Scenario") -> bool:
    """Return whether a stored result may stand for a run that is asked for now; why not is told, once.

    It may not if this version of the program made it, with other text in one of the files. What another version made
    stands, and the difference is told. A record of before files had digests stands.
    """
    files = edited(record, digests(scenario))
    if not files:
        return True
    named = f"{record['scenario']} {record['run']}"
    differing = f"differs since: {listed(files)}"
    version = record["provenance"]["versions"][provenance.DISTRIBUTION]
    if version == cortex.__version__:
        tell_once(f"{named} is done again, for its code {differing}")
        return False
    tell_once(f"{named} is the stored result of version {version}, whose code {differing}")
    return True


def edited(record: Mapping[str, Any], now: Mapping[str, str]) -> list[str]:
    """Return the files that have other digests now than when a stored result was made, or are of only one of them."""
    then = record.get("science") or now
    return sorted(path for path in then.keys() | now.keys() if then.get(path) != now.get(path))


def listed(files: Sequence[str]) -> str:
    """Name files, but not too many."""
    more = f" and {len(files) - MOST} more" if len(files) > MOST else ""
    return f"{', '.join(files[:MOST])}{more}"


def _with_imports(names: Iterable[str]) -> dict[str, str]:
    """Return the digests of modules and of all that they import."""
    found: dict[str, str] = {}
    todo, seen = set(names), set(names)
    while todo:
        name = todo.pop()
        if path := _file(name):
            source = _source(name, path)
            found[path.relative_to(ROOT).as_posix()] = sha256(source).hexdigest()[:12]
            new = _imported(source) - seen
            todo |= new
            seen |= new
    return dict(sorted(found.items()))


@cache
def _imported(source: bytes) -> frozenset[str]:
    """Return the names of what a text imports that may be modules of this project's science, packages before all."""
    found: set[str] = set()
    for home, names in IMPORT.findall(source.decode("utf-8", "replace")):
        listed = NAME.findall(NO_NAME.sub("", names))
        for name in [f"{home}.{name}" for name in listed] if home else listed:
            parts = name.split(".")
            found |= {".".join(parts[: count + 1]) for count in range(len(parts))}
    return frozenset(name for name in found if f"{name}.".startswith(SCIENCE))


def _file(name: str) -> Path | None:
    """Return the file of a module, or of a package; None if there is none, as of a function that is imported."""
    place = ROOT.joinpath(*name.split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)


def _source(name: str, path: Path) -> bytes:
    """Return the text of a module as it was imported; as it stands in its file if it is not imported yet."""
    module = sys.modules.get(name)
    return modules.source(module, path) if module else path.read_bytes()
