"""What a study will cost: from its own runs that are done, or else from the size of its networks."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cortex.experiment import estimate
from cortex.experiment.identity import Run
from cortex.experiment.scenario import Scenario
from cortex.report.text import duration
from cortex.studies.conduct import network
from cortex.studies.plan import PlannedRun, overrides
from cortex.studies.study_model import Study
from cortex.studies.table import RunTable

SAMPLES = 5
"""Networks whose size is looked at."""


@dataclass(frozen=True)
class Cost:
    """What the missing runs of a study will cost.

    Attributes
    ----------
    planned, done, missing, other_shards : int
        Runs: all, complete ones, those to do, and those that other shards do.
    networks : int
        Networks to compile, each once.
    seconds : float, s
        Wall time; nan where it is not known.
    backend : str
        Empty for a scenario without a network.
    at_a_time : int
        Runs at a time.
    memory_bytes, disk_bytes : float, bytes
    basis : str
        How the time is known.
    """

    planned: int
    done: int
    missing: int
    other_shards: int
    networks: int
    seconds: float
    backend: str
    at_a_time: int
    memory_bytes: float
    disk_bytes: float
    basis: str

    @property
    def rows(self) -> list[tuple[str, str]]:
        """What, and how much of it, as text; only the runs if none is to do."""
        others = f", {self.other_shards} for other shards" if self.other_shards else ""
        rows = [("runs", f"{self.planned}: {self.done} done, {self.missing} to do{others}")]
        if not self.missing:
            return rows
        if math.isnan(self.seconds):
            return [*rows, ("time", self.basis)]
        by = f" with {self.backend}" if self.backend else ""
        time = f"about {duration(self.seconds)}{by}, {self.at_a_time} at a time ({self.basis})"
        network = ("networks", f"{self.networks} to compile, each once")
        memory = ("memory", f"about {self.memory_bytes / 1e9:.1f} GB")
        disk = ("disk", f"about {self.disk_bytes / 1e6:.0f} MB")
        return [*rows, network, ("time", time), memory, disk] if self.backend else [*rows, ("time", time), disk]

    def as_plain(self) -> dict[str, Any]:
        """Return all numbers by name."""
        return asdict(self)


@dataclass(frozen=True)
class _Each:
    """What one run costs: s, bytes, bytes, and how that is known."""

    seconds: float
    disk: float
    memory: float
    basis: str


def cost(
    study: Study,
    scenario: Scenario,
    plan: Sequence[PlannedRun],
    missing: Sequence[PlannedRun],
    committed: RunTable,
    backend: str,
    jobs: int,
) -> Cost:
    """Estimate what the missing runs cost: building, simulating, measuring, and drawing if the study draws.

    Parameters
    ----------
    study, scenario
    plan, missing : sequence of PlannedRun
        All runs, and those that are not done.
    committed : RunTable
        The complete runs.
    backend : {"cpp", "plain", "numpy"}
    jobs : int
        Runs at a time.
    """
    settings = {
        (planned.condition, id(planned.values)): planned for planned in reversed(missing)
    }  # shared by replicates
    without = scenario.calculate is not None
    groups = {} if without else {network(study, scenario, planned): planned for planned in settings.values()}
    each = _each(study, scenario, list(groups.values()), plan, committed, backend)
    at_a_time = max(1, min(jobs, len(missing)))
    building = estimate.COSTS["numpy" if backend == "numpy" else "cpp"].build
    done = sum(planned.run in committed.rows for planned in plan)
    return Cost(
        planned=len(plan),
        done=done,
        missing=len(missing),
        other_shards=len(plan) - done - len(missing),
        networks=len(groups),
        seconds=(len(groups) * building + len(missing) * each.seconds) / at_a_time,
        backend=backend,
        at_a_time=at_a_time,
        memory_bytes=at_a_time * each.memory,
        disk_bytes=len(missing) * each.disk,
        basis=each.basis,
    )


def _each(
    study: Study,
    scenario: Scenario,
    networks: Sequence[PlannedRun],
    plan: Sequence[PlannedRun],
    committed: RunTable,
    backend: str,
) -> _Each:
    sample = networks[:: math.ceil(len(networks) / SAMPLES)] if networks else []
    sizes = []
    for planned in sample:
        null = study.settings[planned.condition].get("null", "")
        parameters = scenario.resolve(overrides(study, planned), quick=study.quick, null=null)
        run = Run(scenario, parameters, study.seed, planned.replicate, study.quick, null, study.precision)
        sizes.append(estimate.whole_run(run, "numpy" if backend == "numpy" else "cpp"))
    memory = max((size.memory for size in sizes), default=math.nan if scenario.calculate else 0.0)
    done = [planned.run for planned in plan if planned.run in committed.rows]
    if done:
        parts = ("seconds.build", "seconds.simulate", "seconds.analyse")
        seconds = statistics.median(sum(committed.number(run, part) for part in parts) for run in done)
        disk = statistics.median(committed.number(run, "data_bytes") for run in done)
        return _Each(
            seconds,
            disk,
            memory,
            "as the run that is done" if len(done) == 1 else f"as the {len(done)} runs that are done",
        )
    if scenario.calculate:
        return _Each(math.nan, math.nan, math.nan, estimate.UNKNOWN)
    analysing = estimate.MEASURING + (estimate.DRAWING if study.figures else 0.0)
    seconds = statistics.mean(size.simulate for size in sizes) + analysing if sizes else 0.0
    disk = statistics.mean(size.disk for size in sizes) if sizes else 0.0
    return _Each(seconds, disk, memory, "good to a factor of three")
