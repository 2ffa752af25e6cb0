"""Parameters of least squares on some of the features."""

from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.relation import Relation

SINGULAR = 1
"""Widths as near as this to the number of samples have no finite expected error, unless a ridge limits it."""


def below(p: "RegressionParameters") -> list[int]:
    """Return the widths below the number of samples at which least squares has a finite expected error."""
    return [width for width in p.widths if width < p.samples - SINGULAR]


def above(p: "RegressionParameters") -> list[int]:
    """Return the widths above it."""
    return [width for width in p.widths if width > p.samples + SINGULAR]


def is_finite(p: "RegressionParameters") -> bool:
    """Return whether every width has a finite expected error: the optimal ridge is 0 where nothing is unexplained."""
    limited = p.ridge and (p.noise > 0 or not p.well_specified)
    return limited or len(below(p)) + len(above(p)) == len(p.widths)


class RegressionParameters(Parameters):
    """Samples of `y = x·β + noise`, where x is white and |β| = 1, and what is fitted to them."""

    RELATIONS = (
        Relation(
            ("widths",), lambda p: list(p.widths) == sorted(set(p.widths)), "widths rise, and none stands there twice"
        ),
        Relation(
            ("widths", "samples"),
            lambda p: bool(below(p) and above(p)),
            "a curve has widths on both sides: below samples - 1 and above samples + 1",
        ),
        Relation(
            ("widths", "samples", "ridge"),
            is_finite,
            "the expected error is infinite from samples - 1 to samples + 1: leave these widths out, or take ridge=true"
            " with noise above 0",
        ),
        Relation(
            ("widths", "features"),
            lambda p: p.well_specified or max(p.widths, default=0) <= p.features,
            "at most all features are fitted, unless well_specified=true",
        ),
    )

    samples: int = parameter(40, "Number n of samples.", bounds=(4, 1000), source="arXiv:1903.07571, figure")
    features: int = parameter(60, "Number D of features that answers depend on.", bounds=(1, 2000), source="own choice")
    widths: tuple[int, ...] = parameter(
        (1, 2, 4, 6, 9, 12, 16, 20, 25, 30, 33, 35, 36, 38, 42, 44, 45, 47, 50, 55, 60),
        "Numbers p of features that are fitted, the first p of all.",
        bounds=(1, 2000),
        source="own choice",
    )
    decay: float = parameter(
        0.5, "How fast features lose weight: β_j² is in proportion to j^-decay.", bounds=(0, 10), source="own choice"
    )
    noise: float = parameter(0.02, "Variance σ² of the noise of an answer.", bounds=(0, 100), source="own choice")
    well_specified: bool = parameter(
        False, "Whether answers depend on just the features that are fitted.", source="own choice"
    )
    ridge: bool = parameter(
        False, "Whether weights are penalized by the optimal ridge, not only least in norm.", source="own choice"
    )
    draws: int = parameter(1000, "Data sets that are drawn.", bounds=(2, 100_000), source="own choice")
