"""Whether runs in single precision say what runs in double precision say: their measures, over seeds.

    python -m benchmarks.precision --seeds 24 -j 16 --write      # into docs/benchmarks.md
    python -m benchmarks.precision copy_pair --quick             # a look at one scenario, in its short version

Each scenario is a study in double precision and one in single, with another root seed, since the test is for samples
that are independent. Given again, the command does the runs that are missing. Of each measure with a band the two
samples are compared by the test of Kolmogorov and Smirnov.
"""

import argparse
import math
import statistics
import sys
from pathlib import Path

import numpy as np
from scipy.stats import ks_2samp

import cortex
from benchmarks.candidates import HERE
from benchmarks.report import keep, machine, table
from cortex.analysis.comparison import adjust
from cortex.engine.cores import cores
from cortex.engine.progress import Progress

SCENARIOS = ("copy_pair", "finger_expansion")
SEEDS = {"double": 700, "single": 701}
"""Root seeds."""


def samples(scenario, precision, seeds, folder, quick=False, jobs=None):
    """Do what is missing of a study of seeds; return its runs."""
    with Progress() as progress:
        after = cortex.study(
            scenario, seed=SEEDS[precision], seeds=seeds, precision=precision, quick=quick, jobs=jobs,
            output=folder / "_".join([scenario, precision, *(["quick"] if quick else [])]), progress=progress,
        )  # fmt: skip
    return list(after.runs)[:seeds]


def compare(double, single):
    """Compare the measures that have a band: mean and standard deviation, KS distance, p, and q among all of them.

    A time that was not reached counts as later than all others.
    """
    rows = {}
    for name in double[0].bands:
        both = [np.array([run.measures[name] for run in runs]) for runs in (double, single)]
        known = [values[~np.isnan(values)] for values in both]
        distance, p = ks_2samp(*(np.nan_to_num(values, nan=math.inf) for values in both))[:2]
        rows[name] = {
            **{key: _spread(values) for key, values in zip(("double", "single"), known, strict=True)},
            "apart": _apart(*known),
            "seeds": " and ".join(dict.fromkeys(str(len(values)) for values in known)),
            "KS": float(distance),
            "p": float(p),
        }
    for row, q in zip(rows.values(), adjust([row["p"] for row in rows.values()]), strict=True):
        row["q"] = float(q)
    return rows


def _spread(values):
    return f"{_mean(values):.4g} ± {statistics.stdev(values) if len(values) > 1 else math.nan:.2g}"


def _mean(values):
    return statistics.fmean(values) if len(values) else math.nan


def _apart(double, single):
    """Return the difference of the means in standard deviations between seeds."""
    if min(len(double), len(single)) < 2:
        return math.nan
    spread = math.sqrt((np.var(double, ddof=1) + np.var(single, ddof=1)) / 2)
    return (_mean(single) - _mean(double)) / spread if spread else math.nan


def precision(scenarios=SCENARIOS, seeds=8, folder=HERE / "work" / "precision", quick=False, jobs=None):
    """Compare all scenarios; return a row for each measure, and what must be known to read them."""
    rows, first = {}, []
    for scenario in scenarios:
        runs = [samples(scenario, kind, seeds, folder, quick, jobs) for kind in SEEDS]
        found = compare(*runs)
        rows |= {f"{scenario}: {name}": row for name, row in found.items()}
        differing = [name for name, row in found.items() if row["q"] < 0.05]
        inside = [sum(run.scores.get(name) == "inside" for run in sample for name in found) for sample in runs]
        first.append(
            f"{scenario}: {', '.join(differing) or 'no measure'} differs (q < 0.05, {len(found)} measures)"
            + (
                ""
                if quick
                else f"; within their bands {inside[0]} of {seeds * len(found)} values in double precision, "
                f"{inside[1]} in single"
            )
        )
    return rows, f"{'; '.join(first)}. {seeds} seeds each{', quick version' if quick else ''}. {machine()}."


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", default=SCENARIOS, help=f"[{' '.join(SCENARIOS)}]")
    parser.add_argument("--seeds", type=int, default=8, metavar="N", help="of each scenario and precision [8]")
    parser.add_argument("--quick", action="store_true", help="the short version of each scenario")
    parser.add_argument("-j", "--jobs", type=int, default=cores(), metavar="N", help="runs at a time")
    parser.add_argument("-o", "--output", type=Path, default=HERE / "work" / "precision", metavar="DIR")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    o = parser.parse_args()
    rows, about = precision(o.scenarios, o.seeds, o.output, o.quick, o.jobs)
    print(table("precision", rows, about))
    if o.write:
        print(f"written: {keep({'precision': rows}, {'precision': about})}", file=sys.stderr)


if __name__ == "__main__":
    main()
