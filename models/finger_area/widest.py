"""What anatomy allows: who hears which digits, and the fields if every contact of the arbors weighs the same."""

import numpy as np

from cortex.analysis.receptive_fields import receptive_field, receptive_field_area
from cortex.mechanisms.skin import DIGITS, HAND, receptors
from models.finger_area.anatomy import Anatomy
from models.finger_area.mapping import electrodes
from models.finger_area.parameters import FingerParameters
from models.finger_area.protocol import probe_places


def widest_fields(p: FingerParameters) -> tuple[np.ndarray, np.ndarray]:
    """Return the fields of all sites if cells heard all of their arbors alike, and their areas.

    Excitation alone, without inhibition or a threshold. Only weights that are larger where an arbor is thin would make
    fields wider.

    Returns
    -------
    fields : bool array, shape (site, probe)
        Probes in the order of a `CorticalMap`.
    areas : array, shape (site,), mm^2
    """
    anatomy, skin, places = Anatomy(p), receptors(p.afferents), probe_places(p)
    afferent, cell = anatomy.fixed["afferent"]
    weights = np.zeros((len(anatomy.pyramidal), len(anatomy.afferents)))
    weights[cell, afferent] = anatomy.arbor
    digit = np.repeat(np.arange(DIGITS), len(places))
    x, y = np.tile(places, (DIGITS, 1)).T
    apart = (skin.x[:, None] - x) ** 2 + (skin.y[:, None] - y) ** 2
    pressed = np.exp(-apart / (2 * p.mapping.probe_radius**2)) * (skin.digit[:, None] == digit)
    _, members = electrodes(p)
    answers = members @ weights @ pressed
    fields = receptive_field(answers, np.zeros(len(answers)))
    area = HAND.width * HAND.length / len(places)
    return fields, receptive_field_area(fields, np.full(len(digit), area))


def within_reach(p: FingerParameters, *digits: int) -> np.ndarray:
    """Return which sites hear a cell on which an arbor of some digits ends, shape (site,); digits are given as 1 to 5.

    No other site can answer to their skin.
    """
    anatomy = Anatomy(p)
    afferent, cell = anatomy.fixed["afferent"]
    reached = np.zeros(len(anatomy.pyramidal))
    reached[cell[np.isin(receptors(p.afferents).digit[afferent] + 1, digits)]] = 1
    return np.asarray(electrodes(p)[1] @ reached > 0)
