"""Run both scenarios and their null models over many seeds and write the table and figure of the README.

    python docs/evidence.py                 10 seeds, 2 at a time; repeat the command to resume
    python docs/evidence.py --seeds 3 -o elsewhere

Runs are kept in results/evidence; the table goes to README.md, its numbers to docs/evidence.csv, the figures
to docs/figures. The scenarios, their null models and their bands are those of `cortex show`; nothing is set here.
"""

import argparse
import csv
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from cortex.analysis.reference import ANY, score
from cortex.analysis.statistics import mean_interval
from cortex.experiment.run import Run, execute, find_result
from cortex.report.evidence import Measure, figure_measures
from cortex.report.style import save

SCENARIOS = ("copy_pair", "finger_expansion")
FULL = "full model"
HERE = Path(__file__).resolve().parent
README = HERE.parent / "README.md"
BEGIN, END = "<!-- evidence -->", "<!-- /evidence -->"

Job = tuple[str, str, int, int]
"""Scenario, null model (empty for none), root seed, replicate."""


def jobs(seed: int, seeds: int) -> Iterator[Job]:
    """List the runs, replicate by replicate in the nulls, so that an interrupted table has all its columns."""
    from cortex.experiment.catalogue import find

    for name in reversed(SCENARIOS):
        yield from ((name, "", seed, replicate) for replicate in range(seeds))
    for replicate in range(seeds):
        for name in SCENARIOS:
            yield from ((name, null, seed, replicate) for null in find(name).nulls)


def work(job: Job, out: Path, make: bool = True) -> tuple[Job, dict[str, Any] | None]:
    """Take one run if it is there, else make it."""
    from cortex.experiment.catalogue import find

    name, null, seed, replicate = job
    scenario = find(name)
    run = Run(scenario, scenario.resolve({}, null=null), seed, replicate, null=null)
    result = find_result(run, out) or (execute(run, out, jobs=1) if make else None)
    return job, result.record if result else None


def collect(records: dict[Job, dict[str, Any]]) -> list[Measure]:
    """Bring the values of each measure together: full model and nulls, over seeds."""
    values: dict[tuple[str, str], dict[str, list[float]]] = {}
    bands: dict[tuple[str, str], Any] = {}
    for (name, null, _, _), record in sorted(records.items()):
        for kind in ("measures", "predictions"):
            for measure, value in record[kind].items():
                condition = (null or FULL) if kind == "measures" else f"predicted, {null or FULL}"
                value = np.nan if value is None else value
                values.setdefault((name, measure), {}).setdefault(condition, []).append(value)
                bands[name, measure] = tuple(record["bands"].get(measure, ANY))
    return [
        Measure(
            name, measure, bands[name, measure], found, ratio="similarity" not in measure and "overlap" not in measure
        )
        for (name, measure), found in values.items()
    ]


def cell(values: Any, band: Any) -> str:
    """Write mean and interval; bold where the mean lies outside the band."""
    mean, low, high = mean_interval(values)
    if np.isnan(mean):
        return "undefined"
    text = f"{mean:.2f}" if np.isnan(low) else f"{mean:.2f} [{low:.2f}, {high:.2f}]"
    return f"**{text}**" if score(mean, band) == "outside" else text


def fails(values: Any, band: Any) -> bool:
    """Say whether the mean misses the band; an undefined mean does."""
    return band != ANY and score(mean_interval(values).mean, band) != "inside"


def table(measures: list[Measure], scenario: str) -> str:
    """Write the table of one scenario in Markdown."""
    ours = [measure for measure in measures if measure.scenario == scenario]
    conditions = [c for c in dict.fromkeys(c for m in ours for c in m.values) if not c.startswith("predicted")]
    conditions.sort(key=lambda condition: condition != FULL)
    size = {c: max(len(np.asarray(m.values[c])) for m in ours if c in m.values) for c in conditions}
    lines = [
        f"| measure | band | {' | '.join(f'{c} (n = {size[c]})' for c in conditions)} |",
        "|---" * (len(conditions) + 2) + "|",
    ]
    for measure in sorted(ours, key=lambda m: m.band == ANY):
        if not any(condition in measure.values for condition in conditions):
            continue
        low, high = measure.band
        band = "" if measure.band == ANY else f"{'' if low is None else low} to {'' if high is None else high}"
        band = band.replace(" to ", "≤ ", 1) if low is None and high is not None else band.removesuffix(" to ")
        band = f"≥ {band}" if low is not None and high is None else band
        cells = [cell(measure.values[c], measure.band) if c in measure.values else "" for c in conditions]
        lines.append(f"| `{measure.name}` | {band} | {' | '.join(cells)} |")
    failed = {c: sum(fails(m.values[c], m.band) for m in ours if c in m.values) for c in conditions}
    lines.append(f"| **bands missed by the mean** | | {' | '.join(str(failed[c]) for c in conditions)} |")
    return "\n".join(lines)


def write(measures: list[Measure], seeds: int, seed: int) -> None:
    """Write table, numbers and figure."""
    parts = [f"### {name}\n\n{table(measures, name)}\n" for name in dict.fromkeys(m.scenario for m in measures)]
    picture = "![Measures against their bands](docs/figures/evidence.png)"
    head = f"{seeds} seeds: replicates 0 to {seeds - 1} of root seed {seed}.\n\n{picture}\n\n"
    text = README.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    README.write_text(before + BEGIN + "\n" + head + "\n".join(parts) + END + after, encoding="utf-8")
    with open(HERE / "evidence.csv", "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["scenario", "measure", "condition", *(f"seed {replicate}" for replicate in range(seeds))])
        for measure in measures:
            for condition, values in measure.values.items():
                rows.writerow([measure.scenario, measure.name, condition, *np.asarray(values)])
    (HERE / "figures").mkdir(exist_ok=True)
    banded = [measure for measure in measures if measure.band != ANY]
    drawn = [
        Measure(
            m.scenario,
            m.name,
            m.band,
            {c: v for c, v in m.values.items() if np.isfinite(v).all() and "predicted" not in c},
            m.ratio,
        )
        for m in banded
    ]
    figure = figure_measures([m for m in drawn if FULL in m.values], f"Measures against their bands, {seeds} seeds")
    save(figure, HERE / "figures", "evidence")


def copy_figures(records: dict[Job, dict[str, Any]], out: Path) -> None:
    """Take the README's two pictures from the first animal."""
    run = next(
        record["run"] for job, record in records.items() if job[0] == "finger_expansion" and not job[1] and not job[3]
    )
    figures = out / "finger_expansion" / "runs" / run / "figures"
    for source, target in (("sheet_trained", "sheet"), ("hand_trained", "hand")):
        shutil.copyfile(figures / f"{source}.png", HERE / "figures" / f"{target}.png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=2026, help="root seed")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="runs at a time")
    parser.add_argument("-o", "--output", type=Path, default=Path("results/evidence"))
    parser.add_argument("--table", action="store_true", help="make no run; write the table of those that are there")
    options = parser.parse_args()
    planned = list(jobs(options.seed, options.seeds))
    records = {}
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(work, job, options.output / job[0], not options.table) for job in planned]
        for number, done in enumerate(as_completed(running), 1):
            job, record = done.result()
            if record:
                records[job] = record
            print(f"{number} of {len(planned)}: {job[0]} {job[1] or FULL}, replicate {job[3]}", flush=True)
    write(collect(records), options.seeds, options.seed)
    copy_figures(records, options.output)


if __name__ == "__main__":
    main()
