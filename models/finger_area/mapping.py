"""Maps of the finger area as virtual electrodes find them: who answers to a probe on which skin.

Sites lie on a lattice; each hears the cells within its radius. Every place on the skin is probed a few times, and
blank presentations give the baseline. See `cortex.analysis.maps` for the two measures of area.
"""

from weakref import WeakKeyDictionary

import numpy as np
from brian2.units import mm

from cortex.analysis.map_change import expansion
from cortex.analysis.maps import SD_FLOOR, graded_area, patch_response, threshold, winner_area, winner_take_all
from cortex.analysis.ratios import mean
from cortex.analysis.receptive_fields import receptive_field, receptive_field_area
from cortex.analysis.spikes import count_in_windows
from cortex.engine.simulation import Recording
from cortex.experiment.protocol import Protocol
from cortex.mechanisms.skin import DIGITS, HAND, PHALANGES
from models.finger_area.anatomy import Anatomy
from models.finger_area.parameters import FingerParameters, Mapped
from models.finger_area.protocol import PAUSE_SLOTS, PROBE_SLOTS, SLOT, layout, probe_order, probe_places, together

STAGES = {"before": "map before", "after training": "map trained", "after release": "map released"}
"""Phase of the protocol in which each map is taken."""

MAPS: "WeakKeyDictionary[Recording, dict[str, CorticalMap]]" = WeakKeyDictionary()
"""The maps of each recording: guards, measures and figures need the same."""


class SkinMap:
    """What every site answers to a probe on every place of the skin.

    Parameters
    ----------
    p : Mapped
    sites : array, shape (site, 2), mm
    site_area : float, mm^2
        Cortex that each site stands for.
    responses : array, shape (site, probe)
        In any unit; probes are those of `probe_places` on each digit in turn.
    baseline, thresholds : array, shape (site,)
        What a site answers to nothing, and above what it counts as driven, in the unit of the responses.
    """

    def __init__(
        self,
        p: Mapped,
        sites: np.ndarray,
        site_area: float,
        responses: np.ndarray,
        baseline: np.ndarray,
        thresholds: np.ndarray,
    ) -> None:
        self.sites, self.site_area = sites, site_area
        places = probe_places(p)
        self.probe_area = np.full(DIGITS * len(places), HAND.width * HAND.length / len(places))
        self.probe_digit = np.repeat(np.arange(DIGITS), len(places))
        self.probe_place = np.tile(places, (DIGITS, 1))
        self.probe_patch = self.probe_digit * PHALANGES + HAND.phalanx(self.probe_place[:, 1])
        self.responses, self.baseline, self.thresholds = responses, baseline, thresholds
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
        """Mean receptive field of the sites that answer to some patches most, mm^2 of skin; nan if none does."""
        return mean(self.field_area[np.isin(self.winner, patches)])


class CorticalMap(SkinMap):
    """One mapping session of a spiking network."""

    def __init__(
        self,
        p: FingerParameters,
        run: Recording,
        name: str,
        placed: tuple[np.ndarray, np.ndarray],
        times: Protocol | None = None,
    ) -> None:
        sites, self.members = placed
        self.cells, blanks = responses(p, run, name, times)
        background = self.members @ blanks
        baseline = background.mean(axis=1)
        self.spread = background.std(axis=1) / np.sqrt(p.mapping.repeats)
        thresholds = threshold(baseline, self.spread, SD_FLOOR, p.mapping.threshold)
        area = float(p.mapping.electrode_spacing / mm) ** 2
        super().__init__(p, sites, area, self.members @ self.cells, baseline, thresholds)

    def graded_at(self, patches: list[int], sds: float) -> float:
        """Area of cortex that answers to some patches with so many standard deviations over baseline, mm^2."""
        thresholds = threshold(self.baseline, self.spread, SD_FLOOR, sds)
        return graded_area(self.patches, thresholds, patches, self.site_area)

    def total(self, patches: list[int]) -> float:
        """All spikes of the sheet evoked by probing some patches, per presentation."""
        return mean(self.cells[:, np.isin(self.probe_patch, patches)].sum(axis=0))


def electrodes(p: FingerParameters) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of the electrodes, mm, and which cells each hears, shape (site, cell)."""
    anatomy = Anatomy(p)
    sites = anatomy.lattice(float(p.mapping.electrode_spacing / mm)).places
    distance = np.linalg.norm(sites[:, None] - anatomy.pyramidal[None], axis=2)
    return sites, (distance <= float(p.mapping.electrode_radius / mm)).astype(float)


def responses(
    p: FingerParameters, run: Recording, name: str, times: Protocol | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Count spikes in one map: mean response (cell, probe) and the single blanks (cell, blank).

    Parameters
    ----------
    p : FingerParameters
    run : Recording
    name : str
        Of the map in the protocol.
    times : Protocol, optional
        By default that of the disc.
    """
    start, _ = (times or layout(p)).interval(name)
    order = probe_order(p)
    step = (PROBE_SLOTS + PAUSE_SLOTS) * float(SLOT)
    onsets = start + step * np.arange(len(order))
    n_cells = len(Anatomy(p).pyramidal)
    counts = count_in_windows(run["spikes.i"], run["spikes.t"], n_cells, onsets, onsets + step)
    n_places, groups = len(probe_places(p)), together(p)
    mean = np.zeros((n_cells, DIGITS * n_places))
    reached = [near(p, digit) for digit in range(DIGITS)]
    for place, group in {tuple(shown) for shown in order.tolist() if shown[0] >= 0}:
        shown = (order[:, 0] == place) & (order[:, 1] == group)
        for digit in groups[group]:
            mean[:, digit * n_places + place] = counts[shown].mean(axis=0) * reached[digit]
    return mean, counts[order[:, 0] < 0].T.astype(float)


def near(p: FingerParameters, digit: int) -> np.ndarray:
    """Return which cells an arbor of a digit can reach; of the digits probed together only one can reach a cell."""
    width, reach = float(p.sheet.digit_width / mm), float(p.sheet.arbor_radius / mm)
    x = Anatomy(p).pyramidal[:, 0]
    return (x > digit * width - reach) & (x < (digit + 1) * width + reach)


def session_maps(p: FingerParameters, run: Recording) -> dict[str, CorticalMap]:
    """Return the maps of one animal by stage."""
    if run not in MAPS:
        placed = electrodes(p)
        MAPS[run] = {stage: CorticalMap(p, run, name, placed) for stage, name in STAGES.items()}
    return MAPS[run]


def hold_ratio(p: FingerParameters, run: Recording, cells: np.ndarray) -> float:
    """Compare the spikes of some cells on the disc under the hold with those before training, without plasticity."""
    local = cells[run["spikes.i"]]
    counts = []
    for session in ("disc before", "disc trained"):
        start, end = layout(p).interval(session)
        counts.append(float((local & (run["spikes.t"] >= start) & (run["spikes.t"] < end)).sum()))
    return expansion(*counts)
