"""Ratios and means that are undefined, nan, where there is nothing to compare or to average."""

import math

import numpy as np
from numpy.typing import ArrayLike


def quotient(a: float, b: float) -> float:
    """Return a / b; nan where b is 0, since nothing can be compared with nothing."""
    return a / b if b else math.nan


def mean(values: ArrayLike) -> float:
    """Return the mean of all values; nan if there are none."""
    values = np.asarray(values, dtype=float)
    return float(values.mean()) if values.size else math.nan
