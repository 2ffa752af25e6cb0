"""Run the benchmarks; see the docstring of the package."""

import argparse
import json
import os
import sys
from pathlib import Path

import benchmarks
from benchmarks.candidates import HERE, OURS, REFERENCE, candidates
from benchmarks.report import figure, machine, page
from benchmarks.sections import SECTIONS

DOCS = HERE.parent / "docs"


def main():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=benchmarks.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"{', '.join(SECTIONS)} [all]")
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
    numbers = DOCS / "benchmarks.json"
    kept = json.loads(numbers.read_text()) if numbers.exists() else {}
    results = kept.get("results", {})
    for name in o.sections or SECTIONS:
        note(f"== {name}")
        results[name] = SECTIONS[name](rows, o.repeat, note)
        skipped = skipped if "simulation" in (o.sections or SECTIONS) else kept.get("skipped", [])
        written = {"machine": machine(), "skipped": skipped, "results": results}
        numbers.write_text(json.dumps(written, indent=1) + "\n")
        (DOCS / "benchmarks.md").write_text(page(results, skipped, written["machine"]))
    if {"simulation", "scaling"} <= set(results):
        from cortex.report.style import save

        save(figure(results), DOCS / "figures", "benchmarks", svg=True)
    note(f"written: {DOCS / 'benchmarks.md'}")


if __name__ == "__main__":
    main()
