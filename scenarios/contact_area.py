"""The more skin is trained, the more cortex it gains, but not in proportion.

The plainest reading of the essay behind this project is that more skin in use takes more cortex. Here four animals of
the same seed are trained for the same time on the disc, with a quarter of a fingertip, a whole one, those of two
fingers, and two fingers from end to end (7 to 220 mm^2 of skin). No experiment known to us varied the area alone; one
to three tips were trained by Jenkins et al. (1990).

Copies form among the idle cells that the arbors of the trained skin reach, on the zone of that skin and up to a radius
of an arbor beyond it. So the gain must grow with the skin, and the zone's margin, which is relatively larger for less
skin, makes it grow more slowly than in proportion. But a cell teaches only if its drive is well above the usual one,
and its field is larger than a quarter of a tip: the smallest contact may recruit nobody. Without teachers nothing is
gained.
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.analysis.map_change import expansion
from cortex.analysis.published import REFERENCES
from cortex.analysis.ratios import quotient
from cortex.engine.model import Model
from cortex.engine.simulation import Recording
from cortex.experiment.measure import Measure
from cortex.mechanisms.gates import LEARNING
from models.finger_area import FingerParameters
from models.finger_area.comparing import area_of, rank_correlation, slope, static_relation, tips
from models.finger_area.experiment import Animal, Experiment, Map, Use, settled
from models.finger_area.mapping import CorticalMap
from models.finger_area.touches import TIP, Disc
from scenarios.atlas.common import DISC, NO_PLASTICITY, NO_TEACHER, atlas_scenario, sheets

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CONTACTS = {
    "quarter_tip": Disc((3,), 1.3),
    "tip": Disc((3,), 2.5),
    "two_tips": Disc((2, 3), 2.5),
    "two_digits": Disc((2, 3), 16.0),
}
"""The disc on more and more skin, by the radius (standard deviation, mm) of the contact around the middle of a tip."""

HALF = float(np.sqrt(2 * np.log(2)))
"""Where the indentation is half its largest, in standard deviations: the skin within counts as touched."""


def animals(p: FingerParameters) -> dict[str, Animal]:
    """Train each animal with another area of skin."""
    return {
        name: Animal((*settled(p), Use("train", p.training.dose, (disc,), LEARNING), Map("after")))
        for name, disc in CONTACTS.items()
    }


EXPERIMENT = Experiment(animals)


def build(p: FingerParameters) -> Model:
    """Build the network."""
    return EXPERIMENT.build(p)


def touched(cortical_map: CorticalMap, disc: Disc) -> np.ndarray:
    """Return which probes lie on the skin that the disc touches, shape (probe,)."""
    x, y = cortical_map.probe_place.T
    near = np.hypot(x, y - TIP) < HALF * (disc.radius or 0.0)
    return np.asarray(near & np.isin(cortical_map.probe_digit + 1, disc.digits))


def areas(p: FingerParameters, recordings: dict[str, Recording]) -> np.ndarray:
    """Return of each animal the skin touched and the cortex that answers to it before and after, mm^2, shape (4, 3)."""
    rows = []
    for name, disc in CONTACTS.items():
        before, after = EXPERIMENT.maps(p, recordings[name]).values()
        probes = touched(before, disc)
        rows.append((before.probe_area[probes].sum(), area_of(before, probes), area_of(after, probes)))
    return np.array(rows)


def analyse(p: FingerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Relate the cortex that answers to the touched skin to its area, over the four animals."""
    of_animals = areas(p, recordings)
    skin, before, after = of_animals.T
    gain = after - before
    measured: dict[str, float] = {}
    for name, (_, first, last) in zip(CONTACTS, of_animals, strict=True):
        measured |= {f"expansion_{name}": expansion(first, last), f"gain_{name}_mm2": float(last - first)}
    static = static_relation(EXPERIMENT.maps(p, recordings["tip"])["before"])
    return measured | {
        "exponent_before": slope(skin, before),
        "exponent_after": slope(skin, after),
        "gain_order": rank_correlation(skin, gain),
        "gain_per_skin_ratio": quotient(gain[-1] / skin[-1], gain[1] / skin[1]),
        "static_slope": static[0],
        "static_fit": static[1],
    }, {}


def figures(p: FingerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw cortex against skin, before and after, and the map after each training."""
    from cortex.report.course import Course, figure_course

    skin, before, after = areas(p, recordings).T
    panels = (
        Course("Cortex that answers to it, mm²", {"before": (skin, before), "after": (skin, after)}),
        Course("Gain of cortex, mm²", {"gain": (skin, after - before)}),
    )
    maps = {"before": EXPERIMENT.maps(p, recordings["tip"])["before"]}
    maps |= {name.replace("_", " "): EXPERIMENT.maps(p, recordings[name])["after"] for name in ("tip", "two_digits")}
    return {
        "relation": figure_course(panels, "Skin touched, mm²", "Cortex against skin, for equal time", log=True),
        "sheet": sheets(maps, "Maps after equal time on more and more skin", tips(2, 3), "tips of D2 and D3"),
    }


AREA = "Area of cortex that answers to the touched skin"
POWER = "Exponent of a power law, over the four animals, by which the area of the touched skin gives "

SCENARIO = atlas_scenario(
    EXPERIMENT,
    build,
    reads=DISC,
    name="contact_area",
    title="The more skin is trained, the more cortex it gains",
    citation="the essay; training as in Jenkins et al. 1990, J Neurophysiol 63:82-104",
    analyse=analyse,
    figures=figures,
    main_figure="relation",
    measures=(
        *(Measure(f"expansion_{name}", f"{AREA} ({name}), after / before.") for name in list(CONTACTS)[:-1]),
        Measure("expansion_two_digits", f"{AREA} (two_digits), after / before.", expected=(1.2, None)),
        *(Measure(f"gain_{name}_mm2", f"{AREA} ({name}), after - before.", "mm^2") for name in CONTACTS),
        Measure("exponent_before", f"{POWER}that of cortex before."),
        Measure("exponent_after", f"{POWER}that of cortex after."),
        Measure("gain_order", "Rank correlation of gain and skin over the four animals.", expected=(0.8, 1.0)),
        Measure(
            "gain_per_skin_ratio",
            "Gain for each mm^2 of skin, of two digits / of one tip: 1 in proportion.",
            expected=(0.05, 1.0),
            undefined="the tip gained nothing",
        ),
        Measure(
            "static_slope",
            "Slope of log field size on log magnification over the patches of the first map.",
            reference=REFERENCES["sur1980.static_slope"],
        ),
        Measure("static_fit", "R^2 of that relation.", reference=REFERENCES["sur1980.static_fit"]),
    ),
    nulls={
        "no_plasticity": NO_PLASTICITY.missing("expansion_two_digits"),
        "no_teacher": NO_TEACHER.missing("expansion_two_digits"),
    },
)

if __name__ == "__main__":
    main(SCENARIO)
