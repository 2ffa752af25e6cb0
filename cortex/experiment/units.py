"""Physical quantities as text, read with Brian2's own unit names and without evaluating anything.

A quantity is a number followed by units joined by ``*``, ``/`` or a space, each with an optional whole power:
``20 ms``, ``10 nS``, ``40 mm/s``, ``70/cm^2``, ``2 uF cm**-2``.
"""

import math
import re
from functools import cache, lru_cache

from brian2.units import Quantity, allunits, stdunits
from brian2.units.fundamentalunits import DIMENSIONLESS, Dimension, Unit, get_unit

_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*)", re.DOTALL)
_FACTOR = re.compile(r"\s*([*/]?)\s*([^\W\d]\w*)\s*(?:(?:\^|\*\*)\s*([+-]?\d))?")

_NAMES = {
    "": "plain number",
    "s": "time",
    "Hz": "rate",
    "m": "length",
    "m^2": "area",
    "m^3": "volume",
    "m/s": "speed",
    "V": "voltage",
    "A": "current",
    "C": "charge",
    "ohm": "resistance",
    "S": "conductance",
    "F": "capacitance",
    "N": "force",
    "Pa": "pressure",
    "kg": "mass",
    "M": "concentration",
    "/m": "number per length",
    "/m^2": "number per area",
    "/m^3": "number per volume",
    "Hz^2": "change of rate",
    "S/m^2": "conductance per area",
    "F/m^2": "capacitance per area",
    "A/m^2": "current per area",
    "S/s": "change of conductance",
    "V/s": "change of voltage",
}


def parse(text: str) -> Quantity:
    """Read a quantity from text.

    Parameters
    ----------
    text : str
        Such as ``"20 ms"`` or ``"70/cm^2"``.

    Returns
    -------
    quantity : Quantity
        Dimensionless if the text is a plain number.

    Raises
    ------
    ValueError
        If the text is no finite number followed by known units.
    """
    number, unit = split(text)
    try:
        scale, dimension = _unit(unit)
        value = float(number) * scale
    except ArithmeticError:
        value = math.inf
    if not math.isfinite(value):
        raise ValueError(f'"{text}" is not a finite number')
    return Quantity(value, dim=dimension, force_quantity=True)


def split(text: str) -> tuple[str, str]:
    """Cut a quantity's text into its number and its unit, the unit empty for a plain number."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" does not begin with a number')
    return match[1], match[2].strip()


def is_quantity(text: str) -> bool:
    """Return whether a text is a number with a unit."""
    try:
        parse(text)
        return split(text)[1] != ""
    except ValueError:
        return False


def format(quantity: Quantity, unit: str = "") -> str:
    """Write a quantity so that `parse` gives back exactly the same one.

    Parameters
    ----------
    quantity : Quantity
        A scalar.
    unit : str
        The unit to write it in, such as ``"mm/s"``; Brian2's best one if empty. Where rounding would not let
        the value come back exactly, the unscaled unit is taken instead.
    """
    return _exact(repr(float(quantity)), quantity.dim, unit or _symbol(quantity.get_best_unit()))


@lru_cache(maxsize=10_000)
def _exact(written: str, dimension: Dimension, unit: str) -> str:
    """Write a value, of which Python's own text is given, in a unit; or else in the unscaled one."""
    value = float(written)
    for candidate in (unit, None):
        candidate = _symbol(get_unit(dimension)) if candidate is None else candidate
        number = value / _unit(candidate)[0]
        for digits in (15, 16, 17):
            text = f"{number:.{digits}g}" + ("" if candidate.startswith("/") else " ") + candidate
            if float(parse(text)) == value:
                return text.rstrip()
    raise AssertionError(f"{written} {dimension} has no exact text")


def dimension_name(quantity: Quantity) -> str:
    """Name what a quantity is, such as ``"a time"`` or ``"a rate"``."""
    for unit, name in _NAMES.items():
        if _unit(unit)[1] is quantity.dim:
            return ("an " if name[0] in "aeiou" else "a ") + name
    return f"a quantity in {quantity.dim}"


def _symbol(unit: Quantity) -> str:
    """The symbol of a unit, made of base units where Brian2 has none of its own."""
    symbol = getattr(unit, "dispname", "")
    return symbol if symbol in _units() else "" if unit.dim is DIMENSIONLESS else str(unit.dim)


@cache
def _unit(text: str) -> tuple[float, Dimension]:
    """The scale and dimension of the units in a text."""
    scale, dimension, position = 1.0, DIMENSIONLESS, 0
    while position < len(text):
        match = _FACTOR.match(text, position)
        if match is None:
            raise ValueError(f'"{text}" is not a unit; write units such as "ms", "mm/s" or "nS/mm^2"')
        operator, name, power = match.groups()
        if name not in _units():
            raise ValueError(f'"{name}" is no unit; write units such as "ms", "Hz", "nS" or "mm"')
        factor, exponent = _units()[name], int(power or 1)
        if operator == "/":
            scale, dimension = scale / float(factor) ** exponent, dimension / factor.dim**exponent
        else:
            scale, dimension = scale * float(factor) ** exponent, dimension * factor.dim**exponent
        position = match.end()
    return scale, dimension


@cache
def _units() -> dict[str, Unit]:
    """Every unit of Brian2 under its long name, its symbol and its Python name."""
    units = {name: unit for unit in allunits.all_units for name in (unit.name, unit.dispname) if name.isidentifier()}
    return units | {name: getattr(stdunits, name) for name in stdunits.__all__}
