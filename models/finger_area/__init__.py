"""A sheet of area 3b with five digits: the finger area that grows when fingertips are trained on a rotating disc.

The sheet is a patch of layer 4 and 3 of one hand's glabrous digits, lateral (D1) to medial (D5) and caudal (proximal
phalanges) to rostral (tips). Thalamic axons keep the order of the skin and arborize over 0.35 to 0.8 mm, 0.6 mm on
average (Garraghty & Sur 1990, J Comp Neurol 294:583), which limits how far a copy can form. A stated fraction
of the pyramidal cells is idle: they have their arbor of contacts, but the contacts are nearly silent (25 % of the
synapses of adult pyramidal cells are silent: Vardalaki et al. 2022, doi:10.1038/s41586-022-05483-6).

Cell density is scaled down: about 100,000 neurons lie under 1 mm^2 of this cortex (recalled; macaque cortex 93,000
to 177,000, Turner et al. 2016), the sheet has `sheet.density`. Distances in cortex and skin are not scaled.
"""

from models.finger_area.anatomy import Anatomy
from models.finger_area.network import build, run_inputs
from models.finger_area.parameters import FingerParameters
from models.finger_area.protocol import (
    PAUSE_SLOTS,
    PROBE_SLOTS,
    SLOT,
    layout,
    probe_order,
    probe_places,
    protocol,
    together,
)

__all__ = [
    "PAUSE_SLOTS",
    "PROBE_SLOTS",
    "SLOT",
    "Anatomy",
    "FingerParameters",
    "build",
    "layout",
    "probe_order",
    "probe_places",
    "protocol",
    "run_inputs",
    "together",
]
