"""Test error falls, explodes where parameters match data, then falls lower: least squares, drawn and in closed form.

The essay takes double descent as given, and blames the peak on how networks are trained. Here it is exactly solvable
(Belkin, Hsu, Xu, arXiv:1903.07571; Hastie et al., arXiv:1903.08560): linear regression on the first p of D features has
it without any descent, wherever something is left unexplained and no ridge holds the weights. Controls take away the
noise, the ridge's absence, and the useful order of the features.
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.analysis.ratios import quotient
from cortex.experiment.coordinates import Variable
from cortex.experiment.measure import Condition, Measure
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from models.regression import theory
from models.regression.fit import curve
from models.regression.parameters import RegressionParameters, below
from models.regression.theory import Floats

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cortex.engine.recording import Recording

FAR, NEAREST = 10, 4
"""Distances of a width from the number of samples: from the first on 5 % are allowed, nearer 15 %."""

ROUNDING = 1e-10
"""What may be left of an error that is zero."""


WITHOUT_RIDGE = ("test_error_deviation", "training_error_deviation", "training_error_above", "norm_deviation")
"""Measures for whose formulas the weights are not penalized."""


def settings(p: RegressionParameters) -> dict[str, RegressionParameters]:
    """Return the parameters of each arm: as they are, with nothing left unexplained, and with the optimal ridge."""
    clean = p.override({"noise": 0.0, "well_specified": True, "ridge": False})
    return {"fit": p, "no_noise": clean, "ridge": p.override({"ridge": True})}


def calculate(p: RegressionParameters, streams: Streams) -> dict[str, dict[str, Variable]]:
    """Fit the same data sets in all arms."""
    curves = {setting: curve(setting, streams) for setting in set(settings(p).values())}
    return {name: curves[setting] for name, setting in settings(p).items()}


def analyse(p: RegressionParameters, recordings: "dict[str, Recording]") -> tuple[dict[str, float], dict[str, float]]:
    """Measure the shape of the curve and of its controls, and how far all lie from their formulas."""
    means = {name: run["test_error"].mean(axis=0) for name, run in recordings.items()}
    formulas = {name: theory.test_error(setting, p.widths) for name, setting in settings(p).items()}
    training = recordings["fit"]["training_error"]
    unexplained, over = theory.unexplained(p, p.widths), np.array(p.widths) >= p.samples
    excess = dict(zip(p.widths, means["ridge"] - unexplained, strict=True))
    deviations = dict.fromkeys(WITHOUT_RIDGE, np.nan) | {
        "test_error_deviation_no_noise": deviation(
            settings(p)["no_noise"], recordings["no_noise"]["test_error"], formulas["no_noise"]
        ),
        "test_error_deviation_ridge": deviation(
            settings(p)["ridge"], recordings["ridge"]["test_error"] - unexplained, formulas["ridge"] - unexplained
        ),
        "ridge_excess_ratio": quotient(excess[p.samples], excess[p.samples // 2]) if has_half(p) else np.nan,
    }
    if not p.ridge:
        deviations |= {
            "test_error_deviation": deviation(p, recordings["fit"]["test_error"], formulas["fit"]),
            "training_error_deviation": training_deviation(p, training),
            "training_error_above": float(training[:, over].mean(axis=0).max()),
            "norm_deviation": deviation(p, recordings["fit"]["norm"], theory.norm(p, p.widths)),
        }
    return shape(p, means) | deviations, shape(p, formulas)


def training_deviation(p: RegressionParameters, errors: Floats) -> float:
    """Return the largest distance of the training error below n from its formula, over three standard errors.

    The summed squares that are left of n samples have a chi-squared distribution with n - p degrees of freedom.
    """
    fewer = np.array([width for width in p.widths if width < p.samples])
    expected = theory.training_error(p, fewer)
    allowed = 3 * expected * np.sqrt(2 / ((p.samples - fewer) * len(errors)))
    distance = np.abs(errors.mean(axis=0)[: len(fewer)] - expected)
    return float((distance / np.maximum(allowed, ROUNDING)).max())


def shape(p: RegressionParameters, errors: dict[str, Floats]) -> dict[str, float]:
    """Return what tells the shape of the three curves of mean test error."""
    left, last = float(errors["fit"][: len(below(p))].min()), float(errors["fit"][-1])
    return {
        "first_fall": left / (1 + p.noise),
        "peak": peak(errors["fit"]),
        "second_fall": quotient(last, left if left > ROUNDING else 0),
        "peak_no_noise": peak(errors["no_noise"]),
        "peak_ridge": peak(errors["ridge"]),
    }


def peak(errors: Floats) -> float:
    """Return the greatest error over the larger one of those at both ends; 1 for a curve that only rises or falls."""
    return float(errors.max() / max(errors[0], errors[-1]))


def deviation(p: RegressionParameters, values: Floats, formula: Floats) -> float:
    """Return the largest distance of a mean over draws from its formula, as a share of what is allowed.

    Allowed are 5 %, 15 % near the number of samples and 6 % with a ridge, or three standard errors where these are
    larger; without a ridge the widths next to the number of samples are left out, whose means have no finite spread.
    """
    distance = np.abs(np.array(p.widths) - p.samples)
    share = 0.06 if p.ridge else np.where(distance >= FAR, 0.05, 0.15)
    error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
    allowed = np.maximum(np.maximum(share * np.abs(formula), 3 * error), ROUNDING)
    counted = distance >= (0 if p.ridge else NEAREST)
    shares = np.abs(values.mean(axis=0) - formula)[counted] / allowed[counted]
    return float(shares.max()) if len(shares) else float("nan")


def figures(p: RegressionParameters, recordings: "dict[str, Recording]") -> "dict[str, Figure]":
    """Draw the three curves on their formulas."""
    from cortex.report.risk import Curve, figure_risk

    names = {
        "fit": "optimal ridge" if p.ridge else "least squares, least norm",
        "no_noise": "nothing unexplained: no error below n",
        "ridge": "optimal ridge",
    }
    shown = {name: setting for name, setting in settings(p).items() if name != "ridge" or not p.ridge}
    every = np.arange(1, max(p.widths) + 1)
    curves = [
        Curve(names[name], every, theory.test_error(setting, every), np.array(p.widths), recordings[name]["test_error"])
        for name, setting in shown.items()
    ]
    return {"risk": figure_risk(curves, p.samples, 1 + p.noise)}


def has_half(p: RegressionParameters) -> bool:
    """Return whether fits of n and of n/2 features can be compared."""
    return p.samples in p.widths and p.samples / 2 in p.widths


ALLOWED = "as a share of what is allowed: 5 % (15 % within 10 of n), or three standard errors if these are larger."
OVER_ENDS = "over the larger of those at the fewest and at the most features"

SCENARIO = Scenario(
    name="double_descent",
    title="Does the test error fall, explode where parameters match data, and then fall lower?",
    citation="Belkin, Hsu, Xu, arXiv:1903.07571; Hastie, Montanari, Rosset, Tibshirani, arXiv:1903.08560;"
    " Nakkiran, Venkat, Kakade, Ma 2021, arXiv:2003.01897 (optimal ridge)",
    parameters=RegressionParameters(),
    calculate=calculate,
    analyse=analyse,
    figures=figures,
    quick={"draws": "100"},
    nulls={
        "no_noise": Condition(
            "Nothing is left unexplained: no noise, and answers depend on just the features that are fitted.",
            {"noise": "0", "well_specified": "true"},
            misses=("peak",),
        ),
        "ridge": Condition("The optimal ridge holds the weights.", {"ridge": "true"}, misses=("peak",)),
        "unordered": Condition(
            "Features come in no useful order: each has the same weight.", {"decay": "0"}, misses=("first_fall",)
        ),
    },
    conditions={
        "belkin": Condition(
            "The figure of Belkin, Hsu, Xu: 100 features of the same weight, σ² = 1/25.",
            {"features": "100", "decay": "0", "noise": "0.04", "widths": "1,5,10,20,30,35,45,50,60,80,100"},
            misses=("first_fall",),
        ),
        "wide_ridge": Condition(
            "The optimal ridge up to 4 n features, on which all answers depend; σ² = 1/4.",
            {
                "samples": "100",
                "decay": "0",
                "noise": "0.25",
                "well_specified": "true",
                "ridge": "true",
                "widths": "50,90,100,110,200,400",
                "draws": "300",
            },
            misses=("peak", "second_fall"),
        ),
    },
    measures=(
        Measure("first_fall", "Least test error below n samples over that without any fit.", expected=(None, 0.95)),
        Measure("peak", f"Greatest test error {OVER_ENDS}.", expected=(3, None)),
        Measure(
            "second_fall",
            "Test error at the most features over the least one below n.",
            expected=(None, 0.9),
            undefined="there is no error below n",
        ),
        Measure("peak_no_noise", "The peak if nothing is left unexplained; 1 is none.", expected=(None, 1.05)),
        Measure("peak_ridge", "The peak with the optimal ridge; 1 is none.", expected=(None, 1.05)),
        Measure(
            "test_error_deviation",
            f"Largest distance of the test error from its formula, {ALLOWED}",
            expected=(None, 1),
            applies=lambda p: not p.ridge,
            undefined="all widths are within 3 of n",
        ),
        Measure("test_error_deviation_no_noise", "The same if nothing is left unexplained.", expected=(None, 1)),
        Measure(
            "test_error_deviation_ridge",
            "The same for the excess over what is unexplained with the optimal ridge, allowed 6 %.",
            expected=(None, 1),
        ),
        Measure(
            "training_error_deviation",
            "Largest distance of the training error below n from its formula, over three standard errors.",
            expected=(None, 1),
            applies=lambda p: not p.ridge,
        ),
        Measure(
            "training_error_above",
            "Largest mean training error from n on, where every fit is perfect.",
            expected=(None, ROUNDING),
            applies=lambda p: not p.ridge,
        ),
        Measure(
            "norm_deviation",
            f"Largest distance of the squared norm of the weights from its formula, {ALLOWED}",
            expected=(None, 1),
            applies=lambda p: not p.ridge,
        ),
        Measure(
            "ridge_excess_ratio",
            "Excess error at n over that at n/2 features, with the optimal ridge; infinite without.",
            expected=(None, 3),
            applies=has_half,
        ),
    ),
    main_figure="risk",
)

if __name__ == "__main__":
    main(SCENARIO)
