"""The page of an argument: its claims with their verdicts first, then what each rests on."""

from pathlib import Path

from cortex.pages import answers, kept_answer, markdown, page
from cortex.pages.kept_answer import KeptArgument
from cortex.pages.page import Section, Table, Text
from cortex.report import text
from cortex.studies.argument import FIGURE, TABLE
from cortex.studies.argument_text import RULES

QUICK = (
    "Runs of the quick version are among these: they are too short for the bands, so that what rests on them alone is "
    "not scored."
)


def write(folder: Path, out: Path) -> Path:
    """Write the page of an argument to `out`, from what ``cortex study`` kept in its folder.

    Raises
    ------
    UsageError
        If that is damaged.
    EnvironmentProblem
        If the page cannot be written.
    """
    kept = kept_answer.read(folder / TABLE, KeptArgument)
    folders = {name: folder / name for name in kept.studies}
    ways = answers.links(out, folders)
    numbered = list(enumerate(kept.claims, 1))
    found = [
        (number, role, measured)
        for number, claim in numbered
        for role, some in (("for", claim.supports), ("against", claim.opposes), ("control", claim.controls))
        for measured in some
    ]
    claims = [(str(number), claim.claim, claim.verdict, claim.theory) for number, claim in numbered]
    rows = [
        (str(number), role, measured.condition, *answers.result(measured, ways.get(measured.study, measured.study)))
        for number, role, measured in found
    ]
    about = [Text([QUICK], notice=True)] if any(measured.quick for _, _, measured in found) else []
    head = ("claim", "speaks", "condition", *answers.RESULT_HEAD)
    sections = [
        Section(
            "Conclusion",
            [
                *about,
                Table(("", "claim", "verdict", "theory"), claims, "Claims and verdicts", sortable=True),
                *answers.figure(folder, FIGURE, "Claims, each with one measure"),
            ],
        ),
        Section("Evidence", [Table(head, rows, "What was measured, by the number of the claim", sortable=True)]),
        Section("How verdicts are computed", markdown.parts(RULES)),
        answers.studies(ways, folders, kept.studies),
    ]
    verdicts = answers.counted(claim.verdict for claim in kept.claims)
    lead = [f"{folder.name}: {text.count(len(kept.claims), 'claim')}: {verdicts}."]
    return page.write(out, kept.title or kept.argument, lead, sections)
