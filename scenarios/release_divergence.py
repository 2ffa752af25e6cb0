"""Do copies part when the hold on their total is released, and does that carry performance past its plateau?

No experiment shows it; theory says when it must happen. Copies that share their updates stay alike and learn no more
than one cell could: the plateau. Released, each follows its own gradient; a difference between them grows if the
splitting matrix ``S = E[error a f'' x x^T]`` has a negative eigenvalue, at a rate that follows from it (Liu, Wu &
Wang 2019, arXiv:1910.02366; Fukumizu & Amari 2000, doi:10.1016/S0893-6080(00)00009-5). Where one cell of each sign
makes no error, S is zero and release must not help: null model ``no_residual_error``.

A run releases one arm in the middle of the new task and never releases the other, on the same touches. The gain that
the hold has found stays as it is while the new task is learned, and after release; with ``adapting_hold`` it goes on
adapting until then.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.analysis.learning import moving_average
from cortex.analysis.ratios import mean, quotient
from cortex.analysis.similarity import mean_pairwise_cosine
from cortex.engine.simulation import Arm, Recording
from cortex.experiment import data_file
from cortex.experiment.findings import DIVERGING, NOTHING_TO_MEASURE
from cortex.experiment.measure import Condition, Measure, measured_unless
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from models.learner import network, rate_model
from models.learner.conditions import CONDITIONS
from models.learner.coordinates import coordinates
from models.learner.divergence import Growth, divergence, matched_d_prime
from models.learner.guards import guards
from models.learner.observe import Observed
from models.learner.parameters import LearnerParameters
from models.learner.protocol import phases
from scenarios.conclusions import release

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cortex.experiment.result import Conclusion, Result

RUNS = 8
"""Runs of the rate model whose mean is the prediction."""

WINDOW = 100
"""Trials over which errors are averaged in figures."""

READ = ("answers.evidence", "answers.bias", "answers.asked", "weights.w")
"""What the figures over seeds are made of."""


def arms(p: LearnerParameters, streams: Streams) -> dict[str, Arm]:
    """Release one arm and never the other."""
    runs = {"released": p, "never_released": never(p)}
    return {
        name: Arm(network.run_inputs(parameters, streams), streams.network_seed) for name, parameters in runs.items()
    }


def never(p: LearnerParameters) -> LearnerParameters:
    """Return the parameters of the arm that is never released."""
    return p.override({"training.released_at": 1.0, "training.release_before_copying": False})


def analyse(p: LearnerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Measure and predict plateau, divergence and gain."""
    released, kept = observed(p, recordings)
    growth = divergence(released)
    return measure(released, kept, growth), predict(p, released, growth)


def measure(released: Observed, kept: Observed, growth: Growth) -> dict[str, float]:
    """Measure plateau, divergence and gain."""
    held, after, unreleased = (
        released.responses("new held"),
        released.responses("new after"),
        kept.responses("new after"),
    )
    old = [released.responses(f"old {when}") for when in ("before", "expanded")]
    first, last = released.trials["released"].start, released.trials["test new after"].start
    at_release = released.errors[first : first + 2 * len(held.answers)]
    sharp, blunt = matched_d_prime(released, kept)
    return {
        "plateau": held.systematic_error,
        "loss_after_release": after.systematic_error,
        "loss_never_released": unreleased.systematic_error,
        "loss_removed": unreleased.systematic_error - after.systematic_error,
        "error_at_release": mean(at_release**2),
        "spike_matched_gain": quotient(sharp, blunt) - 1,
        "d_prime_after_release": sharp,
        "d_prime_never_released": blunt,
        "accuracy_held": held.accuracy,
        "accuracy_after_release": after.accuracy,
        "accuracy_never_released": unreleased.accuracy,
        "similarity_expanded": similarity(released, released.trials["test old expanded"].start),
        "similarity_held": similarity(released, first),
        "similarity_after_release": similarity(released, last),
        "similarity_never_released": similarity(kept, last),
        "least_similarity_after_release": float(mean_pairwise_cosine(released.grouped_weights(last)).min()),
        "divergence_rate": growth.rate,
        "divergence_rate_over_predicted": quotient(growth.rate, growth.predicted),
        "spikes_per_trial_held": float(held.counts.sum(axis=2).mean()),
        "spikes_per_trial_after": float(after.counts.sum(axis=2).mean()),
        "gain_held": float(released.gains[released.trials["test new held"]].mean()),
        "total_ratio": quotient(float(old[1].counts.sum()), float(old[0].counts.sum())),
    }


def predict(p: LearnerParameters, released: Observed, growth: Growth) -> dict[str, float]:
    """Predict from what was measured open-loop before the new task, and before release."""
    expanded, held = (rate_model.at_test(released, f"new {when}") for when in ("expanded", "held"))
    free = held.released(naive=p.hold.naive_release)
    trials = {name: released.trials[name].stop - released.trials[name].start for name in ("new", "released")}
    noise = rate_model.output_noise(released.responses("new held")) * raised(held.gains, free.gains) ** 2
    kept = replace(
        held, tied=p.hold.enabled and p.hold.coupled, adapting=p.hold.enabled and p.hold.adapts_while_learning
    )
    return {
        "plateau": loss(expanded, trials["new"]),
        "loss_after_release": loss(free, trials["released"]),
        "loss_never_released": loss(kept, trials["released"]),
        "error_at_release": loss(free, 0) + noise,
        "divergence_rate": growth.predicted,
    }


def raised(held: np.ndarray, free: np.ndarray) -> float:
    """Return the mean factor by which release raises gains; nan if it raises one that is 0, at which no cell fires."""
    changed = held != free
    factors = np.ones_like(held)
    factors[changed] = [quotient(after, before) for after, before in zip(free[changed], held[changed], strict=True)]
    return float(factors.mean())


def loss(model: rate_model.RateModel, trials: int) -> float:
    """Return the systematic error of the rate model after a number of trials."""
    p = model.parameters
    bias_rate = p.learning.bias_rate * (p.learning.readout_learns != "nothing")
    learned = model.learn(trials, p.learning.rate, bias_rate, RUNS)
    answers = model.answer(learned.weights, learned.gains, learned.bias)
    return float(((model.answers - answers) ** 2).mean())


def observed(p: LearnerParameters, recordings: dict[str, Recording]) -> tuple[Observed, Observed]:
    """Return the arm that is released and the one that is not."""
    return Observed(p, recordings["released"]), Observed(never(p), recordings["never_released"])


def similarity(observation: Observed, trial: int) -> float:
    """Average the cosine of the weights over pairs of copies and over groups."""
    return float(mean_pairwise_cosine(observation.grouped_weights(trial)).mean())


def figures(p: LearnerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw similarity, error, and the growth of differences."""
    from cortex.report.release import figure_release

    released, kept = observed(p, recordings)
    growth, first = divergence(released), released.trials["released"].start
    trials = np.arange(released.trials["new"].start, released.trials["released"].stop, network.SNAPSHOT)
    partings, errors = {}, {}
    for name, observation in {"released": released, "never released": kept}.items():
        partings[name] = (trials, np.array([similarity(observation, trial) for trial in trials]))
        squared = observation.errors[observation.learning] ** 2
        errors[name] = (observation.learning[WINDOW - 1 :], moving_average(squared, WINDOW))
    expected = growth.size[:1] * np.exp(growth.predicted * growth.trials)
    trials_shown = np.where(expected < 3 * growth.size.max(initial=0), expected, np.nan)
    plateau = released.responses("new held").systematic_error
    return {
        "release": figure_release(partings, errors, (growth.trials + first, growth.size, trials_shown), first, plateau)
    }


def conclude(runs: "Sequence[Result]") -> "Conclusion | None":
    """Return over all seeds what release adds, and when it should come."""
    return release.conclude(runs, curves)


def curves(run: "Result") -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Read trials since release, the least similarity of copies in any group, and the squared error, of each arm."""
    p = LearnerParameters().override(run.parameters)
    recordings = data_file.read(run.data, ("released", "never_released"), READ)
    courses = {}
    for name, observation in zip(("released", "never released"), observed(p, recordings), strict=True):
        trials_shown = np.arange(WINDOW, p.training.new, network.SNAPSHOT)
        similarities = [
            mean_pairwise_cosine(observation.grouped_weights(trial)).min()
            for trial in observation.learning[trials_shown]
        ]
        error = moving_average(observation.errors[observation.learning] ** 2, WINDOW)[trials_shown - WINDOW]
        courses[name] = trials_shown - round(p.training.new * p.training.released_at), np.array(similarities), error
    return courses


ERROR = "Systematic error of the new task (mean square over touches of the mean error), "

MEASURES = (
    Measure("plateau", f"{ERROR}under the hold, just before release."),
    Measure("loss_after_release", f"{ERROR}at the end, released."),
    Measure("loss_never_released", f"{ERROR}at the end, never released."),
    Measure("loss_removed", "Systematic error that release removes: never released less released."),
    Measure("error_at_release", "Mean squared error in the first two presentations of each touch after release."),
    Measure(
        "spike_matched_gain",
        "Relative increase of d' of the readout by release, with equally many spikes.",
        expected=(0.15, None),
    ),
    Measure("d_prime_after_release", "d' of the readout at the end, released."),
    Measure("d_prime_never_released", "d' of the readout at the end, never released."),
    Measure("accuracy_held", "Share of right answers under the hold; 0.5 is chance."),
    Measure("accuracy_after_release", "Share of right answers at the end, released."),
    Measure("accuracy_never_released", "Share of right answers at the end, never released."),
    Measure("similarity_expanded", "Mean cosine between members of a group after copying."),
    Measure("similarity_held", "Mean cosine between members of a group at release.", expected=(0.9, None)),
    Measure("similarity_after_release", "Mean cosine between members of a group at the end, released."),
    Measure("similarity_never_released", "The same, never released.", expected=(0.9, None)),
    Measure("least_similarity_after_release", "The same of the group that has diverged most.", expected=(None, 0.6)),
    Measure("divergence_rate", "Rate at which the difference of copies grows after release.", "1/trial"),
    Measure("divergence_rate_over_predicted", "The same over the predicted one.", expected=(0.75, 1.25)),
    Measure("spikes_per_trial_held", "Spikes of all cells per trial under the hold."),
    Measure("spikes_per_trial_after", "Spikes of all cells per trial at the end, released."),
    Measure("gain_held", "Mean gain of the groups under the hold."),
    Measure(
        "total_ratio", "Spikes of all cells to the same touches, after over before copying.", expected=(0.95, 1.05)
    ),
)

SCENARIO = Scenario(
    name="release_divergence",
    title="Do copies part when released, and does that carry performance past the plateau?",
    citation="Liu, Wu & Wang 2019, arXiv:1910.02366; Fukumizu & Amari 2000, doi:10.1016/S0893-6080(00)00009-5",
    parameters=LearnerParameters().override(
        {
            "training.task": "edge",
            "training.new": 7000,
            "training.released_at": 0.35,
            "learning.rate": 0.05,
            "learning.readout_learns": "bias",
            "hold.adapts_while_learning": False,
        }
    ),
    build=network.build,
    arms=arms,
    analyse=analyse,
    figures=figures,
    phases=phases,
    coordinates=coordinates,
    guards=guards,
    quick={"training.old": "400", "training.copying": "200", "training.new": "1000", "training.repeats": "12"},
    nulls={
        "no_residual_error": Condition(
            "The new task is one that a single cell of each sign can do, so no error is left for release to remove.",
            {"training.task": "location"},
            misses=("spike_matched_gain",),
        ),
        **{name: CONDITIONS[name] for name in ("uncoupled_hold", "shuffled_teacher", "shuffled_answers")},
    },
    conditions={
        "adapting_hold": Condition(
            "The hold still adapts while the new task is learned.", {"hold.adapts_while_learning": "true"}
        ),
        "naive_release": Condition("Release sets the gain back to 1.", {"hold.naive_release": "true"}),
        **{
            name: CONDITIONS[name]
            for name in ("release_early", "hand_cloned", "shared_noise", "same_count_independent", "single")
        },
    },
    measures=measured_unless((*NOTHING_TO_MEASURE, DIVERGING), MEASURES),
    main_figure="release",
    conclude=conclude,
)

if __name__ == "__main__":
    main(SCENARIO)
