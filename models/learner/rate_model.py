"""The learner as a rate model, made of what was measured open-loop: nothing is fitted to how the spiking cells learn.

From the recording come the f-I curve (by injected current), the mean afferent spikes of each touch, and, of the moment
from which on the model predicts, weights, gains and bias. Afferents are Poisson; the drive of a cell is its weights
times their spikes, fluctuates (Campbell 1909), and begins each trial where the last one ended. Rules, noise and hold
are the equations of the spiking network, a trial at a time.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from brian2.units import mV

from cortex.mechanisms.gain_cells import NOISE_INTERVAL
from models.learner.observe import Observed, Responses
from models.learner.parameters import LearnerParameters
from models.learner.protocol import TRIAL, permuted_blocks
from models.learner.transfer import Transfer, mean_trace, measured_transfer, trial_parts

NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(5)
"""To average over a normal distribution."""

COUNTING = 1 / 6
"""Variance of the spikes of a regularly firing cell in a window that begins at any time, mean over rates."""


@dataclass(frozen=True)
class Learned:
    """What the model learned, in several runs.

    Attributes
    ----------
    errors, touches : array, (run, trial)
        Error, and number of the touch.
    weights, gains, bias : array, (run, cell, afferent), (run, cell), (run,)
        At the end.
    """

    errors: np.ndarray
    touches: np.ndarray
    weights: np.ndarray
    gains: np.ndarray
    bias: np.ndarray


class State(NamedTuple):
    """What a trial changes, in several runs; `last` are the afferent spikes of the last trial, (run, afferent)."""

    weights: np.ndarray
    gains: np.ndarray
    bias: np.ndarray
    last: np.ndarray


@dataclass(frozen=True)
class RateModel:
    """The learner at one moment.

    Attributes
    ----------
    parameters : LearnerParameters
    transfer : Transfer
    counts : array, (pattern, afferent)
        Mean afferent spikes a trial of each touch.
    answers : array, (pattern,)
    weights : array, (cell, afferent)
    gains, active, readout_weights : array, (cell,)
        `active` is 1 for a cell that takes part.
    bias : float
    usual_count, usual_input : array, (cell,), and float
        What the hold expects: spikes of the group and of the afferents, a trial.
    tied, adapting : bool
        Whether a group shares its plasticity signal, and whether its gain adapts.
    """

    parameters: LearnerParameters
    transfer: Transfer
    counts: np.ndarray
    answers: np.ndarray
    weights: np.ndarray
    gains: np.ndarray
    active: np.ndarray
    readout_weights: np.ndarray
    bias: float
    usual_count: np.ndarray
    usual_input: float
    tied: bool
    adapting: bool

    @cached_property
    def trace(self) -> float:
        """What one spike adds to the mean of its trace over a trial."""
        return mean_trace(self.parameters)

    @cached_property
    def parts(self) -> np.ndarray:
        """Durations of the parts of a trial, as shares of it, shape (part,)."""
        return trial_parts(self.parameters)[0]

    @cached_property
    def before(self) -> np.ndarray:
        """Mean share of the last trial's depolarization that is left in each part, shape (part,)."""
        return trial_parts(self.parameters)[1]

    @property
    def transmission(self) -> float:
        """Share of a cell's output that reaches the readout."""
        return 1 / self.parameters.group.copies if self.parameters.group.output_split else 1.0

    @property
    def reliability(self) -> float:
        """Chance that a spike reaches the readout."""
        return 1 / self.parameters.group.copies if self.parameters.group.thinning else 1.0

    @property
    def output(self) -> np.ndarray:
        """What one spike of a cell adds to the evidence, on average, shape (cell,)."""
        return self.readout_weights * self.transmission * self.reliability

    @property
    def scale(self) -> float:
        """Depolarization by a spike through a weight of 1, mV."""
        return float(self.parameters.cell.weight_potential / mV)

    @property
    def members(self) -> np.ndarray:
        """Which cells are of one group, shape (cell, cell)."""
        return np.equal.outer(self.parameters.groups, self.parameters.groups).astype(float)

    def drives(self, own: np.ndarray, last: np.ndarray, weights: np.ndarray, fluctuation: float = 1.0) -> np.ndarray:
        """Return the depolarization of each cell in the parts of a trial, at the nodes of its fluctuation.

        Parameters
        ----------
        own, last : array, (..., afferent)
            Afferent spikes in the trial and in the one before.
        weights : array, (..., cell, afferent)
        fluctuation : float
            Share of the variance of shot noise, ``sum weight^2 spikes trace/2``, that is not in `own` already.

        Returns
        -------
        array, (node, part, ..., cell)
            mV.
        """
        means, variances = [], []
        for counts in (own, last):
            means.append(self.scale * self.trace * (weights @ counts[..., None])[..., 0])
            variances.append(fluctuation * self.scale**2 * self.trace / 2 * (weights**2 @ counts[..., None])[..., 0])
        dimensions = [1] * np.broadcast(*means).ndim
        left, nodes = self.before.reshape(-1, *dimensions), NODES.reshape(-1, 1, *dimensions)
        mean = (1 - left) * means[0] + left * means[1]
        variance = (1 - left**2) * variances[0] + left**2 * variances[1]
        return np.asarray(mean + np.sqrt(variance) * nodes)

    def over_trial(self, values: np.ndarray) -> np.ndarray:
        """Average over nodes and parts, the first two axes."""
        return np.tensordot(self.parts, average(values), axes=1)

    def answer(self, weights: np.ndarray, gains: np.ndarray, bias: np.ndarray | float) -> np.ndarray:
        """Return what the readout says to each touch, without noise, after any touch, shape (..., pattern)."""
        own, last = self.counts[:, None, :], self.counts[None, :, :]
        spikes = self.over_trial(self.transfer.rate(self.drives(own, last, weights[..., None, None, :, :])))
        fired = self.active * spikes.mean(axis=-2) * gains[..., None, :]
        return np.asarray(fired @ self.output + np.asarray(bias)[..., None])

    def learn(self, trials: int, rate: float, bias_rate: float, runs: int, seed: int = 0) -> Learned:
        """Learn from single trials, with the noise of afferents and cells.

        Parameters
        ----------
        trials, runs : int
        rate, bias_rate : float
            Learning rates of the afferent weights and of the bias.
        """
        rng = np.random.default_rng(seed)
        state = State(
            np.repeat(self.weights[None], runs, 0),
            np.repeat(self.gains[None], runs, 0),
            np.full(runs, self.bias),
            np.repeat(self.counts.mean(axis=0)[None], runs, 0),
        )
        touches = np.array([permuted_blocks(len(self.answers), trials, rng) for _ in range(runs)])
        errors = np.empty((runs, trials))
        for trial in range(trials):
            counts = rng.poisson(self.counts[touches[:, trial]]).astype(float)
            sensitivity, fired = self._respond(state, counts, rng)
            missed = self._missed(fired, rng)
            error = self.answers[touches[:, trial]] - fired @ self.output - missed - state.bias
            errors[:, trial] = error
            state = State(
                self._change_weights(state, counts, sensitivity, error[:, None] * self.readout_weights, rate),
                self._change_gains(state, counts, fired) if self.adapting else state.gains,
                state.bias + bias_rate * error,
                counts,
            )
        return Learned(errors, touches, state.weights, state.gains, state.bias)

    def _respond(self, state: State, counts: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return the sensitivity of each cell, shape (part, run, cell), and its spikes after the gain, (run, cell)."""
        p, shape = self.parameters, state.gains.shape
        drives = self.drives(counts, state.last, state.weights, 1 - 2 * self.trace)
        sensitivity = self.active * average(self.transfer.sensitivity(drives))
        noise = float(p.cell.noise / mV) * np.sqrt(float(NOISE_INTERVAL / TRIAL)) * rng.standard_normal(shape)
        if p.cell.shared_noise:
            noise = noise[:, np.arange(shape[1]) // p.group.copies * p.group.copies]
        noisy = self.transfer.slope * np.tensordot(self.parts, sensitivity, axes=1) * noise
        fired = state.gains * (self.active * self.over_trial(self.transfer.rate(drives)) + noisy)
        return sensitivity, fired + np.sqrt(COUNTING) * self.active * rng.standard_normal(shape)

    def _missed(self, fired: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return the noise of the evidence by the spikes that fail at random to reach the readout, shape (run,)."""
        lost = np.sqrt(np.maximum(fired, 0) * self.reliability * (1 - self.reliability)) * self.transmission
        return np.asarray((lost * self.readout_weights * rng.standard_normal(fired.shape)).sum(axis=1))

    def _change_weights(
        self, state: State, counts: np.ndarray, sensitivity: np.ndarray, credit: np.ndarray, rate: float
    ) -> np.ndarray:
        """Return the weights after a trial, for the credit of each cell, shape (run, cell)."""
        p = self.parameters
        if self.tied:
            sensitivity = sensitivity @ self.members / np.maximum(self.members @ self.active, 1)
        now = np.tensordot(self.parts * (1 - self.before), sensitivity, axes=1)
        carried = np.tensordot(self.parts * self.before, sensitivity, axes=1)
        eligibility = self.trace * (now[..., None] * counts[:, None, :] + carried[..., None] * state.last[:, None, :])
        if p.learning.form == "gradient":
            credit = credit * (state.gains * self.transmission)
        limit = p.learning.maximum_weight
        return np.clip(state.weights + rate * credit[:, :, None] * eligibility, -limit, limit)

    def _change_gains(self, state: State, counts: np.ndarray, fired: np.ndarray) -> np.ndarray:
        """Return the gains after a trial, by the surplus of each group's spikes over what its input lets expect."""
        usual, usual_input = np.where(self.usual_count > 0, self.usual_count, np.nan), self.usual_input or np.nan
        surplus = (fired @ self.members - usual * counts.sum(axis=1, keepdims=True) / usual_input) / usual
        return np.clip(state.gains - np.clip(self.parameters.hold.adaptation * surplus, -0.1, 0.1), 0, 1)

    def released(self, naive: bool) -> "RateModel":
        """Return the model after release: its groups share nothing; a naive release sets the gain back to 1."""
        gains = np.ones_like(self.gains) if naive else self.gains
        return replace(self, tied=False, adapting=False, gains=gains)

    def splitting_matrices(self, errors: np.ndarray) -> np.ndarray:
        """Return the splitting matrix of each cell at given errors (Liu, Wu & Wang 2019, arXiv:1910.02366).

        It is ``E[-error a sensitivity' x x^T]``, averaged over a trial, x the presynaptic trace. Under the broadcast
        rule a difference of two copies changes by -rate times its product with this matrix, each trial.

        Parameters
        ----------
        errors : array, (pattern,)

        Returns
        -------
        array, (cell, afferent, afferent)
            A negative eigenvalue lets copies diverge.
        """
        own, last = self.counts[:, None, :], self.counts[None, :, :]
        curvature = average(self.transfer.curvature(self.drives(own, last, self.weights[None, None])))
        others = 1 - np.eye(len(errors))  # a touch seldom follows itself
        weight = self.scale * self.parts[:, None, None] * (errors[:, None] * others / others.sum())
        left = self.before[:, None, None, None]
        x = self.trace * ((1 - left) * own + left * last)  # part, pattern, pattern before, afferent
        x = x.reshape(-1, x.shape[-1])
        each = -(weight[..., None] * curvature * self.readout_weights).reshape(len(x), -1)
        return np.asarray([x.T @ (cell[:, None] * x) for cell in each.T])


def average(values: np.ndarray) -> np.ndarray:
    """Average over the nodes of a normal distribution, the first axis."""
    return np.tensordot(NODE_WEIGHTS / NODE_WEIGHTS.sum(), values, axes=1)


def at_test(observed: Observed, test: str) -> RateModel:
    """Return the model of what was measured in a test, such as "new expanded"."""
    p, trials = observed.parameters, observed.trials[f"test {test}"]
    tested, before = observed.responses(test), observed.responses("old before")
    grown = p.group.expansion != "none"
    calibrated = observed.counts[observed.trials["calibrate"]].mean(axis=0)
    return RateModel(
        parameters=p,
        transfer=measured_transfer(observed),
        counts=tested.inputs.mean(axis=1),
        answers=tested.answers,
        weights=observed.weights(trials.stop),
        gains=observed.gains[trials].mean(axis=0),
        active=((np.arange(p.cells) % p.group.copies == 0) | grown).astype(float),
        readout_weights=observed.readout_weights(trials.stop),
        bias=float(observed.bias[trials.start]),
        usual_count=np.array([calibrated[p.groups == group].sum() for group in p.groups]),
        usual_input=float(before.inputs.sum(axis=2).mean()),
        tied=bool(observed.layout.array("coupling")[trials.start]),
        adapting=bool(observed.layout.array("holding")[trials.start]),
    )


def output_noise(tested: Responses) -> float:
    """Return the variance of the readout over repeats of a touch, mean over touches."""
    return float(tested.outputs.var(axis=1, ddof=1).mean())
