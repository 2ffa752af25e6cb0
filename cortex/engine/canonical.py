"""Values as bytes: equal values give equal bytes, and different ones different bytes."""

import dataclasses
import hashlib
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

PLAIN = (bool, int, float, complex, str, bytes, type(None), np.ndarray, np.generic)


def is_plain(value: Any) -> bool:
    """Return whether a value is a number, text or array, or a collection of these."""
    if isinstance(value, dict):
        return all(is_plain(part) for item in value.items() for part in item)
    return isinstance(value, PLAIN) or (isinstance(value, list | tuple | set | frozenset) and all(map(is_plain, value)))


def digest(value: Any) -> str:
    """Return a hash of a value, or of how it is written if it holds objects."""
    key = hashlib.sha256()
    try:
        for part in as_bytes(value, sets=True):
            key.update(part)
    except TypeError:
        key.update(repr(value).encode())
    return key.hexdigest()[:32]


def as_bytes(value: Any, sets: bool = False) -> Iterator[bytes]:
    """Yield a value as bytes; raise TypeError if it has a part that is known by its identity only.

    The order of a set differs from one process to the next: what depends on one is refused unless it is told to take
    `sets`.
    """
    if value is None or isinstance(value, bool | int | float | str | complex | bytes):
        yield f"{type(value).__name__} {value!r};".encode()
    elif isinstance(value, np.ndarray | np.generic) and not value.dtype.hasobject:
        yield f"array {value.dtype} {value.shape} {getattr(value, 'dim', '')};".encode()
        yield np.ascontiguousarray(value).view(np.ndarray).tobytes()
    elif hasattr(value, "as_text"):
        file = getattr(sys.modules.get(type(value).__module__), "__file__", "")
        yield f"{type(value).__module__} {type(value).__qualname__} {file};".encode()
        yield from as_bytes([value.as_text(), value.definitions()], sets)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield f"{type(value).__module__} {type(value).__qualname__};".encode()
        yield from as_bytes({field.name: getattr(value, field.name) for field in dataclasses.fields(value)}, sets)
    elif isinstance(value, list | tuple):
        yield from _collection("list", value, sets)
    elif isinstance(value, set | frozenset) and sets:
        yield from _collection("set", sorted(digest(item) for item in value), sets)
    elif isinstance(value, dict):
        yield from _collection("dict", [part for item in value.items() for part in item], sets)
    else:
        raise TypeError(f"a {type(value).__name__} cannot be hashed by its value")


def _collection(kind: str, items: Iterable[Any], sets: bool) -> Iterator[bytes]:
    items = list(items)
    yield f"{kind} {len(items)};".encode()
    for item in items:
        yield from as_bytes(item, sets)
