"""Parameters of a part that falls silent, of descent, and of ensembles of random features."""

from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.relation import Relation, above, at_most
from models.regression.parameters import RegressionParameters

OWN = "own choice"


class Descent(Parameters):
    """Training by stochastic gradient descent, from zero weights."""

    widths: tuple[int, ...] = parameter(
        (20, 45, 100), "Numbers of features whose peak is looked for: below n, just above, far above.", bounds=(1, 2000)
    )
    learning: str = parameter(
        "descent", "How weights are found.", choices={"descent": "descent", "least_squares": "least squares"}
    )
    draws: int = parameter(200, "Data sets that are drawn.", bounds=(2, 10_000), source=OWN)
    steps: int = parameter(4000, "Steps of descent, whose size falls as a cosine.", bounds=(1, 100_000), source=OWN)
    batch: int = parameter(10, "Samples of a step.", bounds=(1, 1000), source=OWN)


class Features(Parameters):
    """Random ReLU features, re-drawn for each member of an ensemble that learns the same samples."""

    RELATIONS = (
        Relation(
            ("widths",),
            lambda p: bool(p.widths) and list(p.widths) == sorted(set(p.widths)),
            "there is a width, widths rise, and none stands there twice",
        ),
        Relation(
            ("widths", "samples"),
            lambda p: p.samples not in p.widths,
            "a width equal to the number of samples has no finite expected error: leave it out",
        ),
        above("samples", "copied", ": below the peak, doubling would take nominal numbers past it"),
    )

    inputs: int = parameter(20, "Inputs of each feature.", bounds=(2, 1000), source="d = 20 in theory")
    samples: int = parameter(100, "Samples that all members learn.", bounds=(4, 2000), source="as above: n = 100")
    noise: float = parameter(0.04, "Variance of the noise of an answer.", bounds=(0, 100), source=OWN)
    widths: tuple[int, ...] = parameter(
        (50, 80, 95, 105, 120, 200, 1000), "Numbers of features of a member.", bounds=(1, 4000), source=OWN
    )
    copied: int = parameter(95, "Features of the member that is doubled by exact copies.", bounds=(2, 2000), source=OWN)
    members: int = parameter(20, "Members of an ensemble.", bounds=(2, 1000), source="as above: 20")
    redrawn: bool = parameter(True, "Whether each member draws features of its own.", source=OWN)
    parted: float = parameter(
        0.0, "Share of a copy's input weights, by variance, that is not its original's.", bounds=(0, 1), source=OWN
    )
    draws: int = parameter(20, "Data sets that are drawn.", bounds=(2, 10_000), source=OWN)
    tests: int = parameter(300, "New samples on which the error is measured.", bounds=(10, 100_000), source=OWN)


class SuperpositionParameters(Parameters):
    """A part of `silenced` features, regression, descent, ensembles."""

    RELATIONS = (
        Relation(
            ("silenced", "regression.widths"),
            lambda p: p.silenced < min(p.regression.widths, default=0),
            "a part is smaller than the smallest network",
        ),
        Relation(
            ("regression.decay",), lambda p: p.regression.decay == 0, "parts have equal shares if all features do: 0"
        ),
        Relation(("regression.ridge",), lambda p: not p.regression.ridge, "formulas are those without a ridge"),
        Relation(
            ("descent.widths", "regression.samples"),
            lambda p: (
                len(p.descent.widths) == 3
                and p.descent.widths[0] < p.regression.samples - 1
                and p.regression.samples + 1 < p.descent.widths[1] < p.descent.widths[2]
            ),
            "three widths: one below n - 1, two above n + 1, rising",
        ),
        Relation(
            ("descent.widths", "regression.features"),
            lambda p: p.regression.well_specified or max(p.descent.widths, default=0) <= p.regression.features,
            "at most all features are learned, unless well_specified=true",
        ),
        at_most("descent.batch", "regression.samples", ": a step takes each sample once"),
        above("regression.features", "silenced", ", of which it is a part"),
    )

    silenced: int = parameter(
        10, "Features q of the part that falls silent.", bounds=(1, 1000), source="theory: q = 10"
    )
    regression: RegressionParameters = RegressionParameters(
        features=400, decay=0.0, noise=0.04, widths=(20, 25, 45, 60, 80, 100, 200, 400)
    )
    descent: Descent = Descent()
    features: Features = Features()
