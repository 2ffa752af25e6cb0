"""Expected errors of least squares on p of D white features, in closed form.

Without a ridge they are exact for any number n of samples and any weights, by the mean of an inverse Wishart matrix
(Belkin, Hsu, Xu, arXiv:1903.07571): what is not fitted acts as noise. With the optimal ridge they hold for large n
and p (Hastie, Montanari, Rosset, Tibshirani, arXiv:1903.08560).
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.regression.parameters import RegressionParameters

Floats: TypeAlias = NDArray[np.float64]


def weights(p: RegressionParameters, width: int) -> Floats:
    """Return the true weights β of the features that answers depend on, if so many are fitted; |β| = 1."""
    rank = 1.0 + np.arange(width if p.well_specified else p.features)
    squared = rank**-p.decay
    return np.asarray(np.sqrt(squared / squared.sum()))


def fitted_signal(p: RegressionParameters, widths: ArrayLike) -> Floats:
    """Return the squared norm of the true weights that are fitted, for each width."""
    return np.array([(weights(p, width)[:width] ** 2).sum() for width in np.asarray(widths)])


def unexplained(p: RegressionParameters, widths: ArrayLike) -> Floats:
    """Return the variance of an answer that the fitted features do not explain, for each width: s."""
    return np.array([(weights(p, width)[width:] ** 2).sum() + p.noise for width in np.asarray(widths)])


def penalty(p: RegressionParameters, widths: ArrayLike) -> Floats:
    """Return the optimal ridge λ = s γ/|β_T|², γ = p/n, for each width; 0 without a ridge."""
    ratio = np.asarray(widths) / p.samples
    return p.ridge * unexplained(p, widths) * ratio / fitted_signal(p, widths)


def test_error(p: RegressionParameters, widths: ArrayLike) -> Floats:
    """Return the expected squared error on new samples; infinite from n - 1 to n + 1 without a ridge."""
    s, ratio = unexplained(p, widths), np.asarray(widths) / p.samples
    unlearned = fitted_signal(p, widths) * np.maximum(1 - 1 / ratio, 0)
    least_squares = s + _learned_noise(p, widths) + unlearned
    if not p.ridge:
        return least_squares
    return np.where(s > 0, _with_optimal_ridge(ratio, s, np.where(s > 0, penalty(p, widths), 1)), least_squares)


def training_error(p: RegressionParameters, widths: ArrayLike) -> Floats:
    """Return the expected mean squared error on the samples themselves, without a ridge."""
    return unexplained(p, widths) * np.maximum(1 - np.asarray(widths) / p.samples, 0)


def norm(p: RegressionParameters, widths: ArrayLike) -> Floats:
    """Return the expected squared norm of the fitted weights, without a ridge."""
    return fitted_signal(p, widths) * np.minimum(p.samples / np.asarray(widths), 1) + _learned_noise(p, widths)


def _learned_noise(p: RegressionParameters, widths: ArrayLike) -> Floats:
    """Return the squared norm of the weights that fit what is unexplained, without a ridge: the term with the peak."""
    n, width, s = p.samples, np.asarray(widths), unexplained(p, widths)
    distance = np.maximum(np.abs(width - n) - 1, 0)
    with np.errstate(divide="ignore"):
        share = np.minimum(width, n) / distance
    return np.multiply(s, share, where=s > 0, out=np.zeros_like(s))


def _with_optimal_ridge(ratio: Floats, s: Floats, ridge: Floats) -> Floats:
    """Return the test error for γ = p/n at the ridge at which squared bias and variance grow alike."""
    centre = 1 - ratio + ridge
    m = (np.sqrt(centre**2 + 4 * ratio * ridge) - centre) / (2 * ratio * ridge)
    return np.asarray(s * (1 + ratio * m))
