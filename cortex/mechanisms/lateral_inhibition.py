"""Lateral inhibition: PV cells hold the total activity of their neighbourhood at what the afferents predict.

PV cells hear the pyramidal cells and the afferents around them and answer with spikes. Each PV spike opens two
conductances in the pyramidal cells it reaches: a weak fast one of fixed strength (competition, always there), and
the hold, whose strength is plastic.

While the normal state is calibrated each PV cell learns its *expectation*: how much pyramidal input comes with a
given afferent input. From then on it compares the two. Pyramidal input beyond expectation (a copy has been made)
is a surplus, and the strength of its output grows, ``d log(strength)/dt = rate*surplus``, until there is none.
Everything in the rule is at hand in the PV cell: no sum over the group and no group label. The rule is
multiplicative, so its noise does not push the strength up from a floor, and linear in both inputs, so it does not
depend on how stimuli are spread in time. It follows inhibitory plasticity towards a set point (Vogels et al. 2011,
doi:10.1126/science.1211095), but the set point is a pooled response relative to the feed-forward drive instead of
the rate of each cell: a set point for each cell lets the total grow with the number of cells. Data for a set point
of the population: Slomowitz et al. 2015, doi:10.7554/eLife.04378.

An expectation in proportion to the afferents counts their background too: it asks for less when the skin is touched
more often. With the kind `affine`, which is divisive, the expectation is a line: ``offset + expectation*feedforward``,
both learned from the same mismatch by least mean squares (Widrow & Hoff 1960), the slope by how far the afferents are
from what is usual, over the mean square of that. What it changes is in docs/finger_theory.md.

`normalization.kind` selects the conductance of the hold. Divisive: slow and shunting, reversal at rest. Subtractive:
fast, reversal below rest. In rate models a pooled divisive gain scales the difference of two copies down with their
sum, so Hebbian learning cannot grow it, while subtraction takes the sum away and leaves the difference, which then
grows (Miller & MacKay 1994, doi:10.1162/neco.1994.6.1.100). A shunt takes spikes away from a spiking cell much as a
subtraction does (Holt & Koch 1997, doi:10.1162/neco.1997.9.5.1001): here neither kind ties copies by itself, their
coupling does (null model `no_coupling` of the scenario `copy_pair`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import brian2
import numpy as np
from brian2.units import Quantity, ms, siemens

from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.registry import Registry
from cortex.experiment.relation import Relation, at_most
from cortex.mechanisms.gates import RELEASES
from cortex.mechanisms.mechanism import Groups, Mechanism, constants

if TYPE_CHECKING:
    from cortex.mechanisms.wiring import Beginning

ADAPT = """
expectation = clip(expectation + calibration(t)*calibration_rate*adaptation_interval*mismatch, least_expectation, 1000)
growth = clip(learning_rate*adaptation_interval*mismatch/expectation, -fastest_growth, fastest_growth)
strength = clip(strength*exp(hold_plasticity(t)*growth), conductance/100, conductance*100)
"""

LINE = """
dspread/dt = ((feedforward - usual_feedforward)**2 - spread)/usual_time_constant : 1
offset : 1
"""

ADAPT_LINE = """
learned = calibration(t)*calibration_rate*adaptation_interval*mismatch*usual_feedforward
offset = offset + learned
expectation = clip(expectation + learned*(feedforward - usual_feedforward)/(spread + 1), least_expectation, 1000)
usual_expectation = clip(expectation + offset/usual_feedforward, least_expectation, 1000)
growth = clip(learning_rate*adaptation_interval*mismatch/usual_expectation, -fastest_growth, fastest_growth)
strength = clip(strength*exp(hold_plasticity(t)*growth), conductance/100, conductance*100)
"""

INHIBIT = """
g_fast_post += share*competition_pre + subtractive*held
g_slow_post += (1 - subtractive)*held
"""


@dataclass(frozen=True)
class Kind:
    """A kind of hold: what a PV spike does to a pyramidal cell, and how its strength adapts.

    Attributes
    ----------
    subtractive : float
        Share of the conductance of the hold that is fast and subtracts; the rest is slow and divides.
    on_pre : str
        Statements at each PV spike; `held` is the conductance of the hold, ``share*competition_pre`` that of the
        competition. A pyramidal cell has the conductances ``g_fast_post`` and ``g_slow_post``.
    adapt : str
        Statements by which the `expectation` and the `strength` of a PV cell adapt, every 10 ms.
    pv : str
        Equations added to the PV cells.
    expected : str
        Pyramidal input that a PV cell expects, in spikes of its average.
    """

    subtractive: float = 0.0
    on_pre: str = INHIBIT
    adapt: str = ADAPT
    pv: str = ""
    expected: str = "expectation*feedforward"


KINDS: Registry[Kind] = Registry(
    "kind of hold",
    {
        "divisive": Kind(),
        "subtractive": Kind(subtractive=1.0),
        "affine": Kind(adapt=ADAPT_LINE, pv=LINE, expected="(offset + expectation*feedforward)"),
    },
)
"""A user's own file adds one by ``KINDS.register("mine", Kind(...))`` and chooses it by
``-p normalization.kind=mine``."""


class Normalization(Mechanism):
    """The hold on the total activity of a group, and its release."""

    GROUP: ClassVar[str] = "pv"
    GATES: ClassVar[Mapping[str, str]] = {
        "calibration": "the expectation of each PV cell is learned",
        "hold": "PV cells hold the total through their plastic inhibition; closed only in tests",
        "hold_plasticity": "the strength of the hold adapts",
        "released": "the part of the hold that is withdrawn",
    }
    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        at_most("expectation_time_constant", "usual_time_constant", ": what is usual is averaged over a longer time"),
    )

    enabled: bool = parameter(True, "Whether the total is held.", source="off is a null model")
    kind: str = parameter(
        "divisive",
        "How the total is held: slow and shunting, fast, or slow with a line as expectation.",
        source="Miller & MacKay 1994, doi:10.1162/neco.1994.6.1.100; affine: Widrow & Hoff 1960",
        per_run=False,
        choices=KINDS,
    )
    conductance: Quantity = parameter(
        "6 nS",
        "Strength of the hold before it adapts, all PV inputs of a cell together.",
        bounds=("0 nS", "1000 nS"),
        source="own choice: baseline inhibition about as strong as what a copy adds",
    )
    learning_rate: Quantity = parameter(
        "0.05 /s", "Relative change of the hold per surplus and time.", bounds=("0 /s", "10 /s"), source="own choice"
    )
    calibration_rate: Quantity = parameter(
        "0.03 /s", "Speed at which the expectation is calibrated.", bounds=("0 /s", "10 /s"), source="own choice"
    )
    expectation_time_constant: Quantity = parameter(
        "300 ms", "Time over which a PV cell averages its inputs.", bounds=("10 ms", "10 s"), source="own choice"
    )
    usual_time_constant: Quantity = parameter(
        "10 s",
        "Time over which a PV cell averages its usual afferent input.",
        bounds=("1 s", "1000 s"),
        source="own choice",
    )
    release: str = parameter("step", "How the hold and the coupling are released.", source="protocol", choices=RELEASES)
    release_residual: float = parameter(
        0.2, "Fraction of the hold that release leaves.", bounds=(0, 1), source="own choice", constant=False
    )
    competition: Quantity = parameter(
        "2 nS",
        "Fast inhibition by a PV spike, all PV inputs of a cell together; never released.",
        bounds=("0 nS", "100 nS"),
        source="own choice: weak, total 7 to 15 % below that without it",
    )

    def equations(self) -> Mapping[str, str]:
        """Return what a PV cell hears and expects."""
        kind = KINDS[self.kind]
        heard = PLASTIC_OUTPUT.format(expected=kind.expected)
        return {"pv": heard + kind.pv + "\n" + constants(type(self))}

    def connect(self, groups: Groups) -> list[brian2.Synapses]:
        """Make the synapses onto and from PV cells, whose expectation and strength adapt."""
        afferents, pyramidal, pv = groups["afferents"], groups["pyramidal"], groups["pv"]
        adapt(pv, self.kind)
        return [
            pv_inputs(pyramidal, pv, "recurrent"),
            pv_inputs(afferents, pv, "feedforward"),
            pv_outputs(pv, pyramidal, self.effect()),
        ]

    def effect(self) -> Kind:
        """Return what a PV spike does to a pyramidal cell."""
        return KINDS[self.kind]

    def begin(self, p: Parameters, beginning: Beginning) -> dict[str, Any]:
        """Return what PV cells expect and how strong they are before they adapt."""
        n, target = beginning.n_pv, beginning.wiring.inhibition[1]
        inhibitors = np.bincount(target, minlength=len(beginning.established))
        return {
            "pv.expectation": np.full(n, 0.01),
            "pv.usual_feedforward": np.full(n, 10.0),
            "pv.strength": np.full(n, float(self.conductance)) * siemens,
            "inhibition.share": 1 / inhibitors[target],
            "inhibition.subtractive": KINDS[self.kind].subtractive,
        }


PLASTIC_OUTPUT = """
drecurrent/dt = -recurrent/expectation_time_constant : 1
dfeedforward/dt = -feedforward/expectation_time_constant : 1
dusual_feedforward/dt = (feedforward - usual_feedforward)/usual_time_constant : 1
mismatch = (recurrent - {expected})/usual_feedforward : 1
expectation : 1
strength : siemens
"""

HELD = "held = share*hold(t)*(1 - released(t))*strength_pre\n"
"""Conductance of the hold that a PV spike opens."""

DELAY = 1 * ms
ADAPTATION_INTERVAL = 10 * ms
LEAST_EXPECTATION = 0.001
"""A PV cell with no active pyramidal cell around it expects at least this much, pyramidal per afferent spike."""
FASTEST_GROWTH = 0.01
"""Largest relative change of the strength in one interval."""


def adapt(pv: brian2.NeuronGroup, kind: str) -> None:
    """Let expectation and strength of PV cells adapt, every `ADAPTATION_INTERVAL`, as one of `KINDS` does."""
    pv.namespace |= {
        "adaptation_interval": ADAPTATION_INTERVAL,
        "least_expectation": LEAST_EXPECTATION,
        "fastest_growth": FASTEST_GROWTH,
    }
    pv.run_regularly(KINDS[kind].adapt, dt=ADAPTATION_INTERVAL, name=f"{pv.name}_adaptation")


def pv_inputs(
    source: brian2.NeuronGroup, pv: brian2.NeuronGroup, kind: Literal["recurrent", "feedforward"]
) -> brian2.Synapses:
    """Make the synapses onto PV cells, not yet connected.

    Parameters
    ----------
    source, pv : NeuronGroup
        Pyramidal cells or afferents, and PV cells with the equations of `Normalization`.
    kind : "recurrent" or "feedforward"
        Which trace of the PV cell the synapses raise.
    """
    return brian2.Synapses(
        source,
        pv,
        on_pre=f"g_excitation_post += {kind}_conductance_post\n{kind}_post += 1",
        delay=DELAY,
        namespace=pv.namespace,
        name=kind,
    )


def pv_outputs(
    pv: brian2.NeuronGroup, pyramidal: brian2.NeuronGroup, kind: Kind, name: str = "inhibition"
) -> brian2.Synapses:
    """Make the inhibitory synapses of PV cells, which act as their kind says, not yet connected.

    Returns
    -------
    synapses : Synapses
        `share` is one over the number of PV inputs of the cell.
    """
    return brian2.Synapses(
        pv,
        pyramidal,
        "share : 1 (constant)\nsubtractive : 1 (shared, constant)",
        on_pre=HELD + kind.on_pre,
        delay=DELAY,
        namespace=pyramidal.namespace,
        name=name,
    )
