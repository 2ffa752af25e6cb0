"""What training does to a map of the hand: expansion, magnification, moved borders, return."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cortex.analysis.ratios import quotient


def expansion(pre: float, post: float) -> float:
    """Return E = post / pre, of areas of the same sites and seed; nan if there was nothing before."""
    return post / pre if pre > 0 else math.nan


def return_fraction(peak: float, end: float) -> float:
    """Return how much of an expansion is gone again, (E_peak - E_end) / (E_peak - 1); nan if there was none."""
    return quotient(peak - end, peak - 1)


def magnification(patch_area_mm2: ArrayLike, probe_patch: ArrayLike, probe_area_mm2: ArrayLike) -> NDArray[np.float64]:
    """Return the cortex per skin of each patch.

    Parameters
    ----------
    patch_area_mm2 : array, (patch,), mm^2
        Cortical area of each patch.
    probe_patch : array of int, (probe,)
        Patch of each probed skin point.
    probe_area_mm2 : array, (probe,), mm^2
        Skin that each probe stands for.

    Returns
    -------
    array, (patch,), mm^2 of cortex per mm^2 of skin
    """
    areas = np.asarray(patch_area_mm2, dtype=float)
    return areas / np.bincount(probe_patch, probe_area_mm2, minlength=len(areas))


def border(digits: ArrayLike, position_mm: ArrayLike, lower: int, upper: int) -> float:
    """Find the border between the zones of two digits: the cut that leaves fewest of their sites on the wrong side.

    Parameters
    ----------
    digits : array of int, (site,)
        Digit that each site belongs to; sites of other digits are left out.
    position_mm : array, (site,), mm
        Place of each site along the axis on which the digits follow each other.
    lower, upper : int
        The digit at the lower positions, and the one at the upper ones.

    Returns
    -------
    float, mm
        Half way between two neighbouring sites; the mean, if several cuts are equally good.
    """
    digits, position_mm = np.asarray(digits), np.asarray(position_mm, dtype=float)
    places = np.unique(position_mm[np.isin(digits, (lower, upper))])
    cuts = (places[:-1] + places[1:]) / 2
    below = position_mm < cuts[:, np.newaxis]
    misplaced = np.sum((digits == upper) & below, axis=1) + np.sum((digits == lower) & ~below, axis=1)
    return float(cuts[misplaced == misplaced.min()].mean())


def border_shift(
    pre_digits: ArrayLike, post_digits: ArrayLike, position_mm: ArrayLike, trained: int, neighbour: int
) -> float:
    """Return how far the border of a trained digit has moved into the zone of its neighbour.

    Parameters
    ----------
    pre_digits, post_digits : array of int, (site,)
        Digit that each site belongs to before and after training.
    position_mm : array, (site,), mm
        Place of each site along the axis on which the digits follow each other.
    trained, neighbour : int
        The two digits.

    Returns
    -------
    float, mm
        Positive where the trained digit has gained.
    """
    pre_digits, position_mm = np.asarray(pre_digits), np.asarray(position_mm, dtype=float)
    upwards = position_mm[pre_digits == trained].mean() < position_mm[pre_digits == neighbour].mean()
    lower, upper = (trained, neighbour) if upwards else (neighbour, trained)
    shift = border(post_digits, position_mm, lower, upper) - border(pre_digits, position_mm, lower, upper)
    return shift if upwards else -shift
