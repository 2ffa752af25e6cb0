"""Whether released copies part, how fast, and what they gain by it."""

import math

import numpy as np
import scipy
from numpy.typing import ArrayLike

from models.mean_field.group import Array, Learner
from models.mean_field.predictions.copy_and_hold import second_moment


def splitting_matrix(
    x: ArrayLike,
    error: ArrayLike,
    output_weight: ArrayLike,
    curvature: ArrayLike,
    weight: ArrayLike | None = None,
) -> Array:
    """Return S = E[e.a f''(w.x) x x^T], which decides whether equal copies part.

    To second order, parting copies w + d_k with sum d_k = 0 change the loss E|e|^2 / 2 by sum_k d_k^T S d_k / (2 K)
    (Liu, Wu & Wang 2019, arXiv:1910.02366).

    Parameters
    ----------
    x : array, (input, afferent)
    error : array, (input, output)
        e = y - y*.
    output_weight : array, (output,)
        a, of the group with gain 1/K: that of the single cell it equals.
    curvature : array, (input,)
        f''(w.x) at the drive of the copies.
    weight : array, (input,), optional
        How often each input comes, with sum 1.

    Returns
    -------
    array, (afferent, afferent)
        Symmetric; a negative eigenvalue lets copies part along its eigenvector.
    """
    return second_moment(x, weight, np.asarray(error) @ np.asarray(output_weight) * np.asarray(curvature))


def splitting_matrix_with_outputs(
    splitting: ArrayLike, x: ArrayLike, error: ArrayLike, slope: ArrayLike, weight: ArrayLike | None = None
) -> Array:
    """Return M = [[S, 2 D], [2 D^T, 0]] with D = E[f'(w.x) x e^T]: two copies whose output weights part as well.

    Parameters
    ----------
    splitting : array, (afferent, afferent)
        S, of `splitting_matrix`.
    x : array, (input, afferent)
    error : array, (input, output)
    slope : array, (input,)
        f'(w.x) at the drive of the copies.
    weight : array, (input,), optional

    Returns
    -------
    array, (afferent + output, afferent + output)
        Unless D is 0 it has a negative eigenvalue. It is 0 at an optimum of one output.
    """
    x, error = np.asarray(x, dtype=float), np.asarray(error, dtype=float)
    weight = np.full(len(x), 1 / len(x)) if weight is None else np.asarray(weight)
    joint = (x * (weight * slope)[:, None]).T @ error
    return np.block([[np.asarray(splitting), 2 * joint], [2 * joint.T, np.zeros((error.shape[1],) * 2)]])


def divergence_rate(splitting: ArrayLike, rate: float, copies: int, p: int) -> float:
    """Return the rate at which the difference of released copies grows, -rate G^(p-1) min eig(S) with G = 1/K frozen.

    Parameters
    ----------
    splitting : array, (n, n)
        S of `splitting_matrix`, or with p = 2 and K = 2 the matrix M with outputs.
    rate : float
        Learning rate, per unit of time.

    Returns
    -------
    float, per unit of time
        Negative if they come together again.
    """
    return -rate * float(copies) ** (1 - p) * float(np.linalg.eigvalsh(np.asarray(splitting))[0])


def expected_divergence(t: ArrayLike, rate: float, diffusion: float, copies: int) -> Array:
    """Return E sum_k (d_k.v)^2 of copies that were equal at 0, (K - 1) D (exp(2 L t) - 1) / (2 L).

    Parameters
    ----------
    t : array, (time,)
    rate : float
        L, of `divergence_rate`; not 0.
    diffusion : float
        D, variance that the private noise adds to each weight per time: half the slope of Var(w_1 - w_2).

    Returns
    -------
    array, (time,)
        Of the deviations d_k from the mean weights along the unit eigenvector v.
    """
    divergence: Array = (copies - 1) * diffusion * np.expm1(2 * rate * np.asarray(t, dtype=float)) / (2 * rate)
    return divergence


def divergence_time(distance: float, rate: float, diffusion: float, copies: int) -> float:
    """Return the time after which `expected_divergence` is the square of a distance.

    Returns
    -------
    float
        ln(1 + 2 L distance^2 / ((K - 1) D)) / (2 L); nan if it stays below.
    """
    grown = 2 * rate * distance**2 / ((copies - 1) * diffusion)
    return math.log1p(grown) / (2 * rate) if grown > -1 else math.nan


def stationary_divergence(rate: float, diffusion: float, copies: int) -> float:
    """Return the E sum_k (d_k.v)^2 at which private noise keeps copies that attract each other, (K - 1) D / (2 |L|).

    Returns
    -------
    float
        Infinite for copies that do not.
    """
    return (copies - 1) * diffusion / (-2 * rate) if rate < 0 else math.inf


def lowest_loss(
    learner: Learner, output_weight: ArrayLike, copies: int, starts: int, rng: np.random.Generator
) -> tuple[Array, float]:
    """Find the best afferent weights of K untied cells that share an output weight, from many random starts.

    One cell gives the plateau of tied copies, K cells the loss that release can reach.

    Parameters
    ----------
    learner : Learner
        Has the inputs, the desired answers and the transfer function.
    output_weight : array, (output,)
        a; each cell has a / K.
    starts : int
        Number of standard normal starts.

    Returns
    -------
    w : array, (cell, afferent)
    loss : float
        E|e|^2 / 2.
    """
    gradient = Learner(learner.inputs, learner.desired, learner.transfer)
    a = np.tile(np.asarray(output_weight, dtype=float) / copies, (copies, 1))
    shape = (copies, learner.inputs.x.shape[1])

    def loss(w: Array) -> tuple[float, Array]:
        change, _ = gradient.velocities(w.reshape(shape), a)
        return float(gradient.loss(w.reshape(shape), a)), -change.ravel()

    found = [
        scipy.optimize.minimize(
            loss, rng.standard_normal(shape).ravel(), jac=True, method="BFGS", options={"gtol": 1e-9}
        )
        for _ in range(starts)
    ]
    best = min(found, key=lambda result: result.fun)
    return best.x.reshape(shape), float(best.fun)


def naive_release_loss(answer: ArrayLike, desired: ArrayLike, copies: int, weight: ArrayLike | None = None) -> float:
    """Return the loss when the gain of K equal copies jumps from 1/K back to 1, E|K y - y*|^2 / 2.

    Parameters
    ----------
    answer, desired : array, (input, output)
        y of the held group, and y*.
    weight : array, (input,), optional
    """
    squares = ((copies * np.asarray(answer) - np.asarray(desired)) ** 2).sum(axis=1)
    return float(np.average(squares, weights=weight)) / 2
