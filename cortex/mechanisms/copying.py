"""Copying: the Hebbian rule by which a cell takes over the receptive field of the cells it fires with.

Three rules, selected by `copying.rule`, act on the weight `w` of an afferent synapse; `trace_pre` is the
presynaptic trace, raised by 1 at each afferent spike.

hebbian
    At each postsynaptic spike ``w += rate*(arbor*(trace_pre - covariance*usual_trace_pre) - decay*w)``, w >= 0 (instar
    rule: Grossberg 1976, doi:10.1007/BF00344744; with the long-term mean of the presynaptic trace taken off it is a
    covariance rule: Sejnowski 1977, doi:10.1007/BF00275079). Its fixed point is
    ``arbor*(E[trace_pre | spike] - covariance*E[trace_pre])/decay``: a cell that fires with a
    target converges to the target's weights if the target itself sits at its fixed point, with time
    constant ``1/(rate*decay*firing rate)``. From any other target it learns the correlations seen by the target,
    ``C w`` in the linear case, not ``w``.
stdp
    Additive pair rule over all pairs (Song, Miller & Abbott 2000, doi:10.1038/78829), hard bounds.
error_correcting
    ``dw/dt = rate*trace_pre*(spikes - predicted rate)`` (Urbanczik & Senn 2014, doi:10.1016/j.neuron.2013.11.030):
    the rate is predicted from a dendritic potential that hears the afferents and the inhibition but no lateral
    input, so teacher and own drive differ until the afferent weights equal the target's. Spikes act when they are
    fired; the predicted rate acts at each presynaptic spike, times the trace's whole area. It needs a teacher that
    fades as the copy matures (its spikes add to the copy's own): established cells keep their weights, and copies
    reach the direction of `w`, not exactly its size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import brian2
import numpy as np
from brian2.units import Quantity

from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.registry import Registry
from cortex.experiment.relation import Relation
from cortex.mechanisms.mechanism import Groups, Mechanism, constants, values

if TYPE_CHECKING:
    from cortex.mechanisms.wiring import Beginning


@dataclass(frozen=True)
class Rule:
    """A copying rule: what it adds to the cells, and what spikes do to the weight `w` of an afferent synapse.

    Rules read the trace of the afferent (`trace_pre`) and of the cell (`trace_post`), both raised by 1 at a spike, and
    multiply each change by the gate ``plasticity(t)``. Parameters of the section `copying`, and of any other mechanism
    of the cells, end on ``_post``.

    Attributes
    ----------
    on_pre, on_post : str
        Statements at each spike of the afferent and of the cell.
    cell, synapse : str
        Equations added to the cells and to the synapses.
    begin : mapping of str to str or float
        Where variables of `cell` begin, if not at 0: a number, or the name of a parameter.
    """

    on_pre: str = ""
    on_post: str = ""
    cell: str = ""
    synapse: str = ""
    begin: Mapping[str, str | float] = field(default_factory=dict)


_SHIPPED = {
    "hebbian": Rule(
        on_post="""
coincidence = arbor*(trace_pre - covariance_post*usual_trace_pre)
w = clip(w + plasticity(t)*learning_rate_post*(coincidence - decay_post*w), 0, maximum_weight_post)
""",
    ),
    "stdp": Rule(
        on_pre="""
loss = plasticity(t)*learning_rate_post*depression_post*trace_post
w = clip(w - loss, 0, arbor*maximum_weight_post)
""",
        on_post="w = clip(w + plasticity(t)*learning_rate_post*trace_pre, 0, arbor*maximum_weight_post)",
    ),
    "error_correcting": Rule(
        cell="""
ddendrite/dt = (leak_conductance*(leak_potential - dendrite) + g_afferent*(excitatory_reversal - dendrite)
                + g_fast*(inhibitory_reversal - dendrite) + g_slow*(leak_potential - dendrite))/capacitance : volt
beyond = (dendrite - predicted_threshold)/predicted_softness : 1
predicted_rate = predicted_gain*predicted_softness*log(1 + exp(beyond)) : Hz
""",
        on_pre="""
expected = trace_time_constant_post*predicted_rate_post
w = clip(w - plasticity(t)*(1 - established_post)*learning_rate_post*expected, 0, arbor*maximum_weight_post)
""",
        on_post="""
gain = plasticity(t)*(1 - established_post)*learning_rate_post*trace_pre
w = clip(w + gain, 0, arbor*maximum_weight_post)
""",
        begin={"dendrite": "pyramidal.leak_potential"},
    ),
}

RULES: Registry[Rule] = Registry("copying rule", _SHIPPED)
"""A user's own file adds one by ``RULES.register("mine", Rule(...))`` and chooses it by ``-p copying.rule=mine``."""


class Copying(Mechanism):
    """Plasticity of the afferent synapses."""

    GATES: ClassVar[Mapping[str, str]] = {"plasticity": "afferent synapses learn"}
    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        Relation(
            ("learning_rate", "decay"),
            lambda p: p.learning_rate * p.decay <= 1,
            "at a spike a weight decays by learning_rate*decay, at most all of it: the product is at most 1",
        ),
    )

    rule: str = parameter(
        "hebbian",
        "Learning rule of the afferent synapses.",
        source="hebbian: Grossberg 1976, doi:10.1007/BF00344744; stdp: Song et al. 2000, doi:10.1038/78829; "
        "error_correcting: Urbanczik & Senn 2014, doi:10.1016/j.neuron.2013.11.030",
        per_run=False,
        choices=RULES,
    )
    learning_rate: float = parameter(
        0.004, "Change of weight per spike.", bounds=(0, 0.2), source="own choice; 1/(rate*decay) spikes of memory"
    )
    decay: float = parameter(
        1.0, "Decay of the weight per spike, relative to the learning rate.", bounds=(0.05, 20), source="own choice"
    )
    covariance: float = parameter(
        0.0,
        "How much of its long-term mean is taken off the presynaptic trace, 0 none, 1 all (hebbian only).",
        bounds=(0, 2),
        source="Sejnowski 1977, doi:10.1007/BF00275079",
    )
    usual_time_constant: Quantity = parameter(
        "20 s",
        "Time constant of the long-term mean of the trace.",
        bounds=("1 s", "1000 s"),
        source="own choice",
        constant=False,
    )
    maximum_weight: float = parameter(2.0, "Upper bound of a weight.", bounds=(0.01, 100), source="own choice")
    weight_conductance: Quantity = parameter(
        "1 nS", "Conductance of a synapse of weight 1.", bounds=("0.01 nS", "20 nS"), source="own choice"
    )
    trace_time_constant: Quantity = parameter(
        "20 ms",
        "Time constant of the traces.",
        bounds=("2 ms", "200 ms"),
        source="Song, Miller & Abbott 2000, doi:10.1038/78829",
    )
    depression: float = parameter(
        1.05,
        "Depression relative to potentiation (stdp only).",
        bounds=(0.1, 5),
        source="Song, Miller & Abbott 2000, doi:10.1038/78829",
    )
    predicted_gain: Quantity = parameter(
        "6.5 Hz/mV",
        "Slope of the predicted rate over the dendritic potential (error_correcting only).",
        bounds=("0.1 Hz/mV", "50 Hz/mV"),
        source="own f-I curve",
    )
    predicted_threshold: Quantity = parameter(
        "-53.5 mV",
        "Dendritic potential at which the predicted rate sets in (error_correcting only).",
        bounds=("-70 mV", "-30 mV"),
        source="own f-I curve",
    )
    predicted_softness: Quantity = parameter(
        "1.5 mV",
        "Softness of the threshold of the predicted rate (error_correcting only).",
        bounds=("0.1 mV", "10 mV"),
        source="the private noise",
    )

    def equations(self) -> Mapping[str, str]:
        """Return the traces of cells and afferents, and what the rule adds to the cells."""
        return {
            "pyramidal": LEARNING_CELL + RULES[self.rule].cell + "\n" + constants(type(self)),
            "afferents": AFFERENT_TRACES,
        }

    def reset(self) -> Mapping[str, str]:
        """Raise the trace of a cell or afferent that fires."""
        return {"pyramidal": RAISE_TRACE, "afferents": RAISE_TRACE}

    def connect(self, groups: Groups) -> list[brian2.Synapses]:
        """Make the plastic synapses from afferents to pyramidal cells."""
        return [afferent_synapses(groups["afferents"], groups["pyramidal"], RULES[self.rule])]

    def values(self) -> dict[str, Any]:
        """Return the values of the constants; cells and afferents share the time constant of traces."""
        return super().values() | values(self, "afferents", *OF_AFFERENTS)

    def begin(self, p: Parameters, beginning: Beginning) -> dict[str, Any]:
        """Return the drawn weights, their bounds, and what the variables of the rule begin with."""
        n = len(beginning.established)
        cell = {
            name: p.get(value) if isinstance(value, str) else value for name, value in RULES[self.rule].begin.items()
        }
        return {
            "afferent.w": beginning.weights,
            "afferent.arbor": beginning.arbor,
            **{f"pyramidal.{name}": np.ones(n) * value for name, value in cell.items()},
        }


LEARNING_CELL = """
dtrace/dt = -trace/trace_time_constant : 1
"""

RAISE_TRACE = "trace += 1"

OF_AFFERENTS = ("trace_time_constant", "usual_time_constant")
"""Parameters that the equations of afferents hold too."""

AFFERENT_TRACES = """
dtrace/dt = -trace/trace_time_constant : 1
dusual_trace/dt = (trace - usual_trace)/usual_time_constant : 1
""" + constants(Copying, *OF_AFFERENTS)


def afferent_synapses(
    afferents: brian2.NeuronGroup, pyramidal: brian2.NeuronGroup, rule: Rule, name: str = "afferent"
) -> brian2.Synapses:
    """Make the plastic synapses from afferents to pyramidal cells, not yet connected.

    Parameters
    ----------
    afferents : NeuronGroup
        With the equations `AFFERENT_TRACES`.
    pyramidal : NeuronGroup
        With the equations of `Copying`, which contain those of the rule.
    rule : Rule

    Returns
    -------
    synapses : Synapses
        `w` is the weight, `arbor` (0 to 1) the anatomical density of contacts.
    """
    return brian2.Synapses(
        afferents,
        pyramidal,
        "w : 1\narbor : 1 (constant)\n" + rule.synapse,
        on_pre="g_afferent_post += weight_conductance_post*w\n" + rule.on_pre,
        on_post=rule.on_post,
        namespace=pyramidal.namespace,
        name=name,
    )
