"""Kill a study again and again, and see that nothing is lost, done twice, or different.

A study is done once without interruption. Then the same study is done in another folder while a process of it, chosen
by chance (the one that hands out runs, a worker, or a compiled simulation), is killed with SIGKILL at random moments;
whenever the command has ended, it is given again. With ``--scheduler`` the second study is done by dask workers with a
real scheduler, and workers are killed.

    python -m benchmarks.resilience --runs 200 --kills 10
    python -m benchmarks.resilience --runs 200 --kills 1 --scheduler
"""

import argparse
import contextlib
import itertools
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from cortex.experiment.record import read_record

CORTEX = (sys.executable, "-c", "from cortex.cli import main; main()")
"""The command, with the interpreter that runs this."""

VICTIMS = ("the command", "a worker", "a simulation")


@dataclass
class Report:
    """What was done and found.

    Attributes
    ----------
    runs : int
        Runs of the study.
    asked : int
        How often a process was to be killed.
    kills : list of str
        Whom each SIGKILL hit, and when.
    starts : int
        How often the command was given.
    committed : int
        Complete runs at the end.
    different : list of str
        Runs whose measures or predictions differ from the uninterrupted study's in any digit.
    repeated : list of str
        Runs that were done again after they were committed.
    failed : int
        Runs marked failed.
    seconds : tuple of float, s
        Wall time of the uninterrupted and of the killed study.
    """

    runs: int
    asked: int
    kills: list[str] = field(default_factory=list)
    starts: int = 0
    committed: int = 0
    different: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    failed: int = 0
    seconds: tuple[float, float] = (0.0, 0.0)

    @property
    def holds(self) -> bool:
        """Whether every kill hit, and nothing was lost, different, repeated or failed."""
        lost = self.runs - self.committed or self.asked - len(self.kills)
        return not (lost or self.different or self.repeated or self.failed)


def resilience(study: list[str], folder: Path, kills: int, seed: int, dask: bool = False) -> Report:
    """Do a study twice, the second time killed at random.

    Parameters
    ----------
    study : list of str
        What follows ``cortex study``, without ``-o``.
    folder : Path
        Where both studies go.
    kills : int
        How often a process is killed.
    seed : int
        Decides when and which.
    dask : bool
        Whether two dask workers do the second study, and are killed.
    """
    whole, killed = folder / "whole", folder / "killed"
    start = time.monotonic()
    subprocess.run([*CORTEX, "study", *study, "-o", str(whole), "-q"], check=True, stdout=subprocess.DEVNULL)
    expected = records(whole)
    report = Report(runs=len(expected), asked=kills)
    undisturbed = time.monotonic() - start
    start = time.monotonic()
    seen: dict[str, tuple[int, int]] = {}
    with cluster(folder) if dask else contextlib.nullcontext(("", [])) as (scheduler, workers):
        command = [*CORTEX, "study", *study, "-o", str(killed), "-q", *(["--scheduler", scheduler] if dask else [])]
        moments = times(kills, undisturbed, seed)
        chance = random.Random(seed)
        while True:
            report.starts += 1
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            while process.poll() is None:
                time.sleep(0.02)
                note(killed, seen, report)
                if moments and time.monotonic() - start > moments[0] and (hit := shoot(process, workers, chance)):
                    moments.pop(0)
                    report.kills.append(f"{time.monotonic() - start:.1f} s: {hit}")
            if process.returncode == 0:
                break
            if process.returncode > 0:
                raise RuntimeError(process.stderr.read() if process.stderr else "")
    note(killed, seen, report)
    found = records(killed)
    report.committed = len(found)
    report.different = sorted(run for run in expected if found.get(run) != expected[run])
    report.failed = len(list((killed / "runs").glob("*.failed")))
    report.seconds = (undisturbed, time.monotonic() - start)
    return report


def times(kills: int, length: float, seed: int) -> list[float]:
    """Draw when to kill, over the time that the undisturbed study took, s."""
    chance = random.Random(seed)
    return sorted(chance.uniform(0, length) for _ in range(kills))


def shoot(command: subprocess.Popen[str], workers: list[psutil.Process], chance: random.Random) -> str:
    """Kill a process of one kind, chosen among the kinds that are there; tell which, or nothing if there was none."""
    try:
        below = psutil.Process(command.pid).children(recursive=True)
        kinds = {"the command": [psutil.Process(command.pid)]}
        kinds["a worker"] = [process for process in below if "spawn_main" in " ".join(process.cmdline())]
        kinds["a simulation"] = [process for process in below if process.name() == "simulation"]
        if workers:
            kinds = {"a dask worker": [child for nanny in workers for child in nanny.children()]}
        present = [kind for kind, processes in kinds.items() if processes]
        kind = chance.choice(present)
        chance.choice(kinds[kind]).kill()
    except (psutil.Error, IndexError):
        return ""
    return kind


def note(folder: Path, seen: dict[str, tuple[int, int]], report: Report) -> None:
    """Note which runs are committed, and any whose file is not the one that was seen first."""
    for record in (folder / "runs").glob("*-r[0-9][0-9][0-9]/run.json"):
        with contextlib.suppress(OSError):
            status = record.stat()
            now = (status.st_ino, status.st_mtime_ns)
            if seen.setdefault(record.parent.name, now) != now and record.parent.name not in report.repeated:
                report.repeated.append(record.parent.name)


def records(folder: Path) -> dict[str, tuple[object, object]]:
    """Read the measures and predictions of all complete runs."""
    found = {place.name: read_record(place) for place in (folder / "runs").iterdir()}
    return {run: (record["measures"], record["predictions"]) for run, record in found.items() if record}


@contextlib.contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[tuple[str, list[psutil.Process]]]:
    """Start a dask scheduler and workers of one thread as processes of their own; give its file and the workers."""
    file = folder / "scheduler.json"
    folder.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)  # of a scheduler that was there before: workers would wait for it
    dask = (
        (sys.executable, "-m", "distributed.cli.dask_scheduler"),
        (sys.executable, "-m", "distributed.cli.dask_worker"),
    )
    with contextlib.ExitStack() as stack, (folder / "dask.log").open("w") as log:

        def start(*words: str) -> psutil.Process:
            process = psutil.Popen(words, stdout=log, stderr=log)
            stack.callback(end, process)
            return psutil.Process(process.pid)

        start(*dask[0], "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        for _ in itertools.repeat(None, 300):
            if file.exists() and json.loads(file.read_text() or "{}"):
                break
            time.sleep(0.1)
        options = ("--nthreads", "1", "--no-dashboard", "--scheduler-file", str(file), "--local-directory", str(folder))
        yield str(file), [start(*dask[1], *options) for _ in range(workers)]


def end(process: psutil.Popen) -> None:
    """End a process with all it has started."""
    with contextlib.suppress(psutil.Error):
        for one in (*process.children(recursive=True), process):
            with contextlib.suppress(psutil.Error):
                one.kill()
        process.wait(10)


def page(report: Report, command: str) -> str:
    """Write what was found as Markdown."""
    lines = [
        f"`{command}`",
        "",
        f"* {report.committed} of {report.runs} runs committed; {len(report.different)} differ in any digit of any "
        f"measure or prediction from the uninterrupted study; {len(report.repeated)} done again after "
        f"they were committed; {report.failed} marked failed",
        f"* the command was given {report.starts} times; {report.seconds[1]:.0f} s in all, {report.seconds[0]:.0f} s "
        "without interruption",
        *(f"* SIGKILL at {kill}" for kill in report.kills),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1, help="decides when and whom to kill")
    parser.add_argument("--scheduler", action="store_true", help="two dask workers do it")
    o = parser.parse_args()
    study = ["copy_pair", *SWEEP, *SHORT, "--seeds", str(o.runs // 4), "-j", "2"]
    with tempfile.TemporaryDirectory() as folder:
        report = resilience(study, Path(folder), o.kills, o.seed, o.scheduler)
    print(page(report, " ".join(["python -m benchmarks.resilience", *sys.argv[1:]])))
    sys.exit(not report.holds)


SHORT = [
    *("-p", "training.settle=10 s", "-p", "training.calibrate=10 s", "-p", "training.copy_time=20 s"),
    *("-p", "training.hold=10 s", "-p", "training.tune=5 s", "-p", "training.silence=10 s"),
    *("-p", "training.release=20 s", "-p", "training.repeats=2"),
]
"""Short phases: a run of the pair takes about a second."""

SWEEP = ["-p", "copying.learning_rate=0.004,0.008", "--null", "no_hold"]
"""Two learning rates, with and without the hold."""

if __name__ == "__main__":
    main()
