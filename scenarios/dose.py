"""A short training has no effect, four times as much has.

Two hours of paired stimulation of a finger improved two-point discrimination in people, half an hour did not (Godde et
al. 2000, doi:10.1523/JNEUROSCI.20-04-01597.2000). Times are compressed here, so only the ratio of doses counts.

Here the tips of D2 and D3 are on the disc, and maps are taken after a sixteenth, a quarter and the whole of the dose.
Idle cells mature within some 50 spikes, `1/(learning_rate*decay)`, and are recruited once the drive of their teachers
has been high for about `recruitment.use_time_constant`, 15 s: both are much shorter than the dose, so an effect that
saturates early was expected before the first run, against the observation (what was found: docs/atlas.md).
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
from models.finger_area.comparing import tips
from models.finger_area.experiment import Animal, Experiment, Map, Use, settled
from models.finger_area.touches import Disc
from scenarios.atlas.common import NO_PLASTICITY, NO_TEACHER, TRAINED, atlas_scenario, sheets

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOSES = {"sixteenth": 1 / 16, "quarter": 1 / 4, "full": 1.0}
"""Training until each map, as a share of `training.dose`."""


def animals(p: FingerParameters) -> dict[str, Animal]:
    """Train one animal in three parts, with a map after each."""
    steps, done = list(settled(p)), 0.0
    for name, dose in DOSES.items():
        steps += [Use(f"train to {name}", (dose - done) * p.training.dose, (Disc(),), LEARNING), Map(name)]
        done = dose
    return {"trained": Animal(tuple(steps))}


EXPERIMENT = Experiment(animals)


def build(p: FingerParameters) -> Model:
    """Build the network."""
    return EXPERIMENT.build(p)


def effects(p: FingerParameters, recordings: dict[str, Recording]) -> dict[str, list[float]]:
    """Return the expansion of the trained tips after each dose, graded and winner-take-all."""
    skin = tips(*p.training.digits)
    before, *later = EXPERIMENT.maps(p, recordings["trained"]).values()
    return {
        "graded": [expansion(before.graded(skin), stage.graded(skin)) for stage in later],
        "winner-take-all": [expansion(before.won(skin), stage.won(skin)) for stage in later],
    }


def analyse(p: FingerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Compare the effect of a quarter of the dose with that of all of it."""
    graded, won = effects(p, recordings).values()
    return {
        **{f"expansion_{name}": value for name, value in zip(DOSES, graded, strict=True)},
        **{f"expansion_{name}_wta": value for name, value in zip(DOSES, won, strict=True)},
        "quarter_over_full": quotient(graded[1] - 1, graded[2] - 1),
        "sixteenth_over_quarter": quotient(graded[0] - 1, graded[1] - 1),
    }, {}


def figures(p: FingerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw the expansion over the dose, and the maps."""
    from cortex.report.course import Course, figure_course

    doses = [dose * float(p.training.dose) for dose in DOSES.values()]
    lines = {name: (doses, values) for name, values in effects(p, recordings).items()}
    panel = Course("Area of the trained tips, ratio", lines, level=1)
    maps = EXPERIMENT.maps(p, recordings["trained"])
    maps = {name: maps[name] for name in ("before", "quarter", "full")}
    return {
        "course": figure_course([panel], "Time of training, s", "Expansion over the dose", log=True),
        "sheet": sheets(maps, "Maps after more and more training", tips(*p.training.digits)),
    }


AREA = "Area of cortex that answers to the trained tips, over before, after a dose: "

SCENARIO = atlas_scenario(
    EXPERIMENT,
    build,
    reads=TRAINED,
    name="dose",
    title="How an expansion grows with the dose of training",
    citation="Godde et al. 2000, doi:10.1523/JNEUROSCI.20-04-01597.2000",
    analyse=analyse,
    figures=figures,
    main_figure="course",
    measures=(
        *(Measure(f"expansion_{name}", f"{AREA}{name} (graded).") for name in DOSES if name != "full"),
        Measure("expansion_full", f"{AREA}full (graded).", reference=REFERENCES["jenkins1990.expansion"]),
        *(Measure(f"expansion_{name}_wta", f"{AREA}{name} (winner-take-all).") for name in DOSES),
        Measure(
            "quarter_over_full",
            "Expansion beyond 1 after a quarter of the dose / after all of it.",
            reference=REFERENCES["godde2000.dose"],
            undefined="the full dose had no effect",
        ),
        Measure("sixteenth_over_quarter", "The same, after a sixteenth / after a quarter."),
    ),
    nulls={
        "no_plasticity": NO_PLASTICITY.missing("expansion_full"),
        "no_teacher": NO_TEACHER.missing("expansion_full"),
    },
)

if __name__ == "__main__":
    main(SCENARIO)
