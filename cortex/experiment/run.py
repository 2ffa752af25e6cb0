"""One run of a scenario: simulate its arms, measure, draw, and keep everything in a run folder."""

import hashlib
import logging
import shutil
import time
import traceback
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import cortex
from cortex.engine import simulation
from cortex.engine.progress import Progress
from cortex.engine.seed import check_seed
from cortex.engine.simulation import Backend, Recipe, Simulation, simulate
from cortex.experiment import data_file, guards, provenance, run_folder, surroundings
from cortex.experiment.code import own_rules, text, user_code, user_files
from cortex.experiment.measuring import measure
from cortex.experiment.parameters import Parameters
from cortex.experiment.record import DATA, SCENARIO, read_record, write_record
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
    code : mapping, optional
        What `identity` returned for the scenario, where many runs of it are planned.

    Raises
    ------
    UsageError
        If seed or replicate is no whole number from 0 to 2^63 - 1.
    """

    scenario: Scenario
    parameters: Parameters
    seed: int = 0
    replicate: int = 0
    quick: bool = False
    null: str = ""
    code: Mapping[str, str | None] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("seed", "replicate"):
            object.__setattr__(self, name, check_seed(getattr(self, name), name))

    @property
    def id(self) -> str:
        """Name of the run's folder: its key and the replicate."""
        return run_folder.run_name(self.key, self.replicate)

    @cached_property
    def key(self) -> str:
        """A hash of the scenario, its parameters and the root seed."""
        code = identity(self.scenario) if self.code is None else self.code
        key = {
            "scenario": self.scenario.name,
            "file": code["file"],
            "parameters": self.written,
            "seed": self.seed,
            "quick": self.quick,
            "null": self.null,
        }
        if code["code"]:
            key["code"] = code["code"]
        if rules := own_rules(self.parameters, self.scenario.file):
            key["rules"] = rules
        return hashlib.sha256(to_json(key).encode()).hexdigest()[:10]

    @cached_property
    def written(self) -> dict[str, str]:
        """All parameters as text."""
        return self.parameters.as_text()

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


def identity(scenario: Scenario) -> dict[str, str | None]:
    """Return the text of a scenario's file, and the code of a user that it is made of beside it."""
    file = text(scenario.source) if scenario.file else None
    return {"file": file, "code": user_code(scenario.functions, scenario.file)}


def prepare(run: Run, backend: Backend = "auto") -> None:
    """Build and compile a run's network, if it is new, without simulating it."""
    with surroundings.kept():
        arms = run.scenario.named_arms(run.parameters, Streams(run.seed, run.replicate))
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
    svg: bool = False,
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
    figures, svg : bool
        Whether figures are drawn, as PNG, and as SVG too.
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
    with run_folder.writing(run.folder(out), session, run.description) as partial, surroundings.kept():
        folder = partial.absolute()
        logger.info("%s %s, seed %d", scenario.name, run.id, run.seed)
        arms = scenario.named_arms(parameters, Streams(run.seed, run.replicate))
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
        with ThreadPoolExecutor(1) as beside:  # which packs the data without Python's lock
            kept = beside.submit(data_file.write, folder / DATA, simulation.recordings, coordinates, phases, about)
            record = _describe(run, simulation)
            elements = {monitor: cells for known in coordinates.values() for monitor, cells in known.elements.items()}
            found = guards.look(scenario, parameters, run.null, arms, elements, simulation.recordings)
            for finding in found:
                logger.log(logging.INFO if session else logging.WARNING, "%s: %s", run.id, finding)
            record |= measure(scenario, parameters, simulation.recordings, found)
            if figures:
                _draw(run, simulation, folder / "figures", svg)
            kept.result()
        task.finish()
        record["seconds"]["analyse"] = time.perf_counter() - start
        _keep_sources(run, folder)
        write_record(folder, record)
        logger.info("done: %s", {name: round(seconds, 2) for name, seconds in record["seconds"].items()})
    return from_record(run.folder(out), record)


def find_result(run: Run, out: Path) -> Result | None:
    """Return the run if it is complete already."""
    record = read_record(run.folder(out))
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
    svg: bool = False,
    progress: Progress | None = None,
    keep_program: bool = False,
) -> Result:
    """Return the stored result of a run, or do it; see `execute`."""
    stored = find_result(run, out)
    return stored or execute(run, out, backend, jobs, progress, figures=figures, svg=svg, keep_program=keep_program)


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
        "step_seconds": max(recording.dt for recording in recordings.values()),
        "biological_seconds": sum(simulated.values()),
        "seconds": dict(simulation.seconds),
        "bands": scenario.expected,
        "unscored": scenario.unscored(run.parameters, quick=run.quick, null=run.null),
        "declared": {
            name: {"sentence": measure.sentence, "unit": measure.unit, "source": measure.source}
            for name, measure in scenario.declared.items()
        },
        "main_figure": scenario.main_figure,
        "concludes": scenario.conclude is not None,
        "settings": {name: dict(condition) for name, condition in scenario.settings.items()},
        "backend": simulation.backend,
        "compiler": simulation.compiler,
        "provenance": provenance.provenance(),
    }


def _draw(run: Run, simulation: Simulation, folder: Path, svg: bool) -> None:
    """Draw the figures; the run is complete without those that cannot be drawn, and says so."""
    from cortex.report.style import note, save

    folder.mkdir()
    try:
        for name, figure in run.scenario.figures(run.parameters, simulation.recordings).items():
            note(figure, ["quick version"] if run.quick else [])
            save(figure, folder, name, svg)
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
    if file := run.scenario.file:
        for path, source in user_files(run.scenario.functions).items():
            if path.is_relative_to(file.parent) and path != file:
                kept = folder / path.relative_to(file.parent)
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_bytes(source)
        (folder / SCENARIO).write_bytes(run.scenario.source)
    if changes := provenance.source_changes():
        (folder / "source.diff").write_text(changes, encoding="utf-8")
