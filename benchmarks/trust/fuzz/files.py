"""Nonsense in files: records, plans, tables, and recipes of compiled programs, of another shape or with other bytes."""

import json
import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any

from benchmarks.resilience import read_record
from benchmarks.trust.damage import TABLE, reshaped, scrambled
from benchmarks.trust.fuzz.target import Reader, Target, Wrong
from benchmarks.trust.kit import TINY
from cortex.engine.program import from_json
from cortex.experiment import run_folder, writer
from cortex.studies import environment, plan, plan_file, state, table

SHORT = {"duration": "0.1 s"}
DEEP = (
    b"[" * 100_000,
    b'{"a":' * 5000,
    b"9" * 5000,
    b"",
    b"null",
    b"[]",
    b"{}",
    b"nan",
    b"\xff\xfe{}",
    b'{"status":"complete"}',
)
WRITER = {"host": "elsewhere", "pid": 1, "started": 1.0, "starts": {"": 1}}
PROGRAM = {
    "binary": "0123", "entry": "0123-4567", "home": "", "duration": 1.0, "dt": 1e-4,
    "clock": {"file": "t", "dtype": "float64", "unit": "s"},
    "inputs": {"drive": {"argument": "a", "dtype": "float64", "dimension": [0, 0, 0, 0, 0, 0, 0], "shape": [2]}},
    "arrays": {"v": {"file": "v", "dtype": "float64", "unit": "V", "columns": None, "single": False}},
}  # fmt: skip


@cache
def material() -> Path:
    """Return the folder of a small study, done once."""
    import cortex

    folder = Path(mkdtemp(prefix="trust-fuzz-")) / "study"
    cortex.study(TINY, parameters=SHORT, nulls=["no_drive"], seeds=1, output=folder, jobs=1, backend="numpy")
    return folder


def kept_plan(out: Path) -> list[plan.PlannedRun]:
    """Return the plan that is kept in a folder of results."""
    return plan_file.load(out) or []


def keep_plan(out: Path, planned: list[plan.PlannedRun]) -> None:
    """Keep a plan in a folder of results."""
    plan_file.keep(out, planned)


def other_json(content: bytes, chance: Random) -> bytes:
    """Return JSON of another shape, or with other bytes."""
    kind = chance.random()
    if kind < 0.6:
        return json.dumps(reshaped(json.loads(content), chance)).encode()
    return scrambled(content, chance) if kind < 0.98 else chance.choice(DEEP)


def of_run_records(folder: Path) -> Reader:
    """run.json: read as a whole run, or as none."""
    run = _copy(folder, "run", next((material() / "runs").iterdir()))
    content = (run / "run.json").read_bytes()

    def read(changed: bytes) -> None:
        (run / "run.json").write_bytes(changed)
        read_record(run)

    return Reader(lambda chance: other_json(content, chance), read)


def of_foreign_runs(folder: Path) -> Reader:
    """A folder of runs, one with a run.json of another shape: the others count, and the table can be asked anything."""
    out = _copy(folder, "study", material())
    planned = kept_plan(out)
    changed, whole = sorted((out / "runs").iterdir())
    content = (changed / "run.json").read_bytes()

    def read(text: bytes) -> None:
        (out / table.TRIALS).unlink(missing_ok=True)
        (changed / "run.json").write_bytes(text)
        runs = table.update(out, planned, write=False)
        if whole.name not in runs.rows:
            raise Wrong("a whole run does not count any more")
        _ = runs.measures, runs.bands, runs.units, runs.parameters
        runs.numbers(runs.rows, "rate")
        state.look(out, planned, runs)

    return Reader(lambda chance: other_json(content, chance), read)


def of_tables(folder: Path) -> Reader:
    """trials.csv and plan.csv: edited, cut, or with other bytes."""
    out = _copy(folder, "study", material())
    planned = kept_plan(out)
    table.update(out, planned)
    contents = {name: (out / name).read_bytes() for name in (plan.PLAN, table.TRIALS)}
    edits = list(TABLE)

    def draw(chance: Random) -> tuple[str, Any]:
        name = chance.choice(list(contents))
        if chance.random() < 0.1:
            return name, (chance.choice(edits), chance.random())
        return name, scrambled(contents[name], chance)

    def read(drawn: tuple[str, Any]) -> None:
        name, changed = drawn
        for kept, content in contents.items():
            (out / kept).write_bytes(content)
        if isinstance(changed, bytes):
            (out / name).write_bytes(changed)
        else:
            edit, start = changed
            TABLE[edit](out / name, Random(start))
        found = kept_plan(out)
        runs = table.update(out, found or planned, write=False)
        state.look(out, found, runs)
        _ = runs.measures, runs.parameters

    return Reader(draw, read)


def of_environments(folder: Path) -> Reader:
    """environment.json."""
    content = (material() / environment.ENVIRONMENT).read_bytes()

    def read(changed: bytes) -> None:
        (folder / environment.ENVIRONMENT).write_bytes(changed)
        environment.load(folder)
        environment.changes(folder, {"sources": "x"})

    return Reader(lambda chance: other_json(content, chance), read)


def of_writers_and_failures(folder: Path) -> Reader:
    """writer.json and failure.json."""
    partial = folder / "0123456789-r000.partial"
    partial.mkdir()
    contents = {writer.WRITER: WRITER, run_folder.FAILURE: {"cause": "x", "scenario": "y"}}
    readers: dict[str, Callable[[Path], object]] = {writer.WRITER: writer.writer, run_folder.FAILURE: state.cause}

    def draw(chance: Random) -> tuple[str, bytes, float]:
        name = chance.choice(list(contents))
        return name, other_json(json.dumps(contents[name]).encode(), chance), chance.choice((0, 1e4, -1e4, 1e9))

    def read(drawn: tuple[str, bytes, float]) -> None:
        name, changed, when = drawn
        (partial / name).write_bytes(changed)
        os.utime(partial / name, (1e9 + when,) * 2)
        readers[name](partial)

    return Reader(draw, read)


def of_programs(folder: Path) -> Reader:
    """program.json of a recipe: no file of it lies elsewhere."""
    content = json.dumps(PROGRAM).encode()

    def draw(chance: Random) -> bytes:
        changed = json.loads(content)
        if chance.random() < 0.2:
            outside = chance.choice(("/bin/true", "../../x", "a/../../../x", "../..", ".", "a\0b", "", "x/y"))
            place, name = chance.choice(
                ((changed, "binary"), (changed["clock"], "file"), (changed["arrays"]["v"], "file"))
            )
            place[name] = outside
        return other_json(json.dumps(changed).encode(), chance)

    def read(changed: bytes) -> None:
        program = from_json(changed.decode("utf-8", "replace"), folder / "program", folder / "home")
        files = [program.binary, *(folder / array.file for array in (program.clock, *program.arrays.values()))]
        if not all(os.path.abspath(file).startswith(str(folder)) for file in files):
            raise Wrong("a file of a program lies outside of its folder")

    # of a file that is not what was written, as its digest tells before it is read
    return Reader(draw, read, (ValueError, KeyError, TypeError, AttributeError, json.JSONDecodeError, RecursionError))


def _copy(folder: Path, name: str, source: Path) -> Path:
    return Path(shutil.copytree(source, folder / (source.name if name == "run" else name)))


TARGETS = [
    Target("run.json", 70_000, of_run_records),
    Target("foreign runs", 30_000, of_foreign_runs),
    Target("trials.csv and plan.csv", 40_000, of_tables),
    Target("environment.json", 40_000, of_environments),
    Target("writer.json and failure.json", 50_000, of_writers_and_failures),
    Target("programs in the cache", 50_000, of_programs),
]
