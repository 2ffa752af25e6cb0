"""The checks of a model: what its runs, and those of its null models, say of each."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cortex.analysis.reference import ANY
from cortex.analysis.verdict import Outcome, Standing, outcome
from cortex.errors import Missed
from cortex.report import notebook, text
from cortex.studies.checks import Checks, Line
from cortex.studies.checks_model import Check
from cortex.studies.evidence import Evidence
from cortex.studies.state import StudyState

FIGURE = "validation.png"
"""Name of the figure of all checks."""

HEAD = ("", "check", "kind", "verdict", "measured", "missed by", "measured by")
"""Columns of the table of all checks."""

FULL = ""
"""The full model, which has no null model."""

LEFT_OUT = {
    "quick": "of the quick version",
    "changed": "with changed parameters, conditions, code or precision, or of a root seed with fewer runs",
}
"""Which runs do not count."""


@dataclass(frozen=True)
class Taken:
    """A part of a check in the full model and in null models.

    Attributes
    ----------
    line : Line
    models : dict of str to Evidence
        By name of the null model, the full model first; only what was measured.
    """

    line: Line
    models: dict[str, Evidence]

    def standing(self, model: str = FULL) -> Standing | None:
        """Return where it lies in a model; None if it was not measured, or has no band.

        One seed alone is unclear. A null model in which it is undefined does not show what is asked for: outside.
        """
        if model not in self.models or self.line.band == ANY:
            return None
        found = self.models[model]
        if model != FULL and found.standing == "undefined":
            return "outside"
        alone = not math.isnan(found.measured.mean) and all(map(math.isnan, found.measured[1:]))
        return "unclear" if alone else found.standing

    @property
    def missed_by(self) -> list[str]:
        """The null models in which it lies outside its band, or is undefined."""
        return [name for name in self.models if name != FULL and self.standing(name) == "outside"]

    @property
    def kept_by(self) -> list[str]:
        """The null models that must miss it and lie inside its band."""
        return [name for name in self.line.must_miss if self.standing(name) == "inside"]

    def as_plain(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        line = self.line
        about = {"what": line.what, "scenario": line.scenario, "measure": line.measure, "awaited": line.awaited}
        band = {"band": line.band, "source": line.source, "must_miss": line.must_miss}
        models = [
            {"model": name} | asdict(found) | {"standing": self.standing(name)} for name, found in self.models.items()
        ]
        return about | band | {"models": models, "missed_by": self.missed_by}


@dataclass(frozen=True)
class Finding:
    """What became of a check, or of a finding that would refute the theory."""

    check: Check
    parts: list[Taken]

    def outcome(self, model: str = FULL) -> Outcome:
        """Return what became of it in a model; parts that a null model does not have are not asked of it."""
        standings = [part.standing(model) for part in self.parts]
        return outcome(standings if model == FULL else [found for found in standings if found])

    @property
    def missed_by(self) -> list[str]:
        """The null models that miss it."""
        return list(dict.fromkeys(name for part in self.parts for name in part.missed_by))

    @property
    def measured(self) -> str:
        """How many of its parts were measured, such as "3 of 7"."""
        return f"{sum(part.standing() is not None for part in self.parts)} of {len(self.parts)}"

    @property
    def must_miss(self) -> list[str]:
        """The null models that must miss it."""
        return list(dict.fromkeys(name for part in self.parts for name in part.line.must_miss))

    @property
    def proves_nothing(self) -> bool:
        """Whether it is passed, and no null model misses it."""
        return self.outcome().startswith("passed") and not self.missed_by

    @property
    def verdict(self) -> str:
        """What became of it in the full model."""
        return f"{self.outcome()}, proves nothing" if self.proves_nothing else self.outcome()

    @property
    def carriers(self) -> list[str]:
        """The scenarios that measure it."""
        return list(dict.fromkeys(part.line.scenario for part in self.parts if part.line.scenario))

    def as_plain(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        about = {"name": self.check.name, "sentence": self.check.sentence, "must": self.check.must}
        about |= {"measured": self.measured}
        nulls = {"missed_by": self.missed_by, "must_miss": self.must_miss}
        return about | {"verdict": self.verdict} | nulls | {"parts": [part.as_plain() for part in self.parts]}


@dataclass(frozen=True)
class Validation:
    """What became of all checks.

    Attributes
    ----------
    checks : Checks
    findings : list of Finding
        The checks in order.
    refutations : list of Finding
        What would refute the theory.
    folder : Path
        Where page, table and figure are kept.
    states : sequence of StudyState
        The studies that were done for it; none of a folder that was only read.
    folders : mapping of str to Path
        Where the runs of the full model are that counted, by scenario.
    not_counted : mapping of str to int
        How many runs of these scenarios there are beside those that counted, see `LEFT_OUT`.
    """

    checks: Checks
    findings: list[Finding]
    refutations: list[Finding]
    folder: Path
    states: Sequence[StudyState] = ()
    folders: Mapping[str, Path] = field(default_factory=dict)
    not_counted: Mapping[str, int] = field(default_factory=dict)

    @property
    def left_out(self) -> str:
        """How many runs did not count, and why; empty if all did."""
        told = [f"{number} {LEFT_OUT[kind]}" for kind, number in self.not_counted.items() if number]
        return f"not counted: {', '.join(told)}" if told else ""

    @property
    def missed(self) -> list[str]:
        """Names of the checks that the model must pass and misses."""
        return [found.check.name for found in self.findings if found.check.must and found.outcome() == "missed"]

    @property
    def counted(self) -> bool:
        """Whether any run counted."""
        return any(part.models for found in (*self.findings, *self.refutations) for part in found.parts)

    @property
    def few(self) -> dict[str, int]:
        """How many seeds the full model has in each scenario with fewer than the checks ask for."""
        asked = self.checks.file.reduced.seeds if self.checks.reduced else self.checks.file.seeds
        full = [part.models[FULL] for found in self.findings for part in found.parts if FULL in part.models]
        return {found.study: found.runs for found in full if found.runs < asked}

    @property
    def models(self) -> list[str]:
        """The full model, then the null models that some check has, those that some check must be missed by first."""
        must = (name for found in self.findings for name in found.must_miss)
        known = (name for found in self.findings for part in found.parts for name in part.models)
        measured = dict.fromkeys(known)
        return [FULL, *(name for name in dict.fromkeys([*must, *measured]) if name and name in measured)]

    def refuted(self, finding: Finding) -> str:
        """Return "yes" if what would refute the theory was found, "no" if its opposite was, else "open"."""
        asked = [found.outcome() for found in self.findings if found.check.name in finding.check.checks]
        own = [finding.outcome()] if finding.parts else []
        if "missed" in [*own, *asked]:
            return "yes"
        return "no" if all(one == "passed" for one in [*own, *asked]) else "open"

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """A row of `HEAD` for each check."""
        return [
            (
                found.check.name,
                found.check.sentence,
                "must" if found.check.must else "should",
                found.verdict,
                found.measured,
                ", ".join(found.missed_by),
                ", ".join(f"{name} ({self.checks.model(name)})" for name in found.carriers),
            )
            for found in self.findings
        ]

    @property
    def summary(self) -> dict[str, Any]:
        """What ``cortex validate --json`` prints."""
        return {
            "title": self.checks.file.title,
            "folder": str(self.folder),
            "folders": {name: str(folder) for name, folder in self.folders.items()},
            "not_counted": dict(self.not_counted),
            "reduced": self.checks.reduced,
            "digest": self.checks.digest,
            "frozen": self.checks.is_frozen,
            "missed": self.missed,
            "checks": [found.as_plain() for found in self.findings],
            "refuted_if": [found.as_plain() | {"found": self.refuted(found)} for found in self.refutations],
        }

    def check_runs(self) -> None:
        """Raise RunFailed if a run failed that was made for it."""
        for state in self.states:
            state.check()

    def check(self) -> None:
        """Raise Missed if a check is missed that must be passed."""
        if self.missed:
            several = "checks that must be passed are" if len(self.missed) > 1 else "check that must be passed is"
            raise Missed(f"{len(self.missed)} {several} missed: {', '.join(self.missed)}")

    @property
    def figure(self) -> Path | None:
        """The picture of all checks; None if there is none to show, or none of them was measured."""
        return self.folder / FIGURE if (self.folder / FIGURE).is_file() else None

    def __repr__(self) -> str:
        figure = f"figure: {self.figure}" if self.figure else ""
        return "\n".join(filter(None, [text.columns([HEAD, *self.rows]), self.left_out, figure]))

    def _repr_html_(self) -> str:
        return notebook.table(HEAD, self.rows) + notebook.picture(self.figure)
