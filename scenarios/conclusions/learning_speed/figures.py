"""The conclusion of a study of arms over learning rates: its text and its figures."""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cortex.analysis.survival import survival
from cortex.experiment import data_file
from cortex.studies.conclusion import Conclusion, Finished
from models.learner.observe import Observed
from models.learner.parameters import LearnerParameters
from scenarios.conclusions.learning_speed import attribution, causes, text
from scenarios.conclusions.learning_speed.attribution import Sweep
from scenarios.conclusions.learning_speed.causes import RATE, measurable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cortex.report.speed import Over
    from cortex.report.survival import Look

PANELS = {
    "Step size and number": (
        *("single", "hold", "no_hold", "single_at_matched_speed", "weight_split", "same_count_independent"),
    ),
    "What copies add": (
        *("hold", "hand_cloned", "shuffled_teacher", "shared_noise", "matched_spikes", "frozen_gain", "uncoupled_hold"),
    ),
    "Release, and the gradient form": (
        "single",
        "hold",
        "no_hold",
        "hold_then_release",
        "release_early",
        "gradient_hold",
    ),
}
"""Arms that are drawn together."""

WHITE = {"Step size and number": 0.0, "What copies add": 1.0, "Release, and the gradient form": 0.6, "Other arms": 0.3}
"""How much white is in the markers of each panel's arms where all are in one."""

CURVES = ("single", "hold", "no_hold", "same_count_independent")
"""Arms whose learning curves are drawn."""

LOOK = {
    **{"single": 6, "hold": 1, "no_hold": 0, "single_at_matched_speed": 7, "weight_split": 2},
    **{"same_count_independent": 3, "hand_cloned": 2, "shuffled_teacher": 3, "shared_noise": 0},
    **{"matched_spikes": 4, "frozen_gain": 5, "gradient_hold": 7, "uncoupled_hold": 6},
    **{"hold_then_release": 4, "release_early": 5},
}
"""Number of each arm's look: the same in all figures, different within a panel."""

BAND = 0.2
"""How far a measured speed may be from the predicted one."""

READ = ("answers.evidence", "answers.bias", "answers.asked")
"""What the errors of a run are made of."""

SquaredErrors = Callable[[Observed], np.ndarray]


def conclude(
    runs: Sequence[Finished], squared_errors: SquaredErrors, criterion: float, window: int
) -> Conclusion | None:
    """Tell whether the hold makes learning faster and what the difference is due to.

    Nothing is concluded where more varies than arm, learning rate and seed.

    Parameters
    ----------
    runs : sequence of Finished
    squared_errors : callable
        Gives the squared errors of what was observed, shape (trial,).
    criterion : float
        Mean squared error at which the task counts as learned.
    window : int
        Trials over which it is averaged.
    """
    if len({(causes.arm(run), run.parameters[RATE], run.seed) for run in runs}) < len(runs):
        return None
    found = causes.sweep(runs)
    rate = causes.common_rate(found)

    def draw() -> "dict[str, Figure]":
        from cortex.report.speed import figure_bands

        title = f"Learning the new task at the learning rate {rate:g}: median and middle half of the seeds"
        curves = learning_curves(runs, rate, squared_errors)
        drawn = {"learning_curves": figure_bands(curves, criterion, window, looks(found), title)} if curves else {}
        return drawn | figures(found)

    return Conclusion(text.conclusion(found, rate, causes.copies(runs)), draw)


def learning_curves(runs: Sequence[Finished], rate: float, squared_errors: SquaredErrors) -> dict[str, np.ndarray]:
    """Read the squared errors of the main arms at a rate, shape (seed, trial) each."""
    curves: dict[str, list[np.ndarray]] = {arm: [] for arm in CURVES}
    for run in runs:
        if causes.arm(run) in curves and math.isclose(float(run.parameters[RATE]), rate):
            [recording] = data_file.read(run.folder / "data.nc", {"arm"}, READ).values()
            observed = Observed(LearnerParameters().override(run.parameters), recording)
            curves[causes.arm(run)].append(squared_errors(observed))
    return {arm: np.array(seeds) for arm, seeds in curves.items() if seeds}


def figures(found: Sweep) -> "dict[str, Figure]":
    """Draw speeds, trials to criterion, survival, agreement with prediction, and error floors."""
    from cortex.report.speed import figure_over

    known = panels(found)
    first = next(iter(known.values()))
    limit = float(np.nanmax(found.limits))
    drawn = {
        "speed": figure_over(
            {title: {arm: _speed(found, arm) for arm in arms} for title, arms in known.items()},
            looks(found),
            ("How fast learning begins", "Learning rate", "Learning speed (1/trial)"),
            key={"predicted": "predicted", "marked": "not stable"},
        ),
        "trials": figure_over(
            {"": {arm: _trials(found, arm) for arm in first}},
            looks(found),
            ("Trials to criterion", "Learning rate", "Mean trials to criterion, or to the end"),
            limit=limit,
            key={"marked": "some seeds not there in time: at least this many"},
        ),
        "error_floor": figure_over(
            {title: {arm: _floor(found, arm) for arm in arms} for title, arms in known.items()},
            looks(found),
            ("Error that remains after learning", "Learning speed (1/trial)", "Mean squared error, last quarter"),
            key={"marked": "not done learning"},
        ),
    }
    return drawn | _survival(found) | _agreement(found)


def looks(found: Sweep) -> "dict[str, Look]":
    """Give each arm its look."""
    from cortex.report.survival import LOOKS

    return {arm: LOOKS[LOOK.get(arm, place) % len(LOOKS)] for place, arm in enumerate(found.arms)}


def panels(found: Sweep) -> dict[str, list[str]]:
    """Give the panels with those of their arms that were run."""
    known = {arm for arms in PANELS.values() for arm in arms}
    wanted = {**PANELS, "Other arms": tuple(arm for arm in found.arms if arm not in known)}
    there = {title: [arm for arm in arms if arm in found.arms] for title, arms in wanted.items()}
    return {title: arms for title, arms in there.items() if arms}


def _speed(found: Sweep, arm: str) -> "Over":
    from cortex.report.speed import Over

    predicted = np.exp(attribution.mean_of_known(np.log(found.of(arm, "predicted.learning_speed"))))
    return Over(found.rates, found.of(arm, "learning_speed"), predicted, ~found.stable(arm))


def _trials(found: Sweep, arm: str) -> "Over":
    from cortex.report.speed import Over

    censored = np.array([found.censored_at(arm, rate).any() for rate in found.rates])
    return Over(found.rates, found.restricted(arm), marked=censored)


def _floor(found: Sweep, arm: str) -> "Over":
    from cortex.report.speed import Over

    stable = found.stable(arm)  # the speed of what does not learn says nothing
    speeds = np.exp(attribution.mean_of_known(np.log(found.of(arm, "learning_speed"))))
    floors = np.where(stable[:, None], found.of(arm, "error_floor"), np.nan)
    return Over(np.where(stable, speeds, np.nan), floors, marked=~attribution.settled(found, arm))


def _survival(found: Sweep) -> "dict[str, Figure]":
    """Draw survival curves of the first panel's arms, each at its best rate."""
    from cortex.report.speed import name
    from cortex.report.survival import figure_survival

    best = {arm: found.best(arm) for arm in next(iter(panels(found).values()))}
    curves = {
        f"{name(arm)} at {found.rates[place]:g}": survival(*(values[place] for values in found.times(arm)))
        for arm, place in best.items()
        if place is not None
    }
    shown = [looks(found)[arm] for arm, place in best.items() if place is not None]
    title = "Trials to criterion, each arm at its best rate"
    return {"survival": figure_survival(curves, "Trials", title, "", shown)} if curves else {}


def _agreement(found: Sweep) -> "dict[str, Figure]":
    """Draw measured against predicted speed, and speed relative to a single cell, over the rates that are stable."""
    from cortex.report.speed import Agreement, figure_agreement

    def agreement(arm: str, measure: str) -> Agreement:
        chosen = measurable(found, arm, "single")
        return Agreement(
            attribution.geometric_mean(found.of(arm, measure), chosen),
            attribution.geometric_mean(found.of(arm, f"predicted.{measure}"), chosen),
            WHITE[next((title for title, arms in PANELS.items() if arm in arms), "Other arms")],
        )

    wanted = {"learning speed (1/trial)": "learning_speed", "speed relative to a single cell": "speed_ratio"}
    shown = {
        label: {arm: agreement(arm, measure) for arm in found.arms if measurable(found, arm, "single").any()}
        for label, measure in wanted.items()
    }
    if not all(shown.values()):
        return {}
    title = "Learning speed against its prediction, means over stable rates and seeds"
    return {"agreement": figure_agreement(shown, looks(found), BAND, title)}
