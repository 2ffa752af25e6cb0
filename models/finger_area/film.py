"""The finger area growing, as a film: which skin each cell hears most, from its weights, second after second."""

from typing import Any

import numpy as np
from brian2.units import mm
from matplotlib.animation import FuncAnimation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from cortex.engine.simulation import Recording
from cortex.mechanisms.skin import DIGITS, HAND, PHALANGES, receptors
from cortex.report.hand import draw_hand
from cortex.report.skin import Hand
from cortex.report.style import INK, bare, draw_scale_bar, patch_colour, styled
from cortex.report.timeline import Span, shade_phases
from models.finger_area.anatomy import Anatomy
from models.finger_area.parameters import FingerParameters
from models.finger_area.protocol import layout

LIVE = ("settle", "calibrate", "train", "release")
"""Phases that are shown; in the others nothing learns."""

STEP = 5.0
"""Biological time from one picture to the next, s; weights between two samples are interpolated."""

HEARD = 0.5
"""A cell hears the skin if its weights sum to this share of the median of established cells, when they have settled."""


def heard(p: FingerParameters, run: Recording, times: np.ndarray) -> np.ndarray:
    """Return the patch of skin on which each cell has the greatest weights at some times, shape (time, cell).

    -1 if its weights are too small for it to answer.
    """
    anatomy, skin = Anatomy(p), receptors(p.afferents)
    source, target = anatomy.fixed["afferent"]
    patch = (skin.digit * PHALANGES + HAND.phalanx(skin.y))[source]
    cells, patches = len(anatomy.pyramidal), DIGITS * PHALANGES
    slot = target * patches + patch
    samples = np.stack(
        [np.bincount(slot, weights=w, minlength=cells * patches) for w in run["weights.w"]], dtype=np.float32
    )
    at = np.clip(np.searchsorted(run["weights.t"], times) - 1, 0, len(samples) - 2)
    part = np.clip((times - run["weights.t"][at]) / np.diff(run["weights.t"])[at], 0, 1)[:, None]
    sums = ((1 - part) * samples[at] + part * samples[at + 1]).reshape(len(times), cells, patches)
    whole = sums.sum(axis=2)
    established = run["cells.maturity"][0] == 1
    last = max(int(np.searchsorted(run["weights.t"], layout(p).interval("settle")[1])) - 1, 0)
    settled = np.median(samples[last].reshape(cells, patches).sum(axis=1)[established])
    return np.where(whole >= HEARD * settled, sums.argmax(axis=2), -1)


@styled
def film(p: FingerParameters, run: Recording, trained: list[int]) -> FuncAnimation:
    """Draw the sheet, the hand and the number of cells that hear the trained tips most, over the phases that learn.

    Parameters
    ----------
    p : FingerParameters
    run : Recording
        Of the trained animal.
    trained : list of int
        Patches that touch the disc, digit * 3 + phalanx.
    """
    phases = [phase for phase in layout(p).phases() if phase.name in LIVE]
    ends = np.cumsum([0.0, *(float(phase.duration) for phase in phases)])
    shown = np.arange(ends[0], ends[-1], STEP)
    which = np.searchsorted(ends, shown, side="right") - 1
    times = np.array([float(phases[n].start) for n in which]) + shown - ends[which]
    patch = heard(p, run, times)
    area = float(1 / (p.sheet.density * mm**2)) * np.isin(patch, trained).sum(axis=1)

    figure = Figure((7.2, 4.3), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(2, 2, width_ratios=(2.1, 1), height_ratios=(1.5, 1))
    sheet, hand, curve = (figure.add_subplot(part) for part in (grid[0, 0], grid[:, 1], grid[1, 0]))
    colours = np.array([patch_colour(number) for number in range(-1, DIGITS * PHALANGES)])
    x, y = Anatomy(p).pyramidal.T
    dots = sheet.scatter(x, y, s=9, c=colours[patch[0] + 1], lw=0, marker="s")
    sheet.set_title("Area 3b: the skin that each cell hears most", pad=14)
    bare(sheet)
    draw_scale_bar(sheet, 0.5)
    for digit in range(DIGITS):
        middle = (digit + 0.5) * float(p.sheet.digit_width / mm)
        sheet.text(middle, 1.02, f"D{digit + 1}", transform=sheet.get_xaxis_transform(), ha="center")
    drawn = Hand(np.tile(HAND.phalanges, (DIGITS, 1)), np.full(DIGITS, HAND.width))
    draw_hand(hand, drawn)
    tips = [_tip(drawn, number) for number in trained]
    for tip, number in zip(tips, trained, strict=True):
        tip.set_facecolor(patch_colour(number))
        hand.add_patch(tip)
    shade_phases(curve, [Span(ph.name, *ends[n : n + 2]) for n, ph in enumerate(phases)], width=0.5)
    curve.set(xlabel="Time with learning (s)", ylabel="Cortex that hears the\ntrained tips most (mm²)")
    curve.set_ylim(0, 1.15 * area.max())
    told = hand.set_title("calibrate: the hand in normal use", y=1)
    figure.canvas.draw()
    figure.set_layout_engine("none")  # nothing moves from picture to picture
    [line] = curve.plot([], [], color=INK, lw=1.6)
    [now] = curve.plot([], [], "o", color=INK, ms=4)

    def show(number: int) -> tuple[Any, ...]:
        dots.set_facecolor(colours[patch[number] + 1])
        line.set_data(shown[: number + 1], area[: number + 1])
        now.set_data(shown[number : number + 1], area[number : number + 1])
        name = phases[which[number]].name
        on_disc = name in ("train", "release")
        for tip in tips:
            tip.set_visible(on_disc)
        told.set_text(f"{name}: tips on the disc" if on_disc else f"{name}: the hand in normal use")
        return (dots, line, now, told, *tips)

    return FuncAnimation(figure, show, frames=len(shown), blit=False)


def _tip(hand: Hand, patch: int) -> Circle:
    """Return a disc on the distal end of a digit."""
    digit = patch // PHALANGES
    length = hand.length(digit) - HAND.phalanges[PHALANGES - 1] / 2
    return Circle(tuple(hand.pose(digit).transform((0, length))), 0.42 * HAND.width, ec=INK, lw=1, zorder=5)
