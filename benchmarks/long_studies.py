"""What a study of 10,000 short runs costs: measured on a few hundred, with each way to do them, and projected.

    python -m benchmarks.long_studies --runs 200 -j 16 --write      # into docs/benchmarks.md

The runs are `copy_pair --quick` with a seed each, done by local processes, by as many shards, and by as many dask
workers. What is done once for all runs, by their plan and table, is measured for up to 10,000 copies of a run.
"""

import argparse
import contextlib
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np
import psutil

from benchmarks.report import keep, machine, table
from benchmarks.resilience import CORTEX, cluster
from benchmarks.studies import multiply
from cortex.engine.cores import cores
from cortex.studies import plan_file, session, state
from cortex.studies import table as run_table
from cortex.studies.source import Changes

MANY = 10_000
SIZES = (100, 1000, MANY)
STUDY = ("study", "copy_pair", "--quick", "--seed", "700", "-q")
EVERY = 0.2
"""Time between two looks at the memory, s."""

ENOUGH = 100
"""Runs below which growth of memory is not told: what is loaded at the start would be all of it."""

RANGES = ("each", "hours")
"""What is told as a range over repeats; of all else the most is told."""

LOOK = """
import json, os, sys, cortex
from pathlib import Path
spent = []
for replicate in range(int(sys.argv[2])):
    before = os.times()
    cortex.run("copy_pair", seed=701, replicate=replicate, quick=True, figures=False, output=sys.argv[1], jobs=1,
               threads=1)
    after = os.times()
    spent.append([after.children_user + after.children_system - before.children_user - before.children_system,
                  after.user + after.system - before.user - before.system])
print(json.dumps(spent))
"""
"""Do runs in one process, as a study does them; tell the processor seconds of the programs and of Python for each.

With more threads, which a run alone would take, its arms do not share their beginning, and cost twice as much.
"""


def parts(folder, runs=10):
    """Return the least and the most processor seconds that a run's programs take, and its Python beyond these.

    Of runs in one process, without the first, which compiles.
    """
    words = [sys.executable, "-c", LOOK, str(folder), str(runs + 1)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    programs, python = np.array(json.loads(done.stdout.splitlines()[-1])[1:]).T
    return {"simulating": (programs.min(), programs.max()), "beyond": (python.min(), python.max())}


def processes(folder, runs, jobs):
    """Do the study in local processes."""
    return _watched([_command(folder, runs, "-j", str(jobs))], folder)


def shards(folder, runs, jobs):
    """Do the study as shards, each in a process of its own."""
    return _watched([_command(folder, runs, "-j", "1", "--shard", f"{k + 1}/{jobs}") for k in range(jobs)], folder)


def dask(folder, runs, jobs):
    """Have dask workers do the study."""
    with cluster(folder.with_name("dask"), jobs) as (scheduler, nannies):
        return _watched([_command(folder, runs, "--scheduler", scheduler)], folder, nannies)


EXECUTORS = {"local processes": processes, "shards": shards, "dask workers": dask}


def _command(folder, runs, *more):
    return [*CORTEX, *STUDY, "--seeds", str(runs), "-o", str(folder), *more]


def _watched(commands, folder, nannies=()):
    """Do commands, and look at their memory; return processor seconds, and samples of runs done and bytes."""
    before = _spent(nannies)
    start = time.monotonic()
    started = [psutil.Popen(words, stdout=subprocess.DEVNULL) for words in commands]
    samples = []
    while any(process.poll() is None for process in started):
        done = sum(not place.suffix for place in (folder / "runs").iterdir()) if (folder / "runs").is_dir() else 0
        below = [child for parent in (*started, *nannies) for child in _children(parent)]
        samples.append((done, max(map(_memory, started)), max([_memory(child) for child in below], default=0)))
        time.sleep(EVERY)
    if any(process.returncode for process in started):
        raise RuntimeError(f"{' '.join(commands[0])} failed")
    return {"cpu": _spent(nannies) - before, "wall": time.monotonic() - start, "samples": samples}


def _spent(nannies):
    """Return processor seconds of all processes that have ended, and of dask workers with what they started."""
    own = resource.getrusage(resource.RUSAGE_CHILDREN)
    workers = [child.cpu_times() for nanny in nannies for child in _children(nanny)]
    return own.ru_utime + own.ru_stime + sum(sum(times[:4]) for times in workers)


def _children(process):
    """Return the processes of Python below one."""
    with contextlib.suppress(psutil.Error):
        return [child for child in process.children() if "python" in child.name()]
    return []


def _memory(process):
    with contextlib.suppress(psutil.Error):
        return process.memory_info().rss
    return 0


def growth(samples, column):
    """Return the bytes by which memory grows with each run, once a fifth of the runs are done; nan for few runs."""
    last = samples[-1][0]
    if last < ENOUGH:
        return float("nan")
    late = np.array([(sample[0], sample[column]) for sample in samples if sample[0] >= last / 5 and sample[column]])
    if len({done for done, _ in late}) < 3:
        return float("nan")
    return float(np.polyfit(*late.T, 1)[0])


def row(first, measured, folder, few, runs):
    """Put what was measured on few runs first, and then on more, in one row, with what 10,000 would take."""
    disk = sum(file.stat().st_size for file in (folder / "runs").rglob("*") if file.is_file()) / runs
    each = (measured["cpu"] - first["cpu"]) / (runs - few)
    begin = max(0.0, measured["cpu"] - runs * each)
    peak = [max(sample[column] for sample in measured["samples"]) for column in (1, 2)]
    grows = [growth(measured["samples"], column) for column in (1, 2)]
    return {
        "runs": runs,
        "each": each,
        "command_MB": peak[0] / 1e6,
        "command_growth": grows[0] / 1e3,
        "worker_MB": peak[1] / 1e6,
        "worker_growth": grows[1] / 1e3,
        "disk_MB": disk / 1e6,
        "hours": (begin + MANY * each) / 3600,
        "large_GB": MANY * disk / 1e9,
    }


def over_repeats(rows):
    """Put the rows of several repeats in one: ranges of what `RANGES` names, the most of all else."""
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return {name: (min(found), max(found)) if name in RANGES else max(found) for name, found in columns.items()}


def indices(sizes=SIZES):
    """Tell what is done once for all runs of a study, by their number: they are copies of one."""
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        parts(Path(folder) / "look", 1)
        run = next((Path(folder) / "look" / "runs").iterdir())
        for number in sizes:
            place = Path(folder) / str(number)
            shutil.copytree(run, place / "runs" / run.name)
            multiply(place, number)
            rows[f"{number:,} runs"] = index_times(place, number)
    return rows, f"{machine()}."


def index_times(place, number):
    """Return the processor seconds, of parts and of whole commands, that a study of so many runs costs beside them."""
    values = {"copying.learning_rate": f"linear(1e-3, 9e-3, {number})"}
    begun, planning = _timed(partial(session.begin, "copy_pair", Changes(typed=values, quick=True), place))
    (place / "plan").mkdir()
    plan, reading = _timed(partial(plan_file.load, place))
    runs, making = _timed(partial(run_table.update, place, plan))
    return {
        "plan": planning,
        "write_plan": _timed(partial(plan_file.keep, place / "plan", begun.plan))[1],
        "read_plan": reading,
        "table": making,
        "table_again": _timed(partial(run_table.update, place, plan))[1],
        "look": _timed(partial(state.look, place, plan, runs))[1],
        "status": _whole("status", place),
        "compare": _whole("compare", place, "--no-figures"),
    }


def _timed(function):
    start = time.process_time()
    return function(), time.process_time() - start


def _whole(command, *words):
    """Give a command in a process of its own; return its processor seconds."""
    before = _spent(())
    subprocess.run([*CORTEX, command, *map(str, words)], check=True, capture_output=True)
    return _spent(()) - before


def long_studies(runs=200, jobs=None, repeat=2, note=print):
    """Do a study in each way, some times over; return a row for each way, and what must be known to read them."""
    jobs, found = jobs or cores(), {}
    few = max(1, runs // 4)
    for turn in range(repeat):
        with tempfile.TemporaryDirectory() as place:
            alone = parts(Path(place) / "look")
            for name, do in EXECUTORS.items():
                folder = Path(place) / name.replace(" ", "-")
                first = do(folder.with_name(f"{folder.name}-few"), few, jobs)
                made = row(first, do(folder, runs, jobs), folder, few, runs)
                found.setdefault(name, []).append(made)
                note(f"{turn + 1} of {repeat}, {name}: {made['each']:.2f} processor s a run")
    return {name: over_repeats(rows) for name, rows in found.items()}, about(few, runs, jobs, repeat, alone)


def about(few, runs, jobs, repeat, alone):
    """Tell how the numbers of `long_studies` were found, and of what a run is made that is alone in its process."""
    simulating, beyond = (f"{low:.2f} to {high:.2f}" for low, high in (alone["simulating"], alone["beyond"]))
    return (
        f"Of runs that follow each other in one process each takes {simulating} processor s for its simulation, and "
        f"{beyond} beyond it. Each study was done with {few} and with {runs} runs, {jobs} at a time: the "
        f"difference, divided by {runs - few}, is what a run costs, and the rest is done once. {MANY:,} runs are "
        f"projected as what is done once and {MANY:,} times what a run costs. Ranges are the least and the most of "
        f"{repeat} repeats. A shard takes all cores that it sees for the threads of a run, whose arms then do not "
        "share their beginning; a job of an array sees its own cores only. The dask scheduler itself is not counted. "
        f"{machine()}."
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200, metavar="N", help="with each way to do them [200]")
    parser.add_argument("--repeat", type=int, default=2, metavar="N", help="repeats, of which ranges are told [2]")
    parser.add_argument("-j", "--jobs", type=int, default=cores(), metavar="N", help="runs at a time")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    o = parser.parse_args()
    found = {
        "long_studies": long_studies(o.runs, o.jobs, o.repeat, partial(print, file=sys.stderr, flush=True)),
        "indices": indices(),
    }
    for name, (rows, about) in found.items():
        print(table(name, rows, about), end="\n\n")
    if o.write:
        tables, notes = ({name: both[part] for name, both in found.items()} for part in (0, 1))
        print(f"written: {keep(tables, notes)}", file=sys.stderr)


if __name__ == "__main__":
    main()
