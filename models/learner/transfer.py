"""What the rate model takes from a cell: its f-I curve, and how its dendrite carries spikes through a trial."""

import math
from dataclasses import dataclass

import numpy as np
import scipy
from brian2.units import mV

from models.learner.observe import Observed
from models.learner.parameters import DT, LearnerParameters
from models.learner.protocol import TRIAL

EDGES = np.array([0, 0.25, 0.5, 1, 1.5, 2, 3, 4.5])
"""Parts of a trial, in time constants of the dendrite; the last part lasts until its end."""


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
        """Return the mean spikes a trial."""
        with np.errstate(invalid="ignore"):  # where nothing is known of a cell
            return np.asarray(self.slope * self.softness * np.logaddexp(0, (drive - self.threshold) / self.softness))

    def sensitivity(self, drive: np.ndarray) -> np.ndarray:
        """Return the slope, relative to that far above threshold."""
        with np.errstate(over="ignore"):  # far below threshold
            return np.asarray(1 / (1 + np.exp((self.threshold - drive) / self.softness)))

    def curvature(self, drive: np.ndarray) -> np.ndarray:
        """Return the change of the sensitivity with the drive, 1/mV."""
        sensitivity = self.sensitivity(drive)
        return np.asarray(sensitivity * (1 - sensitivity) / self.softness)


def mean_trace(p: LearnerParameters) -> float:
    """Return what one spike adds to the mean of its trace over a trial, in the time steps of the simulation."""
    return float(DT / TRIAL) / -np.expm1(-float(DT / p.cell.dendritic_time_constant))


def trial_parts(p: LearnerParameters) -> tuple[np.ndarray, np.ndarray]:
    """Return the durations of the parts of a trial, and what is left in them of the last one, shape (part,) each.

    Durations are shares of a trial; what is left is the mean share of the depolarization at the end of the last trial.
    """
    trace = float(p.cell.dendritic_time_constant / TRIAL)
    edges = np.append(EDGES[1 / trace > EDGES], 1 / trace)
    return np.diff(edges) * trace, -np.diff(np.exp(-edges)) / np.diff(edges)


def measured_transfer(observed: Observed) -> Transfer:
    """Fit a soft threshold to the f-I curve, over the injected current and what untouched afferents add to it.

    Nothing is known of it (nan) if no cell fires, or no soft threshold fits.
    """
    p, trials = observed.parameters, observed.trials["f-I curve"]
    current, counts = observed.transfer()
    targets = observed.weights(trials.start)[:: p.group.copies]
    untouched = (targets @ observed.run["input.count"][1:][trials].mean(axis=0)).mean()
    current = current + float(p.cell.weight_potential / mV) * mean_trace(p) * untouched
    try:
        if not counts.any():
            return Transfer(math.nan, math.nan, math.nan)
        fitted, _ = scipy.optimize.curve_fit(
            lambda drive, *guess: Transfer(*guess).rate(drive), current, counts, p0=(1.0, 10.0, 2.0)
        )
    except RuntimeError:  # no fit
        return Transfer(math.nan, math.nan, math.nan)
    return Transfer(*map(float, fitted))
