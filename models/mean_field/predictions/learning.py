"""How fast a group learns, at which rates it can, and what noise leaves.

Most of it depends on one number, the step m = rate K G^p by which a trial corrects the answer to its own input.
"""

import math

import numpy as np
import scipy
from numpy.typing import ArrayLike

from cortex.analysis.learning import trials_to_criterion
from models.mean_field.group import Array


def speed(copies: int, gain: float, p: int) -> float:
    """Return the learning speed of K equal cells relative to a single one at the same rate, K G^p."""
    return copies * gain**p


def on_off_ratio(copies: int, p: int) -> float:
    """Return the learning speed with the hold (G = 1/K) relative to that without (G = 1), K^-p."""
    return float(copies) ** -p


def largest_stable_rate(copies: int, gain: float, p: int, largest_mode: float) -> float:
    """Return the learning rate at which learning by batches begins to diverge, 2 / (G^p K lambda).

    Parameters
    ----------
    largest_mode : float
        Largest eigenvalue of C = E[x x^T]; of E[f'^2 x x^T] close to the goal of cells that are not linear.
    """
    return 2 / (speed(copies, gain, p) * largest_mode)


def noise_variance(
    copies: int, gain: float, output_noise: float, private_noise: float, correlation: float = 0.0
) -> float:
    """Return the variance of the noise in a group's error, s_0^2 + G^2 K s_x^2 (1 + (K - 1) rho).

    Parameters
    ----------
    output_noise, private_noise : float
        Standard deviations s_0 of the error and s_x of a cell's rate before the gain.
    correlation : float
        rho, of the private noise of two copies.

    Returns
    -------
    float
        With the hold, G = 1/K: s_0^2 + s_x^2 (1 + (K - 1) rho) / K.
    """
    return output_noise**2 + gain**2 * copies * private_noise**2 * (1 + (copies - 1) * correlation)


def misadjustment(modes: ArrayLike, step: ArrayLike) -> Array:
    """Return the misadjustment sum_i m l_i / (2 (1 - m l_i)) of learning online, which is stable below 1.

    Source: Feuer & Weinstein 1985, doi:10.1109/TASSP.1985.1164493, for Gaussian inputs.

    Parameters
    ----------
    modes : array, (mode,)
        Eigenvalues l_i of C = E[x x^T].
    step : array, (...)
        m = rate K G^p, below 1 / max l_i.

    Returns
    -------
    array, (...)
    """
    relative = np.multiply.outer(np.asarray(step, dtype=float), np.asarray(modes, dtype=float))
    sum_over_modes: Array = (relative / (2 * (1 - relative))).sum(axis=-1)
    return sum_over_modes


def largest_online_step(modes: ArrayLike) -> float:
    """Return the step at which learning online from Gaussian inputs begins to diverge; 2 / (d + 2) for d modes of 1.

    Parameters
    ----------
    modes : array, (mode,)
        Eigenvalues of C = E[x x^T].

    Returns
    -------
    float
        The step m = rate K G^p.
    """
    return _step_of_misadjustment(modes, 1.0)


def noise_floor(modes: ArrayLike, step: float, noise: float, weight_noise: float = 0.0) -> float:
    """Return the excess error E[(y - y*)^2] at which learning online from Gaussian inputs stays.

    For d modes of 1 it is (m^2 d v + d q) / (2 m - m^2 (d + 2)); otherwise the fixed point of `learning_curve`.

    Parameters
    ----------
    modes : array, (mode,)
        Eigenvalues of C = E[x x^T].
    step : float
        m = rate K G^p.
    noise : float
        Variance v of the noise in the error, of `noise_variance`.
    weight_noise : float
        q, variance that a trial adds to each effective weight G sum_k w_k: G^2 K times that of a synapse.

    Returns
    -------
    float
        nan if learning is not stable.
    """
    modes = np.asarray(modes, dtype=float)
    if not 0 < step < largest_online_step(modes):
        return math.nan
    shaken = weight_noise * (1 / (2 * step * (1 - step * modes))).sum()
    ratio = misadjustment(modes, step)
    return float((ratio * noise + shaken) / (1 - ratio))


def step_at_floor(modes: ArrayLike, noise: float, floor: float) -> float:
    """Return the step m = rate K G^p with which learning online stays at a given excess error.

    The speed-up at equal error that a smaller noise allows is the ratio of two such steps. For d modes of 1 the step
    is 2 F / (d v + F (d + 2)).

    Parameters
    ----------
    modes : array, (mode,)
        Eigenvalues of C = E[x x^T].
    noise : float
        Variance v of the noise in the error.
    floor : float
        Excess error F.
    """
    return _step_of_misadjustment(modes, floor / (floor + noise))


def learning_curve(modes: ArrayLike, weight_error: ArrayLike, step: ArrayLike, noise: float, trials: int) -> Array:
    """Return the expected course of learning online from Gaussian inputs, exact to second moments.

    The squared weight error p_i along each eigenvector of C follows
    p_i' = p_i (1 - 2 m l_i + 2 m^2 l_i^2) + m^2 l_i (sum_j l_j p_j + v)
    (Feuer & Weinstein 1985, doi:10.1109/TASSP.1985.1164493).

    Parameters
    ----------
    modes : array, (mode,)
        Eigenvalues l_i of C = E[x x^T].
    weight_error : array, (mode,)
        Expected square of the initial weight error along each eigenvector.
    step : array, (...)
        m = rate K G^p.
    noise : float
        Variance v of the noise in the error.
    trials : int

    Returns
    -------
    array, (trial + 1, ...)
        Excess error sum_i l_i p_i, before the first trial and after each.
    """
    modes, step = np.asarray(modes, dtype=float), np.asarray(step, dtype=float)[..., None]
    kept, shared = 1 - 2 * step * modes + 2 * (step * modes) ** 2, step**2 * modes
    squares = np.broadcast_to(np.asarray(weight_error, dtype=float), kept.shape)
    curve = [(squares * modes).sum(axis=-1)]
    for _ in range(trials):
        squares = squares * kept + shared * (curve[-1][..., None] + noise)
        curve.append((squares * modes).sum(axis=-1))
    return np.array(curve)


def best_step(
    modes: ArrayLike, weight_error: ArrayLike, noise: float, criterion: float, trials: int
) -> tuple[float, float]:
    """Return the step with the fewest trials to the criterion, of 200 up to the largest stable one, and their number.

    Parameters
    ----------
    modes, weight_error, noise
        As for `learning_curve`.
    criterion : float
        Excess error to be reached.
    trials : int
        Number after which learning is given up.

    Returns
    -------
    step : float
        m = rate K G^p, so that the best learning rate is m / `speed`; nan if no step gets there.
    trials : float
    """
    steps = largest_online_step(modes) * np.geomspace(1e-3, 1, 200, endpoint=False)
    curves = learning_curve(modes, weight_error, steps, noise, trials).T
    needed = np.array(
        [trials_to_criterion(curve, criterion, 1) - 1 for curve in curves]
    )  # the first is before learning
    if np.isnan(needed).all():
        return math.nan, math.nan
    best = int(np.nanargmin(needed))
    return float(steps[best]), float(needed[best])


def _step_of_misadjustment(modes: ArrayLike, value: float) -> float:
    """Find the step of a misadjustment, which rises from 0 to infinity at 1 / max l_i."""
    modes = np.asarray(modes, dtype=float)
    return float(scipy.optimize.brentq(lambda step: misadjustment(modes, step) - value, 0, (1 - 1e-12) / modes.max()))
