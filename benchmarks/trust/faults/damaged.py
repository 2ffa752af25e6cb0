"""Damaged files: of a study, of its runs, and of the cache of compiled programs."""

import itertools
import math
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.trust.command import Command
from benchmarks.trust.damage import BYTES, JSON, PLACE, TABLE, Damage, remove
from benchmarks.trust.faults.fault import Fault, Group
from benchmarks.trust.kit import Kit, Place

STUDY_FILES: list[tuple[str, str, Damage]] = [
    *((name, how, act) for name in ("plan.csv", "trials.csv") for how, act in (BYTES | PLACE | TABLE).items()),
    *(("environment.json", how, act) for how, act in (BYTES | PLACE | JSON).items()),
    *(("study.toml", how, act) for how, act in (BYTES | PLACE).items()),
]
RUN_FILES: list[tuple[str, str, Damage]] = [
    *(("run.json", how, act) for how, act in (BYTES | PLACE | JSON).items()),
    *(("data.nc", how, act) for how, act in (BYTES | PLACE).items()),
    *((name, how, act) for name in ("log.txt", "scenario.py") for how, act in (BYTES | PLACE).items()),
]
CACHED: list[tuple[str, str, Damage]] = [
    *((name, how, act) for name in ("binary", "array", "constants") for how, act in (BYTES | PLACE).items()),
    *((name, how, act) for name in ("program.json", "sources.json") for how, act in (BYTES | PLACE | JSON).items()),
    *((name, how, act) for name in ("recipe", "cache") for how, act in PLACE.items()),
    *(("lock", how, act) for how, act in PLACE.items()),
    ("binary", "another program", lambda path, chance: shutil.copy("/bin/true", path)),
    ("binary", "not executable", lambda path, chance: path.chmod(0o644)),
    ("binary", "a pipe", lambda path, chance: (remove(path), os.mkfifo(path))),
    ("lock", "a pipe", lambda path, chance: (remove(path), os.mkfifo(path))),
]


def of_a_study(number: int, chance: Random, kit: Kit) -> Fault:
    """A file of a study is damaged; the study goes on, or is looked at."""
    readers = (kit.study, ("status", "OUT"), ("compare", "OUT", "--no-figures"))
    words, (name, how, act) = _choose(list(itertools.product(readers, STUDY_FILES)), number)
    return Fault(
        f"{words[0]}, {name}: {how}",
        words,
        start="study",
        prepare=lambda place: act(place.out / name, chance),
        undo=lambda place: remove(place.out / name) if os.path.lexists(place.out / name) else None,
        final=kit.study,
    )


def of_a_run(number: int, chance: Random, kit: Kit) -> Fault:
    """A file of a run is damaged; the run is asked for, or its study goes on or is looked at, or it is repeated."""
    run, study = (kit.run, "run", kit.run), (kit.study, "study", kit.study)
    readers = [run, study]
    readers += [((name, "OUT"), "study", kit.study) for name in ("status", "compare")]
    readers += [(("export", "RUN", "x.nwb"), "run", kit.run), (("run", "RUN", "-n"), "run", kit.run)]
    (words, start, final), (name, how, act) = _choose(list(itertools.product(readers, RUN_FILES)), number)
    words = (*words, "--no-figures") if words[0] == "compare" else words

    def damaged(place: Place) -> Path:
        return sorted((place.out / "runs").iterdir())[0] / name

    return Fault(
        f"{words[0]} {words[1] if words[1] == 'RUN' else ''}, {name}: {how}".replace(" ,", ","),
        words,
        start=start,
        prepare=lambda place: act(damaged(place), chance),
        undo=lambda place: remove(damaged(place).parent),
        final=final,
    )


def of_the_cache(number: int, chance: Random, kit: Kit) -> Fault:
    """Something in the cache is damaged."""
    name, how, act = _choose(CACHED, number)
    return Fault(
        f"{name}: {how}",
        kit.run,
        prepare=lambda place: act(_cached(place, name), chance),
        undo=lambda place: remove(place.cache),
        limit=45.0,
    )


def removed_all_the_time(number: int, chance: Random, kit: Kit) -> Fault:
    """The cache, unfinished runs, or temporary files are removed again and again while a run goes on."""
    what, pattern = (("cache", "*"), ("out", "**/*.partial"), ("tmp", "*"))[number % 3]

    def during(command: Command, place: Place) -> None:
        while command.sleep(chance.uniform(0, 0.1)):
            for left in (place.folder / what).glob(pattern):
                shutil.rmtree(left, ignore_errors=True)

    return Fault(f"{what} is emptied all the time", kit.long, during=during, cold=number % 6 == 0)


def _cached(place: Place, name: str) -> Path:
    """Return a file of the program that the run uses."""
    home = place.cache / "binaries" / place.kit.recipe
    arrays = sorted((home / "static_arrays").iterdir(), key=lambda path: ("constants" in path.name, path.name))
    binary = min(path for path in home.parent.iterdir() if path.is_file() and not path.suffix)
    lock = min(home.parent.glob("*.lock"), default=binary.with_suffix(".lock"))
    files = {"binary": binary, "lock": lock, "recipe": home, "cache": place.cache}
    files |= {"array": arrays[0], "constants": arrays[-1]}
    if name == "lock":
        shutil.rmtree(home)  # else nothing has to be locked
        files["lock"].touch()
    return files.get(name, home / name)


def _choose(combinations: Sequence[Any], number: int) -> Any:
    """Return one of all combinations; consecutive numbers are far from each other."""
    step = next(step for step in itertools.count(37) if math.gcd(step, len(combinations)) == 1)
    return combinations[number * step % len(combinations)]


GROUPS = [
    Group("corrupt study", 3 * len(STUDY_FILES), of_a_study),
    Group("corrupt run", 6 * len(RUN_FILES), of_a_run),
    Group("damaged cache", len(CACHED), of_the_cache, compiled=True),
    Group("removed all the time", 9, removed_all_the_time, compiled=True),
]
