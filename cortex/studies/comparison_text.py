"""A comparison as text: its answer, and its tables with what must be known to read them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cortex.analysis.comparison import LEVEL, fewest_pairs, smallest_q
from cortex.analysis.reference import Band
from cortex.analysis.statistics import Interval
from cortex.report import notebook, text
from cortex.studies.contrast import Entry, Question
from cortex.studies.effects import Effects
from cortex.studies.selection import Levels

Row = tuple[str, ...]

TOO_FEW = "too few seeds to tell"

QUICK = "quick version"

NOTHING = (
    "Quick version: its phases are too short for conclusions, so that none is drawn. The numbers show that the study "
    "works, and nothing else."
)
"""What is said in the place of a conclusion."""


@dataclass(frozen=True)
class Block:
    """A table.

    Attributes
    ----------
    title : str
    rows : list of tuple of str
        The first is its head.
    notes : list of str
        Lines below it.
    """

    title: str
    rows: list[Row]
    notes: list[str]

    @property
    def text(self) -> str:
        """The table as plain text."""
        return "\n".join([self.title, text.columns(self.rows), *self.notes])

    @property
    def html(self) -> str:
        """The table for a notebook."""
        head, *rows = self.rows
        return "".join(
            [notebook.paragraph(self.title), notebook.table(head, rows), *map(notebook.paragraph, self.notes)]
        )


SHOWN = 12
"""Most levels of which an answer tells one by one."""


def answer(conclusion: str, entries: Sequence[Entry], question: Question, quick: bool = False) -> str:
    """Return the conclusion without its tables, or else what became of the primary measure; without one, what differs.

    Of many levels only the first are told of. Empty if nothing was compared.
    """
    if conclusion:
        return conclusion.split("\n## ")[0].rstrip()
    if quick:
        return NOTHING
    if question.primary:
        lines = [_sentence(entry, question.criterion) for entry in entries if entry.measure == question.primary]
        return "\n".join(_first(lines))
    return "\n".join(_differing(entries))


def answering(entries: Sequence[Entry], matters: Mapping[str, Mapping[str, Effects]], question: Question) -> list[str]:
    """Return the measures that answer a question: the primary one; without one those that differ between levels.

    All where nothing was chosen beforehand and no levels are compared.
    """
    if question.primary:
        return [question.primary]
    if entries:
        return list(dict.fromkeys(entry.measure for entry in entries if entry.q < LEVEL))
    return list(dict.fromkeys(name for measures in matters.values() for name in measures))


def blocks(
    levels: Levels | None,
    entries: Sequence[Entry],
    matters: Mapping[str, Mapping[str, Effects]],
    question: Question,
    quick: bool = False,
) -> list[Block]:
    """Return all tables of a comparison."""
    tables = []
    mark = f" ({QUICK})" if quick else ""
    if levels and entries:
        others = f", within equal {', '.join(levels.blocks)}" if levels.blocks else ""
        title = f"{question.by} against {text.level(entries[0].reference)}, paired by seed{others}{mark}"
        lines = [line for entry in entries for line in _reached(entry, question.criterion)]
        tables.append(Block(title, _differences(entries, question.primary), _notes(entries, question.primary) + lines))
    for condition, measures in matters.items():
        if not measures:
            continue
        kinds = ", ".join(sorted({effect.kind for effect in measures.values()}))
        title = f"{kinds} of each parameter{f' in {condition}' if condition else ''} [95 %]{mark}"
        rows, undefined = _influences(measures)
        notes = [f"undefined: {', '.join(undefined)}"] if undefined else []
        notes += _no_interval(measures)
        tables.append(Block(title, rows, notes))
    return tables


def marks(quick: bool, few: bool) -> list[str]:
    """Return what is written on a figure."""
    return [QUICK] * quick + [TOO_FEW] * few


def judged(conclusion: str, quick: bool, seeds: int) -> str:
    """Return a conclusion with what a reader must know first; of the quick version only its tables, marked as such."""
    if not quick and seeds >= fewest_pairs():
        return conclusion
    title, *parts = f"\n{conclusion.strip()}".split("\n## ")
    head = [line for line in title.splitlines() if line.startswith("# ")]
    if not quick and TOO_FEW in title:  # the scenario says so itself
        return conclusion
    if not quick:
        rest = [line for line in title.splitlines() if not line.startswith("# ")]
        few = f"With {text.count(seeds, 'seed')} there are {TOO_FEW} differences from chance: take at least"
        head += [f"{few} {fewest_pairs()}.", "\n".join(rest).strip()]
    marked = [part.replace("\n", f" ({QUICK})\n", 1) if quick else part for part in parts]
    return "\n\n".join(filter(None, [*head, NOTHING if quick else "", *(f"## {part}".rstrip() for part in marked)]))


def _first(lines: Sequence[str]) -> list[str]:
    """Return what is told of the first levels, and that there are more."""
    more = text.count(len(lines) - SHOWN, "more level")
    return [*lines[:SHOWN], *([f"and {more}, which the tables show"] if len(lines) > SHOWN else [])]


def _differing(entries: Sequence[Entry]) -> list[str]:
    """Return which measures differ from the reference, a line for each level where any does and one for the others."""
    differing: list[str] = []
    same: list[Entry] = []
    few: list[Entry] = []
    for level in dict.fromkeys(entry.level for entry in entries):
        of_level = [entry for entry in entries if entry.level == level]
        known = [entry for entry in of_level if entry.comparison.pairs] or of_level
        if found := [entry for entry in known if entry.q < LEVEL]:
            told = ", ".join(f"{entry.measure} (by {text.interval(entry.comparison.difference)})" for entry in found)
            differ = "differs" if len(found) == 1 else "differ"
            differing.append(f"{_compared(known)}, {len(found)} {differ} (q < {LEVEL:g}): {told}")
        else:
            (few if all(entry.few for entry in known) else same).extend(known)
    lines = _first(differing)
    if same:
        lines.append(f"{_compared(same)}, none differ (q < {LEVEL:g})")
    if few:
        pairs = text.count(max(entry.comparison.pairs for entry in few), "pair")
        needed = f"at least {few[0].needed} are needed"
        lines.append(f"{_compared(few)}: {TOO_FEW} differences from chance ({pairs}, {needed})")
    return lines


def _compared(entries: Sequence[Entry]) -> str:
    """Return how many measures are compared at which levels."""
    levels = list(dict.fromkeys(text.level(entry.level) for entry in entries))
    several = f"each of {len(levels)} other levels" if len(levels) > 1 else levels[0]
    measures = text.count(len({entry.measure for entry in entries}), "measure")
    return f"of {measures} at {several} and {text.level(entries[0].reference)}, none chosen beforehand"


def _sentence(entry: Entry, criterion: Band) -> str:
    comparison = entry.comparison
    chance = "" if math.isnan(comparison.p) else f", p = {comparison.p:.2g}"
    return "\n".join(
        [
            f"{entry.measure} at {text.level(entry.level)} {text.number(comparison.mean)}, at "
            f"{text.level(entry.reference)} {text.number(comparison.reference)}: difference "
            f"{text.interval(comparison.difference)} in {text.count(comparison.pairs, 'pair')}{chance}"
            + (f": {TOO_FEW} (at least {entry.needed} are needed)" if entry.few else ""),
            *_reached(entry, criterion),
        ]
    )


def _differences(entries: Sequence[Entry], primary: str) -> list[Row]:
    """Return measures at each level beside the reference, with difference, effect and significance."""
    rows: list[Row] = [("measure", "level", "pairs", "reference", "mean", "difference [95 %]", "d_z", "p", "q")]
    for entry in entries:
        comparison = entry.comparison
        rows.append(
            (
                f"{entry.measure} *" if entry.measure == primary else entry.measure,
                text.level(entry.level),
                str(comparison.pairs),
                text.number(comparison.reference),
                text.number(comparison.mean),
                text.interval(comparison.difference),
                text.number(comparison.effect),
                "" if math.isnan(comparison.p) else f"{comparison.p:.2g}",
                "" if math.isnan(entry.q) else f"{entry.q:.2g}",
            )
        )
    return rows


def _notes(entries: Sequence[Entry], primary: str) -> list[str]:
    notes = ["* the primary measure, chosen beforehand"] if primary in {entry.measure for entry in entries} else []
    notes.append(
        "p: sign-flip permutation of paired differences; q: p adjusted for all comparisons (Benjamini-Yekutieli)"
    )
    for is_primary in (True, False):
        family = [entry for entry in entries if (entry.measure == primary) == is_primary]
        if family and all(entry.few for entry in family):
            pairs, first = max(entry.comparison.pairs for entry in family), family[0]
            smallest = f"{smallest_q(pairs, first.family):.2g}"
            which = f"differences in {primary}" if is_primary else f"one of {first.family} differences from chance"
            needed = f"take at least {first.needed}"
            notes.append(f"{TOO_FEW} {which}: with {pairs} no q can be below {smallest}; {needed}")
    return notes


def _reached(entry: Entry, criterion: Band) -> list[str]:
    """Return in lines how many runs met the criterion, and which of each pair was there first."""
    level, reference = text.level(entry.level), text.level(entry.reference)
    lines = []
    if entry.criterion:
        shares = [f"{share.mean:.0%}{text.ends(share, '.0%')}" for share in entry.criterion]
        met = f"{entry.measure} {text.band(criterion)}"
        lines.append(f"{met}: {shares[0]} of the runs at {level}, {shares[1]} at {reference}")
    if entry.first and entry.reached:
        first = entry.first
        tests = "" if math.isnan(first.p) else f"; sign test p = {first.p:.2g}"
        tests += "" if math.isnan(entry.logrank) else f"; log-rank p = {entry.logrank:.2g}"
        lines.append(
            f"{entry.measure}: reached by {entry.reached[0]:.0%} at {level}, {entry.reached[1]:.0%} at {reference}; "
            f"of the pairs {level} was first in {first.a}, {reference} in {first.b}, undecided {first.undecided}{tests}"
        )
    return lines


def _influences(measures: Mapping[str, Effects]) -> tuple[list[Row], list[str]]:
    """Return the influence of each parameter beside each measure, and the measures for which none is defined."""
    names = list(dict.fromkeys(name for effect in measures.values() for name in effect.names))
    rows: list[Row] = [("measure", *names)]
    undefined = []
    for measure, effect in measures.items():
        if all(math.isnan(share.mean) for share in effect.first):
            undefined.append(measure)
            continue
        rows.append((measure, *_cells(names, effect.names, effect.first)))
        if effect.total:
            rows.append((f"{measure} (total)", *_cells(names, effect.names, effect.total)))
    return rows, undefined


def _no_interval(measures: Mapping[str, Effects]) -> list[str]:
    """Return why rank correlations have no interval, each reason with the measures that it holds for."""
    reasons: dict[str, dict[str, None]] = {}
    for measure, effect in measures.items():
        for reason in effect.no_interval.values():
            reasons.setdefault(reason, {})[measure] = None
    defined = sum(not all(math.isnan(share.mean) for share in effect.first) for effect in measures.values())
    which = {reason: "" if len(of) == defined else f" of {', '.join(of)}" for reason, of in reasons.items()}
    return [f"no interval{which[reason]}: {reason}" for reason in reasons]


def _cells(names: Sequence[str], known: Sequence[str], shares: Sequence[Interval]) -> list[str]:
    cells = dict(zip(known, map(text.interval, shares), strict=True))
    return [cells.get(name, "") for name in names]
