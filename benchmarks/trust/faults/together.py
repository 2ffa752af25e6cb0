"""Two commands at once, and results that go away while they are written."""

import shutil
from random import Random

from benchmarks.trust.command import Command
from benchmarks.trust.faults.fault import Fault, Group, Seen
from benchmarks.trust.kit import Kit, Place


def two_at_once(number: int, chance: Random, kit: Kit) -> Fault:
    """The same run or study is started twice, or its two halves are."""
    words = (kit.long, kit.study, kit.study)[number % 3]
    shards = number % 3 == 2
    first, second = ((*words, "--shard", f"{part}/2") for part in (1, 2)) if shards else (words, words)
    gap = chance.uniform(0, kit.seconds["long" if words == kit.long else "study"])
    cold = kit.backend == "cpp" and number % 7 == 6

    def during(command: Command, place: Place) -> None:
        command.sleep(gap)
        other = place.command(second).wait(60)
        if other.hung or other.traceback:
            raise Seen(
                "hung" if other.hung else "tracebacks", f"the second command: exit {other.code}, {other.message}"
            )

    name = f"two of {'halves of a ' if shards else ''}{words[0]}, {gap:.2f} s apart{', compiling' if cold else ''}"
    return Fault(name, first, during=during, final=words, cold=cold, limit=120.0)


def taken_away(number: int, chance: Random, kit: Kit) -> Fault:
    """The folder of results is moved away or deleted while it is written."""
    words = (kit.long, kit.study)[number % 2]
    moment = chance.uniform(0, kit.seconds["long" if words == kit.long else "study"])
    what = ("out", "out/runs")[number // 2 % 2]

    def during(command: Command, place: Place) -> None:
        if command.sleep(moment):
            shutil.rmtree(place.folder / what, ignore_errors=True)

    return Fault(f"{words[0]}, {what} is deleted at {moment:.2f} s", words, during=during)


GROUPS = [Group("two at once", 36, two_at_once), Group("results deleted", 20, taken_away)]
