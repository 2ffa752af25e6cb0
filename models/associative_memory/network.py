"""Networks that store patterns in an energy -Σ_μ (ξ^μ·σ)^n, and one update of all of their cells."""

import numpy as np
import scipy
from numpy.polynomial import Polynomial

from cortex.experiment.coordinates import Variable
from cortex.experiment.streams import Streams
from models.associative_memory import theory
from models.associative_memory.parameters import ORDERS, MemoryParameters
from models.associative_memory.theory import Floats


def update(patterns: Floats, states: Floats, order: int) -> Floats:
    """Return the states after each cell took the sign that lowers the energy, all at once.

    A cell's own share in the overlap m = ξ·σ is left out: with h, m less that share, a flip changes the energy by
    ξ D(h), D(h) = (h + 1)^n - (h - 1)^n, where h is m - 1 or m + 1. Split into the mean of both and half their
    difference, which are polynomials in m, the sum over patterns is a product of matrices.

    Parameters
    ----------
    patterns : array of 1 and -1, (pattern, cell)
    states : array of 1 and -1, (state, cell)
    order : int
        How many cells a term of the energy multiplies.
    """
    overlap = states @ patterns.T
    alike, other = (_flip(order, share) for share in (-1, 1))
    mean, half = (alike + other) / 2, (alike - other) / 2
    field = mean(overlap) @ patterns + states * half(overlap).sum(axis=1, keepdims=True)
    return np.asarray(np.where(field == 0, states, np.sign(field)))


def _flip(order: int, share: int) -> Polynomial:
    """Return D(m + share) as a polynomial in m."""
    h = Polynomial([share, 1])
    return (h + 1) ** order - (h - 1) ** order


def draw(p: MemoryParameters, rng: np.random.Generator, patterns: int, cells: int) -> Floats:
    """Draw patterns of independent bits."""
    return np.where(rng.random((patterns, cells)) < (1 + p.bias) / 2, 1.0, -1.0)


def loaded(p: MemoryParameters, streams: Streams) -> dict[str, Variable]:
    """Count the bits of stored patterns that flip at the first update, for each order, size and load."""
    rng = streams.stimuli
    rows = []
    for order in ORDERS:
        acting = min(order, p.highest)
        for cells in p.sizes(order):
            for patterns in np.round(theory.capacity(acting, cells, p.errors)).astype(int):
                shares = []
                for _ in range(p.draws):
                    stored = draw(p, rng, max(2, patterns), cells)
                    shares.append(float(np.mean(update(stored, stored[: p.recalled], acting) != stored[: p.recalled])))
                rows.append((order, acting, cells, max(2, patterns), np.mean(shares)))
    names = {
        "order": "order of the network in its list of sizes",
        "acting": "how many cells a term of the energy multiplies",
        "cells": "number of cells",
        "patterns": "number of patterns stored",
        "wrong": "share of bits of stored patterns that flip at the first update, mean over networks",
    }
    columns = zip(names.items(), np.array(rows).T, strict=True)
    return {name: Variable(("network",), values, "1", meaning) for (name, meaning), values in columns}


def settled(p: MemoryParameters, streams: Streams) -> dict[str, Variable]:
    """Let classical networks settle from their stored patterns, at each load; return the final overlaps."""
    rng, overlaps = streams.weights, []
    for load in p.loads:
        stored = [draw(p, rng, round(load * p.settled), p.settled) for _ in range(p.draws)]
        overlaps.append([_overlap(p, patterns) for patterns in stored])
    return {
        "load": Variable(("load",), np.array(p.loads), "1", "patterns for each cell"),
        "overlap": Variable(("draw", "load"), np.array(overlaps).T, "1", "mean overlap with the stored pattern"),
    }


def _overlap(p: MemoryParameters, patterns: Floats) -> float:
    """Return the mean overlap of settled states with the patterns that they began as."""
    states = patterns
    for _ in range(p.steps):
        before, states = states, update(patterns, states, 2)
        if np.array_equal(before, states):
            break
    return float(np.mean(states * patterns))


def couplings(order: int, cells: int) -> float:
    """Return the number of different groups of so many cells, which each have a coupling."""
    return float(scipy.special.binom(cells, order))
