"""The map of the strip as virtual electrodes find it: each hears one cell while the skin is probed.

Groups are fixed by anatomy, so what grows is the number of cells that answer, not the region in which they lie.
"""

from dataclasses import dataclass

import numpy as np

from cortex.analysis.maps import SD_FLOOR, graded_area, patch_response, threshold, winner_area, winner_take_all
from cortex.analysis.ratios import mean
from cortex.analysis.receptive_fields import receptive_field, receptive_field_area
from models.fingertip.observe import Observed
from models.fingertip.protocol import PROBES, probe_order, probe_places

TIP, OTHER = 0, 1
"""Patches of skin."""


@dataclass(frozen=True)
class SkinMap:
    """One mapping session: what each cell answers to a probe at each place of the skin.

    Attributes
    ----------
    responses : array, (cell, place)
        Mean spikes.
    baseline, spread : array, (cell,)
        Mean spikes without a touch, and the standard error of as many presentations as a place has.
    places : array, (place,), mm
    tip : float, mm
        Length of the fingertip.
    """

    responses: np.ndarray
    baseline: np.ndarray
    spread: np.ndarray
    places: np.ndarray
    tip: float

    @property
    def patches(self) -> np.ndarray:
        """Response of each cell to each patch of skin, shape (cell, patch)."""
        return patch_response(self.responses, np.where(self.places < self.tip, TIP, OTHER))

    @property
    def thresholds(self) -> np.ndarray:
        """Response above which a cell answers, shape (cell,)."""
        return threshold(self.baseline, self.spread, SD_FLOOR)

    @property
    def winner(self) -> np.ndarray:
        """Patch that drives each cell most, shape (cell,), or -1."""
        return winner_take_all(self.patches, self.thresholds)

    def graded(self, patch: int) -> float:
        """Return the number of cells that answer to a patch."""
        return graded_area(self.patches, self.thresholds, [patch], 1.0)

    def won(self, patch: int) -> float:
        """Return the number of cells that answer to a patch most."""
        return winner_area(self.winner, [patch], 1.0)

    def field_size(self, patch: int) -> float:
        """Return the mean receptive field of the cells that answer to a patch most, mm; nan if none does."""
        each = np.full(len(self.places), float(np.diff(self.places)[0]))
        sizes = receptive_field_area(receptive_field(self.responses, self.baseline), each)
        return mean(sizes[self.winner == patch])


def skin_map(observed: Observed, stage: str) -> SkinMap:
    """Return the map of a stage, such as "held"."""
    p, order = observed.parameters, probe_order(observed.parameters)
    counts = observed.counts[observed.trials[f"map {stage}"]]
    responses = np.stack([counts[order == place].mean(axis=0) for place in range(PROBES)], axis=1)
    blanks = counts[order < 0]
    spread = blanks.std(axis=0) / np.sqrt(p.training.probes)
    return SkinMap(responses, blanks.mean(axis=0), spread, probe_places(p), p.skin.tip)
