"""Nonsense that is typed: quantities, values, parameters, names, and study files."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.trust.damage import ODD, retyped
from benchmarks.trust.fuzz.files import keep_plan, kept_plan
from benchmarks.trust.fuzz.target import Reader, Target, Wrong
from benchmarks.trust.kit import TINY
from cortex.commands.options import Assignment
from cortex.errors import did_you_mean
from cortex.experiment import catalogue, units
from cortex.experiment.scenario import Scenario
from cortex.studies import plan, source, study_file, values
from cortex.studies.session import Session

UNITS = (
    "s",
    "ms",
    "Hz",
    "kHz",
    "mV",
    "nS",
    "uF",
    "mm",
    "m",
    "cm",
    "A",
    "kg",
    "second",
    "volt",
    "radian",
    "celsius",
    "x",
    "µs",
)
KINDS = {
    units.parse(f"1 {unit}").dim for unit in ("", "s", "Hz", "m", "V", "A", "S", "F", "m/s", "/m^2", "Hz/mV", "nS/mm^2")
}
"""Dimensions that a parameter may have."""

STUDIES = (
    """scenario = "copy_pair"
title = "t"
seed = 1
seeds = 2
points = 4
[fixed]
training.release = "200 s"
[vary]
copying.learning_rate = "log(1e-3, 16e-3, 2)"
normalization.release = ["step", "never"]
skin.length = "sobol(2, 9)"
[conditions.hold]
[conditions.no_hold]
null = "no_hold"
[conditions.strong]
normalization.conductance = "12 nS"
[limits]
minutes = 20
gigabytes = 4
[primary]
measure = "copy_seconds"
criterion = "<= 60"
""",
    'scenario = "copy_pair"\nseeds = 3\nquick = true\n[vary]\ncopies = [2, 3]\n',
    'scenario = "copy_pair"\nfigures = true\n[fixed]\ncopies = 2\n[conditions.a]\n[conditions."b c"]\ncopies = 4\n',
)
EXTREME = (
    "a=" + "[" * 5000,
    "a=" + "{a=" * 2000,
    "[a" + ".a" * 3000 + "]\nb=1",
    "[fixed]\nx" + ".y" * 1500 + "=1",
    "seeds = " + "9" * 5000,
    "a = 0x" + "f" * 9000,
    "scenario = 1979-05-27\n[vary]\na = [1979-05-27, 07:32:00]",
    STUDIES[1].replace("seeds = 3", "seeds = 1000000000000"),
    STUDIES[0].replace("points = 4", "points = 1099511627776"),
    STUDIES[0] + f'\n[conditions."{"x" * 5000}"]\n',
)


def number(chance: Random) -> str:
    """Return a number, or what looks like one."""
    kinds = (
        str(chance.randint(-9, 9)),
        repr(chance.uniform(-1, 1)),
        f"{chance.gauss(0, 10.0 ** chance.randint(-300, 300)):.17g}",
        f"{chance.randint(0, 99)}e{chance.randint(-500, 500)}",
        chance.choice(ODD),
    )
    return chance.choice(kinds)


def quantity(chance: Random) -> str:
    """Return a number with units, or what looks like one."""
    text = number(chance)
    for _ in range(chance.randint(0, 3)):
        power = chance.choice(("", "", f"^{chance.randint(-9, 9)}", f"**{chance.randint(-9, 9)}"))
        text += chance.choice((" ", "*", "/", "", " / ")) + chance.choice(UNITS) + power
    return retyped(text, chance) if chance.random() < 0.3 else text


def of_quantities(folder: Path) -> Reader:
    """Quantities: what can be read can be written, and is read again as the same."""

    def read(text: str) -> None:
        found = units.parse(text)
        units.is_quantity(text)
        if found.dim in KINDS:
            units.dimension_name(found)
            again = units.parse(units.format(found))
            if float(again) != float(found) or again.dim is not found.dim:
                raise Wrong(f"{text!r} is {float(found)!r}, then {float(again)!r}")

    return Reader(quantity, read, (ValueError,))


def of_values(folder: Path) -> Reader:
    """What a study varies."""

    def draw(chance: Random) -> object:
        kind = chance.choice(("linear", "log", "sobol"))
        third = chance.choice(("", ", log", ", 3", f", {chance.randint(0, 300)}", ", 99999999999"))
        text = f"{kind}({quantity(chance)}, {quantity(chance)}{third})"
        several = ",".join(quantity(chance) for _ in range(chance.randint(1, 4)))
        text = chance.choice((text, retyped(text, chance), several, chance.choice(ODD)))
        return chance.choice((text, text, [text, number(chance)], values.split(text, chance.random() < 0.5)))

    def read(written: object) -> None:
        found = values.read(written)
        texts = found.at(np.array([0, 0.5, 1])) if isinstance(found, values.Range) else found
        if not all(isinstance(text, str) for text in texts):
            raise Wrong(f"{written!r} gives {texts!r}")

    return Reader(draw, read, (ValueError,))


def of_parameters(folder: Path) -> Reader:
    """What follows -p: a run's parameters are read again as the same."""
    scenarios = (catalogue.find(str(TINY)), catalogue.find("copy_pair"))
    typed = Assignment(lambda context: ())

    def draw(chance: Random) -> tuple[Scenario, list[str], bool, str]:
        scenario = scenarios[chance.random() < 0.2]
        known = scenario.parameters.as_text()
        texts = []
        for _ in range(chance.randint(1, 3)):
            name = chance.choice(list(known))
            value = retyped(known[name], chance) if chance.random() < 0.5 else quantity(chance)
            texts.append(f"{name}={value}" if chance.random() < 0.8 else retyped(f"{name}={value}", chance))
        null = chance.choice(("", "", "", *scenario.nulls, chance.choice(ODD)))
        return scenario, texts, chance.random() < 0.2, null

    def read(drawn: tuple[Scenario, list[str], bool, str]) -> None:
        import click

        scenario, texts, quick, null = drawn
        try:
            changes = dict(typed.convert(text, None, None) for text in texts)
        except click.UsageError:
            return
        found = scenario.resolve(changes, quick=quick, null=null).as_text()
        if scenario.parameters.override(found).as_text() != found:
            raise Wrong(f"{texts!r} is read again as something else")

    return Reader(draw, read)


def of_study_files(folder: Path) -> Reader:
    """Study files: what can be read can be written, planned, and is read again as the same."""

    def draw(chance: Random) -> str:
        return chance.choice(EXTREME) if chance.random() < 0.02 else retyped(chance.choice(STUDIES), chance)

    def read(text: str) -> None:
        study, problems = study_file.parse(text, "mine.toml")
        if study is None or problems:
            raise study_file.mistakes("mine.toml", problems)
        if study.scenario.endswith(".py"):
            return
        scenario = catalogue.find(study.scenario)
        if problems := study_file.check(study, scenario):
            raise study_file.mistakes("mine.toml", problems)
        if study_file.parse(study_file.write(study), "again") != (study, []):
            raise Wrong("a study is read again as something else")
        if study.seeds < 10 and (study.points or 0) < 10:
            planned = plan.make(study, scenario)
            keep_plan(folder, planned)
            if kept_plan(folder) != planned:
                raise Wrong("a plan is read again as something else")

    return Reader(draw, read)


def of_names(folder: Path) -> Reader:
    """Names of scenarios and studies, and parts of a study."""
    planned = [plan.PlannedRun(f"{run:010x}-r000", "", 0) for run in range(5)]
    session = Session(None, "auto", {}, planned)  # type: ignore[arg-type]
    known = [*catalogue.titles("scenarios"), *catalogue.studies()]

    def draw(chance: Random) -> tuple[int, str]:
        shards = (f"{number(chance)}/{number(chance)}", "1/2", "²/³", "1/" + "9" * 5000)
        names = (
            retyped(chance.choice(known), chance),
            chance.choice(ODD) + chance.choice(("", ".py", ".toml")),
            "x" * 5000,
        )
        kind = chance.randrange(4)
        return kind, chance.choice(shards if kind == 0 else names)

    def read(drawn: tuple[int, str]) -> None:
        kind, text = drawn
        readers: tuple[Callable[[str], object], ...] = (
            session.part,
            catalogue.find,
            lambda name: source.find(name, source.Changes(seeds=2)),
            lambda name: did_you_mean(name, known),
        )
        readers[kind](text)

    return Reader(draw, read)


TARGETS = [
    Target("quantities", 300_000, of_quantities),
    Target("values of studies", 200_000, of_values),
    Target("parameters", 140_000, of_parameters),
    Target("study files", 40_000, of_study_files),
    Target("names", 60_000, of_names),
]
