"""Train a network, take away its smallest weights, and train what is left from where it began: round by round.

Iterative magnitude pruning with rewinding to the first values (Frankle & Carbin 2019, arXiv:1803.03635). All seeds are
trained at once, in single precision; each round has an order of samples of its own, which its controls share.
"""

from functools import cache
from typing import Any, TypeAlias

import numpy as np

from cortex.experiment.coordinates import Variable
from cortex.experiment.streams import Streams
from cortex.extras import extra
from models.deep.digits import CLASSES, PIXELS, Floats, Split, batches, split
from models.deep.ticket import TicketParameters, kept, kept_share

Layers: TypeAlias = tuple[Floats, Floats]
"""Something of each weight of the hidden and of the output layer, shapes (seed, unit, unit)."""


def tickets(p: TicketParameters, streams: Streams) -> dict[str, dict[str, Variable]]:
    """Prune and train round by round; train the controls of the rounds that are compared.

    Returns
    -------
    dict of dict
        Test accuracy of the ticket, of the same connections with other first values, and of as many other connections
        with the same first values.
    """
    weights, noise, data = streams.weights, streams.noise, split(streams.stimuli, p.seeds, p.training_samples)
    first = initial(weights, p)
    mask = tuple(np.ones(layer.shape, bool) for layer in first)
    found: dict[str, list[Floats]] = {"ticket": [], "reinitialised": [], "random_mask": []}
    for round_ in range(p.compared[-1] + 1):
        order = batches(noise, p.seeds, p.training_samples, p.steps, p.batch)
        start = first if p.rewound or not round_ else initial(weights, p)
        trained, accuracy = train(p, start, mask, data, order)
        found["ticket"].append(accuracy)
        if round_ in p.compared:
            found["reinitialised"].append(train(p, initial(weights, p), mask, data, order)[1])
            found["random_mask"].append(train(p, first, shuffled(noise, mask), data, order)[1])
        sizes = trained if p.largest_stay else tuple(noise.random(layer.shape) for layer in trained)
        mask = tuple(keep(*one) for one in zip(sizes, mask, kept(p, round_ + 1), strict=True))
    return {arm: _variables(p, curves, arm == "ticket") for arm, curves in found.items()}


def initial(rng: np.random.Generator, p: TicketParameters) -> Layers:
    """Draw first weights (Glorot & Bengio 2010), variance 2/(inputs + outputs)."""
    shapes = (PIXELS, p.hidden), (p.hidden, CLASSES)
    hidden, output = (rng.standard_normal((p.seeds, *shape)) * np.sqrt(2 / sum(shape)) for shape in shapes)
    return hidden, output


def keep(sizes: Floats, mask: Floats, number: int) -> Floats:
    """Return, for each seed, a mask of so many of the connections that there are: those of largest size."""
    ranked = np.where(mask, np.abs(sizes), -1).reshape(len(mask), -1)
    chosen = np.argsort(-ranked, axis=1, kind="stable")[:, :number]
    left = np.zeros(ranked.shape, bool)
    np.put_along_axis(left, chosen, True, axis=1)
    return left.reshape(mask.shape)


def shuffled(rng: np.random.Generator, mask: Any) -> Any:
    """Return masks of as many connections of each layer, anywhere."""
    return tuple(rng.permuted(layer.reshape(len(layer), -1), axis=1).reshape(layer.shape) for layer in mask)


def train(p: TicketParameters, start: Any, mask: Any, data: Split, order: Any) -> tuple[Layers, Floats]:
    """Train all seeds; return their weights, and their test accuracy at each test, shape (seed, test)."""
    blocks = order.reshape(p.seeds, -1, p.tested_every, p.batch).astype(np.int32)
    single = [layer.astype(np.float32) for layer in (*start, *mask, data.images, data.test_images)]
    whole = [layer.astype(np.int32) for layer in (data.classes, data.test_classes)]
    weights, accuracy = _trainer()(
        single[:2], single[2:4], single[4], whole[0], single[5], whole[1], blocks, p.learning_rate
    )
    hidden, output = (np.asarray(layer) for layer in weights)
    return (hidden, output), np.asarray(accuracy)


@cache
def _trainer() -> Any:
    """Return the function that trains all seeds, compiled when it is first called."""
    jax, optax = extra("jax"), extra("optax")

    def answers(parameters: Any, mask: Any, images: Any) -> Any:
        (hidden, output), (hidden_bias, output_bias) = parameters
        active = jax.nn.relu(images @ (hidden * mask[0]) + hidden_bias)
        return active @ (output * mask[1]) + output_bias

    def of_one_seed(
        weights: Any, mask: Any, images: Any, classes: Any, tests: Any, truth: Any, blocks: Any, rate: Any
    ) -> Any:
        adam = optax.adam(rate)

        def loss(parameters: Any, chosen: Any) -> Any:
            given = answers(parameters, mask, images[chosen])
            return optax.softmax_cross_entropy_with_integer_labels(given, classes[chosen]).mean()

        def step(state: Any, chosen: Any) -> Any:
            parameters, moments = state
            updates, moments = adam.update(jax.grad(loss)(parameters, chosen), moments)
            return (optax.apply_updates(parameters, updates), moments), None

        def block(state: Any, chosen: Any) -> Any:
            state, _ = jax.lax.scan(step, state, chosen)
            return state, (answers(state[0], mask, tests).argmax(axis=1) == truth).mean()

        biases = [jax.numpy.zeros(layer.shape[1], layer.dtype) for layer in weights]
        parameters = weights, biases
        (parameters, _), accuracy = jax.lax.scan(block, (parameters, adam.init(parameters)), blocks)
        return parameters[0], accuracy

    return jax.jit(jax.vmap(of_one_seed, in_axes=(0,) * 7 + (None,)))


def _variables(p: TicketParameters, curves: list[Floats], every_round: bool) -> dict[str, Variable]:
    """Name the axes of the learning curves of some rounds."""
    rounds = list(range(len(curves))) if every_round else list(p.compared)
    axis = "round" if every_round else "compared"
    steps = np.arange(p.tested_every, p.steps + 1, p.tested_every)
    return {
        axis: Variable((axis,), np.array(rounds), "1", "rounds of pruning before this training"),
        "kept": Variable((axis,), np.array([kept_share(p, one) for one in rounds]), "1", "share of the weights left"),
        "step": Variable(("step",), steps, "1", "steps of training before the test"),
        "accuracy": Variable((axis, "seed", "step"), np.array(curves, float), "1", "share of test digits told right"),
    }
