"""The values a study gives to a parameter: a list, ``linear(0, 1, 5)``, ``log(1e-3, 1e-1, 5)`` or ``sobol(0, 1)``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

_CALL = re.compile(r"\s*(linear|log|sobol)\s*\((.*)\)\s*")
ENDS = np.array([0.0, 1.0])
EXAMPLES = 'give a list, "linear(0, 1, 5)", "log(1e-3, 1e-1, 5)", "sobol(0, 1)" or "sobol(1e-3, 1e-1, log)"'


@dataclass(frozen=True)
class Range:
    """A range that Sobol points fill.

    Attributes
    ----------
    low, high : float
    unit : str
    logarithmic : bool
        Whether the points are even on a logarithmic scale.
    """

    low: float
    high: float
    unit: str
    logarithmic: bool

    def at(self, shares: np.ndarray) -> list[str]:
        """Give values, as text, at shares from 0 to 1 of the range."""
        if self.logarithmic:
            return _texts(self.low * (self.high / self.low) ** shares, self.unit)
        return _texts(self.low + (self.high - self.low) * shares, self.unit)


def read(given: Any) -> list[str] | Range:
    """Read the values of a parameter.

    Parameters
    ----------
    given : list, str, or a single value
        As in a study file.

    Returns
    -------
    list of str, or Range

    Raises
    ------
    ValueError
        If it is none of what is allowed.
    """
    if isinstance(given, list):
        if not given:
            raise ValueError(f"an empty list; {EXAMPLES}")
        values = [text(value) for value in given]
        if repeated := {value for value in values if values.count(value) > 1}:
            raise ValueError(f"{', '.join(sorted(repeated))} is given twice")
        return values
    match = _CALL.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        raise ValueError(f'"{text(given)}" is one value; {EXAMPLES}, or move it to [fixed]')
    kind, words = match[1], [word.strip() for word in match[2].split(",")]
    if kind == "sobol":
        logarithmic = words[2:] == ["log"]
        if len(words) != 2 + logarithmic:
            raise ValueError(f'"{given}" is not two ends; {EXAMPLES}')
        return _range(given, words[0], words[1], logarithmic)
    if len(words) != 3 or not re.fullmatch(r"[0-9]{1,5}", words[2]) or int(words[2]) < 2:
        raise ValueError(f'"{given}" is not two ends and a number of values, 2 to 99999; {EXAMPLES}')
    return _range(given, words[0], words[1], kind == "log").at(np.linspace(0, 1, int(words[2])))


def is_call(given: object) -> bool:
    """Say whether it is ``linear(...)``, ``log(...)`` or ``sobol(...)``."""
    return isinstance(given, str) and _CALL.fullmatch(given) is not None


def split(typed: str, several: bool) -> Any:
    """Read what was typed after ``-p NAME=``: values separated by commas, or by semicolons if each is a list itself.

    Parameters
    ----------
    typed : str
    several : bool
        Whether one value of this parameter is a list.

    Returns
    -------
    list of str, or str
        A list, or ``linear(...)`` and the like, for values that vary; otherwise one value.
    """
    if is_call(typed):
        return typed.strip()
    values = [value.strip() for value in typed.split(";" if several else ",")]
    return values if len(values) > 1 else values[0]


def text(value: Any) -> str:
    """Write a value of a study file as the command line would have it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(map(text, value))
    return str(value)


def flatten(nested: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Join the names of nested tables by dots: ``copying.rate = 1`` and ``"copying.rate" = 1`` are the same."""
    flat: dict[str, Any] = {}
    for name, value in nested.items():
        inner = flatten(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {prefix + name: value}
        if twice := flat.keys() & inner.keys():
            raise ValueError(f"{', '.join(sorted(twice))} is given twice")
        flat |= inner
    return flat


def _range(given: str, low: str, high: str, logarithmic: bool) -> Range:
    from cortex.experiment import units

    (first, unit), (last, other) = units.split(low), units.split(high)
    if unit != other:
        raise ValueError(f'"{given}" has two units; write both ends in the same one')
    if float(first) >= float(last):
        raise ValueError(f'"{given}" goes down; give the lower end first')
    if logarithmic and float(first) <= 0:
        raise ValueError(f'"{given}" starts at {first}; a logarithmic range must start above 0')
    return Range(float(first), float(last), unit, logarithmic)


def _texts(numbers: np.ndarray, unit: str) -> list[str]:
    return [f"{number:.10g}{'' if unit.startswith('/') else ' '}{unit}".rstrip() for number in numbers]
