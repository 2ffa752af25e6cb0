"""What a scenario measures, each with a sentence, a unit and a band; and its named settings."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cortex.analysis.reference import ANY, Band, Reference
from cortex.errors import UsageError

NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Measure:
    """A number that a run yields.

    Parameters
    ----------
    name : str
        Key in ``run.json`` and column of every table; it never changes once published.
    sentence : str
        What it is, in one sentence.
    unit : str
        Unit of the value as text, "1" for a ratio or a count.
    expected : tuple of float or None, optional
        Lowest and highest value expected; None leaves a side open. By default the band of the reference.
    reference : Reference, optional
        The published number it is compared with, from `cortex.analysis.published`.
    applies : callable
        ``applies(parameters)`` says whether the measure means anything for these parameter values.
    unless : tuple of str
        What must not have been found in a run if the measure is to mean anything, such as "no touch"; see
        `cortex.experiment.findings`.
    undefined : str, optional
        When there is nothing to measure: "no site is gained".
    limit : callable, optional
        For a time to a criterion: ``limit(parameters)`` is how long a run waits for it, in `unit`.
    """

    name: str
    sentence: str = ""
    unit: str = "1"
    expected: Band | None = None
    reference: Reference | None = None
    applies: Callable[[Any], bool] = lambda parameters: True
    limit: Callable[[Any], float] | None = None
    unless: tuple[str, ...] = ()
    undefined: str = ""

    def __post_init__(self) -> None:
        """Refuse a band whose ends are in the wrong order."""
        low, high = self.band
        if low is not None and high is not None and low > high:
            raise UsageError(f"measure {self.name}: the band {low} .. {high} is empty", hint="give (lowest, highest)")

    @property
    def band(self) -> Band:
        """Lowest and highest value expected."""
        if self.expected is not None:
            return self.expected
        return self.reference.band if self.reference else ANY

    @property
    def source(self) -> str:
        """Where the band comes from: the paper, or nothing for a band of this project."""
        reference = self.reference
        return f"{reference.source}, {reference.identifier}, {reference.where}" if reference else ""

    def missing(self, value: float, parameters: Any) -> str:
        """Return why there is no value: it does not apply, was not reached in time, or was not measured; else ""."""
        if not math.isnan(value):
            return ""
        if not self.applies(parameters):
            return "does not apply"
        limit = math.nan if self.limit is None else self.limit(parameters)
        if not math.isnan(limit):
            return f"not reached in {limit:g} {self.unit}"
        return f"{NOT_MEASURED}: {self.undefined or 'its analysis gave no number'}"


def measured_unless(found: tuple[str, ...], measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
    """Return measures that mean nothing in a run in which one of these was found."""
    return tuple(replace(measure, unless=(*measure.unless, *found)) for measure in measures)


class Condition(Mapping[str, str]):
    """Named parameter values of a scenario; as a mapping, the values by dotted name.

    Parameters
    ----------
    sentence : str
        What the condition is; for a null model, the mechanism that it removes.
    settings : mapping of str to str
        Parameter values as text.
    misses : tuple of str
        The measures that must leave their bands: of a null model, if they tell the mechanism from its absence.
    tells : tuple of str
        What is found in a run because it is meant, such as "nothing trained" without plasticity: no warning then.
    """

    def __init__(
        self, sentence: str, settings: Mapping[str, str], misses: tuple[str, ...] = (), tells: tuple[str, ...] = ()
    ) -> None:
        self.sentence = sentence
        self.settings = {name: str(value) for name, value in settings.items()}
        self.misses, self.tells = misses, tells

    def missing(self, *measures: str) -> "Condition":
        """Return the same condition, as a null model that must miss the bands of some measures."""
        return Condition(self.sentence, self.settings, measures, self.tells)

    def __getitem__(self, name: str) -> str:
        return self.settings[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.settings)

    def __len__(self) -> int:
        return len(self.settings)

    def __repr__(self) -> str:
        return f"Condition({self.sentence!r}, {self.settings!r})"


def condition(settings: Mapping[str, Any]) -> Condition:
    """Return parameter values as a condition; a condition stays as it is."""
    return settings if isinstance(settings, Condition) else Condition("", settings)
