"""What a readout that never changes says of the depth of a touch, once copies answer beside their teachers.

The readout is fitted to the established cells before training. Under the hold a copy is read with the weight of its
teacher, as if it projected to where its teacher does: the answer stays right only if the group's total does.
"""

from typing import NamedTuple

import numpy as np

from cortex.analysis.discrimination import d_prime
from cortex.analysis.spikes import count_in_windows
from cortex.engine.recording import Recording
from cortex.experiment.protocol import Protocol
from models.finger_area.anatomy import reached, zone
from models.finger_area.copies import Copies
from models.finger_area.parameters import FingerParameters
from models.finger_area.protocol import PAUSE_SLOTS, PROBE_SLOTS, SLOT, depth_order, layout

LEAST_VARIANCE = 0.5
"""Added to the variance of a count, so that cells that never varied have no boundless weight."""


class Answers(NamedTuple):
    """Of a readout whose answers to a light and a deep touch were -1 and +1 when it was fitted.

    Attributes
    ----------
    gain : float
        Half the difference of the mean answers.
    bias : float
        Their mean.
    correct : float
        Share of single touches answered with the right sign; 0.5 by chance.
    """

    gain: float
    bias: float
    correct: float


def depth_answers(p: FingerParameters, run: Recording, copies: Copies) -> Answers:
    """Read the depth of touches under the hold through the group; see the module."""
    local = reached(p)
    weights, middle, half = fitted(counts(p, run, "depths before") * (local & copies.established))
    if not half:  # no cell answers to depth
        return Answers(np.nan, np.nan, np.nan)
    taught = local & ~copies.established & (copies.teachers >= 0)
    weights[taught] = weights[copies.teachers[taught]]
    light, deep = (counts(p, run, "depths trained") @ weights - middle) / half
    correct = ((light < 0).mean() + (deep > 0).mean()) / 2
    return Answers(float(deep.mean() - light.mean()) / 2, float(deep.mean() + light.mean()) / 2, float(correct))


def fitted(light_and_deep: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Fit a readout to counts of two kinds of touch, shape (2, repeat, cell).

    Returns
    -------
    weights : array, shape (cell,)
        Difference of a cell's mean counts over their variance.
    middle, half : float
        Mean of the two mean outputs, and half their difference: (output - middle)/half is -1 and +1 on average.
    """
    means = light_and_deep.mean(axis=1)
    weights = (means[1] - means[0]) / (light_and_deep.var(axis=1).mean(axis=0) + LEAST_VARIANCE)
    outputs = means @ weights
    return weights, float(outputs.mean()), float(outputs[1] - outputs[0]) / 2


def kept(p: FingerParameters, run: Recording, names: tuple[str, str], times: Protocol) -> tuple[float, float]:
    """Return how often a readout that is fitted in one test is right in that test, and in another one later.

    It is fitted to every second presentation of each depth, and the others are scored.

    Parameters
    ----------
    p : FingerParameters
    run : Recording
    names : tuple of two str
        Of the tests.
    times : Protocol
        In which they are.

    Returns
    -------
    tuple of two float
        Shares of single touches; 0.5 by chance.
    """
    local = reached(p)
    first, later = (counts(p, run, name, times) * local for name in names)
    weights, middle, _ = fitted(first[:, ::2])
    answers = [shown[:, 1::2] @ weights > middle for shown in (first, later)]
    before, after = (float((1 - light.mean() + deep.mean()) / 2) for light, deep in answers)
    return before, after


class Told(NamedTuple):
    """What a readout of depth that never changes tells.

    Attributes
    ----------
    d_prime : float
        Of its answers to the two depths, wherever the criterion lies.
    right : float
        Share of single touches told right by the criterion that was fitted; 0.5 by chance.
    spikes : float
        Of all cells that are read, per touch.
    """

    d_prime: float
    right: float
    spikes: float


def told_apart(p: FingerParameters, run: Recording, names: tuple[str, str], times: Protocol) -> Told:
    """Return what a readout that was fitted in an earlier test tells of depth in a later one.

    It hears the cells in the zones of the trained digits.

    Parameters
    ----------
    p : FingerParameters
        Of the tests, with the digits that are read as the trained ones.
    run, names, times
        As for `kept`.
    """
    cells = zone(p)
    first, later = (counts(p, run, name, times)[:, :, cells] for name in names)
    weights, middle, _ = fitted(first)
    light, deep = outputs = later @ weights
    right = ((light < middle).mean() + (deep > middle).mean()) / 2
    depths = np.repeat([0, 1], outputs.shape[1])
    return Told(d_prime(outputs.ravel(), depths), float(right), float(later.sum(axis=2).mean()))


def counts(p: FingerParameters, run: Recording, name: str, times: Protocol | None = None) -> np.ndarray:
    """Count the spikes of every cell in each presentation of a depth test, shape (depth, repeat, cell)."""
    order, length = depth_order(p), (PROBE_SLOTS + PAUSE_SLOTS) * float(SLOT)
    start = (times or layout(p)).interval(name)[0] + length * np.arange(len(order))
    n = run["cells.maturity"].shape[1]
    spikes = count_in_windows(run["spikes.i"], run["spikes.t"], n, start, start + length)
    return np.stack([spikes[order == depth] for depth in range(order.max() + 1)])
