"""What overlapping pools leave to groups, and which of them are predicted to part."""

import numpy as np
from brian2.units import mV, ms, pA, second

from cortex.analysis.similarity import mean_pairwise_cosine
from models.fingertip.anatomy import arbors, centres, places, sites
from models.fingertip.observe import Observed
from models.fingertip.pools import PoolParameters
from models.fingertip.protocol import PUSH, TOUCH
from models.fingertip.theory import difference_matrix, direction
from models.learner.tasks import SITES

APART = 0.95
"""Similarity of the members of a group below which they have parted."""

DISTANCE = 55.0 * mV
"""Mean distance of a cell's potential from the reversal of excitation while it is touched."""

OPEN = 5.25 * ms
"""Conductance of an afferent spike over its peak, summed over time, in steps of 0.5 ms."""

CAUGHT = 0.45
"""Share of an afferent's trace that is left when the cell fires by its spike: .4 to .6 measured."""


def felt_touches(observed: Observed, name: str) -> np.ndarray:
    """Return the mean rate of each afferent during the touch of each trial of a test, Hz, shape (trial, afferent)."""
    p = observed.parameters
    [block] = [block for block in observed.layout.blocks if block.name == name]
    code = np.asarray(block.values["code"]).astype(int)
    rate = np.full((len(code), p.skin.number), float(p.skin.background_rate))
    for site, middle in enumerate(sites(p)):
        place = middle + block.values["shift"] + block.values.get(f"offset_{site}", 0.0)
        pressed = (code >> site & 1) * block.values["depth"]
        bump = np.exp(-((places(p) - place[:, None]) ** 2) / (2 * p.skin.touch_width**2))
        rate += float(p.skin.peak_rate - p.skin.background_rate) * pressed[:, None] * bump
    return rate


def growth_over_decay(observed: Observed) -> np.ndarray:
    """Return by how much a difference of members grows over what it forgets, before release, shape (group of the tip,).

    Members part above 1. J of `difference_matrix`, from tests without coupling: where a group fires, a member that gets
    `PUSH` more than the others fires more by one slope.
    """
    p = observed.parameters
    rate = felt_touches(observed, "test uncoupled")
    shape = (len(rate), p.group.tip, p.group.copies)
    counts, pushed = (
        observed.counts[observed.trials[f"test {name}"], : p.tip_cells].reshape(shape) for name in ("uncoupled", "pushed")
    )
    more = (pushed - counts).mean(axis=0)
    gained = (more[:, 0] - more[:, 1:].mean(axis=1)) / float(PUSH / pA)
    arbor = arbors(p, centres(p))[:, : p.tip_cells : p.group.copies].T
    weights = observed.weights(observed.trials["tune"].stop).mean(axis=1)
    charge = float(p.copying.weight_conductance * DISTANCE * OPEN / (pA * second))
    trace = rate * float(p.copying.trace_time_constant)
    grown = []
    for group in range(p.group.tip):
        fired = counts[:, group].mean(axis=1)
        above = (counts[:, group].sum(axis=1) > 0).astype(float)
        near = weights[group] > 0
        at_spike = arbor[group] * (fired @ trace) / max(fired.sum(), 1e-9)
        caught = float(weights[group] @ at_spike / max(at_spike @ at_spike, 1e-9))
        slope = above * gained[group] / max(above.mean(), 1e-9)
        drive, share = rate[:, near] * charge, np.full(len(rate), 1 / len(rate))
        taught = direction(caught * trace[:, near], weights[group, near], arbor[group, near], p.copying.decay)
        chance = CAUGHT * arbor[group, near] * (share * slope @ drive)
        matrix = difference_matrix(drive, taught * slope[:, None], fired, share, decay=0.0, coincidence=chance)
        forgotten = float(p.copying.decay) * fired.mean()
        grown.append(np.linalg.eigvals(matrix).real.max() / forgotten if forgotten > 0 else 0.0)
    return np.array(grown)


def similarities(observed: Observed, phase: str) -> np.ndarray:
    """Return the similarity of the members of each group of the tip at the end of a phase."""
    return mean_pairwise_cosine(observed.weights(observed.trials[phase].stop))


def predicted_similarities(observed: Observed) -> np.ndarray:
    """Return the similarity of each group at the end: 1 - similarity grows at twice the rate of a difference."""
    p = observed.parameters
    assert isinstance(p, PoolParameters)
    before = 1 - similarities(observed, "tune")
    fired = observed.counts[observed.trials["test uncoupled"], : p.tip_cells].reshape(-1, p.group.tip, p.group.copies)
    rate = p.copying.learning_rate * p.copying.decay * fired.mean(axis=(0, 2)) * (growth_over_decay(observed) - 1)
    trials = observed.trials["release"].stop - observed.trials["release"].start
    return np.asarray(1 - np.minimum(before * np.exp(2 * rate * trials), 1))
