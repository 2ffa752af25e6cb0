"""What a study will cost: from its own runs that are done, or else from the size of its networks."""

import math
import statistics
from collections.abc import Sequence

from cortex.experiment import estimate
from cortex.experiment.run import Run
from cortex.experiment.scenario import Scenario
from cortex.report.text import duration
from cortex.studies import plan
from cortex.studies.conduct import network
from cortex.studies.plan import Trial
from cortex.studies.study_file import Study
from cortex.studies.table import Trials

SAMPLES = 5
"""Networks whose size is looked at."""


def cost(
    study: Study,
    scenario: Scenario,
    planned: Sequence[Trial],
    missing: Sequence[Trial],
    committed: Trials,
    backend: str,
    jobs: int,
) -> list[tuple[str, str]]:
    """Tell how much there is to run, and what it costs.

    Parameters
    ----------
    study, scenario
    planned, missing : sequence of Trial
        All runs, and those that are not done.
    committed : Trials
        The runs that are done.
    backend : {"cpp", "plain", "numpy"}
    jobs : int
        Runs at a time.

    Returns
    -------
    list of tuple of str
        What, and how much of it.
    """
    groups = {network(study, scenario, trial): trial for trial in reversed(missing)}
    seconds, disk, memory, known = _each(study, scenario, list(groups.values()), planned, committed, backend)
    at_a_time = max(1, min(jobs, len(missing)))
    building = estimate.COSTS["numpy" if backend == "numpy" else "cpp"].build
    done = sum(trial.run in committed.rows for trial in planned)
    others = len(planned) - done - len(missing)
    shards = f", {others} for other shards" if others else ""
    total = (len(groups) * building + len(missing) * seconds) / at_a_time
    return [
        ("runs", f"{len(planned)}: {done} done, {len(missing)} to do{shards}"),
        ("networks", f"{len(groups)} to compile, each once"),
        ("time", f"about {duration(total)} with {backend}, {at_a_time} at a time ({known})"),
        ("memory", f"about {at_a_time * memory / 1e9:.1f} GB"),
        ("disk", f"about {len(missing) * disk / 1e6:.0f} MB"),
    ]


def _each(
    study: Study,
    scenario: Scenario,
    networks: Sequence[Trial],
    planned: Sequence[Trial],
    committed: Trials,
    backend: str,
) -> tuple[float, float, float, str]:
    """Give time, s, disk and memory, bytes, of one run, and how they are known."""
    sample = networks[:: math.ceil(len(networks) / SAMPLES)] if networks else []
    sizes = []
    for trial in sample:
        null = study.settings[trial.condition].get("null", "")
        parameters = scenario.resolve(plan.overrides(study, trial), quick=study.quick, null=null)
        run = Run(scenario, parameters, study.seed, trial.replicate, study.quick, null)
        sizes.append(estimate.whole_run(run, "numpy" if backend == "numpy" else "cpp"))
    memory = max((size.memory for size in sizes), default=0.0)
    done = [trial.run for trial in planned if trial.run in committed.rows]
    if done:
        parts = ("seconds.build", "seconds.simulate", "seconds.analyse")
        seconds = statistics.median(sum(committed.number(run, part) for part in parts) for run in done)
        disk = statistics.median(committed.number(run, "data_bytes") for run in done)
        return seconds, disk, memory, f"as the {len(done)} runs that are done"
    seconds = statistics.mean(size.simulate for size in sizes) if sizes else 0.0
    disk = statistics.mean(size.disk for size in sizes) if sizes else 0.0
    return seconds, disk, memory, "good to a factor of three; measures not counted"
