"""The cortex of one lost finger is taken over; that of two keeps a silent core.

Two to eight months after D3 of adult monkeys was amputated, the neighbours had taken most or all of its territory in
area 3b; after D2 and D3 a core of their territory still answered to nothing. Representations had moved by 0.5 to 0.7
mm and no farther (Merzenich et al. 1984, J Comp Neurol 224:591, doi:10.1002/cne.902240408), as far as the arbor of an
axon is wide.

Here nothing touches D3, or D2 and D3, of two animals of the same seed for four times as long as training lasts
elsewhere. What no arbor reaches cannot answer: with arbors of radius r and digits of width w the silent core is at
least 1 - 2r/(nw) of the territory of n digits, which is 0 for one digit here and a third for two. Within reach cells
scale their synapses up and learn the neighbour's skin, as in `nerve_block`; without scaling, or without plasticity,
the territory must stay silent.
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.analysis.published import REFERENCES
from cortex.engine.model import Model
from cortex.engine.simulation import Recording
from cortex.experiment.measure import Measure
from cortex.mechanisms.gates import LEARNING
from models.finger_area import FingerParameters
from models.finger_area.comparing import answering, field_ratio, others, share, whole
from models.finger_area.experiment import Animal, Experiment, Step, settled
from models.finger_area.touches import Untouched
from scenarios.atlas.common import MONTHS, NO_PLASTICITY, NO_SCALING, atlas_scenario, sheets

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOST = {"one": (3,), "two": (2, 3)}


def animals(p: FingerParameters) -> dict[str, Animal]:
    """Take one digit from one animal and two from the other after the first map."""
    return {
        name: Animal(
            (
                *settled(p),
                Step("use", MONTHS * p.training.dose, (Untouched(lost),), LEARNING),
                Step("late", None, (Untouched(lost),)),
            )
        )
        for name, lost in LOST.items()
    }


EXPERIMENT = Experiment(animals)


def build(p: FingerParameters) -> Model:
    """Build the network."""
    return EXPERIMENT.build(p)


def analyse(p: FingerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Find how much of the territory of the lost digits answers to others."""
    measured = {}
    for name, lost in LOST.items():
        before, late = EXPERIMENT.maps(p, recordings[name]).values()
        territory, skin = np.isin(before.winner, whole(*lost)), others(*lost)
        measured[f"refilled_{name}"] = share(answering(late, skin), territory)
        measured[f"silent_{name}"] = share(~answering(late, skin), territory)
        measured[f"rf_ratio_neighbours_{name}"] = field_ratio(before, late, skin)
    reach = float(p.sheet.arbor_radius / p.sheet.digit_width)
    cores = {f"silent_{name}": max(0.0, 1 - 2 * reach / len(lost)) for name, lost in LOST.items()}
    return measured, cores


def figures(p: FingerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw the maps of both animals."""
    maps = {name: EXPERIMENT.maps(p, run) for name, run in recordings.items()}
    stages = {"before": maps["one"]["before"], "without D3": maps["one"]["late"], "without D2, D3": maps["two"]["late"]}
    return {"sheet": sheets(stages, "Lost fingers", whole(2, 3), "skin of D2 and D3")}


OF = "Share of the sites that the lost skin had driven most which answer to "

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
        Measure("refilled_one", f"{OF}other digits, one lost.", reference=REFERENCES["merzenich1984.refilled"]),
        Measure("refilled_two", f"{OF}other digits, two lost."),
        Measure("silent_one", f"{OF}no other digit, one lost."),
        Measure("silent_two", f"{OF}no other digit, two lost.", reference=REFERENCES["merzenich1984.silent_core"]),
        Measure("rf_ratio_neighbours_one", "Field at sites of other digits that answer in both maps, one lost."),
        Measure("rf_ratio_neighbours_two", "The same, two lost."),
    ),
    nulls={
        "no_plasticity": NO_PLASTICITY.missing("refilled_one", "silent_two"),
        "no_scaling": NO_SCALING.missing("refilled_one"),
    },
)

if __name__ == "__main__":
    main(SCENARIO)
