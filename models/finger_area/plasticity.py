"""What is special about plasticity on the sheet: established synapses learn slowly, untaught copies are forgotten."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import brian2
import numpy as np
from brian2.units import Quantity, second

from cortex.experiment.parameters import parameter
from cortex.mechanisms.copying import RULES, Copying, afferent_synapses
from cortex.mechanisms.mechanism import Groups
from cortex.mechanisms.recruitment import Recruitment
from cortex.mechanisms.wiring import Beginning

PACE = """
pace = 1 - (1 - established_rate)*established*(1 - int(calibration(t) > 0)) : 1
dtaught/dt = (received - taught)/use_time_constant : 1
losing = plasticity(t)*(1 - established)*int(maturity > least_maturity)*int(taught < least_taught) : 1
lacking = plasticity(t)*established*int(drive < least_drive*set_point) : 1
"""

FORGETTING_INTERVAL = 1 * second
FORGET = "w *= 1 - losing_post*forgetting_interval/forgetting_time_post"
SCALE = "w *= 1 + lacking_post*int(w < maximum_weight_post)*scaling_rate_post*forgetting_interval"
UNLEARN = "maturity *= 1 - losing*forgetting_interval/forgetting_time"

LEAST_TAUGHT = 0.005
"""A copy is taught if it receives more than this of its teachers: with traces of 20 ms, a spike in 4 s."""

LEAST_MATURITY = 0.01
"""An idle cell that has not learned this much has nothing to forget, and keeps its latent contacts."""


class FingerCopying(Copying):
    """Plasticity of the afferent synapses: fast in copies, slow in established cells, and undone without a teacher."""

    established_rate: float = parameter(
        0.1,
        "Learning rate of established cells once set points are calibrated, relative to that of idle cells.",
        bounds=(0, 1),
        source="silent synapses of adults take part in Hebbian plasticity readily, mature ones hardly: Vardalaki et al."
        " 2022, doi:10.1038/s41586-022-05483-6; the factor is an own choice, by which teachers keep their weights",
    )
    forgetting_time: Quantity = parameter(
        "15 s",
        "Time constant with which a copy loses its weights and its maturity while nobody teaches it.",
        bounds=("1 s", "100000 s"),
        source="most spines that training adds are lost again, established ones stay: Yang, Pan & Gan 2009,"
        " doi:10.1038/nature08577; the time is an own choice, compressed",
    )

    scaling_rate: Quantity = parameter(
        "0.02 /s",
        "Rate at which an established cell scales its synapses up while its drive stays below `least_drive`.",
        bounds=("0 /s", "1 /s"),
        source="multiplicative synaptic scaling: Turrigiano et al. 1998, doi:10.1038/36103, in deprived adult cortex"
        " Keck et al. 2013, doi:10.1016/j.neuron.2013.08.018; the rate is an own choice, compressed",
    )
    least_drive: float = parameter(
        0.5,
        "Afferent drive, relative to its set point, below which an established cell scales its synapses up.",
        bounds=(0, 1),
        source="own choice",
    )

    def equations(self) -> Mapping[str, str]:
        """Return also how fast a cell learns, and whether it is taught."""
        added = super().equations()
        return {**added, "pyramidal": added["pyramidal"] + PACE}

    def connect(self, groups: Groups) -> list[brian2.Synapses]:
        """Make the plastic synapses, whose every change has the pace of the cell."""
        pyramidal, rule = groups["pyramidal"], RULES[self.rule]
        at_pace = {name: getattr(rule, name).replace(GATE, f"{GATE}*pace_post") for name in ("on_pre", "on_post")}
        pyramidal.namespace |= {
            "forgetting_interval": FORGETTING_INTERVAL,
            "least_taught": LEAST_TAUGHT,
            "least_maturity": LEAST_MATURITY,
        }
        made = afferent_synapses(groups["afferents"], pyramidal, replace(rule, **at_pace))
        made.run_regularly(FORGET, dt=FORGETTING_INTERVAL, order=0, name="afferent_forgetting")
        made.run_regularly(SCALE, dt=FORGETTING_INTERVAL, order=0, name="afferent_scaling")
        pyramidal.run_regularly(UNLEARN, dt=FORGETTING_INTERVAL, order=1, name="pyramidal_forgetting")
        return [made]


GATE = "plasticity(t)"
"""By which a rule multiplies each of its changes, see `Rule`."""


class FingerRecruitment(Recruitment):
    """How an idle cell finds and follows a target: among all cells that reach it, or one of them drawn by chance."""

    use_threshold: float = parameter(
        1.5,
        "Afferent drive, relative to its set point, above which a cell recruits.",
        bounds=(0, 100),
        source="own choice: in normal use the drive varies by 10 to 15 % (SD), bouts on the disc raise it 1.3 to 2.5"
        " times",
    )

    teachers: Literal["all", "one"] = parameter(
        "all",
        "Who teaches an idle cell at the beginning: all established cells that reach it, or one of them.",
        source="one is a null model",
        constant=False,
    )

    def begin(self, p: Any, beginning: Beginning) -> dict[str, Any]:
        """Return what recruitment begins with, the affinity of one teacher or equal ones of all."""
        drawn = beginning.rng.random(len(beginning.wiring.lateral[0])) if self.teachers == "one" else None
        values = super().begin(p, beginning)
        if drawn is not None:
            values["lateral.affinity"] = only_one(values["lateral.affinity"], beginning.wiring.lateral[1], drawn)
        return values


def only_one(affinity: np.ndarray, target: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Give each cell one of its teachers, the one for which the largest number was drawn, shape (contact,)."""
    drawn = drawn * (affinity > 0)
    largest = np.zeros(target.max(initial=0) + 1)
    np.maximum.at(largest, target, drawn)
    return ((drawn > 0) & (drawn == largest[target])).astype(float)
