"""Every figure of every scenario can be read: size and contrast of its texts, in a quick run."""

import matplotlib.pyplot as plt
import pytest

import cortex as package
from cortex.experiment import catalogue


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(catalogue.titles("scenarios")))
def test_the_figures_of_a_quick_run_can_be_read(name, cortex, legible) -> None:
    assert cortex("run", name, "--quick", "-q").code == 0
    (run,) = package.load(f"results/{name}")
    scenario = catalogue.installed(name)
    assert scenario.figures(scenario.resolve(run.parameters, quick=True), run.recordings)
    plt.close("all")
