"""The cortex of one lost finger is taken over; that of two keeps a silent core.

Two to eight months after D3 of adult monkeys was amputated, the neighbours had taken most or all of its territory in
area 3b; after D2 and D3 a core of their territory still answered to nothing. Representations had moved by 0.5 to 0.7
mm and no farther (Merzenich et al. 1984, J Comp Neurol 224:591, doi:10.1002/cne.902240408), as far as the arbor of an
axon is wide.

Here nothing touches D2 and D3, whose afferents are silent, for four times as long as training lasts elsewhere; the
loss of D3 alone is that of `nerve_block`. Sites that hear no cell on which an arbor of another digit ends cannot
answer: with arbors of 0.4 mm radius these are a third of the zone of two digits (the prediction of `silent_core`), and
the farthest other sites lie 0.47 mm from its border. Within reach cells scale their synapses up and learn the
neighbour's skin, as in `nerve_block`; without scaling, or without plasticity, the territory must stay silent.
"""

from typing import TYPE_CHECKING

import numpy as np
from brian2.units import mm

from cortex import main
from cortex.analysis.map_change import expansion
from cortex.analysis.published import REFERENCES
from cortex.engine.model import Model
from cortex.engine.simulation import Recording
from cortex.experiment.measure import Measure
from cortex.mechanisms.gates import LEARNING
from cortex.mechanisms.skin import DIGITS
from models.finger_area import FingerParameters
from models.finger_area.comparing import answering, field_ratio, others, share, whole
from models.finger_area.experiment import Animal, Experiment, Map, Use, settled
from models.finger_area.touches import Severed
from models.finger_area.widest import within_reach
from scenarios.atlas.common import MONTHS, NO_PLASTICITY, NO_SCALING, atlas_scenario, orders, sheets

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOST = (2, 3)
LEFT = tuple(digit for digit in range(1, DIGITS + 1) if digit not in LOST)


def animals(p: FingerParameters) -> dict[str, Animal]:
    """Take two digits from an animal after the first map."""
    gone = (Severed(LOST),)
    use = Use("amputated", MONTHS * p.training.dose, gone, LEARNING)
    return {"amputated": Animal((*settled(p), use, Map("late", gone)))}


EXPERIMENT = Experiment(animals)


def build(p: FingerParameters) -> Model:
    """Build the network."""
    return EXPERIMENT.build(p)


def analyse(p: FingerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Find how much of the territory of the lost digits answers to others."""
    before, late = EXPERIMENT.maps(p, recordings["amputated"]).values()
    territory, skin = np.isin(before.winner, whole(*LOST)), others(*LOST)
    answers, heard = answering(late, skin), within_reach(p, *LEFT)
    return {
        "silent_core": share(~answers, territory),
        "expansion_neighbours": expansion(before.graded(skin), late.graded(skin)),
        "rf_ratio_neighbours": field_ratio(before, late, skin),
        "deepest_mm": deepest(p, late.sites[answers]),
    }, {"silent_core": share(~heard, territory), "deepest_mm": deepest(p, late.sites[heard])}


def deepest(p: FingerParameters, sites: np.ndarray) -> float:
    """Return how far from the border of the lost zone any of some sites lies within it, at most, mm; 0 if none does."""
    width, x = float(p.sheet.digit_width / mm), sites[:, 0]
    inside = np.minimum(x - (LOST[0] - 1) * width, LOST[-1] * width - x)
    return float(inside.max(initial=0))


def figures(p: FingerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw the maps, and where the field of each site lies."""
    maps, title = EXPERIMENT.maps(p, recordings["amputated"]), "D2 and D3 are lost"
    return {"sheet": sheets(maps, title, whole(*LOST), "skin of D2 and D3"), "order": orders(p, maps, title)}


SCENARIO = atlas_scenario(
    EXPERIMENT,
    build,
    name="amputation",
    title="The cortex of one lost finger is taken over, that of two keeps a silent core",
    citation="Merzenich et al. 1984, J Comp Neurol 224:591-605, doi:10.1002/cne.902240408",
    analyse=analyse,
    figures=figures,
    main_figure="sheet",
    measures=(
        Measure(
            "silent_core",
            "Share of the sites that the lost skin had driven most which answer to no other skin.",
            reference=REFERENCES["merzenich1984.silent_core"],
        ),
        Measure("expansion_neighbours", "Area that answers to the other digits (graded), late / before."),
        Measure("rf_ratio_neighbours", "Mean field at the sites of other digits that answer in both, late / before."),
        Measure(
            "deepest_mm",
            "How far from the border of the lost zone a site answers to other skin, at most.",
            "mm",
            reference=REFERENCES["overlap.limit"],
        ),
    ),
    nulls={
        "no_plasticity": NO_PLASTICITY.missing("silent_core"),
        "no_scaling": NO_SCALING.missing("silent_core"),
    },
)

if __name__ == "__main__":
    main(SCENARIO)
