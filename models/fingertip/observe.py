"""What a recording of the fingertip shows: responses, answers and errors, weights, totals."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from cortex.analysis.discrimination import d_prime, thin
from cortex.analysis.ratios import mean, quotient
from cortex.analysis.similarity import mean_pairwise_cosine
from cortex.analysis.spikes import count_in_windows
from cortex.engine.recording import Recording
from cortex.experiment.protocol import Protocol
from cortex.mechanisms.task import QUESTIONS
from cortex.mechanisms.wiring import Contacts
from models.fingertip.anatomy import wiring
from models.fingertip.network import SNAPSHOT
from models.fingertip.parameters import FingertipParameters
from models.fingertip.protocol import CODES, TRIAL, answers, layout
from models.learner.tasks import OLD, TASKS


@dataclass(frozen=True)
class Test:
    """The trials of one test, sorted by kind of touch; only kinds that the question asks about.

    Attributes
    ----------
    outputs : array, (kind, repeat)
        Output of the readout.
    answers : array, (kind,)
        Answer asked of it.
    counts : array, (kind, repeat, cell)
        Spikes of each cell of the fingertip.
    """

    outputs: np.ndarray
    answers: np.ndarray
    counts: np.ndarray

    @property
    def systematic_error(self) -> float:
        """Mean square of the mean error of each kind of touch, less what the chance of a few repeats adds to it."""
        return systematic_error(self.outputs, self.answers)

    @property
    def accuracy(self) -> float:
        """Share of correct decisions, the mean of both answers: 0.5 by chance."""
        right = (self.outputs * self.answers[:, None] > 0).mean(axis=1)
        return float(np.mean([right[self.answers == answer].mean() for answer in (-1, 1)]))

    @property
    def d_prime(self) -> float:
        """Difference of the mean output of both answers in units of its spread over touches of one kind."""
        yes, no = (float(self.outputs[self.answers == answer].mean()) for answer in (1, -1))
        return quotient(yes - no, float(np.sqrt(self.outputs.var(axis=1, ddof=1).mean())))


def systematic_error(outputs: np.ndarray, asked: np.ndarray) -> float:
    """Return the mean square of the mean errors of outputs, (kind, repeat), less what chance adds to it."""
    chance = outputs.var(axis=1, ddof=1) / outputs.shape[1]
    return float(np.mean((asked - outputs.mean(axis=1)) ** 2 - chance))


@dataclass(frozen=True)
class Observed:
    """A recording of one arm with the parameters of that arm."""

    BEFORE: ClassVar[str] = "before"
    """The test before any copy."""

    parameters: FingertipParameters
    run: Recording

    @cached_property
    def layout(self) -> Protocol:
        """What happened, without the touches of training."""
        return layout(self.parameters)

    @cached_property
    def trials(self) -> dict[str, slice]:
        """Trials of each phase; of phases in several parts, from the first to the last."""
        trials: dict[str, slice] = {}
        start = 0
        for block in self.layout.blocks:
            first = trials[block.name].start if block.name in trials else start
            start += block.slots
            trials[block.name] = slice(first, start)
        return trials

    @cached_property
    def contacts(self) -> Contacts:
        """Afferents and cells of the afferent synapses."""
        return wiring(self.parameters).afferent

    @cached_property
    def counts(self) -> np.ndarray:
        """Spikes of each cell, shape (trial, cell)."""
        starts = np.arange(self.layout.slots) * float(TRIAL)
        run = self.run
        return count_in_windows(run["spikes.i"], run["spikes.t"], self.parameters.cells, starts, starts + float(TRIAL))

    @cached_property
    def outputs(self) -> np.ndarray:
        """Output of the readout of each question, shape (trial, question)."""
        yes = slice(0, None, 2)
        evidence = self.run["answers.evidence"][1:, yes] - self.run["answers.evidence"][1:, 1::2]
        return np.asarray(evidence + self.run["answers.bias"][1:, yes])

    def test(self, stage: str, question: str, task: str = "") -> Test:
        """Return the test of a stage, such as "held", by its responses to one question, "old" or "new".

        If another task is named, the new question is taken to be that one.
        """
        p, trials = self.parameters, self.trials[f"test {stage}"]
        [block] = [block for block in self.layout.blocks if block.name == f"test {stage}"]
        code = np.asarray(block.values["code"]).astype(int)
        order = np.argsort(code, kind="stable")
        asked = answers(OLD if question == "old" else TASKS[task or p.training.task])[np.sort(CODES).astype(int)]
        shape = (len(CODES), len(code) // len(CODES))
        outputs = self.outputs[trials, QUESTIONS.index(question)][order].reshape(shape)
        counts = self.counts[trials, : p.tip_cells][order].reshape(*shape, -1)
        kept = asked != 0
        return Test(outputs[kept], asked[kept], counts[kept])

    def weights(self, trial: int) -> np.ndarray:
        """Return the afferent weights of the groups of the tip, shape (group, member, afferent), 0 without contact.

        They are those at a trial, or up to `SNAPSHOT` trials later.
        """
        p = self.parameters
        sample = min(-(-trial // SNAPSHOT), len(self.run["weights.w"]) - 1)
        afferent, cell = self.contacts
        weights = np.zeros((p.cells, p.skin.number))
        weights[cell, afferent] = self.run["weights.w"][sample]
        return weights[: p.tip_cells].reshape(p.group.tip, p.group.copies, -1)

    def old_kept(self, stage: str) -> float:
        """Return the accuracy of the old task above chance, as a share of that in the test before any copy."""
        before = self.test(self.BEFORE, "old").accuracy
        return quotient(self.test(stage, "old").accuracy - 0.5, before - 0.5)

    def similarity(self, phase: str) -> float:
        """Return the mean cosine between the members of a group at the end of a phase, over the groups of the tip."""
        return float(np.mean(mean_pairwise_cosine(self.weights(self.trials[phase].stop))))

    def signal_correlation(self, stage: str) -> float:
        """Return how the responses of copies to the kinds of touch follow those of their target, mean over copies.

        A cell that never fires, or always alike, has none and counts as 0.
        """
        return float(np.nan_to_num(self._signal_correlations(stage)[:, 0, 1:]).mean())

    def signal_correlation_of_members(self, stage: str) -> float:
        """Return how alike the members of a group answer to the kinds of touch, mean over pairs.

        A cell that never fires, or always alike, is left out: it has not parted from others. nan if no pair is left.
        """
        pairs = self._signal_correlations(stage)[:, *np.triu_indices(self.parameters.group.copies, 1)]
        return mean(pairs[np.isfinite(pairs)])

    def _signal_correlations(self, stage: str) -> np.ndarray:
        """Return the correlations of the members' mean responses, shape (group, member, member); nan if one is even."""
        p = self.parameters
        shown = self.test(stage, "old").counts.mean(axis=1).reshape(len(CODES), p.group.tip, p.group.copies)
        around = shown - shown.mean(axis=0)
        size = np.sqrt((around**2).sum(axis=0))
        product = size[:, :, None] * size[:, None, :]
        both = (around[:, :, :, None] * around[:, :, None, :]).sum(axis=0)
        return np.asarray(both / np.where(product > 0, product, np.nan))

    def total(self, stage: str) -> float:
        """Return the mean spikes of all cells of the tip to a touch of a test."""
        return float(self.test(stage, "old").counts.sum(axis=2).mean())

    def output_weights(self, trial: int) -> np.ndarray:
        """Return by how much each cell of the tip speaks for "yes" rather than "no", shape (question, cell).

        It is that at a trial, or up to `SNAPSHOT` trials later.
        """
        sample = min(-(-trial // SNAPSHOT), len(self.run["outputs.weight"]) - 1)
        weights = self.run["outputs.weight"][sample].reshape(-1, len(QUESTIONS), 2)[: self.parameters.tip_cells]
        return np.asarray((weights[:, :, 0] - weights[:, :, 1]).T)


def matched_d_prime(*animals: Observed) -> list[float]:
    """Return d' of the readout of the new task at the end, in all animals with as many spikes as in the fewest."""
    tests = [animal.test("after", "new") for animal in animals]
    fewest, rng = min(test.counts.sum() for test in tests), np.random.default_rng(0)
    d_primes = []
    for animal, test in zip(animals, tests, strict=True):
        counts = thin(test.counts, fewest / max(test.counts.sum(), 1), rng)
        values = counts @ animal.output_weights(animal.trials["test after"].start)[QUESTIONS.index("new")]
        d_primes.append(d_prime(values.ravel(), np.repeat(test.answers, values.shape[1])))
    return d_primes
