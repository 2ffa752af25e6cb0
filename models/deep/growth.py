"""Parameters of a network whose hidden units are split into copies, held while new digits come, and released."""

from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.relation import Relation
from models.deep.digits import NUMBER, PIXELS

OWN = "own choice"


class GrowthParameters(Parameters):
    """A small network, how its units are split, and how it learns before, under and after the hold."""

    RELATIONS = (
        Relation(
            ("rates",),
            lambda p: len(p.rates) >= 3 and list(p.rates) == sorted(set(p.rates)),
            "at least three rates rise, so that the best one can lie between others",
        ),
    )

    hidden: int = parameter(4, "Hidden units of the small network.", bounds=(1, 50), source=OWN)
    copies: int = parameter(3, "Units K that each of them is split into.", bounds=(2, 10), source=OWN)
    activation: str = parameter(
        "tanh",
        "Answer of a unit to its input.",
        choices={"tanh": "hyperbolic tangent", "softplus": "log(1 + exp(u))"},
        source=OWN,
    )
    components: int = parameter(
        16, "Principal components of the digits that are shown, of variance 1.", bounds=(1, PIXELS - 3), source=OWN
    )
    training_samples: int = parameter(
        300, "Digits to learn from; the other ones test.", bounds=(20, NUMBER - 10), source=OWN
    )
    old_steps: int = parameter(1500, "Steps on the digits 0 to 4, before the split.", bounds=(1, 100_000), source=OWN)
    old_rate: float = parameter(0.5, "Learning rate before the split.", bounds=(1e-6, 100), source=OWN)
    held_steps: int = parameter(300, "Steps on all digits under the hold.", bounds=(1, 100_000), source=OWN)
    released_steps: int = parameter(300, "Steps on all digits after release.", bounds=(1, 100_000), source=OWN)
    rates: tuple[float, ...] = parameter(
        (0.1, 0.2, 0.4, 0.8, 1.6),
        "Learning rates that are tried after the split, the best one for each arm.",
        bounds=(1e-6, 1000),
        source=OWN,
    )
    noise: float = parameter(
        0.01,
        "Standard deviation of the noise that parts copies, added to their incoming weights.",
        bounds=(0, 1),
        source=OWN,
    )
    divided: bool = parameter(True, "Whether outgoing weights are divided by K at the split.", source=OWN)
    released: bool = parameter(True, "Whether the hold is released.", source=OWN)
    seeds: int = parameter(
        20, "Networks, each with its own start and split of the digits.", bounds=(2, 1000), source=OWN
    )
