"""The animal that is pushed where others are released: how steeply members of a group answer, at the same inhibition.

Until release it is the released animal, spike by spike. Then nothing learns any more, the coupling is closed, and the
touches of a test come again and again; all members of a group but the first get `PUSH` more in one round and as much
less in the next.
"""

import numpy as np

from cortex.experiment.protocol import Block, Protocol
from models.fingertip.parameters import FingertipParameters
from models.fingertip.protocol import protocol, push


class PushedParameters(FingertipParameters):
    """Parameters of the animal that is pushed; those of a release are not read."""


def pushed(p: FingertipParameters) -> PushedParameters:
    """Return the parameters of the animal that is pushed where that of these parameters is released."""
    return PushedParameters(**{name: getattr(p, name) for name in type(p).model_fields})


@protocol.register
def _(p: PushedParameters, rng: np.random.Generator | None) -> Protocol:
    run = protocol.dispatch(FingertipParameters)(p, rng)
    [shown] = [block for block in run.blocks if block.name == "test uncoupled"]
    blocks, done = [], 0
    for block in run.blocks:
        if block.name == "release":
            blocks.append(pushes(p, shown, np.arange(done, done + block.slots)))
            done += block.slots
        else:
            blocks.append(block)
    return Protocol(run.slot, tuple(blocks))


def pushes(p: PushedParameters, shown: Block, trials: np.ndarray) -> Block:
    """Show the touches of a test in rounds, pushed down in even and up in odd ones; `trials` counts from the first."""
    rounds, again = np.divmod(trials, shown.slots)
    values = {name: np.asarray(value)[again] if np.ndim(value) else value for name, value in shown.values.items()}
    return Block("pushes", len(trials), values | {"silencing": push(p) * np.where(rounds % 2, -1.0, 1.0)})
