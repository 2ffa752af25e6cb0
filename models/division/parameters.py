"""Parameters of cells that are split."""

from typing import ClassVar

from brian2.units import Quantity, ms

from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.relation import Relation
from cortex.mechanisms.mechanism import Mechanism
from models.pair.parameters import PairParameters


class Cells(Parameters):
    """Cells whose output is a function of the weighted sum of their inputs."""

    inputs: int = parameter(
        20,
        "Number of synapses of a cell.",
        bounds=(2, 1000),
        source="own choice",
    )
    draws: int = parameter(
        50, "Number of cells of each kind, of random weights.", bounds=(1, 1000), source="own choice"
    )
    stimuli: int = parameter(
        100, "Number of random inputs that each of them is shown.", bounds=(10, 10_000), source="own choice"
    )
    size: float = parameter(
        3.0, "Standard deviation of a cell's weighted sum.", bounds=(0.1, 100), source="own choice: kinds differ there"
    )
    excitatory: bool = parameter(
        False,
        "Whether all weights and inputs are positive.",
        source="own choice",
    )


class Split(Parameters):
    """How a cell is split in two."""

    share: float = parameter(
        0.3, "Share of the first part where parts are unequal.", bounds=(0.01, 0.49), source="own choice"
    )
    beyond: float = parameter(
        1.5,
        "The same where it has more than the whole, and the other less than nothing.",
        bounds=(1.01, 10),
        source="own choice",
    )
    jitter: float = parameter(
        0.0,
        "Error of the copied input weights, as a share of their standard deviation.",
        bounds=(0, 1),
        source="exact copies",
    )


class Line(Parameters):
    """A small network, its output weights fitted to noisy answers, one of whose cells is split in all shares."""

    cells: int = parameter(
        5,
        "Number of hidden cells.",
        bounds=(1, 100),
        source="own choice",
    )
    points: int = parameter(
        61,
        "Number of shares, from -1 to 2.",
        bounds=(4, 1001),
        source="own choice",
    )


class Spiking(Mechanism):
    """Leaky integrate-and-fire cells under a steady drive; potentials are relative to rest, to which a spike resets."""

    GROUP: ClassVar[str] = "cells"
    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        Relation(
            ("weak", "firing_threshold"),
            lambda p: bool(p.weak > p.firing_threshold),
            "the whole cell fires: weak lies above firing_threshold",
        ),
        Relation(
            ("strong", "firing_threshold"),
            lambda p: bool(p.strong > 2 * p.firing_threshold),
            "half of it fires a cell too: strong lies above twice firing_threshold",
        ),
    )

    time_constant: Quantity = parameter(
        "20 ms", "Time constant of the membrane.", bounds=("1 ms", "200 ms"), source="own choice, as in textbooks"
    )
    firing_threshold: Quantity = parameter(
        "15 mV",
        "Firing threshold.",
        bounds=("1 mV", "100 mV"),
        source="own choice, as in textbooks",
        constant=False,
    )
    refractory_period: Quantity = parameter(
        "2 ms",
        "Refractory period.",
        bounds=("0.5 ms", "20 ms"),
        source="own choice, as in textbooks",
    )
    weak: Quantity = parameter(
        "30 mV",
        "A steady drive of which a half does not fire a cell.",
        bounds=("1 mV", "1 V"),
        source="own choice, as in textbooks",
        constant=False,
    )
    strong: Quantity = parameter(
        "60 mV",
        "A steady drive of which a half does.",
        bounds=("1 mV", "1 V"),
        source="own choice, as in textbooks",
        constant=False,
    )
    gain: Quantity = parameter(
        "10 mV",
        "Steady drive for a weighted sum of 1.",
        bounds=("0.1 mV", "1 V"),
        source="own choice",
        constant=False,
    )
    draws: int = parameter(
        10, "Number of cells, the first of those that are drawn.", bounds=(1, 1000), source="own choice"
    )
    stimuli: int = parameter(
        10,
        "Number of stimuli, the first ones.",
        bounds=(1, 10_000),
        source="own choice",
    )
    duration: Quantity = parameter(
        "2 s", "How long each stimulus lasts.", bounds=("0.5 s", "100 s"), source="own choice"
    )


class DivisionParameters(Parameters):
    """Cells that are split, by arithmetic and in spikes; and a pair that copies under a hold."""

    TIME_STEP: ClassVar[Quantity | None] = 0.5 * ms
    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        Relation(
            ("spiking.draws", "cells.draws"),
            lambda p: p.spiking.draws <= p.cells.draws,
            "cells that spike are among those that are drawn",
        ),
        Relation(
            ("spiking.stimuli", "cells.stimuli"),
            lambda p: p.spiking.stimuli <= p.cells.stimuli,
            "their stimuli are among those that are drawn",
        ),
        Relation(
            ("line.cells", "cells.inputs", "cells.stimuli"),
            lambda p: min(p.line.cells, p.cells.inputs) < p.cells.stimuli,
            "noisy answers are not fitted perfectly: there are more stimuli than hidden cells",
        ),
        Relation(
            ("line.cells", "cells.inputs"),
            lambda p: p.line.cells <= p.cells.inputs,
            "hidden cells are not redundant: at most as many as inputs",
        ),
    )

    cells: Cells = Cells()
    split: Split = Split()
    line: Line = Line()
    spiking: Spiking = Spiking()
    pair: PairParameters = PairParameters()
