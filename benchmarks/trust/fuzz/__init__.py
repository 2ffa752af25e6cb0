"""More than a million cases of nonsense for everything that reads what people or other programs wrote."""

import os
import shutil
import tempfile
from functools import partial
from pathlib import Path
from random import Random

from benchmarks.trust.command import warm_up
from benchmarks.trust.fuzz import files, texts
from benchmarks.trust.fuzz.target import Target, Watch, attempt, prepare_process
from benchmarks.trust.pool import Task, forked
from benchmarks.trust.result import Effort, Failure, Result
from cortex.experiment import catalogue

TARGETS: list[Target] = [*texts.TARGETS, *files.TARGETS]

CHUNK = 2000
"""Cases that one process does."""

LIMIT = 900.0
"""Time after which a process is given up, s."""


def run(effort: Effort, targets: list[Target] = TARGETS) -> Result:
    """Read the nonsense."""
    warm_up()
    if any(target in files.TARGETS for target in targets):
        files.material()  # once, before processes are forked
    for name in catalogue.titles("scenarios"):
        catalogue.find(name)
    alone, _, number = effort.case.rpartition(":")
    result, tasks = Result(), []
    for target in targets:
        numbers = effort.numbers(target.count)
        if alone:
            numbers = [int(number)] if alone == target.name else []
        for begin in range(0, len(numbers), CHUNK):
            part = numbers[begin : begin + CHUNK]
            tasks.append(Task(target.name, partial(_chunk, target, part, effort.seed), LIMIT))
            result.tried[target.name] += len(part)
    for place, ended in enumerate(forked(tasks, effort.processes), start=1):
        name = ended.task.name
        kind = "hung" if ended.trouble == "hung" else "wrong"
        troubles = [(-1, "a whole part", kind, ended.trouble)] if ended.trouble else []
        for case, drawn, kind, told in ended.value or troubles:
            repeat = f'python -m benchmarks.trust --part fuzz --seed {effort.seed} --case "{name}:{case}"'
            result.failures.append(Failure(name, kind, drawn, told, repeat))
            if alone:
                effort.show(f"{kind}: {told}\n{drawn}")
        if place % 50 == 0:
            effort.show(f"fuzz: {place} of {len(tasks)} parts, {len(result.failures)} not as promised")
    return result


def _chunk(target: Target, numbers: list[int], seed: int) -> list[tuple[int, str, str, str]]:
    """Do some cases; return number, what was read, kind and sentence of what was not as promised."""
    folder = Path(tempfile.mkdtemp(prefix="trust-fuzz-"))
    os.chdir(folder)
    prepare_process()
    reader, watch, found = target.make(folder), Watch(folder), []
    try:
        for number in numbers:
            drawn = reader.draw(Random(f"{seed} {target.name} {number}"))
            found += [(number, f"{drawn!r:.2000}", kind, told) for kind, told in attempt(reader, drawn, watch)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return found
