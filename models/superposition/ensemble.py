"""Random ReLU features: single members, ensembles of them, and a member whose every feature is doubled."""

import numpy as np

from cortex.experiment.coordinates import Variable
from cortex.experiment.streams import Streams
from models.regression.fit import fit
from models.regression.theory import Floats
from models.superposition.parameters import Features

DOUBLED = 4
"""Members of each data set of which one with doubled features is made."""

RANK = 1e-10
"""Singular values below this share of the largest count as zero: exact copies add no rank."""


def ensembles(p: Features, streams: Streams) -> dict[str, Variable]:
    """Let members of each width learn the same samples; return errors on new samples, alone and averaged."""
    draws = [_draw(p, *generators) for generators in _generators(p, streams)]
    single, together, doubled = (np.array(errors) for errors in zip(*draws, strict=True))
    names = ("data_set", "member_width")
    return {
        "width": Variable(("member_width",), np.array(p.widths), "1", "number of features of a member"),
        "single": Variable(names, single, "1", "squared error of a member, mean over members"),
        "ensemble": Variable(names, together, "1", "squared error of the mean of all members"),
        "doubled": Variable(
            ("data_set", "network"),
            doubled,
            "1",
            "squared error of members with `copied` features, with each doubled, with as many features drawn anew",
        ),
    }


def _generators(p: Features, streams: Streams) -> list[tuple[np.random.Generator, np.random.Generator]]:
    """Return generators of samples and of members for each data set."""
    return list(zip(streams.stimuli.spawn(p.draws), streams.weights.spawn(p.draws), strict=True))


def _draw(p: Features, data: np.random.Generator, own: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Return the errors of one data set: alone, averaged, and with doubled features."""
    true = data.standard_normal(p.inputs)
    true /= np.linalg.norm(true)
    x = data.standard_normal((p.samples + p.tests, p.inputs))
    answers = x[: p.samples] @ true + np.sqrt(p.noise) * data.standard_normal(p.samples)
    wanted = x[p.samples :] @ true
    single, together = [], []
    for width in p.widths:
        members = []
        for _ in range(p.members if p.redrawn else 1):
            members.append(_predict(p, x, answers, own.standard_normal((p.inputs, width))))
        single.append(np.mean([np.mean((one - wanted) ** 2) for one in members]))
        together.append(np.mean((np.mean(members, axis=0) - wanted) ** 2))
    doubled = np.mean([_doubled(p, x, answers, wanted, own) for _ in range(DOUBLED)], axis=0)
    return np.array(single), np.array(together), doubled


def _doubled(p: Features, x: Floats, answers: Floats, wanted: Floats, own: np.random.Generator) -> list[float]:
    """Return the errors of a member, of the same with each feature doubled, and of one with as many drawn anew."""
    first, other = own.standard_normal((2, p.inputs, p.copied))
    copies = np.sqrt(1 - p.parted) * first + np.sqrt(p.parted) * other
    networks = [first, np.hstack([first, copies]), np.hstack([first, other])]
    known, new = slice(p.samples), slice(p.samples, None)
    outputs = []
    for inward in networks:
        features = _features(p, x, inward)
        outputs.append(features[new] @ (np.linalg.pinv(features[known], rcond=RANK) @ answers))
    return [float(np.mean((output - wanted) ** 2)) for output in outputs]


def _predict(p: Features, x: Floats, answers: Floats, inward: Floats) -> Floats:
    """Return what the least-norm least-squares fit of features with these input weights says of the new samples."""
    features = _features(p, x, inward)
    return np.asarray(features[p.samples :] @ fit(features[None, : p.samples], answers[None])[0])


def _features(p: Features, x: Floats, inward: Floats) -> Floats:
    return np.asarray(np.maximum(x @ inward, 0) * np.sqrt(2 / p.inputs))
