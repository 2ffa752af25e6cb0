"""Plain text for the command line: parameters, plans, results."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cortex.analysis.reference import Band
    from cortex.analysis.statistics import Interval
    from cortex.experiment.result import Result
    from cortex.experiment.scenario import Phase, Scenario
    from cortex.studies.contrast import Entry
    from cortex.studies.effects import Effects
    from cortex.studies.state import State


def columns(rows: Iterable[Sequence[str]], indent: str = "") -> str:
    """Set rows of text in columns."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        (indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))).rstrip()
        for row in rows
    )


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """Write a table in Markdown, the first row as its head, with columns that also stand in a terminal."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    head, *body = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    lines = [head, ["-" * width for width in widths], *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def scenario(shown: "Scenario") -> str:
    """Tell what a scenario is about, and all that can be set."""
    lines = [shown.title, shown.citation, "", "parameters"]
    for row in shown.parameters.describe():
        unit = row.unit_text if row.unit_text.startswith("/") else f" {row.unit_text}".rstrip()
        bounds = f"   ({row.bounds_text})" if row.bounds_text else ""
        source = f" [{row.source}]" if row.source else ""
        lines += [f"  {row.name} = {row.value_text}{unit}{bounds}", f"      {row.sentence}{source}"]
    for title, settings in [
        ("--quick", shown.quick),
        *((f"--null {name}", null) for name, null in shown.nulls.items()),
    ]:
        lines += ["", title, *(f"  {name} = {value}" for name, value in settings.items())]
    lines += ["", "measures and their bands", columns(((m, band(b)) for m, b in shown.bands.items()), "  ")]
    return "\n".join(lines)


def phases(listed: "Sequence[Phase]") -> str:
    """Tell the phases of a protocol."""
    rows = [(phase.name, f"{float(phase.start):g} s", f"{float(phase.duration):g} s") for phase in listed]
    return columns([("phase", "start", "duration"), *rows])


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
                band(row.band),
                verdict,
            )
        )
    return columns(table)


def study_counts(state: "State", planned: int) -> str:
    """Tell how many runs of a study are what."""
    rows = [
        ("complete", f"{len(state.complete)} of {planned}"),
        ("failed", str(len(state.failed))),
        ("running", str(len(state.running))),
        ("waiting", str(len(state.waiting))),
    ]
    return columns(rows)


def comparison(entries: "Sequence[Entry]", primary: str) -> str:
    """Set measures at each level beside the reference, with difference, effect and significance."""
    rows = [("measure", "level", "pairs", "reference", "mean", "difference [95 %]", "d_z", "p", "q")]
    for entry in entries:
        found = entry.comparison
        rows.append(
            (
                f"{entry.measure} *" if entry.measure == primary else entry.measure,
                level(entry.level),
                str(found.pairs),
                number(found.reference),
                number(found.mean),
                interval(found.difference),
                number(found.effect),
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
    return "\n".join([columns(rows), *notes])


def reached(entry: "Entry", criterion: "Band") -> str:
    """Tell in lines how many runs met the criterion, and which of each pair was there first."""
    here, there = level(entry.level), level(entry.reference)
    lines = ""
    if entry.criterion:
        shares = [f"{share.mean:.0%}{ends(share, '.0%')}" for share in entry.criterion]
        lines += f"{entry.measure} {band(criterion)}: {shares[0]} of the runs at {here}, {shares[1]} at {there}\n"
    if entry.first and entry.reached:
        first = entry.first
        tests = "" if math.isnan(first.p) else f"; sign test p = {first.p:.2g}"
        tests += "" if math.isnan(entry.logrank) else f"; log-rank p = {entry.logrank:.2g}"
        lines += (
            f"{entry.measure}: reached by {entry.reached[0]:.0%} at {here}, {entry.reached[1]:.0%} at {there}; of the "
            f"pairs {here} was first in {first.a}, {there} in {first.b}, undecided {first.undecided}{tests}\n"
        )
    return lines


def level(name: str) -> str:
    """Name a level; the full model has no null model."""
    return name or "none"


def effects(measures: "Mapping[str, Effects]") -> str:
    """Set the influence of each parameter beside each measure."""
    names = list(dict.fromkeys(name for effect in measures.values() for name in effect.names))
    rows = [("measure", *names)]
    for measure, effect in measures.items():
        found = dict(zip(effect.names, map(interval, effect.first), strict=True))
        rows.append((measure, *(found.get(name, "") for name in names)))
        if effect.total:
            total = dict(zip(effect.names, map(interval, effect.total), strict=True))
            rows.append((f"{measure} (total)", *(total.get(name, "") for name in names)))
    return columns(rows)


def interval(found: "Interval") -> str:
    """Write a mean with its interval."""
    return "undefined" if math.isnan(found.mean) else f"{found.mean:.3g}{ends(found, '.3g')}"


def ends(found: "Interval", form: str) -> str:
    """Write the ends of an interval, if it has any."""
    return "" if math.isnan(found.low) else f" [{found.low:{form}}, {found.high:{form}}]"


def number(value: float) -> str:
    """Write a number of four digits, or nothing if there is none."""
    return "" if math.isnan(value) else f"{value:.4g}"


def duration(seconds: float) -> str:
    """Write a duration in round numbers."""
    if seconds < 120:
        return f"{max(seconds, 0):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def band(limits: "Band") -> str:
    """Write a band: ">= 0.9", "<= 0.6" or "0.85 .. 1.15"."""
    low, high = limits
    if low is not None and high is not None:
        return f"{low:g} .. {high:g}"
    return f">= {low:g}" if low is not None else f"<= {high:g}" if high is not None else ""


def _number(value: float | None) -> float:
    return math.nan if value is None else value
