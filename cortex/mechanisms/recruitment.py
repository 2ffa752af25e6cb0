"""Recruitment: an idle cell finds a busy target and is taught by it.

Every established cell reaches the idle cells around it. It teaches only while its afferent drive is above its
own long-term set point (use); idle cells teach nobody. Of all cells that reach it an idle cell keeps those that
fire with it: at each of its spikes the affinities of its inputs follow the replicator equation
``affinity += rate*affinity*(trace_pre - received)``, where `received`, the trace of the teacher input weighted by
affinity, is at hand in the cell. The sum of affinities stays nearly what it was, and the input that fires most reliably
before the cell wins (Hofbauer & Sigmund 1998, "Evolutionary games and population dynamics", ch. 7).

Maturity counts how far Hebbian learning has come: the weights relax by ``learning_rate*decay`` at each spike,
maturity does the same towards 1. The strong teacher input to an immature cell gives way, as it matures, to the
weaker coupling of target and copy. The coupling makes them fire together, hence learn the same: it ties the
copies, and release withdraws it. Coupled networks of this kind were seen while a map is expanded: the probability
of pyramidal-pyramidal connections rises threefold (Albieri et al. 2015, PMC4537443).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import brian2
import numpy as np
from brian2.units import Quantity, ms, second

from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.registry import Registry
from cortex.mechanisms.mechanism import Groups, Mechanism, constants

if TYPE_CHECKING:
    from cortex.mechanisms.wiring import Beginning

REACH = "reach = coupling(t)*affinity*(1 - established_post)"
"""How far an established cell reaches an idle one; an established one not at all."""

TEACH = f"""
{REACH}
g_lateral_post += reach*recruiting_pre*(1 - maturity_post)*teacher_conductance_post
g_lateral_post += reach*established_pre*maturity_post*coupling_conductance_post
received_post += affinity*recruiting_pre
"""

SELECT = """
advantage = recruiting_pre*trace_pre - received_post
affinity = clip(affinity*(1 + plasticity(t)*selection_rate_post*(1 - maturity_post)*advantage), 0, 1)
"""

DELAY = 1 * ms


@dataclass(frozen=True)
class Teacher:
    """How a target teaches the idle cells that it reaches.

    Attributes
    ----------
    on_pre, on_post : str
        Statements at each spike of the target and of the cell that it teaches.
    delays : tuple of two Quantity, s, optional
        The range from which each synapse has a delay of its own; without it all have `DELAY`.
    """

    on_pre: str = TEACH
    on_post: str = SELECT
    delays: tuple[Quantity, Quantity] | None = None


TEACHERS: Registry[Teacher] = Registry(
    "teacher", {"target": Teacher(), "shuffled": Teacher(delays=(500 * ms, 1500 * ms))}
)
"""A user's own file adds one by ``TEACHERS.register("mine", Teacher(...))``."""


class Recruitment(Mechanism):
    """How idle cells find and follow a target."""

    GATES: ClassVar[Mapping[str, str]] = {
        "calibration": "the set point of each cell follows its drive",
        "coupling": "target cells drive their idle neighbours and their copies",
        "plasticity": "idle cells mature and select among their teachers",
    }

    teacher: str = parameter(
        "target",
        "Who teaches: the target, or its spikes delayed until they no longer fit the stimulus (null model).",
        source="null model",
        per_run=False,
        choices=TEACHERS,
    )
    teacher_conductance: Quantity = parameter(
        "12 nS",
        "Peak conductance from a target to an immature cell.",
        bounds=("0 nS", "100 nS"),
        source="own choice: fires an idle cell within a few ms",
    )
    coupling_conductance: Quantity = parameter(
        "7 nS",
        "Peak conductance from a target to its mature copy.",
        bounds=("0 nS", "100 nS"),
        source="own choice",
    )
    selection_rate: float = parameter(
        0.02, "Speed at which an idle cell selects among its teachers, per spike.", bounds=(0, 1), source="own choice"
    )
    use_threshold: float = parameter(
        2.0,
        "Afferent drive, relative to its set point, above which a cell recruits.",
        bounds=(0, 100),
        source="own choice",
    )
    use_time_constant: Quantity = parameter(
        "15 s", "Time constant of the recent afferent drive.", bounds=("0.1 s", "1000 s"), source="own choice"
    )
    set_point_time_constant: Quantity = parameter(
        "30 s",
        "Time constant with which the set point follows the drive while it is calibrated.",
        bounds=("1 s", "10000 s"),
        source="own choice, compressed",
    )

    def equations(self) -> Mapping[str, str]:
        """Return use, recruitment and maturity of the cells."""
        return {"pyramidal": USE + constants(type(self))}

    def reset(self) -> Mapping[str, str]:
        """Let a cell mature at each of its spikes."""
        return {"pyramidal": MATURATION}

    def connect(self, groups: Groups) -> list[brian2.Synapses]:
        """Make the synapses by which established cells reach idle ones."""
        return [lateral_synapses(groups["pyramidal"], self.teaching())]

    def teaching(self) -> Teacher:
        """Return how a target teaches."""
        return TEACHERS[self.teacher]

    def begin(self, p: Parameters, beginning: Beginning) -> dict[str, Any]:
        """Return which cells are idle, and the affinities of those that touch an idle cell."""
        established = beginning.established
        source, target = beginning.wiring.lateral
        teaching = established[source] & ~established[target]
        teachers = np.bincount(target, weights=teaching, minlength=len(established))
        values: dict[str, Any] = {
            "pyramidal.established": established.astype(float),
            "pyramidal.maturity": established.astype(float),
            "lateral.affinity": teaching / np.maximum(teachers, 1)[target],
        }
        if delays := TEACHERS[self.teacher].delays:
            low, high = (float(delay) for delay in delays)
            values["lateral.delay"] = beginning.rng.uniform(low, high, len(source)) * second
        return values


USE = """
ddrive/dt = (g_afferent - drive)/use_time_constant : siemens
dset_point/dt = calibration(t)*(drive - set_point)/set_point_time_constant : siemens
recruiting = established*int(drive > use_threshold*set_point) : 1
dreceived/dt = -received/trace_time_constant : 1
maturity : 1
established : 1 (constant)
"""

MATURATION = "maturity += plasticity(t)*learning_rate*decay*(1 - maturity)"


def lateral_synapses(pyramidal: brian2.NeuronGroup, teacher: Teacher, name: str = "lateral") -> brian2.Synapses:
    """Make the synapses by which established cells reach idle ones, not yet connected.

    Parameters
    ----------
    pyramidal : NeuronGroup
        With the equations of `Recruitment`.
    teacher : Teacher

    Returns
    -------
    synapses : Synapses
        With `affinity`, 0 to 1; the affinities onto one idle cell sum to 1.
    """
    delays = {} if teacher.delays else {"pre": DELAY}
    if teacher.on_post:
        delays["post"] = 0 * ms  # one for all synapses, which takes no memory
    return brian2.Synapses(
        pyramidal,
        pyramidal,
        "affinity : 1",
        on_pre=teacher.on_pre,
        on_post=teacher.on_post,
        delay=delays,
        namespace=pyramidal.namespace,
        name=name,
    )
