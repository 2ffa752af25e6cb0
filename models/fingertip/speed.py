"""The fingertip that learns a new task by one rule, from the same state at any rate: how fast does it learn?

Targets settle and learn the old task, idle cells copy under the hold, and then only one thing learns, the readout or
the afferent synapses; Hebbian plasticity rests. Before it learns, the responses to all touches are tested and, for the
afferents, measured open-loop: at several depths of the touches, with nothing that learns.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import brian2
import numpy as np
from brian2.units import nS

from cortex.engine.simulation import Model
from cortex.experiment.coordinates import Coordinates
from cortex.experiment.parameters import parameter
from cortex.experiment.protocol import Block, Protocol
from cortex.experiment.streams import Streams
from cortex.mechanisms.mechanism import Mechanism
from cortex.mechanisms.task import UNITS, TaskPlasticity
from models.fingertip import network
from models.fingertip.coordinates import coordinates as fingertip_coordinates
from models.fingertip.parameters import FingertipParameters, Training
from models.fingertip.protocol import (
    CODES,
    TRIAL,
    answered,
    before_copying,
    copying,
    coupling,
    hold,
    jittered,
    protocol,
    test,
    without_learning,
)
from models.learner.protocol import permuted_blocks
from models.learner.tasks import SITES, TASKS

DEPTHS = (0.35, 0.5, 0.7, 1.0, 1.4, 2.0)
"""Depths of touches open-loop, where those of training are about 1."""

SHOWN = 6
"""Presentations of each kind of touch at each depth."""


class Learning(Mechanism):
    """Learning of the new task."""

    rule: Literal["readout", "afferents"] = parameter(
        "readout",
        "What learns: output weights by a delta rule, or afferent weights by a three-factor rule.",
        source="own choice",
        per_run=False,
    )
    rate: float = parameter(0.001, "Learning rate.", bounds=(0, 100), source="own choice", constant=False)
    hold_adapts: bool = parameter(
        False,
        "Whether the hold goes on adapting while the new task is learned.",
        source="off: theory is of a hold that is slow; on is a condition",
        constant=False,
    )
    output: float = parameter(
        0.1,
        "Weight of a cell of the tip onto one answer, that of its group, where the afferents learn.",
        bounds=(0, 10),
        source="own choice",
        constant=False,
    )

    def equations(self) -> Mapping[str, str]:
        """Return the sum of the eligibilities of a cell's synapses in a trial."""
        return {"pyramidal": "eligible : 1"}


class SpeedParameters(FingertipParameters):
    """Parameters of the fingertip that learns by one rule; those of a release are not read."""

    copying: TaskPlasticity = TaskPlasticity(weight_conductance=0.7 * nS, learning_rate=0.01, eligibility="dendrite")
    learning: Learning = Learning()
    training: Training = Training(task="middle", new=400, repeats=20)

    @property
    def by_afferents(self) -> bool:
        """Whether the afferent weights learn, not the output weights."""
        return self.learning.rule == "afferents"

    @property
    def active(self) -> np.ndarray:
        """Which cells take part: targets, and the others of a group that grows; array of bool, (cell,)."""
        return (np.arange(self.cells) % self.group.copies == 0) | (self.group.expansion != "none")


@protocol.register
def _(p: SpeedParameters, rng: np.random.Generator | None) -> Protocol:
    learns = {"learning new" if p.by_afferents else "delta new": p.learning.rate, "bias_rate new": p.training.bias_rate}
    coupled = coupling(p)
    blocks = [
        *before_copying(p, rng),
        test(p, "test before", hold(p)),
        *copying(p, rng),
        *([open_loop(p)] if p.by_afferents else []),
        test(p, "test expanded", coupled),
        new_task(p, rng, coupled | {"hold_plasticity": float(p.learning.hold_adapts)} | learns),
        test(p, "test held", coupled),
        Block("rest", 1, {**coupled}),  # what a trial adds up is recorded at its end
    ]
    return Protocol(TRIAL, tuple(answered(p, rng, block) for block in blocks))


def open_loop(p: SpeedParameters) -> Block:
    """Show all kinds of touches at several depths, without jitter, in the same order in every run."""
    code, depth = (values.ravel() for values in np.meshgrid(CODES, DEPTHS))
    rng = np.random.default_rng(2)
    order = permuted_blocks(len(code), SHOWN * len(code), rng)
    shown = {"code": code[order], "depth": depth[order]}
    return Block("open loop", len(order), shown | without_learning(coupling(p)))


def new_task(p: SpeedParameters, rng: np.random.Generator | None, values: dict[str, float]) -> Block:
    """Show the touches that the new task asks about."""
    name, trials = "new task", p.training.new
    if rng is None:
        return Block(name, trials, {})
    codes = TASKS[p.training.task].patterns @ 2.0 ** np.arange(SITES)
    return Block(name, trials, jittered(p, rng, codes[permuted_blocks(len(codes), trials, rng)]) | values)


def build(p: SpeedParameters) -> Model:
    """Build the network of the fingertip; record errors and how eligible the synapses of each cell are in a trial."""
    model = network.build(p)
    trial_ends: dict[str, Any] = {"dt": TRIAL, "when": "before_groups"}
    late: dict[str, Any] = {"dt": TRIAL, "when": "end"}
    made = model.network
    made.add(brian2.StateMonitor(made["readout"], "error", record=np.arange(UNITS), name="errors", **late))
    if p.by_afferents:
        pyramidal, cells = made["pyramidal"], np.arange(p.cells)
        pyramidal.run_regularly("eligible = 0", order=3, name="pyramidal_forget", **trial_ends)
        made["afferent"].run_regularly("eligible_post += eligibility", order=4, name="afferent_eligible", **trial_ends)
        made.add(brian2.StateMonitor(pyramidal, "eligible", record=cells, name="eligibility", **late))
    return model


def run_inputs(p: SpeedParameters, streams: Streams) -> dict[str, Any]:
    """Return everything that one run sets; afferents learn with outputs that are given, each group for one answer."""
    values = network.run_inputs(p, streams)
    if p.by_afferents:
        weights = np.array(values["output.weight"]).reshape(p.cells, UNITS)
        weights[:, 2:] = np.stack([outputs(p) > 0, outputs(p) < 0], axis=1) * p.learning.output
        values["output.weight"] = weights.ravel()
    return values


def outputs(p: SpeedParameters) -> np.ndarray:
    """Return what each cell says to the new question where afferents learn: 1, -1 or, other skin, 0; shape (cell,)."""
    group = np.arange(p.cells) // p.group.copies
    return np.where(p.active & (group < p.group.tip), 1.0 - 2 * (group % 2), 0.0)


def coordinates(p: SpeedParameters, inputs: Mapping[str, Any]) -> Coordinates:
    """Label what is recorded of an arm."""
    known = fingertip_coordinates(p, inputs)
    meanings = {
        "errors.error": "error of the unit in the trial that ends",
        "eligibility.eligible": "eligibility, summed over the afferent synapses of the cell, in the trial that ends",
    }
    elements = {"errors": "unit", "eligibility": "pyramidal"}
    return replace(known, elements={**known.elements, **elements}, meanings={**known.meanings, **meanings})
