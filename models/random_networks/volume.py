"""How the share of networks with a small error falls with the error, and how many solutions there are."""

import math

import numpy as np

from cortex.experiment.coordinates import Variable
from cortex.experiment.streams import Streams
from models.random_networks.parameters import DensityParameters, Volume

ERRORS = np.geomspace(1e-6, 1e-1, 26)
"""Squared errors at which the share of networks is kept for the figure."""

NODES = 8
"""Inputs at which the error is taken, for odd functions on (-1, 1): exact to 1e-12 for these functions."""

AT_A_TIME = 100_000
"""Networks that are held at a time."""


def volume(p: Volume, streams: Streams) -> dict[str, Variable]:
    """Return the share of networks with a squared error below each level, by width.

    The target is zero, weights are standard normal numbers, and the error is the mean over inputs from -1 to 1.
    """
    rng = streams.weights
    levels = np.unique(np.concatenate([ERRORS, [p.small, p.large]]))
    x, weights = np.polynomial.legendre.leggauss(2 * NODES)
    x, weights = x[NODES:], weights[NODES:]
    counts = np.zeros((len(p.widths), len(levels)))
    for number, width in enumerate(p.widths):
        for first in range(0, p.draws, AT_A_TIME):
            inward, outward = rng.standard_normal((2, min(AT_A_TIME, p.draws - first), width))
            answers = np.stack([(outward * np.tanh(inward * one)).sum(axis=1) for one in x], axis=1)
            errors = np.sort(answers**2 @ weights)
            counts[number] += np.searchsorted(errors, levels)
    return {
        "hidden": Variable(("hidden",), np.array(p.widths), "1", "hidden cells"),
        "error": Variable(("error",), levels, "1", "squared error"),
        "share": Variable(("hidden", "error"), counts / p.draws, "1", "share of networks with a smaller error"),
    }


def learning_coefficient(hidden: int) -> float:
    """Return the exponent of the share of networks with an error below ε as ε falls to 0 (Aoyagi & Watanabe 2005)."""
    i = math.isqrt(hidden)
    return (hidden + i**2 + i) / (4 * i + 2)


def solutions(cells: int, width: int) -> int:
    """Return the number of subspaces of exact solutions with `width` hidden cells, of which `cells` are needed.

    Each of the cells needed is one hidden cell or several in common; others cancel in groups (Simsek et al. 2021,
    arXiv:2105.12221): the sum over k of S(width, k) k!/(k - cells)!, S Stirling's numbers of the second kind.
    """
    row = [1]
    for _ in range(width):
        row = [0, *(k * (row[k] if k < len(row) else 0) + row[k - 1] for k in range(1, len(row) + 1))]
    return sum(row[k] * math.perm(k, cells) for k in range(cells, width + 1))


def counts(p: DensityParameters) -> dict[str, Variable]:
    """Return the numbers of solutions for each width from the least one on."""
    widths = range(p.cells, p.largest + 1)
    numbers = np.array([float(solutions(p.cells, width)) for width in widths])
    return {
        "hidden_cells": Variable(("hidden_cells",), np.array(widths), "1", "hidden cells of the layer"),
        "solutions": Variable(("hidden_cells",), numbers, "1", "subspaces of exact solutions"),
    }
