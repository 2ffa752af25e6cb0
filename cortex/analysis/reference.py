"""Published numbers, where each comes from, and the bands that score a simulation against them.

The numbers themselves stand in `published.py`. A band is this project's reading of a paper: wide enough for the
differences between animals, narrow enough that a model without the mechanism falls outside. A recalled value was
written down from memory and has to be checked against the paper before much is built on it.
"""

import math
from dataclasses import dataclass
from typing import Literal

Band = tuple[float | None, float | None]
Score = Literal["inside", "outside", "undefined"]
Provenance = Literal["read", "recalled", "computed"]

ANY: Band = (None, None)


@dataclass(frozen=True)
class Reference:
    """One number from the literature."""

    name: str
    """Key, such as "jenkins1990.expansion"."""
    quantity: str
    """What was measured, in a few words."""
    value: float
    """The number, in `unit`."""
    unit: str
    """Unit as text, "1" for a ratio."""
    band: Band
    """What a simulation may give, or the published spread; None for an open end."""
    source: str
    """Author and year."""
    identifier: str
    """DOI, PubMed number, or journal, volume and page."""
    where: str
    """Part of the source: abstract, figure, table, file."""
    provenance: Provenance
    """Read in the source, recalled from memory, or computed with the published model."""
    note: str = ""

    @property
    def text(self) -> str:
        """The number with its unit, as parameters are written: "200 pF", "70/cm^2", "0.2"."""
        unit = self.unit.removeprefix("1")
        return f"{self.value:g}{unit if unit.startswith('/') or not unit else f' {unit}'}"

    @property
    def citation(self) -> str:
        """Source and identifier, and how the number was obtained unless it was read there."""
        identifier = f"doi:{self.identifier}" if self.identifier.startswith("10.") else self.identifier
        obtained = "" if self.provenance == "read" else f", {self.provenance}"
        return f"{self.source}, {identifier}{obtained}"


def score(value: float, band: Band) -> Score:
    """Return whether a value lies in a band, ends included; a value that is not a number is undefined.

    Parameters
    ----------
    value : float
        Measured.
    band : tuple of float or None, (low, high)
        None for an open end.

    Returns
    -------
    {"inside", "outside", "undefined"}
    """
    if math.isnan(value):
        return "undefined"
    low, high = band
    return "inside" if (low is None or value >= low) and (high is None or value <= high) else "outside"
