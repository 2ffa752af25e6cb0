"""The total activity of a group: what the hold is about."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cortex.analysis.ratios import mean, quotient


def total_ratios(group_counts: ArrayLike, reference_counts: ArrayLike, minimum: float) -> NDArray[np.float64]:
    """Compare a group's spikes with those of the target alone, stimulus by stimulus.

    Parameters
    ----------
    group_counts, reference_counts : array, (stimulus, repeat)
        Spikes of the whole group, and of the target alone before copying, to the same stimuli.
    minimum : float
        Mean reference count from which on a stimulus is compared.

    Returns
    -------
    array, (compared stimulus,)
        1 for a perfect hold, the group's size for none.

    Notes
    -----
    The mean of a ratio of counts lies above the ratio of the means by a part of about 1 / (repeats x count),
    so ask for enough reference spikes per stimulus.
    """
    group, reference = (np.asarray(counts, dtype=float).mean(axis=1) for counts in (group_counts, reference_counts))
    driven = reference >= minimum
    return np.asarray(group[driven] / reference[driven])


def recovery(t: ArrayLike, total: ArrayLike, reference: float, silenced_at: float, within: float) -> float:
    """Return how much of a group's total is back after one of its members was silenced.

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
        As a share of the reference; nan if there was none, or no sample lies in the time allowed.
    """
    t, total = np.asarray(t, dtype=float), np.asarray(total, dtype=float)
    late = (t >= silenced_at + within * 2 / 3) & (t < silenced_at + within)
    return quotient(mean(total[late]), reference)


def no_hold_total(members: int, strength: float) -> float:
    """Predict a group's total, relative to the target, under an inhibition that did not adapt to the copies.

    Each of K linear cells with drive h fires at h - c0 (total), so the total is K h / (1 + K c0), and the target
    alone had h / (1 + c0).

    Parameters
    ----------
    members : int
        K, the target included.
    strength : float, 1
        c0, the subtractive inhibition per unit of the total.

    Returns
    -------
    float
        K without inhibition, near 1 under a strong one.
    """
    return members * (1 + strength) / (1 + members * strength)


def variation_ratio(counts: ArrayLike) -> float:
    """Return the coefficient of variation of a group's spike count over that of its members.

    The mean over members is weighted by their spikes, so the ratio is the spread of the sum over the sum of spreads:
    ``sqrt((1 + (K - 1) c)/K)`` for K members that are alike and whose counts have the correlation c.

    Parameters
    ----------
    counts : array, (repeat, member)
        Spikes of each member at each repeat of a stimulus.

    Returns
    -------
    float
        nan if no count varies.
    """
    counts = np.asarray(counts, dtype=float)
    return quotient(float(counts.sum(axis=1).std()), float(counts.std(axis=0).sum()))


EXPONENTS = np.linspace(1, 3.5, 26)
"""Of a normalization equation; those of data lie in this range (Carandini & Heeger 2012, recalled)."""

HALVES = np.geomspace(0.01, 10, 121)
"""Drives at which half of the gain is reached, relative to the largest."""


def normalization_fit(drive: ArrayLike, response: ArrayLike) -> float:
    """Return R^2 of ``response = gain*drive^n/(half^n + drive^n)`` with the best `gain`, `half` and n.

    The equation is that of Carandini & Heeger 2012, doi:10.1038/nrn3136, for a pool that hears the same drive.

    Parameters
    ----------
    drive : array, (stimulus,)
        What the afferents bring, 0 or above.
    response : array, (stimulus,)
        The total of the group.

    Returns
    -------
    float
        nan if there is no drive, or the response does not vary.
    """
    drive, response = np.asarray(drive, dtype=float), np.asarray(response, dtype=float)
    if not drive.any():
        return float("nan")
    powers = (drive / drive.max()) ** EXPONENTS[:, None]
    shape = powers / (powers + HALVES[:, None, None] ** EXPONENTS[:, None])
    gain = shape @ response / (shape**2).sum(axis=-1)
    rest = ((response - gain[..., None] * shape) ** 2).sum(axis=-1).min()
    return 1 - quotient(float(rest), float(((response - response.mean()) ** 2).sum()))
