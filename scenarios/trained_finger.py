"""One spiking animal: a fingertip that copies, is held, learns, is released, and is mapped throughout.

No experiment has shown this sequence; it is the hypothesis that the other scenarios test in parts. Cells that are idle
copy a busy neighbour, PV cells hold the total, a tactile task is learned on the copies under the hold, and release lets
them part. What the map of a trained fingertip does is known (Jenkins, Merzenich, Ochs, Allard & Guic-Robles 1990,
J Neurophysiol 63:82-104, PubMed 2299388).

Four animals of one seed feel the same touches: the full one, one that is never released, one without the hold, and one
without copies, whose single cells are what everything is measured against. A fifth is the full one until release, then
pushed instead, to know beforehand how fast copies will part. Tests use touches that were never shown.
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.analysis.decoding import cross_validated
from cortex.analysis.map_change import expansion
from cortex.analysis.ratios import mean, quotient
from cortex.analysis.totals import no_hold_total
from cortex.engine.simulation import Arm, Recording
from cortex.experiment.findings import DIVERGING, NOTHING_TO_MEASURE, RUNAWAY
from cortex.experiment.measure import measured_unless
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from cortex.mechanisms.task import QUESTIONS
from models import fingertip
from models.fingertip.conditions import CONDITIONS, NULLS
from models.fingertip.coordinates import coordinates
from models.fingertip.guards import guards
from models.fingertip.mapping import OTHER, TIP, skin_map
from models.fingertip.measures import MEASURES
from models.fingertip.network import SNAPSHOT
from models.fingertip.observe import Observed, Test, matched_d_prime, systematic_error
from models.fingertip.parameters import FingertipParameters
from models.fingertip.parting import after_release, before_release, early_rate, parting_rate, similarities
from models.fingertip.parting_predicted import predicted_similarity
from models.fingertip.protocol import PARTS, STAGES, TRIAL, phases
from models.fingertip.pushed import pushed
from models.fingertip.ticket import ticket

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cortex.report.animal import Course

SLOWER = 6
"""By what the readout learns the new task more slowly without the hold: with so many spikes, it would hardly be stable
at the same rate."""


ANIMALS = ("released", "never_released", "no_hold", "single")
"""Those whose whole life is shown; the one that is pushed is theirs until release."""


def animals(p: FingertipParameters) -> dict[str, FingertipParameters]:
    """Return the parameters of each animal of a run."""
    return {
        "released": p,
        "never_released": p.override({"normalization.release": "never", "training.release_early": False}),
        "no_hold": p.override({"normalization.enabled": False, "training.new_rate": p.training.new_rate / SLOWER}),
        "single": p.override({"group.expansion": "none"}),
        "pushed": pushed(p),
    }


def arms(p: FingertipParameters, streams: Streams) -> dict[str, Arm]:
    """Let all animals feel the same touches."""
    return {name: Arm(fingertip.run_inputs(own, streams), streams.network_seed) for name, own in animals(p).items()}


def observed(p: FingertipParameters, recordings: dict[str, Recording]) -> dict[str, Observed]:
    """Return what was recorded of each animal."""
    return {name: Observed(own, recordings[name]) for name, own in animals(p).items()}


def analyse(p: FingertipParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Measure copies, total, tasks, maps and parting, and predict errors by the best linear readout."""
    seen = observed(p, recordings)
    predicted = predict(p, seen)
    return measure(seen, predicted), predicted


def measure(seen: dict[str, Observed], predicted: dict[str, float]) -> dict[str, float]:
    """Measure copies, total, tasks, maps and parting."""
    full, never, off, single = (seen[name] for name in ANIMALS)
    maps = {name: {stage: skin_map(seen[name], stage) for stage in STAGES} for name in ANIMALS}
    won = {name: [shown[stage].won(TIP) for stage in STAGES] for name, shown in maps.items()}
    other = [maps["released"][stage].won(OTHER) for stage in STAGES]
    fields = [maps["released"][stage].field_size(TIP) for stage in STAGES]
    held, after, kept = full.test("held", "new"), full.test("after", "new"), never.test("after", "new")
    sharp, blunt = matched_d_prime(full, never)
    total = full.total("expanded")
    known, early = before_release(full), early_rate(*after_release(full))
    silenced = {
        question: ticket(full, "after", question).kept(full.parameters.tip_cells // 3) for question in QUESTIONS
    }
    errors = {"error_held": held, "error_after": after, "error_never": kept}
    return {
        "signal_correlation": full.signal_correlation("expanded"),
        "signal_correlation_after": full.signal_correlation_of_members("after"),
        "copy_similarity": full.similarity("tune"),
        "total_ratio": quotient(total, single.total("expanded")),
        "total_over_predicted": quotient(quotient(total, single.total("expanded")), predicted["total_ratio"]),
        "total_over_before": quotient(total, full.total("before")),
        "total_no_hold": quotient(off.total("expanded"), off.total("before")),
        "d_prime_old_ratio": quotient(*(full.test(stage, "old").d_prime for stage in ("expanded", "before"))),
        "old_kept": full.old_kept("expanded"),
        "old_kept_after": full.old_kept("after"),
        "old_kept_no_hold": off.old_kept("expanded"),
        "expansion_tip": expansion(won["released"][0], won["released"][1]),
        "expansion_tip_after": expansion(won["released"][0], won["released"][3]),
        "expansion_other": expansion(other[0], other[1]),
        "expansion_single": expansion(won["single"][0], won["single"][1]),
        "rf_ratio_held": expansion(fields[0], fields[2]),
        "rf_ratio_after": expansion(fields[0], fields[3]),
        **{name: test.systematic_error for name, test in errors.items()},
        **{f"{name}_above_decoder": test.systematic_error - predicted[name] for name, test in errors.items()},
        "error_single": single.test("after", "new").systematic_error,
        "error_no_hold": off.test("held", "new").systematic_error,
        "error_ratio": quotient(after.systematic_error, kept.systematic_error),
        "accuracy_held": held.accuracy,
        "accuracy_after": after.accuracy,
        "accuracy_never": kept.accuracy,
        "d_prime_after": sharp,
        "d_prime_never": blunt,
        "d_prime_ratio": quotient(sharp, blunt),
        "spikes_held": full.total("held"),
        "spikes_after": full.total("after"),
        "similarity_held": full.similarity("new task"),
        "similarity_after": full.similarity("release"),
        "similarity_never": never.similarity("release"),
        "similarity_no_hold": off.similarity("release"),
        "parting_rate": parting_rate(full),
        "early_parting_rate": early,
        "parting_over_predicted": quotient(early, predicted["early_parting_rate"]),
        **{f"{q}_kept_{which}": share for q, ways in silenced.items() for which, share in ways.items()},
        "fi_slope": mean(known.slopes),
        "push_slope": mean(known.push_slopes),
        "private_noise": mean(known.private_noise),
        "drive_moment": float(np.linalg.eigvalsh(known.second_moment)[-1]),
    }


def predict(p: FingertipParameters, seen: dict[str, Observed]) -> dict[str, float]:
    """Predict the errors from the spikes alone, the total from the inhibition before copying, and parting.

    An inhibition that does not adapt lets the total of K linear cells grow to ``K(1 + c0)/(1 + K c0)``, with its
    strength ``c0`` known from closing it before there were copies; one that adapts brings it back to 1. How fast copies
    part follows from the animal that is pushed.
    """
    full, never = seen["released"], seen["never_released"]
    strength = quotient(full.total("before, no inhibition"), full.total("before")) - 1
    adapts = p.normalization.enabled and float(p.normalization.learning_rate) > 0
    grows, trials = p.group.expansion == "copying", np.arange(0.0, PARTS * p.training.release + 1, SNAPSHOT)
    return {
        "total_ratio": no_hold_total(p.group.copies, strength) if grows and not adapts else 1.0,
        "error_held": decoded(full.test("held", "new")),
        "error_after": decoded(full.test("after", "new")),
        "error_never": decoded(never.test("after", "new")),
        "early_parting_rate": early_rate(trials, 1 - predicted_similarity(seen["pushed"], trials)),
    }


def decoded(test: Test) -> float:
    """Return the systematic error of the best linear readout of a test."""
    return systematic_error(cross_validated(test.counts, test.answers), test.answers)


def figures(p: FingertipParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw the whole story on one time axis, and what is left while cells fall silent."""
    from cortex.report.animal import figure_animal
    from cortex.report.silenced import figure_silenced
    from cortex.report.timeline import Span

    seen = observed(p, recordings)
    courses = {name.replace("_", " "): course(seen[name]) for name in ANIMALS}
    spans: list[Span] = []
    for name, trials in seen["released"].trials.items():
        short = "" if name.startswith(("test", "map")) else SHORT.get(name, name)
        if not name.startswith("test release"):
            start = spans.pop().start if spans and spans[-1].name == short else trials.start * float(TRIAL)
            spans.append(Span(short, start, trials.stop * float(TRIAL)))
    with_hold = {name: courses[name] for name in ("released", "never released", "single")}
    without = {"no hold": courses["no hold"], "single": courses["single"]}
    released = seen["released"].trials["release"].start * float(TRIAL)
    columns = {"With normalization": with_hold, "Without normalization": without}
    return {
        "animal": figure_animal(columns, spans, released, title="A trained fingertip"),
        "silenced": figure_silenced(
            {f"{question.capitalize()} task": silenced(seen, question) for question in QUESTIONS},
            title="Cells of the tip fall silent at the end, readouts as they are (counted, nothing takes their place)",
        ),
    }


def silenced(seen: dict[str, Observed], question: str) -> dict[str, np.ndarray]:
    """Return the accuracies of a question at the end, by which cells fall silent."""
    free, kept = (ticket(seen[name], "after", question) for name in ("released", "never_released"))
    return {
        "released, most used first": free.most,
        "released, random": free.random,
        "released, least used first": free.least,
        "never released, random": kept.random,
    }


SHORT = {"old task": "old", "tune": "copy", "new task": "new"}
"""Names of phases in the figure; while the hold is tuned, copying ends."""

TESTS = {
    "before": "test before",
    "expanded": "test expanded",
    "held": "test held",
    **{f"release {part}": f"test release {part}" for part in (1, 2, 3)},
    "after": "test after",
}


def course(animal: Observed) -> "Course":
    """Return what one animal shows over time."""
    from cortex.report.animal import Course

    trial = float(TRIAL)
    maps = [skin_map(animal, stage) for stage in STAGES]
    mapped = np.array([animal.trials[f"map {stage}"].start for stage in STAGES]) * trial
    tested = np.array([animal.trials[name].start for name in TESTS.values()]) * trial
    old, new = (np.array([animal.test(stage, task).systematic_error for stage in TESTS]) for task in ("old", "new"))
    snapshots, similarity = similarities(animal)
    return Course(
        tip=(mapped, np.array([shown.won(TIP) for shown in maps])),
        other=(mapped, np.array([shown.won(OTHER) for shown in maps])),
        total=(tested, np.array([animal.total(stage) for stage in TESTS])),
        similarity=(snapshots * trial, similarity),
        old=(tested, old),
        new=(tested, new),
    )


SCENARIO = Scenario(
    name="trained_finger",
    title="A spiking fingertip copies, is held, learns, is released, and is mapped throughout",
    citation="Jenkins et al. 1990, J Neurophysiol 63:82-104, PubMed 2299388",
    parameters=FingertipParameters(),
    build=fingertip.build,
    arms=arms,
    analyse=analyse,
    figures=figures,
    phases=phases,
    coordinates=coordinates,
    guards=guards,
    quick={
        "training.settle": "100",
        "training.old": "500",
        "training.copying": "120",
        "training.tune": "30",
        "training.new": "100",
        "training.release": "40",
        "training.repeats": "4",
        "training.probes": "2",
    },
    nulls=NULLS,
    conditions=CONDITIONS,
    measures=measured_unless((*NOTHING_TO_MEASURE, RUNAWAY, DIVERGING), MEASURES),
    main_figure="animal",
)

if __name__ == "__main__":
    main(SCENARIO)
