"""Run the benchmarks; see the docstring of the package."""

import argparse
import os
import sys
from pathlib import Path

import benchmarks
from benchmarks.candidates import HERE, OURS, REFERENCE, candidates
from benchmarks.report import DOCS, keep, machine
from benchmarks.sections import LONG, SECTIONS


def main():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=benchmarks.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "sections", nargs="*", metavar="SECTION", help=f"{', '.join(SECTIONS)} [all but {', '.join(LONG)}]"
    )
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="repeats of each measurement [5]")
    parser.add_argument("--work", type=Path, default=HERE / "work", metavar="DIR", help="folder for all that is built")
    for peer in ("nest", "annarchy"):
        parser.add_argument(f"--python-{peer}", default=sys.executable, metavar="PATH", help="interpreter that has it")
    o = parser.parse_args()
    if unknown := set(o.sections) - set(SECTIONS):
        parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")

    def note(text):
        print(text, file=sys.stderr, flush=True)

    work = o.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    pythons = {peer: os.path.abspath(getattr(o, f"python_{peer}")) for peer in ("nest", "annarchy")}
    rows, skipped = candidates(work, pythons), []
    for name in list(rows):
        if reason := rows[name].missing():
            skipped.append(f"{name} ({reason})")
            del rows[name]
    if needed := {REFERENCE, OURS} - set(rows):
        sys.exit(f"error: cannot run {', '.join(needed)}: {'; '.join(skipped)}")
    sections = o.sections or [name for name in SECTIONS if name not in LONG]
    for name in sections:
        note(f"== {name}")
        found = SECTIONS[name](rows, o.repeat, note)
        table, about = found if isinstance(found, tuple) else (found, "")
        when = "" if name in LONG else machine()  # these say so themselves
        keep({name: table}, {name: about}, skipped if "simulation" in sections else None, when)
    note(f"written: {DOCS / 'benchmarks.md'}")


if __name__ == "__main__":
    main()
