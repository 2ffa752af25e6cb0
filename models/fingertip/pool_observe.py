"""What overlapping pools leave to the groups of the tip, and which of them are to part."""

import numpy as np
from brian2.units import pA, second

from cortex.analysis.ratios import quotient
from cortex.analysis.similarity import mean_pairwise_cosine
from models.fingertip.anatomy import arbors, centres, places, sites
from models.fingertip.network import SNAPSHOT
from models.fingertip.observe import Observed
from models.fingertip.parting_predicted import DISTANCE, OPEN
from models.fingertip.pool_theory import parting_ratio
from models.learner.tasks import PATTERNS, SITES

APART = 0.95
"""Similarity of the members of a group below which they have parted."""

ALONE = np.sort(PATTERNS[PATTERNS.sum(axis=1) == 1] @ 2.0 ** np.arange(SITES))
"""Kinds of touch that press one site alone."""


def codes(observed: Observed, name: str) -> np.ndarray:
    """Return the kind of touch of each trial of a test."""
    [block] = [block for block in observed.layout.blocks if block.name == name]
    return np.asarray(block.values["code"])


def felt_rates(observed: Observed, name: str) -> np.ndarray:
    """Return the mean rate of each afferent during the touch of each trial of a test, Hz, shape (trial, afferent)."""
    p = observed.parameters
    [block] = [block for block in observed.layout.blocks if block.name == name]
    code = codes(observed, name).astype(int)
    background, peak = float(p.skin.background_rate), float(p.skin.peak_rate)
    rate = np.full((len(code), p.skin.number), background)
    for site, middle in enumerate(sites(p)):
        place = np.asarray(middle + block.values["shift"] + block.values.get(f"offset_{site}", 0.0))
        bump = np.exp(-((places(p) - place[:, None]) ** 2) / (2 * p.skin.touch_width**2))
        rate += (peak - background) * ((code >> site & 1) * block.values["depth"])[:, None] * bump
    return rate


def group_counts(observed: Observed, name: str) -> np.ndarray:
    """Return the mean spikes of the members of each group of the tip, shape (trial, group)."""
    p = observed.parameters
    counts = observed.counts[observed.trials[name], : p.tip_cells]
    return np.asarray(counts.reshape(-1, p.group.tip, p.group.copies).mean(axis=2))


def parting_ratios(observed: Observed) -> np.ndarray:
    """Return by how much differences between members grow over what they forget, before release, shape (group,).

    `parting_ratio` for touches of one site alone: where several are pressed at once a group that answers to one of them
    has the others in its traces too. The gain is ``h/(h - threshold) K (1 + c)``, h the drive at which the group fires.
    """
    p = observed.parameters
    name = "test uncoupled"
    alone = np.isin(codes(observed, name), ALONE)
    rate, fired = felt_rates(observed, name)[alone], group_counts(observed, name)[alone]
    arbor = arbors(p, centres(p))[:, : p.tip_cells : p.group.copies].T
    weights = observed.weights(observed.trials["tune"].stop).mean(axis=1)
    charge = float(p.copying.weight_conductance * DISTANCE * OPEN / (pA * second))
    cell = p.pyramidal
    threshold = float(cell.leak_conductance * (cell.firing_threshold - cell.leak_potential) / pA)
    inhibited = quotient(observed.total("before, no inhibition"), observed.total("before"))
    ratios = []
    for group, spikes in enumerate(fired.T):
        drive = quotient(float(spikes @ (rate @ weights[group])) * charge, float(spikes.sum()))
        steep = drive / max(drive - threshold, 1.0)  # 1 pA: noise alone fires it
        gain = steep * p.group.copies * inhibited
        trace = rate * float(p.copying.trace_time_constant)
        ratios.append(parting_ratio(trace, spikes, arbor[group], gain) if spikes.any() else 0.0)
    return np.array(ratios)


def second_answer(observed: Observed, name: str) -> np.ndarray:
    """Return the response of each group to its second site, pressed alone, over that to its first, shape (group,)."""
    code, fired = codes(observed, name), group_counts(observed, name)
    answers = np.sort([fired[code == site].mean(axis=0) for site in ALONE], axis=0)
    return np.asarray(answers[-2] / np.where(answers[-1] > 0, answers[-1], 1))


def group_similarities(observed: Observed) -> tuple[np.ndarray, np.ndarray]:
    """Return trials and the mean cosine between the members of each group of the tip, (sample, group)."""
    trials = [sample * SNAPSHOT for sample in range(len(observed.run["weights.w"]))]
    return np.array(trials), np.stack([mean_pairwise_cosine(observed.weights(trial)) for trial in trials])


def at_the_end(observed: Observed) -> np.ndarray:
    """Return the similarity of the members of each group of the tip at the end, shape (group,)."""
    return mean_pairwise_cosine(observed.weights(observed.trials["release"].stop))
