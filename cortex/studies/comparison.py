"""Runs compared: the question, the answer with its files and figures. Nothing is printed."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cortex.analysis.comparison import fewest_pairs
from cortex.errors import NothingMatched, RunFailed, UsageError
from cortex.report import notebook
from cortex.report.text import count
from cortex.studies import (
    comparison_record,
    comparison_text,
    conclusion,
    contrast,
    effects,
    plan_file,
    results_folder,
    selection,
    study_file,
    table,
)
from cortex.studies.contrast import Entry, Question
from cortex.studies.effects import Effects
from cortex.studies.plan import PlannedRun
from cortex.studies.results_folder import plain_name
from cortex.studies.selection import Levels
from cortex.studies.table import RunTable

if TYPE_CHECKING:
    import pandas

    from cortex.experiment.results import Results
    from cortex.experiment.scenario import Scenario
    from cortex.studies.state import StudyState
    from cortex.studies.study_model import Study


@dataclass(frozen=True)
class Comparison:
    """What runs say.

    Attributes
    ----------
    question : Question
    levels : Levels, optional
        What was compared, if anything was.
    entries : list of Entry
        Each measure at each level against the reference level.
    matters : dict of dict
        Influence of the varied parameters by condition and measure.
    runs, planned : int
        Complete runs that were compared, and how many there will be.
    folder : Path
        Where table.csv, comparison.json, conclusion.md and the figures are.
    conclusion : str
        What the scenario concludes from all runs, in Markdown; empty if it concludes nothing.
    warnings : list of str
        What a reader of the numbers must know of the runs.
    figures : dict of str to Path
        Files of the figures by name.
    main_figure : Path, optional
        The figure that answers the question.
    quick : bool
        Whether runs of the quick version are among them, from which nothing is concluded.
    failed : str
        What failed in the scenario's own code, so that there is no conclusion; all else is there.
    """

    question: Question
    levels: Levels | None
    entries: list[Entry]
    matters: dict[str, dict[str, Effects]]
    runs: int
    planned: int
    folder: Path
    conclusion: str = ""
    warnings: list[str] = field(default_factory=list)
    figures: dict[str, Path] = field(default_factory=dict)
    main_figure: Path | None = None
    quick: bool = False
    failed: str = ""
    _started: Path = field(init=False, repr=False, default_factory=Path.cwd)

    @property
    def answer(self) -> str:
        """The answer: the conclusion without its tables, or a line for each of the first levels that answer it."""
        answer = comparison_text.answer(self.conclusion, self.entries, self.question, self.quick)
        return "\n".join(filter(None, [self.failed, answer]))

    @property
    def blocks(self) -> list[comparison_text.Block]:
        """The tables."""
        return comparison_text.blocks(self.levels, self.entries, self.matters, self.question, self.quick)

    @property
    def text(self) -> str:
        """What ``cortex compare`` prints: the answer, the figure to look at, the tables, and where the rest is."""
        tables = [block.text for block in self.blocks]
        return "\n\n".join([*filter(None, [self.answer, self.figure_note]), *tables, self.place_note])

    @property
    def figure_note(self) -> str:
        """Which figure to look at first."""
        return f"figure: {self.main_figure}" if self.main_figure else ""

    @property
    def place_note(self) -> str:
        """Where everything is kept."""
        drawn = f"{count(len(self.figures), 'figure')}, " if self.figures else ""
        whole = "conclusion.md with all its tables, " if self.conclusion else ""
        return f"{whole}{drawn}table.csv and comparison.json are in {self.folder}"

    @property
    def summary(self) -> dict[str, Any]:
        """What ``cortex compare --json`` prints."""
        concluded = {"conclusion": self.conclusion} if self.conclusion else {}
        about = {
            "runs": self.runs,
            "quick": self.quick,
            "planned": self.planned,
            "folder": str(self.folder),
            "warnings": self.warnings,
            **({"failed": self.failed} if self.failed else {}),
        }
        return comparison_record.plain(self.levels, self.entries, self.matters) | about | concluded

    def check(self) -> None:
        """Raise RunFailed if the scenario's own code failed."""
        if self.failed:
            raise RunFailed(f"{self.failed}\nall else is in {self.folder}; correct it, and give the command again")

    def frame(self) -> "pandas.DataFrame":
        """Return the entries as a table, one row for each measure and level.

        Raises
        ------
        EnvironmentProblem
            If pandas is not installed.
        """
        from cortex.extras import extra

        return extra("pandas").DataFrame([comparison_record.flat(entry) for entry in self.entries])

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        """Show the answer, its figure and the tables in a notebook."""
        answer = f'<pre style="white-space: pre-wrap">{html.escape(self.answer)}</pre>' if self.answer else ""
        figure = self.main_figure and self._started / self.main_figure  # a notebook may have changed to another folder
        return "".join([answer, notebook.picture(figure), *(block.html for block in self.blocks)])


def compare(
    folder: "str | Path | Results | StudyState",
    by: str = "",
    against: str = "",
    where: Mapping[str, str] | None = None,
    measures: Sequence[str] = (),
    output: str | Path | None = None,
    figures: bool = True,
    scenario: "str | Path | Scenario | None" = None,
    svg: bool = False,
) -> Comparison:
    """Compare conditions or values of a parameter, paired by seed, and keep the answer with its figures.

    Parameters
    ----------
    folder : str, Path, Results or StudyState
        Folder of results, or what `cortex.load` or `cortex.study` returned for it.
    by : str
        What to compare: a parameter, "condition" or "null"; by default what a study varies.
    against : str
        Level that the others are compared with; by default the first.
    where : mapping of str to str, optional
        Only runs with these values.
    measures : sequence of str
        Only these measures.
    output : str or Path, optional
        Where to keep the answer; by default ``compare/BY`` in the folder.
    figures : bool
        Whether to draw the figures, as PNG.
    scenario : str, Path or Scenario, optional
        What draws the conclusion, if it is a file of your own: nothing that lies in the folder is executed.
    svg : bool
        Whether to draw the figures as SVG too.

    Returns
    -------
    Comparison

    Raises
    ------
    UsageError
        If there is no such folder, name, level or measure.
    NothingMatched
        If no run is left, or nothing varies.
    EnvironmentProblem
        If the answer cannot be written.
    """
    chosen = None if isinstance(folder, str | Path) else {run.run for run in folder.runs}
    folder = Path(folder if isinstance(folder, str | Path) else folder.folder or "")
    results_folder.check(folder)
    whole_plan = plan_file.load(folder) or []
    runs = table.update(folder, whole_plan)
    study = study_file.kept(folder / study_file.FILE) if whole_plan else None
    where = {name: str(value) for name, value in (where or {}).items()}
    some = chosen is not None and not set(runs.rows) <= chosen
    if some and chosen is not None:
        runs = table.RunTable({name: row for name, row in runs.rows.items() if name in chosen}, folder)
        whole_plan = [run for run in whole_plan if run.run in chosen]
    planned, names = selection.select(runs, whole_plan, where, by)
    warnings = selection.warnings(runs, names, len(planned))
    question = _question(by, against, tuple(measures), study, planned, runs, warnings)
    levels = selection.levels(runs, planned, names, question.by) if question.by else None
    entries = contrast.compare(runs, levels, question) if levels else []
    matters = _matters(runs, planned, question, bool(study and study.indices))
    if not entries and not matters:
        raise NothingMatched("nothing varies among these runs")
    warnings += levels.warnings if levels else []
    title = "_".join([question.by or "all", *(f"{name}={value}" for name, value in where.items())])
    out = Path(output) if output else folder / "compare" / plain_name(title)
    drawn = conclusion.conclude(study, runs, names, scenario, narrowed=bool(where or by or measures or some))
    concluded = drawn.conclusion
    warnings += drawn.warnings
    quick = any(selection.is_quick(runs.rows[run]) for run in names)
    seeds = len({(runs.rows[run]["seed"], runs.rows[run]["replicate"]) for run in names})
    said = concluded.text.rstrip() if concluded else ""
    comparison = Comparison(
        question=question,
        levels=levels,
        entries=entries,
        matters=matters,
        runs=len(names),
        planned=len(planned) or len(names),
        folder=out,
        conclusion=comparison_text.judged(said, quick, seeds) if said else "",
        warnings=warnings,
        quick=quick,
        failed=drawn.failed,
    )
    comparison_record.keep(out, levels, entries, matters, comparison.conclusion, quick)
    if figures:
        from cortex.studies.figures import keep

        ends = ("", "_survival", "_profile")
        few = {plain_name(name + end) for name in contrast.told_by_few(entries) for end in ends}

        def marks(name: str, of_conclusion: bool) -> list[str]:
            return comparison_text.marks(quick, seeds < fewest_pairs() if of_conclusion else name in few)

        answering = comparison_text.answering(entries, matters, question)
        draw = concluded.draw if concluded else dict
        kept = keep(out, runs, planned, question, levels, matters, draw, marks, svg, answering)
        comparison.figures.update(kept.files)
        comparison.warnings.extend(kept.problems)
        object.__setattr__(comparison, "main_figure", kept.main)
    return comparison


def _question(
    by: str,
    against: str,
    measures: tuple[str, ...],
    study: "Study | None",
    planned: Sequence[PlannedRun],
    runs: RunTable,
    warnings: list[str],
) -> Question:
    by = by or selection.default_by(planned)
    if not by and not planned:
        raise UsageError("nothing says what to compare", hint="give a parameter: --by NAME, or --by null")
    primary = study.primary if study else None
    if primary and primary.measure not in runs.measures:
        warnings.append(f"the primary measure {primary.measure} is none of this scenario's")
        primary = None
    asked = not measures or (primary and primary.measure in measures)
    return Question(
        by=by,
        against=against,
        measures=measures,
        primary=primary.measure if primary and asked else "",
        criterion=primary.band if primary else (None, None),
    )


def _matters(
    runs: RunTable, planned: Sequence[PlannedRun], question: Question, indices: bool
) -> dict[str, dict[str, Effects]]:
    """Return the influence of the varied parameters by condition and measure."""
    matters: dict[str, dict[str, Effects]] = {}
    for condition in dict.fromkeys(run.condition for run in planned) if effects.varied(planned) else ():
        chosen = [run for run in planned if run.condition == condition]
        matters[condition] = {
            name: effects.effects(runs, chosen, name, indices) for name in contrast.chosen_measures(runs, question)
        }
    return matters
