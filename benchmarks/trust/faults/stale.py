"""What earlier processes, other machines and other programs may have left where a run is to be written."""

import json
import os
import platform
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from benchmarks.trust.damage import remove
from benchmarks.trust.faults.fault import Fault, Group
from benchmarks.trust.kit import Kit, Place

HOST = platform.node()
DEAD = {"host": HOST, "pid": 999_999, "started": 1.0, "starts": {"": 2}}
AWAY = DEAD | {"host": "elsewhere"}
DAY = 86_400.0

WRITERS: dict[str, tuple[object, float]] = {
    "no writer": (None, 0),
    "of a process that is dead": (DEAD, 0),
    "of this very process": (DEAD | {"pid": os.getpid()}, 0),
    "of another machine, long ago": (AWAY, 1000),
    "of another machine, dated a day ahead": (AWAY, -DAY),
    "of another machine, dated ten years ahead": (AWAY, -3650 * DAY),
    "empty": ("", 0),
    "null": ("null", 0),
    "a list": ("[]", 0),
    "nested deeply": ("[" * 100_000, 0),
    "host is a number": ({"host": 5}, 1000),
    "starts is a list": (DEAD | {"starts": [1, 2]}, 0),
    "starts is a text": (DEAD | {"starts": "ab"}, 0),
    "starts counts texts": (DEAD | {"starts": {"": "x"}}, 0),
    "started is a text": (AWAY | {"started": "x"}, 1000),
    "started is null": (AWAY | {"started": None}, 1000),
}
"""What writer.json of an unfinished run holds, and its age, s."""


def unfinished(number: int, chance: Random, kit: Kit) -> Fault:
    """A folder of an unfinished run is there."""
    writers = list(WRITERS)
    name = writers[number % len(writers)]
    words = (kit.run, kit.study)[number // len(writers) % 2]
    content, age = WRITERS[name]

    def prepare(place: Place) -> None:
        partial = _partial(place, words)
        (partial / "figures").mkdir(parents=True)
        (partial / "data.nc").write_bytes(b"x" * 100)
        (partial / "run.json").write_text('{"status": "complete"}')
        if content is not None:
            writer = partial / "writer.json"
            writer.write_text(content if isinstance(content, str) else json.dumps(content))
            os.utime(writer, (time.time() - age,) * 2)

    return Fault(
        f"{words[0]}, unfinished, writer.json {name}",
        words,
        prepare=prepare,
        undo=lambda place: shutil.rmtree(_partial(place, words)),  # which is safe to delete
        limit=200.0 if age < 0 else 45.0,  # two minutes without a sign of life
    )


def _folder_with(inside: Callable[[Place, Path], object]) -> Callable[[Place, Path], object]:
    def act(place: Place, path: Path) -> None:
        path.mkdir()
        inside(place, path)

    return act


PUT: dict[str, Callable[[Place, Path], object]] = {
    "a file": lambda place, path: path.write_text("x"),
    "a link to itself": lambda place, path: os.symlink(path.name, path),
    "a link to nothing": lambda place, path: os.symlink(place.folder / "nowhere" / "at" / "all", path),
    "a link to a folder elsewhere": lambda place, path: os.symlink(place.precious(), path),
    "an empty folder": lambda place, path: path.mkdir(),
    "a folder with a link elsewhere": _folder_with(
        lambda place, path: os.symlink(place.precious(), path / "figures")
    ),
    "a folder with links to files elsewhere": _folder_with(
        lambda place, path: [
            os.symlink(place.precious() / "thesis.txt", path / name) for name in ("log.txt", "writer.json", "data.nc")
        ]
    ),
}  # fmt: skip
"""What may be where a folder is to be."""

ENDINGS = (".partial", "", ".failed", ".damaged")


def in_the_way(number: int, chance: Random, kit: Kit) -> Fault:
    """Something else has the name of a folder of a run."""
    what, ending = list(PUT)[number % len(PUT)], ENDINGS[number // len(PUT) % len(ENDINGS)]
    words = (kit.run, kit.study)[number // len(PUT) // len(ENDINGS) % 2]

    def path(place: Place) -> Path:
        return _partial(place, words).with_suffix(ending)

    def prepare(place: Place) -> None:
        path(place).parent.mkdir(parents=True)
        PUT[what](place, path(place))

    def undo(place: Place) -> None:
        remove(path(place)) if os.path.lexists(path(place)) else None

    return Fault(f"{words[0]}, NAME{ending} is {what}", words, prepare=prepare, undo=undo, limit=45.0)


def above(number: int, chance: Random, kit: Kit) -> Fault:
    """Something else is where the folder of results, or of runs, is to be."""
    what, level = list(PUT)[number % 3], ("out", "out/runs")[number // 3 % 2]
    words = (kit.run, kit.study)[number // 6 % 2]

    def prepare(place: Place) -> None:
        path = place.folder / level
        path.parent.mkdir(exist_ok=True)
        PUT[what](place, path)

    return Fault(
        f"{words[0]}, {level} is {what}",
        words,
        prepare=prepare,
        undo=lambda place: remove(place.folder / level),
        limit=45.0,
    )


def failed_before(number: int, chance: Random, kit: Kit) -> Fault:
    """A failed run is there, with a record of its failure of any shape."""
    content = ('{"cause": "x"}', "[]", "null", '{"cause": []}', "", "[" * 100_000, '{"cause": "' + "x" * 100_000 + '"}')
    reader = (("status", "OUT"), kit.study)[number // len(content) % 2]

    def prepare(place: Place) -> None:
        run = sorted((place.out / "runs").iterdir())[0]
        run.rename(run.with_suffix(".failed"))
        (run.with_suffix(".failed") / "failure.json").write_text(content[number % len(content)])

    def undo(place: Place) -> None:
        for failed in (place.out / "runs").glob("*.failed"):
            shutil.rmtree(failed)

    name = f"{reader[0]}, failure.json {content[number % len(content)][:20]!r}"
    return Fault(name, reader, start="study", prepare=prepare, mend=undo, final=kit.study)


def _partial(place: Place, words: tuple[str, ...]) -> Path:
    return place.out / "runs" / f"{place.kit.done[words][0]}.partial"


GROUPS = [
    Group("unfinished run", 2 * len(WRITERS), unfinished),
    Group("name is taken", 2 * len(PUT) * len(ENDINGS), in_the_way),
    Group("folder is taken", 12, above),
    Group("failed run", 14, failed_before),
]
