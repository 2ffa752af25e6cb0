"""Relations that must hold between parameters: declared beside them, checked all at once before anything is run."""

from collections.abc import Callable, Iterable
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


def contradictions(p: Any, beside: Any = None, also: Iterable[Relation] = ()) -> list[str]:
    """Say which values contradict each other, one sentence for each relation that does not hold.

    Parameters
    ----------
    p : Parameters
        A model's whole set, with `RELATIONS` in its sections and `TIME_STEP` where it is known.
    beside : Parameters, optional
        Another set without contradictions: sections that both share are not looked at.
    also : iterable of Relation, optional
        Others that must hold, such as those of a scenario; their names are dotted.
    """
    step = p.TIME_STEP
    broken = [(list(relation.names), relation.allowed) for relation in also if not relation.holds(p)]
    for prefix, section in p.sections(beside=beside):
        for relation in section.RELATIONS:
            if not relation.holds(section):
                broken.append(([prefix + name for name in relation.names], relation.allowed))
        if step is not None:
            names = coarse(section, float(step))
            broken += [([prefix + name], f"a time constant is at least one time step, {step}") for name in names]
    texts = p.as_text() if broken else {}
    return [f"{' and '.join(f'{name} = {texts[name]}' for name in names)}: {allowed}" for names, allowed in broken]


def coarse(section: Any, step: float) -> list[str]:
    """Return the names of a section's times in equations that are shorter than a time step, s; 0 stands for none."""
    times = section.time_constants()
    return [name for name, time in times.items() if 0 < float(time) < step * (1 - 1e-9)]
