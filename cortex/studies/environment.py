"""What the numbers of a study depend on beside its parameters: sources, versions, compiler; in environment.json."""

import hashlib
import platform
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

import cortex
from cortex.engine.backend import choose
from cortex.engine.reach import Reached
from cortex.experiment import calculation, provenance
from cortex.experiment.code import user_code
from cortex.experiment.record import tell_once
from cortex.files import read_json, replace_text, to_json

if TYPE_CHECKING:
    from cortex.engine.simulation import Backend
    from cortex.experiment.scenario import Scenario

ENVIRONMENT = "environment.json"
SOURCES = ("cortex/analysis", "cortex/engine", "cortex/experiment", "cortex/mechanisms", "models", "scenarios")
"""What computes numbers; figures, tables and the study's own machinery do not."""

NUMERICAL = ("cortical-expansion", "brian2", "numpy", "scipy")
"""Packages whose version may change a number."""


class MadeWith(BaseModel):
    """What is read of ``environment.json``: what the study was made with, the last time last."""

    made_with: list[dict[str, str]] = Field(min_length=1)


def facts(backend: "Backend", scenario: "Scenario") -> dict[str, str]:
    """Return all that must stay the same in a study, by name."""
    calculation.check(scenario, backend)
    installed = provenance.versions()
    same = {"sources": _digest(), "Python": platform.python_version()}
    same |= {name: installed[name] for name in NUMERICAL}
    if scenario.calculate:
        same |= {"backend": "", "compiler": "", **{name: installed[name] for name in provenance.THEORY}}
    else:
        chosen, compiler, _ = choose(backend)
        same |= {"backend": chosen, "compiler": compiler.version if compiler else ""}
    if scenario.file:
        same["scenario file"] = hashlib.sha256(scenario.source).hexdigest()[:16]
    if code := user_code(Reached(scenario.functions), scenario.file):
        same["files beside the scenario"] = hashlib.sha256(code.encode()).hexdigest()[:16]
    return same


def write(out: Path, now: dict[str, str], scenario_file: Path | None) -> None:
    """Keep what the study is made with, after what it was made with before."""
    earlier = load(out)
    history = [*earlier["made_with"], now] if earlier and earlier["made_with"][-1] != now else [now]
    record: dict[str, Any] = {
        "made_with": history,
        "scenario_file": str(scenario_file) if scenario_file else None,
        "written": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        **provenance.provenance(),
        "diff": provenance.source_changes(),
    }
    replace_text(out / ENVIRONMENT, to_json(record) + "\n")


def load(out: Path) -> dict[str, Any] | None:
    """Read what `write` wrote; None if there is nothing, or something else."""
    try:
        record: dict[str, Any] = read_json(out / ENVIRONMENT)
        MadeWith.model_validate(record)
    except OSError:
        return None
    except ValueError:
        tell_once(f"{out / ENVIRONMENT} is damaged: what the study was made with is not known, and not compared")
        return None
    return record


def changes(out: Path, now: dict[str, str]) -> list[str]:
    """Return what is not as it was when the study was last worked on, a line each."""
    earlier = load(out)
    before = earlier["made_with"][-1] if earlier else now
    names = sorted(before.keys() | now.keys())
    return [
        f"{name}  was {before.get(name, 'none') or 'none'}, is {now.get(name, 'none') or 'none'}"
        for name in names
        if before.get(name) != now.get(name)
    ]


@cache
def _digest() -> str:
    """Hash the sources that compute numbers."""
    root = Path(cortex.__path__[0]).parent
    digest = hashlib.sha256()
    for place in SOURCES:
        for file in sorted((root / place).rglob("*")):
            if file.suffix in (".py", ".cpp", ".h"):
                digest.update(f"{file.relative_to(root).as_posix()}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]
