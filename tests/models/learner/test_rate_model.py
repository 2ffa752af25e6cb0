"""The rate model beside the spiking cells, and its exact copies."""

import numpy as np
import pytest

from models.learner import rate_model
from models.learner.rate_model import RateModel, Transfer

K = 3


def test_the_measured_f_i_curve_is_that_of_the_cells(runs) -> None:
    """Its threshold is nearer by the potential that afferents at background rate give."""
    one = runs["exact_hold"]
    found = rate_model.measured_transfer(one)
    assert found.slope == pytest.approx(6.5 * 0.2, rel=0.03)
    assert found.softness == pytest.approx(2, rel=0.1)
    assert 6.5 < found.threshold < 8.2


def test_parts_of_the_transfer_function_are_its_derivatives() -> None:
    transfer, drive, step = Transfer(1.3, 8.0, 2.0), np.linspace(-10, 40, 101), 1e-4
    slope = (transfer.rate(drive + step) - transfer.rate(drive - step)) / (2 * step)
    np.testing.assert_allclose(transfer.sensitivity(drive), slope / 1.3, atol=1e-8)
    bend = (transfer.sensitivity(drive + step) - transfer.sensitivity(drive - step)) / (2 * step)
    np.testing.assert_allclose(transfer.curvature(drive), bend, atol=1e-8)


@pytest.mark.parametrize("name", ["single", "hold", "no_hold", "exact_split"])
def test_the_rate_model_responds_as_the_spiking_cells_before_learning(runs, name) -> None:
    """Spikes of each group within 5 % and outputs within what chance adds to that."""
    one = runs[name]
    model, seen = rate_model.at_test(one, "new expanded"), one.responses("new expanded")
    own, before = model.counts[:, None, :], model.counts[None, :, :]
    rates = model.over_trial(model.transfer.rate(model.drives(own, before, model.weights[None, None]))).mean(axis=1)
    predicted = (rates * model.active * model.gains).reshape(-1, 2, K).sum(axis=2).mean(axis=0)
    measured = seen.counts.mean(axis=1).reshape(-1, 2, K).sum(axis=2).mean(axis=0)
    np.testing.assert_allclose(predicted, measured, rtol=0.05)
    outputs = model.answer(model.weights, model.gains, model.bias)
    chance = 3 * seen.outputs.std(axis=1, ddof=1) / np.sqrt(seen.outputs.shape[1])
    share = np.abs(seen.counts.mean(axis=1) @ np.abs(model.readout_weights)) * model.transmission
    assert (np.abs(outputs - seen.outputs.mean(axis=1)) < chance + 0.08 * share).all()
    assert np.ptp(outputs) > 2 * chance.mean()


@pytest.fixture
def noiseless(parameters, monkeypatch):
    """A function that lets the rate model learn for 200 trials without noise of the cells, whose weights are equal."""
    monkeypatch.setattr(rate_model, "COUNTING", 0.0)

    def learn(rate: float, arm: str = "single", **more: str) -> rate_model.Learned:
        p = parameters(arm).override(EXACT_CELL | more)
        rng, copies = np.random.default_rng(0), p.group.expansion != "none"
        weights = np.repeat(rng.uniform(0, 0.5, (2, p.skin.number)), K, axis=0)
        active = np.ones(2 * K) if copies else np.tile([1.0] + [0.0] * (K - 1), 2)
        gains = np.full(2 * K, 1 / K if p.hold.enabled else 1.0)
        model = RateModel(
            parameters=p,
            transfer=Transfer(1.3, 8.0, 2.0),
            counts=rng.uniform(0, 10, (4, p.skin.number)),
            answers=np.array([1.0, -1, 1, -1]),
            weights=weights,
            gains=gains,
            active=active,
            readout_weights=np.repeat([0.25, -0.25], K),
            bias=0.0,
            usual_count=np.full(2 * K, 10.0),
            usual_input=300.0,
            tied=p.hold.enabled,
            adapting=False,
        )
        return model.learn(200, rate, 0.01, runs=2)

    return learn


EXACT_CELL = {"cell.noise": "0 mV"}


def same(one: rate_model.Learned, other: rate_model.Learned) -> float:
    """Give the largest difference of errors and of the weights of targets."""
    weights = np.abs(one.weights[:, ::K] - other.weights[:, ::K]).max()
    return float(max(np.abs(one.errors - other.errors).max(), weights))


def test_any_speed_up_of_exact_copies_is_a_change_of_rate(noiseless) -> None:
    """Copies whose output is split are the single cell: in the gradient form at K times the rate, in the broadcast form
    at the same one. So is a static hold, as its gain does the same.

    The spiking runs cannot be compared bit by bit, as more spikes take more random numbers and so change the afferents'
    spikes; there the identity is exact for given afferent spikes, see the tests of the three-factor rule.
    """
    rate, gradient = 0.002, {"learning.form": "gradient"}
    single = noiseless(rate)
    assert np.abs(single.weights[0] - single.weights[1]).max() > 1e-3
    for arm in ("weight_split", "hold"):
        cloned = {"group.expansion": "cloned"}
        assert same(single, noiseless(K * rate, arm, **cloned, **gradient)) < 1e-10
        assert same(single, noiseless(rate, arm, **cloned)) < 1e-10
        assert same(single, noiseless(rate, arm, **cloned, **gradient)) > 1e-3
    assert same(single, noiseless(rate, "no_hold")) > 1e-3


def test_the_splitting_matrix_is_the_derivative_of_what_a_copy_learns(parameters) -> None:
    """Against finite differences, with so many small inputs that the drive does not fluctuate."""
    p, rng = parameters(), np.random.default_rng(1)
    counts = 1e6 * rng.uniform(0, 10, (4, p.skin.number))
    weights, errors = 1e-6 * rng.uniform(0, 0.5, (2 * K, p.skin.number)), np.array([1.0, -0.5, 0.3, -0.8])
    model = RateModel(
        parameters=p,
        transfer=Transfer(1.3, 8.0, 2.0),
        counts=counts,
        answers=np.sign(errors),
        weights=weights,
        gains=np.full(2 * K, 1 / K),
        active=np.ones(2 * K),
        readout_weights=np.repeat([0.25, -0.4], K),
        bias=0.0,
        usual_count=np.full(2 * K, 10.0),
        usual_input=300.0,
        tied=False,
        adapting=False,
    )

    def learned(w: np.ndarray) -> np.ndarray:
        """Give the mean change of the weights of a cell at a learning rate of 1, over pairs of different touches."""
        own, last = counts[:, None, :], counts[None, :, :]
        sensitivity = rate_model.average(model.transfer.sensitivity(model.drives(own, last, w[None, None])))
        left = model.before[:, None, None, None]
        x = model.trace * ((1 - left) * own + left * last)
        pairs = errors[:, None] * (1 - np.eye(4)) / 12
        return np.einsum("t,sq,tsqc,tsqa->ca", model.parts, pairs, sensitivity, x) * model.readout_weights[:, None]

    direction = 1e-6 * rng.standard_normal(p.skin.number)
    step = 1e-4
    numeric = (learned(weights + step * direction) - learned(weights - step * direction)) / (2 * step)
    analytic = -model.splitting_matrices(errors) @ direction
    np.testing.assert_allclose(analytic, numeric, rtol=1e-3, atol=1e-3 * np.abs(numeric).max())
