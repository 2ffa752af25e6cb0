"""The command ``cortex compare``: paired differences, survival, and what matters, as a table, files and figures."""

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cortex.commands import tables
from cortex.errors import NothingMatched, UsageError
from cortex.files import replace_text, to_json
from cortex.report import text
from cortex.studies import conclusion, contrast, effects, plan, table
from cortex.studies.conclusion import Conclusion
from cortex.studies.contrast import Entry, Levels, Question
from cortex.studies.effects import Effects
from cortex.studies.plan import Trial
from cortex.studies.table import Trials

if TYPE_CHECKING:
    from cortex.studies.study_file import Study


@dataclass(frozen=True)
class Options:
    """The options of the command, as typed."""

    by: str
    against: str
    where: tuple[str, ...]
    measures: tuple[str, ...]
    output: Path | None
    figures: bool
    as_json: bool


@dataclass(frozen=True)
class Answer:
    """What the runs say.

    Attributes
    ----------
    levels : Levels, optional
        What was compared, if anything was.
    entries : list of Entry
    matters : dict of dict
        Influence of the varied parameters by condition and measure.
    """

    levels: Levels | None
    entries: list[Entry]
    matters: dict[str, dict[str, Effects]]


def compare(folder: Path, options: Options) -> None:
    """Compare the runs of a folder of results, tell the answer, and keep it with its figures."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder", hint="give a folder of results, such as results/NAME")
    planned = plan.load(folder / plan.PLAN) or []
    found = table.update(folder, planned)
    study = _study(folder) if planned else None
    where = _where(options)
    asked, runs = contrast.select(found, planned, where)
    question = _question(options, study, asked, found)
    answer = _answer(found, asked, runs, question, study)
    place = "_".join([question.by or "all", *(f"{name}={value}" for name, value in where.items())])
    out = options.output or folder / "compare" / _plain_name(place)
    whole = study and not (where or options.by or options.measures)
    concluded = conclusion.conclude(folder, found, runs) if whole else None
    _keep(out, answer, concluded)
    _warn(found, runs, len(asked))
    if options.as_json:
        told = {"conclusion": concluded.text} if concluded else {}
        click.echo(to_json(_plain(answer) | {"runs": len(runs), "planned": len(asked) or len(runs)} | told))
    else:
        _tell(answer, question)
        click.echo(f"\n{concluded.text}" if concluded else "", nl=bool(concluded))
    if options.figures:
        from cortex.report.style import save
        from cortex.studies.figures import figures

        drawn = [
            save(figure, out, _plain_name(name))
            for name, figure in figures(found, asked, question, answer.levels, answer.matters)
        ]
        drawn += [save(figure, out, name) for name, figure in (concluded.draw() if concluded else {}).items()]
        click.echo(f"{len(drawn)} figures, table.csv and comparison.json are in {out}", err=options.as_json)


def _study(folder: Path) -> "Study | None":
    from cortex.studies.study_file import load

    try:
        return load(folder / "study.toml")[0]
    except UsageError:
        return None


def _where(options: Options) -> dict[str, str]:
    if wrong := [f"--where {text}  has no value" for text in options.where if "=" not in text]:
        raise UsageError("options", wrong, "give it as --where NAME=VALUE")
    pairs = [(name.strip(), value.strip()) for name, value in (text.split("=", 1) for text in options.where)]
    names = [name for name, _ in pairs]
    if twice := [f"--where {name}  is given twice" for name in dict.fromkeys(names) if names.count(name) > 1]:
        raise UsageError("options", twice, "give each name once")
    return dict(pairs)


def _question(options: Options, study: "Study | None", asked: Sequence[Trial], found: Trials) -> Question:
    by = options.by or contrast.default_by(asked)
    if not by and not asked:
        raise UsageError("nothing says what to compare", hint="give a parameter: --by NAME, or --by null")
    primary = study.primary if study else None
    if primary and primary.measure not in found.measures:
        click.echo(f"warning: the primary measure {primary.measure} is none of this scenario's", err=True)
        primary = None
    wanted = not options.measures or (primary and primary.measure in options.measures)
    return Question(
        by=by,
        against=options.against,
        measures=options.measures,
        primary=primary.measure if primary and wanted else "",
        criterion=primary.band if primary else (None, None),
    )


def _warn(found: Trials, runs: Sequence[str], planned: int) -> None:
    """Say what a reader of the table must know of the runs."""
    if planned > len(runs):
        click.echo(f"warning: {planned - len(runs)} of {planned} runs are not complete", err=True)
    versions = {found.rows[run]["version"] + found.rows[run]["revision"] for run in runs}
    if len(versions) > 1:
        click.echo(f"warning: the runs were made by {len(versions)} versions of the program", err=True)


def _answer(
    found: Trials, asked: Sequence[Trial], runs: Sequence[str], question: Question, study: "Study | None"
) -> Answer:
    levels = contrast.levels(found, asked, runs, question.by) if question.by else None
    entries = contrast.compare(found, levels, question) if levels else []
    matters: dict[str, dict[str, Effects]] = {}
    if effects.varied(asked):
        for condition in dict.fromkeys(trial.condition for trial in asked):
            mine = [trial for trial in asked if trial.condition == condition]
            indices = bool(study and study.indices)
            matters[condition] = {
                name: effects.effects(found, mine, name, indices) for name in contrast.chosen_measures(found, question)
            }
    if not entries and not matters:
        raise NothingMatched("nothing varies among these runs")
    return Answer(levels, entries, matters)


def _tell(answer: Answer, question: Question) -> None:
    """Print the table."""
    if answer.levels and answer.entries:
        against = text.level(answer.entries[0].reference)
        others = f", within equal {', '.join(answer.levels.blocks)}" if answer.levels.blocks else ""
        click.echo(f"{question.by} against {against}, paired by seed{others}")
        click.echo(tables.comparison(answer.entries, question.primary))
        for entry in answer.entries:
            click.echo(tables.reached(entry, question.criterion), nl=False)
    for condition, measures in answer.matters.items():
        title = f" in {condition}" if condition else ""
        kinds = {effect.kind for effect in measures.values()}
        click.echo(f"\n{', '.join(sorted(kinds))} of each parameter{title} [95 %]")
        click.echo(tables.effects(measures))


def _keep(out: Path, answer: Answer, concluded: Conclusion | None) -> None:
    """Write table.csv, comparison.json and conclusion.md."""
    rows = [_flat(entry) for entry in answer.entries]
    text = io.StringIO(newline="")
    if rows:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        replace_text(out / "table.csv", text.getvalue())
    replace_text(out / "comparison.json", to_json(_plain(answer)) + "\n")
    if concluded:
        replace_text(out / conclusion.FILE, concluded.text.rstrip() + "\n")


def _flat(entry: Entry) -> dict[str, Any]:
    """Give an entry as one row of numbers."""
    comparison, first = entry.comparison, entry.first
    fields: dict[str, Any] = {
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
    return {name: "" if isinstance(value, float) and math.isnan(value) else value for name, value in fields.items()}


def _plain(answer: Answer) -> dict[str, Any]:
    return {
        "by": answer.levels.by if answer.levels else None,
        "levels": {text.level(level): len(runs) for level, runs in answer.levels.runs.items()} if answer.levels else {},
        "within": answer.levels.blocks if answer.levels else [],
        "comparisons": [{k: None if v == "" else v for k, v in _flat(entry).items()} for entry in answer.entries],
        "matters": {
            condition: {
                measure: {
                    "kind": effect.kind,
                    "first": {n: one._asdict() for n, one in zip(effect.names, effect.first, strict=True)},
                    "total": {n: one._asdict() for n, one in zip(effect.names, effect.total or [], strict=False)},
                }
                for measure, effect in measures.items()
            }
            for condition, measures in answer.matters.items()
        },
    }


def _plain_name(text: str) -> str:
    """Give a name that a file can have."""
    return re.sub(r"[^\w.=-]+", "-", text)
