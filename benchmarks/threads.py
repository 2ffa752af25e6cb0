"""One simulation by one thread and by several: the wall time of its loop, where the machine is idle.

python -m benchmarks.threads --work DIR        prints the table; about 4 minutes with 8 cores or more
"""

import argparse
import os
import statistics
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks import report
from benchmarks.candidates import SOMA1, interleaved
from benchmarks.examples.compare import timed
from benchmarks.sheet import parameters
from cortex.engine.cores import cores
from cortex.engine.simulation import Arm, Recipe, prepare, simulate
from cortex.experiment.streams import Streams
from models import finger_area

DT = 0.1
"""Time step of SOMA-1, ms."""

SHEETS = {
    "the sheet of the scenario, 500/mm^2": (500, 20.0),
    "5,000 pyramidal cells": (1683, 20.0),
    "10,000 pyramidal cells": (3366, 10.0),
    "30,000 pyramidal cells": (10_000, 3.0),
}
"""Density of the cells per mm^2, and how many seconds are simulated."""

IDLE = 0.3 + 0.1 * cores()
"""Load average up to which a machine is idle."""

ALONE = 0.95
"""Share of its wall time that a program of one thread calculates, if no other program takes its core."""


def sheet(p, seconds):
    """Build the sheet, of which only the first seconds are simulated."""
    from brian2 import second

    return timed(lambda: replace(finger_area.build(p), duration=seconds * second))


def soma1(*arguments):
    """Build SOMA-1."""
    from model import build

    return timed(lambda: build(*arguments))


def networks(work):
    """Yield the name of each network, its recipe and its arm."""
    for name, (density, seconds) in SHEETS.items():
        p, streams = parameters(density, changes=[("training.settle", "1 s")]), Streams(100)
        inputs = finger_area.run_inputs(p, streams, trained=True)
        yield name, Recipe(sheet, (p, seconds)), Arm(inputs, streams.network_seed)
    sys.path.insert(0, str(SOMA1))
    from network import Soma1, inputs, load

    p, net = Soma1(), load(work, 1)
    pairs = {name: net[name] for name in ("ei", "ie", "ee")}
    yield "SOMA-1", Recipe(soma1, (p, 5.0, DT, pairs)), Arm(inputs(p, net), 1)


def run(recipe, arm, threads, work, turn=0):
    """Simulate with this many threads; return wall seconds of the loop, and the processor seconds for each of them."""
    project = work / "threads"
    simulate(recipe, {"a": arm}, threads=threads, project=project, cache=work / "cache", backend="cpp")
    results = project / "runs" / "0" / "results"
    wall = float((results / "last_run_info.txt").read_text().split()[0])
    return {"sim": wall, "calculated": float((results / "loop.txt").read_text()) / wall}


def row(found, load):
    """Return what is told of a network: the ratio to one thread, or that others were at work."""
    one = found[1]
    told = {"seconds": statistics.median(result["sim"] for result in one), "before": load}
    alone = statistics.median(result["calculated"] for result in one)
    for number, results in list(found.items())[1:]:
        ratios = [a["sim"] / b["sim"] for a, b in zip(one, results, strict=True)]
        told[f"{number} threads"] = statistics.median(ratios) if load <= IDLE and alone > ALONE else "not measurable"
    return told


def measured(work, repeat, note):
    """Compare 1, 2, 4 and 8 threads, as far as there are cores, on each network."""
    load, available, table = os.getloadavg()[0], cores(), {}
    note(f"load average before: {load:.2f}, {available} cores")
    numbers = [1, *(number for number in (2, 4, 8) if number <= available)]
    for name, recipe, arm in networks(work):
        prepare(recipe, {"a": arm}, cache=work / "cache")
        runs = {number: partial(run, recipe, arm, number, work) for number in numbers}
        table[name] = row(interleaved(runs, repeat, partial(_told, note, name)), load)
    return table


def _told(note, name, text):
    note(f"{name}, {text} threads")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--repeat", type=int, default=7)
    o = parser.parse_args()
    work = o.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    print(report.table("threads", measured(work, o.repeat, partial(print, file=sys.stderr))))


if __name__ == "__main__":
    main()
