"""The candidates of a comparison: how each is made ready, started and timed, always in a process of its own."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
SOMA1 = HERE / "soma1"


class Failed(Exception):
    """A process ended with an error; the message is the end of what it wrote."""


def measure(words, folder=SOMA1, **variables):
    """Run a process to its end; return what its last line says (JSON), and wall seconds."""
    start = time.perf_counter()
    environment = os.environ | {"PATH": f"{Path(words[0]).parent}{os.pathsep}{os.environ['PATH']}", **variables}
    done = subprocess.run([str(word) for word in words], cwd=folder, env=environment, capture_output=True, text=True)
    wall = time.perf_counter() - start
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        raise Failed((done.stderr or done.stdout).strip()[-300:] or f"exit status {done.returncode}")
    return {"wall": wall, **json.loads(lines[-1])}


@dataclass
class Candidate:
    """One row of a table.

    Attributes
    ----------
    name : str
    script : str
        File in the folder of SOMA-1.
    options : tuple of str
    python : str
        The interpreter that has what the script needs.
    module : str
        What the interpreter must be able to import.
    """

    name: str
    work: Path
    script: str
    options: tuple = ()
    python: str = sys.executable
    module: str = "brian2"

    def missing(self):
        """Say what keeps it from running; nothing if it can."""
        done = subprocess.run(
            [self.python, "-c", f"import {self.module}"], capture_output=True, text=True, cwd=self.work
        )
        return f"{self.python} cannot import {self.module}" if done.returncode else ""

    def run(self, seconds, seed=1, scale=1, save=None, **options):
        """Run once; return rates, weights and times."""
        words = [self.python, SOMA1 / self.script, *self.options, "--work", self.work]
        settings = {"seconds": seconds, "seed": seed, "scale": scale, **options} | ({"save": save} if save else {})
        return measure([*words, *(part for name, value in settings.items() for part in (f"--{name}", value))])


@dataclass
class Cpp(Candidate):
    """The program written by hand."""

    script: str = "soma1.cpp"
    module: str = ""
    compiled: dict = field(default_factory=dict)

    def missing(self):
        """Compile it."""
        flags = ["-std=c++17", "-O3", "-march=native", "-ffast-math", *self.options]
        words = [os.environ.get("CXX", "g++"), *flags, str(SOMA1 / self.script), "-o", str(self.binary)]
        done = subprocess.run(words, capture_output=True, text=True)
        return done.stderr[-300:] if done.returncode else ""

    @property
    def binary(self):
        """Where it is compiled to."""
        return self.work / self.name.replace(" ", "_")

    def run(self, seconds, seed=1, scale=1, save=None, eta=0.02):
        """Run once."""
        sys.path.insert(0, str(SOMA1))
        from network import Soma1, binary_path, prepare

        prepare(self.work, scale)
        out = self.work / "weights.bin" if save else "-"
        found = measure([self.binary, binary_path(self.work, scale), seconds, 0.1, seed, out, eta])
        if save:
            p = Soma1(scale)
            np.save(save, np.fromfile(out, "f4", p.n_A * p.n_E).reshape(p.n_A, p.n_E))
        return found


REFERENCE = "C++ by hand, float"
OURS = "this engine"


def candidates(work, pythons):
    """Return all candidates for SOMA-1, by name, the reference first."""
    rows = [
        Cpp(REFERENCE, work),
        Cpp("C++ by hand, double", work, options=("-DREAL=double",)),
        Candidate(OURS, work, "ours.py"),
        Candidate("this engine, single precision", work, "ours.py", ("--precision", "single")),
        Candidate("this engine's model, Brian2's own C++", work, "ours.py", ("--backend", "plain")),
        Candidate("plain Brian2 standalone", work, "plain.py"),
        Candidate("ANNarchy, 1 thread", work, "annarchy_soma1.py", (), pythons["annarchy"], "ANNarchy"),
        Candidate("NEST, 1 thread", work, "nest_soma1.py", (), pythons["nest"], "nest"),
    ]
    return {row.name: row for row in rows}


def interleaved(runs, repeat, note):
    """Take each of several measurements in turn, `repeat` times; return the results by name, without the failed."""
    found = {name: [] for name in runs}
    for turn in range(repeat):
        for name, run in runs.items():
            try:
                found[name].append(run(turn))
            except Failed as error:
                note(f"{name} failed: {error}")
                continue
            note(f"{turn + 1}/{repeat} {name}: {found[name][-1].get('sim') or found[name][-1]['wall']:.3f} s")
    return {name: results for name, results in found.items() if results}
