"""Named setups of the rate model: small tasks, each chosen for what release does there, and the arms of the hold."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import root

from models.mean_field.group import TANH, Array, Inputs, Learner, Transfer, equally_often, gaussian_inputs
from models.mean_field.predictions import release

ARMS = {
    "hold": lambda copies: (1 / copies, 1.0),
    "no hold": lambda copies: (1.0, 1.0),
    "weight split": lambda copies: (1.0, 1 / copies),
    "balanced": lambda copies: (copies**-0.5, copies**-0.5),
}
"""Gain, and scale of the copies' weights, of K equal cells."""


class Task(NamedTuple):
    """A task for one cell, with the best weights of that cell, where tied copies come to rest."""

    learner: Learner
    w: Array
    """Shape (1, afferent)."""
    a: Array
    """Shape (1, output)."""
    loss: float

    @property
    def error(self) -> Array:
        return self.learner.error(self.w, self.a)

    @property
    def drive(self) -> Array:
        return self.learner.inputs.drive(self.w[0])

    @property
    def splitting(self) -> Array:
        inputs, curvature = self.learner.inputs, self.learner.transfer.curvature(self.drive)
        return release.splitting_matrix(inputs.x, self.error, self.a[0], curvature, inputs.weight)

    def copies(self, number: int) -> tuple[Array, Array]:
        """Return equal copies of the best cell."""
        return np.repeat(self.w, number, axis=0), np.repeat(self.a, number, axis=0)

    def parted(self, number: int, direction: Array, distance: float) -> Array:
        """Return copies of which the first two differ by a small distance along a direction, (cell, afferent)."""
        sign = np.zeros((number, 1))
        sign[:2, 0] = 1, -1
        return self.copies(number)[0] + distance * sign * direction


def task(inputs: Inputs, transfer: Transfer, desired: Array, output_weight: float) -> Task:
    """Set a task with one output, and find the best cell for it."""
    learner = Learner(inputs, desired[:, None], transfer)
    w, loss = release.lowest_loss(learner, [output_weight], 1, 10, np.random.default_rng(0))
    return Task(learner, w, np.array([[output_weight]]), loss)


def tanh_cycle() -> Task:
    """Ask for two directions of a correlated input, of which one tanh cell can answer but a mixture."""
    inputs = gaussian_inputs([[1, 0.6], [0.6, 1]], 14)
    first, second = (inputs.x @ np.array([[2.0, 0.3], [-0.3, 1.5]]).T).T
    return task(inputs, TANH, np.tanh(first) + 0.9 * np.tanh(second), 1.7)


def two_directions(transfer: Transfer) -> Task:
    """Ask for two directions of a sample of three-dimensional inputs."""
    inputs = three_dimensional_inputs()
    first, second = (inputs.x @ np.array([[2.0, 0.3, 0.0], [-0.3, 1.5, 0.8]]).T).T
    return task(inputs, transfer, transfer.rate(first) + 0.9 * transfer.rate(second), 2.0)


def three_dimensional_inputs() -> Inputs:
    root = np.linalg.cholesky([[1, 0.5, 0.2], [0.5, 1, 0.3], [0.2, 0.3, 1]])
    return equally_often(np.random.default_rng(1).standard_normal((200, 3)) @ root.T)


def two_outputs() -> Task:
    """Ask two outputs at once of one tanh cell, and train its output weights as well."""
    inputs = three_dimensional_inputs()
    desired = np.tanh(inputs.x @ np.array([[1.5, 0.3, 0.0], [0.2, 1.2, 0.6]]).T)
    learner = Learner(inputs, desired, TANH, output_rate=1.0)

    def velocity(state: Array) -> Array:
        return np.concatenate(learner.velocities(state[None, :3], state[None, 3:]), axis=-1)[0]

    rest = root(velocity, np.full(5, 0.5), tol=1e-13).x
    w, a = rest[None, :3], rest[None, 3:]
    return Task(learner, w, a, float(learner.loss(w, a)))


def wiggle() -> Task:
    """Ask a tanh cell for two steps, to which parting copies cannot come closer: S > 0."""
    inputs = gaussian_inputs([[1.0]], 24)
    x = inputs.x[:, 0]
    return task(inputs, TANH, np.tanh(5 * x + 2.5) + np.tanh(5 * x - 2.5), 2.0)


def linear_arm(copies: int, gain: float, scale: float, p: int) -> tuple[Learner, Array, Array]:
    """Return linear cells that learn another function of three afferents, and their weights."""
    covariance = np.array([[1, 0.5, 0.2], [0.5, 1, 0.3], [0.2, 0.3, 1]])
    inputs = gaussian_inputs(covariance, 2)
    old, new = np.array([1.0, -0.5, 0.3]), np.array([-0.4, 0.8, 1.1])
    learner = Learner(inputs, (inputs.x @ new)[:, None], gain=gain, p=p)
    return learner, np.tile(scale * old, (copies, 1)), np.ones((copies, 1))
