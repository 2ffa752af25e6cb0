"""What recordings of the finger area show: maps before and after, the hold, copies, what a readout says of depth."""

from typing import TYPE_CHECKING

import numpy as np

from cortex.analysis.map_change import expansion
from cortex.analysis.published import REFERENCES
from cortex.analysis.reference import score
from cortex.engine.recording import Recording
from cortex.mechanisms.skin import PHALANGES
from models.finger_area.anatomy import reached, zone
from models.finger_area.comparing import others
from models.finger_area.copies import Copies
from models.finger_area.depth import depth_answers
from models.finger_area.mapping import CorticalMap, hold_ratio, session_maps
from models.finger_area.parameters import FingerParameters, Mapped
from models.finger_area.physiology import physiology

if TYPE_CHECKING:
    from cortex.report.skin import ReceptiveField


def trained_tips(p: Mapped) -> list[int]:
    """List the patches that touch the disc."""
    return [(digit - 1) * PHALANGES + p.training.phalanx for digit in p.training.digits]


def other_digits(p: FingerParameters) -> list[int]:
    """List the patches of the digits that do not touch the disc."""
    return others(*p.training.digits)


def measure(p: FingerParameters, recordings: dict[str, Recording]) -> dict[str, float]:
    """Measure copies, hold, readout and single cells of the trained animal, and compare maps within each animal."""
    run = recordings["trained"]
    copies = Copies(p, run)
    return of_copies(p, run, copies) | of_maps(p, recordings) | physiology(p, run, copies)


def of_copies(p: FingerParameters, trained: Recording, copies: Copies) -> dict[str, float]:
    """Measure whether the recruited cells are copies, and what a readout says of depth through them."""
    return {
        "weight_advantage": copies.weight_advantage(),
        "field_centre_correlation": copies.field_centre_correlation(),
        **{f"depth_{name}": value for name, value in depth_answers(p, trained, copies)._asdict().items()},
        "teacher_kept": copies.teacher_kept(),
    }


def of_maps(p: FingerParameters, recordings: dict[str, Recording]) -> dict[str, float]:
    """Measure the hold, and compare the maps within each animal."""
    tips, others, trained = trained_tips(p), other_digits(p), recordings["trained"]
    before, held, after = session_maps(p, trained).values()
    measured = {
        "hold_ratio": hold_ratio(p, trained, reached(p)),
        "expansion_trained": expansion(before.graded(tips), after.graded(tips)),
        "expansion_trained_wta": expansion(before.won(tips), after.won(tips)),
        **at_thresholds(before, after, tips),
        "expansion_untrained": expansion(before.graded(others), after.graded(others)),
        "expansion_untrained_wta": expansion(before.won(others), after.won(others)),
        "rf_ratio_trained": expansion(before.field_size(tips), after.field_size(tips)),
        "hold_ratio_zone": hold_ratio(p, trained, zone(p)),
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
    if "control" in recordings:
        before, held, after = session_maps(p, recordings["control"]).values()
        measured |= {
            "expansion_control": expansion(before.graded(tips), after.graded(tips)),
            "expansion_control_wta": expansion(before.won(tips), after.won(tips)),
            "rf_ratio_control": expansion(before.field_size(tips), after.field_size(tips)),
        }
    return measured


THRESHOLDS = (2, 3, 4)
"""Standard deviations over the baseline: an expansion must not be one of a single mapping threshold."""


def at_thresholds(before: CorticalMap, after: CorticalMap, tips: list[int]) -> dict[str, float]:
    """Compare two maps at other thresholds, and count the `THRESHOLDS` at which the area grows as published."""
    growth = {sds: expansion(before.graded_at(tips, sds), after.graded_at(tips, sds)) for sds in THRESHOLDS}
    band = REFERENCES["jenkins1990.expansion"].band
    return {
        "expansion_trained_2sd": growth[2],
        "expansion_trained_4sd": growth[4],
        "thresholds_expanded": float(sum(score(value, band) == "inside" for value in growth.values())),
    }


def gained_from_silent(before: CorticalMap, after: CorticalMap, tips: list[int]) -> float:
    """Return the share of the sites won by some patches that had answered to nothing; the rest came from other skin."""
    gained = np.isin(after.winner, tips) & ~np.isin(before.winner, tips)
    return float((before.winner[gained] < 0).mean()) if gained.any() else float("nan")


DRAWN = 3
"""One of so many receptive fields of untrained skin is drawn."""


def receptive_fields(cortical_map: CorticalMap, trained: list[int]) -> "list[ReceptiveField]":
    """Return the fields of the sites of trained skin, and of one of `DRAWN` other sites."""
    from cortex.report.skin import ReceptiveField

    sites = np.flatnonzero(cortical_map.winner >= 0)
    trained_sites = np.isin(cortical_map.winner[sites], trained)
    fields = []
    for site in np.sort(np.concatenate([sites[trained_sites], sites[~trained_sites][::DRAWN]])):
        digit = int(cortical_map.winner[site]) // PHALANGES
        probes = cortical_map.probe_digit == digit
        evoked = cortical_map.responses[site, probes] - cortical_map.baseline[site]
        fields.append(ReceptiveField(digit, cortical_map.probe_place[probes], evoked))
    return fields
