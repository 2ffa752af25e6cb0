"""Shares of variance of functions whose shares are known."""

import numpy as np
import pytest
from scipy.stats import qmc

from cortex.analysis.sensitivity import main_effects, sobol

ADDITIVE = np.array([0.0, 1.0, 2.0])[:, None] + np.array([0.0, 3.0])
"""Variances 2 / 3 and 9 / 4 over the two parameters, and no interaction."""
OF_FIRST = (2 / 3) / (2 / 3 + 9 / 4)


def test_parameters_that_add_up_leave_no_rest() -> None:
    effects = main_effects(ADDITIVE[..., None] + np.array([0.0, 10.0, -7.0]))
    assert effects.seeds == 3
    assert effects.shares[0] == pytest.approx((OF_FIRST,) * 3)
    assert effects.shares[1] == pytest.approx((1 - OF_FIRST,) * 3)
    assert effects.rest == pytest.approx((0, 0, 0), abs=1e-12)


def test_parameters_that_act_only_together_leave_all_to_the_rest() -> None:
    checkerboard = np.array([[1.0, -1.0], [-1.0, 1.0]])
    effects = main_effects(checkerboard[..., None] * [1.0, 1.1, 1.2])
    assert [share.mean for share in effects.shares] == [0, 0]
    assert effects.rest == pytest.approx((1, 1, 1))


def test_a_single_parameter_explains_everything() -> None:
    effects = main_effects([[1, 2], [3, 5], [9, 8]])
    assert effects.shares[0].mean == pytest.approx(1)
    assert effects.rest.mean == pytest.approx(0)


def noisy(grid: np.ndarray, seeds: int, times: int) -> np.ndarray:
    """Repeat a grid of two parameters with noise, most of it shared by the levels of the second."""
    rng = np.random.default_rng(8)
    rows, columns = grid.shape
    shared = rng.normal(0, 1, (times, rows, 1, seeds))
    return grid[..., None] + shared + rng.normal(0, 0.5, (times, rows, columns, seeds))


def test_noise_of_the_seeds_is_no_effect_of_a_parameter() -> None:
    only_second = np.array([[0.0, 3.0]] * 3)
    grids = noisy(only_second, seeds=4, times=200)
    plain = np.var(grids.mean(axis=(2, 3)), axis=1) / np.var(grids.mean(axis=3), axis=(1, 2))
    assert np.mean(plain) > 0.05
    shares = np.array([main_effects(grid).shares[0] for grid in grids])
    assert shares.mean(axis=0)[0] == pytest.approx(0, abs=0.03)
    assert np.mean(shares[:, 1] > 0) < 0.1


def test_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    effects = [main_effects(grid).shares[0] for grid in noisy(ADDITIVE, seeds=16, times=60)]
    assert 0.85 < np.mean([share.low <= OF_FIRST <= share.high for share in effects]) < 0.99


@pytest.mark.parametrize("gap", [np.nan, np.inf])
def test_incomplete_seeds_are_dropped(gap: float) -> None:
    values = ADDITIVE[..., None] * np.array([1.0, 2.0, 50.0, 3.0])
    complete = main_effects(np.delete(values, 2, axis=-1))
    values[1, 0, 2] = gap
    assert main_effects(values) == complete
    assert complete.seeds == 3


def test_a_single_complete_seed_cannot_tell_effect_from_noise() -> None:
    effects = main_effects(ADDITIVE[..., None])
    assert effects.seeds == 1
    assert np.isnan([*effects.shares, effects.rest]).all()


def test_nothing_is_shared_where_the_parameters_change_nothing() -> None:
    effects = main_effects(np.zeros((3, 2, 1)) + np.array([0.1, 0.7, 0.3]))
    assert np.isnan([*effects.shares, effects.rest]).all()


def samples(function):
    """Evaluate a function of two uniform parameters at the samples of Saltelli."""
    a, b = np.split(qmc.Sobol(4, rng=np.random.default_rng(0)).random_base2(10).T, 2)
    return function(*a), function(*b), np.array([function(b[0], a[1]), function(a[0], b[1])])


def test_indices_of_a_sum_are_the_shares_of_its_terms() -> None:
    first, total = sobol(*samples(lambda x, y: x + 3 * y))
    assert [index.mean for index in first] == pytest.approx([0.1, 0.9], abs=0.01)
    assert [index.mean for index in total] == pytest.approx([0.1, 0.9], abs=0.01)
    assert all(index.low < truth < index.high for index, truth in zip(first, (0.1, 0.9), strict=True))


def test_total_index_of_a_product_holds_its_interaction() -> None:
    first, total = sobol(*samples(lambda x, y: x * y))
    assert [index.mean for index in first] == pytest.approx([3 / 7, 3 / 7], abs=0.02)
    assert [index.mean for index in total] == pytest.approx([4 / 7, 4 / 7], abs=0.02)


def test_same_samples_give_the_same_interval_in_scipys_shapes_too() -> None:
    a, b, ab = samples(lambda x, y: x * y)
    assert sobol(a, b, ab) == sobol(a[None], b[None], ab[:, None])


@pytest.mark.parametrize("value", [0.0, np.nan])
def test_indices_of_a_constant_and_of_gaps_are_undefined(value: float) -> None:
    assert np.isnan(sobol(*samples(lambda x, y: value + 0 * x))).all()


def test_counts_have_indices_too() -> None:
    a, b, ab = samples(lambda x, y: np.round(10 * x + 30 * y).astype(int))
    assert [index.mean for index in sobol(a, b, ab).first] == pytest.approx([0.1, 0.9], abs=0.02)


def test_samples_must_be_a_power_of_two() -> None:
    with pytest.raises(ValueError, match="power of 2"):
        sobol(np.arange(6), np.arange(6)[::-1], np.arange(12).reshape(2, 6))
