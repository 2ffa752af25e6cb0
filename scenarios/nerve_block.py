"""When a nerve is cut its cortex is silenced, answers to other skin in part at once, and wholly months later.

The median nerve of adult monkeys was cut, and area 3b mapped at once, and days and months later. A part of the
silenced territory answered to other skin within minutes; months later all of it did, in good order (Merzenich et al.
1983, Neuroscience 8:33 and 10:639). In squirrel monkeys other inputs gained a fifth of the hand's map at once (Silva
et al. 1996). So there are two steps: inputs that were there and masked, and inputs that are strengthened by use.

Here nothing touches D3 any more, and its afferents are silent. The first map after that is taken before anything has
learned; then the hand is used without D3 for four times as long as training lasts elsewhere. In a model whose
inhibition is driven by touch alone, none of which is lost where the neighbours are probed, nothing can be unmasked:
the immediate share must equal the sites that answered to both before. Later established cells that have lost their
drive scale their synapses up, those that hear a neighbour's skin fire to it and learn it, up to the radius of an arbor
from the border; without scaling nothing drives them, and without plasticity nothing learns. Order is asked of either
side of the territory for itself: two sides that answer each to its own neighbour are in order as a whole whatever the
order within.

A winner-take-all map changes as soon as the best skin is left out of it, with nothing changed in cortex (Makin &
Krakauer 2023, doi:10.7554/eLife.84716): `left_out` tells how much of what is refilled that explains.
"""

from typing import TYPE_CHECKING

import numpy as np
from brian2.units import mm

from cortex import main
from cortex.analysis.published import REFERENCES
from cortex.analysis.ratios import quotient
from cortex.engine.model import Model
from cortex.engine.simulation import Recording
from cortex.experiment.measure import Measure
from cortex.mechanisms.gates import LEARNING
from models.finger_area import FingerParameters
from models.finger_area.comparing import answering, order, others, share, whole
from models.finger_area.experiment import Animal, Experiment, Map, Use, settled
from models.finger_area.mapping import CorticalMap
from models.finger_area.touches import Severed
from scenarios.atlas.common import MONTHS, NO_PLASTICITY, NO_SCALING, atlas_scenario, orders, sheets

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLOCKED = 3


def animals(p: FingerParameters) -> dict[str, Animal]:
    """Block the nerve of a digit after the first map."""
    gone = (Severed((BLOCKED,)),)
    late = Use("severed", MONTHS * p.training.dose, gone, LEARNING)
    return {"blocked": Animal((*settled(p), Map("at once", gone), late, Map("late", gone)))}


EXPERIMENT = Experiment(animals)


def build(p: FingerParameters) -> Model:
    """Build the network."""
    return EXPERIMENT.build(p)


def analyse(p: FingerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Find what the territory of the blocked digit answers to."""
    before, at_once, late = EXPERIMENT.maps(p, recordings["blocked"]).values()
    territory = np.isin(before.winner, whole(BLOCKED))
    skin = others(BLOCKED)
    answers = [answering(cortical_map, skin) for cortical_map in (before, at_once, late)]
    return {
        "shared_before": share(answers[0], territory),
        "at_once": share(answers[1], territory),
        "unmasked": share(answers[1] & ~answers[0], territory),
        "refilled": share(answers[2], territory),
        "left_out": quotient(share(answers[0], territory), share(answers[2], territory)),
        "order_late": order_within(p, late, territory),
        "expansion_neighbours": float(answers[2].sum() / answers[0].sum()) if answers[0].any() else float("nan"),
        "territory_mm2": float(territory.sum() * before.site_area),
    }, {}


def order_within(p: FingerParameters, late: CorticalMap, territory: np.ndarray) -> float:
    """Return the mean order of the two sides of a territory, each beside one neighbour; nan if one has hardly a site.

    That one side answers to one neighbour and the other to the other gives no order by itself.
    """
    lateral = late.sites[:, 0] < (BLOCKED - 0.5) * float(p.sheet.digit_width / mm)
    return float(np.mean([order(p, late, territory & side) for side in (lateral, ~lateral)]))


def figures(p: FingerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw the maps, and where the field of each site lies."""
    maps, title = EXPERIMENT.maps(p, recordings["blocked"]), f"D{BLOCKED} is silenced"
    return {"sheet": sheets(maps, title, whole(BLOCKED), f"skin of D{BLOCKED}"), "order": orders(p, maps, title)}


OF = "Share of the sites that D3 had driven most which "

SCENARIO = atlas_scenario(
    EXPERIMENT,
    build,
    name="nerve_block",
    title="A silenced finger's cortex answers to its neighbours, in part at once and later more",
    citation="Merzenich et al. 1983, Neuroscience 8:33-55 and 10:639-665; Silva et al. 1996",
    analyse=analyse,
    figures=figures,
    main_figure="sheet",
    measures=(
        Measure("shared_before", f"{OF}answer to other digits too, before."),
        Measure("at_once", f"{OF}answer to others at once.", reference=REFERENCES["merzenich1983.unmasked"]),
        Measure("unmasked", f"{OF}answer to others at once and did not before."),
        Measure("refilled", f"{OF}answer to others late.", reference=REFERENCES["merzenich1983.refilled"]),
        Measure(
            "left_out",
            "Share of that part which goes to other digits before too, if D3 is left out of a winner-take-all map.",
            undefined="nothing is refilled",
        ),
        Measure(
            "order_late",
            "Rank correlation, late, of place and field centre across the digits, among those of these sites that lie "
            "on one side of the middle of D3; mean of both sides.",
            reference=REFERENCES["merzenich1983.order"],
            undefined="hardly a site answers on one side",
        ),
        Measure("expansion_neighbours", "Sites that answer to the other digits (graded), late / before."),
        Measure("territory_mm2", "Area that D3 drives most before.", "mm^2"),
    ),
    nulls={
        "no_plasticity": NO_PLASTICITY.missing("refilled"),
        "no_scaling": NO_SCALING.missing("refilled", "order_late"),
    },
)

if __name__ == "__main__":
    main(SCENARIO)
