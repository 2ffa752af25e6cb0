"""The scenario of superposition: its formulas, its nulls, exact copies; slowly, its bands."""

from typing import Any

import numpy as np
import pytest

import cortex
from cortex.experiment.result import Result
from cortex.experiment.streams import Streams
from models.regression.fit import fit
from models.superposition import descent, ensemble, silencing
from models.superposition.parameters import SuperpositionParameters
from scenarios.superposition import SCENARIO

FEW = {"features.draws": 2, "features.members": 4, "features.widths": (80, 95, 105, 200), "features.tests": 100}


def parameters(**changed: Any) -> SuperpositionParameters:
    return SuperpositionParameters().override({name.replace("__", "."): value for name, value in changed.items()})


def test_silence_of_a_part_does_what_the_formulas_say(seed: int) -> None:
    p = parameters(regression__draws=400, regression__widths=(20, 60, 200))
    found, expected = silencing.silence(p, Streams(seed)), silencing.expected(p, p.regression.widths)
    assert found["share"].values.mean(axis=0) == pytest.approx(expected["share"], abs=0.02)
    for name in ("changed", "added_new"):
        assert found[name].values.mean(axis=0) == pytest.approx(expected[name], rel=0.15, abs=1e-3)
    assert found["error"].values.mean(axis=0) == pytest.approx(silencing.errors(p, p.regression.widths), rel=0.1)


def test_below_n_silence_adds_on_learned_samples_what_orthogonal_residuals_say() -> None:
    p = parameters(regression__draws=1000, regression__widths=(20, 60))
    n, q, width, unexplained = 40, 10, 20, 1 - 20 / 400 + 0.04
    expected = q / 400 + unexplained * q / n * (1 + (width - q) / (n - width - 1))
    learned = silencing.silence(p, Streams(5))["added_learned"].values[:, 0]
    assert learned.mean() == pytest.approx(expected, rel=0.05)
    assert (learned >= 0).all()


def test_descent_finds_the_fit_of_least_norm(seed: int) -> None:
    rng = np.random.default_rng(seed)
    features, answers = rng.standard_normal((3, 10, 40)), rng.standard_normal((3, 10))
    order = rng.permuted(np.tile(np.arange(10), (2000, 1)), axis=1)[:, :5]
    assert descent.descend(features, answers, order) == pytest.approx(fit(features, answers), abs=1e-4)


def test_exact_copies_change_nothing_and_parted_ones_do() -> None:
    for parted in (0.0, 0.5):
        p = parameters(**{name.replace(".", "__"): value for name, value in FEW.items()}, features__parted=parted)
        single, copies, anew = ensemble.ensembles(p.features, Streams(3))["doubled"].values.mean(axis=0)
        assert (single == pytest.approx(copies, rel=1e-6)) == (parted == 0)
        assert anew < single / 3


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """Short runs of the full model and of its nulls."""
    folder = tmp_path_factory.mktemp("quick")
    short = {"regression.draws": 60, "descent.draws": 10, "descent.steps": 300, **FEW}
    closed = {"descent.learning": "least_squares"}  # compiles nothing
    values = {null: short | (closed if null in ("same_features", "copies_part") else {}) for null in SCENARIO.nulls}
    return {
        null: cortex.run(SCENARIO, few, seed=1, null=null, output=folder, figures=not null)
        for null, few in {"": short, **values}.items()
    }


def test_a_quick_run_is_complete(quick: dict[str, Result]) -> None:
    assert set(SCENARIO.declared) == set(quick[""].measures)
    assert np.isfinite(list(quick[""].measures.values())).all()
    assert {path.name for path in (quick[""].folder / "figures").iterdir()} == {"silence.png", "peak.png"}


@pytest.mark.parametrize("null", [name for name in SCENARIO.nulls if name != "no_descent"])
def test_each_null_misses_what_it_must(quick: dict[str, Result], null: str) -> None:
    for name in SCENARIO.nulls[null].misses:
        low, high = SCENARIO.expected[name]
        value = quick[null].measures[name]
        assert (low is not None and value < low) or (high is not None and value > high), (name, value)


def test_without_descent_the_peak_stays_so_descent_is_not_its_cause(quick: dict[str, Result]) -> None:
    assert quick["no_descent"].measures["peak"] > max(2, quick[""].measures["peak"])
    assert np.isnan(quick["no_descent"].measures["peak_over_least_squares"])


@pytest.mark.slow
def test_the_full_run_is_inside_its_bands(tmp_path) -> None:
    run = cortex.run(SCENARIO, seed=703, output=tmp_path, figures=False)
    for name, (low, high) in SCENARIO.expected.items():
        assert (low is None or run.measures[name] >= low) and (high is None or run.measures[name] <= high), name
