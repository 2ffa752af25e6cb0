"""Random connections and inputs that are the same for each backend."""

import numpy as np
from brian2 import SpikeGeneratorGroup, Synapses, ms


def connect(synapses: Synapses, probability: float, seed: int) -> None:
    """Connect each pair of cells with the same probability."""
    shape = len(synapses.source), len(synapses.target)
    i, j = np.nonzero(np.random.default_rng(seed).random(shape) < probability)
    synapses.connect(i=i, j=j)


def uniform(low: float, high: float, count: int, seed: int) -> np.ndarray:
    """Return uniform random numbers."""
    return np.random.default_rng(seed).uniform(low, high, count)


def normal(mean: float, deviation: float, count: int, seed: int) -> np.ndarray:
    """Return normal random numbers."""
    return np.random.default_rng(seed).normal(mean, deviation, count)


def poisson(count: int, rate: float, seconds: float, seed: int, name: str) -> SpikeGeneratorGroup:
    """Return cells that fire at random with a rate in Hz, by steps of 0.1 ms."""
    steps, i = np.nonzero(np.random.default_rng(seed).random((round(seconds * 1e4), count)) < rate * 1e-4)
    return SpikeGeneratorGroup(count, i, steps * 0.1 * ms, name=name)
