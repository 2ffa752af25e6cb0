"""Arms as the compiled program takes them, and how long they are alike."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cortex.engine.program import Program

LEAST = 0.01
"""Share of a simulation from which it is worth while to simulate it once for two arms."""


@dataclass(frozen=True)
class PreparedArm:
    """An arm as the compiled program takes it.

    Attributes
    ----------
    name : str
    number : int
        Names its folder: names of arms may be anything.
    seed : int
        Seed of the program's random numbers.
    arguments : dict of str to ndarray
        Values by their names on the command line; an array of no dimension sets all elements.
    """

    name: str
    number: int
    seed: int
    arguments: dict[str, np.ndarray]

    def folder(self, project: Path) -> Path:
        """Return the folder of this arm's files."""
        return project.resolve() / "runs" / str(self.number)

    def results(self, project: Path) -> Path:
        """Return the folder to which the program writes its arrays."""
        return self.folder(project) / "results"


@dataclass(frozen=True)
class Branch:
    """Where an arm leaves an earlier one that is like it until then.

    Attributes
    ----------
    source, arm : PreparedArm
    step : int
        Number of steps that both have made.
    arguments : dict of str to ndarray
        The functions of time that are others from then on.
    """

    source: PreparedArm
    arm: PreparedArm
    step: int
    arguments: dict[str, np.ndarray]


def branches(program: Program, arms: Sequence[PreparedArm]) -> dict[int, Branch]:
    """Return of each arm, by its number, where it leaves the earlier one to which it is alike the longest.

    Arms are alike until a time if they have the same seed and inputs, but for later values of functions of time that
    no equation looks up ahead of its time. Those that are alike to none for long are left out, and all if the program
    has no such functions.
    """
    slots = {given.argument: given.slot for given in program.inputs.values() if given.slot}
    same: dict[str, list[PreparedArm]] = {}
    found = {}
    for arm in arms if slots else ():
        earlier = same.setdefault(_fixed(arm, slots), [])
        steps = [_alike(program, slots, other, arm) for other in earlier]
        longest = max(steps, default=0)
        if longest > 0 and longest * program.dt >= LEAST * program.duration:
            source = earlier[steps.index(longest)]
            timed = {name: value for name, value in arm.arguments.items() if name in slots}
            new = {name: value for name, value in timed.items() if _differ(value, source.arguments[name]).any()}
            found[arm.number] = Branch(source, arm, longest, new)
        earlier.append(arm)
    return found


def _fixed(arm: PreparedArm, slots: Mapping[str, float]) -> str:
    """Return a hash of the seed and of all inputs that are no functions of time."""
    total = hashlib.sha256(str(arm.seed).encode())
    for name, value in sorted(arm.arguments.items()):
        total.update(f"\n{name} {value.shape}\n".encode())
        if name not in slots:
            total.update(np.ascontiguousarray(value).data)
    return total.hexdigest()


def _alike(program: Program, slots: Mapping[str, float], one: PreparedArm, other: PreparedArm) -> int:
    """Return for how many steps two arms that differ by functions of time at most are alike, or fewer."""
    time = program.duration
    for name, slot in slots.items():
        if name in one.arguments:
            differ = np.atleast_1d(_differ(one.arguments[name], other.arguments[name]))
            if differ.any():
                time = min(time, (differ.reshape(len(differ), -1).any(axis=1).argmax() - 1) * slot)
    return int(time / program.dt) - 1


def _differ(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return where numbers of 64 bits differ in any bit, as 0 and -0 do."""
    different: np.ndarray = values.view(np.int64) != others.view(np.int64)
    return different
