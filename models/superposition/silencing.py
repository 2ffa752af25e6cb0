"""What it does to a fitted network if a fixed part of it falls silent, without learning again."""

import numpy as np
from numpy.typing import ArrayLike

from cortex.experiment.coordinates import Variable
from cortex.experiment.streams import Streams
from models.regression import theory
from models.regression.fit import fit
from models.regression.theory import Floats
from models.superposition.parameters import SuperpositionParameters

AT_A_TIME = 100
"""Data sets that are held at a time."""


def silence(p: SuperpositionParameters, streams: Streams) -> dict[str, Variable]:
    """Fit every number of features to the same data sets by least squares, and silence the first `silenced` of them."""
    r, x, noise = p.regression, streams.stimuli, streams.noise
    batches = []
    for first in range(0, r.draws, AT_A_TIME):
        shape = (min(AT_A_TIME, r.draws - first), r.samples)
        features = x.standard_normal((*shape, max(r.features, *r.widths)))
        left = np.sqrt(r.noise) * noise.standard_normal(shape)
        batches.append([_silenced(p, features, left, width) for width in r.widths])
    share, changed, error, learned, new = np.concatenate(batches, axis=2).transpose(1, 2, 0)
    names = ("draw", "width")
    return {
        "width": Variable(("width",), np.array(r.widths), "1", "number of features that are fitted"),
        "share": Variable(names, share, "1", "share of the part in the squared norm of the weights"),
        "changed": Variable(names, changed, "1", "mean squared change of the output as the part falls silent"),
        "error": Variable(names, error, "1", "expected squared error on new samples before"),
        "added_learned": Variable(names, learned, "1", "squared error that silence adds on the samples learned"),
        "added_new": Variable(names, new, "1", "squared error that silence adds on new samples"),
    }


def _silenced(p: SuperpositionParameters, features: Floats, noise: Floats, width: int) -> Floats:
    """Return share, change, error and what silence adds to both errors, shape (5, draw)."""
    true, part = theory.weights(p.regression, width), slice(p.silenced)
    answers = features[:, :, : len(true)] @ true + noise
    fitted = fit(features[:, :, :width], answers)
    missing = _output(features[:, :, part], fitted[:, part])
    left = answers - _output(features[:, :, :width], fitted)
    changed = (fitted[:, part] ** 2).sum(axis=1)
    error = ((fitted - true[:width]) ** 2).sum(axis=1) + (true[width:] ** 2).sum() + p.regression.noise
    learned = ((left + missing) ** 2 - left**2).mean(axis=1)
    new = 2 * fitted[:, part] @ true[part] - changed
    return np.stack([changed / (fitted**2).sum(axis=1), changed, error, learned, new])


def _output(features: Floats, weights: Floats) -> Floats:
    return np.asarray((features @ weights[:, :, None])[:, :, 0])


def expected(p: SuperpositionParameters, widths: ArrayLike) -> dict[str, Floats]:
    """Return the expected share, change of the output, and error added on new samples by silence, for each width.

    Of p exchangeable weights q hold the share q/p of the squared norm. What silence adds on new samples is twice the
    part's signal that was learned, less its squared weights: near n these are mostly noise, and silence is a gain.
    """
    r, share = p.regression, p.silenced / np.asarray(widths, float)
    signal = theory.fitted_signal(r, widths) * np.minimum(1, r.samples / np.asarray(widths))
    changed = share * theory.norm(r, widths)
    return {"share": share, "changed": changed, "added_new": 2 * share * signal - changed}


def errors(p: SuperpositionParameters, widths: ArrayLike) -> Floats:
    """Return the expected squared error on new samples before, for each width."""
    return theory.test_error(p.regression, widths)
