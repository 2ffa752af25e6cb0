"""Lateral inhibition: PV cells hold the total activity of their neighbourhood at what the afferents predict.

PV cells hear the pyramidal cells and the afferents around them and answer with spikes. Each PV spike opens two
conductances in the pyramidal cells it reaches: a weak fast one of fixed strength (competition, always there), and
the hold, whose strength is plastic.

While the normal state is calibrated each PV cell learns its *expectation*: how much pyramidal input comes with a
given afferent input. From then on it compares the two. Pyramidal input beyond expectation (a copy has been made)
is a surplus, and at each PV spike its synapses grow, ``strength *= exp(rate*surplus)``, until the surplus is gone.
Everything in the rule is at hand in the PV cell: no sum over the group and no group label. The rule is
multiplicative, so its noise does not push the strength up from a floor. It follows inhibitory plasticity towards a
set point (Vogels et al. 2011, doi:10.1126/science.1211095), but the set point is a pooled response relative to the
feed-forward drive instead of the rate of each cell: a set point for each cell lets the total grow with the number
of cells. Data for a set point of the population: Slomowitz et al. 2015, doi:10.7554/eLife.04378.

`normalization.kind` selects the conductance of the hold. Divisive: slow, shunting, reversal at rest. A pooled
divisive gain scales the difference of two copies down with their sum, so Hebbian learning cannot grow the difference.
Subtractive: fast, reversal below rest. It takes the sum away but leaves the difference, which then grows
(Miller & MacKay 1994, doi:10.1162/neco.1994.6.1.100): copies part before any release.
"""

from typing import Literal

from brian2 import NeuronGroup, Quantity, Synapses, ms, nS

from cortex.experiment.parameters import Parameters, parameter


class Normalization(Parameters):
    """The hold on the total activity of a group, and its release."""

    enabled: bool = parameter(True, "Whether the total is held.", source="off is a null model")
    kind: Literal["divisive", "subtractive"] = parameter(
        "divisive", "Conductance by which the total is held: slow and shunting, or fast.", source="module docstring"
    )
    conductance: Quantity = parameter(
        "6 nS",
        "Strength of the hold before it adapts, all PV inputs of a cell together.",
        bounds=("0 nS", "1000 nS"),
        source="own choice: baseline inhibition about as strong as what a copy adds",
    )
    learning_rate: float = parameter(
        0.01, "Relative change of the hold per PV spike and surplus.", bounds=(0, 1), source="own choice"
    )
    calibration_rate: float = parameter(
        0.005, "Relative change of the expectation per PV spike and surplus.", bounds=(0, 1), source="own choice"
    )
    expectation_time_constant: Quantity = parameter(
        "300 ms", "Time over which a PV cell averages its inputs.", bounds=("10 ms", "10 s"), source="own choice"
    )
    release: Literal["step", "gradual", "never"] = parameter(
        "step", "How the hold and the coupling are released.", source="protocol"
    )
    release_residual: float = parameter(
        0.3, "Fraction of the hold that release leaves.", bounds=(0, 1), source="own choice"
    )
    competition: Quantity = parameter(
        "2 nS",
        "Fast inhibition by a PV spike, all PV inputs of a cell together; never released.",
        bounds=("0 nS", "100 nS"),
        source="own choice: weak, total 7 to 15 % below that without it",
    )


EXPECTATION = """
drecurrent/dt = -recurrent/expectation_time_constant : 1
dfeedforward/dt = -feedforward/expectation_time_constant : 1
expectation : 1
surplus = (recurrent - expectation*feedforward)/(recurrent + expectation*feedforward + 1e-9) : 1
learning_rate : 1 (shared, constant)
calibration_rate : 1 (shared, constant)
expectation_time_constant : second (shared, constant)
"""

CALIBRATE = "expectation *= exp(calibration(t)*calibration_rate*surplus)"

INHIBIT = """
held = hold(t)*(1 - released(t))*strength
g_fast_post += share*(competition + subtractive*held)
g_slow_post += share*(1 - subtractive)*held
strength = clip(strength*exp(hold_plasticity(t)*learning_rate_pre*surplus_pre), weakest, strongest)
"""

DELAY = 1 * ms
WEAKEST, STRONGEST = 0.01 * nS, 1000 * nS


def pv_inputs(source: NeuronGroup, pv: NeuronGroup, kind: Literal["recurrent", "feedforward"]) -> Synapses:
    """Make the synapses onto PV cells, not yet connected.

    Parameters
    ----------
    source, pv : NeuronGroup
        Pyramidal cells or afferents, and PV cells with the equations `EXPECTATION`.
    kind : "recurrent" or "feedforward"
        Which trace of the PV cell the synapses raise.
    """
    return Synapses(
        source,
        pv,
        on_pre=f"g_excitation_post += {kind}_conductance_post\n{kind}_post += 1",
        delay=DELAY,
        namespace=pv.namespace,
        name=kind,
    )


def pv_outputs(pv: NeuronGroup, pyramidal: NeuronGroup, name: str = "inhibition") -> Synapses:
    """Make the inhibitory synapses of PV cells, not yet connected.

    Returns
    -------
    synapses : Synapses
        `strength` is plastic; `share` is one over the number of PV inputs of the cell.
    """
    return Synapses(
        pv,
        pyramidal,
        """strength : siemens
        share : 1 (constant)
        competition : siemens (shared, constant)
        subtractive : 1 (shared, constant)""",
        on_pre=INHIBIT,
        delay=DELAY,
        namespace={**pyramidal.namespace, "weakest": WEAKEST, "strongest": STRONGEST},
        name=name,
    )
