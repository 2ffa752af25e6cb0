"""The results as a page and a figure."""

import json
import math
import platform
from datetime import date
from importlib.metadata import version
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from benchmarks.candidates import HERE
from cortex.engine.cores import cores
from cortex.report.style import FAINT, SERIES, save, styled

DOCS = HERE.parent / "docs"

TITLES = {
    "simulation": "Simulation: SOMA-1, 20 s, the loop alone",
    "agreement": "Agreement: SOMA-1, 20 s, range over seeds",
    "start": "Start: from an empty process to the end of 0.1 s of SOMA-1, s",
    "study": "Study: 8 runs of 5 s of SOMA-1, everything included",
    "scaling": "Scaling: SOMA-1 at 1, 2 and 4 times the cells, 5 s, the loop alone",
    "main_job": "Main job: one animal of finger_expansion, everything included",
    "main_loop": "Main job against its own limit: one animal of finger_expansion, the loop alone",
    "main_agreement": "Agreement: one animal of finger_expansion, range over seeds",
    "sheet": "Dense sheets: one animal of finger_expansion, 38.5 s; processor seconds, rates in training",
    "precision": "Single precision against double: measures with a band, mean ± standard deviation over seeds",
    "long_studies": "Long studies: what a run of `copy_pair --quick` costs, and 10,000 of them",
    "indices": "Long studies: what is done once for all runs, processor seconds",
    "threads": "Threads: the loop of one simulation, how many times faster than by one thread",
    "examples": "Published networks: processor seconds of the loop, and their ratio plain Brian2 / this engine",
}
HEADS = {
    "seconds": "wall s, median", "biological": "biological s per s", "rate_E": "E Hz", "rate_I": "I Hz",
    "w_mean": "w mean", "w_sd": "w sd", "w_low": "w < 0.1", "w_inh": "w inh", "imports": "import",
    "load": "load network", "codegen": "code generation", "sim": "simulate", "read": "read back", "wall": "wall s",
    "simulate": "of it simulating", "plain": "plain Brian2", "ours": "this engine",
    "pv_spikes": "PV spikes", "MB": "peak MB", "cpu": "processor s, median", "hand": "C++ by hand",
    "growth": "growth relative to C++", "run_MB": "peak MB, all processes", "rate_established": "established Hz",
    "rate_idle": "idle Hz", "double": "double precision", "single": "single precision",
    "apart": "apart, in standard deviations", "each": "processor s a run", "command_MB": "command, peak MB",
    "command_growth": "kB more a run", "worker_MB": "worker, peak MB", "worker_growth": "kB more a run, worker",
    "disk_MB": "disk, MB a run", "hours": "10,000 runs: processor h",
    "large_GB": "10,000 runs: disk GB", "plan": "plan, all values differ", "write_plan": "write the plan",
    "read_plan": "read it", "table": "make the table of runs", "table_again": "look whether it is current",
    "look": "count by state", "status": "all of `cortex status`",
    "compare": "all of `cortex compare --no-figures`", "rate_pv": "PV Hz", "before": "load average before",
}  # fmt: skip


def machine():
    """Name the processor, the versions and the date."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    for line in cpuinfo.read_text().splitlines() if cpuinfo.exists() else ():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    python = f"Python {platform.python_version()}, Brian2 {version('brian2')}, numpy {version('numpy')}"
    return f"{date.today():%Y-%m-%d}, {model}, {cores()} cores, {platform.system()}, {python}"


def cell(value):
    """Write a number, or a range, with three digits."""
    if isinstance(value, tuple | list):
        return " to ".join(map(cell, value))
    if isinstance(value, str):
        return value
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer() and abs(value) >= 1000):
        return f"{value:.0f}"
    if math.isnan(value):
        return ""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(name, rows, about=""):
    """Write one section in Markdown, with what must be known to read it."""
    columns = list(dict.fromkeys(key for row in rows.values() for key in row))
    lines = [
        f"## {TITLES[name]}",
        "",
        *([about, ""] if about else []),
        f"| | {' | '.join(HEADS.get(c, c) for c in columns)} |",
        "|---" * (len(columns) + 1) + "|",
    ]
    lines += [f"| {title} | {' | '.join(cell(row.get(c, math.nan)) for c in columns)} |" for title, row in rows.items()]
    return "\n".join(lines)


def keep(results, notes=None, skipped=None, when=""):
    """Keep sections beside those that are there, and write the page; return where it is.

    Parameters
    ----------
    results : dict of dict
        Rows of numbers, by section.
    notes : dict of str to str, optional
        What must be known to read a section.
    skipped : list of str, optional
        What was not measured, and why; by default as it was.
    when : str
        Date, machine and versions; by default as they were.
    """
    numbers = DOCS / "benchmarks.json"
    kept = json.loads(numbers.read_text()) if numbers.exists() else {}
    written = {
        "machine": when or kept.get("machine", ""),
        "skipped": kept.get("skipped", []) if skipped is None else skipped,
        "notes": kept.get("notes", {}) | (notes or {}),
        "results": kept.get("results", {}) | results,
    }
    numbers.write_text(json.dumps(written, indent=1) + "\n")
    path = DOCS / "benchmarks.md"
    path.write_text(page(written["results"], written["skipped"], written["machine"], written["notes"]))
    if {"simulation", "scaling"} & set(results) and {"simulation", "scaling"} <= set(written["results"]):
        save(figure(written["results"]), DOCS / "figures", "benchmarks", svg=True)
    return path


def page(results, skipped, when, notes=None):
    """Write all sections in Markdown."""
    notes = notes or {}
    parts = [
        "# Benchmarks",
        "Written by `python -m benchmarks`. SOMA-1 is a plastic somatosensory map of 500 afferents, 400 excitatory and "
        "100 inhibitory cells (`benchmarks/soma1/network.py`). Medians of interleaved repeats; ratios are medians of "
        "the ratios within a repeat, to C++ by hand (float) or to the plain Brian2 script; for the loop of the main "
        "job, to C++ by hand of the same precision (`benchmarks/finger/by_hand.cpp`: the same contacts, initial "
        'weights and touches). "Apart" is a difference of means over its standard error, more than 3 hardly chance. '
        "Machines are noisy: ratios are good to about 10 %, seconds to 25 %. Brian2 before 2.11 takes the time of its "
        "loop in CPU seconds, which "
        "flatters it on a busy machine. Peak memory is that of the largest program started, the compiler included.",
        when,
        *(f"Not measured: {reason}" for reason in skipped),
        "![Simulation and scaling](figures/benchmarks.png)",
        *(table(name, results[name], notes.get(name, "")) for name in TITLES if name in results),
    ]
    return "\n\n".join(parts) + "\n"


@styled
def figure(results):
    """Draw how far each candidate is from C++ by hand, and how that scales."""
    drawn = Figure(figsize=(10, 4.2), layout="constrained")
    left, right = drawn.subplots(1, 2, width_ratios=(3, 2))
    rows = results["simulation"]
    names = list(rows)[::-1]
    ours = [SERIES[1] if name.startswith("this engine") and "'" not in name else FAINT for name in names]
    left.barh(names, [rows[name]["ratio"] for name in names], color=ours)
    for place, name in enumerate(names):
        left.text(rows[name]["ratio"] * 1.07, place, f"{rows[name]['ratio']:.3g}", va="center")
    left.set(xscale="log", xlabel="Time relative to C++ by hand, float", title="Simulation of SOMA-1")
    left.set_xlim(0.7, 2.2 * max(row["ratio"] for row in rows.values()))
    for k, (name, row) in enumerate(results["scaling"].items()):
        ratios = [row[f"ratio {scale}"] for scale in (1, 2, 4)]
        right.plot([0.2, 0.8, 3.2], ratios, marker="osD^v*"[k % 6], color=SERIES[k % len(SERIES)], label=name)
    right.set(xscale="log", yscale="log", title="Scaling")
    right.set(xlabel="Plastic synapses, millions", ylabel="Time relative to C++ by hand, float")
    for axis, ticks in ((left.xaxis, (1, 2, 5, 10, 20, 50, 100)), (right.yaxis, (1, 2, 5, 10, 20))):
        axis.set_ticks(ticks, map(str, ticks))
        axis.set_minor_locator(NullLocator())
    right.set_xticks([0.2, 0.8, 3.2], ["0.2", "0.8", "3.2"])
    right.xaxis.set_minor_locator(NullLocator())
    drawn.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return drawn
