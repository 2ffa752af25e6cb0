"""The code of a scenario that stands in no file: of functions written in a notebook or at a prompt."""

import inspect
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any


def interactive_code(functions: list[Callable[..., Any] | None]) -> str:
    """Return the source of all functions of ``__main__`` that some functions are made of; "" if there is none."""
    seen: dict[int, FunctionType] = {}
    for function in functions:
        _collect(function, seen)
    return "\n".join(_source(function) for function in seen.values() if function.__module__ == "__main__")


def _collect(value: Any, seen: dict[int, FunctionType]) -> None:
    """Add a function and all that it refers to."""
    value = inspect.unwrap(value) if callable(value) else value
    if not isinstance(value, FunctionType) or id(value) in seen:
        return
    seen[id(value)] = value
    for other in _references(value):
        _collect(other, seen)


def _references(function: FunctionType) -> Iterator[Any]:
    """Return the values that a function closes over, and for one of ``__main__`` the globals that it names."""
    for cell in function.__closure__ or ():
        yield cell.cell_contents
    if function.__module__ == "__main__":
        yield from (function.__globals__.get(name) for name in function.__code__.co_names)


def _source(function: FunctionType) -> str:
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):  # typed at a plain prompt
        return f"{function.__qualname__} {function.__code__.co_code.hex()} {function.__code__.co_consts!r}"
