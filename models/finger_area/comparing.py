"""Comparing the maps of one animal: areas, fields, digits that share a site, the border between two digits.

Patches of skin are numbered digit*3 + phalanx from 0; digits are given as 1 to 5. Sites are the same in all maps of an
animal, so they can be compared one by one.
"""

from collections.abc import Mapping

import numpy as np
from brian2.units import mm

from cortex.analysis.maps import UNRESPONSIVE, patch_response
from cortex.analysis.ratios import mean, quotient
from cortex.mechanisms.skin import DIGITS, DISTAL, HAND, PHALANGES
from models.finger_area.anatomy import Anatomy
from models.finger_area.mapping import SkinMap
from models.finger_area.parameters import Mapped


def tips(*digits: int) -> list[int]:
    """Return the patches of the tips of some digits."""
    return [(digit - 1) * PHALANGES + DISTAL for digit in digits]


def whole(*digits: int) -> list[int]:
    """Return all patches of some digits."""
    return [(digit - 1) * PHALANGES + phalanx for digit in digits for phalanx in range(PHALANGES)]


def others(*digits: int) -> list[int]:
    """Return all patches of the other digits."""
    return whole(*(digit for digit in range(1, DIGITS + 1) if digit not in digits))


def answering(cortical_map: SkinMap, patches: list[int]) -> np.ndarray:
    """Return which sites answer to any of some patches, whatever else they answer to."""
    return np.asarray((cortical_map.patches[:, patches] > cortical_map.thresholds[:, None]).any(axis=1))


def field_ratio(before: SkinMap, after: SkinMap, patches: list[int]) -> float:
    """Compare receptive fields at the sites that answer to some patches both before and after.

    The sites that training adds or takes away have no part in it, unlike in the ratio of the means over each map.
    """
    both = answering(before, patches) & answering(after, patches)
    return quotient(mean(after.field_area[both]), mean(before.field_area[both]))


def zone_sites(p: Mapped, cortical_map: SkinMap, *digits: int) -> np.ndarray:
    """Return which sites lie in the strips of some digits, whatever they answer to."""
    strip = np.floor(cortical_map.sites[:, 0] / float(p.sheet.digit_width / mm)).astype(int) + 1
    return np.isin(strip, digits)


def near_border(p: Mapped, cortical_map: SkinMap, lower: int, reach: float = 0.5) -> np.ndarray:
    """Return which sites lie within a reach, mm, of the border between a digit and the next."""
    border = lower * float(p.sheet.digit_width / mm)
    return np.abs(cortical_map.sites[:, 0] - border) < reach


def tip_zone(p: Mapped, cortical_map: SkinMap) -> np.ndarray:
    """Return which sites lie in the zones of the tips, whatever they answer to."""
    return np.asarray(cortical_map.sites[:, 1] > Anatomy(p).zones[DISTAL])


def over_two_digits(cortical_map: SkinMap) -> np.ndarray:
    """Return which sites have fields over two digits or more."""
    digits = digits_of(cortical_map.field, cortical_map.probe_digit)
    return np.asarray((digits >= 2) & (cortical_map.winner != UNRESPONSIVE))


def over_border(fields: np.ndarray, probe_digit: np.ndarray, lower: int) -> np.ndarray:
    """Return which fields cover skin of both a digit and the next; fields have the shape (site, probe)."""
    sides = [fields[:, probe_digit == digit].any(axis=1) for digit in (lower - 1, lower)]
    return np.asarray(sides[0] & sides[1])


def at_borders(cortical_map: SkinMap, near: Mapping[int, np.ndarray]) -> tuple[int, int]:
    """Count the responding sites near some borders, and those of them with a field over both digits of their border.

    Parameters
    ----------
    cortical_map : SkinMap
    near : mapping of int to bool array, shape (site,)
        Which sites count at the border between a digit and the next. One that is near two borders counts at each.

    Returns
    -------
    shared, responding : int
    """
    shared = responding = 0
    for lower, sites in near.items():
        known = sites & (cortical_map.winner != UNRESPONSIVE)
        both = over_border(cortical_map.field, cortical_map.probe_digit, lower)
        shared, responding = shared + int((known & both).sum()), responding + int(known.sum())
    return shared, responding


def digits_of(fields: np.ndarray, probe_digit: np.ndarray) -> np.ndarray:
    """Return over how many digits each field reaches, shape (site,); fields have the shape (site, probe)."""
    return np.sum([fields[:, probe_digit == digit].any(axis=1) for digit in range(DIGITS)], axis=0)


def two_digits(cortical_map: SkinMap, sites: np.ndarray) -> float:
    """Return the share of some sites with fields over two digits or more, among those that respond."""
    return share(over_two_digits(cortical_map), sites & (cortical_map.winner != UNRESPONSIVE))


def share(part: np.ndarray, of: np.ndarray) -> float:
    """Return which share of some sites belong to a part; nan if there are none."""
    return quotient(float((part & of).sum()), float(of.sum()))


def centres(p: Mapped, cortical_map: SkinMap) -> np.ndarray:
    """Return where the skin in each site's field is represented by anatomy, mm of cortex, shape (site, 2)."""
    width = float(p.sheet.digit_width / mm)
    across = (cortical_map.probe_digit + 0.5 + cortical_map.probe_place[:, 0] / HAND.width) * width
    along = np.interp(cortical_map.probe_place[:, 1], HAND.joints, Anatomy(p).zones)
    field = cortical_map.field.astype(float)
    with np.errstate(invalid="ignore"):
        return np.asarray(field @ np.stack([across, along], axis=1) / field.sum(axis=1, keepdims=True))


def border_step(p: Mapped, cortical_map: SkinMap, lower: int, reach: float = 0.5) -> float:
    """Return the jump of the fields' centres at the border between a digit and the next, mm of cortex.

    A line with a jump at the border is fitted to the centres of the sites within a reach, mm, of it. The order of the
    skin alone gives no jump.
    """
    centre = centres(p, cortical_map)[:, 0]
    known = near_border(p, cortical_map, lower, reach) & (cortical_map.winner != UNRESPONSIVE) & np.isfinite(centre)
    if known.sum() < 4:
        return float("nan")
    x = cortical_map.sites[known, 0] - lower * float(p.sheet.digit_width / mm)
    columns = np.stack([np.ones(len(x)), x, x > 0], axis=1)
    return float(np.linalg.lstsq(columns, centre[known], rcond=None)[0][2])


def static_relation(cortical_map: SkinMap) -> tuple[float, float]:
    """Return slope and R^2 of the logarithm of field size on that of magnification, over the patches of one map."""
    skin = np.bincount(cortical_map.probe_patch, cortical_map.probe_area)
    found = [(cortical_map.won([patch]), cortical_map.field_size([patch]), skin[patch]) for patch in range(len(skin))]
    known = np.array([(won / area, field) for won, field, area in found if won > 0])
    if len(known) < 3:
        return float("nan"), float("nan")
    magnification, field = np.log(known).T
    slope = np.polyfit(magnification, field, 1)[0]
    return float(slope), float(np.corrcoef(magnification, field)[0, 1] ** 2)


def order(p: Mapped, cortical_map: SkinMap, sites: np.ndarray) -> float:
    """Return the rank correlation, across the digits, of places of some sites and of the skin in their fields."""
    centre = centres(p, cortical_map)[:, 0]
    known = sites & (cortical_map.winner != UNRESPONSIVE) & np.isfinite(centre)
    if known.sum() < FEWEST_RANKED:
        return float("nan")
    return rank_correlation(centre[known], cortical_map.sites[known, 0])


def rank_correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Return Spearman's rank correlation; equal values share their mean rank. nan if one does not vary."""
    ranks = [(values[:, None] > values).sum(axis=1) + (values[:, None] >= values).sum(axis=1) for values in (x, y)]
    return float(np.corrcoef(*ranks)[0, 1]) if all(np.ptp(rank) > 0 for rank in ranks) else float("nan")


FEWEST_RANKED = 5
"""Sites whose order is told, at least."""

LEAST_EXPANSION = 1.2
"""Of which the change of fields is told: by less, ln(expansion) is so near 0 that the ratio is noise."""

STRIP = 3.0
"""Length, mm, of the pieces of skin to which an answer is looked for within a larger one: half a distal pad."""


def area_of(cortical_map: SkinMap, probes: np.ndarray) -> float:
    """Return the area of cortex that answers to any part of some skin, mm^2.

    The skin, given by its probes, shape (probe,), is cut across the digit every `STRIP`, so that a field on a part of
    it counts the same however large the rest is.
    """
    strip = np.rint(cortical_map.probe_place[:, 1] / STRIP).astype(int)
    pieces = np.unique(np.stack([cortical_map.probe_digit, strip], axis=1)[probes], axis=0)
    answers = np.zeros(len(cortical_map.sites), bool)
    for digit, at in pieces:
        piece = probes & (cortical_map.probe_digit == digit) & (strip == at)
        [response] = patch_response(cortical_map.responses[:, piece], np.zeros(piece.sum(), int)).T
        answers |= response > cortical_map.thresholds
    return float(answers.sum() * cortical_map.site_area)


def slope(x: np.ndarray, y: np.ndarray) -> float:
    """Return the exponent of the power law that is closest to some points; nan if any is not above 0."""
    if not (np.min(x) > 0 and np.min(y) > 0):
        return float("nan")
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def change_slope(field_ratio: float, expansion: float) -> float:
    """Return ln(field ratio)/ln(expansion): -1 if fields shrink as the area grows; nan below `LEAST_EXPANSION`."""
    grown = expansion >= LEAST_EXPANSION and field_ratio > 0
    return float(np.log(field_ratio) / np.log(expansion)) if grown else float("nan")
