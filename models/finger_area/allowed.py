"""What the steps of an experiment and its touches may say; anything else is refused with what is allowed."""

from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any, TypeAlias

from cortex.errors import UsageError
from cortex.mechanisms.skin import DIGITS, HAND

Rule: TypeAlias = tuple[bool, str]
"""Whether a value is allowed, and what is."""


def check(thing: Any, rules: Mapping[str, Rule]) -> None:
    """Hold attributes against their rules, by name; raise UsageError with one line for each that breaks its rule."""
    problems = [f"{name} = {getattr(thing, name)!r}: {text}" for name, (holds, text) in rules.items() if not holds]
    if problems:
        kind = type(thing).__name__
        raise UsageError(f"{kind} cannot have these values", problems, f"nothing was run; change this {kind}")


def digits(values: Any, default: bool = False) -> Rule:
    """Return the rule of digits; with a default there may be none."""
    known = isinstance(values, tuple) and all(whole(value, 1, DIGITS) for value in values)
    holds = known and len(values) == len(set(values)) and (default or len(values) > 0)
    return holds, f"a tuple of digits, each once, 1 (thumb) to {DIGITS}" + (", or () for those trained" * default)


def number(value: Any, low: float, high: float, unit: str = "") -> Rule:
    """Return the rule of a number within bounds."""
    holds = isinstance(value, Real) and not isinstance(value, bool) and low <= float(value) <= high
    return holds, f"a plain number, {low:g} to {high:g}{unit and ' ' + unit}"


def radius(value: Any) -> Rule:
    """Return the rule of the radius of a contact."""
    return number(value, 0.1, 20, "mm")


def place(value: Any) -> Rule:
    """Return the rule of a place along a digit."""
    return number(value, 0, HAND.length, "mm from the base of the digit")


def depth(value: Any) -> Rule:
    """Return the rule of an indentation."""
    return number(value, 0, 10, "ridges of the disc")


def whole(value: Any, low: int, high: int) -> bool:
    """Return whether a value is a whole number within bounds."""
    return isinstance(value, Integral) and not isinstance(value, bool) and low <= int(value) <= high
