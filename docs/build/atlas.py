"""Draw the figures of the hand atlas from the runs of a folder, the first animal of the full model of each experiment.

cortex validate all [--reduced]                does the runs, in results/validation or results/validation_reduced
python -m docs.build.atlas FOLDER              runs nothing
"""

import argparse
from pathlib import Path

from cortex.experiment import catalogue, result
from cortex.report import style
from docs.build import FIGURES, pages

SHOWN = {"nerve_block": "order"}
"""What is not shown by its main figure."""


def main() -> None:
    """Do what the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, help="where the runs are, a folder for each scenario")
    results = parser.parse_args().results
    for name in (name for name, found in pages.FOUND.items() if found["page"] == "atlas"):
        scenario = catalogue.installed(name)
        runs = map(result.read, sorted((results / name / "runs").glob("*-r000")))
        run = next((run for run in runs if not (run.quick or run.null or run.unscored)), None)
        if run is None:
            raise SystemExit(f"{results / name} has no full run of replicate 0; cortex validate {name} makes it")
        figures = scenario.figures(scenario.resolve(run.parameters), run.recordings)
        style.save(figures[SHOWN.get(name, scenario.main_figure)], FIGURES, f"atlas_{name}")


if __name__ == "__main__":
    main()
