"""Where afferents and cells lie, and which cells touch which."""

import numpy as np

from cortex.mechanisms.wiring import Contacts, Wiring
from models.fingertip.parameters import FingertipParameters
from models.learner.tasks import SITES

THINNEST = 0.005
"""Density of an arbor, 1 in its middle, below which it has no contacts."""


def places(p: FingertipParameters) -> np.ndarray:
    """Return the places of the afferents, mm from the tip."""
    return (np.arange(p.skin.number) + 0.5) * p.skin.length / p.skin.number


def sites(p: FingertipParameters) -> np.ndarray:
    """Return the places of the sites that a touch presses, mm from the tip."""
    return (np.arange(SITES) + 0.5) * p.skin.tip / SITES


def offsets(p: FingertipParameters) -> np.ndarray:
    """Return how far the places of a site are from its middle, mm, shape (place,)."""
    n = p.places_of_site
    return (np.arange(n) - (n - 1) / 2) * p.skin.tip / SITES / n


def centres(p: FingertipParameters, each: bool = False) -> np.ndarray:
    """Return the middle of each cell's arbor, mm, shape (cell,): that of its group, or if `each`, one of its own."""
    k = p.group.copies

    def evenly(groups: int, start: float, stop: float) -> np.ndarray:
        points = groups * k if each else groups
        middle = start + (stop - start) * (np.arange(points) + 0.5) / points
        return middle if each else np.repeat(middle, k)

    return np.concatenate([evenly(p.group.tip, 0, p.skin.tip), evenly(p.group.other, p.skin.tip, p.skin.length)])


def arbors(p: FingertipParameters, middle: np.ndarray) -> np.ndarray:
    """Return the density of contacts with each afferent, shape (afferent, cell)."""
    distance = places(p)[:, None] - middle
    return np.asarray(np.exp(-((distance / p.skin.arbor_width) ** 4) / 2))


def wiring(p: FingertipParameters) -> Wiring:
    """Connect the cells of each group with its PV cells, and each idle cell with its teacher."""
    k, v = p.group.copies, p.group.pv_cells
    group, pv_group = np.arange(p.cells) // k, np.arange(p.groups * v) // v
    reached = arbors(p, centres(p)) > THINNEST
    idle = np.flatnonzero(np.arange(p.cells) % k)
    parent = p.parents[idle]
    teacher = np.where(idle < p.tip_cells, (parent + p.group.teacher_distance * k) % p.tip_cells, parent)

    def pairs(together: np.ndarray) -> Contacts:
        return np.stack(np.nonzero(together))

    near = distances(p)[np.ix_(group, pv_group)] <= p.pool_reach
    return Wiring(
        afferent=pairs(reached),
        lateral=np.stack([teacher, idle]),
        recurrent=pairs(near),
        feedforward=pairs(reached[:, pv_group * k]),
        inhibition=pairs(near.T),
    )


def distances(p: FingertipParameters) -> np.ndarray:
    """Return how many groups on each group is from each, infinite if on other skin, shape (group, group)."""
    group = np.arange(p.groups)
    far = np.abs(np.subtract.outer(group, group)).astype(float)
    far[np.not_equal.outer(group < p.group.tip, group < p.group.tip)] = np.inf
    return far
