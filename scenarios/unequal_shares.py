"""Two copies hold a quarter and three quarters of a total: does the hold keep it, and do the shares last?

The essay splits 0.4 into 0.1 and 0.3 as well as into halves. Here the copy of each target on a spiking fingertip is
given a smaller share, by weights that are cut once or by less current; what theory expects of it stands in
`docs/unequal_shares.md`. Four animals of one seed feel the same touches: one of each way, one whose shares are left as
they are, and one without copies.
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.analysis.ratios import mean, quotient
from cortex.engine.simulation import Arm, Recording
from cortex.experiment.findings import NOTHING_TO_MEASURE, RUNAWAY
from cortex.experiment.measure import Condition, Measure, measured_unless
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from models.fingertip.coordinates import coordinates
from models.fingertip.guards import guards
from models.fingertip.network import run_inputs
from models.fingertip.observe import Observed
from models.fingertip.protocol import phases
from models.fingertip.shares import SharesParameters, build

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WAYS = ("weights", "current", "nothing")
STAGES = ("expanded", "split", "learned")


def animals(p: SharesParameters) -> dict[str, SharesParameters]:
    """Return the parameters of each animal of a run."""
    ways = {way: p.override({"shares.by": way}) for way in WAYS}
    return ways | {"single": p.override({"shares.by": "nothing", "group.expansion": "none"})}


def arms(p: SharesParameters, streams: Streams) -> dict[str, Arm]:
    """Let all animals feel the same touches."""
    return {name: Arm(run_inputs(own, streams), streams.network_seed) for name, own in animals(p).items()}


def observed(p: SharesParameters, recordings: dict[str, Recording]) -> dict[str, Observed]:
    """Return what was recorded of each animal."""
    return {name: Observed(own, recordings[name]) for name, own in animals(p).items()}


def analyse(p: SharesParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Measure shares, total, similarity and what the readout keeps, before learning and after it."""
    seen = observed(p, recordings)
    single, measures = seen["single"], {}
    untouched = share(seen["nothing"], "learned")
    for way in WAYS[:2]:
        for stage in STAGES[1:]:
            animal, name = seen[way], f"{way}_{stage}"
            measures[f"share_{name}"] = share(animal, stage)
            measures[f"total_ratio_{name}"] = quotient(animal.total(stage), single.total(stage))
            measures[f"old_kept_{name}"] = animal.old_kept(stage)
        first, then = (measures[f"share_{way}_{stage}"] for stage in STAGES[1:])
        measures[f"returned_{way}"] = quotient(then - first, untouched - first)
        measures[f"similarity_{way}"] = seen[way].similarity("learn")
        measures[f"size_ratio_{way}"] = size_ratio(seen[way])
    measures["share_untouched"] = untouched
    measures["old_kept_untouched"] = seen["nothing"].old_kept("learned")
    measures["total_ratio_untouched"] = quotient(seen["nothing"].total("learned"), single.total("learned"))
    return measures, {}


def share(animal: Observed, stage: str) -> float:
    """Return the share of copies in the spikes of their group in a test, mean over groups."""
    p = animal.parameters
    spikes = animal.test(stage, "old").counts.sum(axis=(0, 1)).reshape(p.group.tip, p.group.copies)
    fired = spikes.sum(axis=1)
    return mean((spikes[:, 1:].sum(axis=1) / np.where(fired > 0, fired, 1))[fired > 0])


def size_ratio(animal: Observed) -> float:
    """Return the size of the weights of copies over that of their target's after Hebbian learning, mean over groups."""
    size = np.linalg.norm(animal.weights(animal.trials["learn"].stop), axis=2)
    return mean(size[:, 1] / size[:, 0])


def figures(p: SharesParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw share, total and what is kept at each stage."""
    from cortex.report.shares import figure_shares

    seen = observed(p, recordings)
    names = {"weights": "weights cut", "current": "less current", "nothing": "left as they are"}
    single = seen["single"]
    rows = {
        "Share of the copy": {names[way]: [share(seen[way], stage) for stage in STAGES] for way in WAYS},
        "Total over that\nof single cells": {
            names[way]: [quotient(seen[way].total(stage), single.total(stage)) for stage in STAGES] for way in WAYS
        },
        "Old task kept": {names[way]: [seen[way].old_kept(stage) for stage in STAGES] for way in WAYS},
    }
    return {"shares": figure_shares(rows, ("copied", "split,\nweights at rest", "after Hebbian\nlearning"))}


BY = {"weights": "afferent weights of copies cut", "current": "less current to copies"}
WHEN = {"split": "weights at rest", "learned": "after Hebbian learning"}
SMALLER, KEPT, HELD = (0.15, 0.35), (0.85, None), (0.9, 1.1)
RETURNED = {"weights": (0.8, 1.2), "current": (0.2, 0.6)}
"""What part of the loss comes back: all of it where weights were cut, as the rule forgets what they were; a part where
current is missing, as weights grow on a cell that fires to the strongest input alone."""

UNLEARNED, SILENT = "the old task was not learned", "the group does not fire"


def measures() -> list[Measure]:
    """Declare what is measured in each way."""
    share, total = "Share of copies in the spikes of their group", "Spikes for each touch over those of single cells"
    declared = []
    for way, how in BY.items():
        for stage, when in WHEN.items():
            name, what = f"{way}_{stage}", f"{how}, {when}"
            band, then = (SMALLER, KEPT) if stage == "split" else (None, None)
            old = f"Accuracy of the old task above chance over that before copying, {what}."
            declared += [
                Measure(f"share_{name}", f"{share}, {what}.", expected=band, undefined=SILENT),
                Measure(f"total_ratio_{name}", f"{total}, {what}.", expected=HELD, undefined=SILENT),
                Measure(f"old_kept_{name}", old, expected=then, undefined=UNLEARNED),
            ]
        returned = f"Part of what the share had lost that Hebbian learning gives back, {how}."
        alike = f"Cosine of the weights of target and copy, {how}"
        size = f"Size of a copy's weights over that of its target's, {how}"
        declared += [
            Measure(f"returned_{way}", returned, expected=RETURNED[way], undefined=SILENT),
            Measure(f"similarity_{way}", f"{alike}, after Hebbian learning.", expected=(0.95, None)),
            Measure(f"size_ratio_{way}", f"{size}, after Hebbian learning."),
        ]
    untouched = "copies left as they are, at the end"
    return [
        *declared,
        Measure("share_untouched", f"{share}, {untouched}.", undefined=SILENT),
        Measure(
            "old_kept_untouched", f"The old task above chance over before copying, {untouched}.", undefined=UNLEARNED
        ),
        Measure("total_ratio_untouched", f"{total}, {untouched}.", expected=HELD, undefined=SILENT),
    ]


SCENARIO = Scenario(
    name="unequal_shares",
    title="Two copies hold a quarter and three quarters of a total: does it stay, and do they?",
    citation="hypothesis; anatomy and rules as trained_finger",
    parameters=SharesParameters(),
    build=build,
    arms=arms,
    analyse=analyse,
    figures=figures,
    phases=phases,
    coordinates=coordinates,
    guards=guards,
    quick={
        "training.settle": "100",
        "training.old": "400",
        "training.copying": "120",
        "training.tune": "30",
        "training.split": "50",
        "training.new": "100",
        "training.repeats": "6",
    },
    nulls={
        "no_hold": Condition(
            "PV cells do not hold the total.",
            {"normalization.enabled": "false"},
            misses=tuple(f"{name}_{way}_split" for name in ("total_ratio", "old_kept") for way in BY),
        ),
        "weights_rest": Condition(
            "Hebbian learning after the cut lasts one trial.",
            {"training.new": "1"},
            misses=("returned_weights",),
        ),
    },
    measures=measured_unless((*NOTHING_TO_MEASURE, RUNAWAY), tuple(measures())),
    main_figure="shares",
)

if __name__ == "__main__":
    main(SCENARIO)
