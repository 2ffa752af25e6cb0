"""Does holding the total of a group make a fingertip of spiking cells learn a new task faster?

The question is the hypothesis', and theory's answer (docs/finger_theory.md, section 3) is no at the same rate of each
synapse: a group of K held copies learns as fast as a single cell where afferents learn and PV cells end on the soma,
more slowly where they end on the dendrite, K times more slowly where the readout learns, and always more slowly than
copies that are not held. What a hold allows are larger rates, and what it keeps is the old task.

A run learns the new task by one rule, `learning.rule`, at one rate, `learning.rate`, and compares one condition with a
single cell in each group that feels the same touches. Which condition is faster over all rates, the studies
`finger_learning_speed_readout` and `finger_learning_speed_afferents` answer.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cortex import main
from cortex.analysis.learning import trials_to_criterion
from cortex.analysis.ratios import quotient
from cortex.engine.simulation import Arm, Recording
from cortex.experiment.findings import DIVERGING, NOTHING_TO_MEASURE, RUNAWAY, Finding
from cortex.experiment.measure import Condition, Measure, measured_unless
from cortex.experiment.result import Conclusion, Result
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from models.fingertip.conditions import NULLS
from models.fingertip.guards import FAR
from models.fingertip.guards import guards as fingertip_guards
from models.fingertip.observe import Observed
from models.fingertip.parameters import FingertipParameters
from models.fingertip.protocol import phases
from models.fingertip.speed import SpeedParameters, build, coordinates, run_inputs
from models.fingertip.speed_observe import errors, learning_speed, predicted_learning, predicted_speed
from scenarios.conclusions.learning_speed.figures import conclude as conclude_speed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CRITERION = 0.25
"""Mean squared error at which the new task counts as learned: a quarter of what an answer of 0 would give."""

WINDOW = 24
"""Trials over which it is averaged."""

FASTEST = 0.05
"""Speed per trial, as predicted, beyond which learning is over before its speed can be measured."""


def arms(p: SpeedParameters, streams: Streams) -> dict[str, Arm]:
    """Set the condition beside a single cell in each group."""
    simulated = {"arm": p} if p == reference(p) else {"arm": p, "single": reference(p)}
    return {name: Arm(run_inputs(own, streams), streams.network_seed) for name, own in simulated.items()}


def reference(p: SpeedParameters) -> SpeedParameters:
    """Return the parameters of single cells, held by an inhibition that adapts until the new task is learned."""
    held = SpeedParameters().normalization
    rate = p.normalization.learning_rate if float(p.normalization.learning_rate) else held.learning_rate
    changes = {"group.expansion": "none", "normalization.enabled": True, "normalization.learning_rate": rate}
    return p.override(changes | {"learning.hold_adapts": False})


def observed(p: SpeedParameters, recordings: dict[str, Recording]) -> tuple[Observed, Observed]:
    """Return the condition and the single cell."""
    arm = Observed(p, recordings["arm"])
    return arm, Observed(reference(p), recordings["single"]) if "single" in recordings else arm


def analyse(p: SpeedParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Measure speed, disturbance and total, and predict the speed from what was measured before."""
    seen = observed(p, recordings)
    predicted = predict(*seen)
    return measure(*seen, predicted), predicted


def measure(arm: Observed, single: Observed, predicted: dict[str, float]) -> dict[str, float]:
    """Measure speed, disturbance and total."""
    p = arm.parameters
    squared = errors(arm) ** 2
    trials = trials_to_criterion(squared, CRITERION, WINDOW)
    late = slice(-len(squared) // 4, None)
    spikes, alone = (animal.counts[animal.trials["new task"]].sum(axis=1) for animal in (arm, single))
    speed = learning_speed(arm)
    alone_is_stable = np.abs(errors(single)).max() < FAR
    ratio = quotient(speed, learning_speed(single)) if alone_is_stable else float("nan")
    measurable = predicted["learning_speed"] <= FASTEST and p.learning.rate <= predicted["largest_stable_rate"] / 2
    of_predicted = quotient(speed, predicted["learning_speed"]) if measurable else float("nan")
    before, expanded, held = (arm.test(stage, "old").accuracy - 0.5 for stage in ("before", "expanded", "held"))
    total = arm.total("expanded")
    return {
        "trials_to_criterion": trials,
        "spikes_to_criterion": float(spikes[: int(trials)].sum()) if np.isfinite(trials) else float("nan"),
        "learning_speed": speed,
        "speed_ratio": ratio,
        f"{p.learning.rule}_speed_over_predicted": of_predicted,
        "speed_ratio_over_predicted": quotient(ratio, predicted["speed_ratio"]) if measurable else float("nan"),
        "error_floor": float(squared[late].mean()),
        "stable": float(squared[late].mean() < squared[: 2 * WINDOW].mean()),
        "accuracy_new": arm.test("held", "new").accuracy,
        "old_kept_expanded": quotient(expanded, before),
        "old_kept_learning": quotient(held, expanded),
        "total_ratio": quotient(total, single.total("expanded")),
        "total_ratio_learning": quotient(float(spikes[late].mean()), float(alone[late].mean())),
        "spikes_per_trial": float(spikes.mean()),
        "copy_similarity": arm.similarity("tune"),
        "signal_correlation": arm.signal_correlation("expanded"),
    }


def predict(arm: Observed, single: Observed) -> dict[str, float]:
    """Predict speed, trials, floor and the largest stable rate from what was measured before the new task."""
    learned, alone = predicted_learning(arm), predicted_learning(single)
    speed, stable = predicted_speed(arm, learned), single.parameters.learning.rate <= alone.largest_rate
    curve = (learned.errors**2).mean(axis=0)
    trials = [trials_to_criterion(run**2, CRITERION, WINDOW) for run in learned.errors]
    middle = float(np.median(np.nan_to_num(trials, nan=np.inf)))
    return {
        "learning_speed": speed,
        "speed_ratio": quotient(speed, predicted_speed(single, alone)) if stable else float("nan"),
        "trials_to_criterion": middle if np.isfinite(middle) else float("nan"),
        "error_floor": float(curve[-len(curve) // 4 :].mean()),
        "largest_stable_rate": learned.largest_rate,
        "speed_ratio_nominal": nominal_speed(arm.parameters),
    }


def nominal_speed(p: FingertipParameters) -> float:
    """Return the speed relative to a single cell that theory gives linear held copies (docs/finger_theory.md)."""
    assert isinstance(p, SpeedParameters)
    if p.group.expansion == "none":
        return 1.0
    held = p.normalization.enabled and float(p.normalization.learning_rate) > 0 and not p.learning.hold_adapts
    dendritic = p.by_afferents and p.dendrite.dendritic_inhibition > 0
    if p.group.expansion == "independent" or not held or dendritic:
        return float("nan")
    return 1.0 if p.by_afferents else 1 / p.group.copies


def guards(
    p: SpeedParameters, inputs: Mapping[str, Mapping[str, Any]], recordings: Mapping[str, Recording]
) -> list[Finding]:
    """Find what leaves nothing to measure in the condition; single cells at its rate may diverge."""
    return fingertip_guards(p, inputs, {"arm": recordings["arm"]}, new_rate="learning.rate")


def figures(p: SpeedParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw learning, measured and predicted, and the total."""
    from cortex.report.learning import Curve, figure_learning

    arm, single = observed(p, recordings)
    shown = {named(p): arm} | ({"single cell": single} if "single" in recordings else {})
    curves = {
        name: Curve(errors(animal) ** 2, (predicted_learning(animal).errors ** 2).mean(axis=0))
        for name, animal in shown.items()
    }
    return {"learning": figure_learning(curves, CRITERION, WINDOW)}


def conclude(runs: Sequence[Result]) -> Conclusion | None:
    """Return who learns faster over all learning rates and why."""
    return conclude_speed(runs, squared_errors, ("errors.error",), CRITERION, WINDOW)


def squared_errors(parameters: Mapping[str, Any], recording: Recording) -> np.ndarray:
    """Return the squared errors of the trials in which a run learns the new task."""
    return errors(Observed(SpeedParameters().override(parameters), recording)) ** 2


def named(p: SpeedParameters) -> str:
    """Return the name of the condition that has these settings."""
    decisive = {parameter for condition in CONDITIONS.values() for parameter in condition}
    settings = p.as_text()
    for name, condition in CONDITIONS.items():
        named_settings = SpeedParameters().override(condition).as_text()
        if all(settings[parameter] == named_settings[parameter] for parameter in decisive):
            return name.replace("_", " ")
    return "copies"


def grows(p: SpeedParameters) -> bool:
    """Return whether a group gets copies."""
    return p.group.expansion == "copying"


CONDITIONS = {
    "single": Condition("One cell in each group: the reference.", {"group.expansion": "none"}),
    "hold": Condition("Copies whose total is held.", {}),
    "frozen_hold": NULLS["frozen_hold"].missing("total_ratio"),
    "no_hold": Condition("The total is not held.", {"normalization.enabled": "false"}, misses=("total_ratio",)),
    "independent": NULLS["independent"].missing("copy_similarity"),
}
SHUFFLED = NULLS["shuffled_answers"].missing()
ADAPTING = Condition("The hold goes on adapting while the new task is learned.", {"learning.hold_adapts": "true"})
DENDRITIC = Condition("PV cells end on the dendrite too.", {"dendrite.dendritic_inhibition": "1"})
REMOVING = ("frozen_hold", "no_hold", "independent")
"""Conditions that lack a mechanism."""

TOO_FAST = "by prediction, the rate is too large for a speed to be measured"

MEASURES = (
    Measure("spikes_to_criterion", "Spikes of all cells in these trials.", undefined="the criterion was not reached"),
    Measure("learning_speed", "Rate at which errors of the new task begin to decay.", "1/trial"),
    Measure(
        "speed_ratio",
        "Learning speed over that of a single cell in each group, at the same learning rate.",
        undefined="the single cells' readout diverges at this rate",
    ),
    Measure(
        "readout_speed_over_predicted",
        "Learning speed of the readout over that of the delta rule on counts measured before.",
        expected=(0.85, 1.15),
        applies=lambda p: not p.by_afferents,
        undefined=TOO_FAST,
    ),
    Measure(
        "afferents_speed_over_predicted",
        "Learning speed of the afferents over that of cells with the curves measured open-loop.",
        expected=(0.75, 1.25),
        applies=lambda p: p.by_afferents,
        undefined=TOO_FAST,
    ),
    Measure(
        "speed_ratio_over_predicted", "Speed ratio over the predicted one.", expected=(0.75, 1.25), undefined=TOO_FAST
    ),
    Measure("error_floor", "Mean squared error in the last quarter of the new task."),
    Measure("accuracy_new", "Share of right answers to the new task at the end; 0.5 is chance."),
    Measure("old_kept_expanded", "Accuracy above chance in the old task, after over before copying."),
    Measure("old_kept_learning", "Accuracy above chance in the old task, after over before learning the new one."),
    Measure("total_ratio", "Spikes for a touch after copying over those of single cells then.", expected=(0.9, 1.1)),
    Measure(
        "total_ratio_learning", "Spikes per trial over those of single cells, in the last quarter of the new task."
    ),
    Measure("spikes_per_trial", "Spikes of all cells per trial of the new task."),
    Measure(
        "copy_similarity",
        "Mean cosine between members of a group after copying.",
        expected=(0.95, None),
        applies=lambda p: p.group.expansion != "none",
    ),
    Measure(
        "signal_correlation",
        "Correlation of the copies' responses to the kinds of touch with their target's.",
        expected=(0.9, None),
        applies=grows,
    ),
)
ALWAYS = (
    Measure(
        "trials_to_criterion",
        f"Trials of the new task until its squared error, mean of {WINDOW} trials, is at most {CRITERION}; predicted "
        "is the median over runs of the rate model, and a single run may cross earlier or later.",
        "trials",
        limit=lambda p: float(p.training.new),
    ),
    Measure("stable", "1 if the error at the end is below that at the beginning, else 0."),
)
"""What a readout that diverges shows too."""

SCENARIO = Scenario(
    name="finger_learning_speed",
    title="Does holding the total make a spiking fingertip learn a new task faster?",
    citation="docs/finger_theory.md, section 3",
    parameters=SpeedParameters(),
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
        "training.tune": "50",
        "training.new": "200",
        "training.repeats": "8",
    },
    nulls={name: CONDITIONS[name] for name in REMOVING} | {"shuffled_answers": SHUFFLED},
    conditions={"single": CONDITIONS["single"], "adapting_hold": ADAPTING, "dendritic_inhibition": DENDRITIC},
    measures=measured_unless((*NOTHING_TO_MEASURE, RUNAWAY), (*ALWAYS, *measured_unless((DIVERGING,), MEASURES))),
    main_figure="learning",
    conclude=conclude,
)

if __name__ == "__main__":
    main(SCENARIO)
