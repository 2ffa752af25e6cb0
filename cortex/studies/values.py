"""The values a study gives to a parameter: a list, ``linear(0, 1, 5)``, ``log(1e-3, 1e-1, 5)`` or ``sobol(0, 1)``."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
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
        """Return values, as text, at shares from 0 to 1 of the range."""
        if self.logarithmic:
            return _texts(self.low * (self.high / self.low) ** shares, self.unit)
        return _texts(self.low + (self.high - self.low) * shares, self.unit)


def read(written: Any) -> list[str] | Range:
    """Read the values of a parameter.

    Parameters
    ----------
    written : list, str, or a single value
        As in a study file.

    Returns
    -------
    list of str, or Range

    Raises
    ------
    ValueError
        If it is none of what is allowed.
    """
    if isinstance(written, list):
        if not written:
            raise ValueError(f"an empty list; {EXAMPLES}")
        values = [text(value) for value in written]
        if repeated := sorted(value for value, times in Counter(values).items() if times > 1):
            raise ValueError(f"{', '.join(repeated[:5])}{', ...' if len(repeated) > 5 else ''} is given twice")
        return values
    match = _CALL.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        raise ValueError(f'"{text(written)}" is one value; {EXAMPLES}, or move it to [fixed]')
    kind, words = match[1], [word.strip() for word in match[2].split(",")]
    if kind == "sobol":
        logarithmic = words[2:] == ["log"]
        if len(words) != 2 + logarithmic:
            raise ValueError(f'"{written}" is not two ends; {EXAMPLES}')
        return _range(written, words[0], words[1], logarithmic)
    if len(words) != 3 or not re.fullmatch(r"[0-9]{1,5}", words[2]) or int(words[2]) < 2:
        raise ValueError(f'"{written}" is not two ends and a number of values, 2 to 99999; {EXAMPLES}')
    return _range(written, words[0], words[1], kind == "log").at(np.linspace(0, 1, int(words[2])))


def is_call(written: object) -> bool:
    """Return whether it is ``linear(...)``, ``log(...)`` or ``sobol(...)``."""
    return isinstance(written, str) and _CALL.fullmatch(written) is not None


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
    typed = typed.strip().removeprefix("[").removesuffix("]")
    values = [value.strip() for value in typed.split(";" if several else ",")]
    return values if len(values) > 1 else values[0]


def plain(value: Any) -> Any:
    """Return a value from Python as a study file has it: sequences as lists, quantities as text."""
    if hasattr(value, "dim"):  # a quantity of Brian2, which need not be imported for this
        from cortex.experiment import units

        return [units.format(item) for item in value] if getattr(value, "ndim", 0) else units.format(value)
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, list | tuple | range):
        return [plain(item) for item in value]
    return value


def text(value: Any) -> str:
    """Write a value of a study file as the command line would have it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(map(text, value))
    return str(value)


@lru_cache(maxsize=10_000)
def canonical(text: str) -> str:
    """Return a text that is the same for the same value, in whatever unit."""
    from cortex.experiment import units

    plain = text.replace(" ", "")
    if plain[:1] not in "+-.0123456789":
        return plain.lower() if plain.lower() in ("true", "false") else plain
    try:
        quantity = units.parse(text)
    except ValueError:
        return plain
    number = float(quantity)
    return repr(number) if quantity.dim.is_dimensionless else f"{number:.12g} {quantity.dim}"  # units are rounded


def flatten(nested: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Join the names of nested tables by dots: ``copying.rate = 1`` and ``"copying.rate" = 1`` are the same."""
    flat: dict[str, Any] = {}
    for name, value in nested.items():
        inner = flatten(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {prefix + name: value}
        if twice := flat.keys() & inner.keys():
            raise ValueError(f"{', '.join(sorted(twice))} is given twice")
        flat |= inner
    return flat


def _range(written: str, low: str, high: str, logarithmic: bool) -> Range:
    from cortex.experiment import units

    (first, unit), (last, other) = units.split(low), units.split(high)
    if unit != other:
        raise ValueError(f'"{written}" has two units; write both ends in the same one')
    if float(first) >= float(last):
        raise ValueError(f'"{written}" goes down; give the lower end first')
    if logarithmic and float(first) <= 0:
        raise ValueError(f'"{written}" starts at {first}; a logarithmic range must start above 0')
    return Range(float(first), float(last), unit, logarithmic)


def _texts(numbers: np.ndarray, unit: str) -> list[str]:
    return [f"{number:.10g}{'' if unit.startswith('/') else ' '}{unit}".rstrip() for number in numbers]
