"""Parameters of the fingertip."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np
from brian2.units import Quantity, nS

from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.relation import Relation, at_most
from cortex.mechanisms.circuit import CircuitParameters
from cortex.mechanisms.lateral_inhibition import KINDS, Kind, Normalization
from cortex.mechanisms.mechanism import Mechanism, constants
from cortex.mechanisms.poisson import TOUCH_EXCITES
from cortex.mechanisms.recruitment import Recruitment
from cortex.mechanisms.task import Dendrite, Readout, TaskPlasticity
from models.learner.tasks import TASKS


class Skin(Mechanism):
    """The strip of skin and its afferents: the fingertip, then other skin."""

    GROUP: ClassVar[str] = "afferents"
    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        TOUCH_EXCITES,
        at_most("tip", "length", ": the fingertip is a part of the strip"),
        Relation(
            ("touch_width", "number", "length"),
            lambda p: p.touch_width >= p.length / (p.number - 1) / 2,
            "touch_width is at least half the distance of two afferents, length/(number - 1)/2",
        ),
    )

    number: int = parameter(200, "Number of afferents.", bounds=(20, 2000), source="own choice", per_run=False)
    length: float = parameter(20.0, "Length of the strip, mm.", bounds=(2, 100), source="own choice", per_run=False)
    tip: float = parameter(
        10.0, "Length of the fingertip, at its beginning, mm.", bounds=(1, 100), source="own choice", per_run=False
    )
    peak_rate: Quantity = parameter(
        "60 Hz",
        "Rate of an afferent under the centre of a touch of depth 1.",
        bounds=("0 Hz", "200 Hz"),
        source="SA1 edge bursts 60 to 100 Hz (TouchSim, Saal et al. 2017, doi:10.1073/pnas.1704856114)",
    )
    background_rate: Quantity = parameter(
        "0.5 Hz",
        "Rate of an untouched afferent.",
        bounds=("0 Hz", "20 Hz"),
        source="own choice: so low that how often the skin is touched does not change what PV cells expect",
    )
    touch_width: float = parameter(
        0.8, "Standard deviation of a pressed site, mm.", bounds=(0.1, 10), source="own choice"
    )
    arbor_width: float = parameter(
        2.5,
        "Distance at which the contacts of a cell thin out, mm of skin.",
        bounds=(0.2, 100),
        source="own choice",
        per_run=False,
    )
    place_jitter: float = parameter(
        0.2, "Standard deviation of the place of a touch, mm.", bounds=(0, 5), source="own choice", constant=False
    )
    depth_jitter: float = parameter(
        0.1, "Largest deviation of the depth of a touch from 1.", bounds=(0, 1), source="own choice", constant=False
    )
    onset_jitter: Quantity = parameter(
        "100 ms", "Latest onset of a touch in a trial.", bounds=("0 ms", "150 ms"), source="own choice", constant=False
    )

    def equations(self) -> Mapping[str, str]:
        """Return where the afferents lie."""
        return {"afferents": "place : 1 (constant)\n" + constants(type(self))}


class Group(Mechanism):
    """The groups of cells."""

    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        Relation(
            ("teacher_distance", "tip"),
            lambda p: p.teacher_distance < p.tip,
            "a teacher is another group of the tip: teacher_distance is below tip",
        ),
    )

    tip: int = parameter(6, "Groups on the fingertip.", bounds=(1, 50), source="own choice", per_run=False)
    other: int = parameter(6, "Groups on the other skin.", bounds=(1, 50), source="own choice", per_run=False)
    copies: int = parameter(
        3,
        "Size K of a group, the target included: 3 is one target and two idle cells that become its copies.",
        bounds=(2, 20),
        source="own choice",
        per_run=False,
    )
    pv_cells: int = parameter(5, "PV cells of a group.", bounds=(1, 50), source="own choice", per_run=False)
    expansion: Literal["copying", "none", "independent"] = parameter(
        "copying",
        "How a group grows: by copying, not at all, or of cells that differ from the beginning.",
        source="all but the first are conditions",
    )
    teacher_distance: int = parameter(
        0,
        "How many groups on the teacher of an idle cell of the tip is; 0 for its own target.",
        bounds=(0, 49),
        source="others are null models",
        per_run=False,
    )
    shared_noise: bool = parameter(
        False, "Whether the cells of a group have one noise in common.", source="on is a null model", constant=False
    )

    def equations(self) -> Mapping[str, str]:
        """Return the noise of the target."""
        return {"pyramidal": "common_noise : amp (linked)\nnoise_sharing : 1 (shared, constant)"}

    def values(self) -> dict[str, float]:
        """Return whether the noise is shared."""
        return {"pyramidal.noise_sharing": float(self.shared_noise)}


class Inhibition(Normalization):
    """The hold on the total activity of a group, and its release; all of the inhibition can be closed in a test."""

    GATES: ClassVar[Mapping[str, str]] = {
        **Normalization.GATES,
        "no_competition": "the fast competition does not act; only in a test",
    }

    def effect(self) -> Kind:
        """Return what a PV spike does to a pyramidal cell, its competition only while that is not closed."""
        kind = KINDS[self.kind]
        gated = kind.on_pre.replace("competition_pre", "competition_pre*(1 - no_competition(t))")
        return replace(kind, on_pre=gated)


class Training(Parameters):
    """Numbers of trials of the phases, and what happens in them."""

    settle: int = parameter(300, "The targets settle.", bounds=(1, 100000), per_run=False)
    old: int = parameter(1000, "Learning the old task.", bounds=(1, 100000), per_run=False)
    copying: int = parameter(500, "Idle cells copy.", bounds=(1, 100000), per_run=False)
    tune: int = parameter(150, "The hold adapts, the weights rest.", bounds=(1, 100000), per_run=False)
    new: int = parameter(900, "Learning the new task under the hold.", bounds=(1, 100000), per_run=False)
    release: int = parameter(1000, "Learning it after release, four times as many.", bounds=(1, 100000), per_run=False)
    repeats: int = parameter(40, "Presentations of each kind of touch in a test.", bounds=(3, 1000), per_run=False)
    probes: int = parameter(6, "Presentations of each place in a map.", bounds=(1, 100), per_run=False)
    use_before: float = parameter(0.5, "Fraction of trials with a touch of the tip before training.", bounds=(0, 1))
    use_other: float = parameter(0.5, "Fraction of trials with a touch of other skin.", bounds=(0, 1))
    task: str = parameter("edge", "The new task.", source="models/learner/tasks.py", choices=TASKS)
    old_rate: float = parameter(
        0.0002, "Learning rate of the output weights for the old task.", bounds=(0, 10), source="own choice"
    )
    new_rate: float = parameter(
        0.0015,
        "Learning rate of the output weights for the new task.",
        bounds=(0, 10),
        source="own choice: stable in all animals",
    )
    bias_rate: float = parameter(0.01, "Learning rate of the biases.", bounds=(0, 10), source="own choice")
    afferent_rate: float = parameter(
        0.0, "Learning rate of the afferent weights for the new task.", bounds=(0, 100), source="0: the readout learns"
    )
    practice: bool = parameter(
        False, "Whether the old task is practised while cells copy, so that its readout goes on learning."
    )
    shuffled_answers: bool = parameter(
        False, "Whether the answers of the new task are drawn at random in each trial.", source="on is a null model"
    )
    releases: Literal["coupling", "hold", "both"] = parameter(
        "coupling",
        "What release withdraws: the coupling, the hold still adapting; the hold, cells still coupled; or both.",
        source="all but the first are conditions",
    )
    release_early: bool = parameter(False, "Whether release comes before the new task.", source="on is a condition")
    plastic_after_release: bool = parameter(
        True, "Whether afferent synapses learn after release.", source="off is a null model"
    )


class FingertipParameters(CircuitParameters):
    """Parameters of the fingertip."""

    copying: TaskPlasticity = TaskPlasticity(weight_conductance=0.7 * nS, learning_rate=0.01)
    recruitment: Recruitment = Recruitment(teacher_conductance=30 * nS, use_threshold=1.5)
    normalization: Inhibition = Inhibition(competition=4 * nS)
    dendrite: Dendrite = Dendrite()
    readout: Readout = Readout()
    group: Group = Group()
    skin: Skin = Skin()
    training: Training = Training()

    @property
    def groups(self) -> int:
        """Number of groups."""
        return self.group.tip + self.group.other

    @property
    def cells(self) -> int:
        """Number of pyramidal cells."""
        return self.groups * self.group.copies

    @property
    def tip_cells(self) -> int:
        """Number of pyramidal cells on the fingertip, which come first."""
        return self.group.tip * self.group.copies

    @property
    def pool_reach(self) -> int:
        """How many groups on either side the PV cells of a group reach."""
        return 0

    @property
    def places_of_site(self) -> int:
        """Number of places in which a site can be pressed."""
        return 1

    @property
    def leaders(self) -> np.ndarray:
        """The target of each cell's group, shape (cell,)."""
        return np.arange(self.cells) // self.group.copies * self.group.copies

    @property
    def parents(self) -> np.ndarray:
        """The cell that each idle cell is to copy, shape (cell,); of a target itself."""
        return self.leaders
