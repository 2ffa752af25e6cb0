"""One run of a scenario: simulate its arms, measure, draw, and keep everything in a run folder."""

import hashlib
import logging
import shutil
import time
import traceback
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
from cortex.errors import UsageError, did_you_mean
from cortex.experiment import data_file, provenance, run_folder
from cortex.experiment.code import own_rules, user_code, user_files
from cortex.experiment.measure import Measure
from cortex.experiment.parameters import Parameters
from cortex.experiment.result import Result, from_record
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from cortex.files import refused, to_json

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
        if code := user_code(self.scenario.functions, self.scenario.file):
            key["code"] = code
        if rules := own_rules(self.parameters, self.scenario.file):
            key["rules"] = rules
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
) -> Result:
    """Simulate, measure, draw and keep one run.

    Parameters
    ----------
    run : Run
    out : Path
        Folder of results; the run goes to its ``runs/``.
    backend : {"auto", "cpp", "plain", "numpy"}
        How to simulate, see `cortex.engine.simulation.simulate`.
    jobs : int
        How many arms at a time.
    progress : Progress, optional
        Where to show how far it is.
    keep_program : bool
        Whether the generated program stays in the run's folder.
    figures : bool
        Whether figures are drawn.
    session : str
        The study that it is part of.

    Raises
    ------
    Committed
        If the run is complete already.
    RunFailed
        If a simulation fails.
    EnvironmentProblem
        If the folder cannot be written.
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
        measures, predictions = _analyse(run, simulation)
        record |= {"measures": measures, "predictions": predictions, "missing": _missing(run, measures)}
        if figures:
            _draw(run, simulation, folder / "figures")
        task.finish()
        record["seconds"]["analyse"] = time.perf_counter() - start
        _keep_sources(run, folder)
        run_folder.write_record(folder, record)
        logger.info("done: %s", {name: round(seconds, 2) for name, seconds in record["seconds"].items()})
    return from_record(run.folder(out), record)


def find_result(run: Run, out: Path) -> Result | None:
    """Return the run if it is complete already."""
    record = run_folder.read_record(run.folder(out))
    return from_record(run.folder(out), record) if record else None


def _about(run: Run) -> dict[str, str]:
    """Return the attributes of the file of recordings."""
    title = run.scenario.title + (" (quick version)" if run.quick else "")
    about = {"title": title, "scenario": run.scenario.name, "run": run.id, "references": run.scenario.citation}
    about["source"] = f"{provenance.DISTRIBUTION} {cortex.__version__}, a simulation"
    return about | ({"null": run.null} if run.null else {})


def complete(
    run: Run,
    out: Path,
    *,
    backend: Backend = "auto",
    jobs: int = 2,
    figures: bool = True,
    progress: Progress | None = None,
    keep_program: bool = False,
) -> Result:
    """Return the stored result of a run, or do it; see `execute`."""
    stored = find_result(run, out)
    return stored or execute(run, out, backend, jobs, progress, figures=figures, keep_program=keep_program)


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
        "bands": scenario.expected,
        "unscored": scenario.unscored(run.parameters, quick=run.quick, null=run.null),
        "declared": {
            name: {"sentence": measure.sentence, "unit": measure.unit, "source": measure.source}
            for name, measure in scenario.declared.items()
        },
        "main_figure": scenario.main_figure,
        "watched_seconds": scenario.limits(run.parameters),
        "backend": simulation.backend,
        "compiler": simulation.compiler,
        "provenance": provenance.provenance(),
    }


def _numbers(values: Mapping[str, float]) -> dict[str, float]:
    return {name: float(value) for name, value in values.items()}


def _analyse(run: Run, simulation: Simulation) -> tuple[dict[str, float], dict[str, float]]:
    """Return measures and predictions, and warn of measures that are not what the scenario declares."""
    scenario = run.scenario
    analysed = scenario.analyse(run.parameters, simulation.recordings)
    if not (isinstance(analysed, tuple) and len(analysed) == 2 and all(isinstance(half, Mapping) for half in analysed)):
        raise UsageError(
            f"analyse of {scenario.name} returns no pair of dictionaries",
            hint="end it with `return measures, predictions`, both numbers by name; {} where there are none",
        )
    measures, predictions = map(_numbers, analysed)
    if taken := sorted(measures.keys() & {*run_folder.FIRST, *run_folder.LAST, "folder", *run.parameters.names()}):
        raise UsageError(f"a measure cannot be called {', '.join(taken)}", hint="a column of every table has that name")
    if scenario.measures:
        known = {*measures, *predictions}
        for name, measure in scenario.declared.items():
            if name not in known and measure.applies(run.parameters):
                logger.warning("the measure %s is declared, but analyse does not return it", name)
        for name in measures.keys() - scenario.declared.keys():
            logger.warning("the measure %s is not declared%s", name, did_you_mean(name, scenario.declared))
    return measures, predictions


def _missing(run: Run, measures: Mapping[str, float]) -> dict[str, str]:
    """Return why a measure has no value, by name."""
    declared = run.scenario.declared
    reasons = {
        name: declared.get(name, Measure(name)).missing(value, run.parameters) for name, value in measures.items()
    }
    return {name: reason for name, reason in reasons.items() if reason}


def _draw(run: Run, simulation: Simulation, folder: Path) -> None:
    """Draw the figures; the run is complete without those that cannot be drawn, and says so."""
    from cortex.report.style import FAINT, save

    folder.mkdir()
    try:
        for name, figure in run.scenario.figures(run.parameters, simulation.recordings).items():
            if run.quick:
                figure.text(0.995, 0.005, "quick version", color=FAINT, ha="right", va="bottom", size="small")
            save(figure, folder, name)
    except Exception as error:
        if isinstance(error, OSError) and refused(error):
            raise
        place = traceback.extract_tb(error.__traceback__)[-1]
        cause = f"{type(error).__name__}: {error}".split("\n")[0]
        logger.warning(
            "not all figures of %s could be drawn: %s (%s, line %s); the run itself is complete",
            *(run.id, cause, place.filename, place.lineno),
        )
        logger.info("traceback", exc_info=True)


def _keep_sources(run: Run, folder: Path) -> None:
    """Keep what the versions in run.json do not tell: a user's scenario file, and changes since the last revision."""
    if run.scenario.file:
        shutil.copyfile(run.scenario.file, folder / "scenario.py")
        for path in user_files(run.scenario.functions):
            if path.parent == run.scenario.file.parent and path != run.scenario.file:
                shutil.copyfile(path, folder / path.name)
    if changes := provenance.source_changes():
        (folder / "source.diff").write_text(changes, encoding="utf-8")
