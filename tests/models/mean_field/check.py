"""A quantity that is both predicted and simulated."""

from typing import Literal, NamedTuple


class Check(NamedTuple):
    """A quantity, predicted and simulated."""

    quantity: str
    case: str
    formula: str
    predicted: float
    simulated: float
    band: float
    kind: Literal["ratio", "difference", "bound"] = "ratio"

    @property
    def deviation(self) -> float:
        """How far the simulation lies off, in terms of the band."""
        if self.kind == "ratio":
            return abs(self.simulated / self.predicted - 1)
        difference = self.simulated - self.predicted
        return difference if self.kind == "bound" else abs(difference)

    @property
    def inside(self) -> bool:
        """Whether the deviation is within the band; one that is not a number is not."""
        return self.deviation <= self.band
