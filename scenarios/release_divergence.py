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
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cortex import main
from cortex.analysis.discrimination import d_prime, thin
from cortex.analysis.learning import moving_average
from cortex.analysis.similarity import mean_pairwise_cosine
from cortex.engine.simulation import Arm, Recording
from cortex.experiment import data_file
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from models.learner import network, rate_model
from models.learner.conditions import ARMS
from models.learner.observe import Observed
from models.learner.parameters import LearnerParameters
from models.learner.protocol import phases
from models.mean_field.predictions.release import divergence_rate
from scenarios.conclusions import release

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cortex.studies.conclusion import Conclusion, Finished

RUNS = 8
"""Runs of the rate model whose mean is the prediction."""

WINDOW = 100
"""Trials over which errors are averaged in figures."""

READ = ("answers.evidence", "answers.bias", "answers.asked", "weights.w")
"""What the figures over seeds are made of."""

GROWN = 1 / 10
"""Share of its largest size up to which the difference of copies is taken to grow exponentially."""

FEWEST = 5
"""Snapshots of the weights that a rate of growth needs."""

LAST = 100
"""Presentations of each touch, before release, whose mean errors predict the growth."""


class Growth(NamedTuple):
    """How the difference of copies grows after release, along the direction in which it should grow fastest."""

    trials: np.ndarray
    """Trials since release, shape (snapshot,)."""
    size: np.ndarray
    """Root of the sum over copies of the squared difference from their mean, shape (snapshot,)."""
    rate: float
    """Slope of its logarithm, per trial."""
    predicted: float


def arms(p: LearnerParameters, streams: Streams) -> dict[str, Arm]:
    """Release one arm and never the other."""
    runs = {"released": p, "never_released": never(p)}
    return {name: Arm(network.run_inputs(one, streams), streams.network_seed) for name, one in runs.items()}


def never(p: LearnerParameters) -> LearnerParameters:
    """Give the parameters of the arm that is never released."""
    return p.override({"training.released_at": 1.0, "training.release_before_copying": False})


def measure(p: LearnerParameters, recordings: dict[str, Recording]) -> dict[str, float]:
    """Measure plateau, parting and gain."""
    released, kept = observed(p, recordings)
    held, after, unreleased = (
        released.responses("new held"),
        released.responses("new after"),
        kept.responses("new after"),
    )
    old = [released.responses(f"old {when}") for when in ("before", "expanded")]
    growth, first, last = (
        divergence(released),
        released.trials["released"].start,
        released.trials["test new after"].start,
    )
    at_release = released.errors[first : first + 2 * len(held.answers)]
    sharp, blunt = matched_d_prime(released, kept)
    return {
        "plateau": held.systematic_error,
        "loss_after_release": after.systematic_error,
        "loss_never_released": unreleased.systematic_error,
        "loss_removed": unreleased.systematic_error - after.systematic_error,
        "error_at_release": float((at_release**2).mean()),
        "spike_matched_gain": sharp / blunt - 1,
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
        "divergence_rate_over_predicted": growth.rate / growth.predicted,
        "spikes_per_trial_held": float(held.counts.sum(axis=2).mean()),
        "spikes_per_trial_after": float(after.counts.sum(axis=2).mean()),
        "gain_held": float(released.gains[released.trials["test new held"]].mean()),
        "total_ratio": float(old[1].counts.sum() / old[0].counts.sum()),
    }


def predict(p: LearnerParameters, recordings: dict[str, Recording]) -> dict[str, float]:
    """Predict from what was measured open-loop before the new task, and before release."""
    released, _ = observed(p, recordings)
    expanded, held = (rate_model.at_test(released, f"new {when}") for when in ("expanded", "held"))
    free = held.released(naive=p.hold.naive_release)
    trials = {name: released.trials[name].stop - released.trials[name].start for name in ("new", "released")}
    noise = rate_model.output_noise(released.responses("new held")) * float(np.mean(free.gains / held.gains) ** 2)
    kept = replace(
        held, tied=p.hold.enabled and p.hold.coupled, adapting=p.hold.enabled and p.hold.adapts_while_learning
    )
    return {
        "plateau": loss(expanded, trials["new"]),
        "loss_after_release": loss(free, trials["released"]),
        "loss_never_released": loss(kept, trials["released"]),
        "error_at_release": loss(free, 0) + noise,
        "divergence_rate": divergence(released).predicted,
    }


def loss(model: rate_model.RateModel, trials: int) -> float:
    """Give the systematic error of the rate model after a number of trials."""
    p = model.parameters
    bias_rate = p.learning.bias_rate * (p.learning.readout_learns != "nothing")
    learned = model.learn(trials, p.learning.rate, bias_rate, RUNS)
    answers = model.answer(learned.weights, learned.gains, learned.bias)
    return float(((model.answers - answers) ** 2).mean())


def observed(p: LearnerParameters, recordings: dict[str, Recording]) -> tuple[Observed, Observed]:
    """Give the arm that is released and the one that is not."""
    return Observed(p, recordings["released"]), Observed(never(p), recordings["never_released"])


def similarity(one: Observed, trial: int) -> float:
    """Average the cosine of the weights over pairs of copies and over groups."""
    return float(mean_pairwise_cosine(one.grouped_weights(trial)).mean())


def divergence(one: Observed) -> Growth:
    """Measure the growth of differences between copies, and predict it, in the group in which it should be fastest."""
    p, held, released = one.parameters, rate_model.at_test(one, "new held"), one.trials["released"]
    order = 2 if p.learning.form == "gradient" else 1
    matrices = held.splitting_matrices(one.mean_errors(LAST))
    matrices = matrices.reshape(p.group.targets, p.group.copies, *matrices.shape[1:]).mean(axis=1)
    predicted = [divergence_rate(matrix, p.learning.rate, p.group.copies, order) for matrix in matrices]
    fastest = int(np.argmax(predicted))
    direction = np.linalg.eigh(matrices[fastest])[1][:, 0]
    trials = np.arange(released.start, released.stop, network.SNAPSHOT)
    weights = np.array([one.grouped_weights(trial)[fastest] for trial in trials]).reshape(
        len(trials), p.group.copies, p.skin.number
    )
    size = np.linalg.norm((weights - weights.mean(axis=1, keepdims=True)) @ direction, axis=1)
    if len(size) < FEWEST:
        return Growth(trials - released.start, size, float("nan"), float(predicted[fastest]))
    fitted = max(int(np.argmax(size > GROWN * size.max())), FEWEST)
    slope = np.polyfit(trials[:fitted], np.log(size[:fitted]), 1)[0]
    return Growth(trials - released.start, size, float(slope), float(predicted[fastest]))


def matched_d_prime(*arms: Observed) -> list[float]:
    """Give d' of the readout at the end, in all arms with as many spikes as the one with the fewest."""
    tests = [one.responses("new after") for one in arms]
    fewest, rng = min(test.counts.sum() for test in tests), np.random.default_rng(0)
    found = []
    for one, test in zip(arms, tests, strict=True):
        counts = thin(test.counts, fewest / test.counts.sum(), rng)
        values = counts @ one.readout_weights(one.trials["test new after"].start)
        found.append(d_prime(values.ravel(), np.repeat(test.answers, values.shape[1])))
    return found


def figures(p: LearnerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw similarity, error, and the growth of differences."""
    from cortex.report.release import figure_release

    released, kept = observed(p, recordings)
    growth, first = divergence(released), released.trials["released"].start
    trials = np.arange(released.trials["new"].start, released.trials["released"].stop, network.SNAPSHOT)
    partings, errors = {}, {}
    for name, one in {"released": released, "never released": kept}.items():
        partings[name] = (trials, np.array([similarity(one, trial) for trial in trials]))
        squared = one.errors[one.learning] ** 2
        errors[name] = (one.learning[WINDOW - 1 :], moving_average(squared, WINDOW))
    expected = growth.size[:1] * np.exp(growth.predicted * growth.trials)
    shown = np.where(expected < 3 * growth.size.max(initial=0), expected, np.nan)
    plateau = released.responses("new held").systematic_error
    return {"release": figure_release(partings, errors, (growth.trials + first, growth.size, shown), first, plateau)}


def conclude(runs: "Sequence[Finished]") -> "Conclusion | None":
    """Say over all seeds what release adds, and when it should come."""
    return release.conclude(runs, curves)


def curves(run: "Finished") -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Read trials since release, the least similarity of copies in any group, and the squared error, of each arm."""
    p = LearnerParameters().override(run.parameters)
    recordings = data_file.read(run.folder / "data.nc", ("released", "never_released"), READ)
    found = {}
    for name, one in zip(("released", "never released"), observed(p, recordings), strict=True):
        shown = np.arange(WINDOW, p.training.new, network.SNAPSHOT)
        alike = [mean_pairwise_cosine(one.grouped_weights(trial)).min() for trial in one.learning[shown]]
        error = moving_average(one.errors[one.learning] ** 2, WINDOW)[shown - WINDOW]
        found[name] = shown - round(p.training.new * p.training.released_at), np.array(alike), error
    return found


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
    measure=measure,
    predict=predict,
    figures=figures,
    phases=phases,
    quick={"training.old": "400", "training.copying": "200", "training.new": "1000", "training.repeats": "12"},
    nulls={
        "no_residual_error": {"training.task": "location"},
        "adapting_hold": {"hold.adapts_while_learning": "true"},
        "uncoupled_hold": ARMS["uncoupled_hold"],
        "naive_release": {"hold.naive_release": "true"},
        **{
            name: ARMS[name]
            for name in (
                "release_early",
                "hand_cloned",
                "shared_noise",
                "shuffled_teacher",
                "shuffled_answers",
                "same_count_independent",
                "single",
            )
        },
    },
    bands={
        "similarity_held": (0.9, None),
        "least_similarity_after_release": (None, 0.6),
        "similarity_never_released": (0.9, None),
        "divergence_rate_over_predicted": (0.75, 1.25),
        "spike_matched_gain": (0.15, None),
        "total_ratio": (0.95, 1.05),
    },
    conclude=conclude,
)

if __name__ == "__main__":
    main(SCENARIO)
