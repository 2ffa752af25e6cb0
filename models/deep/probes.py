"""Measure, in double precision, what is predicted of copies: at the split, and at the release."""

from functools import partial

import numpy as np

from models.deep import splitting
from models.deep.digits import Floats
from models.deep.growing import copied, merged, ruled, rules, stacked
from models.deep.growth import GrowthParameters
from models.deep.network import Examples, Network, Rule, answer, double, learn

SMALL_RATE = 1e-6
"""Learning rate of a single step, which is small enough for a derivative."""

STEPS, MARGIN = 200, 0.1
"""Steps in which a rate so much below or above the largest stable one shows what it does."""

EXPLODED = 1.05
"""Loss over that of the start beyond which a rate is not stable."""

PARTED = 1e-5
"""Difference of copies at the release, small enough for the second order."""

GROWTH, PARTING_STEPS = 0.02, 100
"""Logarithm of the growth of the difference that is expected of so many steps."""


def losses(networks: list[Network], examples: Examples, which: list[Rule], rates: Floats, steps: int, f: str) -> Floats:
    """Return the loss of networks before each step, shape (network, seed, step)."""
    with double():
        found = learn(stacked(networks), examples, ruled(which), rates, steps, f)[1]
    return np.asarray(found.swapaxes(0, 1))


def kept_function(p: GrowthParameters, small: Network, others: dict[str, Network], examples: Examples) -> Floats:
    """Return the largest change of an output at the split, over the largest output, for each seed."""
    with double():
        before = np.asarray(answers(p, small, examples))
        changes = [np.abs(np.asarray(answers(p, other, examples)) - before).max((1, 2)) for other in others.values()]
    return np.asarray(np.max(changes, axis=0) / np.abs(before).max((1, 2)))


def answers(p: GrowthParameters, network: Network, examples: Examples) -> Floats:
    """Return the outputs of each seed, shape (seed, sample, output)."""
    return np.asarray(answer(network._replace(bias=network.bias[:, None]), examples.inputs, p.activation))


def speeds(p: GrowthParameters, small: Network, grown: Network, new: Examples) -> dict[str, Floats]:
    """Return how fast the loss of the new digits falls in the first step, measured and as predicted, for each seed.

    With the outgoing weights frozen, held copies are compared with the one unit, and with copies of undivided outgoing
    weights that have the same errors to learn from.
    """
    rule = rules(p)
    frozen = {name: each._replace(outgoing=0 * each.outgoing, bias=np.zeros(())) for name, each in rule.items()}
    which = [rule["single"], rule["free"], rule["held"], frozen["single"], frozen["held"]]
    rates = np.full((p.seeds, len(which)), SMALL_RATE)
    networks = [small, grown, grown, small, grown]
    fall = -np.diff(losses(networks, new, which, rates, 2, p.activation)[..., :2])[..., 0] / SMALL_RATE
    undivided = copied(p, merged(p, small), divided=False)
    with double():
        shifted = new._replace(targets=new.targets + answers(p, undivided, new) - answers(p, small, new))
    off = -np.diff(losses([undivided], shifted, [frozen["free"]], rates[:, :1], 2, p.activation))[0, :, 0] / SMALL_RATE
    found = {f"measured_{name}": fall[at] for at, name in enumerate(splitting.factors(p.copies))}
    for name, factor in splitting.factors(p.copies).items():
        each = splitting.seeds(merged(p, small), new)
        found[f"predicted_{name}"] = np.array([splitting.speed(*one, p.activation, factor) for one in each])
    return found | {"frozen_single": fall[3], "frozen_held": fall[4], "frozen_undivided": off}


def stable(p: GrowthParameters, small: Network, grown: Network, old: Examples) -> dict[str, Floats]:
    """Return the largest stable rate, predicted, and whether rates below and above it do as it says, for each seed."""
    rule = rules(p)
    ways = {"single": (small, rule["single"]), "copies": (grown, rule["free"]), "held": (grown, rule["held"])}
    found: dict[str, Floats] = {}
    for name, factor in splitting.factors(p.copies).items():
        network, way = ways[name]
        each = splitting.seeds(merged(p, small), old)
        limit = np.array([splitting.largest_step(*one, p.activation, factor) for one in each])
        rates = limit[:, None] * [1 - MARGIN, 1 + MARGIN]
        run = losses([network] * 2, old, [way] * 2, rates, STEPS, p.activation)
        explodes = ~(run.max(axis=-1) < EXPLODED * run[..., 0])  # nan is no smaller
        found |= {f"limit_{name}": limit, f"as_predicted_{name}": explodes[1] & ~explodes[0]}
    return found


def parting(p: GrowthParameters, held: Network, new: Examples) -> dict[str, Floats]:
    """Part two copies of each seed along the direction that the splitting matrix gives; return what they do.

    Returns
    -------
    dict of arrays, (seed,)
        Least eigenvalue of all splitting matrices; change of the loss, and rate at which the difference grows per
        learning rate, both measured and as predicted.
    """
    firsts = list(range(0, p.hidden * p.copies, p.copies))
    pick = partial(splitting.fastest, activation=p.activation, units=firsts)
    units, least, ways = zip(*(pick(*one) for one in splitting.seeds(held, new)), strict=True)
    step = Network(*(np.zeros_like(part) for part in held))
    inputs = held.incoming.shape[1]
    for seed, (unit, way) in enumerate(zip(units, ways, strict=True)):
        for copy, sign in ((unit, 1), (unit + 1, -1)):
            step.incoming[seed, :, copy] = sign * way[:inputs]
            step.outgoing[seed, copy] = sign * way[inputs:]
    moved = [Network(*(a + s * PARTED * b for a, b in zip(held, step, strict=True))) for s in (1, -1, 0)]
    rates = GROWTH / (PARTING_STEPS * np.abs(least))[:, None]
    free = rules(p)["free"]
    start = losses(moved, new, [free] * 3, np.repeat(rates, 3, 1), 1, p.activation)[..., 0]
    with double():
        after, _ = learn(stacked(moved[:1]), new, ruled([free]), rates, PARTING_STEPS, p.activation)
    along = [
        ((after.incoming[seed, 0, :, unit] - after.incoming[seed, 0, :, unit + 1]) @ way[:inputs])
        + (after.outgoing[seed, 0, unit] - after.outgoing[seed, 0, unit + 1]) @ way[inputs:]
        for seed, (unit, way) in enumerate(zip(units, ways, strict=True))
    ]
    value = np.array(least)
    return {
        "least_eigenvalue": value,
        "measured_change": (start[0] + start[1]) / 2 - start[2],
        "predicted_change": PARTED**2 * value,
        "measured_parting": np.log(np.array(along) / (2 * PARTED)) / (PARTING_STEPS * rates[:, 0]),
        "predicted_parting": np.log1p(-rates[:, 0] * value) / rates[:, 0],
    }
