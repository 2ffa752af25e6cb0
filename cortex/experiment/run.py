"""One run of a scenario: simulate its arms, measure, draw, and keep everything in a run folder."""

import hashlib
import logging
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import cortex
from cortex.engine import simulation
from cortex.engine.progress import Progress
from cortex.engine.simulation import Backend, Recipe, Simulation, simulate
from cortex.experiment import data_file, provenance, run_folder
from cortex.experiment.parameters import Parameters
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from cortex.files import to_json

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Run:
    """What is run: a scenario with all its parameters, and the seed.

    Attributes
    ----------
    scenario : Scenario
    parameters : Parameters
        As resolved: they alone decide, whatever `quick` and `null` say.
    seed, replicate : int
        Root seed, and number of the replicate.
    quick : bool
        Whether this is the short version.
    null : str
        Name of the null model, empty for none.
    """

    scenario: Scenario
    parameters: Parameters
    seed: int = 0
    replicate: int = 0
    quick: bool = False
    null: str = ""

    @property
    def id(self) -> str:
        """Name of the run's folder: its key and the replicate."""
        return f"{self.key}-r{self.replicate:03d}"

    @cached_property
    def key(self) -> str:
        """A hash of the scenario, its parameters and the root seed."""
        key = {
            "scenario": self.scenario.name,
            "file": self.scenario.file and self.scenario.file.read_text(encoding="utf-8"),
            "parameters": self.parameters.as_text(),
            "seed": self.seed,
            "quick": self.quick,
            "null": self.null,
        }
        return hashlib.sha256(to_json(key).encode()).hexdigest()[:10]

    @property
    def description(self) -> dict[str, Any]:
        """What is needed to repeat the run."""
        return {
            "scenario": self.scenario.name,
            "run": self.id,
            "quick": self.quick,
            "null": self.null,
            "seed": self.seed,
            "replicate": self.replicate,
            "parameters": self.parameters.as_text(),
        }

    def folder(self, out: Path) -> Path:
        """Where the run is kept below the folder of results."""
        return out / "runs" / self.id


def prepare(run: Run, backend: Backend = "auto") -> None:
    """Build and compile a run's network, if it is new, without simulating it."""
    arms = run.scenario.arms(run.parameters, Streams(run.seed, run.replicate))
    simulation.prepare(Recipe(run.scenario.build, (run.parameters,)), arms, backend=backend)


@dataclass(frozen=True)
class RunResult:
    """A complete run: its folder, and what its run.json says."""

    folder: Path
    record: dict[str, Any]

    @property
    def version(self) -> str:
        """The version of this package that made it."""
        return str(self.record["provenance"]["versions"][provenance.DISTRIBUTION])

    @property
    def summary(self) -> dict[str, Any]:
        """What ``--json`` prints."""
        keys = ("scenario", "run", "status", "quick", "null", "seed", "replicate", "measures", "predictions")
        return {key: self.record[key] for key in (*keys, "biological_seconds", "seconds")}


def run_scenario(
    scenario: Scenario,
    overrides: Mapping[str, Any],
    seed: int,
    out: Path,
    quick: bool = False,
    *,
    replicate: int = 0,
    null: str = "",
    backend: Backend = "auto",
    jobs: int = 2,
    progress: Progress | None = None,
) -> RunResult:
    """Run a scenario once and keep the run below a folder.

    Parameters
    ----------
    scenario : Scenario
        What to run.
    overrides : mapping of str to str or value
        Parameters that differ, by dotted name.
    seed, replicate : int
        Root seed, and number of the replicate.
    out : Path
        Folder of results; the run goes to its ``runs/``.
    quick : bool
        Whether to run the short version.
    null : str
        Null model to run.
    backend : {"auto", "cpp", "plain", "numpy"}
        How to simulate, see `simulate`.
    jobs : int
        How many arms at a time.
    progress : Progress, optional
        Where to show how far it is.

    Raises
    ------
    UsageError
        If a parameter will not do, or the run exists already.
    """
    parameters = scenario.resolve(overrides, quick=quick, null=null)
    return execute(Run(scenario, parameters, seed, replicate, quick, null), out, backend, jobs, progress)


def execute(
    run: Run,
    out: Path,
    backend: Backend = "auto",
    jobs: int = 2,
    progress: Progress | None = None,
    *,
    keep_program: bool = False,
    figures: bool = True,
    session: str = "",
) -> RunResult:
    """Simulate, measure, draw and keep one run; see `run_scenario`.

    With `keep_program` the generated program stays in the run's folder; without `figures` none are drawn; `session`
    names the study it is part of.
    """
    scenario, parameters = run.scenario, run.parameters
    progress = progress or Progress(enabled=False)
    recipe = Recipe(scenario.build, (parameters,))
    with run_folder.writing(run.folder(out), session, run.description) as folder:
        logger.info("%s %s, seed %d", scenario.name, run.id, run.seed)
        arms = scenario.arms(parameters, Streams(run.seed, run.replicate))
        coordinates = {name: scenario.coordinates(parameters, arm.inputs) for name, arm in arms.items()}
        program = folder / "program"
        simulation = simulate(
            recipe, arms, backend=backend, jobs=jobs, project=program, rebuild=keep_program, progress=progress
        )
        if not keep_program:
            shutil.rmtree(program, ignore_errors=True)

        start = time.perf_counter()
        task = progress.task("measure and draw")
        phases, about = scenario.phases(parameters), _about(run)
        data_file.write(folder / run_folder.DATA, simulation.recordings, coordinates, phases, about)
        record = _describe(run, simulation)
        record["measures"] = _numbers(scenario.measure(parameters, simulation.recordings))
        record["predictions"] = _numbers(scenario.predict(parameters, simulation.recordings))
        if figures:
            _draw(run, simulation, folder / "figures")
        task.finish()
        record["seconds"]["analyse"] = time.perf_counter() - start
        _keep_sources(run, folder)
        run_folder.write_record(folder, record)
        logger.info("done: %s", {name: round(seconds, 2) for name, seconds in record["seconds"].items()})
    return RunResult(run.folder(out), record)


def find_result(run: Run, out: Path) -> RunResult | None:
    """Give the run if it is complete already."""
    record = run_folder.read_record(run.folder(out))
    return RunResult(run.folder(out), record) if record else None


def _about(run: Run) -> dict[str, str]:
    """Return the attributes of the file of recordings."""
    title = run.scenario.title + (" (quick version)" if run.quick else "")
    about = {"title": title, "scenario": run.scenario.name, "run": run.id, "references": run.scenario.citation}
    about["source"] = f"{provenance.DISTRIBUTION} {cortex.__version__}, a simulation"
    return about | ({"null": run.null} if run.null else {})


def _describe(run: Run, simulation: Simulation) -> dict[str, Any]:
    scenario, recordings = run.scenario, simulation.recordings
    simulated = {arm: recording.simulated_time for arm, recording in recordings.items()}
    return {
        "status": "complete",
        "finished": datetime.now().astimezone().isoformat(timespec="seconds"),
        "title": scenario.title,
        "citation": scenario.citation,
        **run.description,
        "phases": [
            {"name": phase.name, "start": float(phase.start), "duration": float(phase.duration), "unit": "s"}
            for phase in scenario.phases(run.parameters)
        ],
        "requested_seconds": simulation.duration,
        "simulated_seconds": simulated,
        "biological_seconds": sum(simulated.values()),
        "seconds": dict(simulation.seconds),
        "bands": dict(scenario.bands),
        "watched_seconds": {name: float(limit) for name, limit in scenario.watched(run.parameters).items()},
        "backend": simulation.backend,
        "compiler": simulation.compiler,
        "provenance": provenance.provenance(),
    }


def _numbers(values: Mapping[str, float]) -> dict[str, float]:
    return {name: float(value) for name, value in values.items()}


def _draw(run: Run, simulation: Simulation, folder: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from cortex.report.style import FAINT, save

    folder.mkdir()
    for name, figure in run.scenario.figures(run.parameters, simulation.recordings).items():
        if run.quick:
            figure.text(0.995, 0.005, "quick version", color=FAINT, ha="right", va="bottom", size="small")
        save(figure, folder, name)


def _keep_sources(run: Run, folder: Path) -> None:
    """Keep what the versions in run.json do not tell: a user's scenario file, and changes since the last revision."""
    if run.scenario.file:
        shutil.copyfile(run.scenario.file, folder / "scenario.py")
    if changes := provenance.source_changes():
        (folder / "source.diff").write_text(changes, encoding="utf-8")
