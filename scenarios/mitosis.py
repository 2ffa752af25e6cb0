"""A cell is split in two: which splits leave what a network computes as it was, in arithmetic and in spikes.

The essay's mitosis splits each synapse, 0.4 = x + y, since the sum does not tell its parts: so each network lies on a
line of equivalent ones. Half of this is right (Fukumizu & Amari 2000, Neural Networks 13:317,
doi:10.1016/S0893-6080(00)00009-5): what two parts give on may be split in any shares, for any kind of cell, if both
have the whole input. Their input may be split only where the output is in proportion to it; half of its current
silences a spiking cell. What copies an input in the cortex is Hebbian, and what halves the output is a hold on the
total: the pair of `copy_pair`, in short, is measured beside.
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.analysis.ratios import mean
from cortex.analysis.reference import Band
from cortex.experiment.coordinates import Variable
from cortex.experiment.findings import Finding
from cortex.experiment.measure import Condition, Measure
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from models.division import copies, spiking, splits
from models.division.parameters import DivisionParameters
from scenarios.copy_pair import SCENARIO as COPY_PAIR

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cortex.engine.recording import Recording

EXACT, CHANGED = 1e-12, 1e-2
"""Changes of an output up to which it counts as the same, and from which on as another, over the largest output."""

SPIKING = "LIF"
KINDS = (*splits.KINDS, SPIKING)

KEPT = {
    "outgoing, halves": KINDS,
    "outgoing, unequal": KINDS,
    "new cell without input": ("linear", "ReLU", "tanh", SPIKING),
    "incoming, halves": ("linear", "ReLU"),
    "incoming, unequal": ("linear", "ReLU"),
    "incoming, beyond": ("linear",),
    "each synapse by itself": ("linear",),
}
"""The kinds of cells that theory says each split leaves as they were; it changes all others."""


LATER = ("training.hold", "training.silence", "training.release")
"""Phases of the pair that come after all that is measured here: as short as can be."""


def calculate(p: DivisionParameters, streams: Streams) -> dict[str, dict[str, Variable]]:
    """Split cells in arithmetic and in spikes, split one in all shares, and let a pair copy under a hold."""
    weights, stimuli = splits.drawn(p, streams)
    few = slice(p.spiking.draws), slice(p.spiking.stimuli)
    before = splits.sums(weights, stimuli)
    after = {
        name: (splits.sums(incoming, stimuli), outgoing)
        for name, (incoming, outgoing) in splits.parts(p, weights, streams).items()
    }
    shown = np.stack([before, *(part for inputs, _ in after.values() for part in inputs)])
    fired = spiking.fire(p.spiking, shown[:, *few], streams.network_seed)
    rates = {name: fired.rates[1 + 2 * place : 3 + 2 * place] for place, name in enumerate(after)}
    whole = {kind: function(before) for kind, function in splits.KINDS.items()} | {SPIKING: fired.rates[0]}
    parted = {
        name: {kind: splits.output(kind, inputs, outgoing) for kind in splits.KINDS}
        | {SPIKING: np.einsum("k,kds->ds", outgoing, rates[name])}
        for name, (inputs, outgoing) in after.items()
    }
    errors = [[splits.error(whole[kind], parted[name][kind]) for kind in KINDS] for name in splits.SPLITS]
    shares, losses = splits.losses(p, weights, stimuli, streams)
    return {
        "cells": {
            "split": Variable(("split",), np.array(splits.SPLITS), "1", "how the cell is split"),
            "kind": Variable(("kind",), np.array(KINDS), "1", "kind of cell"),
            "error": Variable(("split", "kind"), np.array(errors), "1", "largest change of an output over the largest"),
            "sum": Variable(("cell", "shown"), before[few], "1", "weighted sum of the inputs of a cell"),
            "before": Variable(
                ("kind", "cell", "shown"),
                np.stack([whole[kind][few] for kind in KINDS]),
                "1",
                "output of the whole cell; of a spiking one its rate, Hz",
            ),
            "after": Variable(
                ("split", "kind", "cell", "shown"),
                np.array([[parted[name][kind][few] for kind in KINDS] for name in splits.SPLITS]),
                "1",
                "output of both parts together",
            ),
        },
        "spikes": {
            "rate": Variable(("drive", "way", "part"), fired.shown, "Hz", "rate of each part under a steady drive"),
            "way": Variable(("way",), np.array(["whole", *spiking.SPLITS]), "1", "how the cell is split"),
            "cell": Variable(("spike",), fired.cells, "1", "cell that fires, counted over drives, ways and parts"),
            "time": Variable(("spike",), fired.times, "s", "when it fires"),
        },
        "line": {
            "share": Variable(("share",), shares, "1", "share of the first part"),
            "loss": Variable(
                ("end", "kind", "cell", "share"),
                losses,
                "1",
                "loss over that before, the output (first) or the input (second) being split",
            ),
        },
        "pair": copies.copied(p.pair, streams),
    }


def analyse(p: DivisionParameters, recordings: "dict[str, Recording]") -> tuple[dict[str, float], dict[str, float]]:
    """Measure what each split changes; predict rates in closed form."""
    cells, line, both = recordings["cells"], recordings["line"], recordings["pair"]
    errors = {name: dict(zip(KINDS, row, strict=True)) for name, row in zip(splits.SPLITS, cells["error"], strict=True)}
    measures: dict[str, float] = {}
    for name, ways in MEASURED.items():
        kept = [errors[way][kind] for way in ways for kind in KEPT[way]]
        changed = [errors[way][kind] for way in ways for kind in KINDS if kind not in KEPT[way]]
        measures[f"{name}_error"] = float(np.max(kept))
        if changed:
            measures[f"{name}_change"] = float(np.min(changed))
    change = np.abs(line["loss"] - 1)
    inside = (line["share"] >= 0) & (line["share"] <= 1)
    output, inputs = change.max(axis=2), dict(zip(splits.KINDS, change[1].mean(axis=1), strict=True))
    measures |= {
        "line_outgoing": float(output[0].max()),
        "line_incoming": float(max(output[1, 0].max(), output[1, 1, inside].max())),
        "line_incoming_change": float(
            min(inputs["ReLU"][~inside].max(), inputs["tanh"][inside].max(), inputs["softplus"][inside].max())
        ),
    }
    drives, thresholds, outgoing = spiking.shown(p.spiking)
    closed = np.vectorize(lambda drive, threshold: spiking.rate(p.spiking, drive, threshold))(drives, thresholds)
    measures |= rates(recordings["spikes"]["rate"].sum(axis=2) * outgoing)
    measures["spikes_in_common"] = spiking.in_common(recordings["spikes"])
    measures |= {
        "pair_similarity": float(both["similarity"]),
        **{f"pair_total_{name}": mean(both[f"ratio_{name}"]) for name in ("no_hold", "trained", "unseen")},
    }
    return measures, rates(closed.sum(axis=2) * outgoing)


def rates(total: np.ndarray) -> dict[str, float]:
    """Name the rates of both parts together, times their output weights, shape (drive, way), Hz."""
    names = ("rate_whole", "rate_half_input", "rate_half_output", "rate_half_threshold")
    strong = {f"{name}_strong": float(rate) for name, rate in zip(names[:2], total[1], strict=False)}
    return dict(zip(names, map(float, total[0]), strict=True)) | strong


def figures(p: DivisionParameters, recordings: "dict[str, Recording]") -> "dict[str, Figure]":
    """Draw the table of splits with the spikes, the lines of networks, and the pair."""
    from cortex.report.splits import figure_lines, figure_pair, figure_splits

    cells, spikes, line, both = (recordings[name] for name in ("cells", "spikes", "line", "pair"))
    return {
        "splits": figure_splits(
            cells, spikes, {name: float(p.spiking.get(name)) for name in ("weak", "strong")}, EXACT
        ),
        "lines": figure_lines(line["share"], line["loss"].mean(axis=2), tuple(splits.KINDS)),
        "pair": figure_pair(both),
    }


MEASURED = {
    "outgoing": ("outgoing, halves", "outgoing, unequal"),
    "new_cell": ("new cell without input",),
    "incoming": ("incoming, halves", "incoming, unequal"),
    "beyond": ("incoming, beyond",),
    "per_synapse": ("each synapse by itself",),
}
"""Measures of the splits, each of some rows of the table."""


SILENT_WHOLE = "silent whole cells"
"""What is told of a run in which none of the spiking cells fires before it is split."""


def guards(p: DivisionParameters, inputs: object, recordings: "dict[str, Recording]") -> list[Finding]:
    """Tell that no spiking cell fires before it is split."""
    if recordings["cells"]["before"][-1].any():
        return []
    where = "spiking cells, of which nothing is lost by a split"
    return [Finding(SILENT_WHOLE, "all stimuli", where, "raise spiking.gain or cells.size")]


def change(name: str, sentence: str, band: Band) -> Measure:
    """Declare a change, over the largest output of the whole cells."""
    return Measure(name, f"{sentence}, over its largest output.", expected=band, unless=(SILENT_WHOLE,))


SAME, OTHER = (None, EXACT), (CHANGED, None)

SCENARIO = Scenario(
    name="mitosis",
    title="Which ways of splitting a cell in two leave what its network computes as it was?",
    citation="Fukumizu & Amari 2000, Neural Networks 13:317, doi:10.1016/S0893-6080(00)00009-5",
    parameters=DivisionParameters().override({f"pair.{phase}": "1 s" for phase in LATER}),
    calculate=calculate,
    analyse=analyse,
    figures=figures,
    guards=guards,
    quick={"cells.draws": "10"} | {f"pair.{n}": v for n, v in COPY_PAIR.quick.items() if n not in LATER},
    nulls={
        "unequal_copies": Condition(
            "Copies are not exact: each input weight is wrong by a tenth of their standard deviation.",
            {"split.jitter": "0.1"},
            misses=("outgoing_error",),
        ),
        "excitatory": Condition(
            "All weights and inputs are positive, so that ReLU cells are linear, however synapses are split.",
            {"cells.excitatory": "true"},
            misses=("per_synapse_change",),
        ),
        "no_hold": Condition(
            "Nothing halves the output of the spiking copies: PV cells do not hold the total.",
            {"pair.normalization.enabled": "false"},
            misses=("pair_total_trained", "pair_total_unseen"),
        ),
        "no_copying": Condition(
            "The idle cell does not copy the input of the busy one.",
            {"pair.copying.learning_rate": "0"},
            misses=("pair_similarity", "pair_total_no_hold"),
        ),
    },
    measures=(
        change("outgoing_error", "Change if both parts have the whole input and share the output, any kind", SAME),
        change("new_cell_error", "Change by a new cell of input weights zero, of kinds that are then silent", SAME),
        change("new_cell_change", "The same of softplus cells, which give log 2 without input", OTHER),
        change("incoming_error", "Change if parts have shares of the input, of linear and ReLU cells", SAME),
        change("incoming_change", "The same of tanh, softplus and spiking cells, whichever changes least", OTHER),
        change("beyond_error", "Change if one part has more than the input and the other less than none, linear", SAME),
        change("beyond_change", "The same of all other kinds, whichever changes least", OTHER),
        change("per_synapse_error", "Change if each synapse is split by itself, 0.4 = x + y, linear", SAME),
        change("per_synapse_change", "The same of all other kinds, whichever changes least", OTHER),
        Measure(
            "line_outgoing",
            "Largest change of a network's loss, over that before, along the line of all shares of the output.",
            expected=SAME,
        ),
        Measure("line_incoming", "The same of the input, linear; and ReLU, shares from 0 to 1.", expected=SAME),
        Measure(
            "line_incoming_change",
            "The same of tanh and softplus cells, and of ReLU cells beyond these shares, whichever changes least.",
            expected=OTHER,
        ),
        Measure("rate_whole", "Rate of a spiking cell under the weak steady drive.", "Hz", expected=(62, 64)),
        Measure("rate_half_input", "Spikes of two cells that have half the weak drive each.", "Hz", expected=(0, 0)),
        Measure(
            "rate_half_output", "Half the spikes of two cells that have all of the weak drive.", "Hz", expected=(62, 64)
        ),
        Measure(
            "rate_half_threshold",
            "Half the spikes of two cells that have half the weak drive and half the threshold.",
            "Hz",
            expected=(62, 64),
        ),
        Measure("rate_whole_strong", "Rate of a spiking cell, strong drive.", "Hz", expected=(127, 131)),
        Measure(
            "rate_half_input_strong", "Spikes of two cells that have half the strong drive.", "Hz", expected=(124, 128)
        ),
        Measure(
            "spikes_in_common",
            "Share of a cell's spikes that both of its copies fire in the same time step.",
            expected=(1, 1),
            undefined="the cell does not fire",
        ),
        Measure(
            "pair_similarity",
            "Cosine of the weights of a spiking cell and of its neighbour that has copied them.",
            expected=COPY_PAIR.expected["copy_similarity"],
        ),
        Measure(
            "pair_total_no_hold",
            "Spikes of both over those of the first alone before, mean over stimuli, without the hold.",
            expected=COPY_PAIR.expected["total_ratio_no_hold"],
            undefined="no stimulus drives the cell",
        ),
        Measure(
            "pair_total_trained",
            "The same under the hold.",
            expected=COPY_PAIR.expected["total_ratio_trained"],
            undefined="no stimulus drives the cell",
        ),
        Measure(
            "pair_total_unseen",
            "The same, stimuli never shown before.",
            expected=COPY_PAIR.expected["total_ratio_unseen"],
            undefined="no stimulus drives the cell",
        ),
    ),
    main_figure="splits",
)

if __name__ == "__main__":
    main(SCENARIO)
