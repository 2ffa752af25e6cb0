"""The checks as their file has them."""

import re
from typing import Any

from pydantic import Field, field_validator

from cortex.analysis.reference import Band
from cortex.engine.seed import LARGEST
from cortex.studies import values
from cortex.studies.study_model import Section

NUMBER = r"[-+]?\d+(?:\.\d+)?"
BAND = re.compile(rf">= (?P<least>{NUMBER})|<= (?P<most>{NUMBER})|(?P<low>{NUMBER}) \.\. (?P<high>{NUMBER})")


class Part(Section):
    """One thing that a check asks for."""

    measure: str = ""
    """"scenario.measure", or its ratio to another condition: "scenario.measure / condition <= 1"."""

    less: str = ""
    """Another measure of the same runs that is taken off it, so that the band is of the difference."""

    condition: str = ""
    """The condition in which it is taken; by default the full model, and null models beside it."""

    band: str = ""
    """Such as ">= 0.9" or "0.8 .. 1.2"; by default that of the measure, which is not written here again."""

    source: str = ""
    """Name in `cortex.analysis.published` of what the band rests on; by default the one that the measure names."""

    nulls: list[str] = []
    """Null models that must miss it, beside those that declare it themselves."""

    what: str = ""
    """What is asked for; by default the sentence of the measure."""

    scenario: str = ""
    """Of what is not measured yet: the scenario that is to measure it."""


class Check(Section):
    """A check, or a finding that would refute the theory."""

    name: str
    """Its number, or the letter of a finding that would refute the theory."""

    sentence: str
    """What it asks, or what would refute the theory."""

    must: bool = True
    """Whether a model that misses it is wrong."""

    parts: list[Part] = []
    """All of them must lie inside their bands; what would refute the theory is so if one lies outside."""

    checks: list[str] = []
    """Of what would refute the theory: the checks that must be passed."""


class Reduced(Section):
    """A version for every day, of fewer runs."""

    seeds: int = Field(default=3, ge=1)
    """Number of replicates."""

    conditions: dict[str, list[str]] = {}
    """By scenario, the null models that are run; by default all that must miss a part."""

    fixed: dict[str, dict[str, Any]] = {}
    """By scenario, parameter values that make it shorter."""

    bands: dict[str, str] = {}
    """By measure, where they are other than in the full version; what has `fixed` values is not scored without one."""

    @field_validator("fixed", mode="before")
    @classmethod
    def _flatten(cls, section: Any) -> Any:
        return {name: values.flatten(own) for name, own in section.items()} if isinstance(section, dict) else section


class ChecksFile(Section):
    """The file as it is."""

    title: str
    """What is checked, in one line."""

    seed: int = Field(default=0, ge=0, le=LARGEST)
    """Root seed of the runs that are made for the checks."""

    seeds: int = Field(default=10, ge=1)
    """Number of replicates."""

    digest: str = ""
    """Of all bands, by which a change of any of them is seen."""

    checks: list[Check]
    """In order."""

    refuted_if: list[Check] = []
    """Findings that would refute the theory."""

    reduced: Reduced = Reduced()
    """The version for every day."""


def read_band(text: str) -> Band:
    """Read ">= 0.9", "<= 0.6" or "0.85 .. 1.15".

    Raises
    ------
    ValueError
        If it is none of these, or nothing can lie in it.
    """
    if (found := BAND.fullmatch(text)) is None:
        raise ValueError(f'"{text}" is no band; give one such as >= 0.9, <= 0.6 or 0.85 .. 1.15')
    ends = (found["least"] or found["low"], found["most"] or found["high"])
    low, high = (float(end) if end else None for end in ends)
    if low is not None and high is not None and low > high:
        raise ValueError(f'"{text}" is a band in which nothing can lie; the lower end comes first')
    return low, high
