"""What the best linear readout of some spike counts would answer, on trials that it was not fitted to."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

PENALTIES = tuple(10.0 ** np.arange(-2, 4))
"""Ridge penalties among which a fit chooses, in units of a squared count."""

FOLDS = 8


def cross_validated(
    counts: ArrayLike, answers: ArrayLike, folds: int = FOLDS, penalties: Sequence[float] = PENALTIES
) -> NDArray[np.float64]:
    """Return the outputs of the best linear readout with a bias, each trial left out of the fit that answers it.

    The penalty of each fit is chosen by cross-validation among the trials of that fit alone (nested).

    Parameters
    ----------
    counts : array, (stimulus, repeat, cell)
        Spike counts; a fold has every `folds`-th repeat of each stimulus.
    answers : array, (stimulus,)
        What the readout should say.
    folds : int
        At most as many as there are repeats, at least 3.
    penalties : sequence of float

    Returns
    -------
    array, (stimulus, repeat)

    Raises
    ------
    ValueError
        If there are fewer than 3 folds: a penalty is chosen within two.
    """
    counts, answers = np.asarray(counts, dtype=float), np.asarray(answers, dtype=float)
    fold = np.arange(counts.shape[1]) % min(folds, counts.shape[1])
    if fold.max(initial=0) < 2:
        raise ValueError("nested cross-validation needs 3 repeats of each stimulus or more")
    outputs = np.empty(counts.shape[:2])
    for left_out in np.unique(fold):
        kept, known = counts[:, fold != left_out], fold[fold != left_out]
        errors = np.zeros(len(penalties))
        for inner in np.unique(known):
            fits = _ridge(kept[:, known != inner], answers, penalties)
            tested = np.einsum("srk,pk->psr", _with_bias(kept[:, known == inner]), fits)
            errors += ((tested - answers[:, None]) ** 2).sum(axis=(1, 2))
        [best] = _ridge(kept, answers, [penalties[int(errors.argmin())]])
        outputs[:, fold == left_out] = _with_bias(counts[:, fold == left_out]) @ best
    return outputs


def _with_bias(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([counts, np.ones((*counts.shape[:2], 1))], axis=2)


def _ridge(
    counts: NDArray[np.float64], answers: NDArray[np.float64], penalties: Sequence[float]
) -> NDArray[np.float64]:
    """Fit weights and a bias, which has no penalty, for each penalty, shape (penalty, cell + 1)."""
    x = _with_bias(counts).reshape(-1, counts.shape[2] + 1)
    y = np.repeat(answers, counts.shape[1])
    free = np.append(np.ones(counts.shape[2]), 0.0)
    # what never varies has no weight: the smallest penalty keeps the system solvable
    systems = x.T @ x + np.asarray(penalties)[:, None, None] * np.diag(free)
    fits: NDArray[np.float64] = np.linalg.solve(
        systems, np.broadcast_to((x.T @ y)[:, None], (len(penalties), len(x.T), 1))
    )
    return fits[..., 0]
