"""Cells in arithmetic: every way of splitting one in two, what each part gives, and how far the sum is off."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cortex.experiment.streams import Streams
from models.division.parameters import DivisionParameters

Floats: TypeAlias = NDArray[np.float64]

KINDS: dict[str, Callable[[Floats], Floats]] = {
    "linear": lambda u: u,
    "ReLU": lambda u: np.maximum(u, 0),
    "tanh": np.tanh,
    "softplus": lambda u: np.logaddexp(0, u),
}
"""What a cell makes of its weighted sum; the first two are positively homogeneous of degree 1."""

SPLITS = (
    "outgoing, halves",
    "outgoing, unequal",
    "new cell without input",
    "incoming, halves",
    "incoming, unequal",
    "incoming, beyond",
    "each synapse by itself",
)
"""Ways to split: of the first two both parts have the whole input, of the last four the whole output."""


def drawn(p: DivisionParameters, streams: Streams) -> tuple[Floats, Floats]:
    """Return the weights of all cells, shape (draw, input), and their stimuli, (draw, stimulus, input)."""
    c = p.cells
    weights = streams.weights.standard_normal((c.draws, c.inputs)) * c.size / np.sqrt(c.inputs)
    stimuli = streams.stimuli.standard_normal((c.draws, c.stimuli, c.inputs))
    return (np.abs(weights), np.abs(stimuli)) if c.excitatory else (weights, stimuli)


def parts(p: DivisionParameters, weights: Floats, streams: Streams) -> dict[str, tuple[Floats, Floats]]:
    """Split every cell in every way.

    Parameters
    ----------
    weights : array, (draw, input)

    Returns
    -------
    dict of str to pair of arrays
        By name: input weights of both parts, (part, draw, input), and their output weights, (part,), the whole's is 1.
    """
    s, rng = p.split, streams.noise
    wrong = s.jitter * weights.std() * rng.standard_normal((2, *weights.shape))
    anything = rng.random(weights.shape) * weights if p.cells.excitatory else rng.permuted(weights, axis=1)
    both, one = np.ones(2), np.ones((2, 1, 1))

    def shares(first: float) -> Floats:
        return np.array([first, 1 - first])

    def incoming(first: float) -> Floats:
        return shares(first)[:, None, None] * weights

    split = {
        "outgoing, halves": (one * weights + wrong, shares(0.5)),
        "outgoing, unequal": (one * weights + wrong, shares(s.beyond)),
        "new cell without input": (np.stack([weights, 0 * weights]), both),
        "incoming, halves": (incoming(0.5), both),
        "incoming, unequal": (incoming(s.share), both),
        "incoming, beyond": (incoming(s.beyond), both),
        "each synapse by itself": (np.stack([anything, weights - anything]), both),
    }
    return {name: split[name] for name in SPLITS}


def sums(weights: Floats, stimuli: Floats) -> Floats:
    """Return the weighted sums of cells, shape (..., draw, stimulus)."""
    return np.einsum("dsi,...di->...ds", stimuli, weights)


def output(kind: str, inputs: Floats, outgoing: Floats) -> Floats:
    """Return what two parts give together, shape (draw, stimulus), from their weighted sums, (part, draw, stimulus)."""
    return np.einsum("k,kds->ds", outgoing, KINDS[kind](inputs))


def error(before: Floats, after: Floats) -> float:
    """Return the largest change of an output, over the largest output; as it is where there never was one."""
    return float(np.abs(after - before).max()) / (float(np.abs(before).max()) or 1.0)


def losses(p: DivisionParameters, weights: Floats, stimuli: Floats, streams: Streams) -> tuple[Floats, Floats]:
    """Split the first hidden cell of a network of each kind in all shares; return its loss over that before.

    Its answers are those of a network of the same hidden cells with output weights of 1, and noise of size 1; its
    own output weights are fitted to them, so that the loss is not zero, and of output weights it is the least.

    Returns
    -------
    shares : array, (share,)
        What the first part has: of the output weight, or of the input weights.
    losses : array, (way, kind, draw, share)
        Mean squared error over that before, of a split of the output weight and of the input weights.
    """
    draws, _, inputs = stimuli.shape
    rng = streams.noise
    hidden = rng.standard_normal((p.line.cells, draws, inputs)) * p.cells.size / np.sqrt(inputs)
    hidden[0] = weights
    noise = rng.standard_normal(stimuli.shape[:2])
    u = sums(hidden, stimuli)
    shares = np.linspace(-1, 2, p.line.points)
    ratios = np.empty((2, len(KINDS), draws, len(shares)))
    for number, function in enumerate(KINDS.values()):
        out = function(u)
        columns, answers = np.moveaxis(out, 0, 2), out.sum(axis=0) + noise
        fitted = (np.linalg.pinv(columns) @ answers[:, :, None])[:, :, 0]
        left = (columns @ fitted[:, :, None])[:, :, 0] - answers
        before = (left**2).mean(axis=1)
        a = fitted[:, :1]
        others = left - a * out[0]
        for place, share in enumerate(shares):
            outgoing = a * share * out[0] + a * (1 - share) * out[0]
            incoming = a * function(share * u[0]) + a * function((1 - share) * u[0])
            for way, now in enumerate((outgoing, incoming)):
                ratios[way, number, :, place] = ((others + now) ** 2).mean(axis=1) / before
    return shares, ratios
