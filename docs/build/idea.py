"""Draw the circuit and the protocol in one picture (docs/figures/idea.png), over what a run of the pair recorded.

    python -m docs.build.idea

The circuits are drawings; the curves below them are those of `copy_pair`, full version, root seed 700, replicate 0.
"""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, RegularPolygon

import cortex
from cortex.analysis.spikes import rate_in_bins
from cortex.report.style import DPI, FAINT, IDLE, INK, SERIES, TWO_COLUMNS, styled, tint
from cortex.report.timeline import phase_colour
from docs.build import FIGURES
from models.pair import layout
from models.pair.observe import level_alone, similarity
from models.pair.parameters import PairParameters

PV = "#7A5195"
PLACES = {"skin": (0.5, 0.08), "target": (0.2, 0.5), "copy": (0.8, 0.5), "pv": (0.5, 0.9)}
BIN = 5.0
"""Width of the bins of the total, s."""


class Stage(NamedTuple):
    """A column of the picture: what its circuit shows, by the strength of each connection from 0 to 1."""

    title: str
    phase: str
    sentence: str
    afferents_of_copy: float
    coupling: float
    hold: float


STAGES = (
    Stage("1  before", "calibrate", "The target answers to the skin.\nThe other cell is idle.", 0.12, 0.0, 0.15),
    Stage("2  copy", "copy", "The busy target drives the idle cell,\nwhich learns its afferents.", 0.5, 1.0, 0.5),
    Stage("3  hold", "hold", "PV cells hold the total of both\nat that of the target alone.", 1.0, 0.5, 1.0),
    Stage("4  release", "release", "Coupling and most of the hold end:\nthe copies part.", 1.0, 0.0, 0.3),
)


@styled
def figure_idea(p: PairParameters, run: "cortex.engine.simulation.Recording") -> Figure:
    """Draw a circuit for each stage, and below it the total and the similarity in that phase."""
    figure = Figure((TWO_COLUMNS, 4.6), layout="constrained")
    axes = figure.subplots(3, len(STAGES), height_ratios=(2.1, 1, 1))
    edges = np.arange(0, float(layout(p).duration), BIN)
    members = rate_in_bins(run["spikes.i"], run["spikes.t"], p.copies, edges)
    level = level_alone(p, edges, members.sum(axis=1))
    alike = similarity(p, run).mean(axis=0)
    for column, stage in enumerate(STAGES):
        circuit, total, weights = axes[:, column]
        draw_circuit(circuit, stage)
        start, end = layout(p).interval(stage.phase)
        inside = (edges[:-1] >= start) & (edges[1:] <= end)
        time = edges[:-1][inside] + BIN / 2 - start
        total.stackplot(time, members[inside].T, colors=[tint(colour, 0.35) for colour in SERIES[: p.copies]])
        total.plot(time, level[inside], color=INK, ls=(0, (4, 1.6)))
        total.set(ylim=(0, 1.1 * members.sum(axis=1).max()), xlim=(0, end - start), xticklabels=[])
        now = (run["weights.t"] >= start) & (run["weights.t"] <= end)
        weights.plot(run["weights.t"][now] - start, alike[now], color=SERIES[1])
        weights.set(ylim=(0, 1.05), xlim=(0, end - start), xlabel="Time (s)")
        for ax in (total, weights):
            ax.set_facecolor(phase_colour(stage.phase))
            ax.label_outer(remove_inner_ticks=False)
    axes[1, 0].set_ylabel("Spikes of both\nper second (1/s)")
    axes[2, 0].set_ylabel("Similarity of\ntheir weights")
    figure.align_ylabels(axes[:, 0])
    return figure


def draw_circuit(ax: Axes, stage: Stage) -> None:
    """Draw skin, target, idle cell and PV cell with the connections that act in a stage."""
    ax.set(xlim=(-0.05, 1.05), ylim=(-0.1, 1.1), aspect="equal", title=stage.title)
    ax.axis("off")
    copied = stage.afferents_of_copy
    _connect(ax, "skin", "target", SERIES[0], 1.0)
    _connect(ax, "skin", "copy", SERIES[1], copied, dashed=copied < 0.2)
    _connect(ax, "target", "copy", SERIES[0], stage.coupling)
    for cell in ("target", "copy"):
        _connect(ax, cell, "pv", FAINT, 0.2, bend=0.18)
        _connect(ax, "pv", cell, PV, stage.hold, bend=0.18, blunt=True)
    ax.plot(np.linspace(0.25, 0.75, 40), 0.04 + 0.02 * np.sin(np.linspace(0, 8 * np.pi, 40)), color=INK, lw=1)
    ax.text(*np.subtract(PLACES["skin"], (0, 0.14)), "skin", ha="center", va="top")
    colours = {"target": SERIES[0], "copy": tint(SERIES[1], 1 - copied) if copied > 0.2 else IDLE}
    for name, colour in colours.items():
        ax.add_patch(RegularPolygon(PLACES[name], 3, radius=0.12, fc=colour, ec=INK, lw=0.8, zorder=3))
    ax.add_patch(Circle(PLACES["pv"], 0.085, fc=PV, ec=INK, lw=0.8, zorder=3))
    ax.text(*PLACES["pv"], "PV", ha="center", va="center", color="white", weight="bold", zorder=4)
    ax.text(0.2, 0.33, "target", ha="right", va="center")
    ax.text(0.8, 0.33, "idle" if copied < 0.2 else "copy", ha="left", va="center")
    ax.text(0.5, -0.2, stage.sentence, ha="center", va="top", size=6.5)


def _connect(
    ax: Axes,
    source: str,
    target: str,
    colour: str,
    strength: float,
    bend: float = 0.0,
    *,
    dashed: bool = False,
    blunt: bool = False,
) -> None:
    """Draw a connection as wide as it is strong; an inhibitory one ends in a bar."""
    if not strength:
        return
    style = "|-|,widthA=0,widthB=0.25" if blunt else "-|>,head_width=0.16,head_length=0.3"
    ax.add_patch(
        FancyArrowPatch(
            PLACES[source],
            PLACES[target],
            arrowstyle=style,
            mutation_scale=12,
            shrinkA=9,
            shrinkB=10,
            connectionstyle=f"arc3,rad={bend}",
            lw=0.5 + 1.7 * strength,
            color=colour,
            ls=(0, (2, 2)) if dashed else "-",
            zorder=2,
        )
    )


if __name__ == "__main__":
    result = cortex.run("copy_pair", seed=700)
    picture = figure_idea(PairParameters(), result.recordings["released"])
    picture.savefig(FIGURES / "idea.png", dpi=DPI)
