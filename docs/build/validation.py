"""Score all checks by the runs that a folder has, and write the outcome into docs/validation.md, or that of the reduced
version into docs/validation_reduced.md.

cortex validate all [--reduced]                       does what is missing first; repeat the command to resume
python -m docs.build.validation [FOLDER] [--reduced]  runs nothing
"""

import argparse
import shutil
from pathlib import Path

import cortex
from cortex.studies.validation_text import page
from docs.build import FIGURES, write


def main() -> None:
    """Do what the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, nargs="?", default=Path("results"), help="where the runs are")
    parser.add_argument("--reduced", action="store_true", help="the version of fewer seeds and null models")
    options = parser.parse_args()
    scored = cortex.validate(options.results, reduced=options.reduced)
    name = "validation_reduced" if options.reduced else "validation"
    shutil.copyfile(scored.folder / "validation.png", FIGURES / f"{name}.png")
    text = page(scored).partition("\n\n")[2].replace("(validation.png)", f"(figures/{name}.png)")
    write(f"{name}.md", {"checks": text})


if __name__ == "__main__":
    main()
