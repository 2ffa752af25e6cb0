"""One run of a scenario: simulate its arms, or calculate, measure, draw, and keep everything in a run folder."""

import logging
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import cortex
from cortex.engine import simulation
from cortex.engine.progress import Progress
from cortex.engine.simulation import Arm, Backend, Recipe, Simulation, simulate
from cortex.experiment import calculation, data_file, guards, kept, provenance, run_folder, science, surroundings
from cortex.experiment.coordinates import Coordinates
from cortex.experiment.identity import Run
from cortex.experiment.measuring import measure
from cortex.experiment.protocol import Phase
from cortex.experiment.record import DATA, read_record, write_record
from cortex.experiment.result import Result, from_record
from cortex.experiment.streams import Streams
from cortex.failures import borne

logger = logging.getLogger(__name__)


def prepare(run: Run, backend: Backend = "auto") -> None:
    """Build and compile a run's network, if it has one and it is new, without simulating it."""
    if run.scenario.calculate:
        return
    with surroundings.kept():
        arms = run.scenario.named_arms(run.parameters, Streams(run.seed, run.replicate))
        simulation.prepare(
            Recipe(run.scenario.build, (run.parameters,)), arms, backend=backend, precision=run.precision
        )


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
    threads: int | None = None,
) -> Result:
    """Simulate or calculate, measure, draw and keep one run.

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
    threads : int, optional
        Most threads of each arm; by default all cores are shared.

    Raises
    ------
    Committed
        If the run is complete already.
    UsageError
        If a backend is asked for and there is no network to simulate.
    RunFailed
        If a simulation fails.
    EnvironmentProblem
        If the folder cannot be written.
    """
    scenario, parameters = run.scenario, run.parameters
    progress = progress or Progress(enabled=False)
    calculation.check(scenario, backend)
    stands = bool if session else partial(science.stands, scenario=scenario)  # a study compares its sources as a whole
    with (
        run_folder.writing(run.folder(out), session, run.description, stands) as unfinished,
        surroundings.kept(),
    ):
        folder = unfinished.absolute()
        sources = science.digests(scenario)  # before somebody edits a file while it runs
        logger.info("%s %s, seed %d", scenario.name, run.id, run.seed)
        phases = scenario.returned("phases", scenario.phases(parameters), Sequence, Phase)
        arms: dict[str, Arm] = {}
        program = folder / "program"
        if scenario.calculate:
            simulation, coordinates = calculation.carry_out(run, progress)
        else:
            arms = scenario.named_arms(parameters, Streams(run.seed, run.replicate))
            coordinates = {
                name: scenario.returned("coordinates", scenario.coordinates(parameters, arm.inputs), Coordinates)
                for name, arm in arms.items()
            }
            simulation = simulate(
                Recipe(scenario.build, (parameters,)),
                arms,
                backend=backend,
                precision=run.precision,
                jobs=jobs,
                threads=threads,
                project=program,
                rebuild=keep_program,
                progress=progress,
            )
        start = time.perf_counter()
        task = progress.task("measure and draw")
        with ExitStack() as after, ThreadPoolExecutor(1) as beside:  # which packs the data without Python's lock
            if not keep_program:
                after.callback(shutil.rmtree, program, ignore_errors=True)
            packed = beside.submit(
                data_file.write, folder / DATA, simulation.recordings, coordinates, phases, _about(run)
            )
            record = _describe(run, simulation, sources)
            elements = {monitor: cells for known in coordinates.values() for monitor, cells in known.elements.items()}
            found = guards.look(scenario, parameters, run.null, arms, elements, simulation.recordings)
            for finding in found:
                logger.log(logging.INFO if session else logging.WARNING, "%s: %s", run.id, finding)
            record |= measure(scenario, parameters, simulation.recordings, found)
            if figures:
                _draw(run, simulation, folder / "figures", svg)
            packed.result()
        task.finish()
        record["seconds"]["analyse"] = time.perf_counter() - start
        _keep_sources(run, folder)
        write_record(folder, record)
        logger.info("done: %s", {name: round(seconds, 2) for name, seconds in record["seconds"].items()})
    return from_record(run.folder(out), record)


def find_result(run: Run, out: Path) -> Result | None:
    """Return the run if it is complete already, and was not made by code of the program that was edited since."""
    folder = run.folder(out)
    record = read_record(folder)
    if not record or not science.stands(record, run.scenario):
        return None
    return from_record(folder, record)


def _about(run: Run) -> dict[str, str]:
    """Return the attributes of the file of recordings."""
    title = run.scenario.title + (" (quick version)" if run.quick else "")
    about = {"title": title, "scenario": run.scenario.name, "run": run.id, "references": run.scenario.citation}
    kind = "calculation" if run.scenario.calculate else "simulation"
    about["source"] = f"{provenance.DISTRIBUTION} {cortex.__version__}, a {kind}"
    return about | _special(null=run.null, precision=run.precision)


def _special(**about: str) -> dict[str, str]:
    """Return what is not as usual."""
    return {name: value for name, value in about.items() if value not in ("", "double")}


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
    threads: int | None = None,
) -> Result:
    """Return the stored result of a run, or do it; see `execute`."""
    stored = find_result(run, out)
    return stored or execute(
        run, out, backend, jobs, progress, figures=figures, svg=svg, keep_program=keep_program, threads=threads
    )


def _describe(run: Run, simulation: Simulation, sources: dict[str, str]) -> dict[str, Any]:
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
        "science": sources,
        "provenance": {**provenance.provenance(), "threads": simulation.threads},
    }


def _draw(run: Run, simulation: Simulation, folder: Path, svg: bool) -> None:
    """Draw the figures; the run is complete without those that cannot be drawn, and says so."""
    from cortex.report.style import note, save

    folder.mkdir()
    problem = f"not all figures of {run.id} could be drawn, though the run itself is complete"
    with borne(lambda told: logger.warning("%s: %s", problem, told)):
        for name, figure in run.scenario.figures(run.parameters, simulation.recordings).items():
            note(figure, run.marks)
            save(figure, folder, name, svg)


def _keep_sources(run: Run, folder: Path) -> None:
    """Keep what the versions in run.json do not tell: a user's code, and changes since the last revision."""
    kept.keep(run.scenario, folder)
    if changes := provenance.source_changes():
        (folder / "source.diff").write_text(changes, encoding="utf-8")
