"""What a recording of the fingertip shows of each of its cycles."""

from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np

from cortex.analysis.decoding import cross_validated
from cortex.analysis.ratios import mean, quotient
from cortex.analysis.similarity import cosine, mean_pairwise_cosine
from cortex.engine.recording import Recording
from cortex.mechanisms.task import QUESTIONS
from models.fingertip.cycles import CycleParameters
from models.fingertip.observe import Observed, Test, systematic_error

ANSWERS = 0.1
"""Spikes for a kind of touch, in the mean of its presentations, from which on a cell answers to it."""


BEST: WeakKeyDictionary[Recording, dict[str, float]] = WeakKeyDictionary()
"""Errors of the best linear readout at each stage, by recording: measures and figures need the same."""


class Cycled(Observed):
    """A recording of one arm that goes through several cycles; stages are named "held 2"."""

    BEFORE = "before 1"

    parameters: CycleParameters

    @cached_property
    def stages(self) -> list[str]:
        """Names of all tests, in order."""
        return [name.removeprefix("test ") for name in self.trials if name.startswith("test ")]

    def asked(self, number: int, stage: str) -> Test:
        """Return a test by what is learned in a cycle."""
        return self.test(stage, "new", self.parameters.tasks[number - 1])

    def best_error(self, stage: str) -> float:
        """Return the systematic error of the best linear readout of a test, mean over the new tasks of all cycles."""
        known = BEST.setdefault(self.run, {})
        if stage not in known:
            tests = [self.asked(number, stage) for number in range(1, self.parameters.cycles + 1)]
            outputs = [cross_validated(test.counts, test.answers) for test in tests]
            errors = [systematic_error(said, test.answers) for said, test in zip(outputs, tests, strict=True)]
            known[stage] = mean(errors)
        return known[stage]

    def family(self, trial: int, cycles: int) -> np.ndarray:
        """Return the weights of the cells of the tip that have come so far, shape (group, member, afferent)."""
        return self.weights(trial)[:, : 2**cycles]

    def of_pairs(self, number: int, phase: str) -> float:
        """Return the mean cosine between the copies of a cycle and their parents at the end of a phase of it."""
        parents, copies = np.split(self.family(self.trials[f"{phase} {number}"].stop, number), 2, axis=1)
        return float(np.mean(cosine(parents, copies)))

    def of_groups(self, number: int, trial: int) -> float:
        """Return the mean cosine between all members of a group that have come by a cycle, at a trial."""
        return float(np.mean(mean_pairwise_cosine(self.family(trial, number))))

    def answering(self, stage: str) -> int:
        """Return the number of cells of the tip that answer to some kind of touch."""
        return int((self.test(stage, "old").counts.mean(axis=1).max(axis=0) > ANSWERS).sum())

    def kept(self, number: int, stage: str) -> float:
        """Return what a readout would keep of the new task of a cycle if it stayed as it was at the end of it.

        Its accuracy above chance, as a share of that then.
        """
        learned = self.trials[f"test after {number}"].start
        weights = self.output_weights(learned)[QUESTIONS.index("new")]
        bias = self.run["answers.bias"][learned + 1, 2 * QUESTIONS.index("new")]

        def accuracy(at: str) -> float:
            test = self.asked(number, at)
            return Test(test.counts @ weights + bias, test.answers, test.counts).accuracy

        return quotient(accuracy(stage) - 0.5, accuracy(f"after {number}") - 0.5)
