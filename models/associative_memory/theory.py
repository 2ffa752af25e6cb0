"""Expected shares of wrong bits, and capacities, of memories of any order.

A wrong bit is one that flips at the first update of a stored pattern. The other patterns act as Gaussian noise of
variance (2n - 3)!! K / N^(n-1) (Krotov & Hopfield 2016, arXiv:1606.01164); n = 2 is the classical memory.
"""

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def scaled_load(order: int, cells: ArrayLike, patterns: ArrayLike) -> Floats:
    """Return the variance of the noise of the other patterns over the squared signal: (2n - 3)!! K / N^(n-1)."""
    return np.asarray(
        scipy.special.factorial2(2 * order - 3) * np.asarray(patterns) / np.asarray(cells, float) ** (order - 1)
    )


def bit_error(scaled: ArrayLike) -> Floats:
    """Return the expected share of wrong bits at a scaled load."""
    return np.asarray(scipy.special.erfc(np.sqrt(1 / (2 * np.asarray(scaled, float)))) / 2)


def capacity(order: int, cells: ArrayLike, wrong: ArrayLike) -> Floats:
    """Return the number of patterns at which a share of the bits is wrong."""
    return np.asarray(1 / (2 * scipy.special.erfcinv(2 * np.asarray(wrong)) ** 2) / scaled_load(order, cells, 1.0))
