"""Learning trial by trial with noise: the third phase of the reduced rate model, with linear cells and Gaussian inputs.

In adaptive filtering the rule is known as LMS (Widrow & Hoff 1960). Copies enter by what their gain does to the step
and by the average over their private noise; `predictions` has the learning curve and the error that remains.
"""

import numpy as np
from numpy.typing import ArrayLike

from models.mean_field.group import Array


def learn_online(
    w: ArrayLike,
    goal: ArrayLike,
    root: ArrayLike,
    trials: int,
    rng: np.random.Generator,
    *,
    gain: float,
    rate: float,
    p: int = 1,
    output_noise: float = 0.0,
    private_noise: float = 0.0,
    correlation: float = 0.0,
    synaptic_noise: float = 0.0,
) -> Array:
    """Learn a linear function trial by trial from Gaussian inputs, with noise.

    The group answers y = G sum_k (w_k.x + private noise), the error gets the output noise, and each trial changes the
    weights by -rate G^(p-1) e x and a synaptic noise.

    Parameters
    ----------
    w : array, (run, cell, afferent)
    goal : array, (afferent,)
        Weights of the function to be learned.
    root : array, (afferent, afferent)
        Inputs are root z with z standard normal.
    gain : float
        Pooled gain G.
    output_noise, private_noise, synaptic_noise : float
        Standard deviations: of the error, of a cell's drive, of each weight per trial.
    correlation : float
        Of the private noise of two cells, 0 to 1.

    Returns
    -------
    array, (trial + 1, run)
        Excess error E[(y - y*)^2] without noise, before the first trial and after each.
    """
    w, goal, root = np.array(w, dtype=float), np.asarray(goal, dtype=float), np.asarray(root, dtype=float)
    runs, cells, _ = w.shape
    errors = []
    for trial in range(trials + 1):
        missing = gain * w.sum(axis=1) - goal
        errors.append(((missing @ root) ** 2).sum(axis=-1))
        if trial == trials:
            break
        x = rng.standard_normal((runs, len(root))) @ root.T
        common, own = rng.standard_normal((runs, 1)), rng.standard_normal((runs, cells))
        noise = private_noise * (np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own)
        error = (missing * x).sum(axis=-1) + gain * noise.sum(axis=-1) + output_noise * rng.standard_normal(runs)
        w -= rate * gain ** (p - 1) * (error[:, None] * x)[:, None, :]
        w += synaptic_noise * rng.standard_normal(w.shape)
    return np.array(errors)
