"""The fingertip that copies, is held, learns and is released again and again: in each cycle its cells double.

Every cell has a generation: 0 for targets, n for those that become copies in cycle n. Cells of earlier generations are
established, whether they were targets or copies; each teaches one idle cell of the generation whose turn it is, and
later generations wait. Before each cycle the skin is used as before training, and set points and expectations are
learned anew.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import brian2
import numpy as np
from brian2.units import nS

from cortex.engine.simulation import Model
from cortex.experiment.parameters import parameter
from cortex.experiment.protocol import Block, Protocol
from cortex.experiment.relation import Relation
from cortex.experiment.streams import Streams
from cortex.mechanisms.mechanism import Groups
from cortex.mechanisms.recruitment import REACH, Recruitment, Teacher
from models.fingertip import network
from models.fingertip.parameters import FingertipParameters, Group, Skin, Training
from models.fingertip.protocol import (
    TRIAL,
    after_release,
    answered,
    before_copying,
    calibrating,
    copying,
    coupling,
    hold,
    learn,
    protocol,
    rates,
    test,
)
from models.learner.tasks import TASKS

TURN = """
generation : 1 (constant)
turn_has_come = int(generation <= cycle(t)) : 1
parent_heard : 1 (linked)
"""

ESTABLISH = "established = int(generation < cycle(t))"

REACH_AGAIN = "reach = affinity*turn_has_come_post*(coupling(t) + established_post*(old_coupling(t) - coupling(t)))"
"""How far an established cell reaches the idle cell that it teaches, or its copy."""

HEAR_PARENT = "heard = count + follows*(1 - maturity)*(parent_heard - count)"
"""What the output synapses of an immature cell hear: its parent, which may be immature too."""


MORE = 3
"""Tests from which the best linear readout of many cells is found have so many times as many presentations."""


class RepeatedRecruitment(Recruitment):
    """How idle cells find and follow a cell that is established, in several cycles."""

    GATES: ClassVar[Mapping[str, str]] = {
        **Recruitment.GATES,
        "cycle": "number of the cycle: cells of earlier generations are established, those of this one can be taught",
        "old_coupling": "copies of earlier cycles are coupled too, which were never released",
    }

    def equations(self) -> Mapping[str, str]:
        """Return use, recruitment, maturity and generation of the cells."""
        written = super().equations()["pyramidal"]
        return {"pyramidal": written.replace("established : 1 (constant)", "established : 1") + TURN}

    def connect(self, groups: Groups) -> list[brian2.Synapses]:
        """Make the synapses by which established cells reach idle ones whose turn has come."""
        pyramidal = groups["pyramidal"]
        pyramidal.run_regularly(ESTABLISH, dt=TRIAL, when="before_groups", order=-1, name="pyramidal_established")
        return super().connect(groups)

    def teaching(self) -> Teacher:
        """Return how an established cell teaches those whose turn has come."""
        teacher = super().teaching()
        return replace(teacher, on_pre=teacher.on_pre.replace(REACH, REACH_AGAIN))


class DoublingGroup(Group):
    """The groups of cells, which double in each cycle."""

    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        *Group.RELATIONS,
        Relation(("copies",), lambda p: p.copies & (p.copies - 1) == 0, "a group doubles in each cycle: 2, 4, 8 or 16"),
    )


class CycleTraining(Training):
    """Numbers of trials of the phases of each cycle, and what happens in them."""

    rest: int = parameter(
        200, "Use as before training, between two cycles.", bounds=(1, 100000), source="own choice", per_run=False
    )


class CycleParameters(FingertipParameters):
    """Parameters of the fingertip that goes through several cycles, two halves of its cells being new in each."""

    recruitment: RepeatedRecruitment = RepeatedRecruitment(teacher_conductance=30 * nS, use_threshold=1.5)
    group: DoublingGroup = DoublingGroup(other=1, copies=8)
    skin: Skin = Skin(number=120, length=12.0)
    training: CycleTraining = CycleTraining()

    @property
    def cycles(self) -> int:
        """Number of cycles."""
        return self.group.copies.bit_length() - 1

    @property
    def generations(self) -> np.ndarray:
        """The cycle in which each cell becomes a copy, 0 of a target, shape (cell,)."""
        return np.array([member.bit_length() for member in range(self.group.copies)] * self.groups)

    @property
    def parents(self) -> np.ndarray:
        """The cell that each idle cell is to copy, shape (cell,); of a target itself."""
        return np.arange(self.cells) - np.where(self.generations > 0, 2 ** np.maximum(self.generations - 1, 0), 0)

    @property
    def tasks(self) -> list[str]:
        """The new task of each cycle: the first one, and those that follow in the list of tasks."""
        names = list(TASKS)
        first = names.index(self.training.task)
        return [names[(first + number) % len(names)] for number in range(self.cycles)]


@protocol.register
def _(p: CycleParameters, rng: np.random.Generator | None) -> Protocol:
    blocks = [block for number in range(1, p.cycles + 1) for block in cycle(p, rng, number)]
    return Protocol(TRIAL, (*blocks, Block("end", 1, {"cycle": p.cycles})))  # records what its last trial adds up


def cycle(p: CycleParameters, rng: np.random.Generator | None, number: int) -> list[Block]:
    """Lay out one cycle; its number stands behind the names of its phases."""
    t, asked = p.training, p.override({"training.task": p.tasks[number - 1]})
    longer = p.override({"training.repeats": MORE * t.repeats})
    ended = after_release(p)
    last = {name: float(values[-1]) for name, values in ended.items()}
    plastic: dict[str, Any] = {"plasticity": 1.0, "hold_plasticity": 1.0}
    new = {f"{name} new": rate for name, rate in rates(p).items()}
    rest = learn(p, rng, "rest", t.rest, t.use_other, t.use_before, **calibrating(p))
    blocks = [
        *(before_copying(p, rng) if number == 1 else [rest]),
        test(p, "test before", hold(p)),
        *([test(p, "test no inhibition", {"no_competition": 1.0})] if number == 1 else []),
        *copying(p, rng),
        test(p, "test expanded", coupling(p)),
        learn(p, rng, "new task", t.new, 0.0, **(plastic | coupling(p)), **new),
        test(longer, "test held", coupling(p)),
        learn(p, rng, "release", len(ended["coupling"]), 0.0, **(plastic | hold(p) | ended), **new),
        test(longer, "test after", hold(p) | last),
    ]
    turn: dict[str, Any] = {"cycle": number, "old_coupling": last["coupling"]}
    said = [answered(asked, rng, block) for block in blocks]
    return [Block(f"{block.name} {number}", block.slots, block.values | turn) for block in said]


def build(p: CycleParameters) -> Model:
    """Build the network of the fingertip; an immature cell projects as its parent does, which may be immature too."""
    model = network.build(p)
    pyramidal = model.network["pyramidal"]
    pyramidal.parent_heard = brian2.linked_var(pyramidal, "heard", index=p.parents)
    for generation in range(2, p.cycles + 1):  # each step brings what a cell hears one generation further
        name = f"pyramidal_heard_{generation}"
        pyramidal.run_regularly(HEAR_PARENT, dt=TRIAL, when="before_groups", order=0, name=name)
    return model


def run_inputs(p: CycleParameters, streams: Streams) -> dict[str, Any]:
    """Return everything that one run sets."""
    values = network.run_inputs(p, streams)
    alone = p.group.expansion == "independent"
    idle = (p.generations > 0) & (not alone)
    values["pyramidal.generation"] = np.where(idle, p.generations, 0).astype(float)
    values["lateral.affinity"] = np.full(int((p.generations > 0).sum()), float(not alone))
    return values
