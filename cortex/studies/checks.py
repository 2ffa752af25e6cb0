"""What the checks of `cortex validate` are: each a few lines, a measure with the band it must lie in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cortex.analysis.reference import ANY, Band, Reference
from cortex.studies.argument_file import Named
from cortex.studies.checks_model import ChecksFile

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario


@dataclass(frozen=True)
class Line:
    """A part of a check with what its names stand for.

    Attributes
    ----------
    what : str
    named : Named, optional
        Its measure; None if nothing measures it yet.
    condition : str
        The condition in which it is taken; empty for the full model.
    band : tuple of float or None
    reference : Reference, optional
        The published number that the band rests on; None for a band of this project.
    must_miss : tuple of str
        Null models that must lie outside the band.
    awaited : str
        Why nothing measures it yet; else empty.
    less : str
        The measure that is taken off; empty if none is.
    is_own : bool
        Whether the band is of the reduced version alone.
    """

    what: str
    named: Named | None
    condition: str
    band: Band
    reference: Reference | None
    must_miss: tuple[str, ...]
    awaited: str
    less: str = ""
    is_own: bool = False

    @property
    def scenario(self) -> str:
        """Name of the scenario that measures it; empty if none does."""
        return self.named.study if self.named else ""

    @property
    def measure(self) -> str:
        """The measure, its condition and what is taken off it or divides it, as one name."""
        if self.named is None:
            return ""
        taken = f"{self.condition}." if self.condition else ""
        less = f" - {self.less}" if self.less else ""
        return f"{taken}{self.named.measure}{less}" + (f" / {self.named.against}" if self.named.against else "")

    @property
    def key(self) -> str:
        """Scenario and measure, as one name."""
        return f"{self.scenario}.{self.measure}" if self.named else ""

    @property
    def conditions(self) -> list[str]:
        """The conditions whose runs it needs, beside the full model."""
        other = [self.condition, self.named.against] if self.named else []
        return [name for name in [*other, *self.must_miss] if name]

    @property
    def source(self) -> str:
        """Where the band comes from, and how far it can be relied on."""
        if self.is_own:
            return "development seeds"
        if self.reference is None:
            return "" if self.band == ANY else "this project"
        obtained = {"read": "", "recalled": ", recalled: provisional"}
        return self.reference.source + obtained.get(self.reference.provenance, f", {self.reference.provenance}")


@dataclass(frozen=True)
class Checks:
    """Checks whose names are resolved.

    Attributes
    ----------
    file : ChecksFile
    scenarios : dict of str to Scenario
        By name; those that measure something.
    lines : dict of str to list of Line
        By name of the check or letter of the finding.
    digest : str
        Of all bands, those of the reduced version too, and of what must miss them.
    reduced : bool
        Whether it is the reduced version.
    """

    file: ChecksFile
    scenarios: "dict[str, Scenario]"
    lines: dict[str, list[Line]]
    digest: str
    reduced: bool = False

    def conditions(self, scenario: str) -> list[str]:
        """Return the null models and conditions of a scenario that the checks need."""
        if self.reduced and scenario in self.file.reduced.conditions:
            return self.file.reduced.conditions[scenario]
        lines = [line for lines in self.lines.values() for line in lines if line.scenario == scenario]
        return list(dict.fromkeys(name for line in lines for name in line.conditions))

    def fixed(self, scenario: str) -> dict[str, Any]:
        """Return the parameter values of a scenario that all its runs share."""
        return self.file.reduced.fixed.get(scenario, {}) if self.reduced else {}

    def model(self, scenario: str) -> str:
        """Return the name of the model that a scenario simulates; its own name if it has one to itself."""
        package, _, rest = type(self.scenarios[scenario].parameters).__module__.partition(".")
        return rest.partition(".")[0] if package == "models" else scenario

    @property
    def is_frozen(self) -> bool:
        """Whether all bands are those that the file's digest was made of."""
        return self.digest == self.file.digest
