"""Kohonen's rule: the site whose weights are nearest to a stimulus learns it, and so do its neighbours in cortex."""

import numpy as np


def matches(weights: np.ndarray, stimuli: np.ndarray) -> np.ndarray:
    """Return how well each site fits each stimulus: the larger, the nearer are its weights.

    Parameters
    ----------
    weights : array, shape (site, input)
    stimuli : array, shape (stimulus, input)

    Returns
    -------
    array, shape (stimulus, site)
        Half the squared length of the stimulus less half the squared distance.
    """
    return np.asarray(stimuli @ weights.T - np.einsum("si,si->s", weights, weights) / 2)


def bumps(places: np.ndarray, radius: float) -> np.ndarray:
    """Return the activity of each site around each best one, 1 there, shape (best, site); radius in mm, 0 for none."""
    apart = ((places[:, None] - places) ** 2).sum(axis=2)
    return np.asarray(np.exp(-apart / (2 * radius**2)) if radius else apart == 0, dtype=np.float32)


def learn(weights: np.ndarray, stimuli: np.ndarray, bump: np.ndarray, rate: float) -> np.ndarray:
    """Return the weights after stimuli that come together: w + rate sum_i bump_i (x_i - w).

    Parameters
    ----------
    weights : array, shape (site, input)
    stimuli : array, shape (stimulus, input)
    bump : array, shape (site, site)
        How far each site learns with each best one, from `bumps`.
    rate : float
        Times the number of stimuli, at most 1.
    """
    steps = rate * bump[matches(weights, stimuli).argmax(axis=1)]
    return np.asarray(weights * (1 - steps.sum(axis=0)[:, None]) + steps.T @ stimuli)
