"""The loop of the main job beside its limit, a program written by hand: its time, and whether both do the same."""

import statistics
from functools import cache

import numpy as np

from benchmarks.candidates import interleaved
from benchmarks.examples.compare import timed
from benchmarks.finger import by_hand
from cortex.engine.simulation import Arm, Recipe, prepare, simulate
from cortex.experiment.streams import Streams
from models import finger_area
from models.finger_area import layout
from models.finger_area.observe import of_maps
from scenarios.finger_expansion import SCENARIO

ANIMAL = 0
"""Seed of the weights and touches; only the noise and the spikes of the afferents differ between runs."""

LIMITS = {
    "this engine": "C++ by hand, double",
    "this engine, single precision": "C++ by hand, float",
}
"""What each candidate is measured against; the program by hand in the same precision."""


def animal(p):
    """Build the network, and let its program write the processor time of its loop."""
    return timed(lambda: finger_area.build(p))


def by_engine(p, precision, work):
    """Return a function that simulates the animal with a seed; it returns processor seconds and the recording."""
    values, recipe = finger_area.run_inputs(p, Streams(ANIMAL), trained=True), Recipe(animal, (p,))
    project, cache = work / "finger" / precision, work / "cache"
    prepare(recipe, {"a": Arm(values, 0)}, precision=precision, cache=cache)

    def run(seed):
        done = simulate(recipe, {"a": Arm(values, seed)}, precision=precision, project=project, cache=cache)
        cpu = float((project / "runs" / "0" / "results" / "loop.txt").read_text())
        return cpu, done.recordings["a"]

    return run


def by_hand_in(p, real, work):
    """Return the same function for the program by hand."""
    binary, prepared = by_hand.compile_program(work, real), work / "by_hand.in"
    by_hand.save(by_hand.inputs(p, ANIMAL), prepared)

    def run(seed):
        said, recording = by_hand.simulate(binary, prepared, seed, work)
        return said["cpu"], recording

    return run


def candidates(p, work):
    """Return all functions by name, each ready to run."""
    return {
        "C++ by hand, float": by_hand_in(p, "float", work),
        "C++ by hand, double": by_hand_in(p, "double", work),
        "this engine": by_engine(p, "double", work),
        "this engine, single precision": by_engine(p, "single", work),
    }


@cache
def simulated(work, repeat, note, quick):
    """Run the candidates in turn, with a seed of its own in each repeat; return what each run took and did."""
    p = SCENARIO.resolve({}, quick=quick)

    def once(run, seed):
        cpu, recording = run(seed)
        return {"sim": cpu, **quantities(p, recording)}

    runs = {name: lambda turn, run=run: once(run, turn + 1) for name, run in candidates(p, work).items()}
    return interleaved(runs, repeat, note)


def loop(work, repeat, note, quick=False):
    """Time the loops; the ratio is that to the program by hand in the same precision."""
    found = simulated(work, repeat, note, quick)
    seconds = {name: [result["sim"] for result in results] for name, results in found.items()}
    duration = float(layout(SCENARIO.resolve({}, quick=quick)).duration)
    return {
        name: {
            "cpu": statistics.median(values),
            "least": min(values),
            "ratio": statistics.median(a / b for a, b in zip(values, seconds[LIMITS.get(name, name)], strict=True)),
            "biological": duration / statistics.median(values),
        }
        for name, values in seconds.items()
    }


def agreement(work, repeat, note, quick=False):
    """Compare what the candidates do over the seeds; return a row for each quantity.

    "apart" is the difference of the means of two candidates over its standard error.
    """
    found, rows = simulated(work, repeat, note, quick), {}
    for key in found["this engine"][0]:
        values = {name: np.array([result[key] for result in results]) for name, results in found.items()}
        rows[key] = {name: (float(v.min()), float(v.max())) for name, v in values.items()}
        for name, limit in LIMITS.items():
            rows[key][f"apart, {limit.split(', ')[1]}"] = apart(values[name], values[limit])
    del rows["sim"]
    return rows


def apart(a, b):
    """Return the difference of two means over its standard error; nan if nothing varies."""
    error = np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
    return float((a.mean() - b.mean()) / error) if error else float("nan")


def quantities(p, recording):
    """Return mean rates of each phase, the state at the end, and what the scenario measures."""
    found = {}
    n_cells, n_pv = recording["cells.maturity"].shape[1], recording["hold.strength"].shape[1]
    for phase in layout(p).phases():
        start, end = float(phase.start), float(phase.start + phase.duration)
        for name, train, n in (("pyramidal", "spikes.t", n_cells), ("PV", "pv_spikes.t", n_pv)):
            inside = (recording[train] >= start) & (recording[train] < end)
            found[f"{phase.name}: {name}, Hz"] = float(inside.sum() / n / (end - start))
    maps = of_maps(p, {"trained": recording})
    return found | {
        "sum of weights at the end": float(recording["weights.w"][-1].sum()),
        "mature cells at the end": float((recording["cells.maturity"][-1] > 0.5).sum()),
        "mean strength of the hold, nS": float(recording["hold.strength"][-1].mean() * 1e9),
        **{name: maps[name] for name in ("expansion_trained", "rf_ratio_trained", "hold_ratio")},
    }
