"""How long learning takes until it reaches a criterion."""

import math

import numpy as np
from numpy.typing import ArrayLike


def time_to_criterion(t: ArrayLike, performance: ArrayLike, criterion: float) -> float:
    """Give the time from the first sample to the first one that reaches the criterion.

    Parameters
    ----------
    t : array, (sample,), s
        Rising times.
    performance : array, (sample,)
    criterion : float
        Reached by what is at least as large.

    Returns
    -------
    float, s
        Late by up to the distance of two samples; nan if the criterion is not reached: the time is then censored at the
        last sample.
    """
    t, reached = np.asarray(t, dtype=float), np.asarray(performance) >= criterion
    return float(t[np.argmax(reached)] - t[0]) if reached.any() else math.nan
