"""What is known of copies of a unit before they learn: speed, largest stable step, and whether they part.

A unit with incoming weights w and outgoing weights a becomes K units with w and a/K. The tangent kernel is a sum of a
part of the outgoing weights, which grows K times, a part of the incoming weights, which shrinks K times, and a part of
the outputs' bias. Copies part along the directions in which the splitting matrix is negative (Liu, Wu, Wang 2019,
arXiv:1910.02366, for one output and fixed outgoing weights; here the outgoing weights move as well).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from models.deep.digits import Floats
from models.deep.network import Examples, Network


class Factors(NamedTuple):
    """By what the two parts of the kernel are multiplied, relative to the network before the split."""

    outgoing: float
    incoming: float


def factors(copies: int) -> dict[str, Factors]:
    """Return the factors of the network itself, of K copies, and of K that are held: one gain 1/K, one update."""
    return {"single": Factors(1, 1), "copies": Factors(copies, 1 / copies), "held": Factors(1, 1 / copies)}


def activities(network: Network, inputs: Floats, activation: str) -> tuple[Floats, Floats, Floats]:
    """Return the activity of each unit and its first two derivatives, shape (sample, unit)."""
    u = inputs @ network.incoming
    if activation == "tanh":
        f = np.tanh(u)
        return f, 1 - f**2, -2 * f * (1 - f**2)
    slope = 1 / (1 + np.exp(-u))
    return np.logaddexp(0, u), slope, slope * (1 - slope)


def seeds(networks: Network, examples: Examples) -> Iterator[tuple[Network, Examples]]:
    """Yield the network and the examples of each seed."""
    for seed in range(len(networks.bias)):
        yield Network(*(part[seed] for part in networks)), Examples(*(part[seed] for part in examples))


def jacobians(network: Network, examples: Examples, activation: str) -> tuple[Floats, Floats, Floats]:
    """Return the derivatives of all outputs by outgoing weights, incoming weights and bias, weighted by sample."""
    f, slope, _ = activities(network, examples.inputs, activation)
    root = np.sqrt(examples.weights / examples.weights.sum())[:, None]
    outputs = network.outgoing.shape[1]
    eye = np.eye(outputs)
    outgoing = np.einsum("nu,op->noup", f * root, eye)
    incoming = np.einsum("nu,nd,uo->nodu", slope * root, examples.inputs, network.outgoing)
    bias = np.einsum("nu,op->noup", root, eye)
    rows = len(f) * outputs
    return outgoing.reshape(rows, -1), incoming.reshape(rows, -1), bias.reshape(rows, -1)


def errors(network: Network, examples: Examples, activation: str) -> Floats:
    """Return the error of each output, shape (sample, output)."""
    f, _, _ = activities(network, examples.inputs, activation)
    return np.asarray(f @ network.outgoing + network.bias - examples.targets)


def speed(network: Network, examples: Examples, activation: str, factor: Factors) -> float:
    """Return how fast the loss falls per learning rate: the error's form in the kernel."""
    root = np.sqrt(examples.weights / examples.weights.sum())[:, None]
    error = (errors(network, examples, activation) * root).ravel()
    parts = [float(((error @ part) ** 2).sum()) for part in jacobians(network, examples, activation)]
    return factor.outgoing * parts[0] + factor.incoming * parts[1] + parts[2]


def largest_step(network: Network, examples: Examples, activation: str, factor: Factors) -> float:
    """Return 2/λ_max of the kernel: the largest stable rate of batch learning where little error is left."""
    outgoing, incoming, bias = jacobians(network, examples, activation)
    scaled = np.hstack([np.sqrt(factor.outgoing) * outgoing, np.sqrt(factor.incoming) * incoming, bias])
    return float(2 / np.linalg.eigvalsh(scaled.T @ scaled)[-1])


def splitting_matrix(network: Network, examples: Examples, activation: str, unit: int) -> Floats:
    """Return the matrix M of a unit: the loss of equal copies of it, parted by z, grows by zᵀMz/2 for each copy.

    z is a change of the incoming and of the outgoing weights of one copy; changes of all copies sum to 0.
    """
    _, slope, bend = activities(network, examples.inputs, activation)
    weight = (examples.weights / examples.weights.sum())[:, None]
    error = errors(network, examples, activation) * weight
    s = np.einsum("n,nd,ne->de", (error @ network.outgoing[unit]) * bend[:, unit], examples.inputs, examples.inputs)
    d = np.einsum("n,nd,no->do", slope[:, unit], examples.inputs, error)
    return np.block([[s, d], [d.T, np.zeros((d.shape[1], d.shape[1]))]])


def fastest(network: Network, examples: Examples, activation: str, units: list[int]) -> tuple[int, float, Floats]:
    """Return the unit, of these, whose copies part fastest, the least eigenvalue of its matrix, and where to."""
    least, vectors = zip(
        *(np.linalg.eigh(splitting_matrix(network, examples, activation, unit)) for unit in units), strict=True
    )
    group = int(np.argmin([values[0] for values in least]))
    return units[group], float(least[group][0]), vectors[group][:, 0]
