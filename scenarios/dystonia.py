"""Fingers that are always used together at once lose their separate fields.

Owl monkeys closed a hand on a handgrip that opened at speed, hundreds of times a day, until they could do it no more.
Fields in area 3b were then 10 to 20 times as large as is normal, and many covered a whole digit or several (Byl,
Merzenich & Jenkins 1996, Neurology 47:508). It is the model of focal dystonia of the hand.

Here whole digits, D2 to D5, are pressed at the same moment, again and again in bouts, and then used as before for as
long. Skin that is always touched together is bound into one field by a Hebbian rule, as far as a cell hears it. If all
contacts of an arbor weigh the same (the predictions), fields are two or three times what they were, over two digits at
most. So 5 to 20 times is not expected: weights would have to grow where arbors are thin, as no rule here makes them.
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.analysis.map_change import return_fraction
from cortex.analysis.published import REFERENCES
from cortex.analysis.ratios import mean, quotient
from cortex.engine.model import Model
from cortex.engine.simulation import Recording
from cortex.experiment.measure import Measure
from cortex.mechanisms.gates import LEARNING
from cortex.mechanisms.skin import HAND
from models.finger_area import FingerParameters
from models.finger_area.comparing import answering, digits_of, field_ratio, two_digits, whole, zone_sites
from models.finger_area.experiment import Animal, Experiment, Map, Use, settled
from models.finger_area.touches import Taps
from models.finger_area.widest import widest_fields
from scenarios.atlas.common import BOUTS, NO_PLASTICITY, NO_TEACHER, atlas_scenario, orders, sheets

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GRIPPING = (2, 3, 4, 5)
GRIP = Taps(GRIPPING, (0, 0, 0, 0), radius=8.0, place=HAND.length / 2)
"""Whole digits are pressed together: 0.1 s in each 0.4 s."""


def animals(p: FingerParameters) -> dict[str, Animal]:
    """Let the hand grip after the first map, then use it as before."""
    grip = Use("grip", p.training.dose, (GRIP,), LEARNING)
    recover = Use("recover", p.training.dose, (), LEARNING)
    return {"gripping": Animal((*settled(p), grip, Map("after"), recover, Map("recovered")))}


EXPERIMENT = Experiment(animals)


def build(p: FingerParameters) -> Model:
    """Build the network."""
    return EXPERIMENT.build(p)


def analyse(p: FingerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Compare fields of the gripping digits before, after and when they have been used as before again."""
    before, after, recovered = EXPERIMENT.maps(p, recordings["gripping"]).values()
    skin, zone = whole(*GRIPPING), zone_sites(p, before, *GRIPPING)
    ratio, again = field_ratio(before, after, skin), field_ratio(before, recovered, skin)
    fields, areas = widest_fields(p)
    sites = answering(before, skin)
    return {
        "rf_ratio": ratio,
        "rf_ratio_recovered": again,
        "recovery": return_fraction(ratio, again) if ratio > 1 else float("nan"),
        "two_digits_before": two_digits(before, zone),
        "two_digits_after": two_digits(after, zone),
        "two_digits_recovered": two_digits(recovered, zone),
    }, {
        "rf_ratio": quotient(mean(areas[sites]), mean(before.field_area[sites])),
        "two_digits_after": float(np.mean(digits_of(fields, before.probe_digit)[zone] >= 2)),
    }


def figures(p: FingerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw where the field of each site lies, and the maps."""
    maps, title = EXPERIMENT.maps(p, recordings["gripping"]), "D2 to D5 are pressed together"
    return {"order": orders(p, maps, title), "sheet": sheets(maps, title, whole(*GRIPPING), "skin of D2 to D5")}


FIELD = "Mean field at the sites that answer to D2 to D5 in both maps, "
SHARE = "Share of the sites in the strips of D2 to D5 with fields over two digits or more, "

SCENARIO = atlas_scenario(
    EXPERIMENT,
    build,
    reads=BOUTS,
    name="dystonia",
    title="Fingers that are always used together at once lose their separate fields",
    citation="Byl, Merzenich & Jenkins 1996, Neurology 47:508-520",
    analyse=analyse,
    figures=figures,
    main_figure="order",
    measures=(
        Measure("rf_ratio", f"{FIELD}after / before.", reference=REFERENCES["byl1996.rf_ratio"]),
        Measure("rf_ratio_recovered", f"{FIELD}after use as before / before."),
        Measure(
            "recovery",
            "Share of the growth of fields that is gone after use as before.",
            expected=(0.6, None),
            undefined="fields did not grow",
        ),
        Measure("two_digits_before", f"{SHARE}before."),
        Measure("two_digits_after", f"{SHARE}after.", reference=REFERENCES["byl1996.two_digits"]),
        Measure("two_digits_recovered", f"{SHARE}after use as before."),
    ),
    nulls={
        "no_plasticity": NO_PLASTICITY.missing("rf_ratio", "two_digits_after"),
        "no_teacher": NO_TEACHER,
    },
)

if __name__ == "__main__":
    main(SCENARIO)
