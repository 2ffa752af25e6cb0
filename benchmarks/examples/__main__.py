"""Compare examples and print their table; see the docstring of the package."""

import argparse
import sys

import benchmarks.examples
from benchmarks.examples.compare import EXAMPLES, examples
from benchmarks.report import table


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.examples",
        description=benchmarks.examples.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(EXAMPLES)} [all]")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="repeats of each measurement [5]")
    o = parser.parse_args()
    if unknown := set(o.names) - set(EXAMPLES):
        parser.error(f"no example {', '.join(sorted(unknown))}")
    rows = examples(o.repeat, lambda text: print(text, file=sys.stderr, flush=True), o.names)
    print(table("examples", rows))


if __name__ == "__main__":
    main()
