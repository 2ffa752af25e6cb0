"""Does holding the total of a group make new learning faster?

No animal was tested like this; the question is the hypothesis', and theory's answer is that it depends: without
noise, and at the same rate of each synapse, a group of K copies under a static gain of 1/K learns as fast as one cell
(broadcast error) or K times more slowly (gradient), and K times more slowly than the same copies without a hold; a
hold keeps the old function and allows larger steps, and averages private noise. The nearest published comparison
finds that inhibition that normalises the forward pass alone does not help learning (Henha Eyono et al. 2026,
arXiv:2603.17676).

A run compares one condition, named in ``--null``, with a single cell in each group at the same learning rate, on the
same touches. Which condition is faster over all rates, and why, the study `normalization_arms` answers.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from cortex import main
from cortex.analysis.learning import decay_rate, trials_to_criterion
from cortex.analysis.ratios import quotient
from cortex.engine.simulation import Arm, Recording
from cortex.experiment.findings import DIVERGING, NOTHING_TO_MEASURE
from cortex.experiment.measure import Measure, measured_unless
from cortex.experiment.result import Conclusion, Result
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from models.learner import expansion, network, rate_model
from models.learner.conditions import CONDITIONS
from models.learner.coordinates import coordinates
from models.learner.guards import guards
from models.learner.observe import Observed
from models.learner.parameters import LearnerParameters
from models.learner.protocol import phases
from models.mean_field.predictions.learning import speed as relative_speed
from scenarios.conclusions import phase_diagram
from scenarios.conclusions.learning_speed.figures import conclude as conclude_speed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CRITERION = 0.25
"""Mean squared error at which the new task counts as learned: a quarter of what an answer of 0 would give."""

WINDOW = 24
"""Trials over which it is averaged."""

RUNS = 10
"""Runs of the rate model whose mean is the prediction."""

LEARNED: WeakKeyDictionary[Recording, rate_model.Learned] = WeakKeyDictionary()
"""What the rate model learns, by recording: predictions and figures need the same."""


def arms(p: LearnerParameters, streams: Streams) -> dict[str, Arm]:
    """Set the arm beside a single cell in each group."""
    seed = streams.network_seed
    simulations = {"arm": Arm(network.run_inputs(p, streams), seed)}
    if p != reference(p):
        simulations["single"] = Arm(network.run_inputs(reference(p), streams), seed)
    return simulations


def reference(p: LearnerParameters) -> LearnerParameters:
    """Return the parameters of the single cell, of the same noise, rate and form of the rule."""
    plain = {"teacher": "target", "output_split": False, "thinning": False}
    return p.override({**{f"group.{name}": value for name, value in plain.items()}, **CONDITIONS["single"]}).override(
        {"learning.matched_speed": False, "training.release_before_copying": False, "training.released_at": 1.0}
    )


def analyse(p: LearnerParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Measure and predict: speed, disturbance and what the hold did."""
    observations = observed(p, recordings)
    predicted = predict(p, observations, [predicted_learning(cells) for cells in observations])
    return measure(observations, predicted), predicted


def measure(observations: tuple[Observed, Observed], predicted: dict[str, float]) -> dict[str, float]:
    """Measure speed, disturbance and what the hold did."""
    arm, single = observations
    before, after, new = (arm.responses(test) for test in ("old before", "old after", "new after"))
    squared = errors(arm) ** 2
    trials = trials_to_criterion(squared, CRITERION, WINDOW)
    late = slice(-len(squared) // 4, None)
    spikes, alone = (observation.counts[observation.learning].sum(axis=1) for observation in (arm, single))
    speed = learning_speed(arm)
    ratio = quotient(speed, learning_speed(single))
    return {
        "trials_to_criterion": trials,
        "spikes_to_criterion": float(spikes[: int(trials)].sum()) if np.isfinite(trials) else float("nan"),
        "learning_speed": speed,
        "speed_ratio": ratio,
        "speed_over_predicted": quotient(speed, predicted["learning_speed"]),
        "speed_ratio_over_predicted": quotient(ratio, predicted["speed_ratio"]),
        "error_floor": float(squared[late].mean()),
        "stable": float(squared[late].mean() < squared[: 2 * WINDOW].mean()),
        "accuracy_new": new.accuracy,
        "old_kept_learning": quotient(after.accuracy - 0.5, before.accuracy - 0.5),
        "old_error_learning": quotient(after.systematic_error, before.systematic_error),
        "total_ratio_learning": quotient(float(spikes[late].mean()), float(alone[late].mean())),
        "spikes_per_trial": float(spikes.mean()),
        **expansion.measure(arm),
    }


def predict(
    p: LearnerParameters, observations: tuple[Observed, Observed], curves: Sequence[tuple[np.ndarray, np.ndarray]]
) -> dict[str, float]:
    """Predict from what was measured open-loop, before the new task, and, `_nominal`, from theory alone.

    Parameters
    ----------
    p : LearnerParameters
    observations : tuple of Observed
        The arm and the single cell.
    curves : sequence of tuple of array, (trial,)
        What `predicted_learning` gives for the two.
    """
    arm, single = observations
    (curve, left), (_, left_alone) = curves
    speed, alone = decay_rate(left, block(arm)), decay_rate(left_alone, block(single))
    return {
        "learning_speed": speed,
        "speed_ratio": quotient(speed, alone),
        "speed_ratio_nominal": nominal_speed(p),
        "trials_to_criterion": trials_to_criterion(curve, CRITERION, WINDOW),
        "error_floor": float(curve[-len(curve) // 4 :].mean()) if held(arm) == len(arm.learning) else float("nan"),
        **expansion.predict(p),
    }


def nominal_speed(p: LearnerParameters) -> float:
    """Return the speed relative to a single cell that theory gives linear copies, ``K G^p`` (docs/learning.md)."""
    k, order = p.group.copies, 2 if p.learning.form == "gradient" else 1
    if p.group.expansion == "none":
        return float(k) if p.learning.matched_speed else 1.0
    divided = p.hold.enabled or p.group.output_split or p.group.expansion == "independent"
    return relative_speed(k, 1 / k if divided else 1.0, order) * (1 / k if p.group.thinning else 1.0)


def observed(p: LearnerParameters, recordings: dict[str, Recording]) -> tuple[Observed, Observed]:
    """Return the arm and the single cell."""
    arm = Observed(p, recordings["arm"])
    return arm, Observed(reference(p), recordings["single"]) if "single" in recordings else arm


def errors(observation: Observed) -> np.ndarray:
    """Return the errors of the trials in which the new task is learned."""
    return np.asarray(observation.errors[observation.learning])


def block(observation: Observed) -> int:
    """Return the number of trials in which every touch comes once."""
    return len(observation.responses("new expanded").answers)


def learning_speed(observation: Observed) -> float:
    """Measure how fast the errors that separate the two answers begin to decay, per trial."""
    begun = observation.responses("new expanded")
    begun_at = float(np.mean(begun.errors * begun.answers)) or np.nan
    left = errors(observation) * observation.answers[observation.learning] / begun_at
    return decay_rate(left[: held(observation)], block(observation))


def predicted_learning(observation: Observed) -> tuple[np.ndarray, np.ndarray]:
    """Predict mean squared error and what is left to learn, both over trials, by the rate model."""
    model, p = rate_model.at_test(observation, "new expanded"), observation.parameters
    rate = p.learning.rate * (p.group.copies if p.learning.matched_speed else 1)
    if observation.run not in LEARNED:
        LEARNED[observation.run] = model.learn(len(observation.learning), rate, 0.0, RUNS)
    learned = LEARNED[observation.run]
    begun = observation.responses("new expanded")
    left = learned.errors * model.answers[learned.touches] / (float(np.mean(begun.errors * begun.answers)) or np.nan)
    return (learned.errors**2).mean(axis=0)[: held(observation)], left.mean(axis=0)[: held(observation)]


def held(observation: Observed) -> int:
    """Return the number of trials of the new task before release, or all."""
    return observation.new.stop - observation.new.start or len(observation.learning)


def figures(p: LearnerParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw learning, measured and predicted, and the total."""
    from cortex.report.learning import Curve, figure_learning, figure_total

    arm, single = observed(p, recordings)
    shown = {named(p): arm, "single cell": single} if "single" in recordings else {"single cell": single}
    curves = {
        name: Curve(errors(observation) ** 2, predicted_learning(observation)[0]) for name, observation in shown.items()
    }
    totals = {name: observation.counts.sum(axis=1) for name, observation in shown.items()}
    return {
        "learning": figure_learning(curves, CRITERION, WINDOW),
        "total": figure_total(totals, arm.spans),
    }


def named(p: LearnerParameters) -> str:
    """Return the name of the condition that has these settings, or what a group is."""
    decisive = {parameter for condition in CONDITIONS.values() for parameter in condition}
    settings = p.as_text()
    for name, condition in CONDITIONS.items():
        named_settings = LearnerParameters().override(condition).as_text()
        if all(settings[parameter] == named_settings[parameter] for parameter in decisive):
            return name.replace("_", " ")
    return "hold" if p.hold.enabled else "no hold"


def conclude(runs: Sequence[Result]) -> Conclusion | None:
    """Return who learns faster over all learning rates and why, or where in the plane normalization does."""
    read = ("answers.evidence", "answers.bias", "answers.asked")
    return phase_diagram.conclude(runs) or conclude_speed(runs, squared_errors, read, CRITERION, WINDOW)


def squared_errors(parameters: Mapping[str, Any], recording: Recording) -> np.ndarray:
    """Return the squared errors of the trials in which a run learns the new task."""
    return errors(Observed(LearnerParameters().override(parameters), recording)) ** 2


def grows(p: LearnerParameters) -> bool:
    """Return whether a group gets copies."""
    return p.group.expansion != "none"


NULLS = {
    "no_hold": CONDITIONS["no_hold"].missing("total_ratio"),
    "shuffled_teacher": CONDITIONS["shuffled_teacher"].missing("signal_correlation"),
    **{name: CONDITIONS[name] for name in ("uncoupled_hold", "frozen_gain", "shuffled_answers")},
}

MEASURES = (
    Measure(
        "trials_to_criterion",
        f"Trials of the new task until its squared error, mean of {WINDOW} trials, is below {CRITERION}; predicted is "
        "when the mean error over runs of the rate model is, and a single run may cross earlier or later.",
        "trials",
        limit=lambda p: float(p.training.new),
    ),
    Measure("spikes_to_criterion", "Spikes of all cells in these trials.", undefined="the criterion was not reached"),
    Measure("learning_speed", "Rate at which errors of the new task begin to decay.", "1/trial"),
    Measure("speed_ratio", "Learning speed over that of a single cell in each group, at the same learning rate."),
    Measure(
        "speed_over_predicted", "Learning speed over the one predicted from the open-loop test.", expected=(0.8, 1.2)
    ),
    Measure("speed_ratio_over_predicted", "Speed ratio over the predicted one.", expected=(0.8, 1.2)),
    Measure("speed_ratio_nominal", "Speed ratio that theory gives linear copies, K G^p."),
    Measure("error_floor", "Mean squared error in the last quarter of the new task."),
    Measure("accuracy_new", "Share of right answers to the new task at the end; 0.5 is chance."),
    Measure("old_kept_learning", "Accuracy above chance in the old task, after over before learning the new one."),
    Measure("old_error_learning", "Systematic error in the old task, after over before learning the new one."),
    Measure(
        "total_ratio_learning", "Spikes per trial over those of single cells, in the last quarter of the new task."
    ),
    Measure("spikes_per_trial", "Spikes of all cells per trial of the new task."),
    *expansion.MEASURES,
)
STABLE = Measure("stable", "1 if the error at the end is below that at the beginning, else 0.")

SCENARIO = Scenario(
    name="normalization_speed",
    title="Does holding the total of a group of copies make new learning faster?",
    citation="docs/learning.md (theory of linear copies); Henha Eyono et al. 2026, arXiv:2603.17676",
    parameters=LearnerParameters(),
    build=network.build,
    arms=arms,
    analyse=analyse,
    figures=figures,
    phases=phases,
    coordinates=coordinates,
    guards=guards,
    quick={"training.old": "400", "training.copying": "200", "training.new": "300", "training.repeats": "12"},
    nulls=NULLS,
    conditions={name: values for name, values in CONDITIONS.items() if values and name not in NULLS},
    measures=measured_unless(NOTHING_TO_MEASURE, (*measured_unless((DIVERGING,), MEASURES), STABLE)),
    main_figure="learning",
    conclude=conclude,
)

if __name__ == "__main__":
    main(SCENARIO)
