"""The finger area grows when the tips of two fingers are trained on a rotating disc.

Adult owl monkeys held the tips of one to three fingers on a rotating disc with raised and lowered sectors, about
an hour a day for weeks. The skin that touched the disc came to be represented over a larger area of cortex, and most
receptive fields there were unusually small (Jenkins, Merzenich, Ochs, Allard & Guic-Robles 1990, J Neurophysiol
63:82-104, PubMed 2299388).

Here the normal map settles, is mapped with virtual electrodes, the tips of D2 and D3 are trained under the hold, the
map is taken again, the hold is released while training goes on, and the map is taken a third time. The control is the
same animal (same seed, same cells, same touches) without the disc. No experiment has shown the sequence copy, hold,
release; it is the hypothesis.
"""

from typing import TYPE_CHECKING

import numpy as np
from brian2 import mm

from cortex import main
from cortex.analysis.map_change import expansion
from cortex.engine.simulation import Arm, Recording
from cortex.experiment.scenario import Phase, Scenario
from cortex.experiment.streams import Streams
from cortex.mechanisms.skin import DIGITS, HAND, PHALANGES
from models import finger_area
from models.finger_area import Anatomy, FingerParameters, layout
from models.finger_area.mapping import CorticalMap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cortex.report.skin import ReceptiveField


def arms(p: FingerParameters, streams: Streams) -> dict[str, Arm]:
    """Train one animal and use the other as before; both have the same seed."""
    animals = ("trained", "control") if p.training.control else ("trained",)
    return {
        name: Arm(finger_area.run_inputs(p, streams, trained=name == "trained"), streams.network_seed)
        for name in animals
    }


def trained_tips(p: FingerParameters) -> list[int]:
    """List the patches that touch the disc."""
    return [(digit - 1) * PHALANGES + p.training.phalanx for digit in p.training.digits]


def other_digits(p: FingerParameters) -> list[int]:
    """List the patches of the digits that do not touch the disc."""
    return [
        digit * PHALANGES + phalanx
        for digit in range(DIGITS)
        if digit + 1 not in p.training.digits
        for phalanx in range(PHALANGES)
    ]


def measure(p: FingerParameters, recordings: dict[str, Recording]) -> dict[str, float]:
    """Compare the maps within each animal."""
    tips, others = trained_tips(p), other_digits(p)
    maps = {arm: session_maps(p, run) for arm, run in recordings.items()}
    before, held, after = maps["trained"].values()
    found = {
        "expansion_trained": expansion(before.graded(tips), after.graded(tips)),
        "expansion_trained_wta": expansion(before.won(tips), after.won(tips)),
        "expansion_untrained": expansion(before.graded(others), after.graded(others)),
        "expansion_untrained_wta": expansion(before.won(others), after.won(others)),
        "rf_ratio_trained": expansion(before.field_size(tips), after.field_size(tips)),
        "hold_ratio": hold_ratio(p, recordings["trained"], reached(p)),
        "hold_ratio_zone": hold_ratio(p, recordings["trained"], zone(p)),
        "hold_ratio_probes": expansion(before.total(tips), held.total(tips)),
        "expansion_under_hold": expansion(before.graded(tips), held.graded(tips)),
        "expansion_under_hold_wta": expansion(before.won(tips), held.won(tips)),
        "rf_ratio_under_hold": expansion(before.field_size(tips), held.field_size(tips)),
        "total_ratio_released": expansion(before.total(tips), after.total(tips)),
        "gained_from_silent": gained_from_silent(before, after, tips),
        "area_trained_before_mm2": before.graded(tips),
        "rf_trained_before_mm2": before.field_size(tips),
        "sites_responsive_before": float((before.winner >= 0).mean()),
    }
    if "control" in maps:
        before, held, after = maps["control"].values()
        found |= {
            "expansion_control": expansion(before.graded(tips), after.graded(tips)),
            "expansion_control_wta": expansion(before.won(tips), after.won(tips)),
            "rf_ratio_control": expansion(before.field_size(tips), after.field_size(tips)),
        }
    return found


def gained_from_silent(before: CorticalMap, after: CorticalMap, tips: list[int]) -> float:
    """Give the share of the sites won by some patches that had answered to nothing; the rest came from other skin."""
    gained = np.isin(after.winner, tips) & ~np.isin(before.winner, tips)
    return float((before.winner[gained] < 0).mean()) if gained.any() else float("nan")


def zone(p: FingerParameters) -> np.ndarray:
    """Say which cells lie in the zones of the trained pads."""
    return outside(p) <= 0


def reached(p: FingerParameters) -> np.ndarray:
    """Say which cells an arbor of the trained pads can reach: the local group whose total is held."""
    return outside(p) <= float(p.sheet.arbor_radius / mm)


def outside(p: FingerParameters) -> np.ndarray:
    """Give the distance of each cell from the zones of the trained pads, mm."""
    anatomy, width = Anatomy(p), float(p.sheet.digit_width / mm)
    x, y = anatomy.pyramidal.T
    beside = np.min([np.maximum((digit - 1) * width - x, x - digit * width) for digit in p.training.digits], axis=0)
    low, high = anatomy.zones[p.training.phalanx], anatomy.zones[p.training.phalanx + 1]
    return np.hypot(np.maximum(beside, 0), np.maximum(np.maximum(low - y, y - high), 0))


def hold_ratio(p: FingerParameters, run: Recording, cells: np.ndarray) -> float:
    """Compare the spikes of some cells on the disc under the hold with those before training, without plasticity."""
    local = cells[run["spikes.i"]]
    counts = []
    for session in ("disc before", "disc trained"):
        start, end = layout(p).interval(session)
        counts.append(float((local & (run["spikes.t"] >= start) & (run["spikes.t"] < end)).sum()))
    return expansion(*counts)


def session_maps(p: FingerParameters, run: Recording) -> dict[str, CorticalMap]:
    """Give the maps of one animal by stage."""
    stages = {"before": "map before", "after training": "map trained", "after release": "map released"}
    return {stage: CorticalMap(p, run, name) for stage, name in stages.items()}


def predict(p: FingerParameters, recordings: dict[str, Recording]) -> dict[str, float]:
    """Predict the hold, and from the anatomy the largest area that the arbors of the trained tips allow."""
    return {"hold_ratio": 1.0, "expansion_limit": float(reached(p).sum() / zone(p).sum())}


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
        maps = session_maps(p, run)
        sheets = {stage: SheetMap(found.sites, found.winner) for stage, found in maps.items()}
        drawn[f"sheet_{arm}"] = figure_sheet(sheets, f"Area 3b, {arm} animal", tips)
        fields = {stage: receptive_fields(maps[stage], tips) for stage in ("before", "after release")}
        drawn[f"hand_{arm}"] = figure_hand(fields, hand, f"Receptive fields, {arm} animal", tips)
    run = recordings["trained"]
    edges = np.arange(0, float(layout(p).duration), BIN)
    local = reached(p)[run["spikes.i"]]
    rate = np.histogram(run["spikes.t"][local], edges)[0] / BIN
    established, recruited = (
        np.histogram(run["spikes.t"][local & (run["cells.maturity"][0][run["spikes.i"]] == kind)], edges)[0] / BIN
        for kind in (1, 0)
    )
    spans = [Span(ph.name, float(ph.start), float(ph.start + ph.duration)) for ph in phases(p)]
    start, end = layout(p).interval("disc before")
    level = rate[(edges[:-1] >= start) & (edges[:-1] < end - BIN)].mean()
    drawn["total"] = figure_totals(
        edges[:-1] + BIN / 2,
        rate,
        level,
        np.stack([established, recruited]),
        spans,
        ("established cells", "recruited cells"),
        "on the disc, before training",
    )
    return drawn


BIN = 4.0
"""Width of the bins in the figure of the total, s."""


def receptive_fields(found: CorticalMap, trained: list[int]) -> "list[ReceptiveField]":
    """Give the fields of the sites of trained skin, and of every third other site."""
    from cortex.report.skin import ReceptiveField

    sites = np.flatnonzero(found.winner >= 0)
    ours = np.isin(found.winner[sites], trained)
    fields = []
    for site in np.sort(np.concatenate([sites[ours], sites[~ours][::3]])):
        digit = int(found.winner[site]) // PHALANGES
        probes = found.probe_digit == digit
        evoked = found.responses[site, probes] - found.baseline[site]
        fields.append(ReceptiveField(digit, found.probe_place[probes], evoked))
    return fields


SCENARIO = Scenario(
    name="finger_expansion",
    title="The finger area grows when two fingertips are trained on a rotating disc",
    citation="Jenkins et al. 1990, J Neurophysiol 63:82-104, PubMed 2299388",
    parameters=FingerParameters(),
    build=finger_area.build,
    arms=arms,
    measure=measure,
    predict=predict,
    figures=figures,
    phases=phases,
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
        "no_plasticity": {
            "copying.learning_rate": "0",
            "recruitment.selection_rate": "0",
            "normalization.learning_rate": "0 /s",
            "training.control": "false",
        },
        "shuffled_teacher": {
            "recruitment.teacher": "shuffled",
            "recruitment.selection_rate": "0",
            "training.control": "false",
        },
        "no_hold": {"normalization.enabled": "false", "training.control": "false"},
    },
    bands={
        "expansion_trained": (1.5, 3.0),
        "expansion_trained_wta": (1.5, 3.0),
        "expansion_untrained": (0.8, 1.2),
        "expansion_control": (0.85, 1.2),
        "rf_ratio_trained": (0.25, 0.8),
        "hold_ratio": (0.9, 1.1),
    },
)

if __name__ == "__main__":
    main(SCENARIO)
