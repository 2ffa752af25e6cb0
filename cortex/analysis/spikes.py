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


def interval_variation(
    i: ArrayLike, t: ArrayLike, n_cells: int, start: float, stop: float, fewest: int = 10
) -> NDArray[np.float64]:
    """Return the coefficient of variation of every cell's interspike intervals in a window: 1 for a Poisson train.

    Parameters
    ----------
    i, t, n_cells
        As for `count_in_windows`.
    start, stop : float, s
        Ends of the window.
    fewest : int
        Intervals that a cell must have.

    Returns
    -------
    array, (cell,)
        nan for a cell with too few.
    """
    i, t = np.asarray(i, np.int64), np.asarray(t, dtype=float)
    inside = (t >= start) & (t < stop)
    order = np.argsort(i[inside], kind="stable")
    cell, time = i[inside][order], t[inside][order]
    within = cell[1:] == cell[:-1]
    cell, interval = cell[1:][within], np.diff(time)[within]
    number = np.bincount(cell, minlength=n_cells)
    enough = number >= fewest
    number = np.where(enough, number, 1)
    mean = np.bincount(cell, interval, n_cells) / number
    spread = np.sqrt(np.bincount(cell, (interval - mean[cell]) ** 2, n_cells) / number)
    return np.where(enough, spread / np.where(enough, mean, 1), np.nan)


def lag(leading: ArrayLike, following: ArrayLike, within: float, step: float) -> float:
    """Return by how much later some spikes come than others: where their cross-correlogram is highest.

    Parameters
    ----------
    leading, following : array, (spike,), s
        Times of both, sorted, as multiples of `step`.
    within : float, s
        Largest lag looked for, on either side.
    step : float, s
        Width of a bin, such as the time step.

    Returns
    -------
    float, s
        Below 0 if the others come first; nan if no two spikes are so near.
    """
    leading, following = np.asarray(leading, dtype=float), np.asarray(following, dtype=float)
    most = round(within / step)
    first, last = (np.searchsorted(following, leading + side * (most + 0.5) * step) for side in (-1, 1))
    near = last - first
    at = np.arange(near.sum()) - np.repeat(np.cumsum(near) - near, near) + np.repeat(first, near)
    counts = np.bincount(np.rint((following[at] - np.repeat(leading, near)) / step).astype(int) + most)
    return float(counts.argmax() - most) * step if counts.size else float("nan")
