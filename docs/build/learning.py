"""Run the studies of learning and release, and write what they conclude into docs/learning.md.

    python -m docs.build.learning                 about an hour on two cores; repeat the command to resume
    python -m docs.build.learning --only-text     conclude again from the runs that are there

Runs are kept in results/learning, a folder for each study; conclusions and the table of the rate model go into
docs/learning.md, between their markers, the figures into docs/figures. Nothing is set here: conditions, rates and seeds
are those of scenarios/studies.
"""

import argparse
import shutil
from pathlib import Path

import cortex
from docs.build import FIGURES, write
from tests.models.mean_field.checks import CHECKS
from tests.models.mean_field.table import table

STUDIES = {
    "normalization_arms": ("learning_curves", "speed", "trials", "survival", "agreement", "error_floor"),
    "normalization_phase": ("phase_diagram",),
    "release_controls": ("parting", "agreement"),
    "release_learning_time": ("when",),
}
"""The figures of each study's conclusion."""


def conclude(name: str, out: Path) -> str:
    """Compare the runs of a study, keep the figures of its conclusion, and return its text with them."""
    comparison = cortex.compare(out)
    text = comparison.conclusion.replace("\n## ", "\n#### ").replace("# ", "### ", 1)
    figures = []
    for figure in STUDIES[name]:
        shutil.copyfile(comparison.figures[figure], FIGURES / f"{name}_{figure}.png")
        figures.append(f"![{name.replace('_', ' ')}: {figure.replace('_', ' ')}](figures/{name}_{figure}.png)")
    return "\n\n".join([text.strip(), *figures])


def main() -> None:
    """Do what the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=Path("results/learning"), help="where the runs are")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="runs at a time")
    parser.add_argument("--only-text", action="store_true", help="run nothing")
    options = parser.parse_args()
    for name in STUDIES:
        out = options.output / name
        if not options.only_text:
            cortex.study(name, jobs=options.jobs, output=out)
        write("learning.md", {name: conclude(name, out)})
    write("learning.md", {"rate model": table([check for function in CHECKS for check in function()])})


if __name__ == "__main__":
    main()
