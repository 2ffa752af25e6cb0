"""The page of the checks, in Markdown, and what its figure shows."""

import math
from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING

from cortex.report import text
from cortex.studies.evidence import Evidence
from cortex.studies.validation import FIGURE, FULL, HEAD, Finding, Taken, Validation

if TYPE_CHECKING:
    from cortex.report.matrix import Row

RULES = """\
A part of a check is **passed** if the whole 95 % interval over seeds lies inside the band, **missed** if no part of it
does, and **unclear** if it lies across an end. A check is passed if all its parts are, **in part** if some are not
measured yet, and missed if one part is. Of the null models, each of which takes one mechanism away, at least one must
miss a check that the full model passes, or have no value of it in some seed (*undefined*): else the check **proves
nothing**. Null models that must miss a part are in bold. A band counts if it stood before the runs; those called
*provisional* rest on a number that was recalled and not read in the paper, and those of *this project* on none. n is
the number of seeds; a single one has no interval and is unclear. A ratio to another condition pairs the same seeds."""

PARTS: tuple[str, ...] = (
    "asked for",
    "measure",
    "band",
    "source",
    "full model",
    "found",
    "missed by null models",
    "not missed, but must be",
)

CHANGED = "**The bands are not those that were frozen**: their digest is `{}`, and the file says `{}`."

FEW = "**Fewer seeds than the checks ask for**, so that more is unclear: {}."

REDUCED = """\
This is the **reduced** version, of fewer seeds and null models: more is unclear than in the full one. Bands are those
of the full version, but for those whose source is *development seeds*."""


def page(validation: Validation) -> str:
    """Write the page."""
    checks = validation.checks
    rows = [(name, check, kind, f"**{verdict}**", *more) for name, check, kind, verdict, *more in validation.rows]
    frozen = f"Digest of the bands: `{checks.digest}`."
    if not checks.is_frozen:
        frozen = CHANGED.format(checks.digest, checks.file.digest)
    parts = [f"# {text.plain_markdown(checks.file.title)}", *([REDUCED] if checks.reduced else []), RULES, frozen]
    if validation.few:
        parts.append(FEW.format(", ".join(f"{name} {runs}" for name, runs in validation.few.items())))
    if validation.left_out:
        parts.append(f"Runs {validation.left_out}.")
    if validation.findings:
        parts += [text.markdown([HEAD, *rows]), f"![Checks and models]({FIGURE})"]
    for found in validation.findings:
        parts.append(_section(f"{found.check.name}. {found.check.sentence}", _verdict(found), found))
    parts += ["## What would refute the theory"] if validation.refutations else []
    for found in validation.refutations:
        asked = f" It asks for the checks {' and '.join(found.check.checks)}." if found.check.checks else ""
        answer = f"**{validation.refuted(found).capitalize()}.**{asked}"
        parts.append(_section(f"({found.check.name}) {found.check.sentence}", answer, found, level="###"))
    return "\n\n".join(parts) + "\n"


def matrix(validation: Validation) -> "tuple[list[Row], list[str], str]":
    """Return what the figure shows: a row for each check, the names of the models, and the title."""
    from cortex.report.matrix import Row

    rows = [
        Row(
            found.check.name,
            found.check.sentence,
            found.check.must,
            found.measured,
            [found.verdict if model == FULL else found.outcome(model) for model in validation.models],
            [model in found.must_miss for model in validation.models],
        )
        for found in validation.findings
    ]
    title = validation.checks.file.title + " (reduced version)" * validation.checks.reduced
    return rows, ["full model", *validation.models[1:]], title


def _verdict(found: Finding) -> str:
    """Write the verdict on a check, and why it proves nothing if it does."""
    if not found.proves_nothing:
        return f"**{found.verdict.capitalize()}.**"
    run = list(dict.fromkeys(name for part in found.parts for name in part.models if name != FULL))
    why = f"no null model misses it ({', '.join(run)})" if run else "no null model was run"
    return f"**{found.verdict.capitalize()}**: {why}."


def _section(heading: str, answer: str, found: Finding, level: str = "##") -> str:
    """Write one check."""
    rows = [PARTS, *(tuple(_cells(part)) for part in found.parts)]
    used = {f"{one.study} {one.seed}": None for part in found.parts for one in part.models.values()}
    seeds = [f"Root seeds: {', '.join(used)}."] if used else []
    return "\n\n".join(
        [f"{level} {text.plain_markdown(heading)}", answer, *([text.markdown(rows)] if found.parts else []), *seeds]
    )


def _cells(part: Taken) -> Iterator[str]:
    line, full = part.line, part.models.get(FULL)
    names = {"inside": "passed", "outside": "missed", None: "not measured"}
    yield line.what.rstrip(".")
    yield f"`{line.scenario}` `{line.measure}`" if line.named else ""
    yield text.band(line.band)
    yield line.source
    yield _measured(full) if full else line.awaited or "no run"
    yield "no band" if full and part.standing() is None else names.get(part.standing(), str(part.standing()))
    yield _nulls(part, part.missed_by, bold=line.must_miss)
    unclear = _nulls(part, [name for name in line.must_miss if part.standing(name) == "unclear"])
    not_run = [f"`{name}` not run" for name in line.must_miss if full and name not in part.models]
    yield "; ".join(filter(None, [_nulls(part, part.kept_by), unclear and f"unclear: {unclear}", *not_run]))


def _measured(found: Evidence) -> str:
    unit = "" if found.unit == "1" or math.isnan(found.measured.mean) else f" {found.unit}"
    return f"{_value(found)}{unit}, n = {found.runs}"


def _value(found: Evidence) -> str:
    """Write a mean with its interval, or in how many runs it is undefined."""
    known = not math.isnan(found.measured.mean)
    return text.interval(found.measured) if known else f"undefined in {found.lacking} of {found.runs}"


def _nulls(part: Taken, names: Sequence[str], bold: Container[str] = ()) -> str:
    """Write what null models have, some of them in bold."""
    written = {name: f"**`{name}`**" if name in bold else f"`{name}`" for name in names}
    return "; ".join(f"{written[name]} {_value(part.models[name])}" for name in names)
