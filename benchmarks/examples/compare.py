"""Timing a network that is compiled by the engine's templates, and by Brian2's own."""

import os
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from benchmarks.examples import balanced, channels, plastic
from cortex.engine import Arm, Model, simulate
from cortex.engine.recording import Recording

EXAMPLES = {build.__name__: build for build in (*balanced.EXAMPLES, *plastic.EXAMPLES, *channels.EXAMPLES)}
BACKENDS = ("plain", "cpp")


def examples(repeat: int, note: Callable[[str], None], names: Iterable[str] = ()) -> dict[str, dict[str, float | str]]:
    """Compare examples, all by default; return the rows of a table."""
    rows = {}
    for name in names or EXAMPLES:
        with tempfile.TemporaryDirectory(prefix="examples-") as work:
            row = compare(EXAMPLES[name], repeat, Path(work))
        note(f"{name}: {row['ratio']:.2f}, {row['results']}")
        rows[f"{name}: {citation(EXAMPLES[name])}"] = row
    return rows


def citation(build: Callable[[], Model]) -> str:
    """Return author and year, with which the docstring of an example begins."""
    return (build.__doc__ or "").partition(", doi")[0]


def timed(build: Callable[[], Model]) -> Model:
    """Build a model whose program writes the processor time of its loop."""
    from brian2 import get_device

    model = build()
    get_device().insert_code("before_network_run", "const std::clock_t _began = std::clock();")
    after = 'std::ofstream(results_dir + "loop.txt") << double(std::clock() - _began)/CLOCKS_PER_SEC << std::endl;'
    get_device().insert_code("after_network_run", after)
    return model


def run(project: Path) -> float:
    """Run a compiled program again; return the processor seconds of its loop."""
    results = project / "again"
    results.mkdir(exist_ok=True)
    words = [project / "simulation", "--results_dir", f"{results}{os.sep}"]
    subprocess.run(words, cwd=project, env=os.environ | {"CORTEX_SEED": "1"}, stdout=subprocess.DEVNULL, check=True)
    return float((results / "loop.txt").read_text())


def same(plain: Recording, ours: Recording) -> str:
    """Say how far the recordings of two backends agree."""
    if "spikes.t" in plain:
        spikes = [sorted(zip(record["spikes.t"], record["spikes.i"], strict=True)) for record in (plain, ours)]
        return f"{len(spikes[0])} spikes" + ("" if spikes[0] == spikes[1] else f", ours {len(spikes[1])}")
    apart = max(np.max(np.abs(plain[name] - ours[name])) / np.max(np.abs(plain[name])) for name in plain)
    return f"values within {apart:.0e}"


def compare(build: Callable[[], Model], repeat: int, work: Path) -> dict[str, float | str]:
    """Compile an example with both backends, and run them in turn."""
    found, seconds = {}, {backend: [] for backend in BACKENDS}
    for backend in BACKENDS:
        (work / backend).mkdir(parents=True)
        arms = {"a": Arm({}, 1)}
        done = simulate(lambda: timed(build), arms, backend=backend, jobs=1, project=work / backend)
        found[backend] = done.recordings["a"]
    for _ in range(repeat):
        for backend in BACKENDS:
            seconds[backend].append(run(work / backend))
    plain, ours = seconds["plain"], seconds["cpp"]
    return {
        "plain": statistics.median(plain),
        "ours": statistics.median(ours),
        "ratio": statistics.median(a / b for a, b in zip(plain, ours, strict=True)),
        "results": same(found["plain"], found["cpp"]),
    }
