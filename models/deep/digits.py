"""The 1797 handwritten digits that scikit-learn ships: 8 x 8 pixels, ten classes, nothing to download."""

from functools import cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cortex.extras import extra

Floats: TypeAlias = NDArray[np.floating]
Integers: TypeAlias = NDArray[np.integer]

NUMBER, PIXELS, CLASSES = 1797, 64, 10
BRIGHTEST = 16


class Split(NamedTuple):
    """Images and classes of each seed, some to learn from and the others to test with."""

    images: Floats
    """Shape (seed, sample, pixel), 0 to 1."""
    classes: Integers
    """Shape (seed, sample)."""
    test_images: Floats
    test_classes: Integers


@cache
def digits() -> tuple[Floats, Integers]:
    """Return all images, shape (sample, pixel), from 0 to 1, and their classes."""
    read = extra("sklearn.datasets").load_digits()
    return read.data / BRIGHTEST, read.target


def split(rng: np.random.Generator, seeds: int, training: int, shown: Floats | None = None) -> Split:
    """Draw for each seed which samples it learns from; the rest is for its tests. `shown` stands for the images."""
    images, classes = digits()
    images = images if shown is None else shown
    order = rng.permuted(np.tile(np.arange(NUMBER), (seeds, 1)), axis=1)
    first, rest = order[:, :training], order[:, training:]
    return Split(images[first], classes[first], images[rest], classes[rest])


def batches(rng: np.random.Generator, seeds: int, samples: int, steps: int, size: int) -> Integers:
    """Draw the samples of each step, shape (seed, step, size): all samples once in each pass, in a new order."""
    passes = -(-steps * size // samples)
    order = rng.permuted(np.tile(np.arange(samples), (seeds, passes, 1)), axis=2)
    return order.reshape(seeds, -1)[:, : steps * size].reshape(seeds, steps, size)
