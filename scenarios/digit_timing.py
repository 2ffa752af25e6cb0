"""Fingers that are touched together come to share sites, fingers that are touched in turn do not.

Bars were pressed across D2 to D4 of owl monkeys for weeks, on the tips together and on other segments in turn. Fields
over several fingers developed for skin that was touched together, and skin touched in turn was segregated (Wang et al.
1995, Nature 378:71). With reward they developed for taps 100 ms apart too (Blake et al. 2005, PMC2826984).

Here the tips of D2 and D3 are tapped together, in turn 200 ms apart, or 100 ms apart, in three animals of the same
seed. A Hebbian rule with traces of 20 ms binds skin that is touched together and by the same cells; at 100 ms
exp(-100/20) = 0.7 % of a trace is left. So fields over two digits are expected after taps together and after neither
of the others, if a cell hears enough of both tips: at the border, within the radius of an arbor.
"""

from typing import TYPE_CHECKING

from cortex import main
from cortex.analysis.published import REFERENCES
from cortex.analysis.ratios import quotient
from cortex.engine.model import Model
from cortex.engine.simulation import Recording
from cortex.experiment.measure import Measure
from cortex.mechanisms.gates import LEARNING
from models.finger_area import FingerParameters
from models.finger_area.comparing import field_ratio, near_border, tips, two_digits
from models.finger_area.experiment import Animal, Experiment, Step, settled
from models.finger_area.touches import Taps
from scenarios.atlas.common import NO_PLASTICITY, NO_TEACHER, atlas_scenario, orders, sheets

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TAPPED = (2, 3)
SHIFTS = {"together": 0, "in_turn": 4, "100_ms_apart": 2}
"""Slots of 50 ms by which the second digit is tapped later, in a cycle of 8."""


def animals(p: FingerParameters) -> dict[str, Animal]:
    """Tap two tips of each animal in another order."""
    return {
        name: Animal(
            (
                *settled(p),
                Step("train", p.training.dose, (Taps(TAPPED, (0, shift)),), LEARNING),
                Step("after"),
            )
        )
        for name, shift in SHIFTS.items()
    }


EXPERIMENT = Experiment(animals)


def build(p: FingerParameters) -> Model:
    """Build the network."""
    return EXPERIMENT.build(p)


def analyse(p: FingerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Count fields over two digits near their border, before and after."""
    measured = {}
    for name, run in recordings.items():
        before, after = EXPERIMENT.maps(p, run).values()
        near = near_border(p, before, TAPPED[0])
        measured["two_digits_before"] = two_digits(before, near)
        measured[f"two_digits_{name}"] = two_digits(after, near)
        measured[f"rf_ratio_{name}"] = field_ratio(before, after, tips(*TAPPED))
    together, in_turn = measured["two_digits_together"], measured["two_digits_in_turn"]
    return measured | {"together_over_in_turn": quotient(together, in_turn)}, {}


def figures(p: FingerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw where the field of each site lies after each training, and the maps."""
    stages = {name.replace("_", " "): EXPERIMENT.maps(p, run)["after"] for name, run in recordings.items()}
    stages = {"before": EXPERIMENT.maps(p, recordings["together"])["before"]} | stages
    title = "The tips of D2 and D3 are tapped"
    some = {name: stages[name] for name in ("before", "together", "in turn")}
    return {"order": orders(p, stages, title), "sheet": sheets(some, title, tips(*TAPPED))}


SHARE = "Share of the sites within 0.5 mm of the border between D2 and D3 with fields over two digits, "
FIELD = "Mean field at the sites that answer to the tapped tips before and after, after / before, taps "

SCENARIO = atlas_scenario(
    EXPERIMENT,
    build,
    name="digit_timing",
    title="Fingers that are touched together come to share sites",
    citation="Wang, Merzenich, Sameshima & Jenkins 1995, Nature 378:71-75; Blake et al. 2005, PMC2826984",
    analyse=analyse,
    figures=figures,
    main_figure="order",
    measures=(
        Measure("two_digits_before", f"{SHARE}before."),
        Measure("two_digits_together", f"{SHARE}after taps together."),
        Measure("two_digits_in_turn", f"{SHARE}after taps in turn."),
        Measure(
            "two_digits_100_ms_apart", f"{SHARE}after taps 100 ms apart.", reference=REFERENCES["blake2005.two_digits"]
        ),
        Measure(
            "together_over_in_turn",
            "That share after taps together / in turn.",
            reference=REFERENCES["wang1995.ratio"],
            undefined="no field covers two digits after taps in turn",
        ),
        Measure("rf_ratio_together", f"{FIELD}together."),
        Measure("rf_ratio_in_turn", f"{FIELD}in turn."),
        Measure("rf_ratio_100_ms_apart", f"{FIELD}100 ms apart.", reference=REFERENCES["blake2005.rf_ratio"]),
    ),
    nulls={
        "no_plasticity": NO_PLASTICITY.missing("together_over_in_turn", "rf_ratio_100_ms_apart"),
        "no_teacher": NO_TEACHER,
    },
)

if __name__ == "__main__":
    main(SCENARIO)
