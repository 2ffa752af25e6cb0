"""Fingers that are touched together come to share sites, fingers that are touched in turn do not.

Bars were pressed across D2 to D4 of owl monkeys for weeks, on the tips together and on other segments in turn. Fields
over several fingers developed for skin that was touched together, and skin touched in turn was segregated (Wang et al.
1995, Nature 378:71). With reward they developed for taps 100 ms apart too (Blake et al. 2005, PMC2826984).

Here the tips of D2 and D3 are tapped together, and those of D3 and D4, and of D4 and D5, in turn 200 ms apart, all in
one animal; in another of the same seed each tip is tapped 100 ms after the one before. A Hebbian rule with traces of
20 ms binds skin that is touched together and by the same cells; at 100 ms exp(-100/20) = 0.7 % of a trace is left. So
fields over two digits are expected after taps together and after neither of the others, if a cell hears enough of both
tips: at the border, within the radius of an arbor.
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
from models.finger_area.comparing import at_borders, field_ratio, near_border, tip_zone, tips
from models.finger_area.experiment import Animal, Experiment, Map, Use, settled
from models.finger_area.touches import Taps
from scenarios.atlas.common import BOUTS, NO_PLASTICITY, NO_TEACHER, atlas_scenario, orders, sheets

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TAPPED = (2, 3, 4, 5)
SHIFTS = {"in_turn": (0, 0, 4, 0), "100_ms_apart": (0, 2, 4, 6)}
"""Slots of 50 ms after which each tip is tapped, in a cycle of 8."""

BORDERS = {"together": ("in_turn", (2,)), "in_turn": ("in_turn", (3, 4)), "100_ms_apart": ("100_ms_apart", (2, 3, 4))}
"""Animal, and borders between a digit and the next, at which tips are tapped so."""


def animals(p: FingerParameters) -> dict[str, Animal]:
    """Tap four tips of each animal in another order."""
    return {
        name: Animal(
            (
                *settled(p),
                Use("train", p.training.dose, (Taps(TAPPED, shifts),), LEARNING),
                Map("after"),
            )
        )
        for name, shifts in SHIFTS.items()
    }


EXPERIMENT = Experiment(animals)


def build(p: FingerParameters) -> Model:
    """Build the network."""
    return EXPERIMENT.build(p)


def analyse(p: FingerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Count fields over two digits near their borders, before and after."""
    measured: dict[str, float] = {}
    counts: dict[str, tuple[int, int]] = {}
    for name, (animal, borders) in BORDERS.items():
        before, after = EXPERIMENT.maps(p, recordings[animal]).values()
        near = {border: near_border(p, before, border) & tip_zone(p, before) for border in borders}
        counts[name] = at_borders(after, near)
        measured[f"two_digits_{name}_before"] = quotient(*at_borders(before, near))
        measured[f"two_digits_{name}"] = quotient(*counts[name])
        measured[f"rf_ratio_{name}"] = field_ratio(before, after, tips(*{b + n for b in borders for n in (0, 1)}))
    return measured | {"together_over_in_turn": over(counts["together"], counts["in_turn"])}, {}


def over(together: tuple[int, int], in_turn: tuple[int, int]) -> float:
    """Return the ratio of two shares, each a count and of how many; no site in turn counts as half a site."""
    return quotient(quotient(*together), quotient(max(in_turn[0], 0.5), in_turn[1]))


def figures(p: FingerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw where the field of each site lies after each training, and the maps."""
    before, after = EXPERIMENT.maps(p, recordings["in_turn"]).values()
    apart = EXPERIMENT.maps(p, recordings["100_ms_apart"])["after"]
    stages = {"before": before, "D2, D3 together, D4 in turn": after, "each 100 ms later": apart}
    title = "The tips of D2 to D5 are tapped"
    return {"order": orders(p, stages, title), "sheet": sheets(stages, title, tips(*TAPPED))}


SHARE = (
    "Share of the responding sites in the zones of the tips, within 0.5 mm of a border, with fields over both digits "
    "of that border, tapped "
)
FIELD = "Mean field at the sites that answer to the tips before and after, after / before, tapped "

SCENARIO = atlas_scenario(
    EXPERIMENT,
    build,
    reads=BOUTS,
    name="digit_timing",
    title="Fingers that are touched together come to share sites",
    citation="Wang, Merzenich, Sameshima & Jenkins 1995, Nature 378:71-75; Blake et al. 2005, PMC2826984",
    analyse=analyse,
    figures=figures,
    main_figure="order",
    measures=(
        Measure("two_digits_together", f"{SHARE}together, after."),
        Measure("two_digits_in_turn", f"{SHARE}in turn, after."),
        Measure(
            "two_digits_100_ms_apart", f"{SHARE}100 ms apart, after.", reference=REFERENCES["blake2005.two_digits"]
        ),
        Measure("two_digits_together_before", f"{SHARE}together, before."),
        Measure("two_digits_in_turn_before", f"{SHARE}in turn, before."),
        Measure("two_digits_100_ms_apart_before", f"{SHARE}100 ms apart, before."),
        Measure(
            "together_over_in_turn",
            "That share after taps together / in turn, where half a site stands for none.",
            reference=REFERENCES["wang1995.ratio"],
            undefined="no site near one of these borders responds",
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
