"""Running a compiled simulation once for each arm, several at a time."""

import os
import shutil
import signal
import subprocess
import time
from collections import deque
from collections.abc import Generator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from cortex.engine.cores import cores
from cortex.engine.prepared import Branch, PreparedArm, branches
from cortex.engine.program import Program
from cortex.engine.progress import Progress
from cortex.errors import EnvironmentProblem, Killed, RunFailed

FAILED = "failed.txt"
"""How an arm that has left another one failed: as `subprocess.Popen.returncode`."""


def threads_for(simulations: int) -> int:
    """Return how many threads each of several simulations may have that run at the same time: all share the cores."""
    return max(1, cores() // simulations)


class Turns:
    """A pipe with a byte for each process that may run, which takes one at its start and gives it back at its end."""

    def __init__(self, number: int) -> None:
        self.ends = os.pipe()
        os.set_blocking(self.ends[0], False)
        for _ in range(number):
            self.give()

    def take(self) -> bool:
        """Return whether one more process may run now."""
        try:
            return os.read(self.ends[0], 1) != b""
        except BlockingIOError:
            return False

    def give(self) -> None:
        """Let one more process run."""
        os.write(self.ends[1], b"+")

    def close(self) -> None:
        """Close the pipe."""
        for end in self.ends:
            os.close(end)


class ArmProcess:
    """A process of the program that simulates one arm, and lets others go on from it.

    Attributes
    ----------
    arms : list of PreparedArm
        The arm, and those that leave it or one that has left it.
    """

    def __init__(
        self,
        program: Program,
        project: Path,
        arm: PreparedArm,
        threads: int = 1,
        branches: Mapping[int, Branch] = MappingProxyType({}),
        turns: Turns | None = None,
    ) -> None:
        self.project, self.dt = project, program.dt
        self.branches: dict[int, Branch] = {}  # of the arms that are simulated here
        for number, branch in branches.items():  # an arm leaves one with a lower number
            if branch.source.number in (arm.number, *self.branches):
                self.branches[number] = branch
        self.arms = [arm, *(branch.arm for branch in self.branches.values())]
        words = [str(program.binary), "--results_dir", f"{_emptied(arm.results(project))}/", *_given(project, arm)]
        environment = os.environ | {"CORTEX_SEED": str(arm.seed), "CORTEX_THREADS": str(threads)}
        passed: tuple[int, ...] = ()
        if self.branches and turns:
            environment["CORTEX_BRANCHES"], passed = self._plan(turns), turns.ends
        folder = arm.folder(project)
        self.start = time.perf_counter()
        with (folder / "stdout.txt").open("w") as stdout, (folder / "stderr.txt").open("w") as stderr:
            try:
                self.process = subprocess.Popen(
                    words, cwd=program.home, env=environment, stdout=stdout, stderr=stderr, pass_fds=passed
                )
            except OSError as error:
                hint = "write to a folder where programs may be executed, with -o, or with TMPDIR if it is temporary"
                raise EnvironmentProblem(f"{program.binary} cannot be started: {error.strerror}\n{hint}") from error

    def _plan(self, turns: Turns) -> str:
        """Return what the program is to know of arms that leave, whose inputs are written; see ``branches.h``."""
        lines = [" ".join(map(str, (self.arms[0].number, *turns.ends)))]
        for branch in self.branches.values():
            arm = replace(branch.arm, arguments=branch.arguments)
            _emptied(arm.results(self.project))
            (arm.folder(self.project) / FAILED).unlink(missing_ok=True)
            (arm.folder(self.project) / "stderr.txt").write_text("")
            names = [word.partition("=")[0] for word in _given(self.project, arm)]
            lines.append(" ".join(map(str, (branch.step, branch.source.number, arm.number, *names))))
        return "\n".join(lines)

    def simulated_time(self) -> float:
        """Return the biological time of all arms simulated so far, in s, as last written by the program."""
        times: dict[int, float] = {}
        for arm in self.arms:
            progress = arm.results(self.project) / "progress.txt"
            lines = progress.read_text().split("\n")[:-1] if progress.exists() else []
            branch = self.branches.get(arm.number)
            before = min(branch.step * self.dt, times[branch.source.number]) if branch else 0.0
            times[arm.number] = float(lines[-1]) if lines else before
        return sum(times.values())

    def check(self) -> None:
        """Raise RunFailed if the program failed, and Killed if a signal ended it."""
        arm, code = self.arms[0], self.process.returncode
        for other in self.arms[1:] if code else ():
            if (failed := other.folder(self.project) / FAILED).exists():
                arm, code = other, int(failed.read_text() or 1)  # on a full disk it is empty
        errors = (arm.folder(self.project) / "stderr.txt").read_text().strip()
        kind: type[RunFailed] = RunFailed
        if code < 0:
            kind, reason = Killed, f"was killed by {signal.Signals(-code).name}"
        elif code:
            reason = "failed"
        else:
            return
        ending = "".join(f"\n  {line}" for line in errors.splitlines()[-10:])
        hint = "run it again; if memory or disk space is short, run fewer at a time with -j 1"
        raise kind(f"the simulation of {arm.name} {reason}{ending}\n{hint}")


def _emptied(results: Path) -> Path:
    """Make a folder of results new: arrays of an earlier recording may still be read from its files."""
    shutil.rmtree(results, ignore_errors=True)
    results.mkdir(parents=True, exist_ok=True)
    return results


def _given(project: Path, arm: PreparedArm) -> list[str]:
    """Write the inputs of an arm, and return what the program is told of them."""
    words = []
    for number, (name, value) in enumerate(arm.arguments.items()):
        if value.ndim:
            given = arm.folder(project) / f"input-{number}"
            with given.open("wb") as file:  # unlike tofile, this notices a full disk
                file.write(np.ascontiguousarray(value).data)
            words.append(f"{name}={given}")
        else:
            words.append(f"{name}={_word(value)}")
    return words


def _word(value: np.ndarray) -> str:
    """Return a number as the program reads it: it takes what begins with neither a digit nor a minus for a file."""
    word = repr(value.item())
    return {"inf": "1e999", "nan": "-nan"}.get(word, word)


def run_all(
    program: Program, project: Path, arms: list[PreparedArm], jobs: int, threads: int, progress: Progress
) -> Generator[tuple[PreparedArm, float]]:
    """Yield each arm, and its wall time in s, as its process ends; each process has these threads.

    Arms that are alike for a while are simulated once until then, and share the wall time. The other processes are
    terminated when one fails, on Ctrl-C, and when the generator is closed.
    """
    known = branches(program, arms) if threads == 1 else {}  # with threads left over, sharing would end no sooner
    waiting, done, duration = deque(arm for arm in arms if arm.number not in known), 0, program.duration
    running: list[ArmProcess] = []
    task = progress.task(f"simulate {arms[0].name if len(arms) == 1 else f'{len(arms)} arms'}", duration * len(arms))
    turns = Turns(min(jobs, len(arms)))
    try:
        while waiting or running:
            while waiting and turns.take():
                running.append(ArmProcess(program, project, waiting.popleft(), threads, known, turns))
            time.sleep(0.02)
            for child in [child for child in running if child.process.poll() is not None]:
                wall_seconds = time.perf_counter() - child.start
                running.remove(child)
                child.check()
                if not child.branches:  # else it has done so itself
                    turns.give()
                done += len(child.arms)
                yield from ((arm, wall_seconds / len(child.arms)) for arm in child.arms)
            task.update(done * duration + sum(child.simulated_time() for child in running))
        task.finish()
    finally:
        for child in running:
            child.process.terminate()
        for child in running:
            child.process.wait()
        turns.close()
