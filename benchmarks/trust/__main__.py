"""Run the parts; see the docstring of the package."""

import argparse
import sys
import time
from collections.abc import Callable

import benchmarks.trust
from benchmarks.trust.result import Effort, Result

QUICK = {"faults": 0.05, "fuzz": 0.05, "kills": 0.1, "brian2": 0.1, "settings": 0.05}
"""Which share of each part is tried with ``--quick``."""


def parts() -> dict[str, Callable[[Effort], Result]]:
    """Return the parts by name."""
    from benchmarks.trust import faults, fuzz, others

    return {
        "faults": faults.run,
        "fuzz": fuzz.run,
        "kills": others.killed_studies,
        "brian2": others.brian_tests,
        "settings": others.settings,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.trust",
        description=benchmarks.trust.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="a short form, within three minutes")
    parser.add_argument("--seed", type=int, default=1, help="decides every case [1]")
    parser.add_argument("--part", action="append", default=[], choices=list(QUICK), help="one part; may be repeated")
    parser.add_argument("--case", default="", metavar="GROUP:NUMBER", help="one case of the part")
    parser.add_argument("--share", type=float, metavar="X", help="which share of the cases, up to 1")
    parser.add_argument("-j", "--processes", type=int, default=2, metavar="N", help="processes [2]")
    o = parser.parse_args()
    if o.case and len(o.part) != 1:
        parser.error("--case needs its --part")
    from benchmarks.trust import page
    from cortex.engine.compiler import find_compiler

    results, begun = {}, time.monotonic()
    for name, part in parts().items():
        if not o.part or name in o.part:
            share = o.share or (QUICK[name] if o.quick else 1.0)
            backend = "cpp" if find_compiler() else "numpy"
            results[name] = part(Effort(o.seed, share, o.processes, o.case, backend, _show))
    page.show(results)
    if not (o.quick or o.part or o.share):
        from benchmarks.report import machine
        from docs.build import write

        command = " ".join(["python -m benchmarks.trust", *sys.argv[1:]])
        write("trust.md", {"table": page.markdown(results, machine(), command, time.monotonic() - begun)})
    sys.exit(any(result.failures for result in results.values()))


def _show(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
