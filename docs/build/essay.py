"""Do the study of the essay, and write its conclusion into docs/essay/conclusion.md.

    python -m docs.build.essay                    a quarter of an hour on two cores; repeat the command to resume

Full runs of the spiking scenarios are taken where results/ has them; scenarios/studies/essay.toml names the commands.
"""

import argparse
import shutil
from pathlib import Path

import cortex
from docs.build import FIGURES, write

PAGE = "essay/conclusion.md"


def main() -> None:
    """Do what the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=Path("results/essay"), help="where the runs are")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="runs at a time")
    options = parser.parse_args()
    answer = cortex.study("essay", jobs=options.jobs, output=options.output)
    shutil.copyfile(answer.figure, FIGURES / "essay.png")
    text = answer.text.partition("\n\n")[2].replace(f"({answer.figure.name})", "(../figures/essay.png)")
    write(PAGE, {"essay": text})


if __name__ == "__main__":
    main()
