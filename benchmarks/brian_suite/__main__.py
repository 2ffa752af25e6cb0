"""Run Brian2's own tests; see the docstring of the package."""

import argparse
from collections import Counter

import benchmarks.brian_suite
from benchmarks.brian_suite import BY_DESIGN, run_suite


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.brian_suite",
        description=benchmarks.brian_suite.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("device", nargs="?", choices=["cpp", "plain"], default="cpp", help="whose templates [cpp]")
    parser.add_argument("tests", nargs="*", metavar="TEST", help="file, or file::test [all]")
    parser.add_argument("--precision", choices=["double", "single"], default="double")
    parser.add_argument("--not-optimised", action="store_true", help="compile in half the time")
    parser.add_argument("-j", "--jobs", type=int, default=1, metavar="N", help="processes [1]")
    o = parser.parse_args()
    outcomes = run_suite(o.device, o.tests, precision=o.precision, optimised=not o.not_optimised, jobs=o.jobs)
    for test, outcome in outcomes.items():
        if outcome.result != "passed":
            print(f"{outcome.result} {test}  {BY_DESIGN.get(test, outcome.message)}")
    counts = Counter(outcome.result for outcome in outcomes.values())
    print(", ".join(f"{count} {result}" for result, count in sorted(counts.items())))


if __name__ == "__main__":
    main()
