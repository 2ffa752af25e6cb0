"""Parameters of associative memories of order 2 to 4."""

from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.relation import Relation

OWN = "own choice"

ORDERS = (2, 3, 4)
"""How many cells a term of the energy multiplies; 2 is the classical memory."""


def rising(name: str) -> Relation:
    """Return the relation that the values of a parameter rise."""
    return Relation((name,), lambda p: list(p.get(name)) == sorted(set(p.get(name))), f"{name} rise, none twice")


def sizes(name: str, values: tuple[int, ...]) -> tuple[int, ...]:
    """Declare the numbers of cells of the networks of an order."""
    sentence = f"Cells of the networks of order {name}."
    declared: tuple[int, ...] = parameter(values, sentence, bounds=(10, 2000), source=OWN)
    return declared


class MemoryParameters(Parameters):
    """Random patterns, the networks that store them, and how much they are loaded."""

    RELATIONS = (
        *(rising(name) for name in ("pairs", "triples", "quadruples", "errors", "loads")),
        Relation(
            ("pairs", "triples", "quadruples"),
            lambda p: min(len(p.pairs), len(p.triples), len(p.quadruples)) > 1,
            "an exponent needs two sizes of each order",
        ),
        Relation(("errors",), lambda p: len(p.errors) > 1, "a capacity lies between two loads"),
        Relation(
            ("errors", "wrong"),
            lambda p: min(p.errors, default=1) <= p.wrong <= max(p.errors, default=0),
            "the share of wrong bits that defines the capacity lies among those that loads are chosen for",
        ),
        Relation(
            ("settled", "loads"),
            lambda p: round(min(p.loads, default=0) * p.settled) > 1,
            "the least load is two patterns: one alone is always recalled",
        ),
    )

    pairs: tuple[int, ...] = sizes("2", (100, 200, 400))
    triples: tuple[int, ...] = sizes("3", (60, 80, 120))
    quadruples: tuple[int, ...] = sizes("4", (40, 50, 64))
    highest: int = parameter(4, "Greatest order; networks of a higher one have this one instead.", bounds=(2, 4))
    errors: tuple[float, ...] = parameter(
        (0.003, 0.006, 0.012, 0.025, 0.05),
        "Shares of wrong bits for which the formula gives the numbers of patterns.",
        bounds=(1e-4, 0.2),
        source=OWN,
    )
    wrong: float = parameter(0.01, "Share of wrong bits at which a network is full.", bounds=(1e-4, 0.2), source=OWN)
    bias: float = parameter(0.0, "Mean of the bits, which are 1 or -1.", bounds=(0, 0.9), source=OWN)
    recalled: int = parameter(400, "Patterns of each network that are recalled.", bounds=(2, 100_000), source=OWN)
    draws: int = parameter(12, "Networks of each size and load.", bounds=(2, 1000), source=OWN)
    settled: int = parameter(500, "Cells of the classical networks that settle.", bounds=(20, 2000), source=OWN)
    loads: tuple[float, ...] = parameter(
        (0.06, 0.1, 0.12, 0.13, 0.14, 0.15, 0.16, 0.18, 0.22),
        "Patterns of these, for each cell.",
        bounds=(0.01, 1),
        source=OWN,
    )
    steps: int = parameter(40, "Updates of all cells until a network counts as settled.", bounds=(1, 1000), source=OWN)

    def sizes(self, order: int) -> tuple[int, ...]:
        """Return the numbers of cells of the networks of an order."""
        return {2: self.pairs, 3: self.triples, 4: self.quadruples}[order]
