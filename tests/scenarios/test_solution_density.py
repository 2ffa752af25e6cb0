"""The scenario of the density of solutions: its limits, its counts, its null; slowly, its bands."""

import itertools

import numpy as np
import pytest
from scipy.special import erf

import cortex
from cortex.experiment.result import Result
from cortex.experiment.streams import Streams
from models.random_networks import separation, volume
from models.random_networks.parameters import Dichotomies, Separation, Volume
from scenarios.solution_density import SCENARIO, growth

FEW = {"separation.draws": 4000, "dichotomies.draws": 20_000, "volume.draws": 200_000, "volume.small": 1e-5}


def test_limits_are_those_of_the_arc_cosine_kernel() -> None:
    shares = [separation.limit(-0.5, depth) for depth in (1, 2, 3, 5, 8)]
    assert shares == pytest.approx([0.4652, 0.3777, 0.3228, 0.2543, 0.1959], abs=5e-5)


def test_networks_drawn_through_their_answers_are_as_with_drawn_weights(seed: int) -> None:
    p = Separation(widths=(1, 3, 5), deepest=3, draws=20_000)
    found = separation.separated(p, Streams(seed))["density"].values
    rng = np.random.default_rng(seed)
    inputs = np.array([[1, 0], [p.correlation, np.sqrt(1 - p.correlation**2)]]).T
    for number, width in enumerate(p.widths):
        layer = np.broadcast_to(inputs, (p.draws, 2, 2))
        for depth in range(p.deepest):
            weights = rng.standard_normal((p.draws, width, layer.shape[1]))
            layer = np.maximum(weights @ layer, 0)
            answers = (rng.standard_normal((p.draws, 1, width)) @ layer)[:, 0]
            assert found[number, depth] == pytest.approx((answers.prod(axis=1) < 0).mean(), abs=0.015)


def test_shares_of_labels_add_up_to_one_at_any_depth() -> None:
    p = Dichotomies(sets=2, draws=5000)
    found = separation.labelled(p, Streams(1))
    for name in ("shallow", "deep"):
        assert found[name].values.sum(axis=1) == pytest.approx(1)
    assert (found["deep"].values[:, -1] > found["shallow"].values[:, -1]).all()  # depth makes answers alike


def test_solutions_are_as_many_as_enumeration_finds() -> None:
    for cells, width in ((1, 2), (1, 3), (2, 3), (2, 4), (3, 4)):
        assert volume.solutions(cells, width) == enumerated(cells, width)
    assert volume.solutions(10, 11) == 66 * volume.solutions(10, 10)
    assert np.log10(float(volume.solutions(10, 40))) == pytest.approx(45.37, abs=0.01)


def enumerated(cells: int, width: int) -> int:
    """Count the ways to give hidden cells to the cells needed, all used, or to groups without names that cancel."""
    ways = set()
    for given in itertools.product(range(cells + width), repeat=width):
        if set(range(cells)) <= set(given):
            groups: dict[int, int] = {}
            ways.add(tuple(one if one < cells else cells + groups.setdefault(one, len(groups)) for one in given))
    return len(ways)


def test_one_cell_has_a_small_error_as_often_as_its_integral_says() -> None:
    p = Volume(widths=(1, 2), draws=100_000)
    run = volume.volume(p, Streams(2))
    at = np.searchsorted(run["error"].values, p.large)
    inward = np.random.default_rng(0).standard_normal(100_000)
    x = np.linspace(-1, 1, 201)
    size = np.sqrt(np.mean([np.tanh(inward * one) ** 2 for one in x], axis=0))
    expected = erf(np.sqrt(p.large) / size / np.sqrt(2)).mean()
    assert run["share"].values[0, at] == pytest.approx(expected, rel=0.06)
    assert [volume.learning_coefficient(hidden) for hidden in (1, 2, 4, 9)] == pytest.approx([0.5, 2 / 3, 1, 1.5])


def test_growth_is_for_each_unit() -> None:
    assert growth(2, 16, 3) == pytest.approx(2)


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """Short runs of the full model and of its null."""
    folder = tmp_path_factory.mktemp("quick")
    nulls = ("", *SCENARIO.nulls)
    return {n: cortex.run(SCENARIO, FEW, seed=1, null=n, output=folder, figures=not n) for n in nulls}


def test_a_quick_run_is_complete(quick: dict[str, Result]) -> None:
    assert set(SCENARIO.declared) == set(quick[""].measures)
    assert np.isfinite(list(quick[""].measures.values())).all()
    assert {path.name for path in (quick[""].folder / "figures").iterdir()} == {"density.png", "solutions.png"}


@pytest.mark.parametrize("null", SCENARIO.nulls)
def test_each_null_misses_what_it_must(quick: dict[str, Result], null: str) -> None:
    for name in SCENARIO.nulls[null].misses:
        low, high = SCENARIO.expected[name]
        value = quick[null].measures[name]
        assert (low is not None and value < low) or (high is not None and value > high), (name, value)


@pytest.mark.slow
def test_the_full_run_is_inside_its_bands(tmp_path) -> None:
    run = cortex.run(SCENARIO, seed=704, output=tmp_path, figures=False)
    for name, (low, high) in SCENARIO.expected.items():
        assert (low is None or run.measures[name] >= low) and (high is None or run.measures[name] <= high), name
