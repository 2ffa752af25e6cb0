"""The learner as a rate model, made of what was measured open-loop: nothing in it is fitted to how the spiking cells
learn.

From the recording come the f-I curve (by injected current), the mean afferent spikes of each touch, and, of the
moment from which on the model predicts, the weights, gains and bias. Afferents are Poisson; the drive of a cell is
its weights times their spikes, and fluctuates within a trial (Campbell 1909). Rules, noise and hold are the equations
of the spiking network, taken a trial at a time.
"""

from dataclasses import dataclass, field

import numpy as np
from brian2 import mV
from scipy.optimize import curve_fit

from cortex.mechanisms.gain_cells import NOISE_INTERVAL
from models.learner.observe import Observed, Responses
from models.learner.parameters import LearnerParameters
from models.learner.protocol import TRIAL, permuted_blocks

NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(7)
"""To average over a normal distribution."""

COUNTING = 1 / 6
"""Variance of the spikes of a regularly firing cell in a window that begins at any time (Cox 1962, mean over rates)."""


@dataclass(frozen=True)
class Transfer:
    """A soft threshold: spikes a trial over depolarization in mV.

    Attributes
    ----------
    slope, threshold, softness : float
        Spikes a trial and mV, mV, mV.
    """

    slope: float
    threshold: float
    softness: float

    def rate(self, drive: np.ndarray) -> np.ndarray:
        """Give the mean spikes a trial."""
        return np.asarray(self.slope * self.softness * np.logaddexp(0, (drive - self.threshold) / self.softness))

    def sensitivity(self, drive: np.ndarray) -> np.ndarray:
        """Give the slope, relative to that far above threshold."""
        return np.asarray(1 / (1 + np.exp((self.threshold - drive) / self.softness)))

    def curvature(self, drive: np.ndarray) -> np.ndarray:
        """Give the change of the sensitivity with the drive, 1/mV."""
        sensitivity = self.sensitivity(drive)
        return np.asarray(sensitivity * (1 - sensitivity) / self.softness)


def measured_transfer(observed: Observed) -> Transfer:
    """Fit a soft threshold to the measured f-I curve."""
    current, counts = observed.transfer()
    fitted, _ = curve_fit(lambda drive, *values: Transfer(*values).rate(drive), current, counts, p0=(1.0, 10.0, 2.0))
    return Transfer(*map(float, fitted))


@dataclass(frozen=True)
class Learned:
    """What the model learned, in several runs.

    Attributes
    ----------
    errors : array, (run, trial)
    touches : array, (run, trial)
        Which touch it was.
    weights : array, (run, cell, afferent)
        At the end.
    gains, bias : array, (run, cell), (run,)
    """

    errors: np.ndarray
    touches: np.ndarray
    weights: np.ndarray
    gains: np.ndarray
    bias: np.ndarray


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
    usual_count, usual_input : array, (cell,)
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
    trace: float = field(init=False)
    carried: float = field(init=False)
    transmission: float = field(init=False)
    reliability: float = field(init=False)

    def __post_init__(self) -> None:
        """Derive what one spike leaves in the mean trace of its trial and of the next, and what reaches the readout."""
        p = self.parameters
        share = 1 / p.group.copies
        object.__setattr__(self, "trace", float(p.cell.dendritic_time_constant / TRIAL))
        object.__setattr__(self, "carried", self.trace * (1 - np.exp(-1 / self.trace)))
        object.__setattr__(self, "transmission", share if p.group.output_split else 1.0)
        object.__setattr__(self, "reliability", share if p.group.thinning else 1.0)

    @property
    def output(self) -> np.ndarray:
        """What one spike of a cell adds to the evidence, on average, shape (cell,)."""
        return self.readout_weights * self.transmission * self.reliability

    @property
    def members(self) -> np.ndarray:
        """Which cells are of one group, shape (cell, cell)."""
        p = self.parameters
        group = np.arange(p.cells) // (1 if p.group.expansion == "independent" else p.group.copies)
        return np.equal.outer(group, group).astype(float)

    @property
    def felt(self) -> np.ndarray:
        """Mean afferent spikes that act during a touch, some of them carried over from the one before."""
        return np.asarray((1 - self.carried) * self.counts + self.carried * self.counts.mean(axis=0))

    def drives(self, counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Give the depolarization of each cell, at the nodes of its fluctuation within a trial.

        Parameters
        ----------
        counts : array, (..., afferent)
        weights : array, (..., cell, afferent)

        Returns
        -------
        array, (node, ..., cell)
            mV.
        """
        scale = float(self.parameters.cell.weight_potential / mV)
        mean = scale * self.trace * (weights @ counts[..., None])[..., 0]
        variance = scale**2 * self.trace / 2 * (weights**2 @ counts[..., None])[..., 0]
        return np.asarray(mean + np.sqrt(variance) * NODES.reshape(-1, *[1] * mean.ndim))

    def answer(self, weights: np.ndarray, gains: np.ndarray, bias: np.ndarray | float) -> np.ndarray:
        """Give what the readout says to each touch, without noise, shape (..., pattern)."""
        spikes = self.active * average(self.transfer.rate(self.drives(self.felt, weights[..., None, :, :])))
        return np.asarray((spikes * gains[..., None, :]) @ self.output + np.asarray(bias)[..., None])

    def learn(self, trials: int, rate: float, bias_rate: float, runs: int, seed: int = 0) -> Learned:
        """Learn from single trials, with the noise of afferents and cells.

        Parameters
        ----------
        trials, runs : int
        rate, bias_rate : float
            Learning rates of the afferent weights and of the bias.
        """
        p, rng, k = self.parameters, np.random.default_rng(seed), len(self.gains)
        weights, gains = np.repeat(self.weights[None], runs, 0), np.repeat(self.gains[None], runs, 0)
        bias = np.full(runs, self.bias)
        members, leads = self.members, np.argmax(self.members, axis=1)
        size = np.maximum(members @ self.active, 1)
        private = float(p.cell.noise / mV) * np.sqrt(float(NOISE_INTERVAL / TRIAL))
        errors, touches = (
            np.empty((runs, trials)),
            np.array([permuted_blocks(len(self.answers), trials, rng) for _ in range(runs)]),
        )
        last = np.repeat(self.counts.mean(axis=0)[None], runs, 0)
        for trial in range(trials):
            drawn = rng.poisson(self.counts[touches[:, trial]])
            counts, last = (1 - self.carried) * drawn + self.carried * last, drawn
            drives = self.drives(counts, weights)
            sensitivity = self.active * average(self.transfer.sensitivity(drives))
            noise = private * rng.standard_normal((runs, k))
            noise = noise[:, leads] if p.cell.shared_noise else noise
            mean = self.active * average(self.transfer.rate(drives)) + self.transfer.slope * sensitivity * noise
            fired = gains * mean + np.sqrt(COUNTING) * self.active * rng.standard_normal((runs, k))
            lost = np.sqrt(np.maximum(fired, 0) * self.reliability * (1 - self.reliability)) * self.transmission
            chance = lost * self.readout_weights * rng.standard_normal((runs, k))
            error = self.answers[touches[:, trial]] - fired @ self.output - chance.sum(axis=1) - bias
            errors[:, trial] = error
            if self.tied:
                sensitivity = sensitivity @ members / size
            reach = gains * self.transmission if p.learning.form == "gradient" else 1.0
            step = rate * error[:, None] * self.readout_weights * reach * sensitivity
            limit = p.learning.maximum_weight
            weights = np.clip(weights + step[:, :, None] * self.trace * counts[:, None, :], -limit, limit)
            bias = bias + bias_rate * error
            if self.adapting:
                expected = self.usual_count * counts.sum(axis=1, keepdims=True) / self.usual_input
                surplus = (fired @ members - expected) / self.usual_count
                gains = np.clip(gains * (1 - np.clip(p.hold.adaptation * surplus, -0.2, 0.2)), 0, 1)
        return Learned(errors, touches, weights, gains, bias)

    def splitting_matrices(self, errors: np.ndarray) -> np.ndarray:
        """Give the splitting matrix of each cell at given errors (Wu et al. 2019, arXiv:1910.02366).

        With the afferent rule, a difference of two copies grows by -rate times its product with this matrix, in the
        broadcast form; its mean over touches is ``E[-error a slope' x x^T]``, x the presynaptic trace.

        Returns
        -------
        array, (cell, afferent, afferent)
            A negative eigenvalue lets copies diverge.
        """
        curvature = average(self.transfer.curvature(self.drives(self.felt, self.weights[None])))  # pattern, cell
        scale = float(self.parameters.cell.weight_potential / mV)
        weight = -errors[:, None] * curvature * scale * self.readout_weights / len(errors)
        x = self.trace * self.felt
        return np.einsum("sc,sa,sb->cab", weight, x, x)


def average(values: np.ndarray) -> np.ndarray:
    """Average over the nodes of a normal distribution, the first axis."""
    return np.tensordot(NODE_WEIGHTS / NODE_WEIGHTS.sum(), values, axes=1)


def at_test(observed: Observed, test: str) -> RateModel:
    """Make the model of what was measured in a test, such as "new expanded"."""
    p, trials = observed.parameters, observed.trials[f"test {test}"]
    seen, before = observed.responses(test), observed.responses("old before")
    k, independent = p.group.copies, p.group.expansion == "independent"
    first = np.arange(p.cells) % k == 0
    grown = independent or p.group.expansion != "none"
    calibrated = observed.counts[observed.trials["calibrate"]].mean(axis=0)
    group = np.arange(p.cells) // (1 if independent else k)
    usual = np.array([calibrated[group == g].sum() for g in group])
    held = p.hold.enabled and observed.trials["new"].stop > observed.trials["new"].start
    return RateModel(
        p,
        measured_transfer(observed),
        seen.inputs.mean(axis=1),
        seen.answers,
        observed.weights(trials.stop),
        observed.gains[trials].mean(axis=0),
        (first | grown).astype(float),
        observed.readout_weights(trials.stop),
        float(observed.bias[trials.start]),
        usual,
        float(before.inputs.sum(axis=2).mean()),
        tied=bool(held),
        adapting=bool(held and p.hold.adapts_while_learning and not independent),
    )


def output_noise(seen: Responses) -> float:
    """Give the variance of the readout over repeats of a touch, mean over touches."""
    return float(seen.outputs.var(axis=1, ddof=1).mean())
