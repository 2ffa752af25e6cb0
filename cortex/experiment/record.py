"""The record of a run, ``run.json``: written when the run is complete, and checked whenever it is read.

A folder of results may come from anywhere: what is read from it is taken for a run only if it is wholly one.
"""

import hashlib
import json
import logging
import math
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, ValidationError, model_validator

from cortex.engine.model import Precision
from cortex.errors import EnvironmentProblem, UsageError
from cortex.experiment import foreign_data
from cortex.files import check_links, digest, read_json, to_json

logger = logging.getLogger(__name__)

RECORD, DATA, SCENARIO, MODULES = "run.json", "data.nc", "scenario.py", "modules"

OWN_DIGEST = "sha256"
"""Key of what a record says of itself, so that a damaged or edited one is noticed; earlier versions wrote none."""

FIRST = ("run", "planned", "scenario", "condition", "null", "seed", "replicate", "quick", "precision")
LAST = ("backend", "scenario_source", "version", "revision", "data_bytes", "stamp")
"""First and last columns of a table of runs; measures and parameters, which stand between, have other names."""

WARNINGS = "warnings"
"""Column of what makes the numbers of a run mean little; there is none where nothing was found."""

RESERVED = {*FIRST, *LAST, WARNINGS, "folder"}
"""Names that no measure may have."""

Number = float | None


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, allow_inf_nan=False, str_max_length=100_000, defer_build=True)


class _Versions(_Part):
    own: str = Field(alias="cortical-expansion")


class _Source(_Part):
    revision: str = ""
    modified: bool = False


class _Provenance(_Part):
    versions: _Versions
    source: _Source | None = None


class _Phase(_Part):
    name: str
    start: float
    duration: float


class _Declared(_Part):
    sentence: str = ""
    unit: str


class _Finding(_Part):
    what: str
    when: str
    where: str
    next: str


class Record(_Part):
    """What is read of a ``run.json``; what earlier versions did not write has a default."""

    status: Literal["complete"]
    scenario: str
    run: str
    null: str
    seed: NonNegativeInt
    replicate: NonNegativeInt
    quick: bool
    precision: Precision = "double"
    parameters: dict[str, str]
    measures: dict[str, Number]
    predictions: dict[str, Number]
    bands: dict[str, Annotated[list[Number], Field(min_length=2, max_length=2)]]
    requested_seconds: float
    simulated_seconds: dict[str, float]
    step_seconds: Number = None
    seconds: dict[str, float]
    provenance: _Provenance
    watched_seconds: dict[str, Number] = {}
    declared: dict[str, _Declared] = {}
    missing: dict[str, str] = {}
    warnings: list[_Finding] = []
    settings: dict[str, dict[str, str]] = {}
    phases: list[_Phase] = []
    biological_seconds: float = 0.0
    title: str = ""
    citation: str = ""
    finished: str = ""
    unscored: str = ""
    main_figure: str = ""
    backend: str = ""
    compiler: str = ""
    concludes: bool = True
    science: dict[str, str] = {}
    data_bytes: NonNegativeInt = 0
    data_sha256: str = ""

    @model_validator(mode="after")
    def _columns_are_distinct(self) -> "Record":
        if taken := sorted(self.measures.keys() & RESERVED):
            raise ValueError(f"a measure is called {taken[0]}")
        return self

    @model_validator(mode="after")
    def _was_simulated_to_the_end(self) -> "Record":
        step, wanted = (self.step_seconds or 0) * (1 + 1e-9), self.requested_seconds
        if not all(math.isclose(done, wanted, abs_tol=step) for done in self.simulated_seconds.values()):
            raise ValueError("it was not simulated to its end")
        return self


def write_record(folder: Path, record: Mapping[str, Any]) -> None:
    """Write run.json with digests of itself and the data beside it; a number that is not finite becomes null."""
    data = folder / DATA
    about = {"data_bytes": data.stat().st_size, "data_sha256": digest(data)} if data.exists() else {"data_bytes": 0}
    whole = json.loads(to_json({**record, **about}))
    (folder / RECORD).write_text(to_json({**whole, OWN_DIGEST: _own_digest(whole)}) + "\n", encoding="utf-8")


def read_record(folder: Path) -> dict[str, Any] | None:
    """Read the run.json of a run; None unless it is that of a complete run, with all its data beside it.

    Why a folder is no complete run is told, once.
    """
    try:
        return whole_record(folder)
    except UsageError as error:
        if os.path.lexists(folder) and not folder.suffix:
            tell_once(f"{error.title}; do the run again, or move {folder} away")
        return None


def whole_record(folder: Path) -> dict[str, Any]:
    """Read the run.json of a run.

    Raises
    ------
    UsageError
        If the folder holds no complete run.
    """
    if folder.suffix:
        raise UsageError(f"{folder} holds no complete run")
    path, data = folder / RECORD, folder / DATA
    try:
        record: dict[str, Any] = read_json(path)
        Record.model_validate(record)
    except OSError:
        raise UsageError(f"{folder} holds no complete run: {RECORD} is missing or cannot be read") from None
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{path} is not that of a complete run: {_reason(error)}") from None
    if record.get(OWN_DIGEST, "") not in ("", _own_digest(record)):
        raise UsageError(f"{path} was changed since the run wrote it")
    size = data.stat().st_size if data.is_file() else 0
    if record.get("data_bytes", size) != size:
        raise UsageError(f"{data} is not whole: it has {size} bytes, not {record['data_bytes']}")
    return record


def record_of_run(folder: Path) -> dict[str, Any]:
    """Read the run.json of a folder that may be none of a run.

    Raises
    ------
    UsageError
        If it holds no complete run; the hint names one that is inside.
    """
    check_links(folder)
    try:
        return whole_record(folder)
    except UsageError as error:
        inside = [place for place in sorted((folder / "runs").glob("*")) if not place.suffix]
        raise UsageError(
            f"{folder} is a folder of runs" if inside else error.title,
            hint=f"give one of them, such as {inside[0] if inside else 'results/NAME/runs/0123-r000'}",
        ) from None


def checked_data(folder: Path, record: Mapping[str, Any]) -> Path:
    """Return the file of what a run recorded, after checking that it is just that.

    Raises
    ------
    UsageError
        If it is not what the run wrote, or would have other files read, or cannot be read to its end.
    EnvironmentProblem
        If the operating system refuses it.
    """
    path = folder / DATA
    if not path.is_file():
        raise UsageError(f"{folder} holds no {DATA}", hint=AGAIN)
    known = record.get("data_sha256", "")
    try:
        sound = not known or digest(path) == known
    except OSError as error:
        raise EnvironmentProblem(f"cannot read {path}: {error.strerror}") from error
    if not sound:
        raise UsageError(f"{path} is damaged: it is not what the run wrote", hint=AGAIN)
    try:
        foreign_data.check(path) if known else foreign_data.check_in_another_process(path)
    except ValueError as error:
        raise UsageError(f"{path} is not read: {error}", hint=AGAIN) from None
    return path


def code_files(folder: Path) -> list[Path]:
    """List the Python files that a run keeps, its scenario and what that imports; none if that is an installed one."""
    if not (folder / SCENARIO).exists():
        return []
    return sorted(path for path in folder.rglob("*.py") if path.is_file())


AGAIN = "the numbers in run.json are kept beside it; for the recordings move the folder away, and do the run again"


def _own_digest(record: Mapping[str, Any]) -> str:
    """Return a hash of what a record says, whatever its layout."""
    rest = {name: value for name, value in record.items() if name != OWN_DIGEST}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _reason(error: Exception) -> str:
    """Return in a few words what is wrong with a record."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))[:80]
    message = str(first.get("ctx", {}).get("error") or first["msg"].replace("Input should", "should"))
    return f"{place} {message}".strip()


@cache
def tell_once(text: str) -> None:
    """Log a warning that the same process has not logged before."""
    logger.warning(text)
