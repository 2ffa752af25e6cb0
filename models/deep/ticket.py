"""Parameters of a network that is pruned and trained again, and which share of its weights each round keeps."""

from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.relation import Relation, at_most
from models.deep.digits import CLASSES, NUMBER, PIXELS

SPARSE = (0.15, 0.21)
"""Shares of the weights kept between which a ticket is judged (Frankle & Carbin 2019: 21.1 % and 13.5 %)."""

FRANKLE = "Frankle & Carbin 2019, arXiv:1803.03635"
OWN = "own choice"


def kept(p: "TicketParameters", round_: int) -> tuple[int, int]:
    """Return how many weights of the hidden and of the output layer are left after some rounds of pruning."""
    left = [PIXELS * p.hidden, p.hidden * CLASSES]
    for _ in range(round_):
        left = [n - round(n * share) for n, share in zip(left, (p.pruned_hidden, p.pruned_output), strict=True)]
    return left[0], left[1]


def kept_share(p: "TicketParameters", round_: int) -> float:
    """Return the share of all weights that is left after some rounds of pruning."""
    return sum(kept(p, round_)) / sum(kept(p, 0))


def judged(p: "TicketParameters") -> list[int]:
    """Return the positions, among the rounds that are compared, at which a ticket is judged."""
    low, high = SPARSE
    return [at for at, round_ in enumerate(p.compared) if low <= kept_share(p, round_) <= high]


class TicketParameters(Parameters):
    """A network of one hidden layer, how it is trained, and how it is pruned."""

    RELATIONS = (
        Relation(
            ("compared",), lambda p: list(p.compared) == sorted(set(p.compared)), "rounds rise, and none stands twice"
        ),
        Relation(
            ("compared", "pruned_hidden", "pruned_output", "hidden"),
            lambda p: bool(judged(p)),
            "after at least one of the rounds that are compared 15 to 21 % of the weights are left",
        ),
        Relation(
            ("steps", "tested_every"), lambda p: p.steps % p.tested_every == 0, "steps is a multiple of tested_every"
        ),
        at_most("batch", "training_samples", ", of which each step takes other ones"),
    )

    hidden: int = parameter(100, "Units of the hidden layer.", bounds=(2, 1000), source=OWN)
    training_samples: int = parameter(
        1200, "Digits to learn from; the other ones test.", bounds=(10, NUMBER - 10), source=OWN
    )
    batch: int = parameter(64, "Digits that a step learns from.", bounds=(1, NUMBER), source=f"{FRANKLE}: 60")
    learning_rate: float = parameter(2e-3, "Step size of Adam.", bounds=(1e-6, 1), source=f"{FRANKLE}: 1.2e-3")
    steps: int = parameter(600, "Steps of each training.", bounds=(10, 100_000), source=OWN)
    tested_every: int = parameter(10, "Steps from one test to the next.", bounds=(1, 1000), source=OWN)
    criterion: float = parameter(0.93, "Accuracy whose time is taken.", bounds=(0.15, 1), source=OWN)
    pruned_hidden: float = parameter(
        0.3, "Share of the hidden layer's weights that a round takes away.", bounds=(0.01, 0.9), source=OWN
    )
    pruned_output: float = parameter(
        0.15, "Share of the output layer's weights.", bounds=(0.01, 0.9), source=f"{FRANKLE}: half of the other"
    )
    compared: tuple[int, ...] = parameter(
        (5, 6, 8, 10), "Rounds of pruning after which the controls are trained too.", bounds=(1, 100), source=OWN
    )
    largest_stay: bool = parameter(
        True, "Whether a round keeps the largest weights; otherwise any.", source=f"{FRANKLE}: the largest"
    )
    rewound: bool = parameter(
        True, "Whether the weights that stay begin again where they first began.", source=f"{FRANKLE}: they do"
    )
    seeds: int = parameter(
        20, "Networks, each with its own start, split of the digits and order.", bounds=(2, 1000), source=OWN
    )
