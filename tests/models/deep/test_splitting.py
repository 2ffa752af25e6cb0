"""Copies of units: the function that they keep, and what is predicted of them before they learn."""

import numpy as np
import pytest

from cortex.errors import UsageError
from models.deep import splitting
from models.deep.growing import copied, merged, ruled, rules, stacked
from models.deep.growth import GrowthParameters
from models.deep.network import Examples, Network, Rule, answer, double, learn
from models.deep.wiggle import best_unit, change_after_release, examples
from scenarios.network_growth import SCENARIO

pytest.importorskip("jax")
pytest.importorskip("optax")

P = GrowthParameters().override({"hidden": 2, "copies": 3, "components": 3, "seeds": 2})


@pytest.fixture
def small() -> Network:
    rng = np.random.default_rng(0)
    return Network(rng.standard_normal((2, 4, 2)), rng.standard_normal((2, 2, 10)), rng.standard_normal((2, 10)))


@pytest.fixture
def task() -> Examples:
    rng = np.random.default_rng(1)
    return Examples(rng.standard_normal((2, 20, 4)), rng.standard_normal((2, 20, 10)), rng.random((2, 20)))


@pytest.mark.parametrize("activation", ["tanh", "softplus"])
def test_copies_keep_the_function_if_outgoing_weights_are_divided(small, task, activation) -> None:
    def outputs(network: Network) -> np.ndarray:
        return np.asarray(answer(network._replace(bias=network.bias[:, None]), task.inputs, activation))

    with double():
        before, split, undivided = outputs(small), outputs(copied(P, small)), outputs(copied(P, small, divided=False))
    assert np.abs(split - before).max() < 1e-12 < 1 < np.abs(undivided - before).max()
    assert all(np.allclose(*parts, atol=1e-15) for parts in zip(merged(P, copied(P, small)), small, strict=True))


def test_held_copies_learn_as_one_unit_whose_incoming_weights_are_slower(small, task) -> None:
    """The hold is no more than another rate; the one unit itself is copies with both rates back."""
    one = np.ones(2)
    slow, plain = (Rule(one / k, one, np.ones(()), np.eye(2), np.zeros(())) for k in (P.copies, 1))
    rates = np.full((2, 2), 0.1)
    with double():
        units, _ = learn(stacked([small, small]), task, ruled([slow, plain]), rates, 50, "tanh")
        ways = ruled([rules(P)["held"], rules(P)["single"]])
        copies, _ = learn(stacked([copied(P, small)] * 2), task, ways, rates, 50, "tanh")
    assert all(np.abs(a - b).max() < 1e-12 for a, b in zip(merged(P, copies), units, strict=True))


def test_the_kernel_has_the_parts_that_differences_show(small, task) -> None:
    one, each = next(iter(splitting.seeds(small, task)))
    for activation in ("tanh", "softplus"):
        parts = splitting.jacobians(one, each, activation)
        root = np.sqrt(each.weights / each.weights.sum())[:, None]
        for name, jacobian in zip(("outgoing", "incoming", "bias"), parts, strict=True):
            moved = []
            for sign in (1, -1):
                changed = getattr(one, name).copy()
                changed.flat[1] += sign * 1e-6
                moved.append(splitting.errors(one._replace(**{name: changed}), each, activation) * root)
            assert jacobian[:, 1] == pytest.approx((moved[0] - moved[1]).ravel() / 2e-6, abs=1e-8)


def test_the_splitting_matrix_is_the_curvature_of_the_loss_for_copies_that_part(small, task) -> None:
    one, each = next(iter(splitting.seeds(small, task)))
    grown = copied(P, one)
    z = np.random.default_rng(2).standard_normal(14)
    matrix = splitting.splitting_matrix(grown, each, "softplus", 3)

    def loss(step: float) -> float:
        incoming, outgoing = grown.incoming.copy(), grown.outgoing.copy()
        for unit, sign in ((3, step), (4, -step)):
            incoming[:, unit] += sign * z[:4]
            outgoing[unit] += sign * z[4:]
        error = splitting.errors(Network(incoming, outgoing, grown.bias), each, "softplus")
        return float(0.5 * (error**2).sum(axis=1) @ each.weights / each.weights.sum())

    assert loss(1e-4) + loss(-1e-4) - 2 * loss(0) == pytest.approx(2e-8 * z @ matrix @ z, rel=1e-3)


def test_where_the_matrix_is_positive_release_gains_nothing() -> None:
    """The scalar unit of which theory has loss 0.0346 and S = 0.0467, for samples."""
    incoming, outgoing, loss = best_unit()
    unit = Network(np.array([[incoming]]), np.array([[outgoing]]), np.zeros(1))
    matrix = splitting.splitting_matrix(unit, examples(), "tanh", 0)
    assert (loss, matrix[0, 0]) == (pytest.approx(0.0346, abs=1e-4), pytest.approx(0.0467, abs=5e-4))
    assert abs(matrix[0, 1]) < 1e-8
    assert abs(change_after_release()) < 1e-10


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"copies": "1"}, "copies"),
        ({"hidden": "0"}, "hidden"),
        ({"rates": "0.1,0.2"}, "at least three rates"),
        ({"rates": "0.4,0.2,0.1"}, "at least three rates"),
        ({"seeds": "1"}, "seeds"),
        ({"activation": "relu"}, "activation"),
    ],
)
def test_what_cannot_be_split_or_compared_is_refused(values: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError) as error:
        SCENARIO.resolve(values)
    assert told in " ".join(error.value.problems)
