"""Python that somebody has put where results, settings and caches are read: it may not be executed."""

import json
import os
import shutil
from collections.abc import Callable
from random import Random

from benchmarks.trust.command import Setting
from benchmarks.trust.faults.fault import Fault, Group
from benchmarks.trust.kit import Kit, Place

NOBODY = 65_534


def _first(place: Place) -> str:
    return str(min((place.out / "runs").iterdir()))


def _edit(path: str, key: str, value: object) -> None:
    with open(path, encoding="utf-8") as file:
        record = json.load(file)
    record[key] = value
    record.pop("sha256", "")  # a digest of the record, which only tells damage
    with open(path, "w", encoding="utf-8") as file:
        json.dump(record, file)


def _evil(place: Place, name: str) -> str:
    path = place.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(place.evil)
    return str(path)


def _named_in_study(place: Place) -> None:
    _evil(place, "out/evil.py")
    text = (place.out / "study.toml").read_text()
    (place.out / "study.toml").write_text(text.replace('"tiny.py"', '"evil.py"').replace(place.kit.scenario, "evil.py"))


def _named_in_environment(place: Place) -> None:
    _edit(str(place.out / "environment.json"), "scenario_file", _evil(place, "elsewhere/evil.py"))


def _kept_scenario(place: Place) -> None:
    for run in (place.out / "runs").iterdir():
        (run / "scenario.py").write_text(place.evil)


def _named_in_run(place: Place) -> None:
    for run in (place.out / "runs").iterdir():
        (run / "scenario.py").unlink(missing_ok=True)
        _edit(str(run / "run.json"), "scenario", _evil(place, "elsewhere/evil.py"))


def _beside(place: Place) -> None:
    for folder in ("", "out/", "out/runs/"):
        for name in (
            "numpy.py",
            "json.py",
            "tiny.py",
            "matplotlib.py",
            "scenarios.py",
            "sitecustomize.py",
            "conclusions.py",
        ):
            _evil(place, folder + name)


def _preferences(place: Place) -> None:
    text = f'codegen.target = [open({str(place.marker)!r}, "w").write("x"), "numpy"][1]\n'
    for folder in (place.folder, place.out):
        folder.mkdir(exist_ok=True)
        (folder / "brian_preferences").write_text(text)


def _others_cache(place: Place) -> None:
    """Give the cache to somebody else, with a program of theirs in it."""
    for folder, _, files in os.walk(place.cache):
        os.chmod(folder, 0o777)
        os.chown(folder, NOBODY, NOBODY) if not os.geteuid() else None
        for name in files:
            os.chown(os.path.join(folder, name), NOBODY, NOBODY) if not os.geteuid() else None
    for path in _binaries(place):
        _program(place, str(path))


def _program(place: Place, path: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\ntouch {place.marker}\n")
    os.chmod(path, 0o755)


def _binaries(place: Place) -> list[os.PathLike[str]]:
    return [path for path in (place.cache / "binaries").iterdir() if path.is_file() and not path.suffix]


def _program_elsewhere(place: Place) -> None:
    """Have a recipe name a program outside of the cache."""
    _program(place, str(place.folder / "evil"))
    for recipe in (place.cache / "binaries").glob("*.recipe"):
        for name in ("binary", "entry"):
            _edit(str(recipe / "program.json"), name, str(place.folder / "evil"))


def _locks(place: Place) -> None:
    """Have every lock be a link to a file that nobody may touch."""
    for path in (place.cache / "binaries").glob("*.lock"):
        path.unlink()
        os.symlink(place.precious() / "thesis.txt", path)
    for recipe in (place.cache / "binaries").glob("*.recipe"):
        shutil.rmtree(recipe)


def _links_in_data(place: Place) -> None:
    """Have the data of a run link to a file elsewhere."""
    import h5py

    secret = place.precious() / "secret.h5"
    with h5py.File(secret, "w") as file:
        file["x"] = [1.0, 2.0]
    with h5py.File(os.path.join(_first(place), "data.nc"), "a") as file:
        file["driven"]["outside"] = h5py.ExternalLink(str(secret), "x")


PLANTS: dict[str, Callable[[Place], object]] = {
    "scenario of study.toml": _named_in_study,
    "scenario_file of environment.json": _named_in_environment,
    "scenario.py of the runs": _kept_scenario,
    "scenario of run.json": _named_in_run,
    "modules beside": _beside,
    "brian_preferences": _preferences,
}
READERS = (
    ("compare", "OUT"),
    ("compare", "OUT", "--no-figures", "--by", "condition"),
    ("status", "OUT"),
    ("run", "RUN", "-n"),
    ("export", "RUN", "x.nwb"),
    ("list",),
    ("show", "copy_pair"),
    ("doctor",),
)


def planted(number: int, chance: Random, kit: Kit) -> Fault:
    """A folder of results holds Python, and is read."""
    plant = list(PLANTS)[number % len(PLANTS)]
    words = READERS[number // len(PLANTS) % len(READERS)]

    def mend(place: Place) -> None:
        shutil.rmtree(place.out)
        kit.start(place, "study")
        shutil.rmtree(_first(place))

    fresh = plant in ("modules beside", "brian_preferences")
    name = f"{' '.join(words[:2])}, {plant}"
    return Fault(name, words, "study", PLANTS[plant], mend=mend, setting=Setting(fresh=fresh), final=kit.study)


def in_the_cache(number: int, chance: Random, kit: Kit) -> Fault:
    """The cache holds programs of somebody else."""
    acts = {
        "cache of another user": _others_cache,
        "recipe names a program elsewhere": _program_elsewhere,
        "locks are links": _locks,
    }
    name = list(acts)[number % len(acts)]
    return Fault(f"{name}", kit.run, prepare=acts[name], undo=lambda place: shutil.rmtree(place.cache), limit=60.0)


def in_the_data(number: int, chance: Random, kit: Kit) -> Fault:
    """The data of a run link elsewhere."""

    def mend(place: Place) -> None:
        shutil.rmtree(_first(place))

    words = (("export", "RUN", "x.nwb"), ("compare", "OUT"), ("run", "RUN", "-n"))[number % 3]
    return Fault(f"{words[0]}, data.nc links elsewhere", words, "study", _links_in_data, mend=mend, final=kit.study)


GROUPS = [
    Group("planted code", len(PLANTS) * len(READERS), planted),
    Group("planted programs", 6, in_the_cache, compiled=True),
    Group("links in data", 3, in_the_data),
]
