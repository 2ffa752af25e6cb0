"""Processes that are killed, told to end, or stopped, at any moment."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from random import Random

from benchmarks.resilience import shoot
from benchmarks.trust.command import Command, Setting
from benchmarks.trust.faults.fault import Fault, Group
from benchmarks.trust.kit import Kit, Place

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FRESH = 4.0
"""How long a fresh interpreter, and workers, take to begin, s."""

COMPILING = 6.0
"""How long a new network takes to build and compile, s."""


def killed(number: int, chance: Random, kit: Kit) -> Fault:
    """SIGKILL hits the command, a simulation, or while it compiles the compiler."""
    cold = kit.backend == "cpp" and number % 8 == 7
    words = (kit.run if cold else kit.long, kit.study)[number % 2 and not cold]
    length = COMPILING if cold else kit.seconds["study" if words == kit.study else "long"]
    moment = chance.uniform(0, 1.1 * length)

    def during(command: Command, place: Place) -> None:
        if command.sleep(moment):
            shoot(command, [], chance)

    name = f"{words[0]}{', compiling' if cold else ''}, at {moment:.2f} s"
    return Fault(name, words, during=during, cold=cold, deadly=True)


def compiler_killed(number: int, chance: Random, kit: Kit) -> Fault:
    """SIGKILL hits a compiler, as when memory runs out."""
    later = chance.uniform(0, 0.3)

    def during(command: Command, place: Place) -> None:
        import psutil

        with suppress(psutil.Error):
            while command.sleep(0.005):
                below = psutil.Process(command.pid).children(recursive=True)
                if found := [process for process in below if process.name() in ("cc1plus", "as", "ld", "clang")]:
                    command.sleep(later)
                    chance.choice(found).kill()
                    return

    return Fault(f"a compiler, after {later:.2f} s", kit.run, during=during, cold=True)


def signalled(number: int, chance: Random, kit: Kit) -> Fault:
    """A signal arrives, once or three times, for the command or for all its processes."""
    words = (kit.long, kit.study)[number % 2]
    sign = SIGNALS[number // 2 % 3]
    way = number // 6 % 4
    moment = chance.uniform(0, kit.seconds["study" if words == kit.study else "long"])
    gap = chance.choice((0.001, 0.01, 0.1))

    def during(command: Command, place: Place) -> None:
        command.sleep(moment)
        for _ in range(3 if way == 1 else 1):
            _send(command, sign, whole=way == 2)
            command.sleep(gap)
        if way == 3:  # stopped for a while, as by Ctrl-Z, and after that told to end
            _send(command, signal.SIGSTOP, whole=True)
            command.sleep(0.3)
            _send(command, signal.SIGCONT, whole=True)

    how = ("", ", three times", ", to all", ", stopped and continued")[way]
    return Fault(f"{words[0]}, {sign.name} at {moment:.2f} s{how}", words, during=during, deadly=True)


def paused(number: int, chance: Random, kit: Kit) -> Fault:
    """All processes are stopped for a while, as by Ctrl-Z, and continue."""
    words = (kit.long, kit.study)[number % 2]
    moment = chance.uniform(0, kit.seconds["study" if words == kit.study else "long"])

    def during(command: Command, place: Place) -> None:
        command.sleep(moment)
        _send(command, signal.SIGSTOP, whole=True)
        command.sleep(chance.uniform(0, 0.5))
        _send(command, signal.SIGCONT, whole=True)

    return Fault(f"{words[0]}, stopped at {moment:.2f} s", words, during=during)


def of_two_workers(number: int, chance: Random, kit: Kit) -> Fault:
    """Of a study with two workers the command, a worker or a simulation is killed, or the command is told to end."""
    words = ("study", *(("2" if word == "1" else word) for word in kit.study[1:]))
    moment = chance.uniform(0, FRESH + kit.seconds["study"])
    acts: list[tuple[str, Callable[[Command], object]]] = [("SIGKILL", lambda command: shoot(command, [], chance))]
    acts += [(sign.name, lambda command, sign=sign: _send(command, sign, whole=number % 2 == 0)) for sign in SIGNALS]
    name, act = acts[0] if number % 2 else acts[number // 2 % len(acts)]

    def during(command: Command, place: Place) -> None:
        if command.sleep(moment):
            act(command)

    fault = Fault(f"study -j 2, {name} at {moment:.2f} s", words, during=during, deadly=True, final=kit.study)
    return replace(fault, setting=Setting(fresh=True), limit=120.0)


def _send(command: Command, sign: signal.Signals, whole: bool) -> None:
    if command.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(command.pid, sign) if whole else os.kill(command.pid, sign)


GROUPS = [
    Group("kill -9", 96, killed),
    Group("kill -9 of a compiler", 6, compiler_killed, compiled=True),
    Group("signal", 96, signalled),
    Group("pause", 16, paused),
    Group("study -j 2", 14, of_two_workers),
]
