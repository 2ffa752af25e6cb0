"""SOMA-1 in this package. The last line is its result (JSON); see the options of `network.arguments`."""

import sys
import time
from pathlib import Path

START = time.perf_counter()

from network import Soma1, arguments, inputs, load, report, summary

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from cortex.engine.progress import Progress, Task
from cortex.engine.simulation import Arm, Recipe, simulate


class Stopwatch(Progress):
    """Notes how long the compiler takes."""

    def __init__(self):
        super().__init__(enabled=False)
        self.compile = 0.0

    def task(self, description, total=None):
        """Start the watch if the task is to compile."""
        task = Task()
        if description.startswith("compile"):
            start = time.perf_counter()
            task.finish = lambda: setattr(self, "compile", time.perf_counter() - start)
        return task


def main():
    parser = arguments(__doc__)
    parser.add_argument("--precision", choices=("double", "single"), default="double")
    parser.add_argument("--backend", choices=("cpp", "plain"), default="cpp")
    parser.add_argument("--runs", type=int, default=1, help="seeds and learning rates from the given ones on")
    parser.add_argument("--jobs", type=int, default=2)
    o = parser.parse_args()
    imported = time.perf_counter()

    p = Soma1(scale=o.scale)
    net = load(o.work, o.scale)
    arms = {f"run {k}": Arm(inputs(Soma1(o.scale, eta=o.eta * (1 + k / 8)), net), o.seed + k) for k in range(o.runs)}
    pairs = {name: net[name] for name in ("ei", "ie", "ee")}
    watch, project = Stopwatch(), o.work / "ours" / f"{o.precision}_{o.backend}_s{o.scale}"
    loaded = time.perf_counter()
    done = simulate(
        Recipe("model:build", (p, o.seconds, o.dt, pairs)),
        arms,
        backend=o.backend,
        precision=o.precision,
        jobs=o.jobs,
        project=project,
        progress=watch,
        cache=o.work / "cache",
    )
    ended = time.perf_counter()
    run = next(iter(done.recordings.values()))
    info = (project / "runs" / "0" / "results" / "last_run_info.txt").read_text()
    w, sim = run["A_E.w"].reshape(p.n_A, p.n_E), float(info.split()[0])
    counts = [run[f"{group}_spikes.count"] for group in "AEI"]
    times = {
        "imports": imported - START,
        "load": loaded - imported,
        "codegen": done.seconds["build"] - watch.compile,
        "compile": watch.compile,
        "sim": sim,
        "read": done.seconds["simulate"] - sim,
        "total": ended - START,
    }
    report({**times, **summary(net, o.seconds, *counts, w, run["I_E.w"])}, w, o.save)


if __name__ == "__main__":
    main()
