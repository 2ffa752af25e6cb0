"""What measured intervals and bands say of a claim: the rules by which a verdict is computed."""

import math
from collections.abc import Iterable
from typing import Literal, TypeAlias

from cortex.analysis.reference import Band
from cortex.analysis.statistics import Interval

Standing: TypeAlias = Literal["inside", "outside", "unclear", "undefined"]
Outcome: TypeAlias = Literal["passed", "passed in part", "missed", "unclear", "not measured"]
Verdict: TypeAlias = Literal["holds", "holds in part", "does not hold", "unclear", "unproven"]


def standing(measured: Interval, band: Band) -> Standing:
    """Return where an interval lies: inside its band, outside it, or across one of its ends.

    Parameters
    ----------
    measured : Interval
        An end that is not known (nan) is taken to be as far from the mean as the other one; the mean if both are not.
    band : tuple of float or None, (low, high)
        None for an open end.
    """
    if math.isnan(measured.mean):
        return "undefined"
    mean, least, greatest = measured
    if math.isnan(least):
        least = mean if math.isnan(greatest) else 2 * mean - greatest
    if math.isnan(greatest):
        greatest = 2 * mean - least
    low, high = (-math.inf if band[0] is None else band[0]), (math.inf if band[1] is None else band[1])
    if low <= least and greatest <= high:
        return "inside"
    return "outside" if greatest < low or least > high else "unclear"


def outcome(parts: Iterable[Standing | None]) -> Outcome:
    """Return what became of a check that asks for several things.

    Parameters
    ----------
    parts : iterable of Standing or None
        Of each measure, None for one that was not taken.

    Returns
    -------
    {"passed", "passed in part", "missed", "unclear", "not measured"}
        Missed if any lies outside its band; passed in part if all that were taken lie inside, and some were not taken.
    """
    parts = list(parts)
    taken = [part for part in parts if part]
    if not taken:
        return "not measured"
    if "outside" in taken:
        return "missed"
    if any(part != "inside" for part in taken):
        return "unclear"
    return "passed" if len(taken) == len(parts) else "passed in part"


def verdict(supports: Iterable[Standing], opposes: Iterable[Standing], controls: Iterable[Standing]) -> Verdict:
    """Return what the measures of a claim say of it.

    Parameters
    ----------
    supports : iterable of Standing
        Of measures that lie inside their bands if the claim is right.
    opposes : iterable of Standing
        Of measures that lie inside their bands if it is wrong, or stops being right somewhere.
    controls : iterable of Standing
        Of measures that lie outside their bands where what the claim rests on is taken away.

    Returns
    -------
    {"holds", "holds in part", "does not hold", "unclear", "unproven"}
        Unproven: the measures answer, and a control answers the same.
    """
    supports, opposes, told = list(supports), list(opposes), all(found == "outside" for found in controls)
    opposed = bool(opposes) and all(found == "inside" for found in opposes)
    if any(found == "outside" for found in supports):
        return "does not hold"
    if any(found != "inside" for found in supports) or not (supports or opposed):
        return "unclear"
    if not told:
        return "unproven"
    if opposed:
        return "holds in part" if supports else "does not hold"
    return "holds" if all(found == "outside" for found in opposes) else "unclear"
