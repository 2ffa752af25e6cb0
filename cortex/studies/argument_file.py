"""The file of an argument: claims in order, what each rests on, and the studies that measure it."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError, field_validator

from cortex.analysis.reference import ANY, Band
from cortex.engine.seed import LARGEST
from cortex.errors import UsageError, did_you_mean
from cortex.experiment import catalogue
from cortex.files import text_of, to_json
from cortex.studies import values
from cortex.studies.source import scenario_of
from cortex.studies.study_file import mistakes, read_text, read_toml
from cortex.studies.study_model import Section

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario


NAMED = re.compile(r"(?P<study>\w+)\.(?P<measure>\w+)( / (?P<against>\w+) (?P<sign><=|>=) (?P<number>\d+(\.\d+)?))?")
"""A measure, or its ratio to that of another condition with the band of that ratio."""


@dataclass(frozen=True)
class Named:
    """What the name of a measure stands for.

    Attributes
    ----------
    study, measure : str
    against : str
        The condition whose value it is divided by; empty if it is not.
    band : tuple of float or None, optional
        Of the ratio; None if it is that of the measure.
    """

    study: str
    measure: str
    against: str = ""
    band: Band | None = None

    @classmethod
    def read(cls, text: str) -> "Named":
        """Read "study.measure" or "study.measure / condition <= 1".

        Raises
        ------
        ValueError
            If it is neither.
        """
        found = NAMED.fullmatch(text)
        if found is None:
            raise ValueError(f'"{text}" is neither study.measure nor study.measure / condition <= 1')
        if found["against"] is None:
            return cls(found["study"], found["measure"])
        number = float(found["number"])
        band = (None, number) if found["sign"] == "<=" else (number, None)
        return cls(found["study"], found["measure"], found["against"], band)


class Member(Section):
    """One of the studies."""

    scenario: str = ""
    """Name of the scenario, or path of its file relative to the argument; by default the study's own name."""

    fixed: dict[str, Any] = {}
    """Parameter values that all runs share, by dotted name."""

    seeds: int = Field(default=1, ge=1)
    """Number of replicates."""

    conditions: list[str] = []
    """Null models and other conditions of the scenario that are run beside the full model."""

    quick: bool = False
    """Whether the short version is run; its numbers are not scored."""

    @field_validator("fixed", mode="before")
    @classmethod
    def _flatten(cls, section: Any) -> Any:
        return values.flatten(section) if isinstance(section, Mapping) else section


class Claim(Section):
    """A claim and what it rests on.

    Measures are written "study.measure", their ratio to another condition "study.measure / condition <= 1", and
    controls "study.condition", or "study.condition.measure" for one of its measures.
    """

    claim: str
    """The claim, as it is made."""

    theory: str
    """What theory says of it."""

    supports: list[str] = []
    """Measures that lie inside their bands if the claim is right."""

    opposes: list[str] = []
    """Measures that lie inside their bands if it is wrong, or stops being right somewhere."""

    controls: list[str] = []
    """Conditions in which what the claim rests on is taken away: measures that they declare to miss must, or the one
    that is named."""


class Argument(Section):
    """An argument as its file has it."""

    title: str
    """What is argued, in one line."""

    seed: int = Field(default=0, ge=0, le=LARGEST)
    """Root seed of all studies."""

    studies: dict[str, Member]
    """By name; a name is that of a scenario, unless the study names one."""

    claims: list[Claim]
    """In order."""


def schema() -> str:
    """Return the JSON schema of the file of an argument, which editors complete and check by."""
    return to_json(Argument.model_json_schema()) + "\n"


def find(name: str) -> Path | None:
    """Return the file of an argument; None if the name is that of something else."""
    path = Path(name) if name.endswith(".toml") else catalogue.studies().get(name.replace("-", "_"))
    try:
        return path if path and "claims" in tomllib.loads(text_of(path)) else None
    except (OSError, ValueError, RecursionError):
        return None  # whoever reads it as a study tells


def load(path: Path) -> "tuple[Argument, dict[str, Scenario]]":
    """Read an argument; return it, and the scenario of each study.

    Raises
    ------
    UsageError
        With one line for each mistake.
    """
    content = read_toml(read_text(path), path.name)
    try:
        argument = Argument.model_validate(content)
    except ValidationError as error:
        wrong = [(".".join(map(str, detail["loc"])), detail["msg"]) for detail in error.errors()]
        raise mistakes(path.name, wrong) from None
    scenarios: dict[str, Scenario] = {}
    problems: list[tuple[str, str]] = []
    for name, member in argument.studies.items():
        try:
            scenarios[name] = scenario_of(member.scenario or name, path)
            scenarios[name].resolve({key: values.text(value) for key, value in member.fixed.items()})
        except UsageError as error:
            problems += [(f"[studies.{name}]", problem) for problem in error.problems or [error.title]]
    for number, claim in enumerate(argument.claims, 1):
        problems += [(f"claim {number}", problem) for problem in _problems(claim, argument, scenarios)]
    for name, scenario in scenarios.items():
        unknown = [condition for condition in argument.studies[name].conditions if condition not in scenario.settings]
        for condition in unknown:
            meant = did_you_mean(condition, scenario.settings)
            problems.append((f"[studies.{name}]", f"conditions  {name} has no condition {condition}{meant}"))
    if problems:
        raise mistakes(path.name, problems)
    return argument, scenarios


def _problems(claim: Claim, argument: Argument, scenarios: "dict[str, Scenario]") -> Iterator[str]:
    """Yield a sentence for each name of a claim that means nothing."""
    if not claim.supports and not claim.opposes:
        yield "rests on no measure: give `supports`, `opposes` or both"
    for text in [*claim.supports, *claim.opposes]:
        try:
            named = Named.read(text)
        except ValueError as error:
            yield str(error)
            continue
        if named.study not in scenarios:
            yield f"{text}  begins with none of [studies]"
            continue
        declared = scenarios[named.study].declared
        if named.measure not in declared:
            yield f"{text}  no such measure{did_you_mean(named.measure, declared)}"
        elif named.against and named.against not in argument.studies[named.study].conditions:
            yield f"{text}  {named.against} is not among the conditions of [studies.{named.study}]"
        elif not named.against and declared[named.measure].band == ANY:
            yield f"{text}  has no band"
    for control in claim.controls:
        of, condition, *measures = control.split(".")
        if of not in scenarios or condition not in argument.studies[of].conditions:
            yield f"{control}  is not among the conditions of [studies.{of}]"
        elif unknown := [name for name in measures if name not in scenarios[of].declared]:
            yield f"{control}  no such measure{did_you_mean(unknown[0], scenarios[of].declared)}"
        elif any(scenarios[of].declared[name].band == ANY for name in measures):
            yield f"{control}  has no band"
        elif not measures and not getattr(scenarios[of].settings.get(condition), "misses", ()):
            yield f"{control}  declares no measure that it must miss"


if __name__ == "__main__":
    print(schema(), end="")
