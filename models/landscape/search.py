"""Learning a teacher's answers from many starts: by L-BFGS, by stochastic descent, by a directed random walk.

Networks of all widths begin with the same cells: a wider one has more of them.
"""

from typing import Any, NamedTuple

import numpy as np
import scipy

from cortex.experiment.streams import Streams
from cortex.extras import extra
from models.landscape.network import INPUTS, Floats, answers, stimuli, teachers
from models.landscape.parameters import LandscapeParameters, Search

MEMORY = 20
"""Corrections that L-BFGS keeps."""

SMALLEST, LARGEST = -3.0, -0.5
"""Powers of ten between which the size of a random step lies."""


class Task(NamedTuple):
    """What is to be learned, and where learning begins."""

    stimuli: Floats
    """Shape (stimulus, input)."""
    answers: Floats
    """Of variance 1, shape (stimulus,)."""
    starts: Floats
    """Input weights of each cell and its output weight, shape (start, cell, input + 1)."""


def task(p: LandscapeParameters, streams: Streams) -> Task:
    """Draw a teacher, stimuli and starts."""
    s = p.search
    x = stimuli(streams.stimuli, p.teacher.stimuli)
    incoming, outgoing = teachers(streams.weights, 1, s.teacher, p.teacher.size)
    if s.redundant:
        incoming[:, -1] = incoming[:, 0]
    right = answers(x, incoming, outgoing)[0]
    starts = streams.noise.standard_normal((s.starts, max(s.widths), INPUTS + 1))
    return Task(x, right / right.std(), starts)


def by_lbfgs(given: Task, widths: tuple[int, ...], iterations: int) -> Floats:
    """Return the loss that L-BFGS ends with, shape (width, start)."""
    x, right, starts = given

    def loss(flat: Floats) -> tuple[float, Floats]:
        cells = flat.reshape(-1, INPUTS + 1)
        active = np.tanh(x @ cells[:, :INPUTS].T)
        error = active @ cells[:, INPUTS] - right
        gradient = np.empty_like(cells)
        gradient[:, INPUTS] = error @ active
        gradient[:, :INPUTS] = (error[:, None] * (1 - active**2) * cells[:, INPUTS]).T @ x
        return float(error @ error) / len(right), gradient.ravel() * (2 / len(right))

    options = {"maxiter": iterations, "maxfun": 10 * iterations, "ftol": 0, "gtol": 0, "maxcor": MEMORY}
    return np.array(
        [
            [
                scipy.optimize.minimize(loss, start[:width].ravel(), jac=True, method="L-BFGS-B", options=options).fun
                for start in starts
            ]
            for width in widths
        ]
    )


class _Networks:
    """All networks of all starts at once, in single precision: a narrow one is a wide one with silent cells."""

    def __init__(self, given: Task, widths: tuple[int, ...]) -> None:
        self.jax, np_ = extra("jax"), extra("jax.numpy")
        self.shape = len(widths), len(given.starts)
        present = np.arange(given.starts.shape[1]) < np.array(widths)[:, None]
        begin = np.where(present[:, None, :, None], given.starts, 0).reshape(-1, *given.starts.shape[1:])
        self.x, self.right, self.begin = (np_.asarray(a, np_.float32) for a in (given.stimuli, given.answers, begin))
        self.present = np_.repeat(np_.asarray(present), self.shape[1], axis=0)[:, :, None]

    def loss(self, cells: Any, x: Any, right: Any) -> Any:
        """Return the loss of one network; cells without weights have no part in it."""
        np_ = extra("jax.numpy")
        return np_.mean((np_.tanh(x @ cells[:, :INPUTS].T) @ cells[:, INPUTS] - right) ** 2)

    def losses(self, cells: Any) -> Any:
        """Return the loss of each network for all stimuli."""
        return self.jax.vmap(self.loss, (0, None, None))(cells, self.x, self.right)

    def run(self, step: Any, state: Any, seed: int, number: int) -> Any:
        """Repeat a step with a key of its own, and return the last state."""
        keys = self.jax.random.split(self.jax.random.key(seed), number)
        return self.jax.jit(lambda state: self.jax.lax.scan(step, state, keys)[0])(state)


def by_descent(given: Task, s: Search, seed: int) -> Floats:
    """Return the loss after stochastic gradient descent with momentum, shape (width, start)."""
    networks, jax, optax = _Networks(given, s.widths), extra("jax"), extra("optax")
    optimizer = optax.sgd(s.rate, momentum=0.9)
    gradient = jax.vmap(jax.grad(networks.loss), (0, None, None))

    def step(state: Any, key: Any) -> Any:
        cells, moments = state
        chosen = jax.random.randint(key, (s.batch,), 0, len(networks.right))
        slopes = gradient(cells, networks.x[chosen], networks.right[chosen]) * networks.present
        updates, moments = optimizer.update(slopes, moments)
        return (cells + updates, moments), None

    cells, _ = networks.run(step, (networks.begin, optimizer.init(networks.begin)), seed, s.updates)
    return np.asarray(networks.losses(cells), float).reshape(networks.shape)


def by_walk(given: Task, s: Search, seed: int) -> Floats:
    """Return the loss after a random walk that takes only the steps that lessen it, shape (width, start)."""
    networks, jax = _Networks(given, s.widths), extra("jax")
    np_ = extra("jax.numpy")

    def step(state: Any, key: Any) -> Any:
        cells, loss = state
        direction, size = jax.random.split(key)
        sizes = 10 ** jax.random.uniform(size, (len(loss), 1, 1), minval=SMALLEST, maxval=LARGEST)
        moved = cells + sizes * jax.random.normal(direction, cells.shape) * networks.present
        now = networks.losses(moved)
        taken = (now < loss) | (not s.directed)
        return (np_.where(taken[:, None, None], moved, cells), np_.where(taken, now, loss)), None

    _, loss = networks.run(step, (networks.begin, networks.losses(networks.begin)), seed, s.steps)
    return np.asarray(loss, float).reshape(networks.shape)
