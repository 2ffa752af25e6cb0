"""What a recording of the pair shows: weights, copying, responses to probes, totals."""

from typing import TYPE_CHECKING

import numpy as np

from cortex.analysis.ratios import mean, quotient
from cortex.analysis.similarity import cosine
from cortex.analysis.spikes import count_in_windows, lag
from cortex.analysis.totals import normalization_fit, total_ratios
from cortex.engine.simulation import Recording
from cortex.mechanisms.circuit import DT
from models.pair.network import places
from models.pair.parameters import PairParameters
from models.pair.protocol import GAINS, PAUSE_SLOTS, PROBE_SLOTS, SLOT, layout, probe_order, probe_places

if TYPE_CHECKING:
    from cortex.report.timeline import Span

LEAST_RATE = 5.0
"""Stimuli that drive the target below this rate, Hz, are left out of ratios: too few spikes to divide by."""


def weights(p: PairParameters, run: Recording, at: float) -> np.ndarray:
    """Return the afferent weights at a time, shape (cell, afferent)."""
    sample = min(int(np.searchsorted(run["weights.t"], at)), len(run["weights.t"]) - 1)
    return run["weights.w"][sample].reshape(p.skin.number, p.copies).T


def similarity(p: PairParameters, run: Recording) -> np.ndarray:
    """Return the cosine of each copy's weights with the target's over time, shape (copy, time)."""
    w = run["weights.w"].reshape(-1, p.skin.number, p.copies)
    return np.stack([cosine(w[:, :, copy], w[:, :, 0]) for copy in range(1, p.copies)])


def copying(p: PairParameters, run: Recording) -> tuple[np.ndarray, np.ndarray]:
    """Return time, s, and mean similarity of the copies to their target, while they copy."""
    start, end = layout(p).interval("copy")
    inside = (run["weights.t"] >= start) & (run["weights.t"] <= end)
    return run["weights.t"][inside], similarity(p, run).mean(axis=0)[inside]


def distance_to_target(p: PairParameters, run: Recording) -> tuple[np.ndarray, np.ndarray]:
    """Return time, s, and how much of the target's weights the mean copy still lacks, from the onset of copying."""
    start, end = layout(p).interval("copy")
    inside = (run["weights.t"] >= start) & (run["weights.t"] < end)
    w = run["weights.w"][inside].reshape(-1, p.skin.number, p.copies)
    target, copy = w[:, :, 0], w[:, :, 1:].mean(axis=2)
    size = (target**2).sum(axis=1)
    lacking = 1 - (copy * target).sum(axis=1) / np.where(size > 0, size, np.nan)
    onset = copying_onset(p, run)
    return run["weights.t"][inside][onset:], lacking[onset:]


def copying_onset(p: PairParameters, run: Recording) -> int:
    """Return the second of the copying phase in which the teacher has begun: the copies have fired ten times.

    At least ten seconds are left after it, where the phase is as long.
    """
    start, end = layout(p).interval("copy")
    spikes = np.searchsorted(run["spikes.t"][run["spikes.i"] > 0], np.arange(start, end))
    return min(int(np.searchsorted(spikes - spikes[0], 10 * (p.copies - 1))), max(len(spikes) - 10, 0))


def responses(p: PairParameters, run: Recording, probe: str) -> np.ndarray:
    """Count the spikes to each probe, shape (place, repeat, cell)."""
    start, _ = layout(p).interval(f"probe {probe}")
    order = probe_order(p)
    step = (PROBE_SLOTS + PAUSE_SLOTS) * float(SLOT)
    onsets = start + step * np.arange(len(order))
    counts = count_in_windows(run["spikes.i"], run["spikes.t"], p.copies, onsets, onsets + PROBE_SLOTS * float(SLOT))
    return counts[np.argsort(order, kind="stable")].reshape(p.training.probes, p.training.repeats, p.copies)


def ratio(p: PairParameters, run: Recording, probe: str) -> float:
    """Average over stimuli the group's total relative to the target's alone before copying."""
    return mean(ratios(p, run, probe))


def ratios(p: PairParameters, run: Recording, probe: str) -> np.ndarray:
    """Compare the group's total with the target's alone, under the same probe and inhibition, shape (stimulus,)."""
    group, alone = (responses(p, run, f"{when} {probe}").sum(axis=2) for when in ("held", "before"))
    return total_ratios(group, alone, LEAST_RATE * PROBE_SLOTS * float(SLOT))


def normalized(p: PairParameters, run: Recording) -> float:
    """Return R^2 of a normalization equation fitted to the group's total under the hold.

    It is fitted to the probes at all pressures and to the unseen ones. The drive is what they bring to the group:
    rates of the afferents times the weights of all members.
    """
    trained = probe_places(p)
    probes = [(f"held gain {name}", trained, gain) for name, gain in GAINS.items()]
    probes.append(("held unseen", trained + np.diff(trained)[0] / 2, 1.0))
    weight = weights(p, run, layout(p).interval("tune")[1]).sum(axis=0)
    drive = [rates(p, centre, gain) @ weight for _, centre, gain in probes]
    total = [responses(p, run, name).sum(axis=2).mean(axis=1) for name, *_ in probes]
    return normalization_fit(np.concatenate(drive), np.concatenate(total))


def rates(p: PairParameters, centres: np.ndarray, gain: float) -> np.ndarray:
    """Return the rates of the afferents under bumps of pressure, Hz, shape (bump, afferent)."""
    bump = gain * np.exp(-((places(p) - centres[:, None]) ** 2) / (2 * p.skin.bump_width**2))
    background, peak = float(p.skin.background_rate), float(p.skin.peak_rate)
    return np.asarray(background + (peak - background) * bump)


WITHIN = 0.02
"""Largest lag of PV spikes behind pyramidal ones that is looked for, s."""


def inhibition_lag(p: PairParameters, run: Recording) -> float:
    """Return by how much PV spikes lag pyramidal spikes under the hold, ms.

    Both reach the cells that they act on after the same delay, so inhibition lags excitation by as much.
    """
    start, end = layout(p).interval("hold")
    pyramidal, pv = (run[f"{name}.t"] for name in ("spikes", "pv_spikes"))
    pyramidal, pv = (times[(times >= start) & (times < end)] for times in (pyramidal, pv))
    return 1000 * lag(pyramidal, pv, WITHIN, float(DT))


def ratio_in_training(p: PairParameters, run: Recording) -> float:
    """Compare the group's spikes per touch, later in the phase tune, with the target's alone while calibrated.

    Nothing but the hold learns in either; the first half of tune is left out, in which the hold still adapts.
    """
    start, end = layout(p).interval("tune")
    now = spike_rate(run, (start + end) / 2, end) * p.training.use_before
    return quotient(now, spike_rate(run, *layout(p).interval("calibrate")) * p.training.use)


def spike_rate(run: Recording, start: float, end: float) -> float:
    """Return the spikes of all cells per second from one time, s, to another."""
    return float(((run["spikes.t"] >= start) & (run["spikes.t"] < end)).sum() / (end - start))


def level_alone(p: PairParameters, edges: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Return what the target alone fired when calibrated, in proportion to use, shape (bin,); nan in tests."""
    starts, ends = edges[:-1], edges[1:]
    start, end = layout(p).interval("calibrate")
    calibrated = quotient(mean(total[(starts >= start) & (ends <= end)]), p.training.use_before)
    level = np.full(len(starts), np.nan)
    for phase in layout(p).phases():
        first, last = float(phase.start), float(phase.start + phase.duration)
        use = p.training.use_before if phase.name in ("settle", "calibrate") else p.training.use
        if not phase.name.startswith("probe"):
            level[(starts >= first) & (starts < last)] = calibrated * use
    return level


def stages(p: PairParameters) -> "list[Span]":
    """Join the probes between the phases of learning to one test each."""
    from cortex.report.timeline import Span

    spans: list[Span] = []
    for phase in layout(p).phases():
        name = "test" if phase.name.startswith("probe") else phase.name
        start, end = float(phase.start), float(phase.start + phase.duration)
        if spans and spans[-1].name == name:
            start = spans.pop().start
        spans.append(Span(name, start, end))
    return spans
