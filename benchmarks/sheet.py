"""The cortical sheet of `finger_expansion` at any density of cells, by our engine and by hand-written C++.

python benchmarks/sheet.py DENSITY --work DIR        the last line is the result (JSON)

Our engine simulates one animal; then the C++ simulates the same cells and contacts with the spikes of that run. Seconds
are processor time of one thread, of the program alone; memory is the peak of all processes of a run together.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

SHORT = {"settle": 5, "calibrate": 3, "test": 1, "dose": 4, "release": 2}
"""Seconds of each phase in the short protocol; tests are two, and maps and tests of depth take 22.5 s."""


def parameters(density, longer=1.0, changes=()):
    """Set the density of all cells, and a protocol of 38.5 s with all phases in it, or `SHORT` so many times longer."""
    from models.finger_area import FingerParameters

    phases = {f"training.{name}": f"{longer * length} s" for name, length in SHORT.items()}
    maps = {"mapping.repeats": "1", "mapping.probe_spacing": "5", "mapping.blanks": "2"}
    cells = {"sheet.density": f"{density}/mm^2", "sheet.pv_density": f"{density / 5}/mm^2"}
    return FingerParameters().override(cells | phases | maps | dict(changes))


def build(p):
    """Build the network of the finger area, with the spikes of its afferents recorded."""
    from brian2 import SpikeMonitor

    from models import finger_area

    model = finger_area.build(p)
    model.network.add(SpikeMonitor(model.network["afferents"], name="afferent_spikes"))
    return model


@contextmanager
def watched():
    """Give a list whose only number is the peak memory, MB, of this process and its children together."""
    peak, ended, own = [0.0], threading.Event(), os.readlink("/proc/self/exe")

    def resident(process):
        try:
            children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
            programs = [child for child in children if os.readlink(f"/proc/{child}/exe") != own]  # not just forked
            pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        except (OSError, IndexError):
            return 0
        return pages + sum(map(resident, programs))

    def watch():
        while not ended.wait(0.02):
            peak[0] = max(peak[0], resident(os.getpid()) * resource.getpagesize() / 2**20)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()


def processor():
    """Return the processor time of the programs that have ended, s."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ours(p, work, seed=700):
    """Simulate one animal; return its inputs, its recording and what it took."""
    from cortex.engine.simulation import Arm, Recipe, prepare, simulate
    from cortex.experiment.streams import Streams
    from models import finger_area

    streams, recipe = Streams(seed), Recipe(build, (p,))
    prepare(recipe, {"trained": Arm({}, 0)}, cache=work / "cache")
    with watched() as peak:
        start, before = time.perf_counter(), processor()
        inputs = finger_area.run_inputs(p, streams, trained=True)
        arm = Arm(inputs, streams.network_seed)
        done = simulate(recipe, {"trained": arm}, cache=work / "cache", threads=1)
        taken = {"ours": processor() - before, "wall": time.perf_counter() - start, "MB": peak[0]}
    return inputs, done.recordings["trained"], taken


def by_hand(p, inputs, run, work):
    """Simulate the same cells, contacts and spikes in C++; return what it took."""
    from models.finger_area import Anatomy

    anatomy = Anatomy(p)
    contacts = anatomy.fixed | {name: inputs[f"{name}.contacts"] for name in ("lateral", "recurrent", "inhibition")}
    order = ("afferent", "lateral", "recurrent", "feedforward", "inhibition")
    arrays = [np.asarray(end, np.int32) for name in order for end in contacts[name]]
    arrays += [np.asarray(inputs[name], float) for name in ("afferent.w", "lateral.affinity", "afferent.arbor")]
    for name in ("afferent_spikes", "spikes", "pv_spikes"):
        arrays += [run[f"{name}.i"].astype(np.int32), np.rint(run[f"{name}.t"] / run.dt).astype(np.int32)]
    given, binary = work / "sheet.bin", work / "sheet"
    with given.open("wb") as file:
        sizes = (len(anatomy.pyramidal), len(anatomy.pv), len(anatomy.afferents), round(run.simulated_time / run.dt))
        file.write(np.array(sizes, np.int64).tobytes())
        for array in arrays:
            file.write(np.array(array.size, np.int64).tobytes() + np.ascontiguousarray(array).tobytes())
    compiler = [os.environ.get("CXX", "g++"), "-std=c++17", "-O3", "-march=native", "-ffast-math", "-fopenmp-simd"]
    subprocess.run([*compiler, HERE / "sheet.cpp", "-o", binary], check=True)
    before = processor()
    subprocess.run([binary, given], check=True, stdout=subprocess.DEVNULL)
    given.unlink()
    return {"hand": processor() - before, "contacts": sum(one.shape[1] for one in contacts.values()), "cells": sizes[0]}


def rates(p, inputs, run):
    """Return the mean rates, Hz, of established, idle and PV cells in training, when idle cells have teachers."""
    from cortex.analysis.spikes import rate_in_bins
    from models.finger_area.protocol import layout

    established, train = np.asarray(inputs["pyramidal.established"], bool), layout(p).interval("train")
    pyramidal, pv = (
        rate_in_bins(run[f"{name}.i"], run[f"{name}.t"], len(run[f"{name}.count"]), train)[0]
        for name in ("spikes", "pv_spikes")
    )
    means = {"established": pyramidal[established], "idle": pyramidal[~established], "pv": pv}
    return {f"rate_{name}": float(of.mean()) for name, of in means.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("density", type=float, help="pyramidal cells per mm^2")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--longer", type=float, default=1.0, help="make `SHORT` so many times longer [1]")
    parser.add_argument("--seed", type=int, default=700, help="root seed of the animal [700]")
    parser.add_argument("-p", action="append", default=[], metavar="NAME=VALUE", help="change a parameter")
    o = parser.parse_args()
    p = parameters(o.density, o.longer, [change.split("=", 1) for change in o.p])
    inputs, run, taken = ours(p, o.work.resolve(), o.seed)
    taken |= by_hand(p, inputs, run, o.work.resolve()) | rates(p, inputs, run)
    print(json.dumps({**taken, "seconds": run.simulated_time}))


if __name__ == "__main__":
    main()
