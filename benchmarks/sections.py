"""What is measured: each section returns rows of numbers, from several interleaved repeats."""

import shutil
import statistics
from pathlib import Path

import numpy as np

from benchmarks import long_studies as long
from benchmarks.candidates import HERE, OURS, REFERENCE, interleaved, measure
from benchmarks.examples.compare import examples
from benchmarks.finger import limit
from benchmarks.precision import precision as compare_precisions
from benchmarks.threads import measured

STATISTICS = ("rate_E", "rate_I", "w_mean", "w_sd", "w_low", "w_inh")


def median(results, key):
    """Return the median of a number over repeats."""
    return statistics.median(result[key] for result in results)


def simulation(rows, repeat, note, seconds=20.0):
    """Time the simulation loop alone, SOMA-1 at scale 1."""
    for row in rows.values():
        row.run(0.1)
        row.run(seconds)  # what must be compiled is compiled
    found = interleaved({name: lambda k, row=row: row.run(seconds) for name, row in rows.items()}, repeat, note)
    base = found[REFERENCE]
    return {
        name: {
            "seconds": median(results, "sim"),
            "least": min(result["sim"] for result in results),
            "ratio": statistics.median(a["sim"] / b["sim"] for a, b in zip(results, base, strict=True)),
            "biological": seconds / median(results, "sim"),
            **{key: median(results, key) for key in STATISTICS},
        }
        for name, results in found.items()
    }


def agreement(rows, repeat, note, seconds=20.0, seeds=8):
    """Compare rates and weights over seeds with the seed-to-seed spread of the reference.

    KS is the largest distance between the distribution function of a run's A->E weights and that of all *other*
    seeds of the reference together.
    """
    folder = rows[REFERENCE].work
    values, weights = {}, {}
    for name, row in rows.items():
        n = seeds if name in (REFERENCE, OURS) or "this engine" in name else 2
        for seed in range(1, n + 1):
            file = folder / "weights.npy"
            result = row.run(seconds, seed=seed, save=file)
            values.setdefault(name, []).append(result)
            weights.setdefault(name, []).append(np.load(file).ravel())
        note(f"{name}: {n} seeds")
    grid, table = np.linspace(0, 1, 501), {}
    curves = {name: [np.searchsorted(np.sort(w), grid) / len(w) for w in ws] for name, ws in weights.items()}
    reference = np.array(curves[REFERENCE])
    for name, results in values.items():
        ks = []
        for k, curve in enumerate(curves[name]):
            others = np.delete(reference, k, axis=0) if name == REFERENCE else reference
            ks.append(float(np.abs(curve - others.mean(axis=0)).max()))
        table[name] = {key: (min(v), max(v)) for key in STATISTICS for v in [[r[key] for r in results]]}
        table[name] |= {"KS": (min(ks), max(ks)), "seeds": len(results)}
    return table


def start(rows, repeat, note):
    """Split the time from the start of a process to the end of a short run: nothing cached, and everything cached."""
    ours, plain = rows[OURS], rows["plain Brian2 standalone"]

    def cold_ours(turn):
        shutil.rmtree(ours.work / "cache", ignore_errors=True)
        return ours.run(0.1)

    def cold_plain(turn):
        shutil.rmtree(plain.work / "plain", ignore_errors=True)
        return plain.run(0.1)

    runs = {
        "plain Brian2 standalone, cold": cold_plain,
        "this engine, cold": cold_ours,
        "this engine, warm, other seed and learning rate": lambda k: ours.run(0.1, seed=k + 2, eta=0.01 + 0.001 * k),
    }
    found = interleaved(runs, repeat, note)
    parts = ("imports", "load", "codegen", "compile", "sim", "read", "wall")
    return {name: {key: statistics.median(r.get(key, 0) for r in rs) for key in parts} for name, rs in found.items()}


def study(rows, repeat, note):
    """Time 8 runs of 5 s, everything included: eight learning rates and seeds, two at a time."""
    ours, plain = rows[OURS], rows["plain Brian2 standalone"]
    ours.run(5, runs=8)

    def cold_plain(turn):
        shutil.rmtree(plain.work / "plain", ignore_errors=True)
        return plain.run(5, runs=8)

    found = interleaved({"this engine, warm": lambda k: ours.run(5, seed=10 * k + 1, runs=8)}, repeat, note)
    found |= interleaved({"plain Brian2, built once, one after the other": cold_plain}, 1, note)
    return {name: {"wall": median(results, "wall")} for name, results in found.items()}


def scaling(rows, repeat, note, seconds=5.0):
    """Time the simulation loop at 1, 2 and 4 times the cells: 0.2, 0.8 and 3.2 million plastic synapses."""
    names = [name for name in rows if "by hand" in name or "this engine" in name or name.startswith("plain")]
    table = {}
    for scale in (1, 2, 4):
        for name in names:
            rows[name].run(seconds, scale=scale)
        runs = {name: lambda k, name=name, scale=scale: rows[name].run(seconds, scale=scale) for name in names}
        found = interleaved(runs, repeat, lambda text, scale=scale: note(f"scale {scale}, {text}"))
        base = found[REFERENCE]
        for name, results in found.items():
            ratios = [a["sim"] / b["sim"] for a, b in zip(results, base, strict=True)]
            table.setdefault(name, {})[f"ratio {scale}"] = statistics.median(ratios)
            table[name][f"seconds {scale}"] = median(results, "sim")
            table[name][f"MB {scale}"] = median(results, "children_MB") if "children_MB" in results[0] else float("nan")
    return table


def main_job(rows, repeat, note):
    """Time one animal of `finger_expansion`, everything included: warm, and as a plain Brian2 script."""
    row = rows[OURS]
    script = Path(HERE / "finger" / "script.py")

    def run(who):
        return measure([row.python, script, who, "--work", row.work], HERE.parent)

    run("ours")
    found = interleaved(
        {"this engine, warm": lambda k: run("ours"), "plain Brian2": lambda k: run("plain")}, repeat, note
    )
    base = found["plain Brian2"]
    return {
        name: {
            "wall": median(results, "wall"),
            "simulate": median(results, "simulate"),
            "ratio": statistics.median(a["wall"] / b["wall"] for a, b in zip(results, base, strict=True)),
            "spikes": median(results, "spikes"),
            "pv_spikes": median(results, "pv_spikes"),
            "MB": median(results, "children_MB"),
        }
        for name, results in found.items()
    }


def main_loop(rows, repeat, note):
    """Time the loop of the main job, by our engine and by hand."""
    return limit.loop(rows[OURS].work, repeat, note)


def main_agreement(rows, repeat, note):
    """Compare what the main job does by our engine and by hand, in the runs of `main_loop`."""
    return limit.agreement(rows[OURS].work, repeat, note)


def sheet(rows, repeat, note, densities=(500, 1250, 2500, 5000, 10000), seeds=range(700, 705)):
    """Time one animal of `finger_expansion`, 38.5 s, at densities up to 20 times that of the scenario.

    Rates are to lie in the range that they have over some seeds at the lowest density, which is a row of its own.
    """
    row = rows[OURS]

    def run(density, *options):
        return measure([row.python, HERE / "sheet.py", density, "--work", row.work, *options], HERE.parent)

    found = interleaved({density: lambda k, density=density: run(density) for density in densities}, repeat, note)
    base, rates = found[densities[1]], ("rate_established", "rate_idle", "rate_pv")
    table = {}
    for density, results in found.items():
        growth = [a["ours"] / a["hand"] / (b["ours"] / b["hand"]) for a, b in zip(results, base, strict=True)]
        table[f"{density}/mm^2"] = {
            "cells": results[0]["cells"],
            "contacts": results[0]["contacts"],
            "ours": median(results, "ours"),
            "hand": median(results, "hand"),
            "growth": statistics.median(growth),
            "run_MB": median(results, "MB"),
            **{name: median(results, name) for name in rates},
        }
    usual = [run(densities[0], "--seed", seed) for seed in seeds]
    spread = {name: [end(one[name] for one in usual) for end in (min, max)] for name in rates}
    about = (
        f"The last row is the range over root seeds {seeds[0]} to {seeds[-1]}, the others are of seed 700. Where rates "
        "lie beside this range, and after longer training, is told in "
        "[rates in dense sheets](performance.md#rates-in-dense-sheets)."
    )
    return table | {f"{densities[0]}/mm^2, {len(usual)} seeds": spread}, about


def threads(rows, repeat, note):
    """Time one simulation by one thread and by several."""
    return measured(rows[OURS].work, repeat, note)


def published(rows, repeat, note):
    """Time published networks, plain Brian2 against this engine."""
    return examples(repeat, note)


def precision(rows, repeat, note):
    """Compare the measures of scenarios in single precision with those in double; see `benchmarks.precision`."""
    return compare_precisions(folder=rows[OURS].work / "precision")


def long_studies(rows, repeat, note):
    """Tell what a study of 10,000 runs costs; see `benchmarks.long_studies`."""
    return long.long_studies(note=note)


def indices(rows, repeat, note):
    """Tell what is done once for all runs of a study; see `benchmarks.long_studies`."""
    return long.indices()


SECTIONS = {
    "simulation": simulation,
    "agreement": agreement,
    "start": start,
    "study": study,
    "scaling": scaling,
    "main_job": main_job,
    "main_loop": main_loop,
    "main_agreement": main_agreement,
    "sheet": sheet,
    "threads": threads,
    "examples": published,
    "precision": precision,
    "long_studies": long_studies,
    "indices": indices,
}

LONG = ("precision", "long_studies", "indices")
"""Sections that are only done if they are asked for."""
