"""The scenario of associative memories: its update, its formulas, its nulls; slowly, its bands."""

import numpy as np
import pytest

import cortex
from cortex.experiment.result import Result
from models.associative_memory import theory
from models.associative_memory.network import update
from scenarios.hopfield_capacity import SCENARIO, collapse

FEW = {"draws": 2, "recalled": 100, "settled": 200, "pairs": (100, 200), "triples": (40, 60), "quadruples": (24, 32)}


@pytest.mark.parametrize("order", [2, 3, 4])
def test_an_update_gives_each_cell_the_sign_of_lower_energy(order: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    patterns, states = (rng.choice([-1.0, 1.0], (number, 9)) for number in (6, 4))
    updated = update(patterns, states, order)
    for state, new in zip(states, updated, strict=True):
        for cell in range(9):
            energies = []
            for sign in (-1.0, 1.0):
                flipped = np.where(np.arange(9) == cell, sign, state)
                energies.append(-((patterns @ flipped) ** order).sum())
            wanted = state[cell] if energies[0] == energies[1] else (-1.0, 1.0)[int(energies[1] < energies[0])]
            assert new[cell] == wanted


def test_a_single_pattern_is_recalled_with_a_bit_wrong() -> None:
    pattern = np.random.default_rng(0).choice([-1.0, 1.0], (1, 20))
    wrong = pattern.copy()
    wrong[0, 3] *= -1
    for order in (2, 4):
        assert (update(pattern, wrong, order) == pattern).all()


def test_formulas_are_those_of_the_papers() -> None:
    for order, cells, patterns, error in ((2, 200, 28, 0.00376), (3, 60, 300, 0.0228), (3, 100, 600, 0.0092)):
        assert theory.bit_error(theory.scaled_load(order, cells, patterns)) == pytest.approx(error, rel=0.01)
    full = theory.capacity(4, 50, 0.01)
    assert theory.bit_error(theory.scaled_load(4, 50, full)) == pytest.approx(0.01)


def test_the_collapse_is_where_the_overlap_falls_through_the_level() -> None:
    loads = np.array([0.1, 0.12, 0.14])
    assert collapse(loads, np.array([1.0, 0.95, 0.85])) == pytest.approx(0.13)
    assert np.isnan(collapse(loads, np.ones(3)))
    assert np.isnan(collapse(loads, np.zeros(3)))


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """Short runs of the full model and of its nulls."""
    folder = tmp_path_factory.mktemp("quick")
    nulls = ("", *SCENARIO.nulls)
    return {n: cortex.run(SCENARIO, FEW, seed=1, null=n, output=folder, figures=not n) for n in nulls}


def test_a_quick_run_is_complete(quick: dict[str, Result]) -> None:
    assert set(SCENARIO.declared) == set(quick[""].measures)
    assert np.isfinite(list(quick[""].measures.values())).all()
    assert [path.name for path in (quick[""].folder / "figures").iterdir()] == ["capacity.png"]


def test_capacity_grows_with_multiplication_and_bits_for_each_coupling_do_not(quick: dict[str, Result]) -> None:
    found = quick[""].measures
    assert [found[f"exponent_{order}"] for order in (2, 3, 4)] == pytest.approx([1, 2, 3], abs=0.4)
    assert max(found["per_coupling_3"], found["per_coupling_4"]) < 1.25


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
