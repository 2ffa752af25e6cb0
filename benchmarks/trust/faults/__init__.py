"""More than a thousand faults, each followed by the same command without disturbance."""

import shutil
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from random import Random

from benchmarks.trust.command import warm_up
from benchmarks.trust.faults import compilers, damaged, interrupted, narrow, planted, stale, surroundings, together
from benchmarks.trust.faults.fault import Group, carry_out
from benchmarks.trust.kit import Kit, Place, make
from benchmarks.trust.pool import Task, forked
from benchmarks.trust.result import Effort, Failure, Result

GROUPS: list[Group] = [
    *interrupted.GROUPS, *damaged.GROUPS, *stale.GROUPS, *together.GROUPS, *narrow.GROUPS, *compilers.GROUPS,
    *surroundings.GROUPS, *planted.GROUPS,
]  # fmt: skip

LIMIT = 400.0
"""Time after which a case with all its commands is given up, s."""


def run(effort: Effort, groups: Sequence[Group] = GROUPS) -> Result:
    """Inject the faults of some groups."""
    warm_up()
    folder = Path(tempfile.mkdtemp(prefix="trust-"))
    kit = make(folder / "kit", effort.backend)
    alone, _, number = effort.case.rpartition(":")
    result, tasks = Result(), []
    for group in groups:
        if group.compiled and effort.backend != "cpp":
            result.notes.append(f"{group.name}: needs a C++ compiler")
        elif not alone or alone == group.name:
            numbers = [int(number)] if alone else effort.numbers(group.count)
            tasks += [Task(f"{group.name}:{n}", partial(case, group, n, kit, effort), LIMIT) for n in numbers]
    for place, ended in enumerate(forked(tasks, effort.processes), start=1):
        group = ended.task.name.rpartition(":")[0]
        result.tried[group] += 1
        trouble = [("hung", "the case did not end")] if ended.trouble == "hung" else [("wrong", ended.trouble)]
        name, found = ended.value or (ended.task.name, trouble)
        repeat = f'python -m benchmarks.trust --part faults --seed {effort.seed} --case "{ended.task.name}"'
        result.failures += [Failure(group, kind, name, told, repeat) for kind, told in found]
        for kind, told in found:
            effort.show(f"{ended.task.name}  {name}: {kind}: {told}")
        if place % 100 == 0:
            effort.show(f"faults: {place} of {len(tasks)}, {len(result.failures)} not as promised")
    if not alone:
        shutil.rmtree(folder, ignore_errors=True)
    return result


def case(group: Group, number: int, kit: Kit, effort: Effort) -> tuple[str, list[tuple[str, str]]]:
    """Do one case in a folder of its own; return its name and what was not as promised."""
    chance = Random(f"{effort.seed} {group.name} {number}")
    fault = group.make(number, chance, kit)
    folder = kit.folder.parent / f"{group.name}-{number}".replace(" ", "_")
    place = Place(folder, kit, chance, fault.cold)
    try:
        return fault.name, list(dict.fromkeys(carry_out(fault, place)))
    finally:
        if effort.case:
            effort.show(f"its folder is kept: {folder}")
        else:
            place.remove()
