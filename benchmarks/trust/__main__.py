"""Run the parts; see the docstring of the package."""

import argparse
import sys
import time

import benchmarks.trust
from benchmarks.trust.result import Effort


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trust", description=benchmarks.trust.__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", default="")
    parser.add_argument("--share", type=float, default=1)
    parser.add_argument("--backend", default="cpp")
    o = parser.parse_args()
    from benchmarks.trust import faults
    t = time.time()
    r = faults.run(Effort(o.seed, o.share, 2, o.case, o.backend, lambda l: print(l, flush=True)))
    print(r.counts, r.tried, r.notes, time.time() - t)

if __name__ == "__main__":
    main()
