"""Warnings that are to be errors (``python -W error``, PYTHONWARNINGS): in a user's code, not in installed packages."""

import sys
import warnings
from typing import Any

from cortex.guard import is_users


class _OfUser:
    """In a filter of warnings in the place of a pattern: matches the modules of a user.

    Parameters
    ----------
    pattern : re.Pattern, optional
        Which of them; by default all.
    """

    def __init__(self, pattern: Any = None) -> None:
        self.pattern = pattern

    def match(self, name: str) -> bool:
        """Return whether a module of this name is a user's; what is being compiled has the name of its file."""
        file = getattr(sys.modules[name], "__file__", None) if name in sys.modules else name
        theirs = name == "__main__" or (file is not None and not file.startswith("<") and is_users(file))
        return theirs and (self.pattern is None or bool(self.pattern.match(name)))


def restrict() -> None:
    """Have no warning of an installed package be an error: it is nothing that a user of this program can mend."""
    warnings.filters[:] = [  # type: ignore[index]
        (action, text, kind, _OfUser(module), line)
        if action == "error" and not isinstance(module, str | _OfUser)
        else (action, text, kind, module, line)
        for action, text, kind, module, line in warnings.filters
    ]
