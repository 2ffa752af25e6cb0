"""Which parameters a function reads, so that what it makes is known to serve all sets that agree in these."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from pydantic import BaseModel

PLAIN = {"__class__", "model_fields"}
"""What may be asked of a set without any of its values being read."""

_watched: dict[int, tuple[list[str], set[str]]] = {}
"""What stands before the names of a section, and which names were read, by the section's id."""


class Noted(BaseModel):
    """A set of values, or a section of it, of which it can be noted which are read."""

    def __getattribute__(self, name: str) -> Any:
        if _watched and id(self) in _watched:
            _note(self, name)
        return super().__getattribute__(name)

    @contextmanager
    def noting(self) -> Iterator[set[str]]:
        """Note the dotted names that are read of it meanwhile; "*" if it may have been all of them."""
        read: set[str] = set()
        places: dict[int, list[str]] = {}
        for prefix, section in self.sections():
            places.setdefault(id(section), []).append(prefix)
        _watched.update({place: (prefixes, read) for place, prefixes in places.items()})
        try:
            yield read
        finally:
            for place in places:
                del _watched[place]

    def sections(self, prefix: str = "") -> Iterator[tuple[str, Any]]:
        """Yield the set itself and all sections in it, each with what stands before the names of its parameters."""
        yield prefix, self
        for name in type(self).model_fields:
            if isinstance(section := getattr(self, name), Noted):
                yield from section.sections(f"{prefix}{name}.")


def _note(section: Noted, name: str) -> None:
    """Note that an attribute is read: a method notes what it reads in turn; what copies or keeps values reads all."""
    prefixes, read = _watched[id(section)]
    kind = type(section)
    if name in kind.model_fields:
        if not isinstance(object.__getattribute__(section, "__dict__")[name], Noted):
            read.update(f"{prefix}{name}" for prefix in prefixes)
        return
    own = kind.__mro__[: kind.__mro__.index(Noted) + 1]
    declared = next((vars(part)[name] for part in own if name in vars(part)), None)
    if name not in PLAIN and (declared is None or isinstance(declared, cached_property)):
        read.add("*")
