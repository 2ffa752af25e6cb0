"""Run two scenarios and their null models over many seeds; write docs/evidence.md, its numbers and its figures.

    python -m docs.build.evidence                 10 seeds, 2 at a time, half an hour; repeat the command to resume
    python -m docs.build.evidence --seeds 3 -o elsewhere
    python -m docs.build.evidence --table         make no run; write what is there

Runs are kept in results/evidence; numbers go to docs/evidence.csv, figures to docs/figures. The scenarios, their null
models, measures and bands are those of `cortex show`; nothing is set here.
"""

import argparse
import csv
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

import cortex
from cortex.analysis.reference import ANY, Band, score
from cortex.analysis.statistics import mean_interval
from cortex.experiment.catalogue import find
from cortex.experiment.result import Result
from cortex.report.evidence import Measure, figure_measures
from cortex.report.style import save
from cortex.report.text import band as band_text
from cortex.report.text import count
from docs.build import DOCS, FIGURES, write

SCENARIOS = {"finger_expansion": 2030, "copy_pair": 2026}
"""Root seed of each: seeds on which nothing was chosen."""

FULL = "full model"
PREDICTED = "predicted, "
NO_RATIO = ("similarity", "overlap", "advantage", "correlation", "bias", "correct", "kept")
"""Words in the names of measures for which 1 does not mean no change."""


def collect(runs: Iterable[Result]) -> list[Measure]:
    """Bring the values of each measure together: full model and null models, over seeds."""
    values: dict[tuple[str, str], dict[str, list[float]]] = {}
    bands: dict[tuple[str, str], Band] = {}
    for run in sorted(runs, key=lambda run: (run.scenario, run.null, run.pair)):
        condition = run.null or FULL
        scenario = find(run.scenario)
        parameters = scenario.resolve({}, null=run.null)
        for name, value in run.measures.items():
            if not scenario.declared[name].applies(parameters):
                continue
            values.setdefault((run.scenario, name), {}).setdefault(condition, []).append(value)
            bands[run.scenario, name] = run.bands.get(name, ANY)
        for name, value in run.predictions.items():
            values.setdefault((run.scenario, name), {}).setdefault(PREDICTED + condition, []).append(value)
            bands[run.scenario, name] = run.bands.get(name, ANY)
    return [
        Measure(scenario, name, bands[scenario, name], by_condition, ratio=not any(word in name for word in NO_RATIO))
        for (scenario, name), by_condition in values.items()
    ]


def cell(values: Any, band: Band) -> str:
    """Write mean and interval; bold where the mean lies outside the band."""
    mean, low, high = mean_interval(values)
    if np.isnan(mean):
        return "undefined"
    text = f"{mean:.2f}" if np.isnan(low) else f"{mean:.2f} [{low:.2f}, {high:.2f}]"
    return f"**{text}**" if score(mean, band) == "outside" else text


def misses(values: Any, band: Band) -> bool:
    """Return whether the mean misses the band; an undefined mean does."""
    return band != ANY and score(mean_interval(values).mean, band) != "inside"


def table(measures: list[Measure]) -> str:
    """Write the table of one scenario in Markdown, measures with a band first."""
    conditions = [c for c in dict.fromkeys(c for m in measures for c in m.values) if not c.startswith(PREDICTED)]
    conditions.sort(key=lambda condition: condition != FULL)
    size = {c: max(len(np.asarray(m.values[c])) for m in measures if c in m.values) for c in conditions}
    lines = [
        f"| measure | band | {' | '.join(f'{c} (n = {size[c]})' for c in conditions)} |",
        "|---" * (len(conditions) + 2) + "|",
    ]
    for measure in sorted(measures, key=lambda m: m.band == ANY):
        if any(condition in measure.values for condition in conditions):
            cells = [
                cell(measure.values[c], measure.band) if c in measure.values else "does not apply" for c in conditions
            ]
            lines.append(f"| `{measure.name}` | {band_text(measure.band)} | {' | '.join(cells)} |")
    missed = (sum(misses(m.values[c], m.band) for m in measures if c in m.values) for c in conditions)
    lines.append(f"| **bands missed by the mean** | | {' | '.join(map(str, missed))} |")
    return "\n".join(lines)


def meanings(scenario: str) -> str:
    """List the measures of a scenario with their sentences, and what each null model or condition changes."""
    declared, settings = find(scenario).declared.values(), find(scenario).settings
    measures = (f"* `{measure.name}`: {measure.sentence}" for measure in declared)
    nulls = (f"* `{name}`: {condition.sentence}" for name, condition in settings.items())
    return "\n".join(["The measures:", "", *measures, "", "The null models and conditions:", "", *nulls])


def page(measures: list[Measure], seeds: int) -> str:
    """Write what stands between the markers of the page."""
    parts = []
    for name in sorted({measure.scenario for measure in measures}):
        told = f"{count(seeds, 'seed')}: replicates 0 to {seeds - 1} of root seed {SCENARIOS[name]}."
        figure = f"![Measures of {name} against their bands](figures/evidence_{name}.png)"
        parts += [f"## {name}", told, figure, table([m for m in measures if m.scenario == name]), meanings(name)]
    return "\n\n".join(parts)


def write_numbers(measures: list[Measure], seeds: int) -> None:
    """Write every value of every seed."""
    with open(DOCS / "evidence.csv", "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["scenario", "measure", "condition", *(f"seed {replicate}" for replicate in range(seeds))])
        for measure in measures:
            for condition, values in measure.values.items():
                rows.writerow([measure.scenario, measure.name, condition, *np.asarray(values)])


def draw(measures: list[Measure], seeds: int) -> None:
    """Draw the measures that have a band, in a figure for each scenario."""
    drawn = [
        Measure(m.scenario, m.name, m.band, _known(m.values), m.ratio)
        for m in measures
        if m.band != ANY and FULL in _known(m.values)
    ]
    for name in sorted({m.scenario for m in drawn}):
        figure = figure_measures(
            [m for m in drawn if m.scenario == name], f"Measures against their bands, {count(seeds, 'seed')}"
        )
        save(figure, FIGURES, f"evidence_{name}", svg=True)


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {c: v for c, v in values.items() if np.isfinite(v).all() and not c.startswith(PREDICTED)}


def copy_figures(first: Result, out: Path) -> None:
    """Take the two pictures of one animal, run again because a study draws none."""
    animal = cortex.run(first.scenario, seed=first.seed, replicate=first.replicate, output=out)
    for source, copied in (("sheet_trained", "sheet"), ("hand_trained", "hand")):
        shutil.copyfile(animal.figures[source], FIGURES / f"{copied}.png")


def main() -> None:
    """Do what the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("-j", "--jobs", type=int, default=2, help="runs at a time")
    parser.add_argument("-o", "--output", type=Path, default=Path("results/evidence"))
    parser.add_argument("--table", action="store_true", help="make no run; write the table of those that are there")
    options = parser.parse_args()
    runs: list[Result] = []
    for name, seed in SCENARIOS.items():
        out = options.output / name
        if not options.table:
            settings = list(find(name).settings)
            cortex.study(name, nulls=settings, seed=seed, seeds=options.seeds, jobs=options.jobs, output=out)
        runs += cortex.load(out)
    measures = collect(runs)
    write("evidence.md", {"evidence": page(measures, options.seeds)})
    write_numbers(measures, options.seeds)
    draw(measures, options.seeds)
    first = next(run for run in runs if run.scenario == "finger_expansion" and not run.null and run.replicate == 0)
    copy_figures(first, options.output / "finger_expansion" / "drawn")


if __name__ == "__main__":
    main()
