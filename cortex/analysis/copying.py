"""How fast a copy forms and how faithful it can be, measured and predicted."""

import math

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from cortex.analysis.similarity import cosine


def time_constant(t: ArrayLike, distance: ArrayLike) -> tuple[float, float]:
    """Fit an exponential approach, distance = offset + amplitude exp(-t / tau), by least squares.

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
        fits. The error takes the residuals for
        independent: it is too small for the slow fluctuations of a single learning curve, so compare seeds for an
        honest interval.
    """
    t, distance = np.asarray(t, dtype=float), np.asarray(distance, dtype=float)
    if len(t) < 4:
        return math.nan, math.nan
    span, size = t[-1] - t[0], np.ptp(distance)
    if size == 0 or not np.isfinite(size):
        return math.nan, math.nan

    # Both axes are brought to order one: weights in siemens would otherwise lie below the solver's tolerance.
    elapsed, height = (t - t[0]) / span, (distance - distance[-1]) / size
    amplitude = height[0]
    tau = np.trapezoid(height, elapsed) / amplitude if amplitude else 1.0
    start = (0.0, amplitude, np.clip(tau, elapsed[1], 1.0))
    try:
        best, covariance = scipy.optimize.curve_fit(
            _decay, elapsed, height, start, bounds=((-np.inf, -np.inf, 1e-6), np.inf)
        )
    except RuntimeError:  # no fit
        return math.nan, math.nan
    return float(best[2] * span), float(np.sqrt(covariance[2, 2]) * span)


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


def _decay(t: NDArray[np.float64], offset: float, amplitude: float, tau: float) -> NDArray[np.float64]:
    return offset + amplitude * np.exp(-t / tau)
