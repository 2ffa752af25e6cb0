"""Learning a task by local rules: a delta rule at the readout, a three-factor rule at the afferents of the cells.

The readout adds up the spikes of a trial, each by the weight of its cell. At the end of the trial a teacher gives the
answer, the error is broadcast, and

* each readout weight changes by ``error*spikes of the group`` (Widrow & Hoff 1960);
* each afferent weight by ``error*credit*eligibility``. The eligibility is the mean over the trial of the presynaptic
  trace times the sensitivity of the cell (Fremaux & Gerstner 2016, doi:10.3389/fncir.2015.00085). The credit is the
  readout weight of the cell. In the broadcast form that is all; the gradient form multiplies by the gain with which
  the cell's drive reaches the readout, which a synapse cannot know unless errors are normalised too.

Copying is a rule of the same synapses, applied at each afferent spike: an idle cell strengthens what is active just
after its teacher fires and weakens what is active just after it fires itself, ``dw ~ teacher's trace - own trace``,
the spiking form of learning from a teacher's rate (Urbanczik & Senn 2014, doi:10.1016/j.neuron.2013.11.030). Its
fixed point is the teacher's response, also where the teacher's weights are no fixed point of a plain Hebbian rule, as
those of a cell that has learned a task are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import brian2
import numpy as np
from brian2.units import Quantity

from cortex.experiment.parameters import parameter
from cortex.mechanisms.group_gain import INTERVAL
from cortex.mechanisms.mechanism import Mechanism, constants


class Learning(Mechanism):
    """Rates and form of the rules."""

    GATES: ClassVar[Mapping[str, str]] = {
        "learning": "learning rate of the afferent weights",
        "delta": "learning rate of the readout weights",
        "bias_rate": "learning rate of the bias of the readout",
        "answer": "what the readout should say",
        "shown": "code of the touch, for the records",
        "copying": "idle cells copy their target",
        "transmission": "part of its output that a cell passes on",
        "reliability": "probability that the spikes of a cell reach the readout",
    }

    rate: float = parameter(
        0.005,
        "Learning rate of the afferent weights for the new task.",
        bounds=(0, 1000),
        source="varied in the studies",
        constant=False,
    )
    matched_speed: bool = parameter(
        False, "Whether the new task is learned at K times the rate.", source="on is a condition: as fast as K copies"
    )
    old_rate: float = parameter(
        0.01,
        "Learning rate of the afferent weights for the old task.",
        bounds=(0, 1000),
        source="own choice",
        constant=False,
    )
    readout_rate: float = parameter(
        0.0003,
        "Learning rate of the readout weights for the old task.",
        bounds=(0, 10),
        source="own choice",
        constant=False,
    )
    bias_rate: float = parameter(
        0.015,
        "Learning rate of the bias of the readout for the old task.",
        bounds=(0, 10),
        source="own choice",
        constant=False,
    )
    readout_learns: Literal["nothing", "bias", "all"] = parameter(
        "nothing",
        "What the readout learns of the new task.",
        source="nothing: what reads the cortex out stays as it is",
    )
    form: Literal["broadcast", "gradient"] = parameter(
        "broadcast",
        "Whether the credit of a cell leaves out or contains its gain.",
        source="broadcast: Fremaux & Gerstner 2016, doi:10.3389/fncir.2015.00085; gradient: descent on the error",
    )
    copying_rate: float = parameter(
        0.0006, "Learning rate of copying.", bounds=(0, 10), source="own choice: a copy is made in about two minutes"
    )
    maximum_weight: float = parameter(
        20.0, "Largest size of an afferent weight.", bounds=(0.1, 1000), source="own choice"
    )

    def equations(self) -> Mapping[str, str]:
        """Return what a cell hears of its teacher and of the readout."""
        return {"pyramidal": LEARNER + constants(type(self))}

    def values(self) -> dict[str, Any]:
        """Return the values of the constants, the form of the rule among them."""
        return super().values() | {"pyramidal.credit_exponent": float(self.form == "gradient")}


LEARNER = """
dteaching/dt = -teaching/dendritic_time_constant : 1
readout_error : 1 (linked)
error : 1
readout_weight : 1
arriving : 1
novice : 1
credit_exponent : 1 (shared, constant)
"""

READOUT = """
asked = answer(t) : 1
pattern = shown(t) : 1
evidence : 1
bias : 1
error : 1
"""

COMPARE = """
error = asked - evidence - bias
bias += bias_rate(t)*error
evidence = 0
"""

SEND = "arriving = int(rand() < reliability(t))"
"""Whether the spikes of a cell reach the readout, drawn anew in each interval, so that all conditions draw alike."""

DELTA = """
error = readout_error
readout_weight += delta(t)*error*group_count
"""
"""The readout weight is kept with its cell."""

SUM_ELIGIBILITY = "eligibility += trace_pre*coupled_sensitivity_post*interval/trial"

COPY = """
lesson = copying(t)*copying_rate_post*novice_post*(teaching_post - trace_post)
w = clip(w + lesson, -maximum_weight_post, maximum_weight_post)
"""

LEARN = """
reach = (gain_post*transmission(t))**credit_exponent_post
step = learning(t)*error_post*readout_weight_post*reach*eligibility
w = clip(w + step, -maximum_weight_post, maximum_weight_post)
eligibility = 0
"""


def readout_cell(gates: Mapping[str, brian2.TimedArray]) -> brian2.NeuronGroup:
    """Make the readout."""
    return brian2.NeuronGroup(1, READOUT, namespace=dict(gates), name="readout")


def afferent_synapses(afferents: brian2.NeuronGroup, pyramidal: brian2.NeuronGroup, trial: Quantity) -> brian2.Synapses:
    """Make the plastic synapses from afferents to pyramidal cells, not yet connected."""
    synapses = brian2.Synapses(
        afferents,
        pyramidal,
        "w : 1\neligibility : 1",
        on_pre="dendrite_post += w*weight_potential_post\nafferent_count_post += 1" + COPY,
        namespace={**pyramidal.namespace, "interval": INTERVAL, "trial": trial},
        name="afferent",
    )
    synapses.run_regularly(SUM_ELIGIBILITY, dt=INTERVAL, when="before_groups", order=1, name="afferent_eligibility")
    synapses.run_regularly(LEARN, dt=trial, when="before_groups", order=2, name="afferent_learning")
    return synapses


def learning_readout(pyramidal: brian2.NeuronGroup, readout: brian2.NeuronGroup, trial: Quantity) -> None:
    """Let cells with the equations of `Learning` hear the error of the readout, and readout weights learn from it."""
    pyramidal.readout_error = brian2.linked_var(readout, "error", index=np.zeros(len(pyramidal), int))
    pyramidal.run_regularly(SEND, dt=INTERVAL, when="before_groups", order=0, name="readout_reliability")
    readout.run_regularly(COMPARE, dt=trial, when="before_groups", order=0, name="readout_error")
    pyramidal.run_regularly(DELTA, dt=trial, when="before_groups", order=1, name="readout_learning")


def readout_synapses(pyramidal: brian2.NeuronGroup, readout: brian2.NeuronGroup) -> brian2.Synapses:
    """Make the synapses from pyramidal cells to the readout, not yet connected."""
    return brian2.Synapses(
        pyramidal,
        readout,
        on_pre="evidence_post += readout_weight_pre*arriving_pre*transmission(t)",
        namespace=pyramidal.namespace,
        name="output",
    )
