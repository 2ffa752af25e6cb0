"""Whether recruited cells are copies: of their own teacher, not of what any cell in their place would learn."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cortex.analysis.ratios import mean
from cortex.analysis.similarity import cosine
from cortex.engine.recording import Recording
from models.finger_area.anatomy import Anatomy, reached
from models.finger_area.parameters import FingerParameters
from models.finger_area.protocol import layout

RECRUITED = 0.5
"""Maturity from which on an idle cell counts as recruited."""

EQUALLY_NEAR = 0.06
"""Largest difference of two distances that count as equal, mm: the lattice of the cells is 0.045 mm wide."""

FEWEST_SHARED = 6
"""Afferents that two cells share, at least, if their weights are compared."""

FEWEST_COPIES = 12
"""Copies whose field centres are correlated, at least: six numbers are fitted to their places."""


@dataclass(frozen=True)
class Copies:
    """The recruited cells of the local group at the end of training, and the teacher of each."""

    p: FingerParameters
    run: Recording

    @cached_property
    def established(self) -> np.ndarray:
        """Which cells responded from the beginning, shape (cell,)."""
        return np.asarray(self.run["cells.maturity"][0] == 1)

    @cached_property
    def teachers(self) -> np.ndarray:
        """The teacher of each idle cell: the established cell of the largest affinity; -1 for none, shape (cell,)."""
        source, target, affinity = (self.run[f"lateral.{name}"] for name in ("source", "target", "affinity"))
        rising = np.argsort(affinity, kind="stable")
        rising = rising[affinity[rising] > 0]
        teachers = np.full(len(self.established), -1)
        teachers[target[rising]] = source[rising]  # the last, and largest, stays
        return teachers

    @cached_property
    def recruited(self) -> np.ndarray:
        """Idle cells that have matured by the end of training, shape (copy,)."""
        mature = self.run["cells.maturity"][self._sample("cells", "release")] > RECRUITED
        return np.flatnonzero(mature & ~self.established & reached(self.p) & (self.teachers >= 0))

    def weights(self, before: str) -> np.ndarray:
        """Return the afferent weights before a phase, shape (cell, afferent)."""
        anatomy = Anatomy(self.p)
        afferent, cell = anatomy.fixed["afferent"]
        weights = np.zeros((len(anatomy.pyramidal), len(anatomy.afferents)))
        weights[cell, afferent] = self.run["weights.w"][self._sample("weights", before)]
        return weights

    def _sample(self, monitor: str, before: str) -> int:
        start, _ = layout(self.p).interval(before)
        return max(int(np.searchsorted(self.run[f"{monitor}.t"], start)) - 1, 0)

    @cached_property
    def trained(self) -> np.ndarray:
        """Weights at the end of training."""
        return self.weights("release")

    def weight_advantage(self) -> float:
        """Return how much more alike a copy's weights are to its teacher's than to those of equally near cells.

        The cosine is taken over the afferents that reach both cells. The other cells are established, as far from the
        copy as its teacher, and do not reach it: what place, arbors and the common stimulus make alike cancels. nan
        without copies.
        """
        copies, others = self.recruited, np.flatnonzero(self.established)
        alike = cosine_over_shared(self.trained, Anatomy(self.p).fixed["afferent"], copies, others)
        places = Anatomy(self.p).pyramidal
        distance = np.linalg.norm(places[copies][:, None] - places[others], axis=2)
        own = np.searchsorted(others, self.teachers[copies])
        rows = np.arange(len(copies))
        reaching = np.zeros((len(self.established), len(self.established)), bool)
        reaching[self.run["lateral.target"], self.run["lateral.source"]] = True
        equal = (np.abs(distance - distance[rows, own][:, None]) < EQUALLY_NEAR) & ~reaching[np.ix_(copies, others)]
        counted = equal & np.isfinite(alike)
        compared = counted.any(axis=1) & np.isfinite(alike[rows, own])
        rest = np.where(counted, alike, 0).sum(axis=1)[compared] / counted.sum(axis=1)[compared]
        return mean(alike[rows, own][compared] - rest)

    def field_centre_correlation(self) -> float:
        """Return how far the centre of a copy's field follows its teacher's, beyond what its own place makes of both.

        Centres are those of the weights, in cortex. Of both a polynomial of second degree in the copy's own place is
        taken off; what is left is correlated over copies and both axes. nan with few copies.
        """
        size = self.trained.sum(axis=1)
        copies = self.recruited[(size[self.recruited] > 0) & (size[self.teachers[self.recruited]] > 0)]
        if len(copies) < FEWEST_COPIES:
            return float("nan")
        anatomy = Anatomy(self.p)
        x, y = anatomy.pyramidal[copies].T
        place = np.stack([np.ones_like(x), x, y, x**2, x * y, y**2], axis=1)
        left = []
        for cells in (copies, self.teachers[copies]):
            centre = self.trained[cells] @ anatomy.afferents / size[cells][:, None]
            left.append(centre - place @ np.linalg.lstsq(place, centre, rcond=None)[0])
        return float(cosine(*(rest.ravel() for rest in left)))

    def teacher_kept(self) -> float:
        """Return the mean cosine of the weights of established cells after and before training."""
        cells = self.established & reached(self.p)
        alike = cosine(self.weights("train")[cells], self.trained[cells])
        return mean(alike[np.isfinite(alike)])


def cosine_over_shared(weights: np.ndarray, contacts: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the cosine of the weights of two sets of cells, each pair over the afferents that reach both.

    Parameters
    ----------
    weights : array, shape (cell, afferent)
        0 where there is no contact.
    contacts : array of int, shape (2, contact)
        Afferents and cells that they reach.
    one, other : array of int, shape (n,) and (m,)

    Returns
    -------
    array, shape (n, m)
        nan for a pair that shares few afferents, or has no weight on them.
    """
    reach = np.zeros(weights.shape)
    reach[contacts[1], contacts[0]] = 1
    sizes = (weights[one] ** 2 @ reach[other].T) * (reach[one] @ (weights[other] ** 2).T)
    comparable = (reach[one] @ reach[other].T >= FEWEST_SHARED) & (sizes > 0)
    return np.where(comparable, weights[one] @ weights[other].T / np.sqrt(np.where(comparable, sizes, 1)), np.nan)
