"""An expansion in the wrong place: what becomes of the skin beside it?

Rats whose map of high frequencies was enlarged, by pairing tones with stimulation of the nucleus basalis, after they
had learned to tell low frequencies apart, did worse on those (Reed et al. 2011, Neuron 70:121, highlights); a map that
microstimulation had reorganized did not change what rats could tell (Talwar & Gerstein 2001, J Neurophysiol 86:1555,
recalled).

Here a readout learns how deeply the tips of D1, D4 and D5 are pressed. Then the tips of D2 and D3 are on the disc,
without any task, and the readout stays as it is. The control uses its hand as before.

What theory says: an expansion recruits idle cells, which nobody used, and teachers keep their weights. So cells beside
it lose no input. But PV cells at the border hear copies of D3 and cells of D4, and hold the mean of both. If copies add
k times what is expected and a share phi of what a PV cell hears comes from D3, its hold settles where
``gain (1 + k phi) = 1``: cells of D4 lose spikes to a hold that another digit has raised, and d' falls as the square
root of the spikes that are left. So a cost is expected next to the expansion (D1, D4), none far from it (D5), none
without teachers, and none if the hold does not adapt.

That is so if the noise is each cell's own. Noise that cells share, such as that of the afferents that they all hear, is
scaled down along with what they tell, and d' does not see it. A readout whose criterion stays where it was sees it all
the same, in `right_change`, which came after a first run (root 700) had been looked at and so has no band.
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.analysis.map_change import expansion
from cortex.analysis.ratios import quotient
from cortex.engine.model import Model
from cortex.engine.simulation import Recording
from cortex.experiment.measure import Condition, Measure
from cortex.mechanisms.gates import LEARNING
from models.finger_area import FingerParameters
from models.finger_area.comparing import tips
from models.finger_area.depth import Told, told_apart
from models.finger_area.experiment import Animal, Depths, Experiment, Map, Use, settled
from models.finger_area.touches import Disc
from scenarios.atlas.common import DISC, NO_PLASTICITY, NO_TEACHER, atlas_scenario, sheets

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EXPANDED, BESIDE, FAR = (2, 3), (1, 4), (5,)
"""Digits on the disc, those next to them, and the last one."""

PRESENTATIONS = 100
"""Of each depth: d' of 4 is then known to 6 %, and its mean over ten seeds to 2 %."""

TESTS = tuple(Depths(f"depths {when}", (*BESIDE, *FAR), PRESENTATIONS) for when in ("before", "after"))


def animals(p: FingerParameters) -> dict[str, Animal]:
    """Expand the zones of two tips in one animal; the other uses its hand as before."""
    before, after = TESTS
    return {
        name: Animal((*settled(p), before, Use("train", p.training.dose, touches, LEARNING), after, Map("after")))
        for name, touches in {"misplaced": (Disc(EXPANDED),), "control": ()}.items()
    }


EXPERIMENT = Experiment(animals)


def build(p: FingerParameters) -> Model:
    """Build the network."""
    return EXPERIMENT.build(p)


def read(p: FingerParameters, run: Recording, digits: tuple[int, ...]) -> Told:
    """Return what the zones of some tips tell of the depth of touches after the use of the hand."""
    pressed = TESTS[0].shown(p).override({"training.digits": digits})
    names = TESTS[0].name, TESTS[1].name
    return told_apart(pressed, run, names, EXPERIMENT.layout(p))


def analyse(p: FingerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Compare what a readout that does not change tells in both animals."""
    read_of = {name: {digits: read(p, run, digits) for digits in (BESIDE, FAR)} for name, run in recordings.items()}
    before, after = EXPERIMENT.maps(p, recordings["misplaced"]).values()
    changes = {}
    for place, digits in (("", BESIDE), ("_far", FAR)):
        there, usual = (read_of[name][digits] for name in ("misplaced", "control"))
        changes[f"d_prime_change{place}"] = quotient(there.d_prime, usual.d_prime) - 1
        changes[f"right_change{place}"] = there.right - usual.right
        changes[f"spikes_change{place}"] = quotient(there.spikes, usual.spikes) - 1
    predicted = {name.replace("spikes", "d_prime"): float(np.sqrt(1 + changes[name])) - 1 for name in SPIKES}
    return changes | {
        "d_prime_control": read_of["control"][BESIDE].d_prime,
        "expansion": expansion(before.graded(tips(*EXPANDED)), after.graded(tips(*EXPANDED))),
        "expansion_beside": expansion(before.graded(tips(*BESIDE)), after.graded(tips(*BESIDE))),
    }, predicted


SPIKES = ("spikes_change", "spikes_change_far")


def figures(p: FingerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw the maps of both animals."""
    maps = EXPERIMENT.maps(p, recordings["misplaced"])
    control = EXPERIMENT.maps(p, recordings["control"])["after"]
    drawn = {"before": maps["before"], "expanded": maps["after"], "control": control}
    return {"sheet": sheets(drawn, "The tips of D2 and D3 expand", tips(*EXPANDED), "tips of D2, D3")}


D_PRIME = "d' of the depth of touches, read as before, in the animal with the expansion / in the control - 1: "
RIGHT = "Share of touches told right, read as before, in the animal with the expansion - in the control: "
SPIKES_OF = "Spikes to these touches in the animal with the expansion / in the control - 1: zones of the "

SCENARIO = atlas_scenario(
    EXPERIMENT,
    build,
    reads=("training.disc_radius", *DISC),
    name="misplaced_expansion",
    title="An expansion in the wrong place costs the skin beside it",
    citation="Reed et al. 2011, Neuron 70:121-131, doi:10.1016/j.neuron.2011.02.038",
    analyse=analyse,
    figures=figures,
    main_figure="sheet",
    measures=(
        Measure("d_prime_change", f"{D_PRIME}tips of D1 and D4.", expected=(None, -0.05)),
        Measure("d_prime_change_far", f"{D_PRIME}tip of D5."),
        Measure("right_change", f"{RIGHT}tips of D1 and D4."),
        Measure("right_change_far", f"{RIGHT}tip of D5."),
        Measure("spikes_change", f"{SPIKES_OF}tips of D1 and D4."),
        Measure("spikes_change_far", f"{SPIKES_OF}tip of D5."),
        Measure("d_prime_control", "That d' in the control, tips of D1 and D4."),
        Measure("expansion", "Area of cortex that answers to the tips on the disc (graded), after / before."),
        Measure("expansion_beside", "Area of cortex that answers to the tips of D1 and D4 (graded), after / before."),
    ),
    nulls={
        "no_plasticity": NO_PLASTICITY.missing("d_prime_change"),
        "no_teacher": NO_TEACHER.missing("d_prime_change"),
        "frozen_hold": Condition(
            "The inhibition stays as strong as it was before copying.", {"normalization.learning_rate": "0 /s"}
        ).missing("d_prime_change"),
    },
)

if __name__ == "__main__":
    main(SCENARIO)
