"""What a study is made of, as its file has it; editors take the schema of the file from here."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from cortex.engine.model import Precision
from cortex.engine.seed import LARGEST
from cortex.files import to_json
from cortex.studies import values
from cortex.studies.values import Range

CRITERION = r"\s*(>=|<=)\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*"


class Section(BaseModel):
    """A part of the file that takes no other names."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


class Primary(Section):
    """The one measure that was chosen beforehand, and when it counts as reached."""

    measure: str
    """Name of the measure."""

    criterion: str = Field(default="", pattern=f"^({CRITERION})?$")
    """When it counts as reached, such as ">= 1.5" or "<= 60"."""

    @property
    def band(self) -> tuple[float | None, float | None]:
        """Lowest and highest value that meet the criterion."""
        sign, number = self.criterion.strip()[:2], self.criterion.strip()[2:]
        return (float(number), None) if sign == ">=" else (None, float(number)) if sign == "<=" else (None, None)


class Limits(Section):
    """What one run may take before it is stopped."""

    minutes: float | None = Field(default=None, gt=0)
    """Longest wall time of a run."""

    gigabytes: float | None = Field(default=None, gt=0)
    """Most memory of a run."""


class Study(Section):
    """A study as its file has it."""

    scenario: str
    """Name of the scenario, or path of its file relative to the study file."""

    title: str = ""
    """What the study asks, in one line."""

    seed: int = Field(default=0, ge=0, le=LARGEST)
    """Root seed."""

    seeds: int = Field(default=1, ge=1)
    """Number of replicates; each condition gets the same ones. With fewer than 6 no difference can be told."""

    quick: bool = False
    """Whether the short version of the scenario is run."""

    precision: Precision = "double"
    """Whether numbers, but for times, have "double" or "single" precision."""

    figures: bool = False
    """Whether every run draws its figures."""

    points: int | None = Field(default=None, ge=2)
    """Number of Sobol points, a power of 2."""

    indices: bool = False
    """Whether the Sobol points are arranged so that sensitivity indices can be computed (Saltelli 2002)."""

    fixed: dict[str, Any] = {}
    """Parameter values that all runs share, by dotted name; a quantity as text, such as "20 ms"."""

    vary: dict[str, Any] = {}
    """Values of each varied parameter: a list, "linear(0, 1, 5)", "log(1e-3, 1e-1, 5)", "sobol(0, 1)" or "sobol(1e-3,
    1e-1, log)". All combinations are run."""

    conditions: dict[str, dict[str, Any]] = {}
    """Named settings that are compared: parameter values, and `null` or `condition`, which are the same, for a null
    model or another condition of the scenario."""

    primary: Primary | None = None
    """The measure that was chosen beforehand."""

    limits: Limits = Limits()
    """What one run may take."""

    @field_validator("fixed", "vary", mode="before")
    @classmethod
    def _flatten(cls, section: Any) -> Any:
        return values.flatten(section) if isinstance(section, Mapping) else section

    @field_validator("conditions", mode="before")
    @classmethod
    def _flatten_each(cls, section: Any) -> Any:
        if not isinstance(section, Mapping):
            return section
        return {name: _setting(value) if isinstance(value, Mapping) else value for name, value in section.items()}

    @cached_property
    def varied(self) -> dict[str, list[str] | Range]:
        """Values of each varied parameter as text, or the range that Sobol points fill."""
        return {name: values.read(written) for name, written in self.vary.items()}

    @property
    def ranges(self) -> dict[str, Range]:
        """The ranges that Sobol points fill."""
        return {name: value for name, value in self.varied.items() if isinstance(value, Range)}

    @cached_property
    def settings(self) -> dict[str, dict[str, str]]:
        """Parameter values of each condition as text, and its ``null`` model; one without a name if there are none."""
        return {
            name: {key: values.text(value) for key, value in setting.items()}
            for name, setting in self.conditions.items()
        } or {"": {}}


def schema() -> str:
    """Return the JSON schema of a study file, which editors complete and check by."""
    return to_json(Study.model_json_schema()) + "\n"


def _setting(section: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a condition, its null model or other condition of the scenario under ``null``."""
    setting = values.flatten(section)
    if "condition" in setting and "null" in setting:
        raise ValueError("null and condition are the same; give one of them")
    return {"null" if name == "condition" else name: value for name, value in setting.items()}


if __name__ == "__main__":
    print(schema(), end="")
