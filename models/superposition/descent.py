"""The same regression learned by stochastic gradient descent, in which the essay sees the cause of the peak."""

from typing import Any

import numpy as np

from cortex.experiment.coordinates import Variable
from cortex.experiment.streams import Streams
from cortex.extras import extra
from models.regression import theory
from models.regression.fit import fit
from models.regression.theory import Floats
from models.superposition.parameters import SuperpositionParameters


def learn(p: SuperpositionParameters, streams: Streams) -> dict[str, Variable]:
    """Learn each of the three widths in the way that is chosen; return errors on new samples."""
    r, d = p.regression, p.descent
    features = streams.stimuli.standard_normal((d.draws, r.samples, max(r.features, *d.widths)))
    noise = np.sqrt(r.noise) * streams.noise.standard_normal((d.draws, r.samples))
    order = streams.weights.permuted(np.tile(np.arange(r.samples), (d.steps, 1)), axis=1)[:, : d.batch]
    errors: list[list[Floats]] = []
    for width in d.widths:
        true = theory.weights(r, width)
        answers = features[:, :, : len(true)] @ true + noise
        used = features[:, :, :width]
        least = fit(used, answers)
        learned = least if d.learning == "least_squares" else descend(used, answers, order)
        left = (true[width:] ** 2).sum() + r.noise
        errors.append([((weights - true[:width]) ** 2).sum(axis=1) + left for weights in (learned, least)])
    learned, least = np.array(errors).transpose(1, 2, 0)
    names = ("learner", "learned_width")
    return {
        "width": Variable(("learned_width",), np.array(d.widths), "1", "number of features that are learned"),
        "test_error": Variable(names, learned, "1", "expected squared error on new samples, in the way chosen"),
        "least_squares": Variable(names, least, "1", "the same by least squares in closed form"),
    }


def descend(features: Floats, answers: Floats, order: np.ndarray) -> Floats:
    """Return the weights that stochastic gradient descent finds from zero, for all data sets at once.

    Parameters
    ----------
    features : array, (draw, sample, feature)
    answers : array, (draw, sample)
    order : array of int, (step, batch)
        Samples of each step.

    Returns
    -------
    array, (draw, feature)
    """
    jax, jnp, optax = extra("jax"), extra("jax.numpy"), extra("optax")
    draws, _, width = features.shape
    steps, batch = order.shape
    largest = (np.sqrt(width) + np.sqrt(batch)) ** 2  # of the eigenvalues of a step's second moments, about
    optimiser = optax.sgd(optax.cosine_decay_schedule(1 / largest, steps))
    x, y = jnp.asarray(features), jnp.asarray(answers)

    def loss(weights: Any, chosen: Any) -> Any:
        left = jnp.einsum("dsp,dp->ds", x[:, chosen], weights) - y[:, chosen]
        return 0.5 * (left**2).sum()

    def step(state: Any, chosen: Any) -> tuple[Any, None]:
        weights, memory = state
        updates, memory = optimiser.update(jax.grad(loss)(weights, chosen), memory)
        return (optax.apply_updates(weights, updates), memory), None

    start = jnp.zeros((draws, width))
    (weights, _), _ = jax.jit(lambda state: jax.lax.scan(step, state, order))((start, optimiser.init(start)))
    return np.asarray(weights, float)
