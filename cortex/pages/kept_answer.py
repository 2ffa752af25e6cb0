"""Read what ``cortex study`` of an argument and ``cortex validate`` keep of their answer, as data of somebody else."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cortex.analysis.verdict import Standing
from cortex.errors import UsageError
from cortex.files import read_json

Number = float | None


class _Kept(BaseModel):
    model_config = ConfigDict(allow_inf_nan=False, str_max_length=100_000)


class Measured(_Kept):
    """One measure in one condition, see `cortex.studies.evidence.Evidence`."""

    study: str
    condition: str
    measure: str
    band: tuple[Number, Number]
    unit: str
    measured: tuple[Number, Number, Number]
    runs: int
    seed: int
    quick: bool
    lacking: int = 0
    standing: Standing | None = None


class Modelled(Measured):
    """The same in a model: the full one, whose name is empty, or a null model."""

    model: str


class Claim(_Kept):
    """A claim with what was measured for and against it, and its controls."""

    claim: str
    verdict: str
    theory: str
    supports: list[Measured]
    opposes: list[Measured]
    controls: list[Measured]


class Counts(_Kept):
    """What became of the runs of a study."""

    planned: int
    complete: int
    failed: int = 0


class KeptArgument(_Kept):
    """What conclusion.json holds."""

    argument: str
    title: str = ""
    studies: dict[str, Counts]
    claims: list[Claim]


class KeptPart(_Kept):
    """A part of a check, in the full model and in null models."""

    what: str
    scenario: str
    measure: str
    awaited: str = ""
    band: tuple[Number, Number]
    source: str = ""
    must_miss: list[str] = Field(default_factory=list)
    models: list[Modelled]


class KeptCheck(_Kept):
    """A check, or a finding that would refute the theory."""

    name: str
    sentence: str
    must: bool
    verdict: str
    measured: str
    missed_by: list[str]
    parts: list[KeptPart]
    found: str = ""


class KeptChecks(_Kept):
    """What validation.json holds."""

    title: str = "Checks"
    reduced: bool
    frozen: bool
    missed: list[str]
    not_counted: dict[str, int] = Field(default_factory=dict)
    folders: dict[str, str] = Field(default_factory=dict)
    checks: list[KeptCheck]
    refuted_if: list[KeptCheck]


Answer = TypeVar("Answer", KeptArgument, KeptChecks)


def read(path: Path, kind: type[Answer]) -> Answer:
    """Read an answer.

    Raises
    ------
    UsageError
        If the file is damaged.
    """
    try:
        return kind.model_validate(read_json(path))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        problem = f"{'.'.join(map(str, first['loc']))[:80]} {first['msg']}"
    except (ValueError, OverflowError) as error:
        problem = str(error)
    raise UsageError(f"{path} is damaged: {problem}", hint="the command that wrote it writes it again")
