"""A network of one hidden layer that learns by batch gradient descent: many of them at once."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from cortex.extras import extra
from models.deep.digits import Floats

EPSILON = 1e-5
"""What LayerNorm adds to the variance, as libraries do."""


class Network(NamedTuple):
    """Weights; axes before those named here are networks."""

    incoming: Any
    """Shape (input, unit)."""
    outgoing: Any
    """Shape (unit, output)."""
    bias: Any
    """Of the outputs, shape (output,)."""


class Examples(NamedTuple):
    """What is learned."""

    inputs: Any
    """Shape (sample, input); one input is 1."""
    targets: Any
    """Shape (sample, output)."""
    weights: Any
    """Of samples in the mean, shape (sample,)."""


class Rule(NamedTuple):
    """What is done to gradients, beside the learning rate."""

    incoming: Any
    """Factor of a unit's incoming weights, shape (unit,)."""
    outgoing: Any
    """Factor of its outgoing weights, shape (unit,)."""
    bias: Any
    """Factor of the outputs' bias."""
    sharing: Any
    """Over which units gradients are averaged, shape (unit, unit)."""
    normalized: Any
    """1 if the inputs of all units together are normalized for each sample (LayerNorm), else 0."""


def answer(network: Network, inputs: Any, activation: str, normalized: Any = 0.0) -> Any:
    """Return the outputs of a network, shape (sample, output)."""
    jax, jnp = extra("jax"), extra("jax.numpy")
    u = inputs @ network.incoming
    centred = u - u.mean(axis=-1, keepdims=True)
    scaled = centred / jnp.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
    active = {"tanh": jnp.tanh, "softplus": jax.nn.softplus}[activation]
    return active(jnp.where(normalized > 0, scaled, u)) @ network.outgoing + network.bias


def loss(network: Network, examples: Examples, activation: str, normalized: Any = 0.0) -> Any:
    """Return half the squared error, summed over outputs and averaged over samples."""
    error = answer(network, examples.inputs, activation, normalized) - examples.targets
    return 0.5 * (error**2).sum(axis=-1) @ examples.weights / examples.weights.sum()


def learn(
    networks: Network, examples: Examples, rules: Rule, rates: Floats, steps: int, activation: str
) -> tuple[Network, Floats]:
    """Let networks descend the gradient of all their examples at once.

    Parameters
    ----------
    networks : Network
        With the axes (seed, network) in front.
    examples : Examples
        With the axis (seed,) in front: all networks of a seed learn the same.
    rules : Rule
        With the axis (network,) in front.
    rates : array, (seed, network)
        Learning rates.
    steps : int
    activation : str

    Returns
    -------
    networks : Network
    losses : array, (seed, network, step)
        Before each step.
    """
    with np.errstate(over="ignore"):  # networks that diverged, in single precision
        after, losses = _learner(activation, steps)(networks, examples, rules, rates)
    return Network(*(np.asarray(part, float) for part in after)), np.asarray(losses, float)


@cache
def _learner(activation: str, steps: int) -> Any:
    """Return the function that does so, compiled when it is first called."""
    jax, optax = extra("jax"), extra("optax")

    def of_one(network: Network, examples: Examples, rule: Rule, rate: Any) -> Any:
        descent = optax.sgd(rate)

        def step(state: Any, _: Any) -> Any:
            network, memory = state
            value, gradient = jax.value_and_grad(loss)(network, examples, activation, rule.normalized)
            ruled = Network(
                gradient.incoming @ rule.sharing * rule.incoming,
                rule.outgoing[:, None] * (rule.sharing @ gradient.outgoing),
                rule.bias * gradient.bias,
            )
            updates, memory = descent.update(ruled, memory)
            return (optax.apply_updates(network, updates), memory), value

        (network, _), values = jax.lax.scan(step, (network, descent.init(network)), length=steps)
        return network, values

    of_a_seed = jax.vmap(of_one, in_axes=(0, None, 0, 0))
    return jax.jit(jax.vmap(of_a_seed, in_axes=(0, 0, None, 0)))


def double() -> Any:
    """Return a context in which networks learn in double precision."""
    return extra("jax").enable_x64(True)
