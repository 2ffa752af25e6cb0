"""When copies of the fingertip part, and what holds their total; see docs/finger_theory.md.

Everything follows from quantities that are measured before the effect.

Touches are the first axis of what they differ in. A trial is the unit of time. `drive` is the current that a weight of
1 adds to a cell (touch, afferent), `slope` the spikes a trial that a unit of current adds in one member alone, while
the inhibition that all members share stays as it is.
"""

from typing import TypeAlias

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]

# 1. Copies part ------------------------------------------------------------------------------------------------------


def difference_matrix(
    drive: ArrayLike,
    change: ArrayLike,
    spikes: ArrayLike,
    share: ArrayLike,
    *,
    decay: float = 1.0,
    coincidence: ArrayLike = 0.0,
) -> Floats:
    """Return J of ``d difference/dt = learning_rate J difference`` under the Hebbian rule ``w += arbor x - decay w``.

    J = sum of share change drive^T + diag(coincidence) - decay mean(spikes). The group's own inhibition is the same
    for all members, so it is not in J, but it sets the slope and the spikes.

    Parameters
    ----------
    drive : array, (touch, afferent)
    change : array, (touch, afferent)
        What a unit of current in one member adds to the sum of ``arbor x - decay w`` over its spikes in a trial, at
        constant learning rate 1: `direction` times the slope, or as measured.
    spikes, share : array, (touch,)
        Spikes of a member in a trial, and how often the touch comes, with sum 1.
    coincidence : array, (afferent,)
        Learning from the spikes of the afferent that fire the cell at once, see `coincidence`.

    Returns
    -------
    array, (afferent, afferent), per trial
    """
    share = np.asarray(share, float)
    learned = np.einsum("t,ti,tj->ij", share, np.asarray(change, float), np.asarray(drive, float))
    one = np.eye(len(learned))
    fired = float(share @ np.asarray(spikes, float))
    return np.asarray(learned + one * np.asarray(coincidence, float) - decay * fired * one)


def direction(trace: ArrayLike, weights: ArrayLike, arbor: ArrayLike, decay: float = 1.0) -> Floats:
    """Return ``arbor x - decay w``, what one spike teaches, from the mean trace at a spike, (touch, afferent)."""
    return np.asarray(np.asarray(arbor, float) * np.asarray(trace, float) - decay * np.asarray(weights, float))


def coincidence(slope: ArrayLike, drive: ArrayLike, share: ArrayLike, arbor: ArrayLike, caught: float) -> Floats:
    """Return the diagonal of J by coincidences: each spike of an afferent raises its trace, and the cell's own firing.

    Parameters
    ----------
    caught : float
        Share of the trace of the spike that is left when the cell fires by it: 1 at once, 1/2 with a membrane as slow
        as the trace.
    """
    each = np.asarray(share, float)[:, None] * np.asarray(slope, float)[:, None] * np.asarray(drive, float)
    return np.asarray(caught * np.asarray(arbor, float) * each.sum(axis=0))


def parting_rate(matrix: ArrayLike, learning_rate: float) -> float:
    """Return the rate at which the fastest difference grows, per trial; below 0 copies come together."""
    return learning_rate * float(np.linalg.eigvals(np.asarray(matrix)).real.max())


def gain_to_part(overlap: ArrayLike) -> Floats:
    """Return the logarithmic gain, ``drive slope/spikes``, above which copies of a cell of two touches part.

    Both touches come as often and fire it as much; `overlap` is the cosine of their traces. Copies part at the rate
    ``learning_rate decay spikes (gain/gain_to_part - 1)``. A cell of one touch never parts: overlap 1.
    """
    overlap = np.asarray(overlap, float)
    return np.asarray((1 + overlap) / np.where(overlap < 1, 1 - overlap, np.nan))


def held_gain(gain: ArrayLike, fraction: ArrayLike) -> Floats:
    """Return the logarithmic gain of a cell whose inhibition was raised until it fires a fraction of what it did.

    A threshold-linear cell keeps its slope: gain/fraction; a hold of K copies has the fraction 1/K.
    """
    return np.asarray(np.asarray(gain, float) / np.asarray(fraction, float))


def differences(
    matrix: ArrayLike, noise: ArrayLike, start: ArrayLike, times: ArrayLike, learning_rate: float
) -> Floats:
    """Return how far copies have parted: the trace of the covariance of their weights, at even times from 0 on.

    Parameters
    ----------
    matrix, start : array, (afferent, afferent)
        J, and the covariance over members at time 0.
    noise : array, (afferent, afferent)
        Covariance over members of the sum of ``arbor x - decay w`` in a trial, mean over trials.
    times : array, (time,)
        In trials.
    """
    jacobian, step = learning_rate * np.asarray(matrix, float), float(np.diff(times)[0])
    n = len(jacobian)
    source = learning_rate**2 * np.asarray(noise, float)
    block = scipy.linalg.expm(np.block([[-jacobian, source], [np.zeros((n, n)), jacobian.T]]) * step)  # Van Loan 1978
    grow = block[n:, n:].T
    added = grow @ block[:n, n:]
    covariance, traces = np.asarray(start, float), []
    for _ in np.asarray(times):
        traces.append(np.trace(covariance))
        covariance = grow @ covariance @ grow.T + added
    return np.array(traces)


def time_to_part(rate: ArrayLike, noise: float, start: float, end: float) -> Floats:
    """Return the trials in which the variance along one direction grows from `start` to `end`.

    ``ln(1 + 2 rate (end - start)/(noise + 2 rate start))/(2 rate)``, infinite if it never comes there; `noise` is the
    variance added in a trial. Exact copies without noise never part.
    """
    rate = np.asarray(rate, float)
    flow = noise + 2 * rate * start
    with np.errstate(divide="ignore", invalid="ignore"):
        grown = np.where(rate == 0, np.nan, 2 * rate) * (end - start) / flow
        time = np.where(grown > -1, np.log1p(grown) / (2 * rate), np.inf)
        slow = (end - start) / noise if noise else np.inf
    return np.asarray(np.where(flow <= 0, np.inf, np.where(rate == 0, slow, time)))


def similarity(parted: ArrayLike, size: float, copies: int) -> Floats:
    """Return the mean cosine of the weights of members, from `differences` and the squared norm of their mean."""
    parted = np.asarray(parted, float)
    return np.asarray((size - parted / copies) / (size + parted * (copies - 1) / copies))


# 2. The total --------------------------------------------------------------------------------------------------------


def frozen_total_divided(copies: ArrayLike, feedback: ArrayLike) -> Floats:
    """Return the total of K copies over that of one, if frozen inhibition divides: the root x of c x^2 + x = K(1 + c).

    If it subtracts, see `cortex.analysis.totals.no_hold_total`.

    Parameters
    ----------
    feedback : array
        c > 0, measured before copying: 1 + c is what the cell fires without inhibition over what it fires with it.
    """
    copies, feedback = np.asarray(copies, float), np.asarray(feedback, float)
    return np.asarray((np.sqrt(1 + 4 * feedback * copies * (1 + feedback)) - 1) / (2 * feedback))


# 3. Parting by error -------------------------------------------------------------------------------------------------


def error_matrix(
    drive: ArrayLike, curvature: ArrayLike, error: ArrayLike, output: float, share: ArrayLike, arbor: ArrayLike
) -> Floats:
    """Return J of the difference of copies under ``dw = rate arbor a error s(w.x) x``: arbor E[a error s' x x^T].

    Minus the splitting matrix (Liu, Wu & Wang 2019, arXiv:1910.02366).

    Parameters
    ----------
    drive : array, (touch, afferent)
        Mean trace x in a trial.
    curvature, error, share : array, (touch,)
        s'(w.x), asked minus said, and how often the touch comes.
    output : float
        Readout weight a of a member.
    """
    x = np.asarray(drive, float)
    weight = output * np.prod(np.broadcast_arrays(curvature, error, share), axis=0)
    return np.asarray(np.asarray(arbor, float)[:, None] * (x.T * weight) @ x)


def largest_growth_by_error(before: ArrayLike, after: ArrayLike) -> Floats:
    """Return by what factor copies part while they learn one touch: s after learning over s before, at any rate."""
    return np.asarray(np.asarray(after, float) / np.asarray(before, float))


# 4. Pools that overlap -----------------------------------------------------------------------------------------------


def pools(groups: int, hear: int, reach: int, softness: float = 0.0) -> Floats:
    """Return the inhibition of a group by a spike of each, shape (group, group); a group's PV cells have shares, sum 1.

    Parameters
    ----------
    groups : int
        On a line.
    hear, reach : int
        Distance, in groups, from which PV cells hear and to which they inhibit.
    softness : float
        A PV cell at distance d hears and inhibits by exp(-softness d) of what it does in its own group.
    """
    distance = np.abs(np.subtract.outer(np.arange(groups), np.arange(groups)))
    outward, inward = (np.where(distance <= far, np.exp(-softness * distance), 0) for far in (reach, hear))
    return np.asarray(outward / outward.sum(axis=1, keepdims=True) @ inward)


def settled(drive: ArrayLike, strength: ArrayLike, weights: ArrayLike, steps: int = 2000) -> Floats:
    """Return the spikes of groups of threshold-linear cells whose inhibition is `weights` of all groups' spikes.

    ``spikes = max(drive - strength weights spikes, 0)``, followed to rest.

    Parameters
    ----------
    drive : array, (touch, group)
        Above threshold, without inhibition, summed over members.
    strength : array, (group,)
        Conductance of the hold on a group, in spikes taken per spike.
    weights : array, (group, group)
        As from `pools`.
    """
    drive, taken = np.asarray(drive, float), np.asarray(strength, float)[:, None] * np.asarray(weights, float)
    spikes, step = np.zeros_like(drive), 1 / (1 + np.abs(taken).sum(axis=1).max())
    for _ in range(steps):
        spikes = spikes + step * (np.maximum(drive - spikes @ taken.T, 0) - spikes)
    return spikes
