"""How fast a copy forms and how faithful it can be, measured and predicted."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cortex.analysis.similarity import cosine

SPANS = (1e-6, 1e4)
"""Shortest and longest time constant that is tried, in units of the time that the samples span."""

STEPS = 41
"""How many are tried at a time, at even steps of their logarithm."""


def time_constant(t: ArrayLike, distance: ArrayLike) -> tuple[float, float]:
    """Fit an exponential approach, distance = offset + amplitude exp(-t / tau), by least squares.

    Offset and amplitude are found for each tau that is tried (Golub & Pereyra 1973, SIAM J Numer Anal 10:413,
    doi:10.1137/0710036).

    Parameters
    ----------
    t : array, (sample,), s
        Rising times; only differences count.
    distance : array, (sample,)
        Distance between copy and target, in any unit.

    Returns
    -------
    tau, standard_error : float, s
        Both nan if there are fewer than four samples, the distance never changes, is not finite, or no exponential
        fits better than a straight line. The error takes the residuals for independent: it is too small for the slow
        fluctuations of a single learning curve, so compare seeds for an honest interval.
    """
    t, distance = np.asarray(t, dtype=float), np.asarray(distance, dtype=float)
    if len(t) < 4:
        return math.nan, math.nan
    span, size = t[-1] - t[0], np.ptp(distance)
    if size == 0 or not np.isfinite(size):
        return math.nan, math.nan

    # For each tau, offset and amplitude are a linear fit; so only tau is searched, in ever narrower ranges.
    elapsed, height = (t - t[0]) / span, (distance - distance.mean()) / size
    low, high = np.log(SPANS)
    for look in range(8):
        logarithms = np.linspace(low, high, STEPS)
        tau = np.exp(logarithms)
        decay = np.exp(-elapsed[:, None] / tau)
        decay -= decay.mean(axis=0)
        amplitude = height @ decay / (decay**2).sum(axis=0)
        misfit = ((height[:, None] - amplitude * decay) ** 2).sum(axis=0)
        best = int(np.argmin(misfit))
        if look == 0 and best in (0, STEPS - 1):
            return math.nan, math.nan
        low, high = logarithms[max(best - 1, 0)], logarithms[min(best + 1, STEPS - 1)]
    slopes = _slopes(elapsed, amplitude[best], tau[best])
    covariance = np.linalg.pinv(slopes.T @ slopes) * misfit[best] / (len(t) - 3)
    return float(tau[best] * span), float(np.sqrt(covariance[2, 2]) * span)


def predicted_cosine(w: ArrayLike, C: ArrayLike) -> float:
    """Predict how faithful a Hebbian copy of a linear target is.

    Plain Hebb copies C w, not w: the cosine between the two is w'Cw / (|w| |Cw|). It is 1 for whitened input and
    at worst 2 sqrt(k) / (1 + k), with k the condition number of C.

    Parameters
    ----------
    w : array, (afferent,)
        Weights of the target.
    C : array, (afferent, afferent)
        Second moment E[x x'] of the input.

    Returns
    -------
    float
    """
    w = np.asarray(w, dtype=float)
    return float(cosine(w, np.asarray(C, dtype=float) @ w))


def _slopes(t: NDArray[np.float64], amplitude: float, tau: float) -> NDArray[np.float64]:
    """Return how an exponential changes with its offset, its amplitude and its time constant, (sample, 3)."""
    decay = np.exp(-t / tau)
    return np.column_stack([np.ones_like(t), decay, amplitude * decay * t / tau**2])
