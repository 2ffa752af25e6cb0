"""The rate model within the bands of its predictions, and controls that must fall outside."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from models.mean_field.group import LINEAR, SOFTPLUS, TANH, Inputs, Learner, Transfer, gaussian_inputs
from models.mean_field.online import learn_online
from models.mean_field.predictions import release
from tests.models.mean_field.cases import ARMS, linear_arm, tanh_cycle
from tests.models.mean_field.check import Check
from tests.models.mean_field.checks import CHECKS
from tests.models.mean_field.learning import measured_speed
from tests.models.mean_field.release import released, spread

BANDS = {
    "copy rate": 0.05,
    "Hebbian copy fidelity": 0.01,
    "overshoot, slow copy": 0,
    "total after abrupt copy": 0.01,
    "gain fixed point": 0.005,
    "error of the old function": 1e-10,
    "speed": 0.03,
    "speed with / without hold": 0.03,
    "largest stable rate": 0.02,
    "tied learning, gradient": 1e-8,
    "output split": 1e-10,
    "noise floor": 0.08,
    "trials to criterion": 0.08,
    "plateau": 1e-6,
    "naive release": 0.01,
    "divergence rate": 0.05,
    "divergence time": 0.10,
    "spread of copies that re-merge": 0.05,
    "final loss": 0.20,
    "loss if never released": 1e-6,
    "exact copies without noise": 0,
    "release without gain": 1e-5,
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_simulations_stay_within_the_bands_set_before(check: Callable) -> None:
    results = list(check())
    assert results
    assert [result for result in results if not result.inside] == []
    assert {result.quantity: result.band for result in results}.items() <= BANDS.items()


@pytest.mark.parametrize(
    ("kind", "inside", "outside"),
    [("ratio", 2.09, 2.11), ("difference", 1.96, 1.94), ("bound", -5.0, 2.06), ("ratio", 1.91, np.nan)],
)
def test_a_check_can_fail(kind, inside: float, outside: float) -> None:
    given = Check("", "", "", 2.0, inside, 0.05, kind)
    assert given.inside
    assert not given._replace(simulated=outside).inside


@pytest.mark.parametrize("transfer", [LINEAR, TANH, SOFTPLUS])
def test_slope_and_curvature_are_the_derivatives(transfer: Transfer) -> None:
    h, step = np.linspace(-3, 3, 13), 1e-5
    for f, derivative in ((transfer.rate, transfer.slope), (transfer.slope, transfer.curvature)):
        assert derivative(h) == pytest.approx((f(h + step) - f(h - step)) / (2 * step), abs=1e-9)


def test_nodes_of_gaussian_inputs_have_their_moments() -> None:
    covariance = np.array([[2.0, 0.6], [0.6, 1.0]])
    inputs = gaussian_inputs(covariance, 4)
    x, y = inputs.x.T
    assert inputs.mean(np.ones(16)) == pytest.approx(1)
    assert np.einsum("n,ni,nj->ij", inputs.weight, inputs.x, inputs.x) == pytest.approx(covariance)
    assert inputs.mean(x**2 * y**2) == pytest.approx(2.0 * 1.0 + 2 * 0.6**2)


def test_the_gradient_rule_follows_the_gradient() -> None:
    rng = np.random.default_rng(0)
    inputs = Inputs(rng.standard_normal((7, 3)), rng.dirichlet(np.ones(7)))
    learner = Learner(inputs, rng.standard_normal((7, 2)), TANH, gain=0.4, output_rate=1.0)
    w, a = rng.standard_normal((4, 3)), rng.standard_normal((4, 2))
    for change, at in zip(learner.velocities(w, a), (w, a), strict=True):
        for index in np.ndindex(at.shape):
            kept = at[index]
            at[index] = kept + 1e-6
            above = learner.loss(w, a)
            at[index] = kept - 1e-6
            below = learner.loss(w, a)
            at[index] = kept
            assert -change[index] == pytest.approx((above - below) / 2e-6, abs=1e-8)


def test_the_local_rule_does_not_know_the_gain() -> None:
    cell = tanh_cycle()
    w, a = cell.copies(3)
    w = w + 0.3
    local, gradient = (replace(cell.learner, gain=0.25, p=p).velocities(w, a)[0] for p in (1, 2))
    assert local == pytest.approx(4 * gradient, rel=1e-12)


def test_a_hold_makes_learning_no_faster_without_noise() -> None:
    """Control of the claim: held copies are as fast as one cell by the local rule, slower by the gradient."""
    alone = measured_speed(*linear_arm(1, 1.0, 1.0, 1))
    held = [measured_speed(*linear_arm(3, *ARMS["hold"](3), p)) / alone for p in (1, 2)]
    assert held == pytest.approx([1, 1 / 3], rel=0.03)


def test_tied_copies_never_gain_and_released_ones_do() -> None:
    cell = tanh_cycle()
    learner, a = replace(cell.learner, gain=1 / 3), cell.copies(3)[1]
    losses = {
        tied: learner.loss(released(cell, 3, 1e-8, 300.0, runs=2, tied=tied)[-1], a).max() for tied in (True, False)
    }
    assert losses[True] == pytest.approx(cell.loss, abs=1e-6)
    assert losses[False] < 0.5 * cell.loss


def test_what_pushes_all_copies_alike_parts_nobody_and_private_noise_does() -> None:
    cell = tanh_cycle()
    w, a = cell.copies(3)
    pushed, _ = replace(cell.learner, gain=1 / 3).learn(w + 1e-3, a, 200.0, 0.25)
    assert np.ptp(pushed, axis=1).max() == 0
    private = released(cell, 3, 1e-6, 100.0, runs=2)
    assert spread(private, np.linalg.eigh(cell.splitting)[1][:, 0])[-1] > 1e-3


def test_a_divergence_rate_that_forgets_the_number_of_copies_misses() -> None:
    cell = tanh_cycle()
    direction = np.linalg.eigh(cell.splitting)[1][:, 0]
    learner = replace(cell.learner, gain=1 / 3)
    w, _ = learner.learn(cell.parted(3, direction, 1e-5), cell.copies(3)[1], 10.0, 0.05)
    distance = (w[:, 0] - w[:, 1]) @ direction
    rate = np.log(distance[-1] / distance[0]) / 10.0
    forgetful = release.divergence_rate(cell.splitting, 1.0, copies=1, p=2)
    assert not Check("", "", "", forgetful, rate, 0.05).inside


@pytest.mark.parametrize("copies", [2, 5])
def test_at_zero_loss_copies_do_not_diverge_exponentially(copies: int) -> None:
    """Without an error there is nothing to split: parting costs the fourth power of the distance."""
    inputs = gaussian_inputs([[1.0]], 24)
    w, a = np.ones((copies, 1)), np.full((copies, 1), 2.0)
    learner = Learner(inputs, 2 * np.tanh(inputs.x), TANH, gain=1 / copies)
    sign = np.zeros((copies, 1))
    sign[:2, 0] = 1, -1
    small, large = (float(learner.loss(w + distance * sign, a)) for distance in (1e-2, 2e-2))
    assert np.log2(large / small) == pytest.approx(4, abs=0.05)


def test_shared_noise_gives_no_averaging() -> None:
    """Eight copies with one noise have the floor of a single cell; with noise of their own, an eighth of it."""
    floors = {}
    for copies, rho in ((1, 0.0), (8, 1.0), (8, 0.0)):
        course = learn_online(
            np.zeros((100, copies, 4)),
            np.zeros(4),
            np.eye(4),
            trials=2000,
            rng=np.random.default_rng(7),
            gain=1 / copies,
            rate=0.02,
            private_noise=1.0,
            correlation=rho,
        )
        floors[copies, rho] = course[400:].mean()
    assert floors[8, 1.0] == pytest.approx(floors[1, 0.0], rel=0.08)
    assert floors[8, 0.0] == pytest.approx(floors[1, 0.0] / 8, rel=0.08)
