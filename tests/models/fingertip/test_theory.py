"""Formulas agree with exact cases and with rate simulations of the same rules."""

from collections.abc import Callable

import numpy as np
import pytest

from cortex.analysis.totals import no_hold_total
from models.fingertip import learning_theory as learning
from models.fingertip import theory

SHARE = np.array([0.5, 0.5])


def two_touches(overlap: float) -> np.ndarray:
    """Return traces of two touches of unit norm, shape (touch, afferent)."""
    angle = np.arccos(overlap) / 2
    return np.array([[np.cos(angle), np.sin(angle)], [np.cos(angle), -np.sin(angle)]])


def difference(overlap: float, gain: float, spikes: float) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Return J of a threshold-linear cell at its fixed point, its touches, slope and threshold."""
    x = two_touches(overlap)
    weights = x.mean(axis=0)
    drive = float(x[0] @ weights)
    slope = gain * spikes / drive
    change = slope * theory.direction(x, weights, np.ones(2))
    matrix = theory.difference_matrix(x, change, np.full(2, spikes), SHARE)
    return matrix, x, slope, drive - spikes / slope


def grown(x: np.ndarray, slope: float, threshold: float, rate: float, trials: int, own: bool) -> np.ndarray:
    """Follow three copies under a shared inhibition, or one of each cell's own, by the mean of the Hebbian rule."""
    start = 1e-7 * np.array([[0.0, 1.0], [0.0, -1.0], [0.0, 0.0]])
    w = x.mean(axis=0) + start
    total = slope * 3 * (x @ x.mean(axis=0) - threshold)
    sizes = []
    for _ in range(trials):
        drive = w @ x.T
        inhibition = drive.mean(axis=0) - total / slope / 3  # the total of each touch stays
        fired = slope * np.maximum(drive - (drive - total / slope / 3 if own else inhibition), 0)
        w = w + rate * ((fired @ x - fired.sum(axis=1, keepdims=True) * w) / 2)
        sizes.append(np.sum((w - w.mean(axis=0)) ** 2))
    return np.array(sizes)


@pytest.mark.parametrize(("overlap", "gain"), [(0.1, 4.0), (0.5, 4.0), (0.5, 2.0), (0.9, 4.0)])
def test_copies_part_at_the_rate_of_the_difference_mode(overlap: float, gain: float) -> None:
    matrix, x, slope, threshold = difference(overlap, gain, spikes=1.5)
    rate = theory.parting_rate(matrix, 0.01)
    assert rate == pytest.approx(0.01 * 1.5 * (gain / theory.gain_to_part(overlap) - 1))
    sizes = grown(x, slope, threshold, 0.01, 400, own=False)
    assert np.log(sizes[-1] / sizes[100]) / 299 / 2 == pytest.approx(rate, rel=0.02)


def test_without_the_shared_inhibition_copies_come_together() -> None:
    _, x, slope, threshold = difference(0.1, 4.0, spikes=1.5)
    sizes = grown(x, slope, threshold, 0.01, 400, own=True)
    assert np.log(sizes[-1] / sizes[0]) / 399 / 2 == pytest.approx(-0.015, rel=0.02)


def test_a_hold_raises_the_gain_and_a_cell_of_one_touch_never_parts() -> None:
    assert theory.held_gain(1.2, 1 / 3) == pytest.approx(3.6)
    assert np.isnan(theory.gain_to_part(1.0))
    x = two_touches(1.0)
    change = 100 * theory.direction(x, x[0], np.ones(2))
    assert theory.parting_rate(theory.difference_matrix(x, change, np.ones(2), SHARE), 0.01) == pytest.approx(-0.01)


def test_coincidences_learn_what_poisson_spikes_teach() -> None:
    """A cell that fires by one more spike of an afferent finds that spike still in the trace."""
    rng = np.random.default_rng(1)
    counts, slope, caught = rng.poisson(4.0, (200_000, 1)), 0.3, 0.5
    fired = slope * counts[:, 0]
    learned = np.mean(fired * caught * (counts[:, 0] - 4.0))
    expected = theory.coincidence([slope], [[4.0]], [1.0], [1.0], caught)
    assert expected[0] == pytest.approx(learned, rel=0.02)


@pytest.mark.parametrize("rate", [0.004, -0.004])
def test_noise_parts_copies_as_predicted(rate: float) -> None:
    rng = np.random.default_rng(2)
    jacobian, noise, start = np.diag([rate, -0.01]) / 0.01, np.diag([2.0, 1.0]), np.diag([0.01, 0.02])
    state = rng.standard_normal((4000, 2)) * np.sqrt(np.diag(start))
    times = np.arange(0, 201, 50)
    predicted = theory.differences(jacobian, noise, start, times, 0.01)
    measured = []
    for trial in range(201):
        if trial % 50 == 0:
            measured.append(np.sum(state.var(axis=0)))
        state += 0.01 * state @ jacobian + 0.01 * rng.standard_normal(state.shape) * np.sqrt(np.diag(noise))
    np.testing.assert_allclose(measured, predicted, rtol=0.06)


def test_time_to_part_solves_the_equation_of_the_variance() -> None:
    rate, noise, start = 0.003, 2e-4, 0.01
    time = float(theory.time_to_part(rate, noise, start, 1.0))
    matrix, added = np.array([[rate / 0.01]]), np.array([[noise / 0.01**2]])
    assert theory.differences(matrix, added, [[start]], [0, time], 0.01)[-1] == pytest.approx(1.0)
    known = np.log1p(2 * rate * 0.5 / noise) / (2 * rate)
    assert theory.time_to_part(rate, noise, 0.0, 0.5) == pytest.approx(known)


@pytest.mark.parametrize(
    ("rate", "noise", "start", "time"),
    [(0.003, 0.0, 0.0, np.inf), (-0.003, 1e-4, 0.0, np.inf), (0.0, 0.01, 0.0, 100.0), (-0.01, 0.0, 0.01, np.inf)],
)
def test_what_does_not_part(rate: float, noise: float, start: float, time: float) -> None:
    assert theory.time_to_part(rate, noise, start, 1.0) == time


def test_similarity_is_the_mean_cosine_of_members() -> None:
    rng = np.random.default_rng(3)
    w = 1 + 0.3 * rng.standard_normal((3, 20_000))
    unit = w / np.linalg.norm(w, axis=1, keepdims=True)
    cosines = (unit @ unit.T)[np.triu_indices(3, 1)]
    parted = float(w.var(axis=0, ddof=1).sum())
    size = float((w.mean(axis=0) ** 2).sum())
    assert theory.similarity(parted, size, 3) == pytest.approx(cosines.mean(), abs=0.005)


def fixed_point(total: Callable[[float], float]) -> float:
    """Return where a falling function of the total equals it."""
    low, high = 0.0, 100.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if total(middle) > middle else (low, middle)
    return middle


@pytest.mark.parametrize("copies", [1, 2, 3, 8])
def test_the_total_under_frozen_inhibition_is_that_of_the_rate_model(copies: int) -> None:
    c = 1.13
    one = fixed_point(lambda s: max(1 - c * s, 0.0))
    assert fixed_point(lambda s: copies * max(1 - c * s, 0.0)) / one == pytest.approx(no_hold_total(copies, c))
    strength = fixed_point(lambda s: s)  # of a division 1/(1 + q s), q from 1 + c = closed over open
    strength = c * (1 + c)
    alone = fixed_point(lambda s: 1 / (1 + strength * s))
    assert 1 / alone == pytest.approx(1 + c)
    divided = fixed_point(lambda s: copies / (1 + strength * s)) / alone
    assert divided == pytest.approx(theory.frozen_total_divided(copies, c))


def test_errors_at_the_afferents_decay_at_the_predicted_rates() -> None:
    rng = np.random.default_rng(12)
    x, outputs, rate = rng.random((3, 12)), np.array([0.4, -0.3, 0.2, 0.5]), 1e-3
    slope, sensitivity = 0.5 + rng.random((4, 3)), 0.5 + rng.random((4, 3))
    share = np.array([0.5, 0.3, 0.2])
    speeds = learning.afferent_speed(x, slope, sensitivity, outputs, share)
    w, error = np.zeros((4, 12)), np.ones(3)
    for _ in range(30_000):
        w += rate * (outputs[:, None] * sensitivity * (share * error)) @ x
        error = 1 - outputs @ (slope * (w @ x.T))
        if np.linalg.norm(error) < 1e-3:
            break
    before = np.linalg.norm(error)
    for _ in range(200):
        w += rate * (outputs[:, None] * sensitivity * (share * error)) @ x
        error = 1 - outputs @ (slope * (w @ x.T))
    assert -np.log(np.linalg.norm(error) / before) / 200 == pytest.approx(rate * speeds[-1], rel=0.02)


def test_where_inhibition_lands_sets_the_exponent() -> None:
    """With the total held and PV on the soma p is 1; with s as steep as the cell's own rate under the hold, 2."""
    one = np.array([2.0, 3.0])
    soma = learning.speed_ratio(one, one, 3 * one, one)
    dendrite = learning.speed_ratio(one, one / 3, 3 * one, one)
    assert learning.exponent(soma, 3) == pytest.approx(1.0)
    assert learning.exponent(dendrite, 3) == pytest.approx(2.0)


def counts(trials: int, seed: int = 5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw counts of cells at 60 touches, answers, and which touch it was."""
    rng = np.random.default_rng(seed)
    touch = rng.integers(0, 60, trials)
    means, answers = 6 * rng.random((60, 6)), rng.choice([-1.0, 1.0], 60)
    answers = np.where(means @ [1, -1, 1, -1, 1, -1] > 0, 1.0, -1.0) if seed == 5 else answers
    return rng.poisson(means[touch]).astype(float), answers[touch], touch


def test_the_delta_rule_learns_as_lms() -> None:
    x, answers, _ = counts(400)
    rng, rate, trials = np.random.default_rng(6), 1e-3, 300
    inputs = np.column_stack([x, np.full(len(x), np.sqrt(0.5))])
    w = np.zeros((2000, 7))
    for _ in range(trials):
        drawn = rng.integers(0, len(x), len(w))
        error = answers[drawn] - np.einsum("ri,ri->r", inputs[drawn], w)
        w += rate * error[:, None] * inputs[drawn]
    reached = np.mean((answers - inputs @ w.mean(axis=0)) ** 2)
    predicted = learning.readout_error(x, answers, rate, trials + 1, bias=0.5)
    assert predicted[0] == pytest.approx(1.0)
    assert predicted[-1] == pytest.approx(reached, abs=0.01)


def test_largest_stable_rates() -> None:
    assert learning.largest_rate([[2.0]] * 5) == pytest.approx(0.5)
    assert learning.largest_online_rate([[2.0]] * 5) == pytest.approx(0.5)
    gauss = np.random.default_rng(7).standard_normal((400_000, 1))
    assert learning.largest_online_rate(gauss) == pytest.approx(2 / 3, rel=0.02)
    x, answers, _ = counts(500)
    limit, rng = learning.largest_online_rate(x), np.random.default_rng(8)
    assert limit < learning.largest_rate(x)
    sizes = {}
    for factor in (0.7, 1.4):
        w = np.zeros((3000, 6))
        for _ in range(400):
            drawn = rng.integers(0, len(x), len(w))
            error = answers[drawn] - np.einsum("ri,ri->r", x[drawn], w)
            w += factor * limit * error[:, None] * x[drawn]
        sizes[factor] = float(np.mean(w**2))
    assert sizes[0.7] < 10
    assert sizes[1.4] > 1e3


def test_copies_that_learn_one_touch_part_by_the_ratio_of_sensitivities() -> None:
    """Whatever the rate: the common mode takes the error away before they part farther."""

    def sensitivity(h: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-h))

    for rate in (0.01, 0.03):
        h = np.array([-2.0 + 1e-6, -2.0 - 1e-6])
        for _ in range(20_000):
            h = h + rate * (1.0 - np.log1p(np.exp(h)).sum() / 2) * sensitivity(h)
        growth = (h[0] - h[1]) / 2e-6
        assert growth == pytest.approx(theory.largest_growth_by_error(sensitivity(-2.0), sensitivity(h[0])), rel=0.03)


def test_residual_errors_part_copies_at_the_rate_of_their_matrix() -> None:
    rng = np.random.default_rng(11)
    x, error, curvature, share = rng.random((4, 6)), np.array([0.9, -0.4, 0.5, -0.9]), rng.random(4), np.full(4, 0.25)
    arbor = 0.2 + rng.random(6)
    matrix = theory.error_matrix(x, curvature, error, 0.2, share, arbor)
    d = np.full(6, 1e-3)
    for step in range(3000):
        if step == 2000:
            before = np.linalg.norm(d)
        d = d + 0.5 * arbor * np.sum((share * error * 0.2 * curvature * (x @ d))[:, None] * x, axis=0)
    assert np.log(np.linalg.norm(d) / before) / 1000 == pytest.approx(theory.parting_rate(matrix, 0.5), rel=0.02)


def test_pools_and_the_total_that_they_leave() -> None:
    own = theory.pools(4, 0, 0)
    np.testing.assert_array_equal(own, np.eye(4))
    wide = theory.pools(5, 1, 1)
    assert wide[2] == pytest.approx([1 / 3, 2 / 3, 1.0, 2 / 3, 1 / 3])
    assert theory.pools(5, 0, 1, softness=20.0) == pytest.approx(np.eye(5), abs=1e-6)
    drive = np.array([[3.0, 2.0, 0.5, 0.0]])
    np.testing.assert_allclose(theory.settled(drive, np.ones(4), own), drive / 2, rtol=1e-6)
    fired = theory.settled(drive, np.full(4, 1.5), theory.pools(4, 1, 1))
    taken = 1.5 * theory.pools(4, 1, 1) @ fired[0]
    np.testing.assert_allclose(np.maximum(drive[0] - taken, 0), fired[0], atol=1e-6)
    assert np.count_nonzero(fired > 1e-6) < 3  # neighbours take the weaker answers away
