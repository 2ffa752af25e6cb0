"""Parameters of the solutions of a network that learns from another one, its teacher."""

from typing import ClassVar

from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.relation import Relation

SPARE = 2
"""Spare cells with which solutions are to be found more often than without."""


class Teacher(Parameters):
    """Teachers, of tanh cells with two inputs and a bias, and the stimuli that they answer."""

    size: float = parameter(
        2.0,
        "Length of the input weights of a cell.",
        bounds=(0.5, 10),
        source="own choice: cells differ from each other",
    )
    stimuli: int = parameter(200, "Number of stimuli.", bounds=(50, 10_000), source="own choice")


class Count(Parameters):
    """Small networks whose solutions are all enumerated."""

    teacher: int = parameter(3, "Largest number of a teacher's cells.", bounds=(1, 4), source="own choice")
    width: int = parameter(5, "Largest number of a network's cells.", bounds=(1, 6), source="own choice")


class Path(Parameters):
    """Two solutions that differ in the order of two cells, and ways from one to the other."""

    teacher: int = parameter(4, "Number of a teacher's cells.", bounds=(2, 50), source="own choice")
    draws: int = parameter(50, "Number of teachers.", bounds=(2, 10_000), source="own choice")
    points: int = parameter(41, "Points of each straight piece.", bounds=(3, 1001), source="own choice")
    spare: bool = parameter(True, "Whether there is a spare cell to go round the barrier.", source="the claim")


class Search(Parameters):
    """Networks of several widths that learn the answers of one teacher, from many starts."""

    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        Relation(
            ("widths",), lambda p: list(p.widths) == sorted(set(p.widths)), "widths rise, and none stands there twice"
        ),
        Relation(
            ("widths", "teacher"),
            lambda p: {p.teacher - 1, p.teacher, p.teacher + SPARE} <= set(p.widths),
            f"among the widths are teacher - 1, teacher, and teacher + {SPARE}",
        ),
    )

    teacher: int = parameter(5, "Number of the teacher's cells.", bounds=(2, 50), source="own choice")
    redundant: bool = parameter(False, "Whether one of them is a copy of another, and not needed.", source="the claim")
    widths: tuple[int, ...] = parameter(
        (4, 5, 7, 10, 15), "Numbers of a network's cells.", bounds=(1, 200), source="own choice"
    )
    starts: int = parameter(20, "Number of starts.", bounds=(2, 1000), source="own choice")
    iterations: int = parameter(1500, "Most iterations of L-BFGS.", bounds=(10, 1_000_000), source="own choice")
    updates: int = parameter(60_000, "Updates of stochastic descent.", bounds=(10, 10_000_000), source="own choice")
    batch: int = parameter(20, "Stimuli of an update.", bounds=(1, 10_000), source="own choice")
    rate: float = parameter(0.05, "Its learning rate; momentum 0.9.", bounds=(1e-6, 10), source="own choice")
    steps: int = parameter(
        6000,
        "Steps of the random walk: as many stimuli are answered as in descent.",
        bounds=(10, 10_000_000),
        source="own choice",
    )
    directed: bool = parameter(True, "Whether it takes only steps that lessen the loss.", source="the claim")


class LandscapeParameters(Parameters):
    """Solutions that are counted, joined, and looked for."""

    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        Relation(
            ("count.teacher", "count.width"),
            lambda p: p.count.teacher < p.count.width,
            "the widest network that is counted has more cells than its teacher: count.width above count.teacher",
        ),
        Relation(
            ("search.batch", "teacher.stimuli"),
            lambda p: p.search.batch <= p.teacher.stimuli,
            "a batch is at most all stimuli",
        ),
    )

    teacher: Teacher = Teacher()
    count: Count = Count()
    path: Path = Path()
    search: Search = Search()
