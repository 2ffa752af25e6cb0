"""Relations that must hold between parameters: declared beside them, checked all at once before anything is run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Relation:
    """What must hold between parameters of one section, or of several sections of a model.

    Attributes
    ----------
    names : tuple of str
        The parameters, by their names in the section that declares it.
    holds : callable
        ``holds(section)`` says whether their values go together.
    allowed : str
        What is allowed and why, for the one who chose values that do not.

    Examples
    --------
    >>> above = Relation(("threshold", "rest"), lambda cell: cell.threshold > cell.rest, "the threshold is above rest")
    """

    names: tuple[str, ...]
    holds: Callable[[Any], bool]
    allowed: str


def above(name: str, other: str, why: str) -> Relation:
    """Return the relation that one parameter is larger than another; `why` says what happens if not."""
    return Relation((name, other), lambda p: bool(p.get(name) > p.get(other)), f"{name} must lie above {other}{why}")


def at_most(name: str, other: str, why: str) -> Relation:
    """Return the relation that one parameter is no larger than another; `why` says what happens if it is."""
    return Relation((name, other), lambda p: bool(p.get(name) <= p.get(other)), f"{name} is at most {other}{why}")


def contradictions(p: Any) -> list[str]:
    """Say which values contradict each other, one sentence for each relation that does not hold.

    Parameters
    ----------
    p : Parameters
        A model's whole set, with `RELATIONS` in its sections and `TIME_STEP` where it is known.
    """
    texts, step = p.as_text(), p.TIME_STEP
    problems = []
    for prefix, section in p.sections():
        for relation in section.RELATIONS:
            if not relation.holds(section):
                values = " and ".join(f"{prefix}{name} = {texts[prefix + name]}" for name in relation.names)
                problems.append(f"{values}: {relation.allowed}")
        if step is not None:
            problems += [
                f"{prefix}{name} = {texts[prefix + name]}: a time constant is at least one time step, {step}"
                for name in coarse(section, float(step))
            ]
    return problems


def coarse(section: Any, step: float) -> list[str]:
    """Return the names of a section's times in equations that are shorter than a time step, s; 0 stands for none."""
    times = section.time_constants()
    return [name for name, time in times.items() if 0 < float(time) < step * (1 - 1e-9)]
