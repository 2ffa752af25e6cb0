"""The total activity of a group, measured and predicted: what the hold is about."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray


def total_ratio(group_counts: ArrayLike, reference_counts: ArrayLike, minimum: float) -> float:
    """Compare a group's spikes with those of the original alone: per stimulus, then averaged.

    Parameters
    ----------
    group_counts, reference_counts : array, (stimulus,) or (stimulus, repeat)
        Spikes of the whole group, and of the original cell alone before copying, to the same stimuli.
    minimum : float
        Mean reference count from which on a stimulus enters the average.

    Returns
    -------
    float
        1 for a perfect hold, the group's size for none; nan if no stimulus reaches the minimum.

    Notes
    -----
    The mean of a ratio of counts lies above the ratio of the means by a part of about 1 / (repeats x count),
    so ask for enough reference spikes per stimulus.
    """
    group, reference = _mean_over_repeats(group_counts), _mean_over_repeats(reference_counts)
    driven = reference >= minimum
    return float(np.mean(group[driven] / reference[driven])) if driven.any() else math.nan


def recovery(t: ArrayLike, total: ArrayLike, reference: float, silenced_at: float, within: float) -> float:
    """Say how much of a group's total is back after one of its members was silenced.

    Parameters
    ----------
    t : array, (sample,), s
        Times.
    total : array, (sample,)
        Total activity of the group at these times, in the unit of `reference`.
    reference : float
        Total before the silencing.
    silenced_at : float, s
        When the member fell silent.
    within : float, s
        Time allowed for the recovery; its last third is averaged.

    Returns
    -------
    float
    """
    t, total = np.asarray(t, dtype=float), np.asarray(total, dtype=float)
    late = (t >= silenced_at + within * 2 / 3) & (t < silenced_at + within)
    return float(total[late].mean() / reference)


def hold_total(members: int, t: ArrayLike, tau: float) -> NDArray[np.float64]:
    """Predict a group's total, relative to the original, after it has abruptly grown to K members.

    A pooled gain G with tau dG/dt = 1 - K G multiplies every member: K G = 1 + (K - 1) exp(-K t / tau).

    Parameters
    ----------
    members : int
        K, the original included.
    t : array, s
        Time since the copies appeared.
    tau : float, s
        Time constant of the gain.

    Returns
    -------
    array, shape of `t`
    """
    return 1 + (members - 1) * np.exp(-members * np.asarray(t, dtype=float) / tau)


def no_hold_total(members: int, strength: float) -> float:
    """Predict a group's total, relative to the original, under an inhibition that did not adapt to the copies.

    Each of K linear cells with drive h fires at h - c0 (total), so the total is K h / (1 + K c0), and the original
    alone had h / (1 + c0).

    Parameters
    ----------
    members : int
        K, the original included.
    strength : float, 1
        c0, the subtractive inhibition per unit of the total.

    Returns
    -------
    float
        K without inhibition, near 1 under a strong one.
    """
    return members * (1 + strength) / (1 + members * strength)


def _mean_over_repeats(counts: ArrayLike) -> NDArray[np.float64]:
    per_stimulus = np.atleast_2d(np.asarray(counts, dtype=float).T)
    return np.asarray(per_stimulus.mean(axis=0))
