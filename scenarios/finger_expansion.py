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

from cortex.analysis.map_change import expansion
from cortex.analysis.maps import graded_area, patch_response, threshold, winner_area, winner_take_all
from cortex.analysis.receptive_fields import receptive_field, receptive_field_area
from cortex.analysis.spikes import count_in_windows
from cortex.experiment.engine import Arm, Recording
from cortex.experiment.protocol import Protocol
from cortex.experiment.scenario import Phase, Scenario, main
from cortex.experiment.streams import Streams
from cortex.mechanisms.skin import DIGITS, DISTAL, HAND, PHALANGES
from models import finger_area
from models.finger_area import Anatomy, FingerParameters

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SD_FLOOR = 0.25
"""Smallest standard deviation of the baseline taken as real, spikes per presentation and site."""


def arms(p: FingerParameters, streams: Streams) -> dict[str, Arm]:
    """Train one animal and use the other as before; both have the same seed."""
    return {
        name: Arm(finger_area.run_inputs(p, streams, trained=name == "trained"), streams.network_seed)
        for name in ("trained", "control")
    }


class CorticalMap:
    """One mapping session: what every site answers to a probe on every place of the skin."""

    def __init__(self, p: FingerParameters, run: Recording, name: str) -> None:
        self.sites, self.members = electrodes(p)
        self.site_area = float(p.mapping.electrode_spacing / mm) ** 2
        places = finger_area.probe_places(p)
        self.probe_area = np.full(DIGITS * len(places), HAND.width * HAND.length / len(places))
        self.probe_digit = np.repeat(np.arange(DIGITS), len(places))
        self.probe_place = np.tile(places, (DIGITS, 1))
        self.probe_patch = self.probe_digit * PHALANGES + HAND.phalanx(self.probe_place[:, 1])
        self.cells, blanks = responses(p, run, name)
        self.responses = self.members @ self.cells
        background = self.members @ blanks
        self.baseline = background.mean(axis=1)
        spread = background.std(axis=1) / np.sqrt(p.mapping.repeats)
        self.thresholds = threshold(self.baseline, spread, SD_FLOOR, p.mapping.threshold)
        self.patches = patch_response(self.responses, self.probe_patch)
        self.winner = winner_take_all(self.patches, self.thresholds)
        self.field = receptive_field(self.responses, self.baseline)
        self.field_area = receptive_field_area(self.field, self.probe_area)

    def graded(self, patches: list[int]) -> float:
        """Area of cortex that answers to some patches, mm^2."""
        return graded_area(self.patches, self.thresholds, patches, self.site_area)

    def won(self, patches: list[int]) -> float:
        """Area of cortex that answers to some patches most, mm^2."""
        return winner_area(self.winner, patches, self.site_area)

    def field_size(self, patches: list[int]) -> float:
        """Mean receptive field of the sites that answer to some patches most, mm^2 of skin."""
        return float(self.field_area[np.isin(self.winner, patches)].mean())

    def total(self, patches: list[int]) -> float:
        """All spikes of the sheet evoked by probing some patches, per presentation."""
        return float(self.cells[:, np.isin(self.probe_patch, patches)].sum(axis=0).mean())


def electrodes(p: FingerParameters) -> tuple[np.ndarray, np.ndarray]:
    """Give the places of the electrodes, mm, and which cells each hears, shape (site, cell)."""
    anatomy = Anatomy(p)
    sites = anatomy.lattice(float(p.mapping.electrode_spacing / mm))
    distance = np.linalg.norm(sites[:, None] - anatomy.pyramidal[None], axis=2)
    return sites, (distance <= float(p.mapping.electrode_radius / mm)).astype(float)


def responses(p: FingerParameters, run: Recording, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Count spikes in one map: mean response (cell, probe) and the single blanks (cell, blank)."""
    start, _ = layout(p).interval(name)
    order = finger_area.probe_order(p)
    step = (finger_area.PROBE_SLOTS + finger_area.PAUSE_SLOTS) * float(finger_area.SLOT)
    onsets = start + step * np.arange(len(order))
    n_cells = len(Anatomy(p).pyramidal)
    counts = count_in_windows(run["spikes.i"], run["spikes.t"], n_cells, onsets, onsets + step)
    n_places = len(finger_area.probe_places(p))
    mean = np.zeros((n_cells, DIGITS * n_places))
    for place, group in {tuple(shown) for shown in order.tolist() if shown[0] >= 0}:
        shown = (order[:, 0] == place) & (order[:, 1] == group)
        for digit in finger_area.TOGETHER[group]:
            mean[:, digit * n_places + place] = counts[shown].mean(axis=0) * near(p, digit)
    return mean, counts[order[:, 0] < 0].T.astype(float)


def near(p: FingerParameters, digit: int) -> np.ndarray:
    """Say which cells an arbor of a digit can reach; of the digits probed together only one can reach a cell."""
    width, reach = float(p.sheet.digit_width / mm), float(p.sheet.arbor_radius / mm)
    x = Anatomy(p).pyramidal[:, 0]
    return (x > digit * width - reach) & (x < (digit + 1) * width + reach)


def trained_tips(p: FingerParameters) -> list[int]:
    """List the patches that touch the disc."""
    return [(digit - 1) * PHALANGES + DISTAL for digit in p.training.digits]


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
        "hold_ratio": held.total(tips) / before.total(tips),
        "expansion_under_hold": expansion(before.graded(tips), held.graded(tips)),
        "expansion_under_hold_wta": expansion(before.won(tips), held.won(tips)),
        "rf_ratio_under_hold": expansion(before.field_size(tips), held.field_size(tips)),
        "total_ratio_released": after.total(tips) / before.total(tips),
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


def session_maps(p: FingerParameters, run: Recording) -> dict[str, CorticalMap]:
    """Give the maps of one animal by stage."""
    stages = {"before": "map before", "after training": "map trained", "after release": "map released"}
    return {stage: CorticalMap(p, run, name) for stage, name in stages.items()}


def predict(p: FingerParameters, recordings: dict[str, Recording]) -> dict[str, float]:
    """Theory gives the hold: the total is what it was."""
    return {"hold_ratio": 1.0}


def layout(p: FingerParameters) -> Protocol:
    """Give the protocol with its times; which stimuli were drawn does not matter here."""
    return finger_area.protocol(p, np.random.default_rng(0), trained=True)


def phases(p: FingerParameters) -> list[Phase]:
    """List the phases."""
    return layout(p).phases()


def figures(p: FingerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw the sheet and the hand."""
    return {}


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
    quick={},
    nulls={
        "no_plasticity": {"copying.learning_rate": "0"},
        "shuffled_teacher": {"recruitment.teacher": "shuffled"},
        "no_hold": {"normalization.enabled": "false"},
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
