"""How copies part after release: the growth of their differences, and what they add to what can be read out."""

from typing import NamedTuple

import numpy as np

from cortex.analysis.discrimination import d_prime, thin
from models.learner import network, rate_model
from models.learner.observe import Observed
from models.mean_field.predictions.release import divergence_rate

GROWN = 1 / 10
"""Share of its largest size up to which the difference of copies is taken to grow exponentially."""

FEWEST = 5
"""Snapshots of the weights that a rate of growth needs."""

LAST = 100
"""Presentations of each touch, before release, whose mean errors predict the growth."""


class Growth(NamedTuple):
    """How the difference of copies grows after release, along the direction in which it should grow fastest."""

    trials: np.ndarray
    """Trials since release, shape (snapshot,)."""
    size: np.ndarray
    """Root of the sum over copies of the squared difference from their mean, shape (snapshot,)."""
    rate: float
    """Slope of its logarithm, per trial."""
    predicted: float


def divergence(observation: Observed) -> Growth:
    """Measure the growth of differences between copies, and predict it, in the group in which it should be fastest."""
    p, held, released = (
        observation.parameters,
        rate_model.at_test(observation, "new held"),
        observation.trials["released"],
    )
    order = 2 if p.learning.form == "gradient" else 1
    matrices = held.splitting_matrices(observation.mean_errors(LAST))
    matrices = matrices.reshape(p.group.targets, p.group.copies, *matrices.shape[1:]).mean(axis=1)
    predicted = [divergence_rate(matrix, p.learning.rate, p.group.copies, order) for matrix in matrices]
    fastest = int(np.argmax(predicted))
    direction = np.linalg.eigh(matrices[fastest])[1][:, 0]
    trials = np.arange(released.start, released.stop, network.SNAPSHOT)
    weights = np.array([observation.grouped_weights(trial)[fastest] for trial in trials]).reshape(
        len(trials), p.group.copies, p.skin.number
    )
    size = np.linalg.norm((weights - weights.mean(axis=1, keepdims=True)) @ direction, axis=1)
    if len(size) < FEWEST or not size.all():
        return Growth(trials - released.start, size, float("nan"), float(predicted[fastest]))
    fitted = max(int(np.argmax(size > GROWN * size.max())), FEWEST)
    slope = np.polyfit(trials[:fitted], np.log(size[:fitted]), 1)[0]
    return Growth(trials - released.start, size, float(slope), float(predicted[fastest]))


def matched_d_prime(*arms: Observed) -> list[float]:
    """Return d' of the readout at the end, in all arms with as many spikes as the one with the fewest."""
    tests = [observation.responses("new after") for observation in arms]
    fewest, rng = min(test.counts.sum() for test in tests), np.random.default_rng(0)
    d_primes = []
    for observation, test in zip(arms, tests, strict=True):
        counts = thin(test.counts, fewest / max(test.counts.sum(), 1), rng)
        values = counts @ observation.readout_weights(observation.trials["test new after"].start)
        d_primes.append(d_prime(values.ravel(), np.repeat(test.answers, values.shape[1])))
    return d_primes
