"""Closed forms against numbers worked out by hand and against each other."""

from math import inf, isnan

import numpy as np
import pytest

from cortex.analysis.learning import trials_to_criterion
from models.mean_field.group import LINEAR, Learner, equally_often
from models.mean_field.predictions import copy_and_hold, learning, release

MODES = np.array([2.0, 1.0, 0.5, 0.1])


def test_second_moment_of_a_sample_and_of_a_weighted_set() -> None:
    x = [[1.0, 0.0], [1.0, 2.0]]
    assert copy_and_hold.second_moment(x).tolist() == [[1, 1], [1, 2]]
    assert copy_and_hold.second_moment(x, [0.25, 0.75], [1, 2]).tolist() == [[1.75, 3], [3, 6]]


def test_copies_come_to_rest_mode_by_mode() -> None:
    assert copy_and_hold.copy_rates([[2, 1], [1, 2]], tau=0.5) == pytest.approx([2, 6])


def test_old_function_error_of_copies_and_of_a_split() -> None:
    assert copy_and_hold.old_function_error(4, 1 / 4, size=3) == 0
    assert copy_and_hold.old_function_error(4, 1, size=3) == 9
    assert copy_and_hold.old_function_error(4, 1, size=3, scale=1 / 4) == 0


def test_floor_of_white_input_is_the_textbook_form() -> None:
    m, d, v, q = 0.05, 8, 1.3, 4e-5
    expected = (m**2 * d * v + d * q) / (2 * m - m**2 * (d + 2))
    assert learning.noise_floor(np.ones(d), m, v, q) == pytest.approx(expected, rel=1e-12)
    assert learning.largest_online_step(np.ones(d)) == pytest.approx(2 / (d + 2), rel=1e-9)
    assert isnan(learning.noise_floor(np.ones(d), 2.01 / (d + 2), v))


def test_learning_curve_ends_on_the_floor_and_explodes_beyond_the_largest_step() -> None:
    limit = learning.largest_online_step(MODES)
    curve = learning.learning_curve(MODES, np.ones(4), [0.1 * limit, 1.05 * limit], 0.5, 3000)
    assert curve[0] == pytest.approx(MODES.sum())
    assert curve[-1, 0] == pytest.approx(learning.noise_floor(MODES, 0.1 * limit, 0.5), rel=1e-3)
    assert curve[-1, 1] > 10 * curve[0, 1]


@pytest.mark.parametrize(("copies", "faster"), [(2, 1.87), (4, 3.33), (8, 5.44)])
def test_speed_up_at_equal_floor(copies: int, faster: float) -> None:
    """Less than the ratio of the variances, which is the limit of small steps."""
    single, group = (learning.noise_variance(k, 1 / k, output_noise=0.2, private_noise=1.0) for k in (1, copies))
    floor = learning.noise_floor(np.ones(10), 0.005, single)
    step = learning.step_at_floor(np.ones(10), group, floor)
    assert step == pytest.approx(2 * floor / (10 * group + 12 * floor), rel=1e-9)
    assert step / 0.005 == pytest.approx(faster, abs=0.005)
    assert step / 0.005 < single / group


def test_best_step_needs_fewest_trials() -> None:
    step, trials = learning.best_step(MODES, np.ones(4), 0.5, criterion=0.3, trials=500)
    curves = learning.learning_curve(MODES, np.ones(4), [step / 2, step, 1.3 * step], 0.5, 500)
    slow, best, hasty = (trials_to_criterion(curve, 0.3, 1) - 1 for curve in curves.T)
    assert best == trials < slow
    assert isnan(hasty) or best < hasty
    assert np.isnan(learning.best_step(MODES, np.ones(4), 0.5, criterion=1e-6, trials=500)).all()


def test_splitting_matrix_is_the_curvature_of_the_loss_against_parting() -> None:
    """By hand: with one input x = 2, error 3, output weight 5 and curvature 7, S = 3 5 7 4."""
    assert release.splitting_matrix([[2.0]], [[3.0]], [5.0], [7.0]).tolist() == [[420]]
    matrix = release.splitting_matrix_with_outputs([[420.0]], [[2.0]], [[3.0]], [11.0])
    assert matrix.tolist() == [[420, 132], [132, 0]]
    assert np.linalg.eigvalsh(matrix)[0] < 0


def test_divergence_rate_depends_on_the_number_of_copies_only_by_the_gradient_rule() -> None:
    splitting = np.diag([0.3, -0.2])
    assert release.divergence_rate(splitting, 0.5, copies=4, p=2) == pytest.approx(0.025)
    assert release.divergence_rate(splitting, 0.5, copies=4, p=1) == pytest.approx(0.1)


def test_divergence_time_is_when_the_expected_divergence_arrives() -> None:
    time = release.divergence_time(0.1, rate=0.2, diffusion=1e-6, copies=3)
    assert release.expected_divergence(time, 0.2, 1e-6, 3) == pytest.approx(0.1**2)
    assert isnan(release.divergence_time(0.1, rate=-0.2, diffusion=1e-6, copies=3))
    assert release.stationary_divergence(-0.2, 1e-6, 3) == pytest.approx(
        release.expected_divergence(1e3, -0.2, 1e-6, 3)
    )
    assert release.stationary_divergence(0.2, 1e-6, 3) == inf


def test_lowest_loss_of_linear_cells_is_that_of_least_squares() -> None:
    rng = np.random.default_rng(0)
    x, desired = rng.standard_normal((30, 3)), rng.standard_normal((30, 1))
    residual = desired - x @ np.linalg.lstsq(x, desired, rcond=None)[0]
    for copies in (1, 3):
        learner = Learner(equally_often(x), desired, LINEAR)
        w, loss = release.lowest_loss(learner, [2.0], copies, 2, rng)
        assert w.shape == (copies, 3)
        assert loss == pytest.approx((residual**2).mean() / 2, rel=1e-9)


def test_naive_release_multiplies_the_answer() -> None:
    assert release.naive_release_loss([[1.0], [2.0]], [[1.0], [2.0]], 3) == pytest.approx((4 + 16) / 4)
    assert release.naive_release_loss([[1.0], [2.0]], [[1.0], [2.0]], 3, [1, 0]) == pytest.approx(2)
