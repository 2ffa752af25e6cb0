"""A finger that is trained on a vibrating probe gets larger fields, one trained on a moving surface smaller ones.

Owl monkeys learned to tell frequencies of flutter near 20 Hz apart, by a probe that vibrated at one small place of a
finger. That skin came to drive a larger area of cortex, as on the disc; but receptive fields there were larger and
overlapped more (Recanzone, Merzenich & Jenkins 1992, J Neurophysiol 67:1031-1056), where moving stimuli make them
smaller (Jenkins et al. 1990). The pair tells more of a model than either alone.

Here one animal is vibrated on the tips of D2 and D3 in bouts, and the other puts them on the disc in the same bouts.
The probe drives all afferents around it at once, so that a Hebbian rule binds them into one field as wide as the arbor
allows; ridges that move in all directions drive narrow rows of them. So the ratio of field sizes is expected above 1
after vibration and below 1 after the disc, if normal use leaves fields that are narrower than the arbor.
"""

from typing import TYPE_CHECKING

from cortex import main
from cortex.analysis.map_change import expansion
from cortex.analysis.published import REFERENCES
from cortex.engine.model import Model
from cortex.engine.simulation import Recording
from cortex.experiment.measure import Measure
from cortex.mechanisms.gates import LEARNING
from models.finger_area import FingerParameters
from models.finger_area.comparing import field_ratio, tips
from models.finger_area.experiment import Animal, Experiment, Step, settled
from models.finger_area.touches import Disc, Stimulus, Vibration
from scenarios.atlas.common import NO_PLASTICITY, NO_TEACHER, atlas_scenario, sheets

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def animals(p: FingerParameters) -> dict[str, Animal]:
    """Vibrate one place of each trained tip of one animal; the other has them on the disc."""
    stimuli: dict[str, Stimulus] = {"flutter": Vibration(p.training.digits), "disc": Disc()}
    return {
        name: Animal((*settled(p), Step("train", p.training.dose, (stimulus,), LEARNING), Step("after")))
        for name, stimulus in stimuli.items()
    }


EXPERIMENT = Experiment(animals)


def build(p: FingerParameters) -> Model:
    """Build the network."""
    return EXPERIMENT.build(p)


def analyse(p: FingerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Compare area and fields of the trained tips before and after, in both animals."""
    skin, measured = tips(*p.training.digits), dict[str, float]()
    for name, run in recordings.items():
        before, after = EXPERIMENT.maps(p, run).values()
        measured |= {
            f"expansion_{name}": expansion(before.graded(skin), after.graded(skin)),
            f"expansion_{name}_wta": expansion(before.won(skin), after.won(skin)),
            f"rf_ratio_{name}": field_ratio(before, after, skin),
            f"rf_ratio_{name}_all": expansion(before.field_size(skin), after.field_size(skin)),
        }
    return measured, {}


def figures(p: FingerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw the maps of both animals."""
    flutter, disc = (EXPERIMENT.maps(p, recordings[name]) for name in ("flutter", "disc"))
    stages = {"before": flutter["before"], "after flutter": flutter["after"], "after the disc": disc["after"]}
    return {"sheet": sheets(stages, "Tips trained by flutter, or on the disc", tips(*p.training.digits))}


AREA = "Area of cortex that answers to the trained tips, after / before, "
FIELD = "Mean field at the sites that answer to the trained tips before and after, after / before, "
EVERY = "Mean field of the sites driven most by the trained tips in each map, after / before, "

SCENARIO = atlas_scenario(
    EXPERIMENT,
    build,
    name="flutter_training",
    title="Flutter on a fingertip enlarges fields, a moving surface makes them smaller",
    citation="Recanzone, Merzenich & Jenkins 1992, J Neurophysiol 67:1031-1056",
    analyse=analyse,
    figures=figures,
    main_figure="sheet",
    measures=(
        Measure("expansion_flutter", f"{AREA}flutter (graded).", reference=REFERENCES["recanzone1992.expansion"]),
        Measure("expansion_flutter_wta", f"{AREA}flutter (winner-take-all)."),
        Measure("rf_ratio_flutter", f"{FIELD}flutter.", reference=REFERENCES["recanzone1992.rf_ratio"]),
        Measure("rf_ratio_flutter_all", f"{EVERY}flutter."),
        Measure("expansion_disc", f"{AREA}disc (graded).", reference=REFERENCES["jenkins1990.expansion"]),
        Measure("expansion_disc_wta", f"{AREA}disc (winner-take-all)."),
        Measure("rf_ratio_disc", f"{FIELD}disc.", reference=REFERENCES["jenkins1990.rf_ratio"]),
        Measure("rf_ratio_disc_all", f"{EVERY}disc."),
    ),
    nulls={
        "no_plasticity": NO_PLASTICITY.missing("expansion_flutter", "rf_ratio_flutter", "expansion_disc"),
        "no_teacher": NO_TEACHER.missing("expansion_flutter", "expansion_disc"),
    },
)

if __name__ == "__main__":
    main(SCENARIO)
