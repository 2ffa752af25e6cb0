"""A unit whose copies gain nothing by parting: one input, one output, and a positive splitting matrix.

The best single unit for y = tanh(5x + 2.5) + tanh(5x - 2.5), x of variance 1, is a tanh through the origin. The loss
rises wherever its copies part.
"""

import numpy as np
import scipy

from models.deep.network import Examples, Network, Rule, double, learn

INPUTS = np.linspace(-6, 6, 601)
"""At which the answer to a normal input is summed."""

RATE, STEPS, NOISE = 0.2, 2000, 0.01


def examples() -> Examples:
    """Return the task."""
    y = np.tanh(5 * INPUTS + 2.5) + np.tanh(5 * INPUTS - 2.5)
    return Examples(INPUTS[:, None], y[:, None], np.exp(-(INPUTS**2) / 2))


def best_unit() -> tuple[float, float, float]:
    """Return incoming weight, outgoing weight and loss of the best single unit, without a bias."""
    task = examples()
    x, y = task.inputs[:, 0], task.targets[:, 0]

    def loss(weights: np.ndarray) -> float:
        error = weights[1] * np.tanh(weights[0] * x) - y
        return float(0.5 * error**2 @ task.weights / task.weights.sum())

    found = scipy.optimize.minimize(loss, [1.0, 2.0], options={"gtol": 1e-9})
    return float(found.x[0]), float(found.x[1]), float(found.fun)


def change_after_release() -> float:
    """Return how much the loss changes when two copies of the best unit are parted by noise and learn on."""
    incoming, outgoing, loss = best_unit()
    task, one = examples(), np.ones(2)
    start = Network(incoming + NOISE * np.array([[1.0, -1.0]]), np.full((2, 1), outgoing / 2), np.zeros(1))
    rule = Rule(one, one, np.zeros(()), np.eye(2), np.zeros(()))
    with double():
        _, losses = learn(
            Network(*(part[None, None] for part in start)),
            Examples(*(part[None] for part in task)),
            Rule(*(part[None] for part in rule)),
            np.full((1, 1), RATE),
            STEPS,
            "tanh",
        )
    return float(losses[0, 0, -1] - loss)
