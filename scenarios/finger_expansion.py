"""The finger area grows when the tips of two fingers are trained on a rotating disc.

Adult owl monkeys held the tips of one to three fingers on a rotating disc with raised and lowered sectors, about
an hour a day for weeks. The skin that touched the disc came to be represented over a larger area of cortex, and most
receptive fields there were unusually small (Jenkins, Merzenich, Ochs, Allard & Guic-Robles 1990, J Neurophysiol
63:82-104, PubMed 2299388).

Here the normal map settles, is mapped with virtual electrodes, the tips of D2 and D3 are trained under the hold, the
map is taken again, the hold is released while training goes on, and the map is taken a third time. The control is the
same animal (same seed, same cells, same touches) without the disc. No experiment has shown the sequence copy, hold,
release; it is the hypothesis.

Digits are on the disc in bouts, as animals make and break contact. That tells a teacher in time from a late one: at the
fixed point of the rule an idle cell has ``s - covariance*d`` of the mean pattern of the disc, with `s` the share of its
spikes and `d` the share of time on the disc, 0.4. In time `s` is 1 and 0.8 of the pattern are left, 0.5 to 1.5 s late
it is 0.29 and less than 0.1 are left; if the disc never stopped, a late teacher would leave two thirds of the other.
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.engine.simulation import Arm, Recording
from cortex.experiment.findings import NOTHING_TO_MEASURE, RUNAWAY
from cortex.experiment.measure import Condition, measured_unless
from cortex.experiment.scenario import Phase, Scenario
from cortex.experiment.streams import Streams
from cortex.mechanisms.skin import DIGITS, HAND
from models import finger_area
from models.finger_area import FingerParameters, layout
from models.finger_area.anatomy import expansion_limit, reached
from models.finger_area.coordinates import coordinates
from models.finger_area.guards import guards
from models.finger_area.mapping import session_maps
from models.finger_area.measures import MEASURES
from models.finger_area.observe import DRAWN, measure, receptive_fields, trained_tips

if TYPE_CHECKING:
    from matplotlib.animation import FuncAnimation
    from matplotlib.figure import Figure


def arms(p: FingerParameters, streams: Streams) -> dict[str, Arm]:
    """Train one animal and use the other as before; both have the same seed."""
    animals = ("trained", "control") if p.training.control else ("trained",)
    return {
        name: Arm(finger_area.run_inputs(p, streams, trained=name == "trained"), streams.network_seed)
        for name in animals
    }


def analyse(p: FingerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Compare the maps within each animal, and predict the hold and the largest area that the arbors allow."""
    predictions = {"hold_ratio": 1.0, "expansion_limit": expansion_limit(p)}
    return measure(p, recordings), predictions


def phases(p: FingerParameters) -> list[Phase]:
    """List the phases."""
    return layout(p).phases()


def figures(p: FingerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw the cortical sheet and the hand before, after training and after release, and the total over time."""
    from cortex.report.hand import figure_hand
    from cortex.report.sheet import SheetMap, figure_sheet
    from cortex.report.skin import Hand
    from cortex.report.timeline import Span
    from cortex.report.totals import figure_totals

    tips = trained_tips(p)
    hand = Hand(np.tile(HAND.phalanges, (DIGITS, 1)), np.full(DIGITS, HAND.width))
    drawn = {}
    for arm, run in recordings.items():
        skin = "trained skin" if arm == "trained" else "skin trained in the other animal"
        maps = session_maps(p, run)
        sheets = {stage: SheetMap(cortical_map.sites, cortical_map.winner) for stage, cortical_map in maps.items()}
        drawn[f"sheet_{arm}"] = figure_sheet(sheets, f"Area 3b, {arm} animal", tips, skin=skin)
        fields = {stage: receptive_fields(maps[stage], tips) for stage in ("before", "after release")}
        drawn[f"hand_{arm}"] = figure_hand(fields, hand, f"Receptive fields, {arm} animal", tips, DRAWN, skin)
    run = recordings["trained"]
    cycle = float(p.training.bout + p.training.pause)
    width = cycle * max(1, round(BIN / cycle))  # whole cycles, so that bins have as much of the disc
    edges = np.arange(0, float(layout(p).duration), width)
    local = reached(p)[run["spikes.i"]]
    rate = np.histogram(run["spikes.t"][local], edges)[0] / width
    established, recruited = (
        np.histogram(run["spikes.t"][local & (run["cells.maturity"][0][run["spikes.i"]] == kind)], edges)[0] / width
        for kind in (1, 0)
    )
    spans = [Span(ph.name, float(ph.start), float(ph.start + ph.duration)) for ph in phases(p)]
    start, end = layout(p).interval("disc before")
    before = rate[(edges[:-1] >= start) & (edges[:-1] < end - width)].mean()
    level = np.full(len(rate), np.nan)
    for span in spans:
        if span.name in ON_DISC:
            level[(edges[:-1] >= span.start) & (edges[:-1] < span.end)] = before
    drawn["total"] = figure_totals(
        edges[:-1] + width / 2,
        rate,
        level,
        np.stack([established, recruited]),
        spans,
        ("established cells", "recruited cells"),
        "on the disc, before training",
        f"{reached(p).sum()} cells",
        "Total activity of the cells that the trained tips reach",
    )
    return drawn


def animate(p: FingerParameters, recordings: dict[str, Recording]) -> "FuncAnimation":
    """Draw the finger area growing, from the weights of the trained animal."""
    from models.finger_area.film import film

    return film(p, recordings["trained"], trained_tips(p))


BIN = 4.0
"""Width of the bins in the figure of the total, s, about."""

ON_DISC = ("disc before", "train", "disc trained", "release")
"""Phases in which the tips are on the disc."""


WITHOUT_CONTROL = {"training.control": "false"}
ONE_TEACHER = {"recruitment.teachers": "one", "recruitment.selection_rate": "0", **WITHOUT_CONTROL}
AREAS = ("expansion_trained", "expansion_trained_wta", "thresholds_expanded")
COPYING = ("weight_advantage", "field_centre_correlation")
DEPTH = ("depth_gain", "depth_bias", "depth_correct")

SCENARIO = Scenario(
    name="finger_expansion",
    title="The finger area grows when fingertips are trained on a rotating disc",
    citation="Jenkins et al. 1990, J Neurophysiol 63:82-104, PubMed 2299388",
    parameters=FingerParameters(),
    build=finger_area.build,
    arms=arms,
    analyse=analyse,
    figures=figures,
    animate=animate,
    phases=phases,
    coordinates=coordinates,
    guards=guards,
    quick={
        "sheet.density": "250/mm^2",
        "sheet.pv_density": "50/mm^2",
        "training.settle": "40 s",
        "training.calibrate": "20 s",
        "training.dose": "60 s",
        "training.test": "10 s",
        "training.release": "30 s",
        "mapping.repeats": "1",
    },
    nulls={
        "no_plasticity": Condition(
            "After the first map nothing learns: neither the afferents of the cells, the choice of a teacher, nor the "
            "hold.",
            {"training.learning": "nothing", **WITHOUT_CONTROL},
            misses=(*AREAS, "rf_ratio_trained", *COPYING),
        ),
        "unattended": Condition(
            "The disc is only felt, as by an animal that attends to something else: nothing but the hold learns on it.",
            {"training.learning": "hold", **WITHOUT_CONTROL},
            misses=(*AREAS, "rf_ratio_trained", *COPYING),
        ),
        "no_teacher": Condition(
            "Targets do not excite idle cells.",
            {
                "recruitment.teacher_conductance": "0 nS",
                "recruitment.coupling_conductance": "0 nS",
                **WITHOUT_CONTROL,
            },
            misses=(*AREAS, *COPYING),
        ),
        "one_teacher_late": Condition(
            "Each idle cell has one teacher, drawn by chance, whose spikes come 0.5 to 1.5 s late.",
            {"recruitment.teacher": "shuffled", **ONE_TEACHER},
            misses=(*AREAS, *COPYING),
        ),
        "no_selection": Condition(
            "An idle cell does not choose: all its teachers stay equal.",
            {"recruitment.selection_rate": "0", **WITHOUT_CONTROL},
            misses=COPYING,
        ),
        "no_hold": Condition(
            "PV cells do not hold the total; their fast competition stays.",
            {"normalization.enabled": "false", **WITHOUT_CONTROL},
            misses=("hold_ratio", *DEPTH),
        ),
        "frozen_hold": Condition(
            "The inhibition stays as strong as it was before copying.",
            {"normalization.learning_rate": "0 /s", **WITHOUT_CONTROL},
            misses=("hold_ratio", "depth_gain", "depth_bias"),
        ),
    },
    conditions={
        "one_teacher": Condition(
            "Each idle cell has one teacher, drawn by chance, in time: what to compare one_teacher_late with.",
            ONE_TEACHER,
        ),
    },
    measures=measured_unless((*NOTHING_TO_MEASURE, RUNAWAY), MEASURES),
    main_figure="sheet_trained",
)

if __name__ == "__main__":
    main(SCENARIO)
