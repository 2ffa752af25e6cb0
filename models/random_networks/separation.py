"""Answers of random networks without biases to a few inputs, at any width, and without end in the limit."""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cortex.experiment.coordinates import Variable
from cortex.experiment.streams import Streams
from models.random_networks.parameters import Dichotomies, Separation

Floats: TypeAlias = NDArray[np.float64]


def separated(p: Separation, streams: Streams) -> dict[str, Variable]:
    """Return the share of networks that answer two inputs with different signs, for each width and depth."""
    rng = streams.weights
    inputs = np.array([[1.0, 0.0], [p.correlation, np.sqrt(1 - p.correlation**2)]]).T
    density = [_separated(p, rng, inputs, width) for width in p.widths]
    return {
        "width": Variable(("width",), np.array(p.widths), "1", "cells of each hidden layer"),
        "depth": Variable(("depth",), 1 + np.arange(p.deepest), "1", "hidden layers"),
        "density": Variable(("width", "depth"), np.array(density), "1", "share of networks that separate two inputs"),
    }


def _separated(p: Separation, rng: np.random.Generator, inputs: Floats, width: int) -> list[float]:
    """Return the shares for one width and each depth.

    Rows of a layer's random weights see its inputs X = QR only through R: their products with Q are again independent
    normal numbers. So weights need not be drawn, and their answers have the exact distribution at every width.
    """
    seen, shares = np.broadcast_to(inputs, (p.draws, *inputs.shape)), []
    for _ in range(p.deepest):
        cells = rng.standard_normal((p.draws, width, seen.shape[1])) @ seen
        cells *= np.sqrt(2 / width)
        layer = np.maximum(cells, 0) if p.rectified else cells
        seen = np.asarray(np.linalg.qr(layer, mode="r")) if width > 2 else layer
        answers = (rng.standard_normal((p.draws, 1, seen.shape[1])) @ seen)[:, 0]
        shares.append(float(np.mean(answers[:, 0] * answers[:, 1] < 0)))
    return shares


def correlations(correlation: ArrayLike, depth: int) -> Floats:
    """Return the correlation of two inputs after so many ReLU layers without end (Cho & Saul 2009)."""
    rho = np.asarray(correlation, float)
    for _ in range(depth):
        rho = np.clip(rho, -1, 1)
        rho = (np.sqrt(1 - rho**2) + rho * (np.pi - np.arccos(rho))) / np.pi
    return rho


def limit(correlation: float, depth: int) -> float:
    """Return the share of networks without end that answer two inputs with different signs."""
    return float(np.arccos(correlations(correlation, depth)) / np.pi)


def labelled(p: Dichotomies, streams: Streams) -> dict[str, Variable]:
    """Return the share of infinitely wide networks that label points in each way, shallow and deep.

    Answers to the points are normal, with the correlations of the arc-cosine kernel; linear cells leave those of the
    points as they are. Each way of labelling is taken together with the opposite one.
    """
    points_rng, rng = streams.stimuli, streams.noise
    ways = 2 ** (p.points - 1)
    shares = np.empty((p.sets, 2, ways))
    for number in range(p.sets):
        points = points_rng.standard_normal((p.points, p.inputs))
        points /= np.linalg.norm(points, axis=1, keepdims=True)
        normal = rng.standard_normal((p.draws, p.points))
        for kind, depth in enumerate((p.shallow, p.deep)):
            values, vectors = np.linalg.eigh(correlations(points @ points.T, depth if p.rectified else 0))
            answers = normal @ (vectors * np.sqrt(np.maximum(values, 0))).T > 0
            alike = answers[:, 1:] == answers[:, :1]
            way = alike @ (2 ** np.arange(p.points - 1))
            shares[number, kind] = np.bincount(way, minlength=ways) / p.draws
    names = ("set", "labels")
    return {
        "shallow": Variable(names, shares[:, 0], "1", "share of shallow networks that label points so"),
        "deep": Variable(names, shares[:, 1], "1", "share of deep networks that label points so"),
    }
