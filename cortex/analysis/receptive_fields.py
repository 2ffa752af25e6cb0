"""Receptive fields on the skin: their size, place and overlap.

A field is a set of probed skin points, one boolean per site and probe, and everything else is computed from it.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cortex.analysis.maps import digit_of


def receptive_field(responses: ArrayLike, baseline_mean: ArrayLike, fraction: float = 0.5) -> NDArray[np.bool_]:
    """Outline each site's field: the skin that gives at least a fraction of the site's maximum above baseline.

    Parameters
    ----------
    responses : array, (site, probe)
        Spikes or rates, averaged over enough repeats that the maximum is not a chance event.
    baseline_mean : array, (site,)
        Activity without stimulus, in the same unit.
    fraction : float
        Part of the maximum; mapping studies use 0.2 to 0.5. Keep it the same before and after.

    Returns
    -------
    array of bool, (site, probe)
        Empty for a site that nothing drives above its baseline.
    """
    evoked = np.asarray(responses) - np.asarray(baseline_mean)[:, np.newaxis]
    maximum = evoked.max(axis=1, keepdims=True)
    field: NDArray[np.bool_] = (evoked >= fraction * maximum) & (maximum > 0)
    return field


def receptive_field_area(field: ArrayLike, probe_area_mm2: ArrayLike) -> NDArray[np.float64]:
    """Return the skin area of each field.

    Parameters
    ----------
    field : array of bool, (site, probe)
        From `receptive_field`.
    probe_area_mm2 : array, (probe,), mm^2
        Skin that each probe stands for.

    Returns
    -------
    array, (site,), mm^2
    """
    areas: NDArray[np.float64] = np.asarray(field, dtype=float) @ np.asarray(probe_area_mm2, dtype=float)
    return areas


def receptive_field_centre(
    field: ArrayLike, probe_area_mm2: ArrayLike, probe_position_mm: ArrayLike
) -> NDArray[np.float64]:
    """Return the centre of area of each field.

    Parameters
    ----------
    field, probe_area_mm2
        As for `receptive_field_area`.
    probe_position_mm : array, (probe, 2), mm
        Places of the probes on the skin.

    Returns
    -------
    array, (site, 2), mm
        nan for an empty field.
    """
    weight = np.asarray(field) * np.asarray(probe_area_mm2, dtype=float)
    with np.errstate(invalid="ignore"):
        centres: NDArray[np.float64] = weight @ np.asarray(probe_position_mm) / weight.sum(axis=1, keepdims=True)
    return centres


def multi_digit_fraction(field: ArrayLike, probe_patch: ArrayLike) -> float:
    """Return the fraction of fields that reach over two digits or more.

    Parameters
    ----------
    field : array of bool, (site, probe)
        From `receptive_field`; empty fields are left out.
    probe_patch : array of int, (probe,)
        Patch of each probe.

    Returns
    -------
    float
        nan if all fields are empty.
    """
    field, digit = np.asarray(field), digit_of(probe_patch)
    digits = np.stack([field[:, digit == d].any(axis=1) for d in np.unique(digit)]).sum(axis=0)
    with np.errstate(invalid="ignore"):
        return float(np.sum(digits >= 2) / np.sum(digits >= 1))


def overlap_with_distance(
    field: ArrayLike, probe_area_mm2: ArrayLike, site_position_mm: ArrayLike, edges_mm: ArrayLike
) -> NDArray[np.float64]:
    """Average the overlap of two sites' fields over pairs at a given distance in cortex.

    The overlap is the common skin over the larger of the two fields, which is `similarity.overlap` of two fields.
    In area 3b it falls to zero about linearly, within some 0.6 mm (Sur et al. 1980).

    Parameters
    ----------
    field, probe_area_mm2
        As for `receptive_field_area`; empty fields are left out.
    site_position_mm : array, (site, 2), mm
        Places of the sites in cortex.
    edges_mm : array, (bin + 1,), mm
        Edges of the bins of distance; a bin holds its lower edge.

    Returns
    -------
    array, (bin,)
        nan for a bin without pairs.
    """
    mapped = np.asarray(field).any(axis=1)
    field = np.asarray(field, dtype=float)[mapped]
    place = np.asarray(site_position_mm, dtype=float)[mapped]
    first, second = np.triu_indices(len(field), k=1)

    area = receptive_field_area(field, probe_area_mm2)
    common = (field * np.asarray(probe_area_mm2)) @ field.T
    overlap = common[first, second] / np.maximum(area[first], area[second])

    edges = np.asarray(edges_mm, dtype=float)
    distance_bin = np.searchsorted(edges, np.linalg.norm(place[first] - place[second], axis=1), side="right")
    bins = len(edges) + 1
    with np.errstate(invalid="ignore"):
        mean = np.bincount(distance_bin, overlap, bins) / np.bincount(distance_bin, minlength=bins)
    return mean[1:-1]
