"""Ways to damage a file: its bytes, its JSON, its table, or what is there in its place."""

import copy
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

ODD = [
    "", " ", "nan", "inf", "1e400", "-0.0", "9" * 400, "0x10", "../../x", "/etc/passwd", "\0", "é" * 50, "\u202e",
    "`id`",
    "$(touch executed)", "__import__('os').system('touch executed')", "{0.__class__}", "%s%n", "=1+1", "@x", "$\\frac{",
    "a..b", "__class__", "linear(0,1,5)", "sobol(0,1)", "20 ms", "1 s^9", "null", "true", "x" * 3000,
]  # fmt: skip
"""Texts that somebody may take for more than a text."""

OTHER: list[Any] = [
    None, True, 0, -1, 1.5, float("nan"), float("inf"), 10**30, -(10**400), "", "x", "../x", "\0", "x" * 3000,
    [], [1], [[]], [None], {}, {"a": 1}, {"": None},
]  # fmt: skip
"""Values of another type than a file should have."""

Damage = Callable[[Path, random.Random], None]


def flipped(content: bytes, chance: random.Random, bits: int = 1) -> bytes:
    """Return bytes with some bits flipped."""
    changed = bytearray(content)
    for _ in range(bits if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def scrambled(content: bytes, chance: random.Random) -> bytes:
    """Return bytes with a few flipped, overwritten, doubled or cut."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(changed) + 1)
        stretch = slice(start, start + chance.randint(1, 12))
        kind = chance.random()
        if kind < 0.5:
            changed = bytearray(flipped(bytes(changed), chance))
        elif kind < 0.7:
            changed[stretch] = chance.randbytes(len(changed[stretch]))
        elif kind < 0.8:
            changed[stretch] = chance.choice(ODD).encode("utf-8", "surrogatepass")
        elif kind < 0.9:
            changed[start:start] = changed[stretch]
        else:
            del changed[slice(start, None) if chance.random() < 0.3 else stretch]
    return bytes(changed)


def reshaped(value: Any, chance: random.Random) -> Any:
    """Return plain values with a few of another type, missing, or beside the others."""
    whole = copy.deepcopy(value)
    for _ in range(chance.randint(1, 3)):
        parent, key, inner = None, None, whole
        while isinstance(inner, dict | list) and inner and chance.random() < 0.75:
            parent, key = inner, chance.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))
            inner = parent[key]
        if parent is None:
            whole = copy.deepcopy(chance.choice(OTHER)) if chance.random() < 0.05 else whole
        elif chance.random() < 0.7:
            parent[key] = copy.deepcopy(chance.choice(OTHER))
        else:
            del parent[key]
    return whole


def retyped(text: str, chance: random.Random) -> str:
    """Return a text with a few characters changed, moved or put in."""
    for _ in range(chance.randint(1, 3)):
        start = chance.randrange(len(text) + 1)
        end = start + chance.randint(0, 10)
        between = (
            "",
            chance.choice(ODD),
            chr(chance.choice((0, 9, 10, 13, 34, 39, 44, 92, 127, 0x2028, 0x661, 0x1F600, chance.randint(32, 126)))),
            text[start:end] * 2,
            str(chance.gauss(0, 10.0 ** chance.randint(-30, 30))),
        )
        text = text[:start] + chance.choice(between) + text[end if chance.random() < 0.5 else start :]
    return text


def _rewrite(change: Callable[[bytes, random.Random], bytes]) -> Damage:
    return lambda path, chance: _write(path, change(path.read_bytes(), chance))


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def remove(path: Path) -> None:
    """Remove whatever is there."""
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _replaced(put: Callable[[Path], object]) -> Damage:
    def act(path: Path, chance: random.Random) -> None:
        remove(path)
        put(path)

    return act


def _lines(change: Callable[[list[bytes], random.Random], list[bytes]]) -> Damage:
    return _rewrite(lambda content, chance: b"".join(change(content.splitlines(keepends=True), chance)))


def _other_field(lines: list[bytes], chance: random.Random) -> list[bytes]:
    row = chance.randrange(1, len(lines))
    fields = lines[row].rstrip(b"\n").split(b",")
    fields[chance.randrange(len(fields))] = chance.choice((b"999.5", b"silenu", b"", b"=1+1", b"x" * 300))
    return [*lines[:row], b",".join(fields) + b"\n", *lines[row + 1 :]]


def _as_json(content: bytes, chance: random.Random) -> bytes:
    return json.dumps(reshaped(json.loads(content), chance)).encode()


BYTES: dict[str, Damage] = {
    "empty": _rewrite(lambda content, chance: b""),
    "cut": _rewrite(lambda content, chance: content[: chance.randrange(len(content))]),
    "one bit": _rewrite(lambda content, chance: flipped(content, chance)),
    "many bits": _rewrite(lambda content, chance: flipped(content, chance, 40)),
    "zeros": _rewrite(lambda content, chance: bytes(len(content))),
    "noise": _rewrite(lambda content, chance: chance.randbytes(len(content))),
    "longer": _rewrite(lambda content, chance: content + chance.randbytes(100)),
}
"""Other bytes."""

PLACE: dict[str, Damage] = {
    "gone": lambda path, chance: remove(path),
    "a folder": _replaced(Path.mkdir),
    "a link to itself": _replaced(lambda path: os.symlink(path.name, path)),
    "a link to nothing": _replaced(lambda path: os.symlink(path.parent / "nowhere" / "at" / "all", path)),
}
"""Something else in its place."""

JSON: dict[str, Damage] = {
    **{f"JSON of another shape {number}": _rewrite(_as_json) for number in range(6)},
    "an empty object": _rewrite(lambda content, chance: b"{}"),
    "a list": _rewrite(lambda content, chance: b"[]"),
    "null": _rewrite(lambda content, chance: b"null"),
    "only complete": _rewrite(lambda content, chance: b'{"status":"complete"}'),
    "nested deeply": _rewrite(lambda content, chance: b"[" * 100_000),
    "a number of 5000 digits": _rewrite(lambda content, chance: b'{"made_with":' + b"9" * 5000 + b"}"),
}
"""Valid JSON, or nearly, but not what it should be."""

TABLE: dict[str, Damage] = {
    "last line lost": _lines(lambda lines, chance: lines[:-1]),
    "a line lost": _lines(lambda lines, chance: [*lines[:2], *lines[3:]]),
    "head alone": _lines(lambda lines, chance: lines[:1]),
    "a line twice": _lines(lambda lines, chance: [*lines, lines[-1]]),
    "head lost": _lines(lambda lines, chance: lines[1:]),
    **{f"a field edited {number}": _lines(_other_field) for number in range(8)},
    "a stray quote": _lines(lambda lines, chance: [lines[0], b'"' + lines[1], *lines[2:], b"x" * 200_000]),
    "saved by a spreadsheet": _lines(lambda lines, chance: [line.replace(b",", b";") for line in lines]),
    "other line ends": _lines(lambda lines, chance: [line.replace(b"\n", b"\r\n") for line in lines]),
}
"""Edited tables."""
