"""Which differences overlapping pools of PV cells leave to groups and to their members; see docs/finger_theory.md.

Groups are threshold-linear in their drive, and inhibition subtracts: a group fires what its drive is above threshold,
less strength times what its pools hear. `felt` says how its pools see a pattern of activity over the groups.
"""

from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import numpy as np
from brian2.units import nS
from numpy.typing import ArrayLike, NDArray

from models.fingertip.anatomy import THINNEST, arbors, centres, offsets, places, sites
from models.fingertip.pools import PoolParameters, reaching
from models.fingertip.theory import difference_matrix, direction, settled
from models.learner.tasks import PATTERNS, SITES

Floats: TypeAlias = NDArray[np.float64]

GROWN = 1.4
"""Growth, in e-folds, in which the difference of copies comes to show: 1 - similarity from .003 to .05, at twice it."""


def felt(heard: ArrayLike, shares: ArrayLike) -> Floats:
    """Return the inhibition of each group by a spike of each, shape (group, group).

    Parameters
    ----------
    heard : array, (pool, group)
        How strongly a pool hears a spike of a group.
    shares : array, (group, pool)
        Share of each pool in the inhibition of a group, sum 1.
    """
    return np.asarray(np.asarray(shares, float) @ np.asarray(heard, float))


def blindness(inhibition: ArrayLike) -> float:
    """Return how much more pools feel of activity that groups have in common than of the difference they feel least.

    The smallest over the largest eigenvalue of `felt`: 1 where each group has a pool of its own, 0 where some
    difference between groups is not felt at all, as of flat pools with sharp edges.
    """
    eigenvalues = np.linalg.eigvals(np.asarray(inhibition, float)).real
    return float(eigenvalues.min() / eigenvalues.max())


def member_gain(strength: ArrayLike, copies: ArrayLike) -> Floats:
    """Return the gain of a difference between members of a held group: no pool feels it. ``K(1 + c)``.

    Parameters
    ----------
    strength : array
        c: what groups fire without inhibition over what they fire with it before copying, less 1.
    """
    return np.multiply(copies, 1 + np.asarray(strength, float))


def group_gain(strength: ArrayLike, copies: ArrayLike, least_felt: ArrayLike) -> Floats:
    """Return the gain of the difference between groups that pools feel least, at their `blindness`.

    ``K(1 + c)/(1 + least_felt (K(1 + c) - 1))``: 1 if all differences are felt, that of members if one is not felt.
    """
    whole = member_gain(strength, copies)
    return np.asarray(whole / (1 + np.asarray(least_felt, float) * (whole - 1)))
