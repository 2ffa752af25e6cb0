"""What is told of a run whose numbers mean little: cells that are silent or fire without end, weights at their bounds.

The guards here look at what any scenario records: spike monitors, recorded weights `w`, the phases of its protocol and
its parameters. What only a model knows, such as whether anything touched the skin, its scenario adds by `guards`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cortex.analysis.spikes import count_in_windows
from cortex.engine.model import Arm
from cortex.engine.recording import Recording
from cortex.experiment.findings import BOUND, COARSE, NOT_FINITE, RUNAWAY, SILENT, UNTRAINED, Finding, joined
from cortex.experiment.parameters import Parameters
from cortex.experiment.protocol import Phase
from cortex.experiment.relation import coarse

if TYPE_CHECKING:
    from cortex.experiment.scenario import Recordings, Scenario

EXPECTED = 50
"""A phase is silent if so many spikes would fall into it at the mean rate of the run, and none does."""

AT_LIMIT = 0.8
"""Share of the highest rate that the refractory period allows from which on a cell is at it, in the mean of a phase."""

EVERY_STEP = 0.5
"""Spikes per time step that take the place of the limit where there is no refractory period."""

SHORTEST = 0.5
"""Phases shorter than this, s, have no mean rate."""

BOUND_SHARE = 0.05
"""Share of the weights, zeros left out, that may lie at the upper bound."""


def look(
    scenario: "Scenario",
    parameters: Parameters,
    null: str,
    arms: Mapping[str, Arm],
    elements: Mapping[str, str],
    recordings: "Recordings",
) -> list[Finding]:
    """Look at a run: at what it recorded, and at what only its scenario knows.

    What a null model or condition declares that it `tells` is left out, since it is meant.

    Parameters
    ----------
    scenario : Scenario
    parameters : Parameters
    null : str
        Null model or condition of the run, empty for none.
    arms : mapping of str to Arm
        By name.
    elements : mapping of str to str
        As for `recorded`.
    recordings : dict of str to Recording
        By name of the arm.
    """
    meant = scenario.settings[null].tells if null in scenario.settings else ()
    found = recorded(parameters, scenario.phases(parameters), recordings, elements)
    known = scenario.guards(parameters, {name: arm.inputs for name, arm in arms.items()}, recordings)
    found += scenario.returned("guards", known, list, Finding)
    return [finding for finding in found if finding.what not in meant]


def recorded(
    parameters: Parameters,
    phases: Sequence[Phase],
    recordings: Mapping[str, Recording],
    elements: Mapping[str, str],
) -> list[Finding]:
    """Look at what the arms of a run recorded.

    Parameters
    ----------
    parameters : Parameters
    phases : sequence of Phase
        Of the protocol; without any, the whole run is one phase.
    recordings : mapping of str to Recording
        By name of the arm.
    elements : mapping of str to str
        For a monitor the name of what it records from, as in `Coordinates.elements`.
    """
    found: list[Finding] = []
    monitors = _monitors(recordings)
    fires = any(len(recording[f"{monitor}.t"]) for monitor in monitors for recording in recordings.values())
    for monitor in monitors:
        cells = elements.get(monitor, monitor)
        found += _silent(monitor, cells, phases, recordings, grave=not fires)
        found += _runaway(monitor, cells, parameters, phases, recordings)
    found += _weights(parameters, recordings)
    found += _not_finite(recordings)
    steps = {recording.dt for recording in recordings.values()}
    for prefix, section in parameters.sections():
        names = [f"{prefix}{name}" for step in steps for name in coarse(section, step)]
        if names and parameters.TIME_STEP is None:
            texts = parameters.as_text()
            yet = ", ".join(f"{name} = {texts[name]}" for name in names)
            found.append(Finding(COARSE, "all the time", f"{yet}, steps of {min(steps):g} s", "take a smaller dt"))
    return found


def _monitors(recordings: Mapping[str, Recording]) -> list[str]:
    """List the monitors of spikes."""
    names = dict.fromkeys(name for recording in recordings.values() for name in recording if name.endswith(".i"))
    return [name[:-2] for name in names if all(f"{name[:-2]}.t" in recording for recording in recordings.values())]


def _silent(
    monitor: str, cells: str, phases: Sequence[Phase], recordings: Mapping[str, Recording], grave: bool
) -> Iterator[Finding]:
    """Find a group that is silent in all arms, or in a phase of an arm in which it fires at other times."""
    next_ = "give it more input: stimuli, weights, or a lower threshold"
    times = {arm: recording[f"{monitor}.t"] for arm, recording in recordings.items()}
    if not any(len(t) for t in times.values()):
        yield Finding(SILENT, "the whole run", f"{cells}, all arms", next_, grave)
        return
    for arm, t in times.items():
        rate = len(t) / recordings[arm].simulated_time
        silent = [
            phase.name
            for phase, (start, stop) in zip(phases, _ends(phases), strict=True)
            if rate * float(phase.duration) >= EXPECTED and np.ptp(np.searchsorted(t, (start, stop))) == 0
        ]
        if silent:
            yield Finding(
                SILENT, joined(silent), f"{cells}, arm {arm}; {rate:.3g} spikes/s in the whole run", next_, False
            )


def _runaway(
    monitor: str, cells: str, parameters: Parameters, phases: Sequence[Phase], recordings: Mapping[str, Recording]
) -> Iterator[Finding]:
    """Find cells that fire as fast as they can in the mean of a phase."""
    for arm, recording in recordings.items():
        most, fastest, reason = _fastest(cells, parameters, recording.dt)
        i, t = recording[f"{monitor}.i"], recording[f"{monitor}.t"]
        whole = [Phase("the whole run", 0, recording.simulated_time)]
        long = [phase for phase in (phases or whole) if float(phase.duration) >= SHORTEST]
        if not len(t) or not long or not np.isfinite(most):
            continue
        starts, stops = np.array(_ends(long)).T
        known = recording.get(f"{monitor}.count")
        n_cells = int(i.max()) + 1 if known is None else len(known)
        rates = count_in_windows(i, t, n_cells, starts, stops) / (stops - starts)[:, None]
        at_limit = rates >= most
        if at_limit.any():
            which, when = np.flatnonzero(at_limit.any(axis=0)), np.flatnonzero(at_limit.any(axis=1))
            listed = ", ".join(map(str, which[:5])) + (", ..." if len(which) > 5 else "")
            where = f"{cells}, arm {arm}: {len(which)} of {n_cells} cells ({listed}), up to {rates.max():.3g} Hz"
            yield Finding(
                RUNAWAY,
                joined(long[phase].name for phase in when),
                f"{where}; {reason} allows {fastest:.3g} Hz",
                "lower their input, their weights or noise, or strengthen inhibition",
                grave=len(which) > n_cells / 20,
            )


def _fastest(cells: str, parameters: Parameters, dt: float) -> tuple[float, float, str]:
    """Return the mean rate from which on a cell runs away, the highest that is possible, Hz, and by what."""
    for _, section in parameters.sections():
        if getattr(section, "GROUP", "") == cells and "refractory_period" in type(section).model_fields:
            fastest = 1 / (float(section.get("refractory_period")) + (0 if np.isnan(dt) else dt))
            return AT_LIMIT * fastest, fastest, "the refractory period"
    return EVERY_STEP / dt, 1 / dt, "the time step"


def _weights(parameters: Parameters, recordings: Mapping[str, Recording]) -> Iterator[Finding]:
    """Find recorded weights that never change, and weights at their upper bound."""
    names = dict.fromkeys(name for recording in recordings.values() for name in recording if name.endswith(".w"))
    limits = {
        f"{prefix}maximum_weight": float(section.get("maximum_weight"))
        for prefix, section in parameters.sections()
        if "maximum_weight" in type(section).model_fields
    }
    for name in names:
        known = {arm: recording[name] for arm, recording in recordings.items() if name in recording}
        if all(len(w) > 1 and w.size and all(np.array_equal(w[0], later) for later in w[1:]) for w in known.values()):
            next_ = "see that learning rates are above 0 and that cells on both sides fire"
            yield Finding(UNTRAINED, "the whole run", f"{name}: no weight changes in any arm", next_)
        for parameter, limit in limits.items() if len(limits) == 1 else ():
            for arm, w in known.items():
                sizes = np.abs(w)
                shares = (sizes >= 0.999 * limit).sum(axis=1) / np.maximum((sizes > 1e-3 * limit).sum(axis=1), 1)
                if shares.size and shares.max() >= BOUND_SHARE:
                    first = float(recordings[arm][f"{name[:-2]}.t"][np.argmax(shares >= BOUND_SHARE)])
                    where = f"{name}, arm {arm}: up to {shares.max():.0%} of them at {parameter} = {limit:g}"
                    next_ = f"lower the learning rate or the input, or raise {parameter}"
                    yield Finding(BOUND, f"from {first:g} s on", where, next_, grave=False)


def _not_finite(recordings: Mapping[str, Recording]) -> Iterator[Finding]:
    """Find recorded numbers that are infinite or undefined."""
    for arm, recording in recordings.items():
        names = [
            name for name, values in recording.items() if values.dtype.kind == "f" and not np.isfinite(values).all()
        ]
        if names:
            where = f"arm {arm}: {', '.join(names)}"
            when, next_ = "from some time on", "take a smaller dt, or smaller inputs and weights"
            if not recording.simulated_time:
                when, next_ = "in the calculation", "see for which values of parameters they have no limit"
            yield Finding(NOT_FINITE, when, where, next_)


def _ends(phases: Iterable[Phase]) -> list[tuple[float, float]]:
    return [(float(phase.start), float(phase.start + phase.duration)) for phase in phases]
