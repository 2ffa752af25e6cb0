"""A finger that is trained on a vibrating probe gets larger fields, one trained on a moving surface smaller ones.

Owl monkeys learned to tell frequencies of flutter near 20 Hz apart, by a probe that vibrated at one small place of a
finger. That skin came to drive a larger area of cortex, as on the disc; but receptive fields there were larger and
overlapped more (Recanzone, Merzenich & Jenkins 1992, J Neurophysiol 67:1031-1056), where moving stimuli make them
smaller (Jenkins et al. 1990). The pair tells more of a model than either alone.

Here the tips of D2 and D3 are vibrated in bouts as long as those on the disc. The probe drives all afferents around it
at once, and a Hebbian rule binds them into one field of the size of the skin that vibrates, or of the arbor if that is
smaller. A pin of 1 mm radius moves about 9 mm^2 of skin by half or more (computed with TouchSim), and normal use
leaves fields of 10 mm^2 here: so no growth is expected of this model, though less shrinking than on the disc, which
another animal of the same cells is trained on. Fields must be smaller than the skin that vibrates before they can grow.
"""

from typing import TYPE_CHECKING

from cortex import main
from cortex.analysis.map_change import expansion
from cortex.analysis.published import REFERENCES
from cortex.analysis.ratios import quotient
from cortex.engine.model import Model
from cortex.engine.simulation import Recording
from cortex.experiment.measure import Measure
from cortex.mechanisms.gates import LEARNING
from models.finger_area import FingerParameters
from models.finger_area.comparing import field_ratio, tips
from models.finger_area.experiment import Animal, Experiment, Map, Use, settled
from models.finger_area.touches import Disc, Stimulus, Vibration
from scenarios.atlas.common import NO_PLASTICITY, NO_TEACHER, TRAINED, atlas_scenario, hands, sheets

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def animals(p: FingerParameters) -> dict[str, Animal]:
    """Vibrate one place of each trained tip of one animal, and put those of the other on the disc."""
    stimuli: dict[str, Stimulus] = {"flutter": Vibration(p.training.digits), "disc": Disc()}
    return {
        name: Animal((*settled(p), Use("train", p.training.dose, (stimulus,), LEARNING), Map("after")))
        for name, stimulus in stimuli.items()
    }


EXPERIMENT = Experiment(animals)


def build(p: FingerParameters) -> Model:
    """Build the network."""
    return EXPERIMENT.build(p)


def analyse(p: FingerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Compare area and fields of the trained tips before and after, and the areas of both animals."""
    skin = tips(*p.training.digits)
    before, after = EXPERIMENT.maps(p, recordings["flutter"]).values()
    on_disc = EXPERIMENT.maps(p, recordings["disc"])["after"]  # both animals have the same map before
    grown, as_on_disc = (expansion(before.graded(skin), later.graded(skin)) for later in (after, on_disc))
    return {
        "expansion_flutter": grown,
        "expansion_flutter_wta": expansion(before.won(skin), after.won(skin)),
        "rf_ratio_flutter": field_ratio(before, after, skin),
        "rf_ratio_flutter_all": expansion(before.field_size(skin), after.field_size(skin)),
        "rf_before_mm2": before.field_size(skin),
        "expansion_disc": as_on_disc,
        "rf_ratio_disc": field_ratio(before, on_disc, skin),
        "expansion_over_disc": quotient(grown, as_on_disc),
    }, {}


def figures(p: FingerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw the maps and the fields on the hand, after a vibration and after the disc."""
    before, after = EXPERIMENT.maps(p, recordings["flutter"]).values()
    maps = {"before": before, "vibrated": after, "on the disc": EXPERIMENT.maps(p, recordings["disc"])["after"]}
    skin, title = tips(*p.training.digits), "Fingertips are trained"
    return {"hand": hands(maps, title, skin), "sheet": sheets(maps, title, skin)}


AREA = "Area of cortex that answers to the trained tips, after / before, "
FIELD = "Mean field at the sites that answer to the trained tips before and after, after / before, "
EVERY = "Mean field of the sites driven most by the trained tips in each map, after / before, "

SCENARIO = atlas_scenario(
    EXPERIMENT,
    build,
    reads=TRAINED,
    name="flutter_training",
    title="Flutter on a fingertip enlarges fields, a moving surface makes them smaller",
    citation="Recanzone, Merzenich & Jenkins 1992, J Neurophysiol 67:1031-1056",
    analyse=analyse,
    figures=figures,
    main_figure="hand",
    measures=(
        Measure("expansion_flutter", f"{AREA}flutter (graded).", reference=REFERENCES["recanzone1992.expansion"]),
        Measure("expansion_flutter_wta", f"{AREA}flutter (winner-take-all)."),
        Measure("rf_ratio_flutter", f"{FIELD}flutter.", reference=REFERENCES["recanzone1992.rf_ratio"]),
        Measure("rf_ratio_flutter_all", f"{EVERY}flutter."),
        Measure("rf_before_mm2", "Mean field of the sites driven most by the trained tips, before.", "mm^2"),
        Measure("expansion_disc", f"{AREA}in the animal on the disc (graded)."),
        Measure("rf_ratio_disc", f"{FIELD}in the animal on the disc."),
        Measure("expansion_over_disc", "Area of the trained tips after a vibration / after the disc (graded)."),
    ),
    nulls={
        "no_plasticity": NO_PLASTICITY.missing("expansion_flutter", "rf_ratio_flutter"),
        "no_teacher": NO_TEACHER.missing("expansion_flutter"),
    },
)

if __name__ == "__main__":
    main(SCENARIO)
