"""What a recording of the learner shows, trial by trial, and its tests touch by touch."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cortex.engine.simulation import Recording
from cortex.experiment.protocol import Protocol
from models.learner.network import SNAPSHOT
from models.learner.parameters import LearnerParameters
from models.learner.protocol import CURRENTS, protocol

if TYPE_CHECKING:
    from cortex.report.timeline import Span


@dataclass(frozen=True)
class Responses:
    """The trials of one test, sorted by touch.

    Attributes
    ----------
    outputs : array, (pattern, repeat)
        Output of the readout.
    answers : array, (pattern,)
        Answer asked of the readout.
    counts : array, (pattern, repeat, cell)
        Spikes of each cell.
    inputs : array, (pattern, repeat, afferent)
        Spikes of each afferent.
    """

    outputs: np.ndarray
    answers: np.ndarray
    counts: np.ndarray
    inputs: np.ndarray

    @property
    def errors(self) -> np.ndarray:
        """Mean error of each touch, shape (pattern,)."""
        return np.asarray(self.answers - self.outputs.mean(axis=1))

    @property
    def systematic_error(self) -> float:
        """Mean square of the mean errors, less the part that the chance of a few repeats adds to it."""
        chance = self.outputs.var(axis=1, ddof=1) / self.outputs.shape[1]
        return float(np.mean(self.errors**2 - chance))

    @property
    def accuracy(self) -> float:
        """Share of correct decisions, the mean of both answers: 0.5 by chance."""
        right = (self.outputs * self.answers[:, None] > 0).mean(axis=1)
        return float(np.mean([right[self.answers == answer].mean() for answer in (-1, 1)]))


@dataclass(frozen=True)
class Observed:
    """A recording with the protocol that it follows."""

    parameters: LearnerParameters
    run: Recording

    @cached_property
    def trials(self) -> dict[str, slice]:
        """Trials of each block."""
        ends = np.cumsum([block.slots for block in self.layout.blocks]).tolist()
        trials: dict[str, slice] = {}
        for block, end in zip(self.layout.blocks, ends, strict=True):
            start = end - block.slots
            trials[block.name] = slice(trials[block.name].start if block.name in trials else start, end)
        return trials

    @cached_property
    def layout(self) -> Protocol:
        """What happened; which touches were drawn does not matter here."""
        return protocol(self.parameters, np.random.default_rng(0))

    @property
    def new(self) -> slice:
        """Trials in which the new task is learned before release; of these and those after it, see `learning`."""
        return self.trials["new"]

    @property
    def spans(self) -> "list[Span]":
        """The phases in trials, tests in a row joined."""
        from cortex.report.timeline import Span

        spans: list[Span] = []
        for name, trials in self.trials.items():
            short = "test" if name.startswith("test") else name
            start = spans.pop().start if spans and spans[-1].name == short else trials.start
            if trials.stop > start and name != "end":
                spans.append(Span(short, start, trials.stop))
        return spans

    @property
    def learning(self) -> np.ndarray:
        """Indices of all trials in which the new task is learned."""
        return np.concatenate(
            [np.arange(self.trials[name].start, self.trials[name].stop) for name in ("new", "released")]
        )

    @property
    def outputs(self) -> np.ndarray:
        """Output of the readout, shape (trial,)."""
        return np.asarray(self.run["answers.evidence"][1:, 0] + self.run["answers.bias"][1:, 0])

    @property
    def answers(self) -> np.ndarray:
        """Answer asked of the readout, shape (trial,)."""
        return np.asarray(self.run["answers.asked"][1:, 0])

    @property
    def errors(self) -> np.ndarray:
        """What the readout lacked, shape (trial,)."""
        return np.asarray(self.answers - self.outputs)

    @property
    def patterns(self) -> np.ndarray:
        """Code of the touch, shape (trial,)."""
        return np.asarray(self.run["answers.pattern"][1:, 0].round().astype(int))

    @property
    def counts(self) -> np.ndarray:
        """Spikes of each cell, shape (trial, cell)."""
        return np.asarray(self.run["cells.count"][1:])

    @property
    def gains(self) -> np.ndarray:
        """Gain of each cell, shape (trial, cell)."""
        return np.asarray(self.run["cells.gain"][1:])

    @property
    def bias(self) -> np.ndarray:
        """Bias of the readout, shape (trial,)."""
        return np.asarray(self.run["answers.bias"][1:, 0])

    def weights(self, trial: int) -> np.ndarray:
        """Return the afferent weights at a trial, or up to `SNAPSHOT` trials before it, shape (cell, afferent)."""
        p = self.parameters
        return np.asarray(self.run["weights.w"][trial // SNAPSHOT].reshape(p.skin.number, p.cells).T)

    def grouped_weights(self, trial: int) -> np.ndarray:
        """Return the same by group, shape (group, cell, afferent)."""
        group = self.parameters.group
        return self.weights(trial).reshape(group.targets, group.copies, -1)

    def readout_weights(self, trial: int) -> np.ndarray:
        """Return the readout weights at a trial, or up to `SNAPSHOT` trials before it, shape (cell,)."""
        names = ("readout_weights.readout_weight", "readout_weights.a")  # the second in files of version 0.1
        name = next(name for name in names if name in self.run)
        return np.asarray(self.run[name][trial // SNAPSHOT])

    def mean_errors(self, repeats: int) -> np.ndarray:
        """Return the mean error of each touch, shape (pattern,), in its last trials before release, or in the test."""
        tested = self.responses("new expanded")
        trials = slice(max(self.new.stop - repeats * len(tested.answers), self.new.start), self.new.stop)
        if trials.stop - trials.start < len(tested.answers):
            return tested.errors
        errors, patterns = self.errors[trials], self.patterns[trials]
        return np.array([errors[patterns == pattern].mean() for pattern in np.unique(patterns)])

    def responses(self, test: str) -> Responses:
        """Return the responses in a test, such as "new expanded"."""
        trials = self.trials[f"test {test}"]
        patterns = self.patterns[trials]
        order = np.argsort(patterns, kind="stable")
        codes = np.unique(patterns)
        shape = (len(codes), len(patterns) // len(codes))

        def sort(values: np.ndarray) -> np.ndarray:
            chosen = values[trials][order]
            return np.asarray(chosen.reshape(*shape, *chosen.shape[1:]))

        return Responses(
            sort(self.outputs), sort(self.answers)[:, 0], sort(self.counts), sort(self.run["input.count"][1:])
        )

    def transfer(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the f-I curve of the target cells: depolarization, mV, and mean spikes a trial."""
        p = self.parameters
        trials = self.trials["f-I curve"]
        counts = self.counts[trials][:, :: p.group.copies]
        if p.group.expansion == "independent":  # each cell has the gain 1/K from the beginning
            counts = counts * p.group.copies
        injected = np.tile(CURRENTS, p.training.currents)
        return CURRENTS, np.array([counts[injected == current].mean() for current in CURRENTS])
