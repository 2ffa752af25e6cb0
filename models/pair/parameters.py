"""Parameters of the pair."""

from collections.abc import Mapping
from typing import ClassVar

from brian2.units import Quantity

from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.relation import Relation
from cortex.mechanisms.circuit import CircuitParameters
from cortex.mechanisms.mechanism import Mechanism, constants
from cortex.mechanisms.poisson import TOUCH_EXCITES


def wide_enough(width: str) -> Relation:
    """Return the relation that what has a width on the skin does not fall between two afferents."""
    return Relation(
        (width, "number", "length"),
        lambda p: bool(p.get(width) >= p.length / (p.number - 1) / 2),
        f"{width} is at least half the distance of two afferents, length/(number - 1)/2",
    )


class Skin(Mechanism):
    """The strip of skin and its afferents."""

    GROUP: ClassVar[str] = "afferents"
    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        TOUCH_EXCITES,
        Relation(
            ("stimulated", "length"),
            lambda p: p.stimulated <= p.length / 2,
            "bumps lie on the strip: stimulated is at most half of length",
        ),
        wide_enough("bump_width"),
        wide_enough("arbor_width"),
    )

    number: int = parameter(100, "Number of afferents.", bounds=(10, 1000), source="own choice", per_run=False)
    length: float = parameter(
        10.0, "Length of the strip, mm.", bounds=(1, 100), source="one fingertip and its margin", constant=False
    )
    peak_rate: Quantity = parameter(
        "60 Hz",
        "Rate of an afferent under the centre of a bump.",
        bounds=("0 Hz", "200 Hz"),
        source="SA1 edge bursts 60 to 100 Hz (TouchSim, Saal et al. 2017, doi:10.1073/pnas.1704856114)",
    )
    background_rate: Quantity = parameter(
        "2 Hz", "Rate of an untouched afferent.", bounds=("0 Hz", "20 Hz"), source="own choice"
    )
    bump_width: float = parameter(0.7, "Standard deviation of a bump, mm.", bounds=(0.1, 10), source="own choice")
    arbor_width: float = parameter(
        2.5,
        "Distance at which the contacts of a cell thin out, mm of skin.",
        bounds=(0.2, 100),
        source="own choice",
        constant=False,
    )
    stimulated: float = parameter(
        3.0,
        "Bumps in training lie within this distance from the middle, mm.",
        bounds=(0.1, 50),
        source="own choice",
        constant=False,
    )

    def equations(self) -> Mapping[str, str]:
        """Return where the afferents lie."""
        return {"afferents": "place : 1 (constant)\n" + constants(type(self))}


class Training(Parameters):
    """Length and use of the phases."""

    settle: Quantity = parameter("150 s", "The target settles.", bounds=("1 s", "10000 s"), per_run=False)
    calibrate: Quantity = parameter("90 s", "Set points are learned.", bounds=("1 s", "10000 s"), per_run=False)
    copy_time: Quantity = parameter("150 s", "Idle cells copy.", bounds=("1 s", "10000 s"), per_run=False)
    hold: Quantity = parameter("150 s", "Learning under the hold.", bounds=("1 s", "10000 s"), per_run=False)
    tune: Quantity = parameter("60 s", "The hold adapts, the weights rest.", bounds=("1 s", "10000 s"), per_run=False)
    silence: Quantity = parameter("150 s", "One member is silenced.", bounds=("1 s", "10000 s"), per_run=False)
    release: Quantity = parameter("450 s", "After release.", bounds=("1 s", "10000 s"), per_run=False)
    use_before: float = parameter(0.4, "Fraction of slots with a bump before training.", bounds=(0, 1))
    use: float = parameter(1.0, "Fraction of slots with a bump from training on.", bounds=(0, 1))
    touches_as_probes: bool = parameter(
        False,
        "Whether touches of training last as long as those of probes, with the same pause after each.",
        source="on is a condition",
        later=True,
    )
    probes: int = parameter(13, "Number of probed positions.", bounds=(3, 100), per_run=False)
    repeats: int = parameter(12, "Presentations of each probe.", bounds=(1, 100), per_run=False)


class PairParameters(CircuitParameters):
    """Parameters of the pair model."""

    copies: int = parameter(
        2,
        "Size K of the group, the target included: 3 is one target and two idle cells that become its copies.",
        bounds=(2, 20),
        source="own choice",
        per_run=False,
    )
    pv_cells: int = parameter(10, "Number of PV cells.", bounds=(1, 200), source="own choice", per_run=False)
    skin: Skin = Skin()
    training: Training = Training()
