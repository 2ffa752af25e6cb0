"""The pages of an argument and of checks: what was found first, then tables to sort and filter, then their studies."""

import math
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from cortex.analysis.statistics import Interval
from cortex.pages import pictures, run_page
from cortex.pages.kept_answer import Counts, Measured
from cortex.pages.page import Link, Part, Section, Table
from cortex.report import text

RESULT_HEAD = ("study", "measure", "measured", "n", "band", "found")
"""Columns of what was measured."""


def counted(verdicts: Iterable[str]) -> str:
    """Write how often each verdict was given: "holds 9, unclear 2"."""
    return ", ".join(f"{verdict} {number}" for verdict, number in Counter(verdicts).most_common())


def result(found: Measured, study: str | Link) -> tuple[str | Link, ...]:
    """Return the cells of `RESULT_HEAD`."""
    interval = Interval(*(math.nan if value is None else value for value in found.measured))
    unit = "" if found.unit == "1" or math.isnan(interval.mean) else f" {found.unit}"
    measured = f"{text.interval(interval)}{unit}" if found.runs else "no run"
    if found.runs and found.lacking and math.isnan(interval.mean):
        measured = f"undefined in {found.lacking} of {found.runs}"
    number = f"{found.runs}, quick" if found.quick else str(found.runs)
    standing = "not scored" if found.quick else found.standing or "no band"
    return study, found.measure, measured, number, text.band(found.band), standing


def figure(folder: Path, name: str, about: str) -> list[Part]:
    """Take in a figure of a folder; nothing if there is none."""
    taken, left_out = pictures.pictures({about: folder / name}, None, "all of it in one picture")
    return [*taken, *(pictures.note(left_out, folder) if (folder / name).exists() else [])]


def links(here: Path, folders: Mapping[str, Path]) -> dict[str, str | Link]:
    """Return the way from a page to that of each study, or its name alone if it has none."""
    found: dict[str, str | Link] = {}
    for name, folder in folders.items():
        report = folder / run_page.NAME
        # Path.is_file raises for names that no file can have
        known = os.path.isfile(report) and report.resolve() != here.resolve()
        found[name] = Link(name, quote(os.path.relpath(report, here.parent))) if known else name
    return found


def studies(ways: Mapping[str, str | Link], folders: Mapping[str, Path], counts: Mapping[str, Counts]) -> Section:
    """Return the table of the studies, each with its folder and, of an argument, how many of its runs there are."""
    numbers = {name: (str(of.complete), str(of.planned), str(of.failed)) for name, of in counts.items()}
    head = ("study", "folder", *(("complete runs", "planned", "failed") if counts else ()))
    rows = [(ways[name], str(folder), *numbers.get(name, ())) for name, folder in folders.items()]
    note = "cortex report FOLDER writes the page of a study; those that have one are led to."
    return Section("Studies", [Table(head, rows, "Studies that this rests on", [note])] if rows else [])
