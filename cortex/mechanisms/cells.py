"""Pyramidal and parvalbumin cells: leaky integrate-and-fire with conductance-based synapses.

The membrane and its fast conductances follow Vogels et al. (2011, doi:10.1126/science.1211095) for pyramidal
cells; parvalbumin (PV) cells are faster and start from a lower rest. Each cell has noise of its own: a current
drawn anew every `NOISE_INTERVAL`, scaled so that the potential without input has the stated standard deviation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import brian2
import numpy as np
from brian2.units import Quantity, ms, volt

from cortex.analysis.published import REFERENCES as PUBLISHED
from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.relation import Relation, above
from cortex.mechanisms.mechanism import Mechanism, constants

if TYPE_CHECKING:
    from cortex.mechanisms.wiring import Beginning

NOISE_INTERVAL = 1 * ms

NO_REST = ", or a cell fires without end"
NEVER = ", or excitation cannot make a cell fire"


class Pyramidal(Mechanism):
    """Pyramidal cell."""

    GATES: ClassVar[Mapping[str, str]] = {"silencing": "cells marked as silenced are kept from firing"}
    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        above("firing_threshold", "leak_potential", NO_REST),
        above("firing_threshold", "inhibitory_reversal", ", or inhibition makes a cell fire"),
        above("excitatory_reversal", "firing_threshold", NEVER),
    )

    capacitance: Quantity = parameter(PUBLISHED["pyramidal.C"], "Membrane capacitance.", bounds=("20 pF", "1000 pF"))
    leak_conductance: Quantity = parameter(PUBLISHED["pyramidal.gL"], "Leak conductance.", bounds=("1 nS", "100 nS"))
    leak_potential: Quantity = parameter(
        PUBLISHED["pyramidal.EL"], "Leak and reset potential.", bounds=("-90 mV", "-51 mV")
    )
    firing_threshold: Quantity = parameter(
        PUBLISHED["pyramidal.threshold"], "Firing threshold.", bounds=("-60 mV", "-20 mV")
    )
    refractory_period: Quantity = parameter(
        PUBLISHED["pyramidal.refractory_cortex"], "Refractory period.", bounds=("0.5 ms", "20 ms")
    )
    excitatory_reversal: Quantity = parameter(
        PUBLISHED["pyramidal.E_ampa"], "Reversal potential of excitation.", bounds=("-20 mV", "20 mV")
    )
    inhibitory_reversal: Quantity = parameter(
        PUBLISHED["pyramidal.E_gaba"], "Reversal potential of fast inhibition.", bounds=("-100 mV", "-55 mV")
    )
    excitatory_decay: Quantity = parameter(
        PUBLISHED["pyramidal.tau_ampa"], "Decay time of excitatory conductances.", bounds=("1 ms", "50 ms")
    )
    fast_decay: Quantity = parameter(
        PUBLISHED["pyramidal.tau_gaba"], "Decay time of fast inhibition.", bounds=("1 ms", "50 ms")
    )
    slow_decay: Quantity = parameter(
        "100 ms",
        "Decay time of slow shunting inhibition, reversal at rest.",
        bounds=("20 ms", "500 ms"),
        source="own choice, between slow GABA_A and GABA_B; see docs/model.md",
    )
    noise: Quantity = parameter(
        "2 mV", "Standard deviation of the potential by private noise.", bounds=("0 mV", "10 mV"), source="own choice"
    )
    silencing_current: Quantity = parameter(
        "2 nA", "Hyperpolarizing current of a silenced cell.", bounds=("0 nA", "10 nA"), source="own choice"
    )

    def equations(self) -> Mapping[str, str]:
        """Return the membrane."""
        return {"pyramidal": PYRAMIDAL_MEMBRANE + constants(type(self))}

    def reset(self) -> Mapping[str, str]:
        """Return to the leak potential."""
        return {"pyramidal": "v = leak_potential"}

    def begin(self, p: Parameters, beginning: Beginning) -> dict[str, Any]:
        """Return the potential of cells at rest."""
        return {"pyramidal.v": np.full(len(beginning.established), float(self.leak_potential)) * volt}


class Parvalbumin(Mechanism):
    """Parvalbumin (PV) interneuron."""

    GROUP: ClassVar[str] = "pv"
    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        above("firing_threshold", "leak_potential", NO_REST),
        above("firing_threshold", "reset_potential", NO_REST),
        above("excitatory_reversal", "firing_threshold", NEVER),
    )

    capacitance: Quantity = parameter(PUBLISHED["PV.C"], "Membrane capacitance.", bounds=("20 pF", "1000 pF"))
    leak_conductance: Quantity = parameter(PUBLISHED["PV.gL"], "Leak conductance.", bounds=("1 nS", "100 nS"))
    leak_potential: Quantity = parameter(PUBLISHED["PV.EL"], "Leak potential.", bounds=("-90 mV", "-50 mV"))
    reset_potential: Quantity = parameter(PUBLISHED["PV.reset"], "Reset potential.", bounds=("-90 mV", "-48 mV"))
    firing_threshold: Quantity = parameter(PUBLISHED["PV.threshold"], "Firing threshold.", bounds=("-60 mV", "-20 mV"))
    refractory_period: Quantity = parameter(
        PUBLISHED["PV.refractory"], "Refractory period.", bounds=("0.5 ms", "20 ms")
    )
    excitatory_reversal: Quantity = parameter(
        PUBLISHED["pyramidal.E_ampa"], "Reversal potential of excitation.", bounds=("-20 mV", "20 mV")
    )
    excitatory_decay: Quantity = parameter(
        PUBLISHED["pyramidal.tau_ampa"], "Decay time of excitatory conductances.", bounds=("1 ms", "50 ms")
    )
    noise: Quantity = parameter(
        "2 mV", "Standard deviation of the potential by private noise.", bounds=("0 mV", "10 mV"), source="own choice"
    )
    recurrent_conductance: Quantity = parameter(
        "12 nS",
        "Peak conductance from a pyramidal cell.",
        bounds=("0 nS", "100 nS"),
        source="own choice: in a small group each pyramidal spike fires the PV cells it reaches",
    )
    feedforward_conductance: Quantity = parameter(
        "0.03 nS", "Peak conductance from an afferent.", bounds=("0 nS", "10 nS"), source="own choice: weak"
    )

    def equations(self) -> Mapping[str, str]:
        """Return the membrane."""
        return {"pv": PARVALBUMIN_MEMBRANE + constants(type(self))}

    def reset(self) -> Mapping[str, str]:
        """Return to the reset potential."""
        return {"pv": "v = reset_potential"}

    def begin(self, p: Parameters, beginning: Beginning) -> dict[str, Any]:
        """Return the potential of cells at rest."""
        return {"pv.v": np.full(beginning.n_pv, float(self.leak_potential)) * volt}


PYRAMIDAL_MEMBRANE = """
dv/dt = (leak_conductance*(leak_potential - v)
         + (g_afferent + g_lateral)*(excitatory_reversal - v)
         + g_fast*(inhibitory_reversal - v)
         + g_slow*(leak_potential - v)
         + noise_current - silencing(t)*silenced*silencing_current)/capacitance : volt (unless refractory)
dg_afferent/dt = -g_afferent/excitatory_decay : siemens
dg_lateral/dt = -g_lateral/excitatory_decay : siemens
dg_fast/dt = -g_fast/fast_decay : siemens
dg_slow/dt = -g_slow/slow_decay : siemens
noise_current : amp
silenced : 1
"""

PARVALBUMIN_MEMBRANE = """
dv/dt = (leak_conductance*(leak_potential - v) + g_excitation*(excitatory_reversal - v)
         + noise_current)/capacitance : volt (unless refractory)
dg_excitation/dt = -g_excitation/excitatory_decay : siemens
noise_current : amp
"""

DRAW_NOISE = "noise_current = noise*sqrt(2*leak_conductance*capacitance/noise_interval)*randn()"


def cells(name: str, n: int, equations: str, reset: str, namespace: Mapping[str, Any]) -> brian2.NeuronGroup:
    """Make a group of cells with private noise.

    Parameters
    ----------
    name : str
        Name of the group.
    n : int
        Number of cells.
    equations, reset : str
        Membrane equations with whatever a mechanism adds to them, and what a spike changes.
    namespace : mapping
        Functions of time that the equations use.

    Returns
    -------
    group : NeuronGroup
        With exponential Euler integration, exact for each linear equation alone.
    """
    group = brian2.NeuronGroup(
        n,
        equations,
        threshold="v > firing_threshold",
        reset=reset,
        refractory="refractory_period",
        method="exponential_euler",
        namespace={**namespace, "noise_interval": NOISE_INTERVAL},
        name=name,
    )
    group.run_regularly(DRAW_NOISE, dt=NOISE_INTERVAL, name=f"{name}_noise")
    return group
