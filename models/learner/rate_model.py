"""The learner as a rate model, made of what was measured open-loop: nothing is fitted to how the spiking cells learn.

From the recording come the f-I curve (by injected current), the mean afferent spikes of each touch, and, of the moment
from which on the model predicts, weights, gains and bias. Afferents are Poisson; the drive of a cell is its weights
times their spikes, fluctuates (Campbell 1909), and begins each trial where the last one ended. Rules, noise and hold
are the equations of the spiking network, a trial at a time.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from brian2 import mV
from scipy.optimize import curve_fit

from cortex.mechanisms.gain_cells import NOISE_INTERVAL
from models.learner.network import DT
from models.learner.observe import Observed, Responses
from models.learner.parameters import LearnerParameters
from models.learner.protocol import TRIAL, permuted_blocks

NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(5)
"""To average over a normal distribution."""

EDGES = np.array([0, 0.25, 0.5, 1, 1.5, 2, 3, 4.5])
"""Parts of a trial, in time constants of the dendrite; the last part lasts until its end."""

COUNTING = 1 / 6
"""Variance of the spikes of a regularly firing cell in a window that begins at any time, mean over rates."""


@dataclass(frozen=True)
class Transfer:
    """A soft threshold: spikes a trial over depolarization in mV.

    Attributes
    ----------
    slope : float
        Spikes a trial, per mV.
    threshold, softness : float
        mV.
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


def mean_trace(p: LearnerParameters) -> float:
    """Give what one spike adds to the mean of its trace over a trial, in the time steps of the simulation."""
    return float(DT / TRIAL) / -np.expm1(-float(DT / p.cell.dendritic_time_constant))


def measured_transfer(observed: Observed) -> Transfer:
    """Fit a soft threshold to the f-I curve, over the injected current and what untouched afferents add to it."""
    p, trials = observed.parameters, observed.trials["f-I curve"]
    current, counts = observed.transfer()
    targets = observed.weights(trials.start)[:: p.group.copies]
    untouched = (targets @ observed.run["input.count"][1:][trials].mean(axis=0)).mean()
    current = current + float(p.cell.weight_potential / mV) * mean_trace(p) * untouched
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
    trace: float = field(init=False)
    parts: np.ndarray = field(init=False)
    before: np.ndarray = field(init=False)
    transmission: float = field(init=False)
    reliability: float = field(init=False)

    def __post_init__(self) -> None:
        """Derive the mean trace of a spike, how a trial goes on from the last one, and what reaches the readout."""
        p = self.parameters
        trace = float(p.cell.dendritic_time_constant / TRIAL)
        edges = np.append(EDGES[1 / trace > EDGES], 1 / trace)
        share = 1 / p.group.copies
        derived = {
            "trace": mean_trace(p),
            "parts": np.diff(edges) * trace,
            "before": -np.diff(np.exp(-edges)) / np.diff(edges),
            "transmission": share if p.group.output_split else 1.0,
            "reliability": share if p.group.thinning else 1.0,
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

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
        """Give the depolarization of each cell in the parts of a trial, at the nodes of its fluctuation.

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
        """Give what the readout says to each touch, without noise, after any touch, shape (..., pattern)."""
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
        p, rng, k = self.parameters, np.random.default_rng(seed), len(self.gains)
        weights, gains = np.repeat(self.weights[None], runs, 0), np.repeat(self.gains[None], runs, 0)
        bias, last = np.full(runs, self.bias), np.repeat(self.counts.mean(axis=0)[None], runs, 0)
        members, leads = self.members, np.arange(k) // p.group.copies * p.group.copies
        size = np.maximum(members @ self.active, 1)
        private = float(p.cell.noise / mV) * np.sqrt(float(NOISE_INTERVAL / TRIAL))
        orders = [permuted_blocks(len(self.answers), trials, rng) for _ in range(runs)]
        errors, touches = np.empty((runs, trials)), np.array(orders)
        for trial in range(trials):
            counts = rng.poisson(self.counts[touches[:, trial]]).astype(float)
            drives = self.drives(counts, last, weights, 1 - 2 * self.trace)
            sensitive = self.active * average(self.transfer.sensitivity(drives))  # part, run, cell
            noise = private * rng.standard_normal((runs, k))
            noise = noise[:, leads] if p.cell.shared_noise else noise
            noisy = self.transfer.slope * np.tensordot(self.parts, sensitive, axes=1) * noise
            fired = gains * (self.active * self.over_trial(self.transfer.rate(drives)) + noisy)
            fired = fired + np.sqrt(COUNTING) * self.active * rng.standard_normal((runs, k))
            lost = np.sqrt(np.maximum(fired, 0) * self.reliability * (1 - self.reliability)) * self.transmission
            chance = lost * self.readout_weights * rng.standard_normal((runs, k))
            error = self.answers[touches[:, trial]] - fired @ self.output - chance.sum(axis=1) - bias
            errors[:, trial] = error
            if self.tied:
                sensitive = sensitive @ members / size
            now, carried = (
                np.tensordot(self.parts * share, sensitive, axes=1) for share in (1 - self.before, self.before)
            )
            eligibility = self.trace * (now[..., None] * counts[:, None, :] + carried[..., None] * last[:, None, :])
            reach = gains * self.transmission if p.learning.form == "gradient" else 1.0
            step = rate * (error[:, None] * self.readout_weights * reach)[:, :, None] * eligibility
            limit = p.learning.maximum_weight
            weights, last = np.clip(weights + step, -limit, limit), counts
            bias = bias + bias_rate * error
            if self.adapting:
                expected = self.usual_count * counts.sum(axis=1, keepdims=True) / self.usual_input
                surplus = (fired @ members - expected) / self.usual_count
                gains = np.clip(gains - np.clip(p.hold.adaptation * surplus, -0.1, 0.1), 0, 1)
        return Learned(errors, touches, weights, gains, bias)

    def released(self, naive: bool) -> "RateModel":
        """Give the model after release: its groups share nothing; a naive release sets the gain back to 1."""
        gains = np.ones_like(self.gains) if naive else self.gains
        return replace(self, tied=False, adapting=False, gains=gains)

    def splitting_matrices(self, errors: np.ndarray) -> np.ndarray:
        """Give the splitting matrix of each cell at given errors (Liu, Wu & Wang 2019, arXiv:1910.02366).

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
    """Make the model of what was measured in a test, such as "new expanded"."""
    p, trials = observed.parameters, observed.trials[f"test {test}"]
    seen, before = observed.responses(test), observed.responses("old before")
    grown = p.group.expansion != "none"
    calibrated = observed.counts[observed.trials["calibrate"]].mean(axis=0)
    return RateModel(
        p,
        measured_transfer(observed),
        seen.inputs.mean(axis=1),
        seen.answers,
        observed.weights(trials.stop),
        observed.gains[trials].mean(axis=0),
        ((np.arange(p.cells) % p.group.copies == 0) | grown).astype(float),
        observed.readout_weights(trials.stop),
        float(observed.bias[trials.start]),
        np.array([calibrated[p.groups == own].sum() for own in p.groups]),
        float(before.inputs.sum(axis=2).mean()),
        tied=bool(observed.layout.array("coupling")[trials.start]),
        adapting=bool(observed.layout.array("holding")[trials.start]),
    )


def output_noise(seen: Responses) -> float:
    """Give the variance of the readout over repeats of a touch, mean over touches."""
    return float(seen.outputs.var(axis=1, ddof=1).mean())
