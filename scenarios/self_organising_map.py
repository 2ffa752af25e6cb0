"""The older explanation of the grown finger area: touched skin wins cells by competition, without copies or a hold.

In a self-organising map each touch is learned by the site that fits it best and by that site's neighbours in cortex
(Kohonen 1982; of the hand: Ritter & Schulten 1986, Biol Cybern 54:99). Skin that is touched often wins sites from other
skin: in one dimension its density of sites is in proportion to p^(2/3), if it is touched with density p.

Skin, afferents, touches, disc and doses are those of `finger_expansion`, and so are the probes and what is measured.
One animal is trained and then uses its hand as before, one is trained on, one never meets the disc. What the map shows
too is no evidence for copying; it has no idle cells, no teachers, and no total that must be held.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cortex import main
from cortex.analysis.map_change import expansion, return_fraction
from cortex.analysis.published import REFERENCES
from cortex.analysis.ratios import quotient
from cortex.experiment.coordinates import Variable
from cortex.experiment.findings import UNTOUCHED, Finding
from cortex.experiment.measure import Condition, Measure, measured_unless
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from cortex.mechanisms.skin import DIGITS
from models.competition import comparing
from models.competition.animals import animals
from models.competition.parameters import MapParameters
from models.finger_area.comparing import (
    at_borders,
    change_slope,
    field_ratio,
    near_border,
    others,
    static_relation,
    whole,
)
from models.finger_area.mapping import SkinMap
from models.finger_area.observe import trained_tips
from scenarios.atlas.common import hands, sheets, unused

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cortex.engine.recording import Recording


def calculate(p: MapParameters, streams: Streams) -> dict[str, dict[str, Variable]]:
    """Let three animals learn from the same touches."""
    return animals(p, streams)


def analyse(p: MapParameters, recordings: "dict[str, Recording]") -> tuple[dict[str, float], dict[str, float]]:
    """Compare the maps before, after training and late; predict areas by the law of one dimension."""
    digits, trained = p.training.digits, trained_tips(p)
    skin = {"trained": trained, "others": others(*digits), "rest": [n for n in whole(*digits) if n not in trained]}
    before, peak, late = comparing.maps(p, recordings["stopped"]).values()
    continued, control = (comparing.maps(p, recordings[name]) for name in ("continued", "control"))
    touches = recordings["stopped"]["touches"][:2]
    law = comparing.areas(touches)

    def grown(patches: list[int], later: SkinMap) -> float:
        return expansion(before.graded(patches), later.graded(patches))

    def won(patches: list[int], later: SkinMap) -> float:
        return expansion(before.won(patches), later.won(patches))

    slopes = [static_relation(each) for each in (before, peak)]
    fields = field_ratio(before, peak, trained)
    borders = {lower: near_border(p, before, lower) for lower in range(1, DIGITS)}
    measures = {
        **{f"expansion_{name}": grown(patches, peak) for name, patches in skin.items()},
        **{f"expansion_{name}_wta": won(patches, peak) for name, patches in skin.items()},
        "magnification_exponent": comparing.exponent(before, peak, touches),
        "rf_ratio_trained": fields,
        "change_slope": change_slope(fields, grown(trained, peak)),
        "static_slope": slopes[0][0],
        "static_fit": slopes[0][1],
        "static_slope_trained": slopes[1][0],
        "static_fit_trained": slopes[1][1],
        "return_fraction": return_fraction(grown(trained, peak), grown(trained, late)),
        "return_continued": return_fraction(grown(trained, peak), grown(trained, continued["late"])),
        "rf_ratio_late": field_ratio(before, late, trained),
        "expansion_control": grown(trained, control["trained"]),
        "topographic_error": float(comparing.topographic_error(p, recordings["stopped"])[1]),
        "two_digits_before": quotient(*at_borders(before, borders)),
        "rf_trained_before_mm2": before.field_size(trained),
    }
    predictions = {
        f"expansion_{name}_wta": quotient(law[1, patches].sum(), law[0, patches].sum())
        for name, patches in skin.items()
    }
    return measures, predictions | {
        "expansion_trained": predictions["expansion_trained_wta"],
        "magnification_exponent": comparing.EXPONENT,
        "rf_ratio_trained": quotient(1.0, predictions["expansion_trained_wta"]),
        "change_slope": -1.0,
        "return_fraction": 1.0,
        "return_continued": 0.0,
        "expansion_control": 1.0,
    }


def guards(p: MapParameters, inputs: Mapping[str, Any], recordings: "Mapping[str, Recording]") -> list[Finding]:
    """Find times in which no touch was felt; see `Scenario.guards`."""
    felt = {name: run["touches"].sum(axis=1) for name, run in recordings.items()}
    next_ = "raise training.use or training.touch_depth, or lower learning.felt"
    return [
        Finding(UNTOUCHED, "before some map", f"skin of all digits, animal {name}", next_)
        for name, counts in felt.items()
        if not counts.all()
    ]


def figures(p: MapParameters, recordings: "dict[str, Recording]") -> "dict[str, Figure]":
    """Draw the maps of the animal that stops, and the fields of its trained tips."""
    tips = trained_tips(p)
    maps = comparing.maps(p, recordings["stopped"])
    stages = dict(zip(("before", "after training", "as long after"), maps.values(), strict=True))
    return {
        "sheet": sheets(stages, "A self-organising map", tips),
        "hand": hands(stages, "Fields of a self-organising map", tips),
    }


AREA = "Area of cortex that responds to the trained tips (graded), "
OTHERS = "Area of cortex that responds to the other digits (graded), after training over before."
GONE = "Share of the expansion that is gone after as long a time again, "
FIELD = "Mean field at the sites that respond to the trained tips in both maps, "
STATIC = "Slope of log field size on log magnification over the patches of the map"

NETWORK = {
    "sheet": "pv_density idle_fraction lateral_radius inhibition_radius lateral_probability lateral_contacts"
    " pv_contacts contacts",
    "training": "control test",
    "mapping": "electrode_spacing electrode_radius repeats depths blanks threshold",
}
UNREAD = tuple(f"{section}.{name}" for section, names in NETWORK.items() for name in names.split())
"""What only the network reads."""

MEASURES = (
    Measure("expansion_trained", f"{AREA}after training over before.", reference=REFERENCES["jenkins1990.expansion"]),
    Measure("expansion_trained_wta", "The same, winner-take-all.", reference=REFERENCES["jenkins1990.expansion"]),
    Measure("expansion_others", OTHERS, reference=REFERENCES["jenkins1990.other_digits"]),
    Measure("expansion_others_wta", "The same, winner-take-all."),
    Measure("expansion_rest", "Area of cortex that responds to the rest of the trained digits (graded), likewise."),
    Measure("expansion_rest_wta", "The same, winner-take-all."),
    Measure(
        "magnification_exponent",
        "Power of the change of the density of touches with which areas change (winner-take-all), over patches.",
        expected=(0.5, 0.85),
        undefined="fewer than two patches have sites and touches before and after training",
    ),
    Measure("rf_ratio_trained", f"{FIELD}after over before.", reference=REFERENCES["jenkins1990.rf_ratio"]),
    Measure(
        "change_slope",
        "Logarithm of that ratio over the logarithm of the expansion: -1 if fields shrink as the area grows.",
        reference=REFERENCES["xerri1994.change_slope"],
        undefined="the map had grown by less than a fifth",
    ),
    Measure("static_slope", f"{STATIC} before training.", reference=REFERENCES["sur1980.static_slope"]),
    Measure("static_fit", "R^2 of that relation.", reference=REFERENCES["sur1980.static_fit"]),
    Measure("static_slope_trained", f"{STATIC} after training."),
    Measure("static_fit_trained", "R^2 of that relation."),
    Measure(
        "return_fraction",
        f"{GONE}without the disc.",
        reference=REFERENCES["molina_luna2008.return"],
        undefined="the map had not grown",
    ),
    Measure(
        "return_continued",
        f"{GONE}on the disc.",
        reference=REFERENCES["wenger2017.return"],
        undefined="the map had not grown",
    ),
    Measure("rf_ratio_late", f"{FIELD}as long after training over before."),
    Measure("expansion_control", "As expansion_trained, in the animal without the disc.", expected=(0.85, 1.2)),
    Measure(
        "topographic_error",
        "Share of probes whose two best sites are no neighbours in cortex, after training.",
        expected=(None, 0.1),
    ),
    Measure(
        "two_digits_before",
        "Share of the responding sites within 0.5 mm of a border whose field covers both digits, before training.",
        reference=REFERENCES["clark1988.two_digits_before"],
    ),
    Measure("rf_trained_before_mm2", "Mean field of the sites won by the trained tips, before.", "mm^2"),
)

SCENARIO = Scenario(
    name="self_organising_map",
    title="The older explanation: does a self-organising map grow the finger area too, and what can it not show?",
    citation="Kohonen 1982, Biol Cybern 43:59; Ritter & Schulten 1986, Biol Cybern 54:99",
    parameters=MapParameters(),
    relations=tuple(unused(name, "self_organising_map", "", MapParameters()) for name in UNREAD),
    calculate=calculate,
    analyse=analyse,
    figures=figures,
    guards=guards,
    quick={
        "sheet.density": "100/mm^2",
        "training.settle": "15 s",
        "training.calibrate": "5 s",
        "training.dose": "20 s",
        "training.release": "10 s",
    },
    nulls={
        "no_learning": Condition(
            "No site ever learns.", {"learning.rate": "0"}, misses=("expansion_trained", "expansion_trained_wta")
        ),
        "even_use": Condition(
            "The trained digits never meet the disc, and are not lifted.",
            {"training.contact": "0", "training.pause": "0 s"},
            misses=("expansion_trained", "expansion_trained_wta"),
        ),
        "no_neighbours": Condition(
            "Only the best site learns.",
            {"learning.neighbours": "false"},
            misses=("expansion_trained", "expansion_trained_wta", "topographic_error"),
        ),
    },
    conditions={
        "quarter_height": Condition(
            "A site responds from a quarter of the strongest answer on.", {"learning.answer": "0.25"}
        ),
        "half_height": Condition("A site responds from half of the strongest answer on.", {"learning.answer": "0.5"}),
        "weights_alone": Condition(
            "Sites do not compete when a map is taken: each answers by its weights.", {"learning.competition": "false"}
        ),
    },
    measures=measured_unless((UNTOUCHED,), MEASURES),
    main_figure="sheet",
)

if __name__ == "__main__":
    main(SCENARIO)
