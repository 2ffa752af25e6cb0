"""The page of a study, or of any folder of results: the conclusion first, then what it rests on."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from cortex.errors import NothingMatched, UsageError
from cortex.pages import markdown, page, pictures, question, run_page
from cortex.pages.page import Part, Section
from cortex.report import text
from cortex.studies import comparison_text, plan_file, results_folder, selection, state, study_file, table
from cortex.studies.comparison import Comparison, compare
from cortex.studies.table import RunTable

if TYPE_CHECKING:
    from cortex.studies.plan import PlannedRun
    from cortex.studies.state import State
    from cortex.studies.table import Row

MOST_ROWS = 2000
"""Runs in the table of a page."""

FACTS = ("scenario", "seed", "quick", "precision", "version", "revision", "backend")
"""Columns that tell where the runs come from."""


def write(folder: Path, path: Path | None = None, scenario: Path | None = None) -> Path:
    """Write the page of a study, and draw its comparison anew.

    Parameters
    ----------
    folder : Path
        Folder of results.
    path : Path, optional
        The file; by default ``report.html`` in the folder.
    scenario : Path, optional
        Scenario file of the user's own that draws the conclusion.

    Returns
    -------
    path : Path

    Raises
    ------
    UsageError
        If there is no such folder, or it holds no complete run.
    EnvironmentProblem
        If a file cannot be written.
    """
    results_folder.check(folder)
    plan = plan_file.load(folder) or []
    runs = table.update(folder, plan)
    if not runs.rows and not plan:
        raise UsageError(f"{folder} holds no complete run", hint="give a run folder, or a folder such as results/NAME")
    now = state.look(folder, plan, runs)
    compared, reason = _compared(folder, scenario)
    taken, left_out = pictures.pictures(compared.figures, compared.main_figure, "figure") if compared else ([], [])
    study = study_file.kept(folder / study_file.FILE) if plan else None
    asked = question.parts(study, study_file.read_text(folder / study_file.FILE), runs) if study else []
    title = question.title(study, _scenarios(runs)) if study else f"Runs of {_scenarios(runs)}"
    answering = comparison_text.answering(compared.entries, compared.matters, compared.question) if compared else []
    main = taken[:1] if compared and compared.main_figure and (answering or compared.conclusion) else []
    rest = [replace(picture, folded=True) for picture in taken[len(main) :]]
    sections = [
        Section("Question", asked),
        Section("Conclusion", [*_conclusion(compared, reason), *main, *_blocks(compared, answering, True)]),
        Section("Other measures" if answering else "Measures", _blocks(compared, answering, False)),
        Section("Tables of the conclusion", _tables(compared)),
        Section("Failed runs", _failed(now)),
        Section("Runs", _runs(runs, plan)),
        Section("Figures", [*rest, *pictures.note(left_out, folder / "compare")]),
        Section("Provenance", [_provenance(runs)]),
    ]
    return page.write(path or folder / run_page.NAME, title, _lead(folder, runs, plan, now), sections)


def _compared(folder: Path, scenario: Path | None) -> tuple[Comparison | None, str]:
    """Return the comparison of a study, or why there is none."""
    try:
        return compare(folder, scenario=scenario), ""
    except NothingMatched as error:
        return None, str(error)
    except UsageError as error:
        return None, error.title + (f" (of `cortex compare`: {error.hint})" if error.hint else "")


def _lead(folder: Path, runs: RunTable, plan: Sequence["PlannedRun"], now: "State") -> list[str]:
    counts = {"failed": len(now.failed), "running": len(now.running), "waiting": len(now.waiting)}
    number, quick = len(runs.rows), len(_of_version(runs, quick=True))
    told = [
        f"{text.share(len(now.complete), len(plan), 'run')} complete" if plan else text.count(number, "complete run")
    ]
    told += [f"{number} {name}" for name, number in counts.items() if number]
    version = ""
    if quick:
        which = "All runs are" if quick == number else text.share(quick, number, "run")
        version = f"{which} of the quick version, too short for conclusions."
    of = "" if folder.name == _scenarios(runs) else f"Scenario {_scenarios(runs)}, "
    return [line for line in (f"{of}folder {folder.name}: {', '.join(told)}.", version) if line]


def _of_version(runs: RunTable, *, quick: bool) -> dict[str, "Row"]:
    """Return the full runs, or those of the quick version."""
    return {name: row for name, row in runs.rows.items() if selection.is_quick(row) == quick}


def _scenarios(runs: RunTable) -> str:
    return ", ".join(sorted({row["scenario"] for row in runs.rows.values()})) or "a study"


def _conclusion(compared: Comparison | None, reason: str) -> list[Part]:
    """Return what the study says: warnings, then the answer."""
    if compared is None:
        return [page.Text([f"Nothing is compared: {reason}."])]
    warned = [f"Warning: {warning}" for warning in compared.warnings] + [compared.failed] * bool(compared.failed)
    notice: list[Part] = [page.Text(warned, notice=True)] if warned else []
    lines = comparison_text.answer(compared.conclusion, compared.entries, compared.question, compared.quick)
    if compared.conclusion:
        return [*notice, *markdown.parts(lines)]
    said = lines.splitlines() or ["No conclusion is drawn; the tables below are what there is."]
    return [*notice, page.Text(said)]


def _tables(compared: Comparison | None) -> list[Part]:
    """Return what a conclusion says beyond the answer."""
    _, *rest = compared.conclusion.split("\n## ") if compared else [""]
    return markdown.parts("\n\n".join(f"## {part}" for part in rest))


def _blocks(compared: Comparison | None, answering: Sequence[str], wanted: bool) -> list[Part]:
    """Return the tables of the measures that answer the question, or those of all others, folded."""
    if compared is None:
        return []
    entries = [entry for entry in compared.entries if (entry.measure in answering) == wanted]
    matters = {
        condition: {name: effect for name, effect in measures.items() if (name in answering) == wanted}
        for condition, measures in compared.matters.items()
    }
    blocks = comparison_text.blocks(compared.levels, entries, matters, compared.question, compared.quick)
    return [
        page.Table(b.rows[0], b.rows[1:], b.title, b.notes, sortable=True, folded=not wanted)
        for b in blocks
        if len(b.rows) > 1
    ]


def _failed(now: "State") -> list[Part]:
    rows = [(planned.run, planned.label, cause) for planned, cause in now.failed]
    return [page.Table(("run", "what", "cause"), rows, "Failed runs", sortable=len(rows) > 10)] if rows else []


def _runs(runs: RunTable, plan: Sequence["PlannedRun"]) -> list[Part]:
    """Return the tables of all runs: what varies, and the measures; full and quick runs apart."""
    versions = {"Full runs": False, "Runs of the quick version, too short for conclusions": True}
    parted = {name: _of_version(runs, quick=quick) for name, quick in versions.items()}
    return [part for name, rows in parted.items() for part in _of_one_version(name, RunTable(rows, runs.folder), plan)]


def _of_one_version(caption: str, runs: RunTable, plan: Sequence["PlannedRun"]) -> list[Part]:
    if not runs.rows:
        return []
    columns = ("condition", "null", "seed", "replicate", "precision", *runs.parameters, "warnings")
    varied = [name for name in columns if len({row.get(name, "") for row in runs.rows.values()}) > 1]
    rows = [
        [
            _link(runs, name),
            *(row.get(column, "") for column in varied),
            *(text.number(runs.number(name, measure)) for measure in runs.measures),
        ]
        for name, row in list(runs.rows.items())[:MOST_ROWS]
    ]
    note = f"the first {MOST_ROWS} of {len(runs.rows)} runs; all are in {table.TRIALS}"
    notes = [note] if len(runs.rows) > MOST_ROWS else []
    head = ("run", *varied, *runs.measures)
    return [page.Table(head, rows, f"{caption}: what varies, and measures", notes, sortable=True)]


def _link(runs: RunTable, name: str) -> str | page.Link:
    """Return the name of a run, with the way to its page if it has one."""
    known = runs.folder and (runs.folder / "runs" / name / run_page.NAME).is_file()
    return page.Link(name, f"runs/{quote(name)}/{run_page.NAME}") if known else name


def _provenance(runs: RunTable) -> Part:
    rows = []
    for name in FACTS:
        values = dict.fromkeys(row.get(name, "") for row in runs.rows.values())
        rows.append((name, ", ".join(value for value in values if value)))
    return page.Table(("what", "value"), rows, "What made these runs")
