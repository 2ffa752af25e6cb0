"""The whole cycle of one run, and what is kept of it."""

from typing import TYPE_CHECKING

import numpy as np

from cortex.experiment.coordinates import Variable
from cortex.experiment.streams import Streams
from models.deep import probes
from models.deep.growing import EVERY, Learned, arms, grow, merged, parents, tasks
from models.deep.growth import GrowthParameters
from models.deep.network import Network
from models.deep.wiggle import change_after_release

if TYPE_CHECKING:
    from cortex.engine.recording import Recording

CLAIMS = (
    ("held", "copies"),
    ("held", "layer_norm"),
    ("released", "held"),
    ("released", "copies"),
    ("released", "random_units"),
    ("released", "scratch"),
    ("released", "wide"),
)
"""Whose loss is smaller than whose, if the essay is right: while new digits are learned, and at the end."""


def run_cycle(p: GrowthParameters, streams: Streams) -> dict[str, dict[str, Variable]]:
    """Train, split, learn, release; return the losses of each arm, and probes with their predictions."""
    task = tasks(p, streams)
    parent = parents(p, streams, task)
    compared = arms(p, streams, parent)
    learned = grow(p, streams, task, compared)
    small, grown = parent["small"], compared["held"].start
    best = int(np.argmin(learning_loss(p, learned["held"]).mean(axis=1)))
    held = at_rate(learned["held"].held, best)
    equal = learned["equal_copies"].final.incoming[:, int(np.argmin(learned["equal_copies"].end.mean(axis=1)))]
    groups = equal.reshape(*equal.shape[:-1], p.hidden, p.copies)
    found = {
        "function_change": probes.kept_function(
            p, merged(p, small), {"copies": grown, "random_units": compared["random_units"].start}, task.new
        ),
        **probes.speeds(p, small, grown, task.new),
        **probes.stable(p, small, grown, task.old),
        **probes.parting(p, held, task.new),
        "equal_copies_apart": np.ptp(groups, axis=-1).max(axis=(1, 2)),
    }
    named = {
        name: Variable(("seed",), np.asarray(each, float), "1", name.replace("_", " ")) for name, each in found.items()
    }
    named["no_gain_change"] = Variable((), np.array(change_after_release()), "1", "change of the loss after release")
    return {name: _variables(p, arm) for name, arm in learned.items()} | {"probes": named}


def learning_loss(p: GrowthParameters, arm: Learned) -> np.ndarray:
    """Return the mean loss before the release, shape (rate, seed)."""
    return arm.loss[..., : -(-p.held_steps // EVERY)].mean(axis=-1)


def at_rate(network: Network, rate: int) -> Network:
    """Return the networks of one rate."""
    return Network(*(part[:, rate] for part in network))


def learning_at(run: "Recording") -> int:
    """Return the position of the rate at which the mean loss before release is least."""
    return int(np.argmin(run["learning_loss"].mean(axis=1)))


def ends_at(run: "Recording") -> int:
    """Return the position of the rate at which the loss at the end is least."""
    return int(np.argmin(run["end_loss"].mean(axis=1)))


def _variables(p: GrowthParameters, arm: Learned) -> dict[str, Variable]:
    """Name the axes of what an arm did."""
    steps = np.arange(arm.loss.shape[-1]) * EVERY
    return {
        "rate": Variable(("rate",), np.array(p.rates), "1", "learning rate"),
        "step": Variable(("step",), steps, "1", "steps since the split"),
        "loss": Variable(("rate", "seed", "step"), arm.loss, "1", "loss of all digits; 1000 is none"),
        "learning_loss": Variable(("rate", "seed"), learning_loss(p, arm), "1", "mean loss before release"),
        "end_loss": Variable(("rate", "seed"), arm.end, "1", "loss at the end"),
        "accuracy": Variable(("rate", "seed"), arm.accuracy, "1", "share of test digits told right at the end"),
    }
