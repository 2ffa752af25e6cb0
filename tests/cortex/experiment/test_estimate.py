"""Estimates of time and memory."""

from pathlib import Path

from cortex.experiment import catalogue
from cortex.experiment.estimate import estimate, plan
from cortex.experiment.identity import Run


def test_cost_grows_with_duration_and_is_less_with_a_compiler(tiny: Path) -> None:
    scenario = catalogue.find(str(tiny))
    short, long = (scenario.build(scenario.resolve({"duration": duration})) for duration in ("1 s", "10 s"))
    assert estimate(long, "numpy").simulate > 5 * estimate(short, "numpy").simulate
    assert estimate(long, "cpp").simulate < estimate(long, "numpy").simulate / 10


def test_a_plan_counts_runs_and_biological_time(tiny: Path) -> None:
    scenario = catalogue.find(str(tiny))
    told = dict(plan(Run(scenario, scenario.parameters), 3, "cpp", 2))
    assert told["runs"] == "3, each of 2 simulations: driven, silent"
    assert told["biological time"] == "6 s (1 s for each simulation)"
    assert told["time"].endswith("with cpp, 2 at a time")
