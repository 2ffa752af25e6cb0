"""What recordings of the finger area show: maps before and after, the hold, copies, what a readout says of depth."""

from typing import TYPE_CHECKING

import numpy as np

from cortex.analysis.map_change import expansion
from cortex.engine.recording import Recording
from cortex.mechanisms.skin import PHALANGES
from models.finger_area.anatomy import reached, zone
from models.finger_area.comparing import others
from models.finger_area.copies import Copies
from models.finger_area.depth import depth_answers
from models.finger_area.mapping import CorticalMap, hold_ratio, session_maps
from models.finger_area.parameters import FingerParameters, Mapped

if TYPE_CHECKING:
    from cortex.report.skin import ReceptiveField


def trained_tips(p: Mapped) -> list[int]:
    """List the patches that touch the disc."""
    return [(digit - 1) * PHALANGES + p.training.phalanx for digit in p.training.digits]


def other_digits(p: FingerParameters) -> list[int]:
    """List the patches of the digits that do not touch the disc."""
    return others(*p.training.digits)


def measure(p: FingerParameters, recordings: dict[str, Recording]) -> dict[str, float]:
    """Measure copies, hold and readout in the trained animal, and compare the maps within each animal."""
    return of_copies(p, recordings["trained"]) | of_maps(p, recordings)


def of_copies(p: FingerParameters, trained: Recording) -> dict[str, float]:
    """Measure whether the recruited cells are copies, and what a readout says of depth through them."""
    copies = Copies(p, trained)
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
