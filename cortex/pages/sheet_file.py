"""Read the maps of a cortical sheet from what a run recorded: its file and its record are enough, no model is asked.

A map is a phase in which places of the skin are probed.
"""

from collections.abc import Iterator, Mapping

import h5netcdf
import numpy as np

from cortex.analysis import maps
from cortex.analysis.spikes import count_in_windows
from cortex.experiment import data_file, units
from cortex.experiment.result import Result
from cortex.mechanisms.skin import HAND, PHALANGES
from cortex.pages.sheet import Answers, Layout, Sheet, SheetMap
from cortex.pages.sheet_parameters import LENGTHS, REACH, SETTINGS, has_sheet

CELLS = ("pyramidal_x", "pyramidal_y", "pyramidal_kind", "spikes.i", "spikes.t", "cells.t", "cells.maturity")
PROBES = ("probe_phase", "probe_start", "probe_x", "probe_y", "probe_touches", "digit")
SYNAPSES = ("afferent_synapse_source", "afferent_synapse_target", "lateral_synapse_source", "lateral_synapse_target")
AFFERENTS = ("afferent_digit", "afferent_x", "afferent_y", "afferent_kind", "weights.t", "weights.w")
RIDGES = ("stimulus_ridged", "stimulus_depth", "stimulus_contact_y", "stimulus_radius")
HALF = float(np.sqrt(2 * np.log(2)))
"""Where the indentation is half its largest, in radii of a contact: the skin within counts as touched."""

CHOICES = ("lateral.source", "lateral.target", "lateral.affinity")
"""Contacts of established with idle cells, and how each idle cell has weighed its own; not every run has them."""

MATURE = 0.5
"""Maturity from which on an idle cell counts as a copy."""


def read(run: Result) -> Sheet | None:
    """Read the maps of a run; None if it recorded none."""
    parameters = run.parameters
    if not has_sheet(parameters):
        return None
    with data_file.opened(run.data) as file:
        animals = {
            name: group
            for name, group in file.groups.items()
            if {*CELLS, *PROBES, *SYNAPSES, *AFFERENTS, *RIDGES} <= set(group.variables) and _mapped(group)
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
            trained={name: _trained(group) for name, group in animals.items()},
            recorded=set(CHOICES) <= set(first.variables),
            synapses=synapses,
            afferents=np.stack([first.variables[name][...] for name in AFFERENTS[:3]], axis=1) - [1, 0, 0],
            slowly=np.array([str(name) == "SA1" for name in kind]),
        )


def _mapped(group: h5netcdf.Group) -> bool:
    """Return whether every map has at least two presentations, from which their duration is known."""
    _, presentations = np.unique(group.variables["probe_phase"][...].astype(str), return_counts=True)
    return bool((presentations > 1).all())


def _number(text: str) -> float:
    return float(units.split(text)[0])


def _trained(group: h5netcdf.Group) -> list[int]:
    """Return the patches that a ridged surface touches, whole or in part."""
    ridged, depth, along, radius = (group.variables[name][...] for name in RIDGES)
    pressed = (ridged > 0) & (depth > 0)
    _, digit = np.nonzero(pressed)
    first, last = (HAND.phalanx(along[pressed] + side * HALF * radius[pressed]) for side in (-1, 1))
    phalanges = range(PHALANGES)
    return sorted({int(d) * PHALANGES + p for p in phalanges for d in digit[(first <= p) & (p <= last)]})


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
    names = [*CELLS[3:], *PROBES, *SYNAPSES, *AFFERENTS, *(name for name in CHOICES if name in group.variables)]
    values = {name: group.variables[name][...] for name in names}
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
    touches, blank = values["probe_touches"][shown] > 0, np.isnan(places).any(axis=1)
    stops = starts + np.diff(starts).min()
    counts = count_in_windows(values["spikes.i"], values["spikes.t"], len(layout.cells), starts, stops)
    mean = np.zeros((len(layout.cells), len(layout.digit)))
    for probe, (digit, place) in enumerate(zip(layout.digit, layout.place, strict=True)):
        of_it = touches[:, digit] & (places == place).all(axis=1)
        if of_it.any():  # a digit that is gone is not touched
            mean[:, probe] = counts[of_it].mean(axis=0) * layout.near[digit]
    return mean, counts[blank].T.astype(float)


def _answers(spikes: np.ndarray, blanks: np.ndarray, layout: Layout) -> Answers:
    baseline = blanks.mean(axis=1)
    spread = blanks.std(axis=1) / np.sqrt(layout.repeats)
    thresholds = maps.threshold(baseline, spread, maps.SD_FLOOR, layout.threshold)
    return Answers(spikes, baseline, maps.patch_response(spikes, layout.patch), thresholds)


def _teachers(
    values: Mapping[str, np.ndarray], weights: np.ndarray, copies: np.ndarray, established: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find the teacher of each copy among the established cells that reach it, and how alike the weights of both are.

    It is the one of the largest affinity at the end, or, where that was not recorded, that of the most alike weights.
    """
    dense = np.zeros((len(copies), len(values["afferent_digit"])))
    dense[values["afferent_synapse_target"], values["afferent_synapse_source"]] = weights
    length = np.linalg.norm(dense, axis=1)
    unit = dense / np.where(length > 0, length, np.inf)[:, None]
    recorded = set(CHOICES) <= values.keys()
    source, target = (values[name] for name in (CHOICES[:2] if recorded else SYNAPSES[2:]))
    teaching = established[source] & copies[target] & (values[CHOICES[2]] > 0 if recorded else True)
    source, target = source[teaching], target[teaching]
    likeness = (unit[source] * unit[target]).sum(axis=1)
    order = np.argsort(values[CHOICES[2]][teaching] if recorded else likeness, kind="stable")
    teacher, alike = np.full(len(copies), -1), np.full(len(copies), np.nan)
    teacher[target[order]], alike[target[order]] = source[order], likeness[order]  # the last, and largest, stays
    return teacher, alike
