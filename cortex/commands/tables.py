"""What the commands print: parameters, plans, results."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cortex.report import text

if TYPE_CHECKING:
    from cortex.analysis.reference import Band
    from cortex.experiment.result import Result
    from cortex.experiment.scenario import Phase
    from cortex.studies.contrast import Entry
    from cortex.studies.effects import Effects
    from cortex.studies.state import State


def phases(listed: "Sequence[Phase]") -> str:
    """Tell the phases of a protocol."""
    rows = [(phase.name, f"{float(phase.start):g} s", f"{float(phase.duration):g} s") for phase in listed]
    return text.columns([("phase", "start", "duration"), *rows])


def results(results: "Sequence[Result]") -> str:
    """Set measures beside predictions and bands: values of one run, or means and intervals of several."""
    from cortex.analysis.reference import ANY
    from cortex.analysis.statistics import summarise

    record = results[0].record
    names = list(dict.fromkeys([*record["measures"], *record["predictions"]]))
    bands = {name: tuple(limits) for name, limits in record["bands"].items()}
    measured, predicted = (
        {name: [_number(result.record[kind].get(name)) for result in results] for name in names}
        for kind in ("measures", "predictions")
    )
    several = len(results) > 1
    head = ("measure", "mean", "95 % interval") if several else ("measure", "value")
    table = [(*head, "prediction", "band", "ok")]
    for row, prediction in zip(summarise(measured, bands), summarise(predicted, {}), strict=True):
        known = row.measure in record["measures"]
        interval = (f"{row.interval.low:.4g} .. {row.interval.high:.4g}",) if several else ()
        verdict = {"inside": "yes"}.get(row.mean_score, row.mean_score) if row.band != ANY else ""
        table.append(
            (
                row.measure,
                *((f"{row.interval.mean:.4g}", *interval) if known else ("",) * (len(head) - 1)),
                f"{prediction.interval.mean:.4g}" if row.measure in record["predictions"] else "",
                text.band(row.band),
                verdict,
            )
        )
    return text.columns(table)


def study_counts(state: "State", planned: int) -> str:
    """Tell how many runs of a study are what."""
    rows = [
        ("complete", f"{len(state.complete)} of {planned}"),
        ("failed", str(len(state.failed))),
        ("running", str(len(state.running))),
        ("waiting", str(len(state.waiting))),
    ]
    return text.columns(rows)


def comparison(entries: "Sequence[Entry]", primary: str) -> str:
    """Set measures at each level beside the reference, with difference, effect and significance."""
    rows = [("measure", "level", "pairs", "reference", "mean", "difference [95 %]", "d_z", "p", "q")]
    for entry in entries:
        found = entry.comparison
        rows.append(
            (
                f"{entry.measure} *" if entry.measure == primary else entry.measure,
                text.level(entry.level),
                str(found.pairs),
                text.number(found.reference),
                text.number(found.mean),
                text.interval(found.difference),
                text.number(found.effect),
                "" if math.isnan(found.p) else f"{found.p:.2g}",
                "" if math.isnan(entry.q) else f"{entry.q:.2g}",
            )
        )
    notes = ["* the primary measure, chosen beforehand"] if primary else []
    notes.append(
        "p: sign-flip permutation of paired differences; q: p adjusted for all comparisons (Benjamini-Yekutieli)"
    )
    pairs = min(entry.comparison.pairs for entry in entries)
    if 1 < pairs < 6:
        notes.append(f"with {pairs} seeds no p can be below {2 / 2**pairs:.2g}")
    return "\n".join([text.columns(rows), *notes])


def reached(entry: "Entry", criterion: "Band") -> str:
    """Tell in lines how many runs met the criterion, and which of each pair was there first."""
    here, there = text.level(entry.level), text.level(entry.reference)
    lines = ""
    if entry.criterion:
        shares = [f"{share.mean:.0%}{text.ends(share, '.0%')}" for share in entry.criterion]
        lines += f"{entry.measure} {text.band(criterion)}: {shares[0]} of the runs at {here}, {shares[1]} at {there}\n"
    if entry.first and entry.reached:
        first = entry.first
        tests = "" if math.isnan(first.p) else f"; sign test p = {first.p:.2g}"
        tests += "" if math.isnan(entry.logrank) else f"; log-rank p = {entry.logrank:.2g}"
        lines += (
            f"{entry.measure}: reached by {entry.reached[0]:.0%} at {here}, {entry.reached[1]:.0%} at {there}; of the "
            f"pairs {here} was first in {first.a}, {there} in {first.b}, undecided {first.undecided}{tests}\n"
        )
    return lines


def effects(measures: "Mapping[str, Effects]") -> str:
    """Set the influence of each parameter beside each measure."""
    names = list(dict.fromkeys(name for effect in measures.values() for name in effect.names))
    rows = [("measure", *names)]
    for measure, effect in measures.items():
        found = dict(zip(effect.names, map(text.interval, effect.first), strict=True))
        rows.append((measure, *(found.get(name, "") for name in names)))
        if effect.total:
            total = dict(zip(effect.names, map(text.interval, effect.total), strict=True))
            rows.append((f"{measure} (total)", *(total.get(name, "") for name in names)))
    return text.columns(rows)


def _number(value: float | None) -> float:
    return math.nan if value is None else value
