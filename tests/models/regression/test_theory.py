"""Closed forms of least squares: published and worked-out values, limits, and what is fitted to drawn data."""

import re

import numpy as np
import pytest

from cortex.errors import UsageError
from cortex.experiment.streams import Streams
from models.regression import theory
from models.regression.fit import curve, fit
from models.regression.parameters import RegressionParameters
from scenarios.double_descent import SCENARIO

ORDERED = RegressionParameters()
BELKIN = ORDERED.override({"features": 100, "decay": 0, "noise": 0.04})
CLEAN = ORDERED.override({"noise": 0, "well_specified": True})
WIDE = ORDERED.override({"samples": 100, "decay": 0, "noise": 0.25, "well_specified": True, "ridge": True})


@pytest.mark.parametrize(
    ("p", "width", "expected"),
    [
        (ORDERED, 9, 0.892),
        (ORDERED, 38, 9.49),
        (ORDERED, 60, 0.395),
        (BELKIN, 1, 1.057),
        (BELKIN, 38, 25.7),
        (CLEAN, 30, 0),
        (CLEAN, 40, 0),
        (CLEAN, 42, 0.0476),
        (CLEAN, 60, 0.3333),
    ],
)
def test_test_errors_are_those_worked_out_elsewhere(p: RegressionParameters, width: int, expected: float) -> None:
    assert theory.test_error(p, [width])[0] == pytest.approx(expected, rel=2e-3)


def test_the_error_is_infinite_next_to_n_and_only_there() -> None:
    assert np.isinf(theory.test_error(ORDERED, range(36, 45))).tolist() == [False] * 3 + [True] * 3 + [False] * 3
    assert np.isfinite(theory.test_error(ORDERED.override({"ridge": True}), range(1, 61))).all()
    assert np.isfinite(theory.test_error(CLEAN, range(1, 61))).all()


def test_the_excess_with_the_optimal_ridge_is_the_published_one() -> None:
    excess = theory.test_error(WIDE, [50, 100]) - 0.25
    assert excess == pytest.approx([0.172, 0.387], abs=0.004)  # simulated elsewhere
    assert theory.penalty(WIDE, [100]) == pytest.approx(0.25)


def test_an_optimal_ridge_never_does_worse() -> None:
    every = np.arange(1, 61)
    held = theory.test_error(ORDERED.override({"ridge": True}), every)
    assert (held <= theory.test_error(ORDERED, every) + 1e-12).all()
    assert (np.diff(held) < 0).all()


def test_errors_and_norms_add_up() -> None:
    widths = [10, 30, 38]
    s = theory.unexplained(ORDERED, widths)
    assert theory.fitted_signal(ORDERED, widths) + s == pytest.approx([1.02] * 3)
    assert theory.test_error(ORDERED, widths) - s == pytest.approx(
        theory.norm(ORDERED, widths) - theory.fitted_signal(ORDERED, widths)
    )
    assert theory.training_error(ORDERED, [30, 40, 50]) == pytest.approx([s[1] / 4, 0, 0])
    assert theory.norm(ORDERED.override({"features": 1, "widths": (1, 50), "well_specified": True}), [400])[
        0
    ] == pytest.approx(0.1 + 0.02 * 40 / 359)


@pytest.mark.parametrize("width", [3, 20, 30, 50])
@pytest.mark.parametrize("penalty", [0.0, 0.1])
def test_weights_are_those_of_scipy_and_of_the_pseudoinverse(width: int, penalty: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    features, answers = rng.standard_normal((4, 24, width)), rng.standard_normal((4, 24))
    turned = np.swapaxes(features, 1, 2)
    moments = turned @ features + 24 * penalty * np.eye(width)
    inverse = np.linalg.inv(moments) @ turned if penalty else np.linalg.pinv(features)
    expected = (inverse @ answers[:, :, None])[:, :, 0]
    np.testing.assert_allclose(fit(features, answers, penalty), expected, atol=1e-8)


@pytest.mark.parametrize("width", [20, 50])
def test_weights_are_those_of_scikit_learn(width: int, seed: int) -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    rng = np.random.default_rng(seed)
    features, answers = rng.standard_normal((1, 24, width)), rng.standard_normal((1, 24))
    known = linear_model.LinearRegression(fit_intercept=False).fit(features[0], answers[0]).coef_
    np.testing.assert_allclose(fit(features, answers)[0], known, atol=1e-8)
    if width < 24:
        ridge = linear_model.Ridge(alpha=24 * 0.1, fit_intercept=False).fit(features[0], answers[0]).coef_
        np.testing.assert_allclose(fit(features, answers, 0.1)[0], ridge, atol=1e-8)


def test_errors_are_those_of_the_formula_with_many_draws(seed: int) -> None:
    p = ORDERED.override({"samples": 12, "features": 30, "widths": (2, 6, 20, 30), "draws": 4000})
    drawn = curve(p, Streams(seed))
    for name, formula in (
        ("test_error", theory.test_error),
        ("training_error", theory.training_error),
        ("norm", theory.norm),
    ):
        expected = formula(p, p.widths)
        assert drawn[name].values.mean(axis=0) == pytest.approx(expected, rel=0.08, abs=1e-12), name


def test_draws_do_not_depend_on_how_many_are_held_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    p = ORDERED.override({"draws": 7, "widths": (5, 50)})
    whole = curve(p, Streams(0))["test_error"].values
    monkeypatch.setattr("models.regression.fit.NUMBERS", 3 * 40 * 60)
    np.testing.assert_allclose(curve(p, Streams(0))["test_error"].values, whole, rtol=1e-12)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"widths": "20,40,60"}, "the expected error is infinite from samples - 1 to samples + 1"),
        (
            {"widths": "20,40,60", "ridge": "true", "noise": "0", "well_specified": "true"},
            "take ridge=true with noise above 0",
        ),
        ({"widths": "0,20,60"}, "below the lower bound 1"),
        ({"widths": "20,30"}, "a curve has widths on both sides"),
        ({"widths": "60,20"}, "widths rise"),
        ({"widths": "20,70"}, "at most all features are fitted"),
        ({"draws": "1"}, "below the lower bound 2"),
        ({"widths": ""}, "a curve has widths on both sides"),
    ],
)
def test_what_has_no_value_is_refused(values: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError, match=re.escape(told)):
        SCENARIO.resolve(values)
