"""Learning a task with cells that spike: readouts whose answers are units, and synapses that hear of the error.

A question has two answers, "yes" and "no", each a unit that adds up the spikes of a trial. Weights onto a unit are
never negative (Dale's law). The output is what "yes" has more than "no"; at the end of a trial a teacher gives the
answer, and

* each weight onto a unit changes by ``rate*error*spikes of the cell``, with opposite errors of the two units: a delta
  rule (Widrow & Hoff 1960);
* each afferent weight changes by ``rate*credit*eligibility``, a three-factor rule (Fremaux & Gerstner 2016,
  doi:10.3389/fncir.2015.00085). The credit of a cell is the sum of its output weights, each times the error of its
  unit. It stays non-negative too.

`copying.eligibility` says when an afferent synapse is eligible for change: at a spike of its cell (the presynaptic
trace is then at hand in the synapse), or at all times by how far the dendrite, or the membrane, is depolarized.

The dendrite hears the afferents and, in the share `dendrite.dendritic_inhibition`, the PV cells: PV cells of the basket
type end on the soma, and cells that end on dendrites take away the eligibility too.

While an idle cell is immature its output weights learn with the spikes of its target: copies project as their target
does. That is an assumption; with `readout.outputs=own` a copy learns its output from its own spikes alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import brian2
import numpy as np
from brian2.units import Quantity, ms

from cortex.experiment.parameters import Parameters, parameter
from cortex.mechanisms.copying import RULES, Copying, afferent_synapses
from cortex.mechanisms.mechanism import Groups, Mechanism, constants
from cortex.mechanisms.wiring import Beginning

INTERVAL = 10 * ms
"""How often eligibilities are summed."""

QUESTIONS = ("old", "new")
UNITS = 2 * len(QUESTIONS)
"""Each question has a unit "yes" and a unit "no"."""

ASKED = ("answer", "delta", "bias_rate", "learning")
"""What a protocol says of each question in each trial: the answer, -1 or 1, or 0 if none is asked for; and how fast
output weights, biases and afferent weights learn from it."""


class Dendrite(Mechanism):
    """Dendrite of a pyramidal cell, beside its soma."""

    dendritic_inhibition: float = parameter(
        0.0,
        "Share of the PV inhibition that the dendrite hears too: 0 if PV cells end on the soma.",
        bounds=(0, 1),
        source="PV cells are perisomatic",
    )
    sensitive_potential: Quantity = parameter(
        "-53 mV", "Dendritic potential of half sensitivity.", bounds=("-80 mV", "0 mV"), source="own choice"
    )
    sensitive_softness: Quantity = parameter(
        "1.5 mV", "Softness of that threshold.", bounds=("0.1 mV", "20 mV"), source="own choice"
    )
    membrane_softness: Quantity = parameter(
        "3 mV",
        "Distance from the firing threshold at which the membrane has a quarter of its sensitivity.",
        bounds=("0.1 mV", "20 mV"),
        source="own choice",
    )

    def equations(self) -> Mapping[str, str]:
        """Return the potential of the dendrite."""
        return {"pyramidal": DENDRITE + constants(type(self))}

    def begin(self, p: Parameters, beginning: Beginning) -> dict[str, Any]:
        """Return the potential of dendrites at rest."""
        return {
            "pyramidal.dendritic_potential": np.ones(len(beginning.established)) * p.get("pyramidal.leak_potential")
        }


class TaskPlasticity(Copying):
    """Plasticity of the afferent synapses: copying, and learning from the error of a task."""

    eligibility: Literal["spike", "dendrite", "membrane"] = parameter(
        "spike",
        "What makes an afferent synapse eligible for learning from an error.",
        source="Fremaux & Gerstner 2016, doi:10.3389/fncir.2015.00085",
        per_run=False,
    )

    def connect(self, groups: Groups) -> list[brian2.Synapses]:
        """Make the plastic synapses from afferents to pyramidal cells, which also have an eligibility."""
        rule = RULES[self.rule]
        on_post = f"{rule.on_post}\n{AT_A_SPIKE * (self.eligibility == 'spike')}"
        rule = replace(rule, synapse=f"{rule.synapse}\neligibility : 1", on_post=on_post)
        return [afferent_synapses(groups["afferents"], groups["pyramidal"], rule)]


class Readout(Mechanism):
    """The readouts."""

    outputs: Literal["target", "own"] = parameter(
        "target",
        "Whether the output weights of an immature cell learn with the spikes of its target, or with its own.",
        source="own choice: copies project as their target does",
    )
    weight: float = parameter(
        0.05,
        "Weight of every cell onto every unit at the beginning.",
        bounds=(0, 10),
        source="own choice",
        constant=False,
    )

    def equations(self) -> Mapping[str, str]:
        """Return what output synapses hear of a cell, and what the cell hears of the error."""
        return {"pyramidal": OUTPUT}

    def reset(self) -> Mapping[str, str]:
        """Count the spikes of a trial."""
        return {"pyramidal": "count += 1"}

    def begin(self, p: Parameters, beginning: Beginning) -> dict[str, Any]:
        """Return whose output weights learn with their target's spikes, the first weights, and what each unit says."""
        n = len(beginning.established)
        return {
            "pyramidal.follows": np.full(n, float(self.outputs == "target")),
            "output.weight": np.full(n * UNITS, self.weight),
            "readout.question": np.arange(UNITS) // 2,
            "readout.answers_yes": 1.0 - np.arange(UNITS) % 2,
        }


DENDRITE = """
ddendritic_potential/dt = (leak_conductance*(leak_potential - dendritic_potential)
    + g_afferent*(excitatory_reversal - dendritic_potential)
    + dendritic_inhibition*g_fast*(inhibitory_reversal - dendritic_potential)
    + dendritic_inhibition*g_slow*(leak_potential - dendritic_potential))/capacitance : volt
sensitivity : 1
"""

OUTPUT = """
count : 1
credit : 1
follows : 1
heard : 1
leader_count : 1 (linked)
"""

READOUT = """
question : integer (constant)
answers_yes : 1 (constant)
rival : 1 (linked)
evidence : 1
bias : 1
error : 1
"""

SENSITIVITY = {
    "dendrite": "sensitivity = 1/(1 + exp((sensitive_potential - dendritic_potential)/sensitive_softness))",
    "membrane": "sensitivity = 1/(1 + abs(v - firing_threshold)/membrane_softness)**2",
}
AT_A_SPIKE = "eligibility += trace_pre"
SUM_ELIGIBILITY = "eligibility += trace_pre*sensitivity_post*interval/trial"

COMPARE = """
error = (2*answers_yes - 1)*answer(t, question) - (evidence - rival) - bias
bias += bias_rate(t, question)*error
"""

HEAR = """
heard = count + follows*(1 - maturity)*(leader_count - count)
credit = 0
"""

LEARN_OUTPUT = """
credit_pre += learning(t, question_post)*weight*error_post
weight = clip(weight + delta(t, question_post)*error_post*heard_pre, 0, 1000)
"""

LEARN_AFFERENT = """
w = clip(w + arbor*credit_post*eligibility, 0, maximum_weight_post)
eligibility = 0
"""


def asked(trials: int, trial: Quantity) -> dict[str, brian2.TimedArray]:
    """Make what a protocol says of each question, nothing until a run sets it, by the names `ASKED`."""
    return {name: brian2.TimedArray(np.zeros((trials, len(QUESTIONS))), dt=trial, name=name) for name in ASKED}


def learn_task(
    pyramidal: brian2.NeuronGroup,
    afferent: brian2.Synapses,
    leaders: np.ndarray,
    eligibility: str,
    trial: Quantity,
    said: Mapping[str, brian2.TimedArray],
) -> tuple[brian2.NeuronGroup, brian2.Synapses]:
    """Make the readouts and their synapses, and let all learn at the end of each trial.

    Parameters
    ----------
    pyramidal : NeuronGroup
        With the equations of `Readout`, `Dendrite` and `Recruitment`.
    afferent : Synapses
        As made by `TaskPlasticity`.
    leaders : array of int, shape (pyramidal,)
        The target of each cell; of a target itself.
    eligibility : str
        As `TaskPlasticity.eligibility`.
    trial : Quantity, s
    said : mapping of str to TimedArray
        As made by `asked`.

    Returns
    -------
    readout : NeuronGroup
        The units.
    output : Synapses
        From every cell to every unit.
    """
    first: dict[str, Any] = {"dt": trial, "when": "before_groups"}
    pyramidal.leader_count = brian2.linked_var(pyramidal, "count", index=leaders)
    readout = brian2.NeuronGroup(UNITS, READOUT, namespace=dict(said), name="readout")
    unit = np.arange(UNITS)
    readout.rival = brian2.linked_var(readout, "evidence", index=unit ^ 1)
    output = brian2.Synapses(
        pyramidal, readout, "weight : 1", on_pre="evidence_post += weight", namespace=dict(said), name="output"
    )
    output.connect(i=np.repeat(np.arange(len(leaders)), UNITS), j=np.tile(unit, len(leaders)))
    readout.run_regularly(COMPARE, order=0, name="readout_error", **first)
    pyramidal.run_regularly(HEAR, order=0, name="pyramidal_heard", **first)
    output.run_regularly(LEARN_OUTPUT, order=1, name="output_learning", **first)
    readout.run_regularly("evidence = 0", order=2, name="readout_reset", **first)
    pyramidal.run_regularly("count = 0", order=2, name="pyramidal_reset", **first)
    if eligibility in SENSITIVITY:
        afferent.namespace = {**afferent.namespace, "interval": INTERVAL, "trial": trial}
        often: dict[str, Any] = {"dt": INTERVAL, "when": "before_groups"}
        pyramidal.run_regularly(SENSITIVITY[eligibility], order=3, name="pyramidal_sensitivity", **often)
        afferent.run_regularly(SUM_ELIGIBILITY, order=4, name="afferent_eligibility", **often)
    afferent.run_regularly(LEARN_AFFERENT, order=5, name="afferent_learning", **first)
    return readout, output
