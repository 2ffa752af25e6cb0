"""Which parameters a function reads, so that what it makes is known to serve all sets that agree in these."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, TypeAlias

from pydantic import BaseModel

PLAIN = {"__class__", "model_fields"}
"""What may be asked of a set without any of its values being read."""

Watcher: TypeAlias = tuple[str, set[str]]

_watched: dict[int, list[Watcher]] = {}
"""What stands before the names of a section, and where those that are read are noted, by the section's id."""


class Noted(BaseModel):
    """A section of values of which it can be noted which are read."""

    def __getattribute__(self, name: str) -> Any:
        if _watched and id(self) in _watched:
            _note(self, name)
        return super().__getattribute__(name)


@contextmanager
def noting(sections: Iterable[tuple[str, Noted]]) -> Iterator[set[str]]:
    """Note the dotted names that are read of sections meanwhile; "*" if it may have been all of them.

    Sets that were made of each other share sections, and may be watched at the same time.

    Parameters
    ----------
    sections : iterable of (str, Noted)
        Each with what stands before the names in it.
    """
    read: set[str] = set()
    places = [(id(section), prefix) for prefix, section in sections]
    for place, prefix in places:
        _watched.setdefault(place, []).append((prefix, read))
    try:
        yield read
    finally:
        for place, _ in places:
            watchers = [watcher for watcher in _watched.pop(place, []) if watcher[1] is not read]
            if watchers:
                _watched[place] = watchers


def _note(section: Noted, name: str) -> None:
    """Note that an attribute is read: a method notes what it reads in turn; what copies or keeps values reads all."""
    watchers = _watched.get(id(section), ())
    kind = type(section)
    if name in kind.model_fields:
        if not isinstance(object.__getattribute__(section, "__dict__")[name], Noted):
            for prefix, read in watchers:
                read.add(f"{prefix}{name}")
        return
    own = kind.__mro__[: kind.__mro__.index(Noted) + 1]
    declared = next((vars(part)[name] for part in own if name in vars(part)), None)
    if name not in PLAIN and (declared is None or isinstance(declared, cached_property)):
        for _, read in watchers:
            read.add("*")
