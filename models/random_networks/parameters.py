"""Parameters of random networks that are looked through for solutions."""

from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.relation import Relation, above

OWN = "own choice"
THEORY = "own choice, as in the table of theory"


def rising(name: str, fewest: int = 1) -> Relation:
    """Return the relation that the values of a parameter rise and are at least so many."""
    return Relation(
        (name,),
        lambda p: list(p.get(name)) == sorted(set(p.get(name))) and len(p.get(name)) >= fewest,
        f"{name} are at least {fewest}, rise, and none stands there twice",
    )


class Separation(Parameters):
    """Random networks without biases that give two inputs answers of different sign."""

    RELATIONS = (rising("widths", 3),)

    widths: tuple[int, ...] = parameter(
        (1, 2, 3, 4, 6, 8, 16, 64, 256), "Cells of each hidden layer.", bounds=(1, 2000), source=THEORY
    )
    deepest: int = parameter(8, "Most hidden layers.", bounds=(2, 30), source=THEORY)
    correlation: float = parameter(-0.5, "Correlation of the two inputs.", bounds=(-1, 0.99), source=THEORY)
    rectified: bool = parameter(True, "Whether cells are rectified (ReLU), not linear.", source=THEORY)
    draws: int = parameter(20_000, "Networks of each width.", bounds=(10, 10_000_000), source=OWN)


class Dichotomies(Parameters):
    """Labels that infinitely wide random networks give to a few points."""

    RELATIONS = (above("deep", "shallow", ", or depth adds nothing"),)

    points: int = parameter(6, "Points that are labelled.", bounds=(2, 8), source=THEORY)
    inputs: int = parameter(3, "Inputs; points lie on the sphere.", bounds=(2, 100), source=OWN)
    shallow: int = parameter(1, "Hidden layers of the shallow networks.", bounds=(1, 30), source=THEORY)
    deep: int = parameter(4, "Hidden layers of the deep ones.", bounds=(2, 31), source=THEORY)
    rectified: bool = parameter(True, "Whether cells are rectified (ReLU), not linear.", source=THEORY)
    sets: int = parameter(10, "Sets of points.", bounds=(1, 1000), source=OWN)
    draws: int = parameter(200_000, "Networks for each set.", bounds=(100, 10_000_000), source=OWN)


class Volume(Parameters):
    """Networks of one input and one hidden layer of tanh cells, whose target is zero everywhere."""

    RELATIONS = (
        rising("widths", 2),
        above("large", "small", ", or there is no slope between them"),
    )

    widths: tuple[int, ...] = parameter((1, 2, 4, 9), "Hidden cells.", bounds=(1, 30), source=THEORY)
    small: float = parameter(3e-6, "Squared error below which a network counts; the smaller one.", bounds=(1e-12, 1))
    large: float = parameter(3e-5, "The larger one, up to which the slope is taken.", bounds=(1e-12, 1))
    draws: int = parameter(2_000_000, "Networks of each width.", bounds=(100, 100_000_000), source=OWN)


class DensityParameters(Parameters):
    """Random networks looked through, and solutions counted."""

    RELATIONS = (above("largest", "cells", ", or nothing is added"),)

    separation: Separation = Separation()
    dichotomies: Dichotomies = Dichotomies()
    volume: Volume = Volume()
    cells: int = parameter(10, "Least hidden cells that a target needs, r.", bounds=(1, 30), source="r = 10 in theory")
    largest: int = parameter(40, "Most hidden cells for which solutions are counted.", bounds=(2, 100), source=THEORY)
