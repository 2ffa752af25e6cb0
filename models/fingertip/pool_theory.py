"""What overlapping pools of PV cells leave to groups and to their members; see docs/finger_theory.md, section 6."""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]


def least_felt(inhibition: ArrayLike) -> float:
    """Return how pools feel the difference between groups that they feel least, over what groups have in common.

    The smallest over the largest eigenvalue of `models.fingertip.theory.pools`. 1: each group has a pool of its own;
    0: some difference between groups is not felt at all, and grows as that between the members of a group does.
    """
    eigenvalues = np.linalg.eigvals(np.asarray(inhibition, float)).real
    return float(eigenvalues.min() / eigenvalues.max())


def group_gain(gain: ArrayLike, felt: ArrayLike) -> Floats:
    """Return the gain of a difference between groups of which pools feel a part `felt`: ``gain/(1 + felt (gain - 1))``.

    Parameters
    ----------
    gain : array
        That of a difference between the members of a group, which no pool feels: ``K(1 + c)``.
    """
    gain = np.asarray(gain, float)
    return np.asarray(gain / (1 + np.asarray(felt, float) * (gain - 1)))


def weaker_answer(strength: ArrayLike, own: float, beside: float, beyond: float) -> Floats:
    """Return the drive from which a group answers to the site beside its own, over that of the groups of that site.

    Two groups lie at each site. Those of the site fire n, ``n (1 + s (own + beside)) = h``; the nearest group of the
    next site feels ``s n (beside + beyond)``.

    Parameters
    ----------
    strength : array
        s, spikes taken per spike.
    own, beside, beyond : float
        Inhibition of a group by its own spikes, and by those of groups 1 and 2 away.
    """
    s = np.asarray(strength, float)
    return np.asarray(s * (beside + beyond) / (1 + s * (own + beside)))


def parting_ratio(traces: ArrayLike, spikes: ArrayLike, arbor: ArrayLike, gain: float) -> float:
    """Return by how much the fastest difference between members grows over what it forgets; they part above 1.

    The gain times the second over the first eigenvalue of the second moment of the traces at a spike: for two touches
    to which the group answers alike, ``(1 - k)/(1 + k)`` with the cosine k of their traces.

    Parameters
    ----------
    traces : array, (touch, afferent)
        Mean trace of each afferent during the touch.
    spikes : array, (touch,)
        Of the group.
    arbor : array, (afferent,)
        Density of the contacts with each afferent.
    gain : float
        Logarithmic gain of a member at unchanged inhibition.

    Returns
    -------
    float
        0 for a group that does not fire.
    """
    reached = np.asarray(traces, float) * np.sqrt(np.asarray(arbor, float))
    moment = reached.T @ (reached * np.asarray(spikes, float)[:, None])
    second, first = np.linalg.eigvalsh(moment)[-2:]
    return float(gain * second / first) if first > 0 else 0.0
