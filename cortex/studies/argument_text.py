"""The page of an argument: every claim with theory, measures, controls and verdict, in Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from cortex.report import text
from cortex.studies.argument_file import Claim
from cortex.studies.evidence import Evidence

if TYPE_CHECKING:
    from cortex.report.argument import Row

RULES = """\
Verdicts are computed. Each measure has a band, made before the runs; it is *inside* if its whole 95 % interval is, and
*outside* if no part is. A claim **holds** if all measures that speak for it are inside, **in part** if those that speak
against it are inside too, and **does not hold** if one that speaks for it is outside, or only those against it are
inside. A control takes away what the claim rests on, and must leave the band, or have no value in some run
(*undefined*); if one does neither, the claim is **unproven**. All else is **unclear**. Intervals are over seeds; where
n is 1, they are over the networks or draws of one run. Quick runs are too short for the bands and are **not scored**:
full runs in a folder of results beside this one are taken in their place, such as those of
`cortex study copy_pair --null no_hold --seeds 10`."""


@dataclass(frozen=True)
class Finding:
    """A claim, what was measured for and against it, its controls and its verdict."""

    claim: Claim
    supports: list[Evidence]
    opposes: list[Evidence]
    controls: list[Evidence]
    verdict: str

    @property
    def row(self) -> "Row":
        """What the figure shows of it: the first measure, and the first control of the same one."""
        from cortex.report.argument import Row

        first = [*self.supports, *self.opposes][0]
        control = next((found for found in self.controls if found.measure == first.measure), None)
        return Row(
            self.claim.claim,
            self.verdict,
            f"{first.study}: {first.measure}",
            first.band,
            first.measured,
            control.measured if control else None,
            control.condition if control else "",
            against=not self.supports,
            quick=first.quick,
        )

    def as_plain(self) -> dict[str, Any]:
        """Return all of it as plain values."""

        def plain(some: Iterable[Evidence]) -> list[dict[str, Any]]:
            return [asdict(found) | {"standing": found.standing} for found in some]

        measured = {"supports": plain(self.supports), "opposes": plain(self.opposes), "controls": plain(self.controls)}
        return {"claim": self.claim.claim, "verdict": self.verdict, "theory": self.claim.theory} | measured


def page(title: str, findings: Sequence[Finding], figure: str) -> str:
    """Write the page."""
    overview = [("", "claim", "verdict")]
    overview += [(str(number), found.claim.claim, f"**{found.verdict}**") for number, found in enumerate(findings, 1)]
    parts = [f"# {title}", text.markdown(overview), f"![All claims, each with one measure]({figure})", RULES]
    return "\n\n".join([*parts, *(_section(*numbered) for numbered in enumerate(findings, 1))]) + "\n"


def _section(number: int, finding: Finding) -> str:
    """Write one claim."""
    claim, everything = finding.claim, [*finding.supports, *finding.opposes, *finding.controls]
    rows: list[tuple[str, ...]] = [("", "measure", "measured", "n", "band", "found")]
    rows += [("for", *_cells(found)) for found in finding.supports]
    rows += [("against", *_cells(found)) for found in finding.opposes]
    rows += [(f"control `{found.condition}`", *_cells(found)) for found in finding.controls]
    used = dict.fromkeys(f"{found.study} {found.seed}" for found in everything)
    parts = [
        f"## {number}. {claim.claim}",
        f"**{finding.verdict.capitalize()}.** Theory: {claim.theory}",
        text.markdown(rows),
    ]
    return "\n\n".join([*parts, f"Root seeds: {', '.join(used)}."])


def _cells(found: Evidence) -> tuple[str, ...]:
    unit = "" if found.unit == "1" else f" {found.unit}"
    kind = ", quick" if found.quick else ""
    measured = f"{text.interval(found.measured)}{unit}" if found.runs else "no run"
    standing = "not scored" if found.quick else found.standing
    return (f"`{found.study}` `{found.measure}`", measured, f"{found.runs}{kind}", text.band(found.band), standing)
