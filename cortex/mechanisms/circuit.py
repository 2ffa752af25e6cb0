"""The circuit that all models of spiking cells share: afferents, pyramidal cells and PV cells, and their mechanisms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import brian2
from brian2.units import Quantity, ms

from cortex.experiment.parameters import Parameters
from cortex.experiment.relation import Relation
from cortex.mechanisms import cells, mechanism
from cortex.mechanisms.copying import Copying
from cortex.mechanisms.lateral_inhibition import Normalization
from cortex.mechanisms.recruitment import Recruitment
from cortex.mechanisms.wiring import Beginning, Contacts, Wiring

DT = 0.5 * ms
"""Time step of a circuit."""


def membrane(section: str) -> Relation:
    """Return the relation that the membrane of some cells can be followed in time."""

    def holds(p: Any) -> bool:  # in plain numbers: of a large study this is asked for every run
        cell = p.get(section)
        return float(cell.capacitance) / float(cell.leak_conductance) >= float(DT)

    return Relation(
        (f"{section}.capacitance", f"{section}.leak_conductance"),
        holds,
        f"their ratio, the time constant of the membrane, is at least one time step, {DT}",
    )


class CircuitParameters(Parameters):
    """The mechanisms of the circuit; a new one is a line here, or in the parameters of a user's own model."""

    TIME_STEP: ClassVar[Quantity | None] = DT
    RELATIONS: ClassVar[tuple[Relation, ...]] = (membrane("pyramidal"), membrane("parvalbumin"))

    pyramidal: cells.Pyramidal = cells.Pyramidal()
    parvalbumin: cells.Parvalbumin = cells.Parvalbumin()
    copying: Copying = Copying()
    recruitment: Recruitment = Recruitment()
    normalization: Normalization = Normalization()


@dataclass(frozen=True)
class Circuit:
    """The cells and synapses of a circuit, and what a run may set in them.

    Attributes
    ----------
    groups : dict of str to NeuronGroup
        "afferents", "pyramidal" and "pv".
    synapses : dict of str to Synapses
        By the names of `Wiring`, and those that mechanisms connect themselves.
    inputs : dict of str to VariableView, TimedArray or Synapses
        All their variables, contacts, and the gates, by names such as "pyramidal.v", "lateral.contacts", "gate.hold".
    """

    groups: dict[str, brian2.NeuronGroup]
    synapses: dict[str, brian2.Synapses]
    inputs: dict[str, brian2.core.variables.VariableView | brian2.TimedArray | brian2.Synapses]

    @property
    def objects(self) -> list[brian2.NeuronGroup | brian2.Synapses]:
        """All objects, for a network."""
        return [*self.groups.values(), *self.synapses.values()]


def build_circuit(
    p: CircuitParameters,
    afferents: brian2.NeuronGroup,
    n_pyramidal: int,
    n_pv: int,
    fixed: Mapping[str, Contacts],
    gates: Mapping[str, brian2.TimedArray],
) -> Circuit:
    """Build cells and synapses.

    Parameters
    ----------
    p : CircuitParameters
    afferents : NeuronGroup
        With what the mechanisms add to their equations and reset.
    n_pyramidal, n_pv : int
        Numbers of cells.
    fixed : mapping of str to Contacts
        Contacts that are the same in all runs, by the names of `Wiring`; a run sets the others.
    gates : mapping of str to TimedArray
        As made by `cortex.mechanisms.gates.gates`.
    """
    groups = {"afferents": afferents}
    for name, n in (("pyramidal", n_pyramidal), ("pv", n_pv)):
        groups[name] = cells.cells(name, n, mechanism.equations(p, name), mechanism.reset(p, name), gates)
    synapses = {made.name: made for section in mechanism.mechanisms(p) for made in section.connect(groups)}
    inputs = mechanism.inputs([*groups.values(), *synapses.values()])
    for name in [field.name for field in fields(Wiring) if field.name in synapses]:
        made = synapses[name]
        if name in fixed:
            made.connect(i=fixed[name][0], j=fixed[name][1])
        else:
            made.connect(False)
            inputs[f"{name}.contacts"] = made
    return Circuit(groups, synapses, inputs | {f"gate.{name}": gate for name, gate in gates.items()})


def circuit_inputs(p: CircuitParameters, beginning: Beginning) -> dict[str, Any]:
    """Return the values that a run sets in a circuit, by the names of `Circuit.inputs`: no contacts, gates, stimuli."""
    inputs: dict[str, Any] = {}
    for section in mechanism.mechanisms(p):
        inputs |= section.values() | section.begin(p, beginning)
    return inputs
