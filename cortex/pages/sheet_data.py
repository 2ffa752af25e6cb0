"""Lay out the maps of a sheet for a page: small numbers, packed, and the hand on which fields are drawn."""

import base64
import gzip
from collections.abc import Callable
from itertools import cycle
from typing import Any

import numpy as np
from matplotlib.colors import to_hex

from cortex.analysis import maps
from cortex.mechanisms.skin import DIGITS, HAND, PHALANGES
from cortex.pages.chart import DASHES, Chart, Series
from cortex.pages.page import Explorer
from cortex.pages.sheet import Sheet, SheetMap
from cortex.report.palm import palm_creases, palm_outline
from cortex.report.skin import PALM_LENGTH, Hand
from cortex.report.style import DIGITS as DIGIT_COLOURS
from cortex.report.style import IDLE, PHALANX_NAMES, patch_colour

DRAWN = Hand(np.tile(HAND.phalanges, (DIGITS, 1)), np.full(DIGITS, HAND.width))
"""The hand on the page."""

TOUCHED, OTHER = "#56B4E9", "#858585"
"""Colours of skin that is on several digits: none of theirs."""

UP = np.array([10, -10])
"""From mm, with y up, to the units of the drawing: tenths of a mm, with y down."""


def explorer(sheet: Sheet) -> Explorer:
    """Return the sheet as a part of a page."""
    return Explorer(data(sheet), skin(sheet))


def data(sheet: Sheet) -> dict[str, Any]:
    """Return what the script of a page knows of a sheet.

    Places are in mm; ``spikes`` are sums over the repeats of each probe, ``blanks`` over all presentations of nothing,
    so that the script divides the same whole numbers as the analysis does.
    """
    layout = sheet.layout
    order = np.argsort(sheet.synapses[1], kind="stable")
    places = np.concatenate([_page(int(digit), x, y) for digit, x, y in sheet.afferents]) * UP
    return {
        "animals": list(sheet.maps),
        "recorded": sheet.recorded,
        "colours": [to_hex(patch_colour(patch)) for patch in range(DIGITS * PHALANGES)],
        "inks": [_ink(patch) for patch in range(DIGITS * PHALANGES)],
        "silent": IDLE,
        "patches": [f"D{digit + 1} {name}" for digit in range(DIGITS) for name in PHALANX_NAMES],
        "trained": sheet.trained,
        "sites": layout.sites.T.round(3).tolist(),
        "cells": layout.cells.T.round(3).tolist(),
        "established": packed(layout.established),
        "members": [np.flatnonzero(row).tolist() for row in layout.members],
        "probePatch": layout.patch.tolist(),
        "siteArea": layout.site_area,
        "probeArea": layout.probe_area,
        "repeats": layout.repeats,
        "afferents": places.round().astype(int).T.tolist(),
        "slowly": packed(sheet.slowly),
        "contacts": packed(np.bincount(sheet.synapses[1], minlength=len(layout.cells))),
        "sources": packed(sheet.synapses[0][order]),
        "maps": {name: [_map(one, sheet, order) for one in taken] for name, taken in sheet.maps.items()},
    }


def packed(values: np.ndarray) -> dict[str, str]:
    """Pack whole numbers, 0 for what is none: their kind as JavaScript calls it, their compressed bytes as text."""
    values = np.nan_to_num(values)
    low, high = int(values.min(initial=0)), int(values.max(initial=0))
    kind = next(kind for kind in (np.uint8, np.int16, np.uint16, np.int32) if _fits(low, high, kind))
    array = np.ascontiguousarray(values, kind)
    return {
        "kind": array.dtype.name.capitalize(),
        "bytes": base64.b64encode(gzip.compress(array.tobytes(), 6, mtime=0)).decode(),
    }


def _fits(low: int, high: int, kind: type[np.integer]) -> bool:
    return np.iinfo(kind).min <= low and high <= np.iinfo(kind).max


def _map(one: SheetMap, sheet: Sheet, order: np.ndarray) -> dict[str, Any]:
    """Lay out one map; weights, maturity and likeness in steps of 1/200."""
    layout = sheet.layout
    return {
        "name": one.phase,
        "start": one.start,
        "spikes": packed(np.rint(one.cells.spikes * layout.repeats)),
        "blanks": packed(np.rint(one.cells.baseline * one.blanks)),
        "blankCount": one.blanks,
        "siteWinner": one.sites.winner.tolist(),
        "cellWinner": packed(one.cells.winner),
        "weights": packed(np.rint(200 * np.clip(one.weights[order], 0, None))),
        "maturity": packed(np.rint(200 * one.maturity)),
        "teacher": packed(one.teacher),
        "likeness": packed(np.rint(200 * np.nan_to_num(one.likeness))),
    }


def skin(sheet: Sheet) -> dict[str, Any]:
    """Return the outlines of the hand on the page, and of the skin around each probe, as points in tenths of a mm."""
    step = {axis: _step(sheet.layout.place[:, number]) for number, axis in enumerate("xy")}
    palm = [palm_outline(DRAWN.palm_width)]
    digits = [_outline(digit) for digit in range(DIGITS)]
    rim = np.vstack([*digits, *palm])
    low, high = rim.min(axis=0) - 1, rim.max(axis=0) + 4
    low[1] = max(low[1], -PALM_LENGTH * DRAWN.palm_width)
    half = np.array([step["x"], step["y"]]) / 2
    corners = half * [(-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1)]
    probes = [
        _page(int(digit), *(place + corners).T)
        for digit, place in zip(sheet.layout.digit, sheet.layout.place, strict=True)
    ]
    beyond = HAND.length + 0.45 * HAND.width
    names = [DRAWN.pose(digit).transform((0, beyond)) for digit in range(DIGITS)]
    return {
        "box": " ".join(f"{value:g}" for value in np.round([low[0] * 10, -high[1] * 10, *((high - low) * 10)])),
        "outlines": [_points(outline) for outline in (*palm, *digits)],
        "creases": [_points(crease) for crease in palm_creases(DRAWN.palm_width)],
        "probes": [_points(probe) for probe in probes],
        "names": [(f"D{digit + 1}", *(place * UP).round().astype(int)) for digit, place in enumerate(names)],
    }


def charts(sheet: Sheet) -> list[Chart]:
    """Return area, field size and total over time, for touched and other skin of each animal, or for its digits.

    Colours tell skin apart, and dashes animals.
    """
    layout = sheet.layout

    def chart(title: str, value: Callable[[SheetMap, list[int]], float]) -> Chart:
        series = []
        for dashes, (animal, taken) in zip(cycle(DASHES), sheet.maps.items(), strict=False):
            times = [one.start / 60 for one in taken]
            for name, colour, patches in _skins(sheet, animal):
                values = [value(one, patches) for one in taken]
                series.append(Series(f"{animal} animal, {name}", times, values, colour, dashes))
        return Chart(title, series)

    def area(one: SheetMap, patches: list[int]) -> float:
        return maps.graded_area(one.sites.patches, one.sites.thresholds, patches, layout.site_area)

    def field_size(one: SheetMap, patches: list[int]) -> float:
        sizes = one.sites.field_size(layout.probe_area)[np.isin(one.sites.winner, patches)]
        return float(sizes.mean()) if len(sizes) else float("nan")

    def total(one: SheetMap, patches: list[int]) -> float:
        return float(one.cells.spikes[:, np.isin(layout.patch, patches)].sum(axis=0).mean())

    return [
        chart("Area of cortex that answers (graded), mm²", area),
        chart("Mean receptive field of the sites it drives most, mm² of skin", field_size),
        chart("Spikes of all cells for a probe", total),
    ]


def _skins(sheet: Sheet, animal: str) -> list[tuple[str, str, list[int]]]:
    """Return name, colour and patches of the skin that is followed in an animal.

    It is what its training touched and the other digits; in an animal without training the same skin, where all others
    agree on it, and else each digit in its own colour.
    """
    touched, name = sheet.trained[animal], "patches touched by the training"
    of_others = {tuple(patches) for patches in sheet.trained.values() if patches}
    if not touched and len(of_others) == 1:
        touched, name = list(*of_others), "the same patches, not trained"
    if not touched:
        return [(f"D{d + 1}", DIGIT_COLOURS[d], list(range(d * PHALANGES, (d + 1) * PHALANGES))) for d in range(DIGITS)]
    digits = {patch // PHALANGES for patch in touched}
    others = [patch for patch in range(DIGITS * PHALANGES) if patch // PHALANGES not in digits]
    return [(name, TOUCHED, touched), ("other digits", OTHER, others)]


def _outline(digit: int) -> np.ndarray:
    """Return the outline of a digit on the page, mm, shape (point, 2)."""
    half, length = HAND.width / 2, HAND.length
    side, top = np.linspace(0, length, 40), np.linspace(-half, half, 20)
    return np.vstack([_page(digit, x, y) for x, y in ((-half, side), (top, length), (half, side[::-1]))])


def _page(digit: int, x: Any, y: Any) -> np.ndarray:
    return DRAWN.to_page(digit, x, y).reshape(-1, 2)


def _points(places: np.ndarray) -> str:
    """Write places, mm with y up, as the points of an SVG shape."""
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in places * UP)


def _step(places: np.ndarray) -> float:
    """Return the distance of neighbours on a lattice."""
    apart = np.diff(np.unique(places.round(6)))
    return float(apart.min()) if len(apart) else 1.0


def _ink(patch: int) -> str:
    """Return black or white, whichever is easier to read on the colour of a patch (WCAG 2, relative luminance)."""
    channels = np.array(patch_colour(patch))
    linear = np.where(channels > 0.04045, ((channels + 0.055) / 1.055) ** 2.4, channels / 12.92)
    return "#000" if float(linear @ (0.2126, 0.7152, 0.0722)) > 0.179 else "#fff"
