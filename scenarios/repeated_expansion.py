"""Copy, hold, learn, release, and again: one spiking fingertip goes through three cycles, and its cells double in each.

The essay lets a network grow by this cycle endlessly. No experiment has shown even one; so this is what the hypothesis
says, and `docs/repeated_expansion.md` what theory expected of it before any run. In each cycle the cells that were
there copy themselves into idle neighbours, PV cells hold the total, a new task is learned, and release lets copies
part, who are established in the next cycle.

Four animals of one seed feel the same touches: the one that is released in each cycle, one that never is, one that has
as many independent cells from the beginning, and one without copies.
"""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cortex import main
from cortex.analysis.ratios import quotient
from cortex.analysis.totals import no_hold_total
from cortex.engine.simulation import Arm, Recording
from cortex.experiment.findings import DIVERGING, NOTHING_TO_MEASURE, RUNAWAY
from cortex.experiment.measure import Condition, Measure, measured_unless
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from models.fingertip.coordinates import coordinates
from models.fingertip.cycle_observe import Cycled
from models.fingertip.cycles import CycleParameters, build, run_inputs
from models.fingertip.guards import guards
from models.fingertip.protocol import phases

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CYCLES = CycleParameters().cycles


def animals(p: CycleParameters) -> dict[str, CycleParameters]:
    """Return the parameters of each animal of a run."""
    return {
        "released": p,
        "never_released": p.override({"normalization.release": "never"}),
        "independent": p.override({"group.expansion": "independent"}),
        "single": p.override({"group.expansion": "none"}),
    }


def arms(p: CycleParameters, streams: Streams) -> dict[str, Arm]:
    """Let all animals feel the same touches."""
    return {name: Arm(run_inputs(own, streams), streams.network_seed) for name, own in animals(p).items()}


def observed(p: CycleParameters, recordings: dict[str, Recording]) -> dict[str, Cycled]:
    """Return what was recorded of each animal."""
    return {name: Cycled(own, recordings[name]) for name, own in animals(p).items()}


def analyse(p: CycleParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Measure each cycle; predict the total from the inhibition before the first copy."""
    seen = observed(p, recordings)
    full, last = seen["released"], min(p.cycles, CYCLES)
    measured = dict.fromkeys((measure.name for measure in MEASURES), math.nan)
    measured["best_error_before"] = full.best_error("before 1")
    for number in range(1, last + 1):
        measured |= {f"{name}_{number}": value for name, value in of_cycle(seen, number).items()}
        for later in range(number + 1, last + 1):
            measured[f"task_{number}_kept_{later}"] = full.kept(number, f"after {later}")
    measured["gain_last_over_first"] = quotient(measured[f"gain_{last}"], measured["gain_1"])
    return measured, {f"total_ratio_{n}": predicted_total(p, full, n) for n in range(1, last + 1)}


def of_cycle(seen: dict[str, Cycled], number: int) -> dict[str, float]:
    """Measure one cycle."""
    full, never, alone, single = seen.values()
    held, after, expanded = f"held {number}", f"after {number}", f"expanded {number}"
    best = {name: [animal.best_error(stage) for stage in (held, after)] for name, animal in seen.items()}
    return {
        "copy_similarity": full.of_pairs(number, "tune"),
        "total_ratio": quotient(full.total(expanded), single.total(expanded)),
        "spikes": full.total(after),
        "spikes_single": single.total(after),
        "cells": full.answering(after),
        "pair_similarity": full.of_pairs(number, "release"),
        "similarity": full.of_groups(number, full.trials[f"release {number}"].stop),
        "similarity_never": never.of_groups(number, never.trials[f"release {number}"].stop),
        "old_kept": full.old_kept(after),
        "old_kept_single": single.old_kept(after),
        "error_held": full.asked(number, held).systematic_error,
        "error_after": full.asked(number, after).systematic_error,
        "error_never": never.asked(number, after).systematic_error,
        "error_independent": alone.asked(number, after).systematic_error,
        "error_single": single.asked(number, after).systematic_error,
        "best_error_held": best["released"][0],
        "best_error_after": best["released"][1],
        "best_error_never": best["never_released"][1],
        "best_error_independent": best["independent"][1],
        "best_error_single": best["single"][1],
        "gain": best["released"][0] - best["released"][1],
        "gain_never": best["never_released"][0] - best["never_released"][1],
    }


def predicted_total(p: CycleParameters, full: Cycled, number: int) -> float:
    """Predict the total after copying: 1, or if inhibition does not adapt, from its strength before the first copy."""
    if p.group.expansion != "copying" or (p.normalization.enabled and float(p.normalization.learning_rate) > 0):
        return 1.0
    return no_hold_total(2**number, quotient(full.total("no inhibition 1"), full.total("before 1")) - 1)


def figures(p: CycleParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw all cycles on one time axis."""
    from cortex.report.cycles import figure_cycles
    from models.fingertip.cycle_figure import rows, spans

    seen = observed(p, recordings)
    return {"cycles": figure_cycles(rows(seen), spans(seen["released"]), title="Copy, hold, learn, release, and again")}


SPIKES = "Spikes of all cells of the tip for each touch"
ERROR = "Systematic error of the cycle's new task"
BEST = "Systematic error of the best linear readout, mean over the new tasks of all cycles"
FEWER = "the run has fewer cycles, or the task was not learned"
KEPT = "as a share of that then"
SENTENCES = {
    "copy_similarity": "Mean cosine between the cycle's copies and their parents after copying.",
    "total_ratio": f"{SPIKES}, after copying, over those of single cells then.",
    "spikes": f"{SPIKES}, at the end of the cycle.",
    "spikes_single": "The same without copies.",
    "cells": "Cells of the tip that answer to some touch at the end of the cycle.",
    "pair_similarity": "Mean cosine between the cycle's copies and their parents at its end, released.",
    "similarity": "Mean cosine between all members of a group at the end of the cycle.",
    "similarity_never": "The same, never released.",
    "old_kept": "Accuracy of the old task above chance at the end of the cycle, as a share of that before any copy.",
    "old_kept_single": "The same without copies.",
    "error_held": f"{ERROR} at the plateau under the hold.",
    "error_after": f"{ERROR} at its end, released.",
    "error_never": f"{ERROR} at its end, never released.",
    "error_independent": f"{ERROR} at its end, of independent cells, as many as copies in the last cycle.",
    "error_single": f"{ERROR} at its end, without copies.",
    "best_error_held": f"{BEST}, at the plateau under the hold.",
    "best_error_after": f"{BEST}, at the end of the cycle.",
    "best_error_never": f"{BEST}, at the end of the cycle, never released.",
    "best_error_independent": f"{BEST}, at the end of the cycle, of independent cells.",
    "best_error_single": f"{BEST}, at the end of the cycle, without copies.",
    "gain": "By how much release lowers the error of the best linear readout.",
    "gain_never": "By how much it falls in the same time, never released.",
}
EXPECTED = {"copy_similarity": (0.95, None), "total_ratio": (0.9, 1.1)}
"""Bands of all cycles."""

FIRST = {"gain": (0.3, None), "pair_similarity": (None, 0.85), "similarity_never": (0.97, None)}
LATER = {"gain": (-0.1, 0.1), "pair_similarity": (0.98, None)}
"""Bands of the first cycle, and of those in which nothing is left that cells could divide among them."""

TIED = {1: {"gain_never": (-0.1, 0.1)}, 2: {"gain_never": (-0.1, 0.1)}}
"""Bands of cycles in which copies that are never released stay together; by the third, ties of eight cells loosen."""


def band(name: str, number: int) -> tuple[float | None, float | None] | None:
    """Return the band of a measure of a cycle."""
    bands: dict[str, tuple[float | None, float | None]] = {**EXPECTED, **(FIRST if number == 1 else LATER)}
    return {**bands, **TIED.get(number, {})}.get(name)


def measures() -> Iterator[Measure]:
    """Declare what is measured of each cycle."""
    yield Measure("best_error_before", f"{BEST}, before any copy.")
    for number in range(1, CYCLES + 1):
        for name, sentence in SENTENCES.items():
            yield Measure(
                f"{name}_{number}", f"Cycle {number}: {sentence}", expected=band(name, number), undefined=FEWER
            )
    for number in range(1, CYCLES + 1):
        for later in range(number + 1, CYCLES + 1):
            what = f"Accuracy above chance of the new task of cycle {number} at the end of cycle {later}, {KEPT}"
            yield Measure(f"task_{number}_kept_{later}", f"{what}, if its readout had stayed.", undefined=FEWER)
    yield Measure("gain_last_over_first", "Gain of the last cycle over that of the first.", expected=(None, 1 / 3))


MEASURES = tuple(measures())

PARTED = ("gain_1", "pair_similarity_1")
"""What an animal must miss in which copies do not part."""

SCENARIO = Scenario(
    name="repeated_expansion",
    title="A spiking fingertip copies, is held, learns and is released, three times",
    citation="hypothesis; anatomy and rules as trained_finger",
    parameters=CycleParameters(),
    build=build,
    arms=arms,
    analyse=analyse,
    figures=figures,
    phases=phases,
    coordinates=coordinates,
    guards=guards,
    quick={
        "training.settle": "80",
        "training.old": "150",
        "training.rest": "200",
        "training.copying": "220",
        "training.tune": "20",
        "training.new": "30",
        "training.release": "10",
        "training.repeats": "3",
    },
    nulls={
        "never_released": Condition("Nothing is released.", {"normalization.release": "never"}, misses=PARTED),
        "frozen_hold": Condition(
            "Inhibition stays as strong as it was before copying.",
            {"normalization.learning_rate": "0 /s"},
            misses=tuple(f"total_ratio_{number}" for number in range(1, CYCLES + 1)),
        ),
        "no_private_noise": Condition("Pyramidal cells have no noise.", {"pyramidal.noise": "0 mV"}, misses=PARTED),
    },
    conditions={
        "touches_anywhere": Condition(
            "A touch may press any place of the tip, not three sites: more is left that cells could divide among them.",
            {"skin.place_jitter": "1.5"},
        ),
    },
    measures=measured_unless((*NOTHING_TO_MEASURE, RUNAWAY, DIVERGING), MEASURES),
    main_figure="cycles",
)

if __name__ == "__main__":
    main(SCENARIO)
