"""The circuit that all models share: afferents, pyramidal cells and PV cells, wired by given contacts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from brian2 import NeuronGroup, Synapses, TimedArray, second, siemens, volt
from brian2.core.variables import VariableView

from cortex.experiment.parameters import Parameters
from cortex.mechanisms import cells, copying, lateral_inhibition, recruitment
from cortex.mechanisms.copying import Copying
from cortex.mechanisms.lateral_inhibition import Normalization
from cortex.mechanisms.recruitment import Recruitment

NOT_IN_EQUATIONS = ("copying.usual_time_constant", "normalization.release_residual")

Contacts = tuple[np.ndarray, np.ndarray]


class CircuitParameters(Parameters):
    """Cells, synapses and mechanisms of the shared circuit."""

    pyramidal: cells.Pyramidal = cells.Pyramidal()
    parvalbumin: cells.Parvalbumin = cells.Parvalbumin()
    copying: Copying = Copying()
    recruitment: Recruitment = Recruitment()
    normalization: Normalization = Normalization()


@dataclass(frozen=True)
class Wiring:
    """Which cells touch which, as pairs of index arrays (source, target), fixed by anatomy.

    Attributes
    ----------
    afferent : afferents to pyramidal cells
    lateral : pyramidal to pyramidal cells
    recurrent : pyramidal to PV cells
    feedforward : afferents to PV cells
    inhibition : PV to pyramidal cells
    """

    afferent: Contacts
    lateral: Contacts
    recurrent: Contacts
    feedforward: Contacts
    inhibition: Contacts


@dataclass(frozen=True)
class Circuit:
    """The Brian2 objects of a circuit and the names of what a run may set in it."""

    afferents: NeuronGroup
    pyramidal: NeuronGroup
    pv: NeuronGroup
    afferent: Synapses
    lateral: Synapses
    recurrent: Synapses
    feedforward: Synapses
    inhibition: Synapses
    inputs: dict[str, VariableView | TimedArray]

    @property
    def objects(self) -> list[NeuronGroup | Synapses]:
        """All objects, for a network."""
        return [value for value in vars(self).values() if isinstance(value, NeuronGroup | Synapses)]


def build_circuit(
    parameters: CircuitParameters,
    afferents: NeuronGroup,
    n_pyramidal: int,
    n_pv: int,
    wiring: Wiring,
    gates: Mapping[str, TimedArray],
) -> Circuit:
    """Build cells and synapses.

    Parameters
    ----------
    parameters : CircuitParameters
    afferents : NeuronGroup
        With the equations `AFFERENT_TRACES`.
    n_pyramidal, n_pv : int
        Numbers of cells.
    wiring : Wiring
    gates : mapping of str to TimedArray
        As made by `cortex.mechanisms.gates.gates`.
    """
    rule = parameters.copying.rule
    pyramidal = cells.cells(
        "pyramidal",
        n_pyramidal,
        cells.PYRAMIDAL_MEMBRANE + copying.LEARNING_CELL + copying.RULES[rule].cell + recruitment.USE,
        reset=f"v = leak_potential\n{recruitment.MATURATION}\n{copying.LEARNING_RESET}",
        namespace=gates,
    )
    pv = cells.cells(
        "pv",
        n_pv,
        cells.PARVALBUMIN_MEMBRANE + lateral_inhibition.PLASTIC_OUTPUT,
        reset="v = reset_potential",
        namespace=gates,
    )
    lateral_inhibition.adapt(pv)
    afferent = copying.afferent_synapses(afferents, pyramidal, rule)
    lateral = recruitment.lateral_synapses(pyramidal, parameters.recruitment.teacher)
    recurrent = lateral_inhibition.pv_inputs(pyramidal, pv, "recurrent")
    feedforward = lateral_inhibition.pv_inputs(afferents, pv, "feedforward")
    inhibition = lateral_inhibition.pv_outputs(pv, pyramidal)
    projections = {s.name: s for s in (afferent, lateral, recurrent, feedforward, inhibition)}
    for name, synapses in projections.items():
        source, target = getattr(wiring, name)
        synapses.connect(i=source, j=target)

    inputs: dict[str, VariableView | TimedArray] = {f"gate.{name}": gate for name, gate in gates.items()}
    inputs["normalization.competition"] = inhibition.competition
    holders = {
        "pyramidal": pyramidal,
        "parvalbumin": pv,
        "copying": pyramidal,
        "recruitment": pyramidal,
        "normalization": pv,
    }
    for section, group in holders.items():
        for name in type(parameters.get(section)).names():
            if name in group.variables:
                inputs[f"{section}.{name}"] = getattr(group, name)
    for group, names in {
        pyramidal: ("v", "established", "maturity", "silenced"),
        pv: ("v", "expectation", "usual_feedforward", "strength"),
        afferent: ("w", "arbor"),
        lateral: ("affinity",),
        inhibition: ("share", "subtractive"),
    }.items():
        inputs |= {f"{group.name}.{name}": getattr(group, name) for name in names}
    if rule == "error_correcting":
        inputs["pyramidal.dendrite"] = pyramidal.dendrite
    for name in ("trace_time_constant", "usual_time_constant"):
        inputs[f"afferents.{name}"] = getattr(afferents, name)
    if parameters.recruitment.teacher == "shuffled":
        inputs["lateral.delay"] = lateral.pre.delay
    return Circuit(afferents, pyramidal, pv, afferent, lateral, recurrent, feedforward, inhibition, inputs)


def circuit_inputs(
    parameters: CircuitParameters,
    wiring: Wiring,
    established: np.ndarray,
    n_pv: int,
    weights: np.ndarray,
    arbor: np.ndarray,
    touching: np.ndarray,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """Give the values that a run sets in a circuit.

    Parameters
    ----------
    established : bool array, shape (pyramidal,)
        Cells that respond from the start; the others are idle.
    weights, arbor : array, shape (afferent synapse,)
        Initial weight and density of contacts, in the order of `wiring.afferent`.
    touching : bool array, shape (lateral synapse,)
        Which of the possible lateral contacts exist.
    rng : Generator
        Draws the delays of the shuffled teacher.

    Returns
    -------
    inputs : dict of str to value
        By the names of `Circuit.inputs`, gates and stimuli excepted.
    """
    hold = parameters.normalization
    values: dict[str, Any] = {}
    for name in CircuitParameters.names():
        if not isinstance(parameters.get(name), str | bool) and name not in NOT_IN_EQUATIONS:
            values[name] = parameters.get(name)
    source, target = wiring.lateral
    teaching = touching & established[source] & ~established[target]
    teachers = np.bincount(target, weights=teaching, minlength=len(established))
    inhibitors = np.bincount(wiring.inhibition[1], minlength=len(established))
    values |= {
        "afferents.trace_time_constant": parameters.copying.trace_time_constant,
        "afferents.usual_time_constant": parameters.copying.usual_time_constant,
        "pyramidal.v": np.full(len(established), float(parameters.pyramidal.leak_potential)) * volt,
        "pyramidal.established": established.astype(float),
        "pyramidal.maturity": established.astype(float),
        "pyramidal.silenced": np.zeros(len(established)),
        "pv.v": np.full(n_pv, float(parameters.parvalbumin.leak_potential)) * volt,
        "pv.expectation": np.full(n_pv, 0.01),
        "pv.usual_feedforward": np.full(n_pv, 10.0),
        "pv.strength": np.full(n_pv, float(hold.conductance)) * siemens,
        "afferent.w": weights,
        "afferent.arbor": arbor,
        "lateral.affinity": teaching / np.maximum(teachers, 1)[target],
        "inhibition.share": 1 / inhibitors[wiring.inhibition[1]],
        "inhibition.subtractive": float(hold.kind == "subtractive"),
    }
    if parameters.copying.rule == "error_correcting":
        values["pyramidal.dendrite"] = values["pyramidal.v"]
    if parameters.recruitment.teacher == "shuffled":
        low, high = recruitment.SHUFFLED_DELAYS
        values["lateral.delay"] = rng.uniform(low / second, high / second, len(source)) * second
    return values
