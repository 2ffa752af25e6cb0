"""Definitions by name, such as copying rules, to which a user's own file can add."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import TypeVar

from cortex.errors import UsageError

T = TypeVar("T")


class Registry(Mapping[str, T]):
    """Definitions by name, as the choices of a parameter.

    A file adds its own when it is imported, before parameters are read, so that they can be chosen on the command
    line: with ``RULES.register("mine", Rule(...))`` in the file of a scenario, ``-p copying.rule=mine`` is allowed.

    Parameters
    ----------
    kind : str
        What the definitions are, for messages.
    definitions : mapping of str to definition
        The shipped ones.
    """

    def __init__(self, kind: str, definitions: Mapping[str, T]) -> None:
        self.kind = kind
        self._definitions = dict(definitions)
        self._places = dict.fromkeys(definitions, _place(sys._getframe(1)))

    def register(self, name: str, definition: T) -> None:
        """Add a definition; a file that is imported again replaces its own, and a copy of it changes nothing.

        Parameters
        ----------
        name : str
            Letters, digits and ``_``, beginning with a letter.
        definition
            A dataclass of plain values: it decides whether a compiled program can be used again.

        Raises
        ------
        UsageError
            If the name cannot be typed, or another file has registered another definition of it.
        """
        if not name.isidentifier():
            raise UsageError(
                f'"{name}" is no name for a {self.kind}', hint="take letters, digits and _, beginning with a letter"
            )
        place = _place(sys._getframe(1))
        if self._places.setdefault(name, place) == place:
            self._definitions[name] = definition
        elif repr(self._definitions[name]) != repr(definition):
            raise UsageError(
                f'there is a {self.kind} "{name}" already, of {self._places[name]}', hint="choose another name"
            )

    def place(self, name: str) -> str:
        """Return the file, or else the module, that registered a name."""
        return self._places[name]

    def __getitem__(self, name: str) -> T:
        """Return the definition of a name."""
        return self._definitions[name]

    def __iter__(self) -> Iterator[str]:
        """List the names, the shipped ones first."""
        return iter(self._definitions)

    def __len__(self) -> int:
        """Count the definitions."""
        return len(self._definitions)


def _place(frame: FrameType) -> str:
    """Return the file, or else the module, whose code runs in a frame."""
    file = frame.f_globals.get("__file__")
    return str(Path(file).resolve()) if file else str(frame.f_globals.get("__name__"))
