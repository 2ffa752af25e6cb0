"""The page of ``cortex validate``: what is missed first, then each check in each model, then what was measured."""

from collections.abc import Sequence
from pathlib import Path

from cortex.analysis.verdict import outcome
from cortex.pages import answers, kept_answer, markdown, page
from cortex.pages.kept_answer import KeptCheck, KeptChecks, KeptPart, Modelled
from cortex.pages.page import Items, Part, Section, Table, Text
from cortex.report.text import band, count
from cortex.studies.validating import TABLE
from cortex.studies.validation import FIGURE, FULL, LEFT_OUT
from cortex.studies.validation_text import REDUCED, RULES

FULL_MODEL = "full model"


def write(folder: Path, out: Path) -> Path:
    """Write the page of the checks to `out`, from what ``cortex validate`` kept in a folder.

    Raises
    ------
    UsageError
        If that is damaged.
    EnvironmentProblem
        If the page cannot be written.
    """
    kept = kept_answer.read(folder / TABLE, KeptChecks)
    folders = {name: Path(place) for name, place in kept.folders.items()}
    ways = answers.links(out, folders)
    rows = [
        (check.name, part.what, model.model or FULL_MODEL, *_result(part, model, ways))
        for check in (*kept.checks, *kept.refuted_if)
        for part in check.parts
        for model in part.models
    ]
    head = ("check", "asked for", "model", *answers.RESULT_HEAD, "source of the band")
    sections = [
        Section("Conclusion", [*_conclusion(kept), *answers.figure(folder, FIGURE, "Checks and models")]),
        Section("Checks and models", _matrix(kept.checks)),
        Section("Measures", [Table(head, rows, "Every part of every check in every model", sortable=True)]),
        Section("Not measured", _awaited(kept)),
        Section("How checks are scored", markdown.parts(RULES)),
        answers.studies(ways, folders, {}),
    ]
    left_out = [f"{number} {LEFT_OUT.get(kind, kind)}" for kind, number in kept.not_counted.items() if number]
    lead = [
        f"{folder.name}: {count(len(kept.checks), 'check')}: {answers.counted(check.verdict for check in kept.checks)}."
    ]
    lead += [f"Runs not counted: {', '.join(left_out)}."] if left_out else []
    return page.write(out, kept.title, lead, sections)


def _conclusion(kept: KeptChecks) -> list[Part]:
    """Say which checks are missed, and whether the theory is refuted."""
    warned = [*([REDUCED.replace("**", "")] if kept.reduced else [])]
    warned += [] if kept.frozen else ["The bands are not those that were frozen."]
    told = f"Missed, though they must be passed: {', '.join(kept.missed)}." if kept.missed else ""
    asked = [f"({found.name}) {found.sentence}: {found.found}" for found in kept.refuted_if]
    parts: list[Part] = [Text([" ".join(line.split()) for line in warned], notice=True)] if warned else []
    parts.append(Text([told or "No check is missed that must be passed."]))
    if asked:
        parts += [Text(["What would refute the theory, and whether it was found:"]), Items(asked)]
    return parts


def _matrix(checks: Sequence[KeptCheck]) -> list[Part]:
    """Return the table of all checks against all models."""
    if not checks:
        return []
    measured = (model.model for check in checks for part in check.parts for model in part.models)
    nulls = [name for name in dict.fromkeys(measured) if name != FULL]
    head = ("check", "asks for", "kind", "verdict", "measured", *nulls)
    rows = [
        (
            check.name,
            check.sentence,
            "must" if check.must else "should",
            check.verdict,
            check.measured,
            *(_in_null_model(check, name) for name in nulls),
        )
        for check in checks
    ]
    note = "A column for each null model, which takes one mechanism away: what became of the check in it."
    return [Table(head, rows, "Checks, the full model's verdict, and the null models", [note], sortable=True)]


def _in_null_model(check: KeptCheck, name: str) -> str:
    """Return what became of a check in a null model, and whether it must be missed there."""
    found = [model.standing for part in check.parts for model in part.models if model.model == name]
    became = outcome(filter(None, found))
    if not any(name in part.must_miss for part in check.parts):
        return became if found else ""
    return "missed, as it must be" if became == "missed" else f"{became}, but must be missed"


def _result(part: KeptPart, model: Modelled, ways: dict[str, str | page.Link]) -> tuple[str | page.Link, ...]:
    return *answers.result(model, ways.get(model.study, model.study)), part.source


def _awaited(kept: KeptChecks) -> list[Part]:
    rows = [
        (check.name, part.what, band(part.band), part.awaited or "no run counts")
        for check in (*kept.checks, *kept.refuted_if)
        for part in check.parts
        if not part.models
    ]
    return (
        [Table(("check", "asked for", "band", "why"), rows, "Parts without a number", sortable=len(rows) > 10)]
        if rows
        else []
    )
