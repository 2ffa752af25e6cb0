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

from dataclasses import dataclass
from typing import Literal

from brian2 import NeuronGroup, Quantity, Synapses

from cortex.experiment.parameters import Parameters, parameter


class Copying(Parameters):
    """Plasticity of the afferent synapses."""

    rule: Literal["hebbian", "stdp", "error_correcting"] = parameter(
        "hebbian", "Learning rule of the afferent synapses.", source="module docstring", per_run=False
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
        "20 s", "Time constant of the long-term mean of the trace.", bounds=("1 s", "1000 s"), source="own choice"
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


@dataclass(frozen=True)
class Rule:
    """What a rule adds to the equations of the cell and to the synaptic events."""

    cell: str
    on_pre: str
    on_post: str


RULES = {
    "hebbian": Rule(
        cell="",
        on_pre="",
        on_post="""
coincidence = arbor*(trace_pre - covariance_post*usual_trace_pre)
w = clip(w + plasticity(t)*learning_rate_post*(coincidence - decay_post*w), 0, maximum_weight_post)
""",
    ),
    "stdp": Rule(
        cell="",
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
    ),
}

LEARNING_CELL = """
dtrace/dt = -trace/trace_time_constant : 1
learning_rate : 1 (shared, constant)
decay : 1 (shared, constant)
covariance : 1 (shared, constant)
maximum_weight : 1 (shared, constant)
weight_conductance : siemens (shared, constant)
trace_time_constant : second (shared, constant)
depression : 1 (shared, constant)
predicted_gain : Hz/volt (shared, constant)
predicted_threshold : volt (shared, constant)
predicted_softness : volt (shared, constant)
"""

LEARNING_RESET = "trace += 1"

AFFERENT_TRACES = """
dtrace/dt = -trace/trace_time_constant : 1
dusual_trace/dt = (trace - usual_trace)/usual_time_constant : 1
trace_time_constant : second (shared, constant)
usual_time_constant : second (shared, constant)
"""


def afferent_synapses(afferents: NeuronGroup, pyramidal: NeuronGroup, rule: str, name: str = "afferent") -> Synapses:
    """Make the plastic synapses from afferents to pyramidal cells, not yet connected.

    Parameters
    ----------
    afferents : NeuronGroup
        With the equations `AFFERENT_TRACES`.
    pyramidal : NeuronGroup
        With the equations `LEARNING_CELL` and those of the rule.
    rule : str
        One of `RULES`.

    Returns
    -------
    synapses : Synapses
        `w` is the weight, `arbor` (0 to 1) the anatomical density of contacts.
    """
    chosen = RULES[rule]
    return Synapses(
        afferents,
        pyramidal,
        "w : 1\narbor : 1 (constant)",
        on_pre="g_afferent_post += weight_conductance_post*w\n" + chosen.on_pre,
        on_post=chosen.on_post,
        namespace=pyramidal.namespace,
        name=name,
    )
