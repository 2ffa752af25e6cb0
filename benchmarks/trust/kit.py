"""The undisturbed run and study that every disturbed one is compared with, and a place for each case."""

import hashlib
import json
import os
import random
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.trust.command import PLAIN, ROOT, Command, Setting

TINY = ROOT / "tests" / "data" / "tiny.py"

STUDY = """scenario = "tiny.py"
seeds = 2
[fixed]
duration = "{duration}"
[conditions.full]
[conditions.silent]
null = "no_drive"
"""

EVIL = 'open({marker!r}, "a").write("executed")\n'
"""What must not be executed."""


@dataclass
class Place:
    """Where a case happens: a folder of its own with results, cache and temporary files.

    Attributes
    ----------
    folder : Path
    kit : Kit
    chance : random.Random
        Decides what happens.
    cold : bool
        Whether nothing was compiled before.
    """

    folder: Path
    kit: "Kit"
    chance: random.Random
    cold: bool = False
    commands: list[Command] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.temporary.mkdir(parents=True)
        (self.folder / "home").mkdir()
        if not self.cold and self.kit.cache.exists():
            shutil.copytree(self.kit.cache, self.cache, symlinks=True)

    @property
    def out(self) -> Path:
        """Folder of results."""
        return self.folder / "out"

    @property
    def cache(self) -> Path:
        """What $CORTEX_CACHE says."""
        return self.folder / "cache"

    @property
    def temporary(self) -> Path:
        """What $TMPDIR says."""
        return self.folder / "tmp"

    @property
    def marker(self) -> Path:
        """A file that is there if something was executed that was only to be read."""
        return self.folder / "executed"

    def precious(self) -> Path:
        """Return a folder, made now, with a file that nobody may touch."""
        folder = self.folder / "precious"
        folder.mkdir(exist_ok=True)
        (folder / "thesis.txt").write_text("years")
        return folder

    @property
    def touched(self) -> bool:
        """Whether that file was deleted or written."""
        thesis = self.folder / "precious" / "thesis.txt"
        return thesis.parent.exists() and (not thesis.exists() or thesis.read_text() != "years")

    @property
    def evil(self) -> str:
        """Python that writes the marker."""
        return EVIL.format(marker=str(self.marker))

    def command(self, words: Sequence[str], setting: Setting = PLAIN) -> Command:
        """Start a command here; "OUT" stands for the folder of results, "RUN" for its first run.

        In the environment, "HERE" stands for the folder of the case.
        """
        run = str(self.out / "runs" / self.kit.first) if "RUN" in words else ""
        here = {name: value and value.replace("HERE", str(self.folder)) for name, value in setting.environment.items()}
        own = {"CORTEX_CACHE": str(self.cache), "TMPDIR": str(self.temporary), "MPLCONFIGDIR": str(self.kit.fonts)}
        surrounded = Setting(**{**vars(setting), "environment": {**own, "CXX": None, **here}})
        started = Command(
            [{"OUT": str(self.out), "RUN": run}.get(word, word) for word in words], self.folder, surrounded
        )
        self.commands.append(started)
        return started

    def remove(self) -> None:
        """End what goes on, and remove everything."""
        for command in self.commands:
            command.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class Kit:
    """What the cases share.

    Attributes
    ----------
    folder : Path
    backend : {"cpp", "numpy"}
    runs : dict of str to tuple of str
        Digest of each run, done without disturbance, by its name.
    recipe : str
        Name of the recipe of the run's network in the cache.
    done : dict of tuple of str to list of str
        Names of the runs that a command makes.
    compared : str
        What `cortex compare` says of the undisturbed study.
    seconds : dict of str to float, s
        How long the commands took without disturbance.
    """

    folder: Path
    backend: str
    runs: dict[str, tuple[str, str]] = field(default_factory=dict)
    recipe: str = ""
    done: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    compared: str = ""
    seconds: dict[str, float] = field(default_factory=dict)

    cache = property(lambda self: self.folder / "cache")
    fonts = property(lambda self: self.folder / "fonts")
    scenario = property(lambda self: str(self.folder / "tiny.py"))

    @property
    def run(self) -> tuple[str, ...]:
        """A run."""
        return ("run", self.scenario, "-p", "duration=0.1 s", "-j", "2", "--backend", self.backend, "-o", "OUT")

    @property
    def long(self) -> tuple[str, ...]:
        """A run that takes long enough to be disturbed."""
        duration = "200 s" if self.backend == "cpp" else "1 s"
        return tuple(f"duration={duration}" if word.startswith("duration") else word for word in self.run)

    @property
    def study(self) -> tuple[str, ...]:
        """A study of four runs, in one process."""
        return ("study", str(self.folder / "mine.toml"), "-j", "1", "--backend", self.backend, "-o", "OUT")

    @property
    def first(self) -> str:
        """Name of the folder of the run."""
        return self.done[self.run][0]

    def start(self, place: Place, what: str) -> None:
        """Put the results of the undisturbed run or study in a place."""
        if what:
            shutil.copytree(self.folder / what / "out", place.out, symlinks=True)


def make(folder: Path, backend: str) -> Kit:
    """Do everything once without disturbance."""
    kit = Kit(folder, backend)
    kit.fonts.mkdir(parents=True)
    shutil.copy2(TINY, kit.scenario)
    os.utime(kit.scenario, (1.6e9, 1.6e9))
    (folder / "mine.toml").write_text(STUDY.format(duration="0.1 s"))
    cold = True
    for name, words in (("run", kit.run), ("long", kit.long), ("study", kit.study)):
        place = Place(folder / name, kit, random.Random(0), cold)
        begun = time.monotonic()
        done = place.command(words).wait(300)
        if done.code != 0:
            raise RuntimeError(f"`cortex {' '.join(words)}` fails without any disturbance: {done.text}")
        kit.seconds[name] = time.monotonic() - begun
        if place.cache.exists():
            shutil.rmtree(kit.cache, ignore_errors=True)
            shutil.copytree(place.cache, kit.cache, symlinks=True)
            kit.recipe = kit.recipe or next((kit.cache / "binaries").glob("*.recipe")).name
        runs = {run.name: digest(run) for run in sorted((place.out / "runs").iterdir())}
        kit.runs |= runs
        kit.done[words] = list(runs)
        cold = backend != "cpp"
    kit.compared = comparison(place)
    return kit


def digest(run: Path) -> tuple[str, str]:
    """Return the measures and predictions of a run as text, and a hash of every byte of its data, so of all arrays.

    Raises
    ------
    OSError, ValueError, KeyError, TypeError
        If it cannot be read.
    """
    record: dict[str, Any] = json.loads((run / "run.json").read_text(encoding="utf-8"))
    numbers = json.dumps([record["measures"], record["predictions"]], sort_keys=True)
    return numbers, hashlib.sha256((run / "data.nc").read_bytes()).hexdigest()


def comparison(place: Place) -> str:
    """Return what `cortex compare` says of a study, without names of folders; its error if it fails."""
    done = place.command(("compare", "OUT", "--no-figures", "--json")).wait(60)
    if done.code != 0:
        return f"exit {done.code}: {done.message}"
    told = json.loads(done.output.replace(str(place.folder), ""))
    told["warnings"] = [
        text for text in told["warnings"] if "versions of the program" not in text
    ]  # a source was edited
    return json.dumps(told, indent=1)
