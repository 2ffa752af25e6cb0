"""Does holding the total of a group make new learning faster?

No animal was tested like this; the question is the essay's, and the answer of theory is that it depends: without
noise, and at the same rate of each synapse, a group of K copies under a static gain of 1/K learns as fast as one cell
(broadcast error) or K times more slowly (gradient), and K times more slowly than the same copies without a hold; a
hold keeps the old function and allows larger steps, and averages private noise. The nearest published comparison
finds that inhibition that normalises the forward pass alone does not help learning (Henha Eyono et al. 2026,
arXiv:2603.17676).

A run compares one arm, named in ``--null``, with a single cell in each group at the same learning rate, on the same
touches. Which arm is faster over all rates, and why, is told by the study `normalization_arms`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cortex.analysis.discrimination import linear_d_prime, noise_correlation
from cortex.analysis.learning import decay_rate, trials_to_criterion
from cortex.analysis.similarity import cosine
from cortex.experiment.engine import Arm, Recording
from cortex.experiment.scenario import Phase, Scenario, main
from cortex.experiment.streams import Streams
from cortex.study.conclusion import Conclusion, Finished
from models.learner import network, phase_study, rate_model, speed_conclusion
from models.learner.arms import ARMS
from models.learner.observe import Observed
from models.learner.parameters import LearnerParameters
from models.learner.protocol import protocol

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CRITERION = 0.25
"""Mean squared error at which the new task counts as learned: a quarter of what an answer of 0 would give."""

WINDOW = 24
"""Trials over which it is averaged."""

RUNS = 10
"""Runs of the rate model whose mean is the prediction."""


def arms(p: LearnerParameters, streams: Streams) -> dict[str, Arm]:
    """Set the arm beside a single cell in each group."""
    seed = streams.network_seed
    found = {"arm": Arm(network.run_inputs(p, streams), seed)}
    if p != reference(p):
        found["single"] = Arm(network.run_inputs(reference(p), streams), seed)
    return found


def reference(p: LearnerParameters) -> LearnerParameters:
    """Give the parameters of the single cell, of the same noise, rate and form of the rule."""
    plain = {"teacher": "target", "output_split": False, "thinning": False}
    return p.override({**{f"group.{name}": value for name, value in plain.items()}, **ARMS["single"]}).override(
        {"learning.matched_speed": False, "training.release_before_copying": False, "training.released_at": 1.0}
    )


def measure(p: LearnerParameters, recordings: dict[str, Recording]) -> dict[str, float]:
    """Measure speed, disturbance and what the hold did."""
    arm, single = observed(p, recordings)
    before, expanded, after = (arm.responses(f"old {when}") for when in ("before", "expanded", "after"))
    new = arm.responses("new after")
    squared = errors(arm) ** 2
    trials = trials_to_criterion(squared, CRITERION, WINDOW)
    spikes = arm.counts[arm.learning].sum(axis=1)
    speed, predicted = learning_speed(arm), predict(p, recordings)
    ratio = speed / learning_speed(single)
    group = np.arange(p.cells) // p.group.copies
    totals = [
        np.stack([seen.counts[:, :, group == g].sum(axis=2) for g in range(p.group.targets)], axis=2)
        for seen in (before, expanded)
    ]
    decoded = [
        linear_d_prime(total.reshape(-1, p.group.targets), np.repeat(before.answers, total.shape[1]))
        for total in totals
    ]
    w = arm.weights(arm.trials["test old expanded"].start).reshape(p.group.targets, p.group.copies, -1)
    grown = p.group.expansion != "none"
    return {
        "trials_to_criterion": trials,
        "spikes_to_criterion": float(spikes[: int(trials)].sum()) if np.isfinite(trials) else float("nan"),
        "learning_speed": speed,
        "speed_ratio": ratio,
        "speed_over_predicted": speed / predicted["learning_speed"],
        "speed_ratio_over_predicted": ratio / predicted["speed_ratio"],
        "error_floor": float(squared[-len(squared) // 4 :].mean()),
        "stable": float(squared[-len(squared) // 4 :].mean() < squared[: 2 * WINDOW].mean()),
        "accuracy_new": new.accuracy,
        "accuracy_old": before.accuracy,
        "old_kept_expanded": (expanded.accuracy - 0.5) / (before.accuracy - 0.5),
        "old_kept_learning": (after.accuracy - 0.5) / (before.accuracy - 0.5),
        "old_error_expanded": expanded.systematic_error / before.systematic_error,
        "old_error_learning": after.systematic_error / before.systematic_error,
        "decoding_ratio": decoded[1] / decoded[0],
        "total_ratio": float(expanded.counts.sum() / before.counts.sum()),
        "total_ratio_learning": float(
            spikes[-len(spikes) // 4 :].mean() / single.counts[single.learning].sum(axis=1)[-len(spikes) // 4 :].mean()
        ),
        "gain": float(arm.gains[arm.trials["test old expanded"]].mean()),
        "copy_similarity": float(np.mean(cosine(w[:, 1:], w[:, :1]))) if grown else float("nan"),
        "noise_correlation": float(
            np.mean([noise_correlation(expanded.counts[:, :, group == g]) for g in range(p.group.targets)])
        )
        if grown
        else float("nan"),
        "spikes_per_trial": float(spikes.mean()),
    }


def predict(p: LearnerParameters, recordings: dict[str, Recording]) -> dict[str, float]:
    """Predict from what was measured open-loop, before the new task, and, `_nominal`, from theory alone."""
    arm, single = observed(p, recordings)
    speeds, learned = [], []
    for one in (arm, single):
        curve, progress = predicted_learning(one)
        learned.append(curve)
        speeds.append(decay_rate(progress, block(one)))
    k, grown = p.group.copies, p.group.expansion != "none"
    order = 2 if p.learning.form == "gradient" else 1
    held = p.hold.enabled or p.group.output_split or p.group.expansion == "independent"
    gain = 1 / k if held else 1.0
    reliability = 1 / k if p.group.thinning else 1.0
    return {
        "learning_speed": speeds[0],
        "speed_ratio": speeds[0] / speeds[1],
        "speed_ratio_nominal": k * gain**order * reliability if grown else k if p.learning.matched_speed else 1.0,
        "trials_to_criterion": trials_to_criterion(learned[0], CRITERION, WINDOW),
        "error_floor": float(learned[0][-len(learned[0]) // 4 :].mean()),
        "gain": 1 / k if grown and p.hold.enabled else 1.0,
        "total_ratio": 1.0 if p.hold.enabled or not grown or p.group.expansion == "independent" else float(k),
    }


def observed(p: LearnerParameters, recordings: dict[str, Recording]) -> tuple[Observed, Observed]:
    """Give the arm and the single cell."""
    arm = Observed(p, recordings["arm"])
    return arm, Observed(reference(p), recordings["single"]) if "single" in recordings else arm


def errors(one: Observed) -> np.ndarray:
    """Give the errors of the trials in which the new task is learned."""
    return np.asarray((one.answers - one.outputs)[one.learning])


def block(one: Observed) -> int:
    """Give the number of trials in which every touch comes once."""
    return len(one.responses("new expanded").answers)


def learning_speed(one: Observed) -> float:
    """Measure how fast the errors that separate the two answers begin to decay, per trial."""
    begun = one.responses("new expanded")
    left = errors(one) * one.answers[one.learning] / np.mean(begun.errors * begun.answers)
    return decay_rate(left, block(one))


def predicted_learning(one: Observed) -> tuple[np.ndarray, np.ndarray]:
    """Predict mean squared error and what is left to learn, both over trials, by the rate model."""
    model, p = rate_model.at_test(one, "new expanded"), one.parameters
    rate = p.learning.rate * (p.group.copies if p.learning.matched_speed else 1)
    if "learned" not in one.run.derived:
        one.run.derived["learned"] = model.learn(len(one.learning), rate, 0.0, RUNS)
    learned = one.run.derived["learned"]
    begun = one.responses("new expanded")
    left = learned.errors * model.answers[learned.touches] / np.mean(begun.errors * begun.answers)
    return (learned.errors**2).mean(axis=0), left.mean(axis=0)


def phases(p: LearnerParameters) -> list[Phase]:
    """List the phases."""
    return protocol(p, np.random.default_rng(0)).phases()


def figures(p: LearnerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw learning, measured and predicted, and the total."""
    from cortex.report.learning import Curve, figure_learning, figure_total

    arm, single = observed(p, recordings)
    shown = {"arm": arm, "single cell": single} if "single" in recordings else {"single cell": single}
    curves = {name: Curve(errors(one) ** 2, predicted_learning(one)[0]) for name, one in shown.items()}
    totals = {name: one.counts.sum(axis=1) for name, one in shown.items()}
    return {
        "learning": figure_learning(curves, CRITERION, WINDOW),
        "total": figure_total(totals, arm.spans),
    }


def conclude(runs: Sequence[Finished]) -> Conclusion | None:
    """Say who learns faster over all learning rates and why, or where in the plane normalization does."""
    return phase_study.conclude(runs) or speed_conclusion.conclude(
        runs, lambda one: errors(one) ** 2, CRITERION, WINDOW
    )


SCENARIO = Scenario(
    name="normalization_speed",
    title="Does holding the total of a group of copies make new learning faster?",
    citation="docs/learning.md (theory of linear copies); Henha Eyono et al. 2026, arXiv:2603.17676",
    parameters=LearnerParameters(),
    build=network.build,
    arms=arms,
    measure=measure,
    predict=predict,
    figures=figures,
    phases=phases,
    quick={"training.old": "400", "training.copying": "200", "training.new": "300", "training.repeats": "12"},
    nulls={name: settings for name, settings in ARMS.items() if settings},
    bands={
        "speed_over_predicted": (0.8, 1.2),
        "speed_ratio_over_predicted": (0.8, 1.2),
        "decoding_ratio": (0.85, 1.10),
        "old_kept_expanded": (0.95, None),
        "total_ratio": (0.95, 1.05),
        "copy_similarity": (0.9, None),
    },
    watched=lambda p: {"trials_to_criterion": float(p.training.new)},
    conclude=conclude,
)

if __name__ == "__main__":
    main(SCENARIO)
