"""Make the film at the top of the README again (docs/figures/finger_expansion.gif), from seed 700.

python -m docs.build.film
"""

import shutil

import cortex
from cortex.experiment import catalogue, film
from cortex.experiment.identity import Run
from docs.build import FIGURES

if __name__ == "__main__":
    scenario = catalogue.installed("finger_expansion")
    result = cortex.run("finger_expansion", seed=700)
    made = film.make(Run(scenario, scenario.parameters, 700, 0, False, ""), result)
    shutil.copyfile(made, FIGURES / "finger_expansion.gif")
