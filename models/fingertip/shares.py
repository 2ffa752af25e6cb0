"""The fingertip with one copy in each group that is given a smaller share of the total than its target has.

Idle cells copy under the hold as always. Then the afferent weights of copies are cut once, or copies get less current
from then on; the hold adapts, with the weights at rest and after that while Hebbian learning goes on.
"""

from collections.abc import Mapping
from typing import ClassVar, Literal

import brian2
import numpy as np
from brian2.units import Quantity

from cortex.engine.simulation import Model
from cortex.experiment.parameters import parameter
from cortex.experiment.protocol import Block, Protocol
from cortex.mechanisms.mechanism import Mechanism
from models.fingertip import network
from models.fingertip.parameters import FingertipParameters, Group, Skin, Training
from models.fingertip.protocol import TRIAL, answered, before_copying, copying, coupling, hold, learn, protocol, test

CUT = "w = w*(1 - cut(t)*(1 - established_post))"


class Shares(Mechanism):
    """How copies are given a smaller share."""

    GATES: ClassVar[Mapping[str, str]] = {"cut": "the part of the afferent weights of copies that is cut off at once"}

    by: Literal["nothing", "weights", "current"] = parameter(
        "weights", "What makes the share of a copy smaller.", source="own choice", constant=False
    )
    cut: float = parameter(
        0.6, "Part that is cut off the afferent weights of copies.", bounds=(0, 1), source="own choice", constant=False
    )
    less_current: Quantity = parameter(
        "110 pA", "Current that copies get less.", bounds=("0 pA", "1000 pA"), source="own choice", constant=False
    )


class SharesTraining(Training):
    """Numbers of trials of the phases."""

    split: int = parameter(
        200, "The hold adapts to unequal shares, the weights rest.", bounds=(1, 100000), per_run=False
    )


class SharesParameters(FingertipParameters):
    """Parameters of the fingertip with unequal shares; those of the new task and of release are not read."""

    group: Group = Group(other=1, copies=2)
    skin: Skin = Skin(number=120, length=12.0)
    shares: Shares = Shares()
    training: SharesTraining = SharesTraining()


@protocol.register
def _(p: SharesParameters, rng: np.random.Generator | None) -> Protocol:
    t, adapts = p.training, {"hold_plasticity": 1.0} | coupling(p)
    less = unequal(p)
    cut = np.zeros(t.split)
    cut[0] = p.shares.cut * (p.shares.by == "weights")
    blocks = [
        *before_copying(p, rng),
        test(p, "test before", hold(p)),
        *copying(p, rng),
        test(p, "test expanded", coupling(p)),
        learn(p, rng, "split", t.split, 0.0, **(adapts | less), cut=cut),
        test(p, "test split", coupling(p) | less),
        learn(p, rng, "learn", t.new, 0.0, plasticity=1.0, **(adapts | less)),
        test(p, "test learned", coupling(p) | less),
        Block("end", 1, {**coupling(p)}),  # what a trial adds up is recorded at its end
    ]
    return Protocol(TRIAL, tuple(answered(p, rng, block) for block in blocks))


def unequal(p: SharesParameters) -> dict[str, float]:
    """Return the gate by which all but targets get less current."""
    less = float(p.shares.less_current / p.pyramidal.silencing_current) if p.shares.by == "current" else 0.0
    return {"silencing": less}


def build(p: SharesParameters) -> Model:
    """Build the network of the fingertip, in which afferent weights of copies can be cut."""
    model = network.build(p)
    afferent: brian2.Synapses = model.network["afferent"]
    afferent.run_regularly(CUT, dt=TRIAL, when="before_groups", order=6, name="afferent_cut")
    return model
