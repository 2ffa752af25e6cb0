"""How fast readout and afferents of the fingertip learn; see docs/finger_theory.md.

Touches, or trials, are the first axis of what they differ in; rates are per trial.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]


def afferent_speed(
    drive: ArrayLike,
    slope: ArrayLike,
    sensitivity: ArrayLike,
    outputs: ArrayLike,
    share: ArrayLike,
    arbor: ArrayLike = 1.0,
) -> Floats:
    """Return the rates, per learning rate and trial, at which errors decay by ``dw = rate arbor a error s x``, sorted.

    Eigenvalues of the matrix (touch, touch) by which errors at one touch change the answer to another.

    Parameters
    ----------
    drive : array, (touch, afferent)
        Mean trace x in a trial.
    slope, sensitivity : array, (group, touch)
        R'(h) of the total of a group, and s(h) of its members, measured open-loop at h = w.x.
    outputs : array, (group,)
        Readout weight a.
    arbor : array, (group, afferent), or 1
        How dense the contacts are.
    """
    x, a = np.asarray(drive, float), np.asarray(outputs, float)
    near = np.broadcast_to(np.asarray(arbor, float), (len(a), x.shape[1]))
    overlap = np.einsum("ti,gi,si->gts", x, near, x)
    heard = np.asarray(slope, float)[:, :, None] * np.asarray(sensitivity, float)[:, None, :] * overlap
    return np.sort(np.linalg.eigvals(np.tensordot(a**2, heard, axes=1) * np.asarray(share, float)).real)[::-1]


def speed_ratio(slope: ArrayLike, sensitivity: ArrayLike, slope_of: ArrayLike, sensitivity_of: ArrayLike) -> float:
    """Return how much faster one arm learns than another at the same rate, from R' and s of both, mean over touches."""
    return float(np.sum(np.multiply(slope, sensitivity)) / np.sum(np.multiply(slope_of, sensitivity_of)))


def exponent(ratio: ArrayLike, copies: ArrayLike) -> Floats:
    """Return p of ``speed with hold/speed without = K^-p``: 1 with PV on the soma, above with PV on the dendrite."""
    return np.asarray(-np.log(ratio) / np.log(copies))


def readout_error(counts: ArrayLike, answers: ArrayLike, rate: float, trials: int, bias: float = 0.0) -> Floats:
    """Return the mean squared error of the delta rule after 0 .. trials - 1 trials, from outputs that are 0.

    Mean weights of LMS: ``1 - (1 - rate H)^n`` of the best, H the correlation of counts.

    Parameters
    ----------
    counts, answers : array, (trial, cell) and (trial,)
    bias : float
        Learning rate of a bias over that of the weights; 0 without one.
    """
    x, answers = _inputs(counts, bias), np.asarray(answers, float)
    values, vectors = np.linalg.eigh(x.T @ x / len(x))
    joint = vectors.T @ (x.T @ answers) / len(x)
    left = (1 - rate * values) ** np.arange(trials)[:, None]
    gained = np.where(values > 1e-12, joint**2 / np.maximum(values, 1e-12), 0) * (1 - left**2)
    return np.asarray((answers**2).mean() - gained.sum(axis=1))


def largest_rate(counts: ArrayLike, bias: float = 0.0) -> float:
    """Return 2/lambda_max of the count correlation, above which the mean weights of the delta rule diverge."""
    x = _inputs(counts, bias)
    return 2 / float(np.linalg.eigvalsh(x.T @ x / len(x))[-1])


def largest_online_rate(counts: ArrayLike, bias: float = 0.0) -> float:
    """Return the rate above which the variance of the weights diverges, if touches are drawn at random.

    It is 1 over the largest eigenvalue of ``(H x 1 + 1 x H)^-1 E[x x^T x x^T]`` on covariances, at most 2/lambda_max.
    """
    x = _inputs(counts, bias)
    values, vectors = np.linalg.eigh(x.T @ x / len(x))
    kept = values > 1e-9 * values[-1]
    x, sums = x @ vectors[:, kept], np.add.outer(values[kept], values[kept])
    covariance, growth = np.eye(len(sums)), 0.0
    for _ in range(500):
        noise = (x * np.einsum("ti,ij,tj->t", x, covariance, x)[:, None]).T @ x / len(x) / sums
        last, growth = growth, float(np.linalg.norm(noise))
        covariance = noise / growth
        if abs(growth - last) < 1e-10 * growth:
            break
    return 1 / growth


def _inputs(counts: ArrayLike, bias: float) -> Floats:
    """Return counts and, scaled by its rate, the input of a bias, shape (trial, input)."""
    x = np.asarray(counts, float)
    return np.column_stack([x, np.full(len(x), np.sqrt(bias))]) if bias else x
