"""Read the maps of a cortical sheet from what a run recorded: its file and its record are enough, no model is asked.

A map is a phase in which places of the skin are probed. Virtual electrodes, *sites*, lie on a square lattice over the
sheet, and each hears the cells within its radius, as `cortex.analysis.maps` and the parameters ``mapping.*`` say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import h5netcdf
import numpy as np

from cortex.analysis import maps
from cortex.analysis.receptive_fields import receptive_field, receptive_field_area
from cortex.analysis.spikes import count_in_windows
from cortex.experiment import data_file, units
from cortex.experiment.result import Result
from cortex.mechanisms.skin import HAND, PHALANGES

CELLS = ("pyramidal_x", "pyramidal_y", "pyramidal_kind", "spikes.i", "spikes.t", "cells.t", "cells.maturity")
PROBES = ("probe_phase", "probe_start", "probe_x", "probe_y", "probe_touches", "digit")
SYNAPSES = ("afferent_synapse_source", "afferent_synapse_target", "lateral_synapse_source", "lateral_synapse_target")
AFFERENTS = ("afferent_digit", "afferent_x", "afferent_y", "afferent_kind", "weights.t", "weights.w")
SETTINGS = ("mapping.electrode_spacing", "mapping.electrode_radius", "mapping.threshold", "mapping.repeats")
REACH = ("sheet.digit_width", "sheet.arbor_radius")
LENGTHS = ("sheet.proximal_length", "sheet.middle_length", "sheet.distal_length")
MATURE = 0.5
"""Maturity from which on an idle cell counts as a copy."""


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
        Of each copy the established cell, of those that reach it, whose weights are most like its own, and the cosine
        between the two; -1 and nan for all other cells.
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
    trained : list of int
        Patches of skin that were trained, digit * 3 + phalanx.
    synapses : array of int, (2, synapse)
        Afferent and cell of each afferent synapse.
    afferents : array, (afferent, 3)
        Digit, counted from 0, and place on it in mm.
    slowly : array of bool, (afferent,)
        Whether it adapts slowly (SA1).
    """

    layout: Layout
    maps: dict[str, list[SheetMap]]
    trained: list[int]
    synapses: np.ndarray
    afferents: np.ndarray
    slowly: np.ndarray

    @property
    def size(self) -> int:
        """Number of responses of cells to probes, in all maps."""
        return sum(one.cells.spikes.size for taken in self.maps.values() for one in taken)


def read(run: Result) -> Sheet | None:
    """Read the maps of a run; None if it recorded none."""
    parameters = run.parameters
    if not {*SETTINGS, *REACH, *LENGTHS} <= parameters.keys():
        return None
    with data_file.opened(run.data) as file:
        animals = {
            name: group
            for name, group in file.groups.items()
            if {*CELLS, *PROBES, *SYNAPSES, *AFFERENTS} <= set(group.variables)
        }
        if not animals:
            return None
        first = next(iter(animals.values()))
        layout = _layout(first, parameters)
        synapses = np.stack([first.variables[name][...] for name in SYNAPSES[:2]])
        kind = first.variables["afferent_kind"][...]
        return Sheet(
            layout=layout,
            maps={name: list(_maps(group, layout)) for name, group in animals.items()},
            trained=_trained(parameters),
            synapses=synapses,
            afferents=np.stack([first.variables[name][...] for name in AFFERENTS[:3]], axis=1) - [1, 0, 0],
            slowly=np.array([str(name) == "SA1" for name in kind]),
        )


def _number(text: str) -> float:
    return float(units.split(text)[0])


def _trained(parameters: Mapping[str, str]) -> list[int]:
    """Return the trained patches: the same phalanx of some digits."""
    names = ("proximal", "middle", "distal")
    digits, phalanx = parameters.get("training.digits", ""), parameters.get("training.site", "")
    if phalanx not in names:
        return []
    return [(int(digit) - 1) * PHALANGES + names.index(phalanx) for digit in digits.split(",") if digit.strip()]


def _layout(group: h5netcdf.Group, parameters: Mapping[str, str]) -> Layout:
    """Lay out sites, on a lattice that fills the sheet, and probes."""
    spacing, radius, threshold, repeats = (_number(parameters[name]) for name in SETTINGS)
    width, reach = (_number(parameters[name]) for name in REACH)
    cells = np.stack([group.variables[name][...] for name in CELLS[:2]], axis=1)
    digits, x = len(group.variables["digit"]), cells[:, 0]
    size = digits * width, sum(_number(parameters[name]) for name in LENGTHS)
    axes = [np.arange(spacing / 2, extent, spacing) for extent in size]
    sites = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
    places = np.stack([group.variables[name][...] for name in PROBES[2:4]], axis=1)
    places = np.unique(places[~np.isnan(places).any(axis=1)], axis=0)
    return Layout(
        cells=cells,
        sites=sites,
        members=np.linalg.norm(sites[:, None] - cells[None], axis=2) <= radius,
        established=np.array([str(kind) == "established" for kind in group.variables["pyramidal_kind"][...]]),
        digit=np.repeat(np.arange(digits), len(places)),
        place=np.tile(places, (digits, 1)),
        site_area=spacing**2,
        probe_area=HAND.width * HAND.length / len(places),
        threshold=threshold,
        repeats=repeats,
        near=np.array([(x > d * width - reach) & (x < (d + 1) * width + reach) for d in range(digits)]),
    )


def _maps(group: h5netcdf.Group, layout: Layout) -> Iterator[SheetMap]:
    """Yield the maps of an animal in the order in which they were taken."""
    values = {name: group.variables[name][...] for name in (*CELLS[3:], *PROBES, *SYNAPSES, *AFFERENTS)}
    phases = np.array([str(phase) for phase in values["probe_phase"]])
    for phase in dict.fromkeys(phases.tolist()):
        shown = phases == phase
        start = float(values["probe_start"][shown][0])
        weights, maturity = (
            values[name][min(np.searchsorted(values[times], start), len(values[times]) - 1)]
            for name, times in (("weights.w", "weights.t"), ("cells.maturity", "cells.t"))
        )
        cells, blanks = _responses(values, shown, layout)
        teacher, likeness = _teachers(values, weights, ~layout.established & (maturity >= MATURE), layout.established)
        yield SheetMap(
            phase=phase,
            start=start,
            sites=_answers(layout.members @ cells, layout.members @ blanks, layout),
            cells=_answers(cells, blanks, layout),
            weights=weights,
            maturity=maturity,
            teacher=teacher,
            likeness=likeness,
            blanks=blanks.shape[1],
        )


def _responses(values: Mapping[str, np.ndarray], shown: np.ndarray, layout: Layout) -> tuple[np.ndarray, np.ndarray]:
    """Count the spikes of one map: means for each probe (cell, probe), and in each blank (cell, blank)."""
    starts = values["probe_start"][shown]
    places = np.stack([values[name][shown] for name in ("probe_x", "probe_y")], axis=1)
    touches = values["probe_touches"][shown] > 0
    stops = starts + np.diff(starts).min()
    counts = count_in_windows(values["spikes.i"], values["spikes.t"], len(layout.cells), starts, stops)
    mean = np.zeros((len(layout.cells), len(layout.digit)))
    for probe, (digit, place) in enumerate(zip(layout.digit, layout.place, strict=True)):
        of_it = touches[:, digit] & (places == place).all(axis=1)
        mean[:, probe] = counts[of_it].mean(axis=0) * layout.near[digit]
    return mean, counts[~touches.any(axis=1)].T.astype(float)


def _answers(spikes: np.ndarray, blanks: np.ndarray, layout: Layout) -> Answers:
    baseline = blanks.mean(axis=1)
    spread = blanks.std(axis=1) / np.sqrt(layout.repeats)
    thresholds = maps.threshold(baseline, spread, maps.SD_FLOOR, layout.threshold)
    return Answers(spikes, baseline, maps.patch_response(spikes, layout.patch), thresholds)


def _teachers(
    values: Mapping[str, np.ndarray], weights: np.ndarray, copies: np.ndarray, established: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find the teacher of each copy: the established cell that reaches it and has the weights most like its own."""
    dense = np.zeros((len(copies), len(values["afferent_digit"])))
    dense[values["afferent_synapse_target"], values["afferent_synapse_source"]] = weights
    length = np.linalg.norm(dense, axis=1)
    unit = dense / np.where(length > 0, length, np.inf)[:, None]
    source, target = (values[f"lateral_synapse_{end}"] for end in ("source", "target"))
    teaching = established[source] & copies[target]
    source, target = source[teaching], target[teaching]
    cosines = (unit[source] * unit[target]).sum(axis=1)
    order = np.argsort(cosines, kind="stable")  # so that the greatest of each copy is written last
    teacher, likeness = np.full(len(copies), -1), np.full(len(copies), np.nan)
    teacher[target[order]], likeness[target[order]] = source[order], cosines[order]
    return teacher, likeness
