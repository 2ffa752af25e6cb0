"""Recordings of a run for other programs of the field: Neo, and those that read NWB files."""

import io
import json
import math
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import h5netcdf
import h5py
import numpy as np

from cortex.errors import UsageError
from cortex.experiment import provenance
from cortex.experiment import result as results
from cortex.experiment.data_file import opened
from cortex.experiment.record import RECORD
from cortex.extras import extra
from cortex.files import explained, to_json

SIMULATED = "Simulated: a network of model neurons, no animal."

NEO_COLUMNS = {"block": "scenario and run", "segment": "arm", "_name": "name within the arm"}
"""What Neo looks for in the tables of an NWB file, to tell segments apart."""

CELL_COLUMNS = {"monitor": "name of the spike monitor", "cell": "index of the cell among those of the monitor"}

LABELS: dict[str, tuple[str, Any]] = {
    "kind": ("kind of cell", ""),
    "x": ("place of the cell in cortex, mm", math.nan),
    "y": ("place of the cell in cortex, mm", math.nan),
}
"""Labels of cells that become columns where a run has them, with their value for the other cells."""


def export(folder: Path, path: Path) -> Path:
    """Write a run as an NWB file, which appears complete or not at all.

    Parameters
    ----------
    folder : Path
        Of a complete run, such as ``results/NAME/runs/0123-r000``.
    path : Path
        The file to write, ending in ``.nwb``.

    Returns
    -------
    path : Path

    Raises
    ------
    UsageError
        If the path ends otherwise, the file exists already, or the folder holds no complete run.
    EnvironmentProblem
        If Neo or PyNWB is not installed, or the file cannot be written.
    """
    if path.suffix != ".nwb":
        raise UsageError(f"{path} does not end in .nwb", hint="NWB is the only format that is written")
    if path.exists():
        raise UsageError(f"{path} exists, and is never overwritten", hint="move it away, or choose another name")
    content = _nwb(to_neo(folder))
    partial = path.with_name(path.name + ".partial")
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.write_bytes(content)
            partial.rename(path)
        finally:
            partial.unlink(missing_ok=True)
    return path


def to_neo(folder: Path) -> Any:
    """Read a run for Neo.

    Parameters
    ----------
    folder : Path
        Of a complete run.

    Returns
    -------
    block : neo.Block
        With a segment for each arm: a train for each cell of a spike monitor, in s, empty if it never fired, with
        its kind and place if the run has them; a signal
        of shape (time, element), in SI units, for each variable of a state or rate monitor; the phases as an epoch.
        Its ``rec_datetime`` is when the run was written.

    Raises
    ------
    UsageError
        If the folder holds no complete run.
    EnvironmentProblem
        If Neo is not installed.
    """
    run = results.read(folder)
    record = run.record
    if not record["requested_seconds"]:
        raise UsageError(f"{folder} was calculated: it has no spikes and no signals", hint=f"{run.data} is NetCDF-4")
    neo = extra("neo")
    kept = ("scenario", "title", "citation", "run", "quick", "null", "seed", "replicate", "precision", "parameters")
    block = neo.Block(
        name=f"{record['scenario']} {record['run']}",
        description=f"{record.get('title', '')}. {SIMULATED}",
        rec_datetime=_finished(folder, record),
        version=run.version,
        **{key: record.get(key, "") for key in kept},
    )
    with opened(run.data) as file:
        for arm, group in file.groups.items():
            segment = neo.Segment(name=arm)
            segment.epochs.append(_phases(arm, record.get("phases", [])))
            segment.spiketrains.extend(list(_trains(group)))
            segment.irregularlysampledsignals.extend(list(_signals(group)))
            block.segments.append(segment)
    return block


def _finished(folder: Path, record: dict[str, Any]) -> datetime:
    """Return when a run was complete; for runs of version 0.1 this is the time of its file."""
    with suppress(KeyError, ValueError):
        finished = datetime.fromisoformat(record["finished"])
        if finished.tzinfo:
            return finished
    return datetime.fromtimestamp((folder / RECORD).stat().st_mtime).astimezone()


def _phases(arm: str, phases: list[dict[str, Any]]) -> Any:
    starts, durations, labels = ([phase[key] for phase in phases] for key in ("start", "duration", "name"))
    # Neo opens no NWB file in which epochs of two segments have the same name
    return extra("neo").Epoch(starts, durations, labels, units="s", name=f"{arm} phases")


def _trains(group: h5netcdf.Group) -> Iterator[Any]:
    """Yield the spike train of each cell of each spike monitor that kept the times."""
    neo = extra("neo")
    stop = float(group.attrs["simulated_time"].removesuffix(" s"))
    for monitor in [name.removesuffix(".i") for name in group.variables if name.endswith(".i")]:
        cells, times, count = (group.variables[f"{monitor}.{name}"][...] for name in ("i", "t", "count"))
        by_cell = np.split(times[np.argsort(cells, kind="stable")], np.cumsum(count)[:-1])
        [dimension] = group.variables[f"{monitor}.count"].dimensions
        known = {name: f"{dimension}_{name}" for name in LABELS if f"{dimension}_{name}" in group.variables}
        labels = {name: group.variables[label][...].tolist() for name, label in known.items()}
        for cell, train in enumerate(by_cell):
            about = {"monitor": monitor, "cell": cell} | {name: values[cell] for name, values in labels.items()}
            yield neo.SpikeTrain(train, units="s", t_stop=stop, name=f"{monitor} {cell}", **about)


def _signals(group: h5netcdf.Group) -> Iterator[Any]:
    """Yield a signal for each variable of the state and rate monitors."""
    neo = extra("neo")
    for name, variable in group.variables.items():
        monitor = name.rpartition(".")[0]
        times = f"{monitor}.t"
        if variable.dimensions[:1] == (times,) and name != times and f"{monitor}.i" not in group.variables:
            unit = variable.attrs["units"].replace("^", "**")
            yield neo.IrregularlySampledSignal(
                group.variables[times][...],
                variable[...],
                units="dimensionless" if unit == "1" else unit,
                time_units="s",
                name=name,
            )


def _nwb(block: Any) -> bytes:
    """Return a block as NWB, put together in memory because HDF5 does not say why it cannot write to a disk."""
    pynwb = extra("pynwb")
    about = block.annotations
    nwb = pynwb.NWBFile(
        session_description=block.description,
        identifier=about["run"],
        session_start_time=block.rec_datetime,
        experiment_description=f"Scenario {about['scenario']}, after {about['citation']}.",
        data_collection=f"{SIMULATED} Made by {provenance.DISTRIBUTION} {about['version']}.",
        notes=to_json(about),
        subject=pynwb.file.Subject(subject_id="simulated", description=SIMULATED),
    )
    if trains := [train for segment in block.segments for train in segment.spiketrains]:
        nwb.units = _units(trains)
    if phases := [phase for segment in block.segments for phase in _phase_rows(segment)]:
        for name, description in NEO_COLUMNS.items():
            nwb.add_epoch_column(name, description)
        for phase in sorted(phases, key=lambda phase: phase["start_time"]):
            nwb.add_epoch(**phase)
    for segment in block.segments:
        for signal in segment.irregularlysampledsignals:
            series = pynwb.TimeSeries(
                name=f"{segment.name} {signal.name}",
                description=f"{signal.name} in arm {segment.name}: (time, element)",
                data=pynwb.H5DataIO(signal.magnitude, compression="gzip"),
                timestamps=signal.times.magnitude,
                unit=signal.dimensionality.string,
                comments=json.dumps({"block": block.name, "segment": segment.name}),
            )
            nwb.add_acquisition(series)
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file, pynwb.NWBHDF5IO(file=file, mode="w") as writer:
        writer.write(nwb)
    return buffer.getvalue()


def _units(trains: list[Any]) -> Any:
    """Make the table of spike trains by its columns, as adding rows takes microseconds for every spike."""
    pynwb = extra("pynwb")
    times = np.concatenate([train.magnitude for train in trains])
    ends = np.cumsum([len(train) for train in trains])
    observed = np.array([[float(train.t_start), float(train.t_stop)] for train in trains])
    rows = [
        {"block": train.segment.block.name, "segment": train.segment.name, "_name": train.name} | train.annotations
        for train in trains
    ]
    columns = []
    for name, values, stops in (("spike_times", times, ends), ("obs_intervals", observed, np.arange(len(trains)) + 1)):
        column = pynwb.core.VectorData(name=name, description="in s", data=values)
        columns += [column, pynwb.core.VectorIndex(name=f"{name}_index", data=stops, target=column)]
    for name, description in (NEO_COLUMNS | CELL_COLUMNS).items():
        columns.append(pynwb.core.VectorData(name=name, description=description, data=[row[name] for row in rows]))
    for name, (description, unknown) in LABELS.items():
        if any(name in row for row in rows):
            labels = [row.get(name, unknown) for row in rows]
            columns.append(pynwb.core.VectorData(name=name, description=description, data=labels))
    return pynwb.misc.Units(name="units", description="spike trains of the cells", columns=columns)


def _phase_rows(segment: Any) -> Iterator[dict[str, Any]]:
    """Yield the phases of an arm as rows of NWB's table of epochs."""
    for epoch in segment.epochs:
        for start, duration, label in zip(epoch.magnitude, epoch.durations.magnitude, epoch.labels, strict=True):
            yield {
                "start_time": start,
                "stop_time": start + duration,
                "tags": [label],
                "block": segment.block.name,
                "segment": segment.name,
                "_name": epoch.name,
            }
