"""Two fingers that are sewn together come to share one map.

The skin of two neighbouring fingers of adult owl monkeys was joined by surgery. Months later the sharp border between
their zones in area 3b was gone: many fields reached over both fingers, and field centres moved on smoothly where they
had jumped (Clark, Allard, Jenkins & Merzenich 1988, Nature 332:444, doi:10.1038/332444a0).

Here touches move over D2 and D3 as over one pad of twice the width for four times as long as training lasts elsewhere:
months, where that is weeks. The control is the border between D4 and D5 of the same animal. Cells near the border hear
both fingers, by anatomy; a Hebbian rule keeps the skin of the finger that drives a cell while touches never cross the
border, and adds the other's when they do. So fields over two digits are expected within the radius of an arbor of the
border and nowhere else, and no more of them than before without plasticity. If all contacts of an arbor weigh the same
it is a share of 0.37 (the prediction of `two_digits_after`), which is below the band: to be within it weights would
have to be larger where arbors are thin. Established cells learn slowly, so that it may take longer than was simulated.
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.analysis.published import REFERENCES
from cortex.analysis.ratios import quotient
from cortex.engine.model import Model
from cortex.engine.simulation import Recording
from cortex.experiment.measure import Measure
from cortex.mechanisms.gates import LEARNING
from models.finger_area import FingerParameters
from models.finger_area.comparing import at_borders, border_step, near_border, over_border, whole
from models.finger_area.experiment import Animal, Experiment, Map, Use, settled
from models.finger_area.touches import Fused
from models.finger_area.widest import widest_fields
from scenarios.atlas.common import MONTHS, NO_PLASTICITY, NO_TEACHER, atlas_scenario, orders, sheets

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FUSED = (2, 3)
APART = 4
"""The border between this digit and the next is the control."""


def animals(p: FingerParameters) -> dict[str, Animal]:
    """Fuse two digits after the first map."""
    use = Use("fused", MONTHS * p.training.dose, (Fused(FUSED),), LEARNING)
    return {"fused": Animal((*settled(p), use, Map("after")))}


EXPERIMENT = Experiment(animals)


def build(p: FingerParameters) -> Model:
    """Build the network."""
    return EXPERIMENT.build(p)


def analyse(p: FingerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Compare the sites near the border of the two digits before and after, and those near another border."""
    before, after = EXPERIMENT.maps(p, recordings["fused"]).values()
    measured: dict[str, float] = {}
    for border, end in ((FUSED[0], ""), (APART, "_control")):
        near, step = near_border(p, before, border), border_step(p, before, border)
        measured |= {
            f"two_digits_before{end}": quotient(*at_borders(before, {border: near})),
            f"two_digits_after{end}": quotient(*at_borders(after, {border: near})),
            f"border_step_before{end}_mm": step,
            f"border_step_ratio{end}": quotient(border_step(p, after, border), step),
        }
    fields, _ = widest_fields(p)
    alike = over_border(fields, before.probe_digit, FUSED[0])[near_border(p, before, FUSED[0])]
    return measured, {"two_digits_after": float(np.mean(alike))}


def figures(p: FingerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw where the field of each site lies, and the maps."""
    before, after = EXPERIMENT.maps(p, recordings["fused"]).values()
    stages, title = {"before": before, "after fusion": after}, "D2 and D3 are sewn together"
    return {"order": orders(p, stages, title), "sheet": sheets(stages, title, whole(*FUSED), "skin of D2 and D3")}


SHARE = "Share of the responding sites within 0.5 mm of the border of two digits with fields over both, "
JUMP = "Jump of field centres at a border between digits, "

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
        Measure("two_digits_before", f"{SHARE}D2 and D3, before.", reference=REFERENCES["clark1988.two_digits_before"]),
        Measure("two_digits_after", f"{SHARE}D2 and D3, fused.", reference=REFERENCES["clark1988.two_digits"]),
        Measure("border_step_before_mm", f"{JUMP}D2 and D3, before, in cortex.", "mm"),
        Measure(
            "border_step_ratio", f"{JUMP}D2 and D3, fused / before.", reference=REFERENCES["clark1988.border_step"]
        ),
        Measure("two_digits_before_control", f"{SHARE}D4 and D5, before."),
        Measure("two_digits_after_control", f"{SHARE}D4 and D5, after as long a time.", expected=(0, 0.15)),
        Measure("border_step_before_control_mm", f"{JUMP}D4 and D5, before, in cortex.", "mm"),
        Measure("border_step_ratio_control", f"{JUMP}D4 and D5, after / before."),
    ),
    nulls={
        "no_plasticity": NO_PLASTICITY.missing("two_digits_after", "border_step_ratio"),
        "no_teacher": NO_TEACHER,
    },
)

if __name__ == "__main__":
    main(SCENARIO)
