"""What a study costs beside its simulations, and how it behaves when it is large.

    python -m benchmarks.studies overhead       # wall time of a run beyond its simulation, from the second run on
    python -m benchmarks.studies scale          # status and compare over 10,000 committed runs

The numbers are printed as Markdown; `docs/studies.md` has those of the last time.
"""

import argparse
import json
import math
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.resilience import CORTEX, SHORT
from cortex.experiment.record import read_record, write_record
from cortex.studies import plan, plan_file, study_file
from cortex.studies.study_model import Study

STUDIES = {
    "seeds only": ("copy_pair", *SHORT, "--seeds", "40"),
    "seeds and values": ("copy_pair", *SHORT, "-p", "copying.learning_rate=log(2e-3,8e-3,5)", "--seeds", "8"),
    "values only": ("copy_pair", *SHORT, "-p", "copying.learning_rate=log(2e-3,8e-3,40)"),
    "long runs": ("finger_expansion", "-p", "training.control=false", "--seeds", "6"),
}
"""40 short runs each, of one set of parameters, of five, and of 40; and 5 long ones, one animal each."""


def overhead() -> list[str]:
    """Do studies in one process and in two, and split their wall time.

    What a process spends on a run beyond simulating it: building the network or finding it, measuring, writing, and
    handing out the next run. The first run of each process is left out.
    """
    rows = ["| study | processes | simulate, s a run | beyond: build | measure | the rest | in all | share |"]
    rows.append("|---|---|---|---|---|---|---|---|")
    for name, words in STUDIES.items():
        for jobs in (1, 2):
            with tempfile.TemporaryDirectory() as folder:
                command = ["study", *words, "-j", str(jobs), "-q", "-o", folder]
                subprocess.run([*CORTEX, *command], check=True, stdout=subprocess.DEVNULL)
                rows.append(split(name, jobs, Path(folder)))
    return rows


def split(name: str, jobs: int, folder: Path) -> str:
    """Split the wall time of a study's runs: each process is busy from its first to its last commit."""
    files = sorted((folder / "runs").glob("*/run.json"), key=lambda file: file.stat().st_mtime)
    ends = [file.stat().st_mtime for file in files]
    later = [json.loads(file.read_text())["seconds"] for file in files[jobs:]]
    parts = {part: statistics.mean(seconds[part] for seconds in later) for part in later[0]}
    each = jobs * (ends[-1] - ends[jobs - 1]) / len(later)
    rest = each - sum(parts.values())
    beyond = each - parts["simulate"]
    cells = (parts["simulate"], parts["build"], parts["analyse"], rest, beyond)
    return f"| {name} | {jobs} | {' | '.join(f'{cell:.2f}' for cell in cells)} | {beyond / parts['simulate']:.0%} |"


def scale(runs: int) -> list[str]:
    """Copy a real run many times as if 10 conditions and 10 values had been run with many seeds, and ask about them."""
    rows = ["| command | first, s | again, s | memory, MB |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "large"
        command = ["study", "copy_pair", *SHORT, "--seeds", "2", "-j", "1", "-q", "-o", str(folder)]
        subprocess.run([*CORTEX, *command], check=True, stdout=subprocess.DEVNULL)
        multiply(folder, runs)
        for command in (("status",), ("compare", "--no-figures"), ("compare", "-m", "copy_similarity")):
            times, memory = [], 0.0
            for again in (False, True):
                if not again:
                    (folder / "trials.csv").unlink(missing_ok=True)
                start = time.perf_counter()
                words = [command[0], str(folder), *command[1:]]
                subprocess.run([*CORTEX, *words], check=True, stdout=subprocess.DEVNULL)
                times.append(time.perf_counter() - start)
                memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
            rows.append(f"| `cortex {' '.join(command)}` | {times[0]:.1f} | {times[1]:.1f} | {memory:.0f} |")
    return rows


def multiply(folder: Path, runs: int) -> None:
    """Write many runs with the content of one, each with its own name, condition, value, seed and measures."""
    import numpy as np

    source = next(place for place in sorted((folder / "runs").iterdir()) if read_record(place))
    record = json.loads((source / "run.json").read_text())
    data = np.random.default_rng(0)
    planned = []
    for number in range(runs):
        condition, value, replicate = number % 10, number // 10 % 10, number // 100
        run = f"{number % 100:010x}-r{replicate:03d}"
        target = folder / "runs" / run
        target.mkdir()
        measures = {name: (old or 0.0) + data.normal(0.1 * condition, 0.3) for name, old in record["measures"].items()}
        varied = {"copying.learning_rate": f"{0.001 * (value + 1):g}"}
        parameters = record["parameters"] | varied
        new = record | {"run": run, "replicate": replicate, "measures": measures, "parameters": parameters}
        (target / "data.nc").write_bytes(b"01234567")
        write_record(target, new)
        planned.append(
            plan.PlannedRun(run, f"c{condition}", replicate, {"copying.learning_rate": f"{0.001 * (value + 1):g}"})
        )
    rates = [f"{0.001 * (value + 1):g}" for value in range(10)]
    conditions: dict[str, dict[str, str]] = {f"c{number}": {} for number in range(10)}
    vary = {"copying.learning_rate": rates}
    study = Study(scenario="copy_pair", seeds=math.ceil(runs / 100), vary=vary, conditions=conditions)
    (folder / "study.toml").write_text(study_file.write(study))
    plan_file.keep(folder, planned)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("overhead", "scale"))
    parser.add_argument("--runs", type=int, default=10_000)
    o = parser.parse_args()
    print("\n".join(overhead() if o.what == "overhead" else scale(o.runs)))
    sys.exit(0)


if __name__ == "__main__":
    main()
