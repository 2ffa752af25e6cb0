"""Two fingers that are sewn together come to share one map.

The skin of two neighbouring fingers of adult owl monkeys was joined by surgery. Months later the sharp border between
their zones in area 3b was gone: many fields reached over both fingers, and field centres moved on smoothly where they
had jumped (Clark, Allard, Jenkins & Merzenich 1988, Nature 332:444, doi:10.1038/332444a0).

Here touches move over D2 and D3 as over one pad of twice the width, and over each digit alone in the control, the same
animal, for four times as long as training lasts elsewhere: months, where that is weeks. Cells near the border hear
both fingers, by anatomy; a Hebbian rule keeps the skin of the finger that drives a cell while touches never cross the
border, and adds the other's when they do. So fields over two digits are expected within the radius of an arbor of the
border and nowhere else, and no more of them than before without plasticity.
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
from models.finger_area.comparing import border_step, near_border, two_digits, whole
from models.finger_area.experiment import Animal, Experiment, Step, settled
from models.finger_area.touches import Fused
from scenarios.atlas.common import MONTHS, NO_PLASTICITY, NO_TEACHER, atlas_scenario, orders, sheets

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FUSED = (2, 3)


def animals(p: FingerParameters) -> dict[str, Animal]:
    """Fuse two digits of one animal; the other uses its hand as before."""
    return {
        name: Animal((*settled(p), Step("use", MONTHS * p.training.dose, touches, LEARNING), Step("after")))
        for name, touches in {"fused": (Fused(FUSED),), "control": ()}.items()
    }


EXPERIMENT = Experiment(animals)


def build(p: FingerParameters) -> Model:
    """Build the network."""
    return EXPERIMENT.build(p)


def analyse(p: FingerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Compare the sites near the border of the two digits before and after."""
    before, after = EXPERIMENT.maps(p, recordings["fused"]).values()
    control = EXPERIMENT.maps(p, recordings["control"])["after"]
    near = near_border(p, before, FUSED[0])
    step = border_step(p, before, FUSED[0])
    return {
        "two_digits_before": two_digits(before, near),
        "two_digits_after": two_digits(after, near),
        "two_digits_control": two_digits(control, near),
        "border_step_before_mm": step,
        "border_step_ratio": quotient(border_step(p, after, FUSED[0]), step),
        "border_step_ratio_control": quotient(border_step(p, control, FUSED[0]), step),
    }, {}


def figures(p: FingerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw where the field of each site lies, and the maps."""
    fused, control = (EXPERIMENT.maps(p, recordings[name]) for name in ("fused", "control"))
    stages = {"before": fused["before"], "after fusion": fused["after"], "control, after": control["after"]}
    title = "D2 and D3 are sewn together"
    return {"order": orders(p, stages, title), "sheet": sheets(stages, title, whole(*FUSED), "skin of D2 and D3")}


SHARE = "Share of the sites within 0.5 mm of the border between D2 and D3 with fields over two digits, "
JUMP = "Jump of field centres at the border between D2 and D3, "

SCENARIO = atlas_scenario(
    EXPERIMENT,
    build,
    name="syndactyly",
    title="Two fingers that are sewn together come to share one map",
    citation="Clark, Allard, Jenkins & Merzenich 1988, Nature 332:444-445",
    analyse=analyse,
    figures=figures,
    main_figure="order",
    measures=(
        Measure("two_digits_before", f"{SHARE}before.", reference=REFERENCES["clark1988.two_digits_before"]),
        Measure("two_digits_after", f"{SHARE}after fusion.", reference=REFERENCES["clark1988.two_digits"]),
        Measure("two_digits_control", f"{SHARE}in the animal with two fingers.", expected=(0, 0.15)),
        Measure("border_step_before_mm", f"{JUMP}before, in cortex.", "mm"),
        Measure("border_step_ratio", f"{JUMP}after / before.", reference=REFERENCES["clark1988.border_step"]),
        Measure("border_step_ratio_control", f"{JUMP}in the animal with two fingers, after / before."),
    ),
    nulls={
        "no_plasticity": NO_PLASTICITY.missing("two_digits_after", "border_step_ratio"),
        "no_teacher": NO_TEACHER,
    },
)

if __name__ == "__main__":
    main(SCENARIO)
