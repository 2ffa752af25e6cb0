"""What growing did to the groups, before anything new was learned."""

import math

import numpy as np

from cortex.analysis.discrimination import linear_d_prime, noise_correlation
from cortex.analysis.learning import decay_rate
from cortex.analysis.ratios import quotient
from cortex.analysis.similarity import cosine
from cortex.experiment.measure import Measure
from models.learner.observe import Observed, Responses
from models.learner.parameters import LearnerParameters


def copies(p: LearnerParameters) -> bool:
    """Return whether a group has copies of its target."""
    return p.group.expansion != "none"


MEASURES = (
    Measure("copy_similarity", "Cosine of the copies' weights with their target's after copying.", applies=copies),
    Measure(
        "signal_correlation",
        "Correlation of copies' and targets' mean responses over touches.",
        expected=(0.9, None),
        applies=copies,
    ),
    Measure("gain", "Mean gain of the groups after copying."),
    Measure(
        "total_ratio", "Spikes of all cells to the same touches, after over before copying.", expected=(0.95, 1.05)
    ),
    Measure(
        "settling_rate",
        "Rate at which the total returns after copies have appeared at once.",
        "1/trial",
        applies=lambda p: settles(p),
    ),
    Measure(
        "decoding_ratio",
        "d' of a linear decoder of the groups' spikes, after over before copying.",
        expected=(0.85, 1.10),
    ),
    Measure("noise_correlation", "Mean noise correlation within a group.", applies=copies),
    Measure("accuracy_old", "Share of right answers to the old task before copying; 0.5 is chance."),
    Measure(
        "old_kept_expanded", "Accuracy above chance in the old task, after over before copying.", expected=(0.95, None)
    ),
    Measure("old_error_expanded", "Systematic error in the old task, after over before copying."),
)


def measure(observed: Observed) -> dict[str, float]:
    """Measure the copies, the total that the hold keeps, and the old task."""
    p, groups = observed.parameters, observed.parameters.group
    before, grown = observed.responses("old before"), observed.responses("old expanded")
    w = observed.grouped_weights(observed.trials["test old expanded"].start)
    copied = groups.expansion != "none"
    correlations = [noise_correlation(counts) for counts in np.split(grown.counts, groups.targets, axis=2)]
    decoded = [linear_d_prime(totals(p, tested), tested.answers) for tested in (before, grown)]
    return {
        "copy_similarity": float(np.mean(cosine(w[:, 1:], w[:, :1]))) if copied else math.nan,
        "signal_correlation": signal_correlation(p, grown) if copied else math.nan,
        "gain": float(observed.gains[observed.trials["test old expanded"]].mean()),
        "total_ratio": quotient(float(grown.counts.sum()), float(before.counts.sum())),
        "settling_rate": settling_rate(observed),
        "decoding_ratio": quotient(decoded[1], decoded[0]),
        "noise_correlation": float(np.mean(correlations)) if copied else math.nan,
        "accuracy_old": before.accuracy,
        "old_kept_expanded": quotient(grown.accuracy - 0.5, before.accuracy - 0.5),
        "old_error_expanded": quotient(grown.systematic_error, before.systematic_error),
    }


def predict(p: LearnerParameters) -> dict[str, float]:
    """Predict gain, total, and how fast it is held after copies appear all at once, from theory alone."""
    k, held = p.group.copies, p.hold.enabled
    grown = p.group.expansion in ("hebbian", "cloned")
    return {
        "gain": 1 / k if (grown and held) or p.group.expansion == "independent" else 1.0,
        "total_ratio": float(k) if grown and not held else 1.0,
        "settling_rate": k * p.hold.adaptation if settles(p) else math.nan,
    }


def settles(p: LearnerParameters) -> bool:
    """Return whether copies appear all at once under a hold."""
    return p.hold.enabled and p.group.expansion == "cloned" and not p.training.release_before_copying


def settling_rate(observed: Observed) -> float:
    """Fit how fast the total returns to the old one after copies have appeared all at once, per trial; else nan."""
    p = observed.parameters
    if not settles(p):
        return math.nan
    total = observed.counts.sum(axis=1)
    usual = total[observed.trials["calibrate"]].mean()
    if not usual:
        return math.nan
    surplus = (total[observed.trials["copying"]] / usual - 1) / (p.group.copies - 1)
    return decay_rate(surplus, len(observed.responses("old before").answers))


def signal_correlation(p: LearnerParameters, tested: Responses) -> float:
    """Correlate the mean responses of copies and their target over touches, mean over copies.

    Weights are less alike than responses: no touch exercises all of their directions, and only what is exercised is
    copied.
    """
    tuning = tested.counts.mean(axis=1).T.reshape(p.group.targets, p.group.copies, -1)
    pairs = [
        np.corrcoef(group[0], copy)[0, 1] for group in tuning for copy in group[1:] if np.ptp(copy) and np.ptp(group[0])
    ]
    return float(np.mean(pairs)) if pairs else math.nan


def totals(p: LearnerParameters, tested: Responses) -> np.ndarray:
    """Return the spikes of each group, shape (pattern, repeat, group)."""
    return tested.counts.reshape(*tested.counts.shape[:2], p.group.targets, p.group.copies).sum(axis=3)
