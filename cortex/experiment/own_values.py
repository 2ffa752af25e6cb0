"""A parameter in which a run differs from what its scenario sets."""

from typing import NamedTuple

OTHER = "other values of "
"""How a run with changed parameters tells, before their names, why its bands are not scored."""


class Changed(NamedTuple):
    """A parameter whose value is not the scenario's own."""

    name: str
    value: str
    own: str
    """What the scenario sets."""

    def __str__(self) -> str:
        return f"{self.name} = {self.value} instead of {self.own}"
