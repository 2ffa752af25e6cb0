"""Every command and every piece of Python in README and docs is run, and output that is printed there is compared.

`make test` runs what is quick; of a run or study it shows only the plan. The slow tests run everything in the order of
the page, in short versions. What starts with ``# NAME`` in a block is the content of a file of that name.
"""

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cortex.cli import COMMANDS
from cortex.engine import compiler
from cortex.mechanisms.copying import RULES
from cortex.mechanisms.lateral_inhibition import KINDS

ROOT = Path(__file__).resolve().parents[2]
PAGES = {path.name: path for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))}

NOT_RUN = {
    "pip install .": "tests/test_installation.py installs the package",
    "python3 -m venv": "tests/test_installation.py makes an environment",
    "dask scheduler --scheduler-file scheduler.json &": "runs until it is stopped",
    "dask worker --nthreads 1 --nworkers 8 --scheduler-file scheduler.json &": "runs until it is stopped",
    "cortex study hold_by_idle --scheduler scheduler.json": "needs the two before; dask has tests of its own",
    "cortex validate results/validation": "needs the runs of hours; test_validation.py scores a folder of runs",
    "python -m benchmarks.trust": "minutes to an hour; tests/benchmarks/test_trust.py does a small part of it",
    "export CORTEX_CACHE": "test_a_job_script_runs",
    "srun cortex study hold_by_idle": "test_a_job_script_runs",
}
"""Commands by how they begin, with the reason why no test runs them."""

SHORT = {
    "cortex study copying_speed": "-p copying.learning_rate=0.004,0.016 --seeds 2 -o results/copying_speed",
    "cortex study copy_pair -p copies=2,3,4": "-p copies=2,3 --seeds 2 -o results/copy_pair_study",
    "cortex study finger_learning_speed_readout": (
        "-p learning.rate=0.001,0.004 --seeds 1 -o results/finger_learning_speed_readout"
    ),
    "cortex study my_rule.py": "--seeds 2 -o results/my_rule_study",
    "cortex study my_model.py": "--seeds 2",
    "cortex study my_theory.py": "--seeds 2",
    "cortex validate copy_pair": "-n",
    "cortex validate all": "-n",
}
"""Studies by how they begin, with what makes them short."""

QUICK_PYTHON = ("performance.md",)
"""Pages whose Python takes seconds; that of the README does what the examples of the docstrings do, which are run."""

BEFORE = {
    "data.md": """
import cortex
path = cortex.run("finger_expansion", seed=1, quick=True, figures=False).folder / "data.nc"
"""
}
"""What the reader of a page has."""

SHELL = ("sh", "bash", "console")

PLAIN = ("list", "show", "new", "doctor")
"""Commands that simulate nothing."""


class Block(NamedTuple):
    """A block of code of a page."""

    language: str
    text: str

    @property
    def file(self) -> str:
        """The file whose content it is; empty for none."""
        first = re.match(r"# (\w+\.(?:py|toml))\n", self.text)
        return first[1] if first else ""


class Command(NamedTuple):
    """A command line with the output that the page prints."""

    line: str
    output: list[str]

    @property
    def words(self) -> list[str]:
        return shlex.split(self.line)


def blocks(page: str) -> list[Block]:
    """Return the blocks of code of a page."""
    text = PAGES[page].read_text(encoding="utf-8")
    return [Block(*match) for match in re.findall(r"^```(\S*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)]


def commands(block: Block) -> list[Command]:
    """Return the command lines of a block, without comments."""
    if block.language not in SHELL:
        return []
    found: list[Command] = []
    for line in block.text.replace("\\\n", " ").splitlines():
        if block.language == "console" and not line.startswith("$ "):
            found[-1].output.append(line)
        elif line.strip() and not line.startswith("#"):
            found.append(Command(re.sub(r"\s+# .*", "", line.removeprefix("$ ")).strip(), []))
    return found


def beginning(line: str, known: dict[str, str]) -> str:
    """Return the key that a command line begins with; empty for none."""
    return next((key for key in known if line.startswith(key)), "")


def call(command: Command, folder: Path, more: str = "") -> str:
    """Run a command in a folder."""
    words = [sys.executable, "-m", "cortex", *command.words[1:], *shlex.split(more)]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, env=environment())
    assert done.returncode == 0, f"{command.line} {more}\n{done.stderr}"
    return done.stdout


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg", "COLUMNS": "80"}


def simulates(command: Command) -> bool:
    return command.words[1] not in PLAIN and not {"-n", "--help"} & set(command.words)


def run_python(page: str, folder: Path) -> None:
    """Run the Python of a page as one program that has no file, as in a notebook."""
    texts = [block.text for block in blocks(page) if block.language == "python" and not block.file]
    program = "\n".join([BEFORE.get(page, ""), *texts])
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment())
    assert done.returncode == 0, done.stderr


def check_output(command: Command, printed: str) -> None:
    """Check that lines begin with the words with which the page says they do, in that order."""
    lines = iter(printed.splitlines())
    for line in command.output:
        first = line.split()[0]
        if first != "..." and not first.startswith("results/"):
            assert any(other.split()[:1] == [first] for other in lines), f"{command.line} does not print {first}"


def is_run(command: Command) -> bool:
    return command.words[0] == "cortex" and not beginning(command.line, NOT_RUN)


def test_every_command_is_run_or_has_a_reason() -> None:
    every = [command.line for page in PAGES for block in blocks(page) for command in commands(block)]
    assert len(every) > 20
    assert [line for line in every if not line.startswith("cortex ") and not beginning(line, NOT_RUN)] == []
    for known in (NOT_RUN, SHORT):
        assert [key for key in known if not any(line.startswith(key) for line in every)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_command_stands_in_a_block_that_is_read(page) -> None:
    text = PAGES[page].read_text(encoding="utf-8")
    assert len(re.findall(r"^ *```", text, re.MULTILINE)) == 2 * len(blocks(page))
    others = [block.text for block in blocks(page) if block.language not in SHELL]
    assert [line for text in others for line in text.splitlines() if re.match(r"\W*(cortex|pip|make) ", line)] == []


def understood(line: str, cortex: Callable[..., Any]) -> bool:
    """Return whether there is such a command, with its options."""
    name, *words = line.split()
    outcome = cortex(name, "--help")
    options = {word.split("=")[0] for word in words if word.startswith("-")}
    return outcome.code == 0 and options <= set(re.findall(r"(?<![\w-])--?[\w-]+", outcome.out))


@pytest.mark.parametrize("page", PAGES)
def test_commands_in_the_text_exist_with_their_options(page, cortex) -> None:
    text = PAGES[page].read_text(encoding="utf-8")
    assert [line for line in re.findall(r"`cortex ([^`]+)`", text) if not understood(line, cortex)] == []
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"`make ([\w-]+)", text)) <= set(targets)
    assert [name for name in re.findall(r"python -m ([\w.]+)", text) if not importlib.util.find_spec(name)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_of_a_command_s_help_are_understood(name, cortex) -> None:
    lines = re.findall(r"^ +cortex (.+)", cortex(name, "--help").out.partition("Examples:")[2], re.MULTILINE)
    assert lines
    for line in lines:
        assert understood(line, cortex), line
        if name in ("run", "study") and not re.search("results|my_", line):
            words = shlex.split(line)
            assert cortex(*words, *["-n"] * ("-n" not in words)).code == 0, line


@pytest.mark.slow
def test_a_job_script_runs(tmp_path) -> None:
    """The script of an array job shows the plan of its part."""
    [script] = [block.text for page in PAGES for block in blocks(page) if block.text.startswith("#!/bin/bash")]
    srun = f'srun() {{ shift; {shlex.quote(sys.executable)} -m cortex "$@" -n; }}\n'
    job = {"SCRATCH": str(tmp_path), "SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_COUNT": "20"}
    done = subprocess.run(
        ["bash", "-euc", srun + script],
        env=environment() | job | {"SLURM_CPUS_PER_TASK": "4"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "nothing was run" in done.stdout


@pytest.mark.parametrize("page", PAGES)
def test_commands_are_understood(page, cortex, monkeypatch, tmp_path) -> None:
    """What simulates nothing is run; of runs and studies the plan is shown."""
    for registry in (RULES, KINDS):
        for kept in ("_definitions", "_places"):
            monkeypatch.setattr(registry, kept, dict(getattr(registry, kept)))
    for block in blocks(page):
        if block.file:
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            compile(block.text, page, "exec")
        for command in filter(is_run, commands(block)):
            plan = simulates(command) and command.words[1] in ("run", "study")
            if plan or not simulates(command):
                outcome = cortex(*command.words[1:], *["-n"] * plan)
                assert outcome.code == 0, f"{command.line}\n{outcome.err}"


@pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
@pytest.mark.parametrize("page", QUICK_PYTHON)
def test_quick_python_runs(page, tmp_path) -> None:
    run_python(page, tmp_path)


@pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
def test_the_readme_prints_what_the_command_prints(tmp_path) -> None:
    printed = [command for block in blocks("README.md") for command in commands(block) if command.output]
    assert printed
    for command in printed:
        check_output(command, call(command, tmp_path))


@pytest.mark.slow
@pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
@pytest.mark.parametrize("page", [page for page in PAGES if any(block.language for block in blocks(page))])
def test_a_page_runs_from_top_to_bottom(page, tmp_path) -> None:
    for block in blocks(page):
        if block.file:
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
        for command in filter(is_run, commands(block)):
            short = SHORT.get(beginning(command.line, SHORT), "")
            quick = "--quick " if simulates(command) and command.words[1] in ("run", "study") else ""
            check_output(command, call(command, tmp_path, quick * ("--quick" not in command.words) + short))
    run_python(page, tmp_path)
