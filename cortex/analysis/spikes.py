"""Spike counts and rates in windows of time."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def count_in_windows(
    i: ArrayLike, t: ArrayLike, n_cells: int, starts: ArrayLike, stops: ArrayLike
) -> NDArray[np.int64]:
    """Count every cell's spikes in every window.

    Windows hold their start and not their stop. They may overlap, leave gaps and come in any order.

    Parameters
    ----------
    i : array of int, (spike,)
        Cell of each spike, 0 to `n_cells` - 1.
    t : array, (spike,), s
        Time of each spike, sorted, as a spike monitor records them.
    n_cells : int
        Number of cells.
    starts, stops : array, (window,), s
        Ends of each window.

    Returns
    -------
    array of int, (window, cell)
    """
    ends = np.searchsorted(t, np.stack([starts, stops]))
    cell, counts = np.asarray(i, np.int64), np.zeros((ends.shape[1], n_cells), np.int64)
    for window, (first, last) in enumerate(ends.T.tolist()):
        counts[window] = np.bincount(cell[first:last], minlength=n_cells)
    return counts


def rate_in_bins(i: ArrayLike, t: ArrayLike, n_cells: int, edges: ArrayLike) -> NDArray[np.float64]:
    """Return every cell's firing rate in the bins between consecutive edges.

    Parameters
    ----------
    i, t, n_cells
        As for `count_in_windows`.
    edges : array, (bin + 1,), s
        Rising edges of the bins.

    Returns
    -------
    array, (bin, cell), Hz
    """
    edges = np.asarray(edges, dtype=float)
    return count_in_windows(i, t, n_cells, edges[:-1], edges[1:]) / np.diff(edges)[:, np.newaxis]
