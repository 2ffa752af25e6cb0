"""Maps of a cortical sheet, as a page shows them: sites, cells, what they answer to, and who taught whom.

Virtual electrodes, *sites*, lie on a square lattice over the sheet, and each hears the cells within its radius, as
`cortex.analysis.maps` and the parameters ``mapping.*`` say.
"""

from dataclasses import dataclass

import numpy as np

from cortex.analysis import maps
from cortex.analysis.receptive_fields import receptive_field, receptive_field_area
from cortex.mechanisms.skin import HAND, PHALANGES


@dataclass(frozen=True)
class Layout:
    """What stays the same in all maps of an animal.

    Attributes
    ----------
    cells, sites : array, (cell or site, 2), mm
        Places from the lateral and from the caudal border.
    members : array of bool, (site, cell)
        Which cells a site hears.
    established : array of bool, (cell,)
        Cells that were not idle at the beginning.
    digit, place : array, (probe,) and (probe, 2)
        Digit of each probe, counted from 0, and its place on it, mm.
    site_area, probe_area : float, mm^2
        Cortex that a site stands for, and skin that a probe stands for.
    threshold, repeats : float
        Standard deviations above the baseline, and how often each probe was presented.
    near : array of bool, (digit, cell)
        Which cells an arbor of a digit can reach; of the digits probed together only one can reach a cell.
    """

    cells: np.ndarray
    sites: np.ndarray
    members: np.ndarray
    established: np.ndarray
    digit: np.ndarray
    place: np.ndarray
    site_area: float
    probe_area: float
    threshold: float
    repeats: float
    near: np.ndarray

    @property
    def patch(self) -> np.ndarray:
        """Patch of each probe, digit * 3 + phalanx, shape (probe,)."""
        return self.digit * PHALANGES + HAND.phalanx(self.place[:, 1])


@dataclass(frozen=True)
class Answers:
    """How sites, or cells, answer in one map.

    Attributes
    ----------
    spikes : array, (element, probe)
        Mean number of spikes for each probe.
    baseline : array, (element,)
        The same without a probe.
    patches : array, (element, patch)
        Response to each patch of skin.
    thresholds : array, (element,)
        What a response must exceed.
    """

    spikes: np.ndarray
    baseline: np.ndarray
    patches: np.ndarray
    thresholds: np.ndarray

    @property
    def winner(self) -> np.ndarray:
        """Patch that drives each element most, -1 where none does, shape (element,)."""
        return maps.winner_take_all(self.patches, self.thresholds)

    def field_size(self, probe_area: float) -> np.ndarray:
        """Area of skin that drives each element at least half as much as the best place, mm^2, shape (element,)."""
        field = receptive_field(self.spikes, self.baseline)
        return receptive_field_area(field, np.full(field.shape[1], probe_area))


@dataclass(frozen=True)
class SheetMap:
    """One map of an animal.

    Attributes
    ----------
    phase : str
    start : float, s
    sites, cells : Answers
    weights : array, (synapse,)
        Of the afferents, when the map began.
    maturity : array, (cell,)
    teacher, likeness : array, (cell,)
        Of each copy the established cell that taught it, and the cosine between the weights of the two; -1 and nan for
        all other cells.
    blanks : int
        Number of presentations of nothing.
    """

    phase: str
    start: float
    sites: Answers
    cells: Answers
    weights: np.ndarray
    maturity: np.ndarray
    teacher: np.ndarray
    likeness: np.ndarray
    blanks: int


@dataclass(frozen=True)
class Sheet:
    """The maps of all animals of a run.

    Attributes
    ----------
    layout : Layout
    maps : dict of str to list of SheetMap
        By name of the animal.
    trained : dict of str to list of int
        Of each animal the patches of skin, digit * 3 + phalanx, that a ridged surface touched, whole or in part.
    recorded : bool
        Whether the run recorded how idle cells chose their teachers; else the teacher of a copy is the cell, of those
        that reach it, whose weights are most like its own.
    synapses : array of int, (2, synapse)
        Afferent and cell of each afferent synapse.
    afferents : array, (afferent, 3)
        Digit, counted from 0, and place on it in mm.
    slowly : array of bool, (afferent,)
        Whether it adapts slowly (SA1).
    """

    layout: Layout
    maps: dict[str, list[SheetMap]]
    trained: dict[str, list[int]]
    recorded: bool
    synapses: np.ndarray
    afferents: np.ndarray
    slowly: np.ndarray

    @property
    def size(self) -> int:
        """Number of responses of cells to probes, in all maps."""
        return sum(one.cells.spikes.size for taken in self.maps.values() for one in taken)
