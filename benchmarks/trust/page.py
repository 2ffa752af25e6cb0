"""What was found as a table: on the terminal, and in docs/trust.md."""

from collections import Counter
from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Table

from benchmarks.trust.result import KINDS, Failure, Result

HEAD = ("part", "group", "tried", *KINDS)


def rows(results: Mapping[str, Result]) -> list[tuple[str, ...]]:
    """Return the lines of the table: one for each group, and one for all."""
    lines = [
        (part, group, f"{count:,}", *(f"{result.count(kind, group):,}" for kind in KINDS))
        for part, result in results.items()
        for group, count in result.tried.items()
    ]
    total = Result()
    for result in results.values():
        total.add(result)
    return [*lines, ("all", "", f"{total.tried.total():,}", *(f"{total.count(kind):,}" for kind in KINDS))]


def show(results: Mapping[str, Result]) -> None:
    """Print the table, what failed, and what was left out."""
    console = Console()
    table = Table(*HEAD, title="What was tried, and what was not as promised")
    for column in table.columns[2:]:
        column.justify = "right"
    for row in rows(results):
        table.add_row(*row, style="bold" if row[0] == "all" else None)
    console.print(table)
    for result in results.values():
        for line in told(result.failures):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        for note in result.notes:
            console.print(f"left out: {note}", markup=False)


def told(failures: Iterable[Failure]) -> list[str]:
    """Return the failures, alike ones together, each kind with one case and how to repeat it."""
    alike: dict[tuple[str, str, str], list[Failure]] = {}
    for failure in failures:
        alike.setdefault((failure.group, failure.kind, failure.told[:60]), []).append(failure)
    return [
        f"{len(some)} x {kind} in {group}: {some[0].case[:120]}: {some[0].told}\n    {some[0].repeat}"
        for (group, kind, _), some in sorted(alike.items(), key=lambda item: -len(item[1]))
    ]


def markdown(results: Mapping[str, Result], when: str, command: str, seconds: float) -> str:
    """Return the table for the page."""
    lines = [f"`{command}`, {when}, {seconds / 60:.0f} minutes", "", f"| {' | '.join(HEAD)} |"]
    lines += ["|---|---" + "|---:" * (len(HEAD) - 2) + "|"]
    lines += [f"| {' | '.join(row)} |" for row in rows(results)]
    notes = Counter(note for result in results.values() for note in result.notes)
    return "\n".join([*lines, "", *(f"* left out: {note}" for note in notes)])
