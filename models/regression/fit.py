"""Data sets that are drawn, and what is fitted to them: all draws at once, for each number of features."""

from collections.abc import Iterator

import numpy as np

from cortex.experiment.coordinates import Variable
from cortex.experiment.streams import Streams
from models.regression import theory
from models.regression.parameters import RegressionParameters
from models.regression.theory import Floats

NUMBERS = 2_000_000
"""Features of all samples that are held at a time; more draws are worked on in turn."""


def fit(features: Floats, answers: Floats, penalty: float = 0.0) -> Floats:
    """Return the weights of least squares, those of least norm where several fit, or with a ridge.

    Parameters
    ----------
    features : array, (draw, sample, feature)
    answers : array, (draw, sample)
    penalty : float
        What is added to each eigenvalue of the features' second moments, λ.

    Returns
    -------
    array, (draw, feature)
    """
    samples, width = features.shape[1:]
    turned, column = np.swapaxes(features, 1, 2), answers[:, :, None]
    if penalty:
        by_feature = width <= samples
        moments = turned @ features if by_feature else features @ turned
        moments += samples * penalty * np.eye(min(width, samples))
        solved = np.linalg.solve(moments, turned @ column if by_feature else column)
        return np.asarray((solved if by_feature else turned @ solved)[:, :, 0])
    if width <= samples:
        q, r = np.linalg.qr(features)
        return np.asarray(np.linalg.solve(r, np.swapaxes(q, 1, 2) @ column)[:, :, 0])
    q, r = np.linalg.qr(turned)
    return np.asarray((q @ np.linalg.solve(np.swapaxes(r, 1, 2), column))[:, :, 0])


def curve(p: RegressionParameters, streams: Streams) -> dict[str, Variable]:
    """Fit every number of features to the same data sets; return the errors of each fit.

    The test error is that of infinitely many new samples. Other settings see the same features and the same noise.
    """
    penalties = theory.penalty(p, p.widths)
    batches = [
        [_errors(p, features, noise, *one) for one in zip(p.widths, penalties, strict=True)]
        for features, noise in _drawn(p, streams)
    ]
    test, training, norm = np.concatenate(batches, axis=2).transpose(1, 2, 0)
    names = ("draw", "width")
    return {
        "width": Variable(("width",), np.array(p.widths), "1", "number of features that are fitted"),
        "test_error": Variable(names, test, "1", "expected squared error of each fit on new samples"),
        "training_error": Variable(names, training, "1", "mean squared error of each fit on its own samples"),
        "norm": Variable(names, norm, "1", "squared norm of the fitted weights"),
    }


def _drawn(p: RegressionParameters, streams: Streams) -> Iterator[tuple[Floats, Floats]]:
    """Yield features, shape (draw, sample, feature), and noise, shape (draw, sample), of some draws at a time."""
    number = max(p.features, *p.widths)
    at_a_time = max(1, NUMBERS // (p.samples * number))
    x, noise = streams.stimuli, streams.noise
    for first in range(0, p.draws, at_a_time):
        shape = (min(at_a_time, p.draws - first), p.samples)
        yield x.standard_normal((*shape, number)), np.sqrt(p.noise) * noise.standard_normal(shape)


def _errors(p: RegressionParameters, features: Floats, noise: Floats, width: int, penalty: float) -> Floats:
    """Return test error, training error and squared norm of the fits of one width, shape (3, draw)."""
    true = theory.weights(p, width)
    answers = features[:, :, : len(true)] @ true + noise
    fitted = fit(features[:, :, :width], answers, penalty)
    left = answers - (features[:, :, :width] @ fitted[:, :, None])[:, :, 0]
    missed = ((fitted - true[:width]) ** 2).sum(axis=1) + (true[width:] ** 2).sum() + p.noise
    return np.stack([missed, (left**2).mean(axis=1), (fitted**2).sum(axis=1)])
