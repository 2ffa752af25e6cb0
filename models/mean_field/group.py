"""The reduced rate model of copy, hold, learn and release.

A group of K cells stands for one target cell and its K - 1 idle neighbours. Cell k has afferent weights w_k and a
drive h_k = w_k.x; its rate is r_k = G f(h_k) with the gain G that the whole group shares, and the group answers
y = sum_k a_k r_k. The model runs through four phases:

1. copy: idle cells follow the target, the first cell, which itself rests (`copy`);
2. normalise: the pooled gain brings the total rate back to what the target alone had (`normalise`);
3. learn: all cells follow an error e = y - y*, the hold ties their updates (`Learner` with `tied=True`);
4. release: they follow it each by itself, with a private noise, the gain frozen at 1 / K (`tied=False`).

Inputs are a finite set with weights, a sample or the nodes of a quadrature, so that every expectation is exact.
The third phase trial by trial, with noise, is in `online`; what is expected of all this in closed form, in
`predictions`.

The rules of copying are those of Legenstein, Naeger & Maass 2005, doi:10.1162/0899766054796888 (a teacher and a decay),
and Urbanczik & Senn 2014, doi:10.1016/j.neuron.2013.11.030 (an error); the pooled gain is the divisive normalisation of
Carandini & Heeger 2012, doi:10.1038/nrn3136.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate, product
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


class Transfer(NamedTuple):
    """A transfer function, that is a noise-smoothed f-I curve, and its derivatives."""

    rate: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    curvature: Callable[[Array], Array]


LINEAR = Transfer(lambda h: h, np.ones_like, np.zeros_like)
TANH = Transfer(
    np.tanh,
    lambda h: 1 - np.tanh(h) ** 2,
    lambda h: -2 * np.tanh(h) * (1 - np.tanh(h) ** 2),
)
SOFTPLUS = Transfer(
    lambda h: np.logaddexp(0, h),
    lambda h: (1 + np.tanh(h / 2)) / 2,
    lambda h: (1 - np.tanh(h / 2) ** 2) / 4,
)


@dataclass(frozen=True)
class Inputs:
    """A finite set of inputs, over which expectations are sums."""

    x: Array
    """Shape (input, afferent)."""
    weight: Array
    """How often each input comes, shape (input,); the sum is 1."""

    def drive(self, w: Array) -> Array:
        """Return h = w.x, (..., input), for weights (..., afferent).

        Not a matrix product: that may round differently from row to row, and equal cells must stay equal to the bit.
        """
        h: Array = np.einsum("...d,nd->...n", w, self.x)
        return h

    def mean(self, values: Array) -> Array:
        """Return E[value], (...), of values (..., input)."""
        mean: Array = np.einsum("...n,n->...", values, self.weight)
        return mean

    def correlate(self, values: Array) -> Array:
        """Return E[value x], (..., afferent), of values (..., input)."""
        correlation: Array = np.einsum("...n,nd->...d", values * self.weight, self.x)
        return correlation


def equally_often(x: ArrayLike) -> Inputs:
    """Take a sample (input, afferent) as the set of inputs."""
    x = np.asarray(x, dtype=float)
    return Inputs(x, np.full(len(x), 1 / len(x)))


def gaussian_inputs(covariance: ArrayLike, nodes: int) -> Inputs:
    """Return the nodes of Gauss-Hermite quadrature for Gaussian inputs of mean 0.

    Parameters
    ----------
    covariance : array, (afferent, afferent)
    nodes : int
        Number along each axis. Polynomials up to degree 2 nodes - 1 have their exact expectation.
    """
    root = np.linalg.cholesky(np.asarray(covariance, dtype=float))
    place, weight = np.polynomial.hermite_e.hermegauss(nodes)
    grid = np.array(list(product(place, repeat=len(root))))
    weights = np.array(list(product(weight / weight.sum(), repeat=len(root)))).prod(axis=1)
    return Inputs(grid @ root.T, weights)


def integrate(velocity: Callable[[Array], Array], state: ArrayLike, duration: float, dt: float) -> Array:
    """Follow a flow by the classical Runge-Kutta method.

    Returns
    -------
    array, (time, ...)
        The state at 0, dt, ..., duration.
    """
    course = [np.asarray(state, dtype=float)]
    for _ in range(round(duration / dt)):
        course.append(runge_kutta(velocity, course[-1], dt))
    return np.array(course)


def runge_kutta(velocity: Callable[[Array], Array], state: Array, dt: float) -> Array:
    """Make one step of the classical Runge-Kutta method."""
    first = velocity(state)
    second = velocity(state + dt / 2 * first)
    third = velocity(state + dt / 2 * second)
    fourth = velocity(state + dt * third)
    return state + dt / 6 * (first + 2 * second + 2 * third + fourth)


def copy(
    w: ArrayLike, inputs: Inputs, transfer: Transfer, tau: float, duration: float, dt: float, decay: float | None = None
) -> Array:
    """Let the idle cells copy the first one.

    By default they follow the error, tau dw_k/dt = E[(f(h_1) - f(h_k)) x], and end at w_1. With a decay they follow the
    Hebbian rule tau dw_k/dt = E[f(h_1) x] - decay w_k, and end along C w_1 if inputs are Gaussian.

    Parameters
    ----------
    w : array, (cell, afferent)
        The target first.
    tau, duration, dt : float
        In one unit of time.
    decay : float, optional
        Of the Hebbian rule.

    Returns
    -------
    array, (time, cell, afferent)
    """
    w = np.asarray(w, dtype=float)
    target = transfer.rate(inputs.drive(w[0]))

    def velocity(idle: Array) -> Array:
        if decay is None:
            return inputs.correlate(target - transfer.rate(inputs.drive(idle))) / tau
        return (inputs.correlate(target) - decay * idle) / tau

    idle = integrate(velocity, w[1:], duration, dt)
    return np.concatenate([np.broadcast_to(w[:1], (len(idle), *w[:1].shape)), idle], axis=1)


def total_rate(w: ArrayLike, inputs: Inputs, transfer: Transfer) -> Array:
    """Return the total rate of a group at gain 1, relative to that of the target alone.

    Parameters
    ----------
    w : array, (..., cell, afferent)
        The target first.

    Returns
    -------
    array, (...)
        sum_k <|f(h_k)|> / <|f(h_1)|>.
    """
    rates = inputs.mean(np.abs(transfer.rate(inputs.drive(np.asarray(w, dtype=float)))))
    total: Array = rates.sum(axis=-1) / rates[..., 0]
    return total


def normalise(total: ArrayLike, tau: float, dt: float) -> Array:
    """Let the pooled gain follow the total rate, tau dG/dt = 1 - G total, from G = 1.

    Parameters
    ----------
    total : array, (time,)
        Total rate at gain 1, relative to the target alone, every dt (`total_rate`).
    tau, dt : float
        In one unit of time.

    Returns
    -------
    array, (time,)
        The gain; G total is the total that the group has.
    """

    def step(gain: Array, load: float) -> Array:
        return runge_kutta(lambda g: (1 - g * load) / tau, gain, dt)

    loads = np.asarray(total, dtype=float)[:-1]
    return np.array(list(accumulate(loads, step, initial=np.array(1.0))))


@dataclass(frozen=True)
class Learner:
    """A group of cells that learns y = G sum_k a_k f(w_k.x); an arm of an experiment differs in a field or two."""

    inputs: Inputs
    desired: Array
    """What is to be answered, y*, shape (input, output)."""
    transfer: Transfer = LINEAR
    gain: float = 1.0
    """Pooled gain G: 1 / K under the hold, 1 without it."""
    rate: float = 1.0
    """Learning rate of afferent weights."""
    output_rate: float = 0.0
    """Learning rate of output weights; 0 leaves them as they are."""
    p: int = 2
    """2: true gradient. 1: local rule with a broadcast error, which does not know the gain."""
    tied: bool = False
    """Whether the hold shares the update: each cell learns with the mean of the group."""
    noise: float = 0.0
    """Diffusion D of each afferent weight, private to each cell: variance per time."""

    def error(self, w: Array, a: Array) -> Array:
        """Return e = y - y*, (..., input, output), for w (..., cell, afferent) and a (..., cell, output)."""
        rates = self.gain * self.transfer.rate(self.inputs.drive(w))
        error: Array = np.einsum("...kn,...ko->...no", rates, a) - self.desired
        return error

    def loss(self, w: Array, a: Array) -> Array:
        """Return E|e|^2 / 2, (...)."""
        return self.inputs.mean((self.error(w, a) ** 2).sum(axis=-1)) / 2

    def velocities(self, w: Array, a: Array) -> tuple[Array, Array]:
        """Return dw_k/dt = -rate G^(p-1) E[e.a_k f'(h_k) x] and da_k/dt = -output_rate G^(p-1) E[f(h_k) e]."""
        error, drive = self.error(w, a), self.inputs.drive(w)
        seen = self.gain ** (self.p - 1)
        blame = np.einsum("...no,...ko->...kn", error, a) * self.transfer.slope(drive)
        outputs = np.einsum("...kn,...no->...ko", self.inputs.weight * self.transfer.rate(drive), error)
        change = -self.rate * seen * self.inputs.correlate(blame)
        if self.tied:
            change = np.broadcast_to(change.mean(axis=-2, keepdims=True), change.shape)
        return change, -self.output_rate * seen * outputs

    def learn(
        self, w: ArrayLike, a: ArrayLike, duration: float, dt: float, rng: np.random.Generator | None = None
    ) -> tuple[Array, Array]:
        """Follow the learning rule in continuous time.

        Parameters
        ----------
        w : array, (..., cell, afferent)
        a : array, (..., cell, output)
        duration, dt : float
            In one unit of time.
        rng : Generator, optional
            Draws the private noise, of which there is none without it.

        Returns
        -------
        w : array, (time, ..., cell, afferent)
        a : array, (time, ..., cell, output)
        """
        afferents = np.shape(w)[-1]

        def velocity(state: Array) -> Array:
            return np.concatenate(self.velocities(state[..., :afferents], state[..., afferents:]), axis=-1)

        course = [np.concatenate([w, a], axis=-1)]
        for _ in range(round(duration / dt)):
            state = runge_kutta(velocity, course[-1], dt)
            if rng is not None:
                w = state[..., :afferents]
                w += np.sqrt(self.noise * dt) * rng.standard_normal(w.shape)
            course.append(state)
        states = np.array(course)
        return states[..., :afferents], states[..., afferents:]

    def descend(self, w: ArrayLike, a: ArrayLike, steps: int) -> tuple[Array, Array]:
        """Follow the learning rule in steps of 1, as training by batches does; returns the last weights."""
        w, a = np.asarray(w, dtype=float), np.asarray(a, dtype=float)
        for _ in range(steps):
            change, output_change = self.velocities(w, a)
            w, a = w + change, a + output_change
        return w, a
