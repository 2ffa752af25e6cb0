"""A comparison as files: rows of numbers in table.csv, plain values in comparison.json, the conclusion."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cortex.files import replace_text, to_json, write_csv
from cortex.report import text
from cortex.studies.contrast import Entry
from cortex.studies.effects import Effects
from cortex.studies.selection import Levels

CONCLUSION = "conclusion.md"


def flat(entry: Entry) -> dict[str, Any]:
    """Return an entry as one row of numbers."""
    comparison, first = entry.comparison, entry.first
    return {
        "measure": entry.measure,
        "level": text.level(entry.level),
        "reference": text.level(entry.reference),
        "pairs": comparison.pairs,
        "mean_level": comparison.mean,
        "mean_reference": comparison.reference,
        "difference": comparison.difference.mean,
        "difference_low": comparison.difference.low,
        "difference_high": comparison.difference.high,
        "effect_dz": comparison.effect,
        "p": comparison.p,
        "q": entry.q,
        "pairs_needed": entry.needed,
        "logrank_p": entry.logrank,
        "reached_level": entry.reached[0] if entry.reached else math.nan,
        "reached_reference": entry.reached[1] if entry.reached else math.nan,
        "first_level": first.a if first else math.nan,
        "first_reference": first.b if first else math.nan,
        "undecided": first.undecided if first else math.nan,
        "sign_test_p": first.p if first else math.nan,
        "criterion_level": entry.criterion[0].mean if entry.criterion else math.nan,
        "criterion_reference": entry.criterion[1].mean if entry.criterion else math.nan,
    }


def unknown(value: Any) -> bool:
    """Return whether it is a number that is not known."""
    return isinstance(value, float) and math.isnan(value)


def plain(
    levels: Levels | None, entries: Sequence[Entry], matters: Mapping[str, Mapping[str, Effects]]
) -> dict[str, Any]:
    """Return levels, comparisons and influences as plain values."""
    return {
        "by": levels.by if levels else None,
        "levels": {text.level(level): len(runs) for level, runs in levels.runs.items()} if levels else {},
        "within": levels.blocks if levels else [],
        "comparisons": [flat(entry) for entry in entries],
        "matters": {
            condition: {
                measure: {
                    "kind": effect.kind,
                    "first": {n: share._asdict() for n, share in zip(effect.names, effect.first, strict=True)},
                    "total": {n: share._asdict() for n, share in zip(effect.names, effect.total or [], strict=False)},
                }
                for measure, effect in measures.items()
            }
            for condition, measures in matters.items()
        },
    }


def keep(
    folder: Path,
    levels: Levels | None,
    entries: Sequence[Entry],
    matters: Mapping[str, Mapping[str, Effects]],
    conclusion: str,
    quick: bool,
) -> None:
    """Write table.csv, comparison.json and conclusion.md."""
    rows = [flat(entry) | {"quick": str(quick).lower()} for entry in entries]
    if rows:
        fields = [["" if unknown(value) else value for value in row.values()] for row in rows]
        write_csv(folder / "table.csv", [list(rows[0]), *fields])
    replace_text(folder / "comparison.json", to_json(plain(levels, entries, matters) | {"quick": quick}) + "\n")
    if conclusion:
        replace_text(folder / CONCLUSION, conclusion + "\n")
