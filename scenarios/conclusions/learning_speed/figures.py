"""The conclusion of a study of conditions over learning rates: its text and its figures."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cortex.analysis.survival import survival
from cortex.engine.recording import Recording
from cortex.experiment import data_file
from cortex.experiment.result import Conclusion, Result
from scenarios.conclusions.learning_speed import text
from scenarios.conclusions.learning_speed.summary import Summary, summarise
from scenarios.conclusions.learning_speed.sweep import RATE
from scenarios.conclusions.learning_speed.sweep import condition as condition_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cortex.report.survival import Look

OTHERS = "Other conditions"
"""Panel of the conditions that are in no other one."""

PANELS = {
    "Step size and number": (
        *("single", "hold", "no_hold", "single_at_matched_speed", "weight_split", "same_count_independent"),
        *("frozen_hold", "independent"),
    ),
    "What copies add": (
        *("hold", "hand_cloned", "shuffled_teacher", "shared_noise", "matched_spikes", "frozen_gain", "uncoupled_hold"),
        "adapting_hold",
    ),
    "PV cells on the dendrite": (
        *(f"{name}_dendritic" for name in ("single", "hold", "no_hold", "frozen_hold", "independent")),
    ),
    "Release, gradient form": (*("single", "hold", "no_hold", "hold_then_release", "release_early", "gradient_hold"),),
}
"""Conditions that are drawn together."""

WHITE = {
    "Step size and number": 0.0,
    "What copies add": 1.0,
    "PV cells on the dendrite": 0.6,
    "Release, gradient form": 0.6,
    OTHERS: 0.3,
}
"""How much white is in the markers of each panel's conditions where all are in one."""

CURVES = ("single", "hold", "no_hold", "same_count_independent", "independent")
"""Conditions whose learning curves are drawn."""

LOOK = {
    **{"single": 6, "hold": 1, "no_hold": 0, "single_at_matched_speed": 7, "weight_split": 2},
    **{"same_count_independent": 3, "hand_cloned": 2, "shuffled_teacher": 3, "shared_noise": 0},
    **{"matched_spikes": 4, "frozen_gain": 5, "gradient_hold": 7, "uncoupled_hold": 6},
    **{"hold_then_release": 4, "release_early": 5},
    **{"frozen_hold": 5, "independent": 4, "adapting_hold": 7},
    **{"single_dendritic": 6, "hold_dendritic": 1, "no_hold_dendritic": 0},
    **{"frozen_hold_dendritic": 5, "independent_dendritic": 4},
}
"""Number of each condition's look: the same in all figures, different within a panel."""

BAND = 0.2
"""How far a measured speed may be from the predicted one."""

SquaredErrors = Callable[[Mapping[str, Any], Recording], np.ndarray]


def conclude(
    runs: Sequence[Result], squared_errors: SquaredErrors, read: Sequence[str], criterion: float, window: int
) -> Conclusion | None:
    """Conclude whether the hold makes learning faster and what the difference is due to.

    Nothing is concluded where more varies than condition, learning rate and seed.

    Parameters
    ----------
    runs : sequence of Result
    squared_errors : callable
        Returns the squared errors, shape (trial,), from the parameters and the recording of a run.
    read : sequence of str
        What it reads of the recording.
    criterion : float
        Mean squared error at which the task counts as learned.
    window : int
        Trials over which it is averaged.
    """
    if len({(condition_of(run), run.parameters[RATE], run.pair) for run in runs}) < len(runs):
        return None
    summary = summarise(runs)

    def draw() -> "dict[str, Figure]":
        from cortex.report.learning import figure_seeds

        title = f"Learning the new task at the learning rate {summary.rate:g}: median and middle half of the seeds"
        curves = learning_curves(runs, summary.rate, squared_errors, read)
        drawn = {"learning_curves": figure_seeds(curves, criterion, window, looks(summary), title)} if curves else {}
        return drawn | figures(summary)

    return Conclusion(text.conclusion(summary), draw)


def learning_curves(
    runs: Sequence[Result], rate: float, squared_errors: SquaredErrors, read: Sequence[str]
) -> dict[str, np.ndarray]:
    """Read the squared errors of the main conditions at a rate, shape (seed, trial) each."""
    curves: dict[str, list[np.ndarray]] = {name: [] for name in CURVES}
    for run in runs:
        if condition_of(run) in curves and math.isclose(float(run.parameters[RATE]), rate):
            [recording] = data_file.read(run.data, {"arm"}, read).values()
            curves[condition_of(run)].append(squared_errors(run.parameters, recording))
    return {name: np.array(seeds) for name, seeds in curves.items() if seeds}


def figures(summary: Summary) -> "dict[str, Figure]":
    """Draw speeds, trials to criterion, survival, agreement with prediction, and error floors."""
    from cortex.report.conditions import Over, figure_over

    rates, sweep, look = summary.sweep.rates, summary.sweep, looks(summary)
    drawn_together = panels(summary)
    first = next(iter(drawn_together.values()))
    speeds, trials, floors = {}, {}, {}
    for name, condition in summary.conditions.items():
        stable = condition.stable  # the speed of what does not learn says nothing
        measured, left = sweep.of(name, "learning_speed"), sweep.of(name, "error_floor")
        speeds[name] = Over(rates, measured, np.where(stable, condition.predicted_speed, np.nan), ~stable)
        trials[name] = Over(rates, condition.trials, marked=condition.censored)
        floors[name] = Over(
            np.where(stable, condition.speed, np.nan),
            np.where(stable[:, None], left, np.nan),
            marked=~condition.settled,
        )
    drawn = {
        "speed": figure_over(
            {title: {name: speeds[name] for name in names} for title, names in drawn_together.items()},
            look,
            ("How fast learning begins", "Learning rate", "Learning speed (1/trial)"),
            key={"predicted": "predicted", "marked": "not stable"},
        ),
        "trials": figure_over(
            {"": {name: trials[name] for name in first}},
            look,
            ("Trials to criterion", "Learning rate", "Mean trials to criterion, or to the end"),
            limit=float(np.nanmax(sweep.limits)),
            key={"marked": "some seeds not there in time: at least this many"},
        ),
        "error_floor": figure_over(
            {title: {name: floors[name] for name in names} for title, names in drawn_together.items()},
            look,
            ("Error that remains after learning", "Learning speed (1/trial)", "Mean squared error, last quarter"),
            key={"marked": "not done learning"},
        ),
    }
    return drawn | _survival(summary, first) | _agreement(summary)


def looks(summary: Summary) -> "dict[str, Look]":
    """Return the look of each condition."""
    from cortex.report.survival import LOOKS

    return {name: LOOKS[LOOK.get(name, place) % len(LOOKS)] for place, name in enumerate(summary.conditions)}


def panels(summary: Summary) -> dict[str, list[str]]:
    """Return the panels with those of their conditions that were run; one that shows nothing new is left out."""
    listed = {name for names in PANELS.values() for name in names}
    others = tuple(name for name in summary.conditions if name not in listed)
    shown: dict[str, list[str]] = {}
    for title, names in {**PANELS, OTHERS: others}.items():
        run = [name for name in names if name in summary.conditions]
        if not set(run) <= {name for earlier in shown.values() for name in earlier}:
            shown[title] = run
    return shown


def _survival(summary: Summary, names: Sequence[str]) -> "dict[str, Figure]":
    """Draw survival curves of some conditions, each at its best rate."""
    from cortex.report.survival import figure_survival
    from cortex.report.text import plain

    best = {name: summary.conditions[name].best for name in names}
    curves = {
        f"{plain(name)} at {summary.sweep.rates[place]:g}": survival(
            *(values[place] for values in summary.sweep.times(name))
        )
        for name, place in best.items()
        if place is not None
    }
    drawn = [looks(summary)[name] for name, place in best.items() if place is not None]
    title = "Trials to criterion, each condition at its best rate"
    return {"survival": figure_survival(curves, "Trials", title, "", drawn)} if curves else {}


def _agreement(summary: Summary) -> "dict[str, Figure]":
    """Draw measured against predicted speed, and speed relative to a single cell, over the rates that are stable."""
    from cortex.report.agreement import Agreement, figure_agreement

    def agreement(name: str, measure: str) -> Agreement:
        measured, predicted, _ = summary.conditions[name].speeds[measure]
        panel = next((title for title, names in PANELS.items() if name in names), OTHERS)
        return Agreement(measured, predicted, WHITE[panel])

    quantities = {"learning speed (1/trial)": "learning_speed", "speed relative to a single cell": "speed_ratio"}
    names = [name for name, condition in summary.conditions.items() if condition.measurable.any()]
    if not names:
        return {}
    drawn = {label: {name: agreement(name, measure) for name in names} for label, measure in quantities.items()}
    title = "Learning speed against its prediction, means over stable rates and seeds"
    return {"agreement": figure_agreement(drawn, looks(summary), dict.fromkeys(drawn, BAND), title)}
