"""Maps of the self-organising map, whether they keep order, and what theory says of their areas."""

import numpy as np
from brian2.units import mm

from cortex.engine.recording import Recording
from cortex.mechanisms.skin import DIGITS, HAND
from models.competition.animals import places
from models.competition.parameters import MapParameters
from models.finger_area.mapping import SkinMap

EXPONENT = 2 / 3
"""Power of the density of touches with which the density of sites grows in one dimension (Ritter & Schulten 1986)."""

SKIN = np.tile(HAND.phalanges, DIGITS) * HAND.width
"""Area of each patch of skin, mm^2."""


def maps(p: MapParameters, run: Recording) -> dict[str, SkinMap]:
    """Return the maps of an animal by name."""
    sites = places(p)
    area, silent = 1 / float(p.sheet.density * mm**2), np.zeros(len(sites))
    return {
        str(name): SkinMap(p, sites, area, answer, silent, silent + p.learning.answer * answer.max())
        for name, answer in zip(run["map"], run["answer"], strict=True)
    }


def topographic_error(p: MapParameters, run: Recording) -> np.ndarray:
    """Return for each map the share of the probes whose two best sites are no neighbours."""
    sites = places(p)
    apart = np.linalg.norm(sites[run["best"]] - sites[run["second"]], axis=2)
    return np.asarray((apart > 1.5 / np.sqrt(float(p.sheet.density * mm**2))).mean(axis=1))


def areas(touches: np.ndarray, exponent: float = EXPONENT) -> np.ndarray:
    """Return the share of cortex that each patch has, if magnification is a power of the density of touches.

    Parameters
    ----------
    touches : array, shape (..., patch)
        How often each patch is touched; nan is returned if none is.
    exponent : float
    """
    shares = SKIN * (touches / SKIN) ** exponent
    total = shares.sum(axis=-1, keepdims=True)
    return np.asarray(shares / np.where(total > 0, total, np.nan))


def exponent(before: SkinMap, after: SkinMap, touches: np.ndarray) -> float:
    """Return the power of the change of the density of touches with which areas change, over all patches.

    Parameters
    ----------
    before, after : SkinMap
    touches : array, shape (2, patch)
        How often each patch was touched before each of the maps.
    """
    won = np.array([[each.won([patch]) for patch in range(len(SKIN))] for each in (before, after)])
    known = (won > 0).all(axis=0) & (touches > 0).all(axis=0)
    if known.sum() < 2:
        return float("nan")
    denser, larger = (np.log(values[1, known] / values[0, known]) for values in (touches, won))
    return float(np.polyfit(denser, larger, 1)[0])
