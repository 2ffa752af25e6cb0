"""How copies form, and how a pooled gain holds their total."""

import numpy as np
from numpy.typing import ArrayLike

from models.mean_field.group import Array


def second_moment(x: ArrayLike, weight: ArrayLike | None = None, scale: ArrayLike = 1.0) -> Array:
    """Average scale x x^T over inputs.

    Parameters
    ----------
    x : array, (input, afferent)
    weight : array, (input,), optional
        How often each input comes, with sum 1; by default all come equally often.
    scale : array, (input,)
        For example the slope f'(w_1.x) of the f-I curve at the target's drive.

    Returns
    -------
    array, (afferent, afferent)
    """
    x = np.asarray(x, dtype=float)
    weight = np.full(len(x), 1 / len(x)) if weight is None else np.asarray(weight)
    moment: Array = (x * (weight * scale)[:, None]).T @ x
    return moment


def copy_rates(sloped_moment: ArrayLike, tau: float) -> Array:
    """Return the rates at which the modes of a copy approach the target by an error rule.

    Parameters
    ----------
    sloped_moment : array, (afferent, afferent)
        E[f'(w_1.x) x x^T], of `second_moment`.
    tau : float, s
        Time constant of copying.

    Returns
    -------
    array, (mode,), 1/s
        Rising: the first is the slowest.
    """
    return np.linalg.eigvalsh(np.asarray(sloped_moment)) / tau


def gain_fixed_point(copies: int) -> float:
    """Return the pooled gain that holds the total of K equal cells, 1/K."""
    return 1 / copies


def total_after_abrupt_copy(t: ArrayLike, copies: int, tau_gain: float) -> Array:
    """Return the total rate of the group, relative to the target before, after all have become copies at once.

    Parameters
    ----------
    t : array, (time,), s
        Since the copy.
    tau_gain : float, s
        Time constant of the pooled gain.

    Returns
    -------
    array, (time,)
        1 + (K - 1) exp(-K t / tau_gain).
    """
    total: Array = 1 + (copies - 1) * np.exp(-copies * np.asarray(t, dtype=float) / tau_gain)
    return total


def overshoot_bound(copies: int, tau_gain: float, tau_copy: float) -> float:
    """Bound the overshoot of the total over 1 while idle cells copy slowly, (K - 1) tau_gain / tau_copy.

    Parameters
    ----------
    tau_gain : float, s
        Time constant of the pooled gain.
    tau_copy : float, s
        Time in which an idle cell, at its fastest, gains the rate of the target: (K - 1) / max d(total)/dt at gain 1.
        It is not the time constant of a mode at the end of copying (`copy_rates`): where the f-I curve saturates, idle
        cells rise faster than they arrive.
    """
    return (copies - 1) * tau_gain / tau_copy


def old_function_error(copies: int, gain: float, size: float = 1.0, scale: float = 1.0) -> float:
    """Return the error of the old function when K equal copies answer, |G K scale - 1| size.

    Parameters
    ----------
    size : float
        Root mean square of the old answer.
    scale : float
        Of the copies' weights or output weights, 1 for full copies.
    """
    return abs(gain * copies * scale - 1) * size
