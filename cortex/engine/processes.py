"""Running a compiled simulation once for each arm, several at a time."""

import os
import shutil
import signal
import subprocess
import time
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cortex.engine.cores import cores
from cortex.engine.program import Program
from cortex.engine.progress import Progress
from cortex.errors import EnvironmentProblem, Killed, RunFailed


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


def threads_for(simulations: int) -> int:
    """Return how many threads each of several simulations may have that run at the same time: all share the cores."""
    return max(1, cores() // simulations)


class ArmProcess:
    """A process of the program that simulates one arm."""

    def __init__(self, program: Program, project: Path, arm: PreparedArm, threads: int = 1) -> None:
        self.arm = arm
        folder, results = arm.folder(project), arm.results(project)
        shutil.rmtree(results, ignore_errors=True)  # arrays of an earlier recording may still be read from its files
        results.mkdir(parents=True, exist_ok=True)
        words = [str(program.binary), "--results_dir", f"{results}/"]
        for number, (name, value) in enumerate(arm.arguments.items()):
            if value.ndim:
                given = folder / f"input-{number}"
                with given.open("wb") as file:  # unlike tofile, this notices a full disk
                    file.write(np.ascontiguousarray(value).data)
                words.append(f"{name}={given}")
            else:
                words.append(f"{name}={_word(value)}")
        self.stdout, self.stderr, self.progress = folder / "stdout.txt", folder / "stderr.txt", results / "progress.txt"
        self.start = time.perf_counter()
        with self.stdout.open("w") as stdout, self.stderr.open("w") as stderr:
            environment = os.environ | {"CORTEX_SEED": str(arm.seed), "CORTEX_THREADS": str(threads)}
            try:
                self.process = subprocess.Popen(words, cwd=program.home, env=environment, stdout=stdout, stderr=stderr)
            except OSError as error:
                hint = "write to a folder where programs may be executed, with -o, or with TMPDIR if it is temporary"
                raise EnvironmentProblem(f"{program.binary} cannot be started: {error.strerror}\n{hint}") from error

    def simulated_time(self) -> float:
        """Return the biological time simulated so far, in s, as last written by the program."""
        lines = self.progress.read_text().split("\n")[:-1] if self.progress.exists() else []
        return float(lines[-1]) if lines else 0.0

    def check(self) -> None:
        """Raise RunFailed if the program failed, and Killed if a signal ended it."""
        code, errors = self.process.returncode, self.stderr.read_text().strip()
        kind: type[RunFailed] = RunFailed
        if code < 0:
            kind, reason = Killed, f"was killed by {signal.Signals(-code).name}"
        elif code:
            reason = "failed"
        else:
            return
        ending = "".join(f"\n  {line}" for line in errors.splitlines()[-10:])
        hint = "run it again; if memory or disk space is short, run fewer at a time with -j 1"
        raise kind(f"the simulation of {self.arm.name} {reason}{ending}\n{hint}")


def _word(value: np.ndarray) -> str:
    """Return a number as the program reads it: it takes what begins with neither a digit nor a minus for a file."""
    word = repr(value.item())
    return {"inf": "1e999", "nan": "-nan"}.get(word, word)


def run_all(
    program: Program, project: Path, arms: list[PreparedArm], jobs: int, threads: int, progress: Progress
) -> Generator[tuple[PreparedArm, float]]:
    """Yield each arm, and its wall time in s, as its process ends; each process has these threads.

    The other processes are terminated when one fails, on Ctrl-C, and when the generator is closed.
    """
    waiting, done, duration = deque(arms), 0, program.duration
    running: list[ArmProcess] = []
    task = progress.task(f"simulate {arms[0].name if len(arms) == 1 else f'{len(arms)} arms'}", duration * len(arms))
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                running.append(ArmProcess(program, project, waiting.popleft(), threads))
            time.sleep(0.02)
            for child in [child for child in running if child.process.poll() is not None]:
                wall_seconds = time.perf_counter() - child.start
                running.remove(child)
                child.check()
                done += 1
                yield child.arm, wall_seconds
            task.update(done * duration + sum(child.simulated_time() for child in running))
        task.finish()
    finally:
        for child in running:
            child.process.terminate()
        for child in running:
            child.process.wait()
