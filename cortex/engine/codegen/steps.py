"""What a network calls in each step, in its order, as Brian2 has written it down."""

import re
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

ADDED = re.compile(r"\.add\(&(\w+), (\w+)\);")
"""A clock of a network, and the function called when it ticks; or `NULL`, for one that only passes time."""


class Block(NamedTuple):
    """Calls that follow each other when a clock ticks.

    Attributes
    ----------
    clock : int
        Index of the clock, in the order of the network.
    functions : list of str
    """

    clock: int
    functions: list[str]


def calls(queue: Iterable[tuple[str, Any]]) -> list[list[Block]]:
    """Return the calls of a step for each run of a network; the most first, as a step may begin with all of another's.

    Parameters
    ----------
    queue : iterable of tuple
        What Brian2's main function does, ``main_queue`` of a standalone device.
    """
    runs = [_blocks("\n".join(arguments[1])) for kind, arguments in queue if kind == "run_network"]
    return sorted(runs, key=lambda run: -sum(len(block.functions) for block in run))


def _blocks(lines: str) -> list[Block]:
    added = ADDED.findall(lines)
    clocks = list(dict.fromkeys(clock for clock, _ in added))
    calls = [(clocks.index(clock), function) for clock, function in added if function != "NULL"]
    return [Block(clock, [function for _, function in of]) for clock, of in groupby(calls, itemgetter(0))]
