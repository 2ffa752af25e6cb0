"""Folders of results as a study leaves them, without simulating anything."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from cortex.experiment import catalogue
from cortex.experiment.identity import Run
from cortex.studies import plan, plan_file, study_file
from cortex.studies.plan import PlannedRun

Measure = Callable[[PlannedRun], float]


def write_run(out: Path, run: Run, measures: Mapping[str, float], **changes: Any) -> None:
    """Write the folder of a complete run; what is given by name is another way in its record."""
    folder = out / "runs" / run.id
    folder.mkdir(parents=True)
    (folder / "data.nc").write_bytes(b"12345")
    record = {
        **run.description,
        "settings": {name: dict(condition) for name, condition in run.scenario.settings.items()},
        **{"status": "complete", "requested_seconds": 1.0, "simulated_seconds": {"a": 1.0}, "data_bytes": 5},
        **{"measures": dict(measures), "predictions": {}, "bands": {}, "watched_seconds": {}},
        **{"seconds": {"build": 1.0, "simulate": 1.0, "analyse": 1.0}, "backend": "numpy", "unscored": ""},
        "provenance": {"versions": {"cortical-expansion": "0.2"}, "source": {}},
        **changes,
    }
    (folder / "run.json").write_text(json.dumps(record))


def study_of(
    scenario_file: Path, out: Path, text: str, rate: Measure = lambda run: 1.0, left_out: Iterable[int] = ()
) -> list[PlannedRun]:
    """Write a study of the scenario in a file; the runs of these places in the plan are not done. Return its plan."""
    scenario = catalogue.find(str(scenario_file))
    study, problems = study_file.parse(f'scenario = "{scenario_file}"\n{text}', "study.toml")
    assert study is not None
    assert not problems
    planned = plan.make(study, scenario)
    out.mkdir(parents=True, exist_ok=True)
    (out / "study.toml").write_text(f'scenario = "{scenario_file}"\n{text}')
    plan_file.keep(out, planned)
    for place, one in enumerate(planned):
        null = study.settings[one.condition].get("null", "")
        parameters = scenario.resolve(plan.overrides(study, one), quick=study.quick, null=null)
        if place not in left_out:
            run = Run(scenario, parameters, study.seed, one.replicate, study.quick, null)
            write_run(out, run, {"rate": rate(one)})
    return planned
