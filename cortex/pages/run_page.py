"""The page of one run: protocol, map, measures, figures, parameters, and where all of it comes from."""

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cortex.errors import UsageError
from cortex.experiment import catalogue, single_run
from cortex.experiment.own_values import OTHER, Changed
from cortex.experiment.record import code_files
from cortex.experiment.result import HEAD, Result
from cortex.failures import borne
from cortex.pages import page, pictures
from cortex.pages.page import Part, Section
from cortex.pages.sheet_parameters import has_sheet
from cortex.report import text
from cortex.report.timeline import phase_colour

if TYPE_CHECKING:
    from cortex.analysis.reference import Reference
    from cortex.experiment.scenario import Scenario

logger = logging.getLogger(__name__)

NAME = "report.html"

NAMED, LISTED = 2, 12
"""Most changed parameters that the title names, and that are listed below it."""

LARGEST = 20_000_000
"""Responses of cells to probes that a page takes in; the finger area has 3 million."""


def write(run: Result, path: Path | None = None, scenario: "Scenario | None" = None) -> Path:
    """Write the page of a run.

    Parameters
    ----------
    run : Result
    path : Path, optional
        The file; by default ``report.html`` in the folder of the run.
    scenario : Scenario, optional
        What explains parameters and measures; by default the installed one, if it made the run.

    Returns
    -------
    path : Path

    Raises
    ------
    EnvironmentProblem
        If the file cannot be written.
    """
    scenario = scenario or _installed(run)
    changed = scenario.changed(run.parameters, quick=run.quick, null=run.null) if scenario else []
    title = _title(run, changed)
    sections = [
        Section("Protocol", _protocol(run)),
        *(_sheet(run) if has_sheet(run.parameters) else ()),
        Section("Measures", _measures(run, scenario)),
        Section("Figures", _figures(run)),
        Section("Parameters", [_parameters(run, scenario)]),
        Section("Provenance", [_provenance(run)]),
    ]
    return page.write(path or run.folder / NAME, title, _lead(run, scenario, changed, title), sections)


def keep(run: Result, scenario: "Scenario | None" = None) -> Path | None:
    """Return the page in the folder of a run, which is written if there is none; None, with a warning, if it cannot be.

    Parameters
    ----------
    run : Result
    scenario : Scenario, optional
        What made the run.
    """
    path = run.folder / NAME
    if not path.exists():
        with borne(lambda told: logger.warning("%s: no report could be written: %s", run.run, told)):
            return write(run, scenario=scenario)
    return path if path.exists() else None


def _sheet(run: Result) -> Iterator[Section]:
    """Yield the maps of a run, or why they are not on its page: they cannot be read, or are too many cells."""
    from cortex.pages import sheet_data, sheet_file  # with what draws a hand: few runs have a sheet

    try:
        maps = sheet_file.read(run)
    except UsageError as error:
        yield Section("Cortical sheet", [page.Text([f"There is no map: {error.title}."], notice=True)])
        return
    if maps and maps.size > LARGEST:
        cells = len(maps.layout.cells)
        told = f"The map of {cells} cells is too large for a page; the figures show it."
        yield Section("Cortical sheet", [page.Text([told])])
    elif maps:
        yield Section("Cortical sheet", [sheet_data.explorer(maps)])
    if maps:
        yield Section("Over time", [page.Charts(sheet_data.charts(maps))])


def _installed(run: Result) -> "Scenario | None":
    """Return the installed scenario of a run; None if a file of its own made the run, or none of this name is here."""
    if code_files(run.folder):
        return None
    try:
        return catalogue.installed(run.scenario)
    except UsageError:
        return None


def _title(run: Result, changed: Sequence[Changed]) -> str:
    """Return the scenario's title, which tells of its own values, or else its name with what the run was given."""
    about = str(run.record.get("title", ""))
    _, _, given = run.unscored.partition(OTHER)  # what else differs, the scenario has changed since
    changed = [one for one in changed if one.name in given.split(", ")]
    if about and not changed and not run.null:
        return about
    several = text.count(len(changed), "changed parameter")
    values = ", ".join(f"{one.name} = {one.value}" for one in changed) if len(changed) <= NAMED else several
    differing = [f": {run.null}" if run.null else "", f" with {values}" if changed else ""]
    name = text.plain(run.scenario)
    return name[:1].upper() + name[1:] + "".join(differing)


def _lead(run: Result, scenario: "Scenario | None", changed: Sequence[Changed], title: str) -> list[str]:
    """Return what a reader must know first."""
    special = [
        "quick version" if run.quick else "",
        f"null model or condition: {run.null}" if run.null else "",
        f"{run.precision} precision" if run.precision != "double" else "",
    ]
    about = [f"{run.scenario}, run {run.run}", f"seed {run.seed}, replicate {run.replicate}", *filter(None, special)]
    scores = run.scores
    inside = [name for name, score in scores.items() if score == "inside"]
    missed = [f"{name} {shown}, band {band}" for name, shown, _, band, _ in run.rows if scores.get(name) == "outside"]
    but = f" Outside: {'; '.join(missed)}." if missed else ""
    scored = f"Measures in their bands: {len(inside)} of {len(scores)}.{but}" if scores else ""
    unscored = f"Bands are not scored: {run.unscored}." if run.unscored else ""
    after = f"After {run.record['citation']}" if run.record.get("citation") else ""
    own_title = run.record.get("title")
    of = f"Scenario: {own_title}." if own_title and own_title != title else ""
    first = [str(one) for one in changed[:LISTED]]
    rest = f"; {len(changed) - LISTED} more are in the table of parameters" if len(changed) > LISTED else ""
    told = f"Other values than the scenario has now: {'; '.join(first)}{rest}." if changed else ""
    single = single_run.note(run.record, run.folder, scenario.file if scenario else None)
    return [line for line in ("; ".join(about), of, told, after, scored, unscored, single) if line]


def _protocol(run: Result) -> list[Part]:
    phases = run.record.get("phases", [])
    warned: list[Part] = [page.Text([f"Warning: {line}" for line in run.warnings], notice=True)] if run.warnings else []
    if not phases:
        return warned
    names = [phase["name"] for phase in phases]
    starts, durations = ([float(phase[key]) for phase in phases] for key in ("start", "duration"))
    return [*warned, page.Timeline(names, starts, durations, [phase_colour(name) for name in names])]


def _measures(run: Result, scenario: "Scenario | None") -> list[Part]:
    """Return the table of measures, with bands, published numbers and what each is; then what is predicted alone."""
    declared = run.record.get("declared", {})
    known = scenario.declared if scenario else {}
    rows = []
    for name, *cells in run.rows:
        about = declared.get(name, {})
        reference = known[name].reference if name in known else None
        source = _published(reference) if reference else about.get("source", "")
        rows.append([name, *cells, source, about.get("sentence", "")])
    table = page.Table((*HEAD, "published", "meaning"), rows, "Measures of this run", sortable=True, verdicts=True)
    alone = [(name, text.number(run.predictions[name])) for name in run.predictions if name not in run.measures]
    rest = [page.Table(("predicted only", "value"), alone, "Predictions without a measure")] if alone else []
    return [table, *rest]


def _published(reference: "Reference") -> str:
    """Write a published number with its source; a number recalled from memory is called provisional."""
    number = "" if math.isnan(reference.value) else f"{reference.text}: "
    provisional = " (provisional)" if reference.provenance == "recalled" else ""
    note = f"; {reference.note}" if reference.note else ""
    return f"{number}{reference.citation}, {reference.where}{note}{provisional}"


def _figures(run: Result) -> list[Part]:
    folder = run.folder / "figures"
    taken, left_out = pictures.pictures(run.figures, run.main_figure, str(run.record.get("title", run.scenario)))
    unusable = sorted(path.stem for path in folder.glob("*.png") if path.stem not in run.figures)
    return [*taken, *pictures.note([*left_out, *unusable], folder)]


def _parameters(run: Result, scenario: "Scenario | None") -> Part:
    """Return the table of parameters; what is known of them is told by the scenario."""
    known = {row.name: row for row in scenario.parameters.describe()} if scenario else {}
    usual = scenario.parameters.as_text() if scenario else {}
    rows = []
    for name, value in run.parameters.items():
        row = known.get(name)
        changed = usual[name] if usual.get(name, value) != value else ""
        rows.append([name, value, changed, *((row.bounds_text, row.sentence, row.source) if row else ("", "", ""))])
    head = ("parameter", "value", "scenario's own, if other", "allowed", "meaning", "source")
    caption = "Parameters of this run" + ("" if known else ": what they mean is not known here")
    return page.Table(head, rows, caption, sortable=True)


def _provenance(run: Result) -> Part:
    rows = list(_flat({name: run.record[name] for name in PROVENANCE if name in run.record}))
    note = f"cortex run {run.folder} repeats the run, and compares."
    return page.Table(("what", "value"), rows, "What made this run, as run.json keeps it", notes=[note])


PROVENANCE = (
    "run",
    "scenario",
    "seed",
    "replicate",
    "null",
    "quick",
    "precision",
    "finished",
    "backend",
    "compiler",
    "step_seconds",
    "simulated_seconds",
    "seconds",
    "provenance",
    "data_bytes",
    "data_sha256",
)
"""Keys of ``run.json`` that tell where a run comes from."""


def _flat(values: Mapping[str, Any], above: str = "") -> Iterator[Sequence[str]]:
    """Yield plain values with dotted names."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", f"{value:g}" if isinstance(value, float) else str(value)
