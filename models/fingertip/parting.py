"""How copies part after release, and what was measured before it that a prediction needs.

A difference between copies grows by Hebbian learning: private noise makes a copy fire where another does not, its
weights follow, and the shared inhibition of the group makes that a competition. So the rate of parting must follow from
how the touches drive the afferents, how steeply a cell answers to its drive, and how noisy it is by itself.
"""

from dataclasses import dataclass

import numpy as np
from brian2.units import pA

from cortex.analysis.similarity import mean_pairwise_cosine
from models.fingertip.anatomy import places, sites
from models.fingertip.network import SNAPSHOT
from models.fingertip.observe import Observed
from models.fingertip.parameters import FingertipParameters
from models.fingertip.protocol import PUSH, TOUCH, TRIAL
from models.learner.tasks import SITES

GROWN = 0.5
"""Share of its final value up to which the growth of the difference is followed."""

LEAST = 0.05
"""Fall of the similarity below which copies have not parted."""


@dataclass(frozen=True)
class BeforeRelease:
    """What is known of the groups of the tip before release.

    Attributes
    ----------
    weights : array, (group, member, afferent)
    second_moment : array, (afferent, afferent)
        Mean over touches of the product of the spikes of two afferents in a trial, with those of Poisson trains.
    drive : array, (trial, group, member)
        Expected afferent spikes of each trial of the test, times the weights of the cell.
    counts : array, (trial, group, member)
        Spikes of the cells in these trials, the coupling closed.
    pushed : array, (trial, group, member)
        The same where all but the first member of a group get `PUSH` less.
    """

    weights: np.ndarray
    second_moment: np.ndarray
    drive: np.ndarray
    counts: np.ndarray
    pushed: np.ndarray

    @property
    def push_slopes(self) -> np.ndarray:
        """Spikes that a member has more in a trial for each pA more than the others, shape (group,).

        The inhibition that all members share is the same for all, so it does not flatten this slope.
        """
        first, others = (
            self.pushed[:, :, members].mean(axis=(0, 2)) - self.counts[:, :, members].mean(axis=(0, 2))
            for members in (slice(0, 1), slice(1, None))
        )
        return np.asarray((first - others) / float(PUSH / pA))

    @property
    def slopes(self) -> np.ndarray:
        """Spikes more in a trial for each unit of drive, while inhibition grows along, shape (group, member)."""
        drive, counts = (values - values.mean(axis=0) for values in (self.drive, self.counts))
        size = (drive**2).sum(axis=0)
        return np.asarray((drive * counts).sum(axis=0) / np.where(size > 0, size, np.nan))

    @property
    def private_noise(self) -> np.ndarray:
        """Variance of the spikes of a cell in a trial around the mean of its group, shape (group, member)."""
        members = self.counts.shape[2]
        around = self.counts - self.counts.mean(axis=2, keepdims=True)
        return np.asarray((around**2).mean(axis=0) * members / (members - 1))


def before_release(observed: Observed) -> BeforeRelease:
    """Look at the tests before release, which are without coupling."""
    p = observed.parameters
    [block] = [block for block in observed.layout.blocks if block.name == "test uncoupled"]
    code, shift, depth = (np.asarray(block.values[name]) for name in ("code", "shift", "depth"))
    spikes = expected_spikes(p, code, shift, depth)
    weights = observed.weights(observed.trials["new task"].stop)
    shape = (len(code), p.group.tip, p.group.copies)
    moment = spikes.T @ spikes / len(code) + np.diag(spikes.mean(axis=0))
    drive = np.einsum("gma,ta->tgm", weights, spikes)
    counts, pushed = (
        observed.counts[observed.trials[f"test {name}"], : p.tip_cells].reshape(shape).astype(float)
        for name in ("uncoupled", "pushed")
    )
    return BeforeRelease(weights, moment, drive, counts, pushed)


def expected_spikes(p: FingertipParameters, code: np.ndarray, shift: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """Return the mean spikes of each afferent in trials with a touch of the tip, shape (trial, afferent)."""
    pressed = (code.astype(int)[:, None] >> np.arange(SITES) & 1) * depth[:, None]
    distance = places(p) - (sites(p) + shift[:, None])[:, :, None]
    profile = (pressed[:, :, None] * np.exp(-(distance**2) / (2 * p.skin.touch_width**2))).sum(axis=1)
    background, peak = float(p.skin.background_rate), float(p.skin.peak_rate)
    return np.asarray(background * float(TRIAL) + (peak - background) * float(TOUCH) * profile)


def similarities(observed: Observed) -> tuple[np.ndarray, np.ndarray]:
    """Return trials and mean cosine between the members of a group of the tip, over the whole run."""
    trials = [sample * SNAPSHOT for sample in range(len(observed.run["weights.w"]))]
    similarity = [np.mean(mean_pairwise_cosine(observed.weights(trial))) for trial in trials]
    return np.array(trials), np.array(similarity)


def after_release(observed: Observed) -> tuple[np.ndarray, np.ndarray]:
    """Return trials of learning since release, and how far copies are apart then, 1 - similarity.

    Trials of tests, in which nothing is learned, do not count.
    """
    trials, similarity = similarities(observed)
    released = observed.trials["release"]
    inside = (trials >= released.start) & (trials <= released.stop)
    learning = np.concatenate([np.full(block.slots, block.name == "release") for block in observed.layout.blocks])
    return np.cumsum(learning)[trials[inside] - 1], 1 - similarity[inside]


def parting_rate(observed: Observed) -> float:
    """Return the rate, per trial, at which the difference of copies, 1 - similarity, grows after release.

    An exponential is fitted from release until half the final difference; nan if they do not part.
    """
    learned, apart = after_release(observed)
    if not apart[-1] > LEAST or apart[0] <= 0:
        return float("nan")
    return growth(learned, apart, GROWN * float(apart[-1]))


def early_rate(learned: np.ndarray, apart: np.ndarray) -> float:
    """Return the rate at which the difference grows until copies have parted by `LEAST`, per trial.

    While they are that much alike theory is linear; nan if they were apart from the beginning, or never part.
    """
    return growth(learned, apart, LEAST) if 0 < apart[0] < LEAST <= apart.max() else float("nan")


def growth(learned: np.ndarray, apart: np.ndarray, level: float) -> float:
    """Return the rate of the exponential fitted to a difference until it reaches a level."""
    early = slice(0, max(int(np.argmax(apart >= level)) + 1, 2))
    return float(np.polyfit(learned[early], np.log(apart[early]), 1)[0])
