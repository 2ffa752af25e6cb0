"""The fingertip whose pools of PV cells overlap: they hear and inhibit the groups beside their own too.

Touches can be told apart more finely than by site: each site can be pressed in several places. The run is shorter than
that of `trained_finger`: old task, copying under the hold, release, during which the readout of the new task learns.
"""

from typing import Any, ClassVar

import brian2
import numpy as np
from brian2.units import nS

from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.protocol import Block, Protocol
from cortex.experiment.relation import Relation
from cortex.mechanisms.lateral_inhibition import DELAY, adapt, pv_inputs, pv_outputs
from cortex.mechanisms.mechanism import Groups
from cortex.mechanisms.wiring import Beginning
from models.fingertip.anatomy import distances
from models.fingertip.parameters import FingertipParameters, Inhibition, Skin, Training
from models.fingertip.protocol import (
    PARTS,
    TRIAL,
    after_release,
    answered,
    before_copying,
    copying,
    coupling,
    hold,
    learn,
    protocol,
    rates,
    test,
)
from models.learner.tasks import SITES


class Places(Skin):
    """The strip of skin, whose sites can be pressed in several places."""

    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        *Skin.RELATIONS,
        Relation(("places",), lambda p: p.places % SITES == 0, f"each of the {SITES} sites has as many places"),
    )

    places: int = parameter(
        12,
        "Places of the fingertip that can be pressed, as many in each site.",
        bounds=(3, 300),
        source="own choice",
        constant=False,
    )


class Pools(Inhibition):
    """The hold by PV cells that hear and inhibit neighbouring groups of the same skin as well as their own."""

    reach: int = parameter(
        1, "How many groups on either side a PV cell reaches.", bounds=(0, 10), source="varied", per_run=False
    )
    softness: float = parameter(
        1.0,
        "A PV cell hears and inhibits a group d away by exp(-softness d) of what it does its own.",
        bounds=(0, 20),
        source="varied; like-to-like weights of PV cells: Znamenskiy et al. 2024, doi:10.1016/j.neuron.2023.12.013",
        constant=False,
    )

    def connect(self, groups: Groups) -> list[brian2.Synapses]:
        """Make the synapses onto and from PV cells, those from pyramidal cells with a weight."""
        afferents, pyramidal, pv = groups["afferents"], groups["pyramidal"], groups["pv"]
        adapt(pv, self.kind)
        heard = brian2.Synapses(
            pyramidal,
            pv,
            "weight : 1 (constant)",
            on_pre="g_excitation_post += weight*recurrent_conductance_post\nrecurrent_post += weight",
            delay=DELAY,
            namespace=pv.namespace,
            name="recurrent",
        )
        return [heard, pv_inputs(afferents, pv, "feedforward"), pv_outputs(pv, pyramidal, self.effect())]

    def begin(self, p: Parameters, beginning: Beginning) -> dict[str, Any]:
        """Return what PV cells begin with; the shares of a cell add up to 1, whatever the reach."""
        assert isinstance(p, PoolParameters)
        profile = reaching(p)
        members, own = p.group.copies, p.group.pv_cells
        cell, pv = beginning.wiring.recurrent
        heard = profile[pv // own, cell // members]
        pv, cell = beginning.wiring.inhibition
        share = profile[cell // members, pv // own] / profile.sum(axis=1)[cell // members] / own
        return super().begin(p, beginning) | {"recurrent.weight": heard, "inhibition.share": share}


class PoolParameters(FingertipParameters):
    """Parameters of the fingertip with overlapping pools."""

    normalization: Pools = Pools(competition=4 * nS)
    skin: Places = Places()
    training: Training = Training(release=600)

    @property
    def pool_reach(self) -> int:
        """How many groups on either side the PV cells of a group reach."""
        return self.normalization.reach

    @property
    def places_of_site(self) -> int:
        """Number of places in which a site can be pressed."""
        return self.skin.places // SITES


def reaching(p: PoolParameters) -> np.ndarray:
    """Return by how much the PV cells of a group hear and inhibit each group, their own by 1, shape (group, group)."""
    far = distances(p)
    return np.where(far <= p.pool_reach, np.exp(-p.normalization.softness * np.where(np.isfinite(far), far, 0)), 0.0)


@protocol.register
def _(p: PoolParameters, rng: np.random.Generator | None) -> Protocol:
    held, coupled, ended = hold(p), coupling(p), after_release(p)
    last = held | {name: values[-1] for name, values in ended.items()}
    learned: dict[str, Any] = {**held, **ended, **{f"{name} new": rate for name, rate in rates(p).items()}}
    blocks = [
        *before_copying(p, rng),
        test(p, "test before", held),
        test(p, "test before, no inhibition", {"no_competition": 1.0}),
        *copying(p, rng),
        test(p, "test expanded", coupled),
        test(p, "test uncoupled", held),
        learn(p, rng, "release", PARTS * p.training.release, 0.0, **learned),
        test(p, "test after", last),
        Block("rest", 1, {**last, "plasticity": 0.0, "hold_plasticity": 0.0}),  # a trial is recorded at its end
    ]
    return Protocol(TRIAL, tuple(answered(p, rng, block) for block in blocks))
