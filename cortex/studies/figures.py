"""The figures of a comparison: every measure at every level, times as survival curves, and what matters."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from cortex.analysis.reference import ANY, Band, score
from cortex.analysis.statistics import UNKNOWN, Interval, mean_interval
from cortex.analysis.survival import survival
from cortex.experiment import units
from cortex.failures import borne
from cortex.report import style
from cortex.report.comparison import figure_comparison
from cortex.report.sensitivity import figure_heat_map, figure_indices, figure_profile
from cortex.report.survival import figure_survival
from cortex.report.text import count, level
from cortex.studies import contrast, effects
from cortex.studies.contrast import Question
from cortex.studies.effects import Effects, Grid
from cortex.studies.plan import PlannedRun
from cortex.studies.results_folder import plain_name
from cortex.studies.selection import Levels, leading
from cortex.studies.table import RunTable


class Kept(NamedTuple):
    """The files of figures by name, the one to look at first, and why not all of them could be drawn."""

    files: dict[str, Path]
    main: Path | None
    problems: list[str]


def keep(
    out: Path,
    table: RunTable,
    planned: Sequence[PlannedRun],
    question: Question,
    levels: Levels | None,
    matters: Mapping[str, Mapping[str, Effects]],
    of_conclusion: Callable[[], Mapping[str, Figure]] = dict,
    marks: Callable[[str, bool], Sequence[str]] = lambda name, of_conclusion: (),
    svg: bool = False,
    answering: Sequence[str] = (),
) -> Kept:
    """Draw and write all figures of a comparison; the answer stands without those that cannot be drawn.

    Parameters
    ----------
    out : Path
        Folder of the files.
    of_conclusion : callable
        Draws the figures of a conclusion, which win over a measure's figure of the same name.
    marks : callable
        What is written in the corner of a figure, by its name and whether it is a conclusion's.
    svg : bool
        Whether figures are written as SVG too.
    answering : sequence of str
        Measures that answer the question; the figure to look at first is of one of these, if there is one.
    table, planned, question, levels, matters
        See `figures`.
    """
    files: dict[str, Path] = {}
    problems: list[str] = []

    def write(draw: Callable[[], Iterable[tuple[str, Figure]]], concluded: bool) -> list[Path]:
        written = []
        with borne(lambda told: problems.append(f"not all figures could be drawn: {told}")):
            for given, figure in draw():
                name = plain_name(given)
                style.note(figure, marks(name, concluded))
                files[name] = style.save(figure, out, name, svg)
                written.append(files[name])
        return written

    own = write(lambda: figures(table, planned, question, levels, matters), False)
    concluded = write(lambda: of_conclusion().items(), True)
    main = next((files[name] for name in map(plain_name, answering) if name in files), next(iter(own), None))
    if main and levels and levels.blocks:  # over whose values it takes the mean
        main = files.get(f"{main.stem}_profile", main)
    return Kept(files, next(iter(concluded), main), problems)


def figures(
    table: RunTable,
    planned: Sequence[PlannedRun],
    question: Question,
    levels: Levels | None,
    matters: Mapping[str, Mapping[str, Effects]],
) -> Iterator[tuple[str, Figure]]:
    """Draw every measure planned for.

    Parameters
    ----------
    table : RunTable
    planned : sequence of PlannedRun
        Planned runs, complete or not.
    question : Question
    levels : Levels, optional
        What was compared, if anything was.
    matters : mapping of str to mapping of str to Effects
        Influence of the varied parameters by condition and measure.

    Yields
    ------
    name : str
    figure : Figure
    """
    for measure in contrast.chosen_measures(table, question):
        band = question.criterion if measure == question.primary else table.bands.get(measure, ANY)
        if levels:
            yield from _comparisons(table, question, levels, measure, band)
        effect = {condition: measures[measure] for condition, measures in matters.items()}
        grids = {
            condition: effects.grid(table, [run for run in planned if run.condition == condition], measure)
            for condition in effect
        }
        if profiles := {name: grid for name, grid in grids.items() if grid and len(grid.names) == 1}:
            yield f"{measure}_profile", _profile(measure, table.units.get(measure, "1"), profiles)
            continue
        for condition, grid in grids.items():
            end, title = (f"_{condition}", f"{measure} in {condition}") if condition else ("", measure)
            if grid and len(grid.names) == 2:
                yield f"{measure}_map{end}", _map(measure, grid, band, title)
            else:
                shares = effect[condition]
                figure = figure_indices(
                    shares.names, shares.first, shares.total, f"{title}: {shares.kind}", shares.kind
                )
                yield f"{measure}_shares{end}", figure


def _comparisons(
    table: RunTable, question: Question, levels: Levels, measure: str, band: Band
) -> Iterator[tuple[str, Figure]]:
    title, unit = f"{measure} by {question.by}", table.units.get(measure, "1")
    title += f", mean over {', '.join(levels.blocks)}" if levels.blocks else ""
    seeds = {level(name): contrast.by_seed(table, levels, measure, name) for name in levels.runs}
    yield measure, figure_comparison(measure, unit, seeds, band, title)
    runs = {level(name): list(runs.values()) for name, runs in levels.runs.items()}
    if contrast.is_time(table, measure, next(iter(runs.values()))[0]):
        curves = {name: survival(*contrast.times(table, measure, group)) for name, group in runs.items()}
        yield f"{measure}_survival", figure_survival(curves, measure, title, "" if unit == "1" else unit)


def _profile(measure: str, measure_unit: str, grids: Mapping[str, Grid]) -> Figure:
    """Draw a measure over the one parameter that varies, a line for each condition."""
    first = next(iter(grids.values()))
    [name], [labels] = first.names, first.labels
    numbers = [leading(label) for label in labels]
    numeric = not any(map(math.isnan, numbers))
    unit = units.split(labels[0])[1] if numeric else ""
    even = numeric and min(numbers) > 0 and len(numbers) > 2 and np.ptp(np.diff(np.log(numbers))) < 0.1
    return figure_profile(
        f"{name} ({unit})" if unit else name,
        numbers if numeric else labels,
        {condition or measure: list(map(_interval, grid.values)) for condition, grid in grids.items()},
        measure if measure_unit == "1" else f"{measure} ({measure_unit})",
        f"{measure} over {name}, mean [95 %] of {count(first.values.shape[-1], 'seed')}",
        log=bool(even),
    )


def _map(measure: str, grid: Grid, band: Band, title: str) -> Figure:
    """Draw a measure over the two parameters that vary."""
    means = np.array([[_interval(seeds).mean for seeds in row] for row in grid.values])
    met = None if band == ANY else np.vectorize(lambda value: score(value, band) == "inside")(means)
    (y_name, x_name), (y_labels, x_labels) = grid.names, grid.labels
    title = f"{title}, mean of {count(grid.values.shape[-1], 'seed')}"
    return figure_heat_map(x_name, x_labels, y_name, y_labels, means, measure, title, met)


def _interval(seeds: np.ndarray) -> Interval:
    """Return the mean over the seeds that have the measure, with its interval."""
    known = seeds[~np.isnan(seeds)]
    return mean_interval(known) if len(known) else UNKNOWN
