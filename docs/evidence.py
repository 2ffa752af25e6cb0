"""Run both scenarios and their null models over many seeds and write the table and figure of the README.

    python docs/evidence.py                 10 seeds, 2 at a time; repeat the command to resume
    python docs/evidence.py --seeds 3 -o elsewhere

Runs are kept in results/evidence; the table goes to README.md, its numbers to docs/evidence.csv, the figures
to docs/figures. The scenarios, their null models and their bands are those of `cortex show`; nothing is set here.
"""

import argparse
import csv
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from cortex.analysis.reference import ANY, score
from cortex.analysis.statistics import mean_interval
from cortex.experiment.catalogue import find
from cortex.experiment.run_folder import read_record
from cortex.report.evidence import Measure, figure_measures
from cortex.report.style import save
from cortex.studies import plan

SCENARIOS = ("finger_expansion", "copy_pair")
FULL = "full model"
HERE = Path(__file__).resolve().parent
README = HERE.parent / "README.md"
BEGIN, END = "<!-- evidence -->", "<!-- /evidence -->"
CORTEX = (sys.executable, "-c", "from cortex.cli import main; main()")


def study(name: str, seed: int, seeds: int, jobs: int, out: Path) -> None:
    """Do what is missing of a scenario's study: the full model and all its nulls."""
    nulls = [word for null in find(name).nulls for word in ("--null", null)]
    numbers = ["--seed", str(seed), "--seeds", str(seeds), "-j", str(jobs)]
    subprocess.run([*CORTEX, "study", name, *nulls, *numbers, "-o", str(out)], check=True)


def records(out: Path) -> dict[tuple[str, int], dict[str, Any]]:
    """Read the complete runs of a study by null model and replicate."""
    found = {}
    for trial in plan.load(out / plan.PLAN) or []:
        if record := read_record(out / "runs" / trial.run):
            found[record["null"], trial.replicate] = record
    return found


def collect(found: dict[str, dict[tuple[str, int], dict[str, Any]]]) -> list[Measure]:
    """Bring the values of each measure together: full model and nulls, over seeds."""
    values: dict[tuple[str, str], dict[str, list[float]]] = {}
    bands: dict[tuple[str, str], Any] = {}
    listed = [(name, null, record) for name in sorted(found) for (null, _), record in sorted(found[name].items())]
    for name, null, record in listed:
        for kind in ("measures", "predictions"):
            for measure, value in record[kind].items():
                condition = (null or FULL) if kind == "measures" else f"predicted, {null or FULL}"
                value = np.nan if value is None else value
                values.setdefault((name, measure), {}).setdefault(condition, []).append(value)
                bands[name, measure] = tuple(record["bands"].get(measure, ANY))
    return [
        Measure(
            name,
            measure,
            bands[name, measure],
            by_condition,
            ratio="similarity" not in measure and "overlap" not in measure,
        )
        for (name, measure), by_condition in values.items()
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


def copy_figures(out: Path, found: dict[tuple[str, int], dict[str, Any]]) -> None:
    """Take the README's two pictures from the first animal, run again because a study draws none."""
    run = found["", 0]["run"]
    again = out / "drawn"
    if not (again / "runs" / run).exists():
        subprocess.run([*CORTEX, "run", str(out / "runs" / run), "-o", str(again)], check=True)
    for source, target in (("sheet_trained", "sheet"), ("hand_trained", "hand")):
        shutil.copyfile(again / "runs" / run / "figures" / f"{source}.png", HERE / "figures" / f"{target}.png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=2026, help="root seed")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="runs at a time")
    parser.add_argument("-o", "--output", type=Path, default=Path("results/evidence"))
    parser.add_argument("--table", action="store_true", help="make no run; write the table of those that are there")
    options = parser.parse_args()
    if not options.table:
        for name in SCENARIOS:
            study(name, options.seed, options.seeds, options.jobs, options.output / name)
    found = {name: records(options.output / name) for name in SCENARIOS}
    write(collect(found), options.seeds, options.seed)
    copy_figures(options.output / "finger_expansion", found["finger_expansion"])


if __name__ == "__main__":
    main()
