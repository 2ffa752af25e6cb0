"""Score all checks by the runs that results/ has, and write the outcome into docs/validation.md.

cortex validate all                           does what is missing first, in hours; repeat the command to resume
python -m docs.build.validation               runs nothing
"""

import argparse
import shutil
from pathlib import Path

import cortex
from cortex.studies.validation_text import page
from docs.build import FIGURES, write

PAGE = "validation.md"


def main() -> None:
    """Do what the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, nargs="?", default=Path("results"), help="where the runs are")
    options = parser.parse_args()
    scored = cortex.validate(options.results)
    shutil.copyfile(scored.folder / "validation.png", FIGURES / "validation.png")
    text = page(scored).partition("\n\n")[2].replace("(validation.png)", "(figures/validation.png)")
    write(PAGE, {"checks": text})


if __name__ == "__main__":
    main()
