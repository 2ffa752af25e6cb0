"""The map of a trained finger returns when training ends, and also while it goes on.

The forelimb area in the motor cortex of rats grew while they learned a task, and was back where it had been after as
many days without training, while the skill stayed (Molina-Luna et al. 2008, PubMed 18329289). In people grey matter
grew during four weeks of practice and shrank again in the next three, with practice going on (Wenger et al. 2017,
Trends Cogn Sci 21:930). In area 3b of monkeys a partial return was seen weeks after the disc (Jenkins et al. 1990).

Here the tips of D2 and D3 are on the disc, a map is taken at the peak, and as long a time follows in which one animal
uses its hand as before and the other stays on the disc. Copies that nobody teaches lose their weights: without the
disc no established cell is busy enough to teach, so the map is expected to return within a few times
`copying.forgetting_time`, and the cells that responded before keep their fields. With the disc going on teachers stay
busy, so that this model predicts no return there. Without forgetting nothing returns.

No skill is trained here. A readout of touch depth is fitted at the peak and never changed, and `retention` is what it
still tells at the end. Established cells tell depth by themselves, so that it is expected without teachers too, and
says nothing of what copies are worth.
"""

from typing import TYPE_CHECKING

from cortex import main
from cortex.analysis.map_change import expansion, return_fraction
from cortex.analysis.published import REFERENCES
from cortex.analysis.ratios import quotient
from cortex.engine.model import Model
from cortex.engine.simulation import Recording
from cortex.experiment.measure import Measure
from cortex.mechanisms.gates import LEARNING
from models.finger_area import FingerParameters
from models.finger_area.comparing import change_slope, field_ratio, tips
from models.finger_area.depth import kept
from models.finger_area.experiment import Animal, Depths, Experiment, Map, Use, settled
from models.finger_area.mapping import CorticalMap
from models.finger_area.touches import Disc
from scenarios.atlas.common import NO_FORGETTING, NO_PLASTICITY, NO_TEACHER, TRAINED, atlas_scenario, sheets

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def animals(p: FingerParameters) -> dict[str, Animal]:
    """Train both animals; then one uses its hand as before, for as long, and the other is trained on."""
    dose = p.training.dose
    return {
        name: Animal(
            (
                *settled(p),
                Use("train", dose, (Disc(),), LEARNING),
                Map("peak"),
                Depths("depths peak"),
                Use("go on", dose, touches, LEARNING),
                Map("end"),
                Depths("depths end"),
            )
        )
        for name, touches in {"stopped": (), "continued": (Disc(),)}.items()
    }


EXPERIMENT = Experiment(animals)


def build(p: FingerParameters) -> Model:
    """Build the network."""
    return EXPERIMENT.build(p)


def analyse(p: FingerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Compare the maps before, at the peak and at the end."""
    skin = tips(*p.training.digits)
    before, peak, end = EXPERIMENT.maps(p, recordings["stopped"]).values()
    continued = EXPERIMENT.maps(p, recordings["continued"])["end"]

    def grown(later: CorticalMap) -> float:
        return expansion(before.graded(skin), later.graded(skin))

    def won(later: CorticalMap) -> float:
        return expansion(before.won(skin), later.won(skin))

    right = kept(p, recordings["stopped"], ("depths peak", "depths end"), EXPERIMENT.layout(p))
    return {
        "expansion_peak": grown(peak),
        "expansion_peak_wta": won(peak),
        "expansion_end": grown(end),
        "return_fraction": return_fraction(grown(peak), grown(end)),
        "return_fraction_wta": return_fraction(won(peak), won(end)),
        "return_continued": return_fraction(grown(peak), grown(continued)),
        "rf_ratio_peak": field_ratio(before, peak, skin),
        "rf_ratio_end": field_ratio(before, end, skin),
        "right_peak": right[0],
        "right_end": right[1],
        "retention": quotient(right[1] - 0.5, right[0] - 0.5),
        "change_slope": change_slope(field_ratio(before, peak, skin), grown(peak)),
    }, {}


def figures(p: FingerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw area and fields over time in both animals, and the maps."""
    from cortex.report.course import Course, figure_course

    skin, times = tips(*p.training.digits), [0.0, 1.0, 2.0]
    area, fields = {}, {}
    for name, run in recordings.items():
        before, *_ = stages = list(EXPERIMENT.maps(p, run).values())
        area[name] = (times, [expansion(before.graded(skin), stage.graded(skin)) for stage in stages])
        fields[name] = (times, [field_ratio(before, stage, skin) for stage in stages])
    panels = (Course("Area of the trained tips, ratio", area, level=1), Course("Field, ratio", fields, level=1))
    maps = EXPERIMENT.maps(p, recordings["stopped"])
    return {
        "course": figure_course(
            panels, f"Time since the first map, in doses of {float(p.training.dose):g} s", "Growth and return"
        ),
        "sheet": sheets(maps, "The map grows and returns", skin),
    }


AREA = "Area of cortex that answers to the trained tips (graded), "
GONE = "Share of the expansion that is gone again after as long a time, "
FIELD = "Mean field at the sites that answer to the trained tips in both maps, "

SCENARIO = atlas_scenario(
    EXPERIMENT,
    build,
    reads=(*TRAINED, "mapping.depths"),
    name="return_without_loss",
    title="The map of a trained finger grows and returns",
    citation="Molina-Luna et al. 2008, PubMed 18329289",
    analyse=analyse,
    figures=figures,
    main_figure="course",
    measures=(
        Measure("expansion_peak", f"{AREA}at the peak / before.", reference=REFERENCES["jenkins1990.expansion"]),
        Measure("expansion_peak_wta", "The same, winner-take-all."),
        Measure("expansion_end", f"{AREA}at the end / before.", expected=(0.85, 1.2)),
        Measure(
            "return_fraction",
            f"{GONE}without the disc (graded).",
            reference=REFERENCES["molina_luna2008.return"],
            undefined="the map had not grown",
        ),
        Measure("return_fraction_wta", f"{GONE}without the disc (winner-take-all)."),
        Measure("return_continued", f"{GONE}on the disc (graded).", reference=REFERENCES["wenger2017.return"]),
        Measure("rf_ratio_peak", f"{FIELD}peak / before.", reference=REFERENCES["jenkins1990.rf_ratio"]),
        Measure("rf_ratio_end", f"{FIELD}end / before."),
        Measure("right_peak", "Share of touches whose depth a readout tells that was fitted to others, at the peak."),
        Measure("right_end", "The same readout at the end, unchanged."),
        Measure(
            "retention",
            "What that readout, which is no skill, tells beyond chance at the end / at the peak.",
            reference=REFERENCES["molina_luna2008.retention"],
            undefined="it told nothing at the peak",
        ),
        Measure(
            "change_slope",
            "Logarithm of that ratio at the peak / logarithm of the expansion: -1 if fields shrink as the area grows.",
            reference=REFERENCES["xerri1994.change_slope"],
            undefined="the map had grown by less than a fifth",
        ),
    ),
    nulls={
        "no_plasticity": NO_PLASTICITY.missing("expansion_peak"),
        "no_teacher": NO_TEACHER.missing("expansion_peak"),
        "no_forgetting": NO_FORGETTING.missing("return_fraction", "expansion_end"),
    },
)

if __name__ == "__main__":
    main(SCENARIO)
