"""A fault, and what has to be as promised after it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from benchmarks.trust.command import PLAIN, Command, Setting
from benchmarks.trust.kit import Kit, Place, comparison, digest

PROMISED = {0, 1, 2, 4, 5, 130, 143}
"""Exit codes that a command may have, whatever happens around it."""

Act = Callable[[Place], object]
Found = Iterator[tuple[str, str]]
"""What was not as promised: its kind, and a sentence."""


class Seen(Exception):
    """Something that is not as promised was seen in between.

    Parameters
    ----------
    kind : str
    told : str
    """


@dataclass(frozen=True)
class Fault:
    """A command that is disturbed, and then given again without disturbance.

    Attributes
    ----------
    name : str
    words : tuple of str
        The disturbed command.
    start : str
        Which undisturbed results are there before: "run", "study" or none.
    prepare, mend : callable, optional
        ``prepare(place)`` before the command, and ``mend(place)`` when it has ended.
    during : callable, optional
        ``during(command, place)`` while it goes on.
    undo : callable, optional
        ``undo(place)`` takes away what is in the way, if the command refuses for good to go on.
    setting : Setting
    final : tuple of str
        The command that has to come to its right end afterwards; by default the same one.
    cold : bool
        Whether nothing is compiled before.
    deadly : bool
        Whether the command may be killed.
    limit : float, s
        Time after which it counts as hung.
    """

    name: str
    words: tuple[str, ...]
    start: str = ""
    prepare: Act | None = None
    during: Callable[[Command, Place], object] | None = None
    mend: Act | None = None
    undo: Act | None = None
    setting: Setting = PLAIN
    final: tuple[str, ...] = ()
    cold: bool = False
    deadly: bool = False
    limit: float = 60.0


@dataclass(frozen=True)
class Group:
    """Faults of one kind.

    Attributes
    ----------
    name : str
    count : int
        How many there are in a full run.
    make : callable
        ``make(number, chance, kit)`` returns one of them.
    compiled : bool
        Whether it is about compiled programs.
    """

    name: str
    count: int
    make: Callable[[int, Random, Kit], Fault]
    compiled: bool = False


def carry_out(fault: Fault, place: Place) -> Found:
    """Do a fault, give the command again, and yield what is not as promised."""
    place.kit.start(place, fault.start)
    try:
        if fault.prepare:
            fault.prepare(place)
        first = place.command(fault.words, fault.setting)
        if fault.during:
            fault.during(first, place)
    except Seen as seen:
        yield seen.args
        return
    yield from _ended(first.wait(fault.limit), fault.deadly)
    if fault.mend:
        fault.mend(place)
    final = fault.final or fault.words
    last = place.command(final).wait(fault.limit)
    yield from _ended(last)
    if last.code in (1, 2, 4) and fault.undo:
        fault.undo(place)
        last = place.command(final).wait(fault.limit)
        yield from _ended(last)
    if last.code != 0 and not last.hung:
        yield "lost", f"the same command without disturbance: exit {last.code}, {last.message}"
    if place.marker.exists():
        yield "executed", "what was only to be read"
    if place.touched:
        yield "lost", "a file outside of the folder of results was deleted or written"
    yield from _kept(place, final)


def _ended(command: Command, deadly: bool = False) -> Found:
    """Yield what is wrong with how a command ended."""
    what = f"`{command.words[0]}`: exit {command.code}, {command.message}"
    if command.hung:
        yield "hung", f"`{command.words[0]}` did not end"
    elif command.traceback:
        yield "tracebacks", what
    elif command.code not in PROMISED and not (deadly and (command.code or 0) < 0):
        yield "wrong", what


def _kept(place: Place, final: tuple[str, ...]) -> Found:
    """Yield what is not as it is without any disturbance."""
    runs = place.out / "runs"
    there = [run for run in sorted(runs.iterdir()) if not run.suffix] if runs.is_dir() else []
    damaged = []
    for run in there:
        try:
            numbers, data = digest(run)
        except (OSError, ValueError, KeyError, TypeError) as error:
            yield "wrong", f"{run.name} has the name of a complete run but cannot be read: {type(error).__name__}"
        else:
            known = place.kit.runs.get(run.name, ("", ""))
            if numbers != known[0]:
                yield "wrong", f"numbers of {run.name} are not what they are without disturbance"
            elif data != known[1]:
                damaged.append(run.name)
    if damaged:
        verified = place.command(("status", "OUT", "--verify")).wait(60)
        yield from _ended(verified)
        if verified.code != 1 or not all(name in verified.output + verified.text for name in damaged):
            yield "wrong", f"data of {', '.join(damaged)} are damaged, and `status --verify` does not tell"
    if missing := set(place.kit.done[final]) - {run.name for run in there}:
        yield "lost", f"not there at the end: {', '.join(sorted(missing))}"
    if final[0] == "study":
        yield from _counted(place, len(place.kit.done[final]))


def _counted(place: Place, runs: int) -> Found:
    """Yield what `cortex status` and `cortex compare` tell wrong of the study."""
    status = place.command(("status", "OUT", "--json")).wait(30)
    yield from _ended(status)
    if status.code == 0:
        told = json.loads(status.output)
        if (told["planned"], told["complete"]) != (runs, runs):
            yield "wrong", f"status tells {told['complete']} of {told['planned']} runs instead of {runs} of {runs}"
    else:
        yield "wrong", f"status: {status.message}"
    told, known = (text.splitlines() for text in (comparison(place), place.kit.compared))
    if told != known:
        other = next(
            (f"{a.strip()} for {b.strip()}" for a, b in zip(told, known, strict=False) if a != b), "less, or more"
        )
        yield "wrong", f"compare tells something else than without disturbance: {other}"
