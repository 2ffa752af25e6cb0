"""What a seed may be: one rule for every simulation, run and study, however it is asked for."""

from numbers import Integral
from typing import Any

from cortex.errors import UsageError

LARGEST = 2**63 - 1


def check_seed(value: Any, name: str = "seed", least: int = 0) -> int:
    """Return a seed, or another whole number that it comes with, as an integer.

    Parameters
    ----------
    value : int
        Of any integer type.
    name : str
        What it is, for the message.
    least : int
        The smallest that is allowed; the largest is 2^63 - 1.

    Raises
    ------
    UsageError
        If it is no integer or out of range.
    """
    if isinstance(value, Integral) and not isinstance(value, bool) and least <= int(value) <= LARGEST:
        return int(value)
    title = f"{name} {value!r} is not allowed"
    raise UsageError(title, [f"{name}  a whole number from {least} to {LARGEST} (2^63 - 1)"], "nothing was run")
