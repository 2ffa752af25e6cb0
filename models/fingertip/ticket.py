"""What the readouts keep when cells of the tip fall silent, by how much they are used, from the spikes of a test.

Computed by leaving out what a cell says: nothing else answers in its place, though inhibition would let it.
"""

from dataclasses import dataclass

import numpy as np

from cortex.analysis.ratios import quotient
from cortex.mechanisms.task import QUESTIONS
from models.fingertip.observe import Observed, Test

DRAWS = 40
"""Random sets of cells that are silenced."""


@dataclass(frozen=True)
class Ticket:
    """Accuracy of one question for each number of silent cells from 0 on.

    Attributes
    ----------
    most, least : array, (silent,)
        The most used cells fall silent first, or the least used.
    random : array, (silent,)
        Random cells do, mean of `DRAWS` sets.
    """

    most: np.ndarray
    random: np.ndarray
    least: np.ndarray

    def kept(self, silent: int) -> dict[str, float]:
        """Return the accuracy above chance with some cells silent over that with all, by which cells they are."""
        cases = {"most_used": self.most, "random": self.random, "least_used": self.least}
        return {name: quotient(float(each[silent]) - 0.5, float(each[0]) - 0.5) for name, each in cases.items()}


def use(animal: Observed, stage: str) -> np.ndarray:
    """Return how much the readouts hear of each cell of the tip: |weight| x spikes of a touch, sum of both questions.

    A weight alone says nothing of a cell that is silent, spikes alone nothing of one that nobody listens to.
    """
    weights = animal.output_weights(animal.trials[f"test {stage}"].start)
    spikes = [animal.test(stage, question).counts.mean(axis=(0, 1)) for question in QUESTIONS]
    return np.asarray((np.abs(weights) * spikes).sum(axis=0))


def ticket(animal: Observed, stage: str, question: str) -> Ticket:
    """Silence more and more cells in the counts of a test, its readouts as they are."""
    test, rng = animal.test(stage, question), np.random.default_rng(0)
    weights = animal.output_weights(animal.trials[f"test {stage}"].start)[QUESTIONS.index(question)]
    order = np.argsort(-use(animal, stage), kind="stable")
    drawn = [accuracies(test, weights, rng.permutation(order)) for _ in range(DRAWS)]
    most, least = (accuracies(test, weights, cells) for cells in (order, order[::-1]))
    return Ticket(most, np.mean(drawn, axis=0), least)


def accuracies(test: Test, weights: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Return the accuracy while cells fall silent in an order, from all that answer to none, (silent,)."""
    said = np.cumsum((test.counts * weights)[:, :, order], axis=2)
    left = [Test(test.outputs - lost, test.answers, test.counts) for lost in np.moveaxis(said, 2, 0)]
    return np.array([each.accuracy for each in (test, *left)])
