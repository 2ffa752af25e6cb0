"""Parameters of the learner."""

from typing import ClassVar, Literal

import numpy as np
from brian2.units import Quantity, ms

from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.relation import Relation
from cortex.mechanisms.gain_cells import GainCell
from cortex.mechanisms.group_gain import Hold
from cortex.mechanisms.poisson import TOUCH_EXCITES
from cortex.mechanisms.three_factor import Learning
from models.learner.tasks import TASKS

DT = 1 * ms
"""Time step of the learner."""


class Skin(Parameters):
    """A fingertip and its afferents."""

    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        TOUCH_EXCITES,
        Relation(
            ("touch_width", "number", "length"),
            lambda p: p.touch_width >= p.length / (p.number - 1) / 2,
            "touch_width is at least half the distance of two afferents, length/(number - 1)/2",
        ),
        Relation(
            ("touch_width", "length"),
            lambda p: p.touch_width <= p.length,
            "touches at different places feel alike unless touch_width is at most length",
        ),
    )

    number: int = parameter(200, "Number of afferents.", bounds=(10, 1000), source="own choice", per_run=False)
    length: float = parameter(10.0, "Length of the fingertip, mm.", bounds=(1, 100), source="own choice")
    touch_width: float = parameter(1.0, "Standard deviation of a touch, mm.", bounds=(0.1, 10), source="own choice")
    peak_rate: Quantity = parameter(
        "80 Hz",
        "Rate of an afferent under the centre of a touch.",
        bounds=("0 Hz", "200 Hz"),
        source="SA1 edge bursts 60 to 100 Hz (TouchSim, Saal et al. 2017, doi:10.1073/pnas.1704856114)",
    )
    background_rate: Quantity = parameter(
        "2 Hz", "Rate of an untouched afferent.", bounds=("0 Hz", "20 Hz"), source="own choice"
    )


class Group(Parameters):
    """The groups of cells."""

    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        Relation(
            ("teacher", "targets"),
            lambda p: p.teacher == "target" or p.targets > 1,
            "the target of another group teaches only where there is one: targets is at least 2",
        ),
    )

    targets: int = parameter(
        2,
        "Number of groups.",
        bounds=(1, 20),
        source="one that excites the readout and one that inhibits it",
        per_run=False,
    )
    copies: int = parameter(
        3,
        "Size K of a group, the target included: 3 is one target and two idle cells that become its copies.",
        bounds=(2, 20),
        source="own choice",
        per_run=False,
    )
    expansion: Literal["hebbian", "cloned", "none", "independent"] = parameter(
        "hebbian",
        "How a group grows: by copying, by weights set equal, not at all, or of cells that differ from the beginning.",
        source="all but the first are conditions",
    )
    teacher: Literal["target", "shuffled"] = parameter(
        "target", "Whom idle cells copy: their target, or that of the next group.", source="shuffled is a condition"
    )
    field_width: float = parameter(
        2.5, "Width of the target's receptive fields at the beginning, mm.", bounds=(0.1, 20), source="own choice"
    )
    weight: float = parameter(
        0.2, "Largest weight of a target at the beginning.", bounds=(0, 10), source="own choice: 50 Hz under a touch"
    )
    readout_weight: float = parameter(
        0.25, "Size of a readout weight at the beginning, of alternating sign.", bounds=(0, 10), source="own choice"
    )
    output_split: bool = parameter(
        False,
        "Whether each cell of a group passes on 1/K of its output, instead of being inhibited.",
        source="a condition",
    )
    thinning: bool = parameter(
        False,
        "Whether the readout misses all but 1 of K spikes, at random, from the time of copying on.",
        source="a condition",
    )


class Training(Parameters):
    """Numbers of trials of the phases."""

    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        Relation(("old",), lambda p: p.old >= 4, "a quarter as many trials calibrate the hold: old is at least 4"),
    )

    old: int = parameter(800, "Learning the old task.", bounds=(1, 100000), per_run=False)
    repeats: int = parameter(24, "Presentations of each touch in a test.", bounds=(2, 1000), per_run=False)
    currents: int = parameter(4, "Repeats of the f-I curve.", bounds=(1, 100), per_run=False)
    copying: int = parameter(1000, "Copying.", bounds=(1, 100000), per_run=False)
    new: int = parameter(800, "Learning the new task.", bounds=(2, 100000), per_run=False)
    released_at: float = parameter(
        1.0, "When the hold is released, as a share of learning the new task; 1 is never.", bounds=(0, 1)
    )
    release_before_copying: bool = parameter(
        False, "Whether the hold is released already half-way through copying.", source="on is a condition"
    )
    task: str = parameter(
        "location", "The new discrimination.", source="models/learner/tasks.py", per_run=False, choices=TASKS
    )
    shuffled_answers: bool = parameter(
        False, "Whether the answers of the new task are drawn at random in each trial.", source="on is a control"
    )


class LearnerParameters(Parameters):
    """Parameters of the learner."""

    TIME_STEP: ClassVar[Quantity | None] = DT

    cell: GainCell = GainCell()
    group: Group = Group()
    hold: Hold = Hold()
    learning: Learning = Learning()
    skin: Skin = Skin()
    training: Training = Training()

    @property
    def cells(self) -> int:
        """Number of pyramidal cells."""
        return self.group.targets * self.group.copies

    @property
    def groups(self) -> np.ndarray:
        """Group of each cell; independent cells are groups of their own."""
        return np.arange(self.cells) // (1 if self.group.expansion == "independent" else self.group.copies)
