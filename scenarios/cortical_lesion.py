"""Skin whose cortex is destroyed is represented again beside the lesion, by larger fields.

A small lesion took the zone of a part of a finger in area 3b of owl monkeys. Weeks to months later the skin that had
lost its zone drove cortex around it, where fields had become larger: less cortex for each mm^2 of skin, larger fields
(Jenkins & Merzenich 1987, Prog Brain Res 71:249).

Here all cells of the zone of D3's tip and within 0.15 mm of it are silenced, and the hand is used as before for four
times as long as training lasts elsewhere. Cells beside the lesion hear the tip by arbors that reach them, but have
skin of their own, which still drives them: nothing is lacking in them, so they neither scale nor are taught, and a
slow Hebbian rule keeps what they have. So little recovery is expected beyond what the rim answers at once.
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.analysis.published import REFERENCES
from cortex.analysis.ratios import mean, quotient
from cortex.engine.model import Model
from cortex.engine.simulation import Recording
from cortex.experiment.measure import Measure
from cortex.mechanisms.gates import LEARNING
from models.finger_area import FingerParameters
from models.finger_area.anatomy import Anatomy, outside
from models.finger_area.comparing import answering, change_slope, share, tips
from models.finger_area.experiment import Animal, Experiment, Map, Use, settled
from models.finger_area.mapping import CorticalMap
from scenarios.atlas.common import MONTHS, NO_PLASTICITY, NO_SCALING, atlas_scenario, sheets

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DIGIT = 3
MARGIN = 0.15
"""How far the lesion reaches beyond the zone of the tip, mm."""

DEAD = {"silencing": 1.0}


def animals(p: FingerParameters) -> dict[str, Animal]:
    """Destroy the zone of a tip after the first map."""
    use = Use("lesioned", MONTHS * p.training.dose, (), LEARNING | DEAD)
    lesion = outside(p.override({"training.digits": (DIGIT,)})) <= MARGIN
    return {"lesioned": Animal((*settled(p), Map("at once", gates=DEAD), use, Map("late", gates=DEAD)), lesion)}


EXPERIMENT = Experiment(animals)


def build(p: FingerParameters) -> Model:
    """Build the network."""
    return EXPERIMENT.build(p)


def represented(cortical_map: CorticalMap, spared: np.ndarray) -> np.ndarray:
    """Return which probes drive any spared site, shape (probe,)."""
    driven = cortical_map.responses > cortical_map.thresholds[:, None]
    return np.asarray((driven & spared[:, None]).any(axis=0))


def analyse(p: FingerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Find what of the tip's skin drives cortex beside the lesion."""
    before, at_once, late = EXPERIMENT.maps(p, recordings["lesioned"]).values()
    skin = tips(DIGIT)
    dead = outside(p.override({"training.digits": (DIGIT,)})) <= MARGIN
    spared = before.members @ dead == 0
    on_tip = np.isin(before.probe_patch, skin)
    lost = on_tip & represented(before, np.ones(len(spared), bool)) & ~represented(at_once, spared)
    answers = [answering(before, skin), answering(at_once, skin) & spared, answering(late, skin) & spared]
    areas = [float(sites.sum() * before.site_area) for sites in answers]
    fields = [mean(drawn.field_area[sites]) for drawn, sites in ((before, answers[0]), (late, answers[2]))]
    turned = quotient(fields[0], fields[1]), quotient(areas[0], areas[2])  # the slope of growth, seen backwards in time
    return {
        "lost": share(lost, on_tip),
        "recovered": share(represented(late, spared), lost),
        "area_at_once_mm2": areas[1],
        "area_late_mm2": areas[2],
        "rf_ratio": quotient(fields[1], fields[0]),
        "change_slope": change_slope(*turned),
        "lesion_mm2": float(dead.sum() / len(dead) * np.prod(Anatomy(p).size)),
    }, {}


def figures(p: FingerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw the maps."""
    maps = EXPERIMENT.maps(p, recordings["lesioned"])
    return {"sheet": sheets(maps, f"The zone of the tip of D{DIGIT} is lost", tips(DIGIT), f"tip of D{DIGIT}")}


SCENARIO = atlas_scenario(
    EXPERIMENT,
    build,
    name="cortical_lesion",
    title="Skin whose cortex is destroyed is represented again beside the lesion",
    citation="Jenkins & Merzenich 1987, Prog Brain Res 71:249-266",
    analyse=analyse,
    figures=figures,
    main_figure="sheet",
    measures=(
        Measure("lost", "Share of the tip's skin that drives no spared site at once, and drove cortex before."),
        Measure(
            "recovered",
            "Share of that skin that drives a spared site late.",
            reference=REFERENCES["lesion.recovered"],
            undefined="no skin was lost",
        ),
        Measure("area_at_once_mm2", "Spared area that answers to the tip at once.", "mm^2"),
        Measure("area_late_mm2", "Spared area that answers to the tip late.", "mm^2"),
        Measure(
            "rf_ratio",
            "Mean field of spared sites that answer to the tip late / of all such sites before.",
            reference=REFERENCES["lesion.rf_ratio"],
            undefined="no spared site answers to the tip",
        ),
        Measure(
            "change_slope",
            "Logarithm of that ratio / logarithm of the area that answers to the tip late / before; -1 if fields grow "
            "as the area shrinks.",
            undefined="the area shrank by less than a sixth, or no spared site answers to the tip",
        ),
        Measure("lesion_mm2", "Area of the lesion.", "mm^2"),
    ),
    nulls={"no_plasticity": NO_PLASTICITY.missing("recovered"), "no_scaling": NO_SCALING},
)

if __name__ == "__main__":
    main(SCENARIO)
