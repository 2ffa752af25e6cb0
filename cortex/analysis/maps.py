"""The map of the hand in cortex: which site answers to which patch of skin, and over what area.

A map is drawn from `responses`, spikes (or rates) of every recording site to every probed skin point, and is first
reduced to one number per site and patch (`patch_response`). A patch is one phalanx of one digit,
patch = 3 digit + phalanx, with phalanx 0 proximal, 1 middle, 2 distal.

Every map is drawn in two ways. The graded area counts all sites that answer to a patch, whatever else they answer to;
the winner-take-all area gives each site to one patch alone and can therefore grow by the loss of a competitor
(Makin & Krakauer 2023, eLife 12:e84716). An expansion should show in both.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

PHALANGES = 3
UNRESPONSIVE = -1

SD_FLOOR = 0.25
"""Smallest standard deviation of the baseline taken as real, spikes per presentation and site."""


def digit_of(patch: ArrayLike) -> NDArray[np.int64]:
    """Return the digit, counted from 0, that a patch lies on; unresponsive stays unresponsive."""
    return np.asarray(patch) // PHALANGES


def patch_response(responses: ArrayLike, probe_patch: ArrayLike) -> NDArray[np.float64]:
    """Return each site's response to each patch: the mean over the strongest quarter of the patch's probes.

    A receptive field covers about a quarter of a finger pad. The mean over the whole pad would dilute a small field,
    and count the shrinking of fields as a loss of area; the strongest single probe would pass a site by chance, as
    many probes give many chances. The strongest quarter does neither.

    Parameters
    ----------
    responses : array, (site, probe)
        Spikes or rates.
    probe_patch : array of int, (probe,)
        Patch of each probe; every patch up to the highest has at least one.

    Returns
    -------
    array, (site, patch)
    """
    responses, probe_patch = np.asarray(responses, dtype=float), np.asarray(probe_patch)
    columns = []
    for patch in range(probe_patch.max() + 1):
        ranked = np.sort(responses[:, probe_patch == patch], axis=1)
        quarter = math.ceil(ranked.shape[1] / 4)
        columns.append(ranked[:, -quarter:].mean(axis=1))
    return np.stack(columns, axis=1)


def threshold(baseline_mean: ArrayLike, baseline_sd: ArrayLike, floor: float, z: float = 3.0) -> NDArray[np.float64]:
    """Return the response above which a site counts as driven.

    Parameters
    ----------
    baseline_mean, baseline_sd : array, (site,)
        Activity without stimulus, in the unit of the responses and averaged over as many repeats.
    floor : float
        Smallest standard deviation taken as real: a site silent at rest would otherwise be driven by one spike.
    z : float
        Standard deviations above the baseline.

    Returns
    -------
    array, (site,)
    """
    return np.asarray(baseline_mean) + z * np.maximum(baseline_sd, floor)


def graded_area(
    patch_responses: ArrayLike, thresholds: ArrayLike, patches: Sequence[int], site_area_mm2: ArrayLike
) -> float:
    """Return the area of cortex that answers to any of some patches.

    Parameters
    ----------
    patch_responses : array, (site, patch)
        From `patch_response`.
    thresholds : array, (site,)
        From `threshold`.
    patches : sequence of int
        The patches asked for; a site that answers to several of them counts once.
    site_area_mm2 : float or array, (site,), mm^2
        Cortex that each site stands for.

    Returns
    -------
    float, mm^2
    """
    driven = np.asarray(patch_responses)[:, list(patches)] > np.asarray(thresholds)[:, np.newaxis]
    return float(np.sum(driven.any(axis=1) * np.asarray(site_area_mm2)))


def winner_take_all(patch_responses: ArrayLike, thresholds: ArrayLike) -> NDArray[np.int64]:
    """Assign each site to the patch that drives it most.

    Parameters
    ----------
    patch_responses, thresholds
        As for `graded_area`.

    Returns
    -------
    array of int, (site,)
        Patch, or `UNRESPONSIVE` where none passes the threshold.
    """
    patch_responses = np.asarray(patch_responses)
    return np.where(patch_responses.max(axis=1) > thresholds, patch_responses.argmax(axis=1), UNRESPONSIVE)


def winner_area(winner: ArrayLike, patches: Sequence[int], site_area_mm2: ArrayLike) -> float:
    """Return the area of cortex won by some patches.

    Parameters
    ----------
    winner : array of int, (site,)
        From `winner_take_all`.
    patches, site_area_mm2
        As for `graded_area`.

    Returns
    -------
    float, mm^2
    """
    return float(np.sum(np.isin(winner, list(patches)) * np.asarray(site_area_mm2)))
