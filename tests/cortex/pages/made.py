"""A run of the finger area as its folder keeps it, without simulating anything: cells answer to skin near their own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from cortex.engine.recording import Recording
from cortex.experiment import data_file, result
from cortex.experiment.record import write_record
from cortex.experiment.result import Result
from cortex.experiment.streams import Streams
from models import finger_area
from models.finger_area import FingerParameters
from models.finger_area.coordinates import coordinates
from scenarios.finger_expansion import SCENARIO

PARAMETERS = FingerParameters().override(
    {"sheet.density": "150/mm^2", "sheet.pv_density": "20/mm^2", "mapping.repeats": 1, "mapping.blanks": 8}
)
KNOWN = ("sheet.", "mapping.", "training.")
"""How the parameters begin that a made record has."""

RECORD: dict[str, Any] = {
    "status": "complete",
    "scenario": "finger_expansion",
    "title": "A made sheet",
    "citation": "Nobody 2000",
    "run": "0123456789-r000",
    "null": "",
    "unscored": "",
    "seed": 1,
    "replicate": 0,
    "quick": False,
    "parameters": {name: value for name, value in PARAMETERS.as_text().items() if name.startswith(KNOWN)},
    "measures": {"expansion_trained": 1.25, "expansion_trained_wta": None},
    "predictions": {"expansion_limit": 2.5},
    "bands": {"expansion_trained": [1.5, 3.0]},
    "missing": {"expansion_trained_wta": "does not apply"},
    "requested_seconds": 1.0,
    "simulated_seconds": {"trained": 1.0},
    "seconds": {"simulate": 1.0},
    "provenance": {"versions": {"cortical-expansion": "0.2"}},
    "phases": [
        {"name": p.name, "start": float(p.start), "duration": float(p.duration)} for p in SCENARIO.phases(PARAMETERS)
    ],
}


def recording(seed: int = 0, affinity: bool = False) -> tuple[Recording, Any]:
    """Return what an animal records, if asked for also affinities at the end, and what its arrays refer to."""
    rng = np.random.default_rng(seed)
    label = coordinates(PARAMETERS, finger_area.run_inputs(PARAMETERS, Streams(1), trained=True))
    known = {name: variable.values for name, variable in label.variables.items()}
    strip = np.clip(known["pyramidal_x"] // 0.6, 0, 4).astype(int)
    place = known["pyramidal_y"] / known["pyramidal_y"].max() * 22
    idle = known["pyramidal_kind"] == "idle"
    late = known["probe_phase"] != "map before"
    touched = known["probe_touches"][:, strip] > 0
    near = np.exp(-(((np.nan_to_num(known["probe_y"])[:, None] - place) / 4) ** 2))
    rate = 0.1 + 5 * touched * near * np.where(idle, late[:, None], 1)
    probe, cell = np.nonzero(np.ones_like(rate))
    counts = rng.poisson(rate).ravel()
    times = np.repeat(known["probe_start"][probe], counts) + rng.uniform(0, 0.2, counts.sum())
    cells = np.repeat(cell, counts)
    order = np.argsort(times)
    starts = [float(p.start) for p in SCENARIO.phases(PARAMETERS) if p.name.startswith("map ")]
    maturity = np.where(idle, np.array([0.0, 0.4, 0.9])[:, None], 1.0)
    arrays = {
        "spikes.i": cells[order].astype(np.int32),
        "spikes.t": times[order],
        "spikes.count": np.bincount(cells, minlength=len(idle)),
        "weights.t": np.array(starts),
        "weights.w": rng.random((3, len(known["afferent_synapse_source"]))),
        "cells.t": np.array(starts),
        "cells.maturity": maturity,
    }
    if affinity:
        contacts = {f"lateral.{end}": known[f"lateral_synapse_{end}"] for end in ("source", "target")}
        arrays |= contacts | {"lateral.affinity": rng.random(len(contacts["lateral.source"]))}
    return Recording(arrays, {name: "s" if name.endswith(".t") else "1" for name in arrays}, 1.0, 1.0), label


def sheet_run(folder: Path, animals: tuple[str, ...] = ("trained", "control"), **changes: Any) -> Result:
    """Write the folder of a run with maps; what is given by name is another way in its record."""
    return write_run(folder, {name: recording(seed) for seed, name in enumerate(animals)}, **changes)


def write_run(folder: Path, recorded: Mapping[str, tuple[Recording, Any]], **changes: Any) -> Result:
    """Write the folder of a run, with the arms that are given."""
    folder.mkdir(parents=True)
    labels = {name: label for name, (_, label) in recorded.items()}
    data_file.write(folder / "data.nc", {name: one for name, (one, _) in recorded.items()}, labels)
    write_record(folder, {**RECORD, **changes})
    return result.read(folder)
