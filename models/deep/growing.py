"""Grow a network by copies: split its units, learn new digits under a hold or without, and release the hold.

The hold is a gain 1/K behind a group of K copies, one outgoing weight for all of them, and one update: their total is
what one unit with their weights would give, whatever they learn. Net2Net (Chen, Goodfellow, Shlens 2015,
arXiv:1511.05641) copies units in the same way, with noise and without a hold.
"""

from typing import NamedTuple

import numpy as np

from cortex.experiment.streams import Streams
from models.deep.digits import CLASSES, Floats, digits, split
from models.deep.growth import GrowthParameters
from models.deep.network import Examples, Network, Rule, answer, learn

OLD = 5
"""Digits below this are learned before the split."""

EVERY = 10
"""Steps from one loss that is kept to the next."""

DIVERGED = 1e3
"""What is kept of a loss that is larger, or no number: the rate is too large."""


class Tasks(NamedTuple):
    """What the networks of all seeds learn, old and new, and are tested with."""

    old: Examples
    new: Examples
    test: Examples


class Arm(NamedTuple):
    """A network at the split, and how it learns before and after the release."""

    start: Network
    first: Rule
    then: Rule
    parted: bool = False
    """Whether noise is added at the release."""


class Learned(NamedTuple):
    """What an arm did."""

    loss: Floats
    """Shape (rate, seed, step), every tenth step."""
    end: Floats
    """Loss at the end, shape (rate, seed)."""
    accuracy: Floats
    """Of the tests at the end, shape (rate, seed)."""
    held: Network
    """At the end of the first phase, with the axes (seed, rate) in front."""
    final: Network


def tasks(p: GrowthParameters, streams: Streams) -> Tasks:
    """Draw the digits of each seed, as principal components of variance 1, and a constant input of 1."""
    images, _ = digits()
    turned, _, _ = np.linalg.svd(images - images.mean(axis=0), full_matrices=False)
    components = turned[:, : p.components] * np.sqrt(len(images))
    drawn = split(streams.stimuli, p.seeds, p.training_samples, np.c_[components, np.ones(len(images))])
    targets, truth = np.eye(CLASSES)[drawn.classes], np.eye(CLASSES)[drawn.test_classes]
    everything = np.ones(drawn.classes.shape)
    return Tasks(
        Examples(drawn.images, targets, everything * (drawn.classes < OLD)),
        Examples(drawn.images, targets, everything),
        Examples(drawn.test_images, truth, np.ones(drawn.test_classes.shape)),
    )


def rules(p: GrowthParameters) -> dict[str, Rule]:
    """Return how units learn: each for itself, as copies that are held, and as the one unit that they are copies of."""
    k, units = p.copies, p.hidden * p.copies
    alone, tied = np.eye(units), np.kron(np.eye(p.hidden), np.full((k, k), 1 / k))
    one, zero = np.ones(units), np.zeros(())
    free = Rule(one, one, np.ones(()), alone, zero)
    held = free._replace(outgoing=one / k, sharing=tied)
    return {
        "free": free,
        "held": held,
        "single": held._replace(incoming=one * k),
        "layer_norm": free._replace(normalized=np.ones(())),
    }


def first(rng: np.random.Generator, p: GrowthParameters, units: int) -> Network:
    """Draw first weights, variance 1/inputs."""
    inputs = p.components + 1
    return Network(
        rng.standard_normal((p.seeds, inputs, units)) / np.sqrt(inputs),
        rng.standard_normal((p.seeds, units, CLASSES)) / np.sqrt(units),
        np.zeros((p.seeds, CLASSES)),
    )


def copied(p: GrowthParameters, network: Network, divided: bool = True) -> Network:
    """Replace each unit by K copies: all have its incoming weights, and the K-th part of its outgoing ones."""
    share = p.copies if divided else 1
    return network._replace(
        incoming=np.repeat(network.incoming, p.copies, axis=-1),
        outgoing=np.repeat(network.outgoing, p.copies, axis=-2) / share,
    )


def merged(p: GrowthParameters, network: Network) -> Network:
    """Return the network that equal copies were split from."""
    return network._replace(
        incoming=network.incoming[..., :: p.copies], outgoing=network.outgoing[..., :: p.copies, :] * p.copies
    )


def noisy(rng: np.random.Generator, p: GrowthParameters, network: Network) -> Network:
    """Add noise to the incoming weights."""
    return network._replace(incoming=network.incoming + p.noise * rng.standard_normal(network.incoming.shape))


def parents(p: GrowthParameters, streams: Streams, task: Tasks) -> dict[str, Network]:
    """Train on the old digits a small network, one with LayerNorm, and one as wide as the others will be.

    The small ones stand as equal copies that learn as one unit.
    """
    rng, rule = streams.weights, rules(p)
    small, wide = copied(p, first(rng, p, p.hidden)), first(rng, p, p.hidden * p.copies)
    ways = [rule["single"], rule["single"]._replace(normalized=np.ones(())), rule["free"]]
    rates = np.full((p.seeds, len(ways)), p.old_rate)
    trained, _ = learn(stacked([small, small, wide]), task.old, ruled(ways), rates, p.old_steps, p.activation)
    names = ("small", "layer_norm", "wide")
    return {name: Network(*(part[:, at] for part in trained)) for at, name in enumerate(names)}


def arms(p: GrowthParameters, streams: Streams, parent: dict[str, Network]) -> dict[str, Arm]:
    """Return what is compared after the split."""
    rng, noise, rule = np.random.default_rng(streams.weights.integers(2**63)), streams.noise, rules(p)
    small, free, held, normalized = parent["small"], rule["free"], rule["held"], rule["layer_norm"]
    grown = copied(p, merged(p, small), p.divided)
    new, scratch = first(rng, p, p.hidden * p.copies), first(rng, p, p.hidden * p.copies)
    old = np.arange(p.hidden * p.copies) % p.copies == 0
    beside = small._replace(
        incoming=np.where(old, small.incoming, new.incoming),
        outgoing=np.where(old[:, None], p.copies * small.outgoing, 0),
    )
    return {
        "single": Arm(small, rule["single"], rule["single"]),
        "released": Arm(grown, held, free if p.released else held, parted=p.released),
        "held": Arm(grown, held, held),
        "copies": Arm(noisy(noise, p, grown), free, free),
        "equal_copies": Arm(grown, free, free),
        "layer_norm": Arm(noisy(noise, p, parent["layer_norm"]), normalized, normalized),
        "random_units": Arm(beside, free, free),
        "scratch": Arm(scratch, free, free),
        "wide": Arm(parent["wide"], free, free),
    }


def grow(p: GrowthParameters, streams: Streams, task: Tasks, compared: dict[str, Arm]) -> dict[str, Learned]:
    """Let all arms learn all digits, at every rate."""
    rates = np.tile(np.tile(p.rates, len(compared)), (p.seeds, 1))
    noise = np.random.default_rng(streams.noise.integers(2**63))

    each = [arm for arm in compared.values() for _ in p.rates]
    first_rules, then_rules = (
        ruled(list(which)) for which in zip(*((arm.first, arm.then) for arm in each), strict=True)
    )
    start = stacked([arm.start for arm in each])
    held, before = learn(start, task.new, first_rules, rates, p.held_steps, p.activation)
    parted = np.array([arm.parted for arm in each])[:, None, None]
    start = held._replace(incoming=np.where(parted, noisy(noise, p, held).incoming, held.incoming))
    final, after = learn(start, task.new, then_rules, rates, p.released_steps, p.activation)
    losses = kept(np.concatenate([before, after], axis=-1))
    told = accuracy(p, final, task.test, then_rules.normalized)
    found = {}
    for at, name in enumerate(compared):
        of = slice(at * len(p.rates), (at + 1) * len(p.rates))
        curves = losses[:, of].swapaxes(0, 1)
        networks = (Network(*(part[:, of] for part in stage)) for stage in (held, final))
        found[name] = Learned(curves[..., ::EVERY], curves[..., -1], told[:, of].T, *networks)
    return found


def accuracy(p: GrowthParameters, network: Network, test: Examples, normalized: Floats) -> Floats:
    """Return the share of test digits told right, shape (seed, network)."""
    biased = network._replace(bias=network.bias[..., None, :])
    with np.errstate(over="ignore"):  # networks that diverged, in single precision
        given = np.asarray(answer(biased, test.inputs[:, None], p.activation, normalized[:, None, None]))
    return np.asarray((given.argmax(-1) == test.targets.argmax(-1)[:, None]).mean(-1))


def kept(losses: Floats) -> Floats:
    """Return losses, with a large number for what is none."""
    return np.where(losses < DIVERGED, losses, DIVERGED)


def stacked(networks: list[Network]) -> Network:
    """Put the networks of all seeds beside each other: axes (seed, network) in front."""
    return Network(*(np.stack(parts, axis=1) for parts in zip(*networks, strict=True)))


def ruled(which: list[Rule]) -> Rule:
    """Put rules beside each other: axis (network,) in front."""
    return Rule(*(np.stack(parts) for parts in zip(*which, strict=True)))
